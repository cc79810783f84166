from datetime import date

from freezegun import freeze_time
from odoo.addons.credit_collection.core.portfolio import contact_effectiveness
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import COLLECTOR
from .common import TODAY, DeskCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestContactEffect(DeskCase):
    """Five contacts, two promises, one kept; 1,000 and then 400 of 600 were paid."""

    def _contact(self, outcome, **values):
        return (
            self.env["credit.contact"]
            .with_user(self.collector)
            .create({"account_id": self._account().id, "outcome": outcome, **values})
        )

    def _talk(self):
        first, second = self._late(1000.0), self._late(600.0)
        kept = self._promise(first, 1000.0, "2026-03-12")
        broken = self._promise(second, 600.0, "2026-03-12")
        self._contact("promised", promise_id=kept.id)
        self._contact("promised", promise_id=broken.id)
        self._contact("call_back", promise_id=kept.id)  # the same promise is not counted twice
        self._contact("no_answer")
        self._contact("refuses")
        self._pay(first, date="2026-03-11")
        self._pay(second, 400.0, date="2026-03-11")
        (kept | broken).sudo()._judge(kept.date.replace(day=20))
        self.assertEqual((kept.state, broken.state), ("kept", "partly"))

    def _sums(self, *names):
        [row] = (
            self.env["credit.contact.effect"]
            .with_user(self.collector)
            ._read_group([("account_id", "=", self._account().id)], [], names)
        )
        return row

    def test_from_contacts_to_cash(self):
        self._talk()
        found = self._sums("contacts:sum", "promises:sum", "kept:sum", "cash:sum")
        self.assertEqual(found, (5, 2, 1, 1400))

    def test_averages_are_the_rates(self):
        self._talk()
        found = self._sums(
            "promise_rate:avg", "kept_rate:avg", "success_rate:avg", "cash_per_contact:avg"
        )
        self.assertEqual(tuple(map(float, found)), (0.4, 0.5, 0.2, 280))
        self.assertEqual(tuple(map(float, found)), contact_effectiveness(5, 2, 1, 1400))

    def test_which_excuse_leads_to_money(self):
        signer, money = (
            self.env.ref(f"credit_collection.credit_excuse_{name}")
            for name in ("signer_away", "no_money")
        )
        invoice = self._late(1000.0)
        kept = self._promise(invoice, 1000.0, "2026-03-12")
        self._contact("promised", promise_id=kept.id, excuse_id=signer.id)
        self._contact("refuses", excuse_id=money.id)
        self._contact("refuses", excuse_id=money.id)
        self._pay(invoice, date="2026-03-11")
        kept.sudo()._judge(kept.date.replace(day=20))
        rows = (
            self.env["credit.contact.effect"]
            .with_user(self.collector)
            ._read_group(
                [("excuse_id", "!=", False)],
                ["excuse_id"],
                ["contacts:sum", "promise_rate:avg", "cash:sum"],
            )
        )
        found = {excuse: tuple(map(float, values)) for excuse, *values in rows}
        self.assertEqual(found, {signer: (1, 1, 1000), money: (2, 0, 0)})

    def test_cancelled_promise_is_none(self):
        promise = self._promise(self._late(1000.0), 1000.0)
        self._contact("promised", promise_id=promise.id)
        promise.sudo().write({"state": "cancelled"})
        self.assertEqual(self._sums("contacts:sum", "promises:sum"), (1, 0))

    def test_contact_counts_on_the_companys_day_for_everybody(self):
        self.company.resource_calendar_id.tz = "Europe/Moscow"
        self.collector.tz = "America/New_York"
        self._contact("no_answer", date="2026-03-08 22:30:00")  # half past one on the 9th
        for model in ("credit.contact.effect", "credit.collector.activity"):
            rows = self.env[model].with_user(self.collector).with_context(tz=None)
            with self.subTest(model):
                days = rows.search([("account_id", "=", self._account().id)]).mapped("date")
                self.assertEqual(days, [date(2026, 3, 9)])

    def test_others_see_nothing(self):
        self._talk()
        Effect = self.env["credit.contact.effect"]
        with self.assertRaises(AccessError):
            Effect.with_user(self.salesperson).search([])
        other = self.env["res.company"].create({"name": "Other Ltd"})
        stranger = self._user("stan", COLLECTOR)
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        there = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        self.assertFalse(there["credit.contact.effect"].search([]))
