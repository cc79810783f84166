from odoo import models
from odoo.fields import Command

FACTORED = ("Larch Logistics", "Maple Schools")
SOLD = "Fig Tree Bakery"
CLAIMED = "Rowan Builders"
BILLED = "Oak Hill Motors"
DRAFTED = "Ulmus Print"
SETTLED = "Quince Catering"
REVERSED = "Vine Estates"
ON_PLAN = "Jacaranda Events"
OFFERED = "Teak Marine"
WITH_FEE = "Walnut Cinemas"
PLAN_KEPT = "Zelkova Studios"
NETTED = "Pine Valley Hotels"
TO_NET = "Vine Estates"
NETTING_UNDONE = "Juniper Clinics"
ASSIGNED = ("Fir Engineering", "Ironwood Yachts")
TIERED = "Nutmeg Foods"


class CreditDemo(models.AbstractModel):
    """The price of time in the demo company: interest, a plan, netting, a factor, discounts."""

    _inherit = "credit.demo"

    def _make_money(self, partners, products):
        files = {
            name: self.env["credit.account"]._get(partners[name], self.env.company)
            for name in (
                *(CLAIMED, BILLED, DRAFTED, SETTLED, REVERSED),
                *(ON_PLAN, OFFERED, WITH_FEE, PLAN_KEPT),
                *(NETTED, TO_NET, NETTING_UNDONE),
            )
        }
        self._make_interest(files)
        self._make_plans(files)
        self._make_netting(files, partners)
        factor = self._make_factor()
        self._make_assignment(factor, self._items_of(partners, ASSIGNED))
        self._make_closed_assignment(factor, partners)
        self._make_sale(partners, products)
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
        for name in (CLAIMED, BILLED, DRAFTED, SETTLED, REVERSED):
            claims = Claim._make(files[name])
            claims.deadline = self._day(-14)
            if name == DRAFTED or not claims:
                continue
            claims._move("claim")
            if name == REVERSED:
                as_director = claims.with_user(self._user("director")).sudo()
                as_director._reverse("The shorter terms were agreed by word of mouth")
            if name == SETTLED:
                claims.action_bill()
                self._pay([(bill, self._day(0)) for bill in claims.bill_move_id])
            if name == BILLED:
                claims.action_bill()
                officer = self._user("sokolova")
                claims[:1].with_user(officer).sudo()._waive(
                    5.0, "Good will: long-standing customer"
                )

    def _make_plans(self, files):
        """Plans that run since today, one of them with a fee, one that was kept, one that waits for
        its signature."""
        self._make_plan_with_fee(files[WITH_FEE])
        self._make_kept_plan(files[PLAN_KEPT])
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

    def _plan(self, file, **values):
        """A plan of the director's, its payments worked out."""
        as_director = self.env["credit.plan"].with_user(self._user("director"))
        plan = as_director.sudo().create(
            {"account_id": file.id, "first_date": self._day(-30), **values}
        )
        plan.action_generate()
        return plan

    def _make_plan_with_fee(self, file):
        """The deferral costs 40, billed and spread over the payments."""
        plan = self._plan(file, fee=40.0, instalment_count=4)
        plan.action_bill_fee()
        plan.action_accept()

    def _make_kept_plan(self, file):
        """Agreed in two payments and paid at once."""
        plan = self._plan(file, instalment_count=2)
        plan.action_accept()
        invoices = plan.item_ids.move_line_id.move_id
        self._pay([(invoice, self._day(0)) for invoice in invoices])

    def _make_netting(self, files, partners):
        """Customers who also sell to us: one act is booked, one waits, one was taken back."""
        for name, amount in ((NETTED, 640.0), (TO_NET, 380.0), (NETTING_UNDONE, 150.0)):
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
            if name == TO_NET:
                continue
            netting.notice_on = self._day(3)
            netting.action_post()
            if name == NETTING_UNDONE:
                netting.action_undo()

    def _make_factor(self):
        return self.env["res.partner"].create(
            {
                "name": "Harbour Factors",
                "is_company": True,
                "street": "4 Quay Street",
                "city": "Boston",
                "country_id": self.env.ref("base.us").id,
                "zip": "02110",
                "phone": "+1 617 555 0188",
                "email": "desk@harbour-factors.example.com",
                "bank_ids": [Command.create({"acc_number": "US64 0210 0002 1887"})],
            }
        )

    def _items_of(self, partners, names):
        """What these customers owe in the company's currency."""
        return self.env["account.move.line"].search(
            [
                ("partner_id", "in", [partners[name].id for name in names]),
                ("company_id", "=", self.env.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
                ("balance", ">", 0),
                ("currency_id", "=", self.env.company.currency_id.id),
            ]
        )

    def _make_assignment(self, factor, items, **values):
        """Invoices with a factor who may charge them back."""
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
                    **values,
                }
            )
        )
        assignment.action_post()
        return assignment

    def _make_closed_assignment(self, factor, partners):
        """One debtor paid the factor, one did not and owes it to us again."""
        assignment = self._make_assignment(factor, self._items_of(partners, FACTORED))
        for line in assignment.line_ids:
            if line.partner_id == partners[FACTORED[0]]:
                line.action_paid()
            else:
                line.action_charge_back()
        assignment.action_close()

    def _make_sale(self, partners, products):
        """An old debt that is sold for what somebody gives for it; another one is offered."""
        invoice = self._invoice(
            partners[SOLD], products["service"], 310.0, self._day(190), self._day(160)
        )
        item = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        buyer = self.env["res.partner"].create({"name": "Second Chance Debts", "is_company": True})
        self._make_assignment(
            buyer,
            item,
            kind="sale",
            with_recourse=False,
            hold_back=0.0,
            fee=0.0,
            price=120.0,
            tax_note="Relief for bad debts is lost when the debt is sold.",
        )

    def _make_discounts(self, partners, products):
        """3 % within 7 days, 2 % within 14: taken by the first and the second step, missed, taken
        too late, and still possible."""
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
        uses = (
            (60, 970.0, 5),
            (52, 980.0, 12),
            (45, 1000.0, 28),
            (24, 970.0, 20),
            (6, 0.0, 0),
        )
        for days_ago, paid, after in uses:
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
                    .create({"payment_date": self._day(days_ago - after), "amount": paid})
                )
                wizard._create_payments()
