from odoo import models
from odoo.fields import Command

CLAIMED = "Rowan Builders"
BILLED = "Oak Hill Motors"
DRAFTED = "Ulmus Print"
ON_PLAN = "Jacaranda Events"
OFFERED = "Teak Marine"
NETTED = "Pine Valley Hotels"
TO_NET = "Vine Estates"
ASSIGNED = ("Fir Engineering", "Ironwood Yachts")
TIERED = "Nutmeg Foods"


class CreditDemo(models.AbstractModel):
    """The price of time in the demo company: interest, a plan, netting, a factor, discounts."""

    _inherit = "credit.demo"

    def _make_money(self, partners, products):
        files = {
            name: self.env["credit.account"]._get(partners[name], self.env.company)
            for name in (CLAIMED, BILLED, DRAFTED, ON_PLAN, OFFERED, NETTED, TO_NET)
        }
        self._make_interest(files)
        self._make_plans(files)
        self._make_netting(files, partners)
        self._make_assignment(partners)
        self._make_discounts(partners, products)

    def _make_interest(self, files):
        """A contract of 12 % a year; one claim of each state."""
        company = self.env.company
        rule = self.env["credit.interest.rule"].create(
            {
                "name": "Our general terms: 12 % a year",
                "company_id": company.id,
                "kind": "yearly",
                "rate": 12.0,
                "source": "Contract of sale, section 7",
                "checked_on": self._day(30),
            }
        )
        company.credit_interest_rule_id = rule
        Claim = self.env["credit.interest.claim"].with_user(self._user("belova")).sudo()
        for name in (CLAIMED, BILLED, DRAFTED):
            claims = Claim._make(files[name])
            claims.deadline = self._day(-14)
            if name == DRAFTED or not claims:
                continue
            claims._move("claim")
            if name == BILLED:
                claims.action_bill()
                officer = self._user("sokolova")
                claims[:1].with_user(officer).sudo()._waive(
                    5.0, "Good will: long-standing customer"
                )

    def _make_plans(self, files):
        """One plan that runs since today, one that waits for its signature."""
        for name, state in ((ON_PLAN, "accept"), (OFFERED, "offer")):
            as_director = self.env["credit.plan"].with_user(self._user("director"))
            plan = as_director.sudo().create(
                {
                    "account_id": files[name].id,
                    "interest": "frozen",
                    "instalment_count": 4,
                    "first_date": self._day(-30),
                    "guarantees": "Personal guarantee of the owner",
                    "new_due_dates": name == ON_PLAN,
                }
            )
            plan.action_generate()
            if state == "accept":
                plan.action_accept()
            else:
                plan._move("offer", offered_by_id=plan.env.uid)

    def _make_netting(self, files, partners):
        """Two customers who also sell to us: one act is booked, one waits."""
        for name, amount in ((NETTED, 640.0), (TO_NET, 380.0)):
            bill = self.env["account.move"].create(
                {
                    "move_type": "in_invoice",
                    "partner_id": partners[name].id,
                    "invoice_date": self._day(20),
                    "date": self._day(20),
                    "invoice_date_due": self._day(5),
                    "invoice_payment_term_id": False,
                    "ref": f"{name[:3].upper()}-2207",
                    "invoice_line_ids": [
                        Command.create({"name": "Rooms", "price_unit": amount, "tax_ids": []})
                    ],
                }
            )
            bill.action_post()
            netting = (
                self.env["credit.netting"]
                .sudo()
                .create(
                    {
                        "account_id": files[name].id,
                        "currency_id": self.env.company.currency_id.id,
                        "date": self._day(0),
                    }
                )
            )
            if name == NETTED:
                netting.notice_on = self._day(3)
                netting.action_post()

    def _make_assignment(self, partners):
        """Two invoices with a factor who may charge them back."""
        factor = self.env["res.partner"].create(
            {
                "name": "Harbour Factors",
                "is_company": True,
                "street": "4 Quay Street",
                "city": "Boston",
                "country_id": self.env.ref("base.us").id,
                "email": "desk@harbour-factors.example.com",
            }
        )
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "in", [partners[name].id for name in ASSIGNED]),
                ("company_id", "=", self.env.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
                ("balance", ">", 0),
                ("currency_id", "=", self.env.company.currency_id.id),
            ]
        )
        assignment = (
            self.env["credit.assignment"]
            .sudo()
            .create(
                {
                    "company_id": self.env.company.id,
                    "currency_id": self.env.company.currency_id.id,
                    "partner_id": factor.id,
                    "date": self._day(0),
                    "with_recourse": True,
                    "hold_back": 10.0,
                    "fee": 1.5,
                    "line_ids": [Command.create({"move_line_id": item.id}) for item in items],
                }
            )
        )
        if items:
            assignment.action_post()

    def _make_discounts(self, partners, products):
        """3 % within 7 days, 2 % within 14: one invoice paid too late with its discount."""
        company = self.env.company
        term = self.env["account.payment.term"].create(
            {
                "name": "3/7, 2/14, net 30",
                "company_id": company.id,
                "early_discount": True,
                "discount_percentage": 3.0,
                "discount_days": 7,
                "early_pay_discount_computation": "included",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
                "credit_tier_ids": [Command.create({"percent": 2.0, "days": 14})],
            }
        )
        for days_ago, paid in ((24, 970.0), (6, 0.0)):
            invoice = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partners[TIERED].id,
                    "invoice_date": self._day(days_ago),
                    "invoice_payment_term_id": term.id,
                    "invoice_user_id": partners[TIERED].user_id.id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Circulation Pump", "price_unit": 1000.0, "tax_ids": []}
                        )
                    ],
                }
            )
            invoice.action_post()
            if paid:
                wizard = (
                    self.env["account.payment.register"]
                    .with_context(active_model="account.move", active_ids=invoice.ids)
                    .create({"payment_date": self._day(days_ago - 20), "amount": paid})
                )
                wizard._create_payments()
