from odoo import fields, models
from odoo.fields import Command

CUSTOMER = "Rowan Builders"
KINDS = {
    "Rowan Builders": "willing_unable",
    "Jacaranda Events": "unwilling_able",
    "Mahogany Holdings": "unwilling_unable",
    "Oak Hill Motors": "willing_able",
}
TESTS = (("belova", "calls", 4, 20), ("belova", "refusal", 2, 19), ("sokolova", "policy", 3, 30))


class CreditDemo(models.AbstractModel):
    """A customer with a log-in, kinds of debtors, training done."""

    _inherit = "credit.demo"

    def _make_portal(self, partners):
        """The customer's pages, who is what kind of debtor, the guide read by some."""
        self._make_portal_user(partners[CUSTOMER])
        self._make_portal_agreements(partners[CUSTOMER])
        self.env.company.credit_portal_show_limit = True
        for name, kind in KINDS.items():
            file = self.env["credit.account"]._get(partners[name], self.env.company)
            file.debtor_kind = kind
        for login, page, right, days_ago in TESTS:
            tested = self.env.ref(f"credit_collection.credit_guide_{page}")
            total = len(tested.question_ids)
            self.env["credit.guide.result"].sudo().create(
                {
                    "page_id": tested.id,
                    "user_id": self._user(login).id,
                    "company_id": self.env.company.id,
                    "date": self._at(days_ago),
                    "right": right,
                    "total": total,
                    "passed": right >= 0.8 * total,
                }
            )

    def _make_portal_agreements(self, customer):
        """A plan that waits for Rita's signature, a balance that waits for her answer."""
        file = self.env["credit.account"]._get(customer, self.env.company)
        as_director = self.env["credit.plan"].with_user(self._user("director"))
        plan = as_director.sudo().create(
            {
                "account_id": file.id,
                "interest": "frozen",
                "instalment_count": 3,
                "first_date": self._day(-20),
            }
        )
        plan.action_generate()
        plan._move("offer", offered_by_id=plan.env.uid)
        asked = self.env["credit.balance.confirmation"]._generate(
            self.env.company, self._day(120), self._day(10), file, self._day(-15)
        )
        asked.write({"state": "sent", "sent_on": self._at(5)})

    def _make_portal_user(self, customer):
        """Rita Rowan logs in as *customer* and sees the account of her company."""
        person = self.env["res.partner"].create(
            {
                "name": "Rita Rowan",
                "function": "Accounts payable",
                "parent_id": customer.id,
                "type": "contact",
                "email": "rita@rowan.example.com",
            }
        )
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "partner_id": person.id,
                "name": person.name,
                "login": "customer",
                "password": "customer",
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        letters = (
            self.env["credit.followup"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", customer.id),
                    ("state", "=", "sent"),
                    ("date", ">=", fields.Date.to_string(self._day(30))),
                ]
            )
        )
        letters._portal_make_links()
