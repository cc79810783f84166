"""What the stories of securities, claims and losses share: Deco Ltd, late, and who works on it."""

from odoo.fields import Date

from ..desk.common import TODAY, DeskCase

__all__ = ["TODAY", "RecoveryCase", "day"]


def day(text):
    return Date.to_date(text)


class RecoveryCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rooms = ("cover", "cases", "allowance", "confirmations")
        cls.env.ref("base.group_user").implied_ids += cls.env["res.groups"].union(
            *(cls.env.ref(f"credit_collection.credit_room_{room}") for room in rooms)
        )
        cls.account = cls._account()

    @classmethod
    def _collateral(cls, value=50_000.0, accept=True, **values):
        collateral = (
            cls.env["credit.collateral"]
            .with_user(cls.officer)
            .create({"account_id": cls._account().id, "value": value, **values})
        )
        if accept:
            collateral.action_accept()
        return collateral

    @classmethod
    def _instrument(cls, invoice, amount=1000.0, due="2026-04-10", **values):
        return (
            cls.env["credit.instrument"]
            .with_user(cls.accountant)
            .create(
                {
                    "account_id": cls._account().id,
                    "number": "100200",
                    "amount": amount,
                    "date_due": due,
                    "received_on": TODAY,
                    "move_line_ids": cls._item(invoice).ids,
                    **values,
                }
            )
        )

    def _limitation(self, invoice):
        return self.env["credit.limitation"].search([("move_line_id", "=", self._item(invoice).id)])
