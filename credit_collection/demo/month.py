from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from . import wholesale as cast

SNAPSHOT_WEEKS = 26
PRICE, COST = 1_000, 940  # of a pallet: six per cent are left before the credit is paid for
FUNDING_RATE = 0.12


class CreditDemo(models.AbstractModel):
    """The month of the worked examples, in the second demo company."""

    _inherit = "credit.demo"

    @api.model
    def _load_month(self, company_id):
        """Invoices, payments, cash plans and the sheet of the last full month."""
        demo = self._in_company(company_id)
        demo.env.company.credit_default_policy_id.responsible_id = demo._user("sokolova")
        demo.env.company.credit_default_policy_id.followup_set = "distributor"
        demo.env.company.credit_default_policy_id.action_load_followup_levels()
        demo._make_month_ledger()
        demo._make_cash_plans()
        demo._make_snapshots()
        demo._set_bases()
        demo._make_sheet()
        demo._hand_over()

    def _month(self):
        """First and last day of the last full month."""
        last = fields.Date.subtract(self.env.company._credit_today().replace(day=1), days=1)
        return last.replace(day=1), last

    def _make_month_ledger(self):
        self.env.company.credit_funding_rate = FUNDING_RATE
        product = self.env["product.product"].create(
            {
                "name": "Wholesale Pallet",
                "standard_price": COST,
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": False,
                "company_id": self.env.company.id,
            }
        )
        customers = self._make_companies(cast.CUSTOMERS)
        partners = {customer.name: customer for customer in customers}
        first, last = self._month()
        anchors = {"first": first, "last": last}
        values, paid_on = [], []
        for name, amount, issued, due, paid in cast.INVOICES:
            issued, due, paid = (
                day and anchors[day[0]] + timedelta(days=day[1]) for day in (issued, due, paid)
            )
            values.append(
                self._prepare_invoice(
                    partners[name], product, amount, issued, due, quantity=amount / PRICE
                )
            )
            paid_on.append(paid)
        invoices = self.env["account.move"].create(values)
        invoices.action_post()
        self._pay([(move, day) for move, day in zip(invoices, paid_on, strict=True) if day])

    def _make_cash_plans(self):
        """What falls due and what was overdue comes from the ledger, the rest was planned."""
        self.env["credit.cash.plan"].create(
            [
                {
                    "company_id": self.env.company.id,
                    "user_id": self._user(login).id,
                    "month": self._month()[0],
                    **values,
                }
                for login, values in cast.PLANS.items()
            ]
        ).action_prefill()

    def _make_snapshots(self):
        """Half a year of Sundays and month ends, as the weekly job would have kept them."""
        Snapshot = self.env["credit.snapshot"].sudo()
        days = (self._day(number) for number in range(7 * SNAPSHOT_WEEKS, 0, -1))
        for day in filter(Snapshot._is_due, days):
            Snapshot._take(self.env.company, day)

    def _set_bases(self):
        """The amounts that this company has decided on; none are shipped."""
        for who in ("salesperson", "leader"):
            self.env.ref(f"credit_collection.credit_bonus_scheme_{who}").base_amount = 1_000

    def _make_sheet(self):
        first, last = self._month()
        self.env["credit.kpi.sheet"].create(
            {"company_id": self.env.company.id, "date_from": first, "date_to": last}
        ).action_compute()

    def _hand_over(self):
        """Fairway Projects changed hands today: last month's figures stay as they were."""
        fairway = self.env["res.partner"].search(
            [("name", "=", "Fairway Projects"), ("company_id", "=", self.env.company.id)]
        )
        self.env["credit.handover"].create(
            {
                "company_id": self.env.company.id,
                "from_user_id": self._user("petrov").id,
                "to_user_id": self._user("semenov").id,
                "partner_ids": [Command.set(fairway.ids)],
                "with_customers": True,
                "reason": "Mr. Semenov looks after projects now",
            }
        ).action_apply()
