import math

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import freeze_time

from ..common import OFFICER
from .common import TODAY, DeskCase


@freeze_time(TODAY)
class TestPromiseRefused(DeskCase):
    """What cannot be promised, by whom it cannot be accepted, and the attacker."""

    def test_roles(self):
        with self.assertRaisesRegex(UserError, "credit officer.*up to 7 days"):
            self._promise(self._late(), date="2026-03-18")
        officer = self._user("oscar", OFFICER)
        with self.assertRaisesRegex(UserError, "credit manager.*up to 30 days"):
            self._promise(self._late(), date="2026-04-10", user=officer)
        self._promise(self._late(), date="2026-03-17")
        self._promise(self._late(), date="2026-04-09", user=officer)
        self._promise(self._late(), date="2026-06-30", user=self.manager)

    def test_bad_promises_change_nothing(self):
        mine, paid = self._late(), self._late()
        self._pay(paid)
        other = self._late(partner=self._customer("Other"))
        cases = [
            (dict(invoice=mine, date="2026-03-09"), "has passed"),
            (dict(invoice=mine, amount=0.0), "above zero"),
            (dict(invoice=mine, amount=-5.0), "above zero"),
            (dict(invoice=mine, amount=math.nan), "has to be a number"),
            (dict(invoice=mine, amount=math.inf), "has to be a number"),
            (dict(invoice=mine, amount=1000.01), "more than"),
            (dict(invoice=paid), "Nothing is open"),
            (dict(invoice=other), "another customer"),
            (dict(invoice=mine, date=False), "by which day"),
            (dict(account_id=False), "which customer"),
        ]
        count = self.env["credit.promise"].search_count([])
        for values, message in cases:
            with self.subTest(message), self.env.cr.savepoint():
                with self.assertRaisesRegex((UserError, ValidationError), message):
                    with self.env.cr.savepoint():
                        self._promise(**values)
        self.assertEqual(self.env["credit.promise"].search_count([]), count)

    def test_item_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        line = self._item(self._late())
        account = self.env["credit.account"]._get(self.customer, company)
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.env["credit.promise"].create(
                {
                    "account_id": account.id,
                    "date": "2026-03-12",
                    "amount": 10.0,
                    "move_line_ids": [Command.set(line.ids)],
                }
            )

    def test_an_item_is_promised_once(self):
        invoice = self._late()
        self._promise(invoice, 400.0)
        with self.assertRaisesRegex(ValidationError, "promised already"):
            self._promise(invoice, 600.0)

    def test_nothing_owed(self):
        with self.assertRaisesRegex(UserError, "owes nothing"):
            self._promise(amount=10.0)

    def test_a_promise_does_not_change_by_hand(self):
        promise = self._promise(self._late())
        for values in (
            {"state": "kept"},
            {"date": "2027-01-01"},
            {"amount": 1.0},
            {"broken_on": False},
            {"made_on": "2026-01-01"},
            {"line_ids": [Command.clear()]},
        ):
            with self.assertRaises(AccessError):
                promise.write(values)
        promise.note = "Will pay in two parts"
        with self.assertRaises(AccessError):
            promise.line_ids.write({"date": "2027-01-01"})
        with self.assertRaises(AccessError):
            promise.unlink()
        with self.assertRaises(AccessError):
            self._promise(self._late(), state="kept")

    def test_what_money_on_account_has_kept_is_not_cancelled(self):
        for paid, state in ((400.0, "cancelled"), (1000.0, "kept")):
            with self.subTest(paid=paid):
                promise = self._promise(self._late())
                self._on_account(paid)
                promise.invalidate_recordset()
                self.assertEqual(promise.state, "open", "nobody has judged it yet")
                if state == "kept":
                    with self.assertRaisesRegex(UserError, "Only an open promise"):
                        promise.action_cancel()
                    self.assertEqual(promise.state, "open", "what is refused changes nothing")
                    promise._judge()
                else:
                    promise.action_cancel()
                self.assertEqual(promise.state, state)

    def test_made_on_cannot_be_moved_to_gain_days(self):
        promise = self._promise(self._late(), made_on="2026-05-01", user_id=self.manager.id)
        self.assertEqual(promise.made_on, Date.to_date(TODAY))
        self.assertEqual(promise.user_id, self.collector)

    def test_salesperson_reads_and_does_nothing(self):
        invoice = self._late()
        promise = self._promise(invoice)
        self.assertEqual(promise.with_user(self.salesperson).amount, 1000.0)
        with self.assertRaises(AccessError):
            promise.with_user(self.salesperson).action_cancel()
        with self.assertRaises(AccessError):
            self._promise(invoice, user=self.salesperson)
        stranger = self._user("sid", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            promise.with_user(stranger).read(["amount"])

    def test_other_company_sees_nothing(self):
        promise = self._promise(self._late())
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("eve", "account.group_account_manager")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            promise.with_user(stranger).read(["amount"])
        with self.assertRaises(AccessError):
            promise.with_user(stranger).action_cancel()
        with self.assertRaises(AccessError):
            self._promise(account_id=promise.account_id.id, user=stranger)
