"""What the stories of the collections desk share: a collector and overdue invoices."""

from odoo.fields import Command

from ..common import COLLECTOR, CreditCase

TODAY = "2026-03-10"


class DeskCase(CreditCase):
    """Deco Ltd, chased by Carol; promises are tolerated two days and accepted for seven."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("carol", COLLECTOR)
        cls.policy.write(
            {"promise_max_days": 7, "promise_officer_days": 30, "promise_tolerance_days": 2}
        )

    @classmethod
    def _late(cls, amount=1000.0, due="2026-02-08", partner=None, **values):
        """A posted invoice, by default 30 days late on the day of the tests."""
        return cls._invoice(amount, partner=partner, date="2026-01-08", due=due, **values)

    @classmethod
    def _item(cls, invoice):
        return invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _promise(cls, invoice=None, amount=1000.0, date="2026-03-15", user=None, **values):
        if invoice:
            values["move_line_ids"] = [Command.set(cls._item(invoice).ids)]
        values.setdefault("account_id", cls._account().id)
        return (
            cls.env["credit.promise"]
            .with_user(user or cls.collector)
            .create({"date": date, "amount": amount, **values})
        )

    @classmethod
    def _dispute(cls, invoice, amount=None, user=None, **values):
        reason = cls.env.ref("credit_collection.credit_dispute_reason_price")
        values.setdefault("reason_id", reason.id)
        if amount is not None:
            values["amount"] = amount
        return (
            cls.env["credit.dispute"]
            .with_user(user or cls.collector)
            .create(
                {
                    "account_id": cls._account().id,
                    "move_line_id": cls._item(invoice).id,
                    **values,
                }
            )
        )

    @classmethod
    def _contact(cls, outcome="refuses", partner=None, user=None, **values):
        return (
            cls.env["credit.contact"]
            .with_user(user or cls.collector)
            .create({"account_id": cls._account(partner).id, "outcome": outcome, **values})
        )

    @classmethod
    def _credit(cls, invoice, amount):
        """A credit note over part of an invoice, matched with it."""
        refund = cls._invoice(
            amount, partner=invoice.partner_id, date="2026-03-10", move_type="out_refund"
        )
        (cls._item(invoice) | cls._item(refund)).reconcile()
        return refund

    def _open_item(self, invoice):
        self.env.flush_all()
        self.env["credit.open.item"].invalidate_model()
        return self.env["credit.open.item"].search([("move_id", "=", invoice.id)])

    def _ten(self):
        """Ten customers, the one who owes most first."""
        partners = [self._customer(f"Customer {number}") for number in range(10)]
        for number, partner in enumerate(partners):
            self._late(1000.0 * (10 - number), partner=partner)
        return partners
