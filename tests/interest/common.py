"""What the stories of interest share: a rule of 36.5 % a year, a tenth of a percent a day."""

from odoo import fields
from odoo.fields import Command

from ..desk.common import DeskCase


class InterestCase(DeskCase):
    """Deco Ltd by a contract of 36.5 % a year: 1 a day on 1,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule()
        cls.company.credit_interest_rule_id = cls.rule
        cls.biller = cls._user("bill", "account.group_account_invoice")

    @classmethod
    def _rule(cls, rate=36.5, **values):
        return cls.env["credit.interest.rule"].create(
            {"name": "Contract", "kind": "yearly", "rate": rate, **values}
        )

    @classmethod
    def _series(cls, *values):
        return cls.env["credit.rate.series"].create(
            {
                "name": "Key rate",
                "code": "key-test",
                "value_ids": [Command.create({"date": day, "rate": rate}) for day, rate in values],
            }
        )

    @classmethod
    def _to_date(cls, day, partner=None):
        """What is not charged yet up to a day: (from, to, base, rate, days, amount)."""
        found = (
            cls.env["credit.interest.line"]
            .sudo()
            ._uncharged(cls._account(partner).sudo(), fields.Date.to_date(day))
        )
        return [
            (
                str(row["date_from"]),
                str(row["date_to"]),
                row["base"],
                row["rate"],
                row["days"],
                row["amount"],
            )
            for row in found
            if row["kind"] == "interest"
        ]

    @classmethod
    def _total(cls, day, partner=None):
        found = (
            cls.env["credit.interest.line"]
            .sudo()
            ._uncharged(cls._account(partner).sudo(), fields.Date.to_date(day))
        )
        return round(sum(row["amount"] for row in found), 2)

    @classmethod
    def _claim(cls, day=None, user=None, partner=None):
        account = cls._account(partner).with_user(user or cls.collector)
        return cls.env["credit.interest.claim"].with_user(user or cls.collector)._make(account, day)

    @classmethod
    def _bill(cls, amount, due="2026-02-20", partner=None, **values):
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": "2026-02-01",
                "date": "2026-02-01",
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Rent", "price_unit": amount, "tax_ids": []})
                ],
                **values,
            }
        )
        bill.action_post()
        return bill
