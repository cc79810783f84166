from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .test_sheet import SheetCase


@freeze_time("2026-10-31")
class TestHandover(SheetCase):
    """A debt belongs to the salesperson of its invoice until somebody hands it over."""

    def _ask(self, user=None, **values):
        return (
            self.env["credit.handover"]
            .with_user(user or self.manager)
            .create(
                {
                    "company_id": self.company.id,
                    "from_user_id": self.ivanov.id,
                    "to_user_id": self.semenov.id,
                    "reason": "Ivanov has left",
                    **values,
                }
            )
        )

    def _owed(self, user):
        self.sheet.action_compute()
        return self._line(user).receivable

    def test_looking_after_the_customer_does_not_move_the_debt(self):
        self.customer.user_id = self.semenov
        self.assertEqual((self._owed(self.ivanov), self._owed(self.semenov)), (2_100_000, 3e6))

    def test_what_is_open_goes_over_and_says_why(self):
        items = self._ask().action_apply()
        moves = self.env["credit.aging"].search(items["domain"]).move_id
        self.assertEqual(len(moves), 5)
        self.assertEqual((self._owed(self.ivanov), self._owed(self.semenov)), (0, 5_100_000))
        self.assertEqual(self.customer.user_id, self.ivanov)
        for move in moves:
            self.assertIn("Ivanov has left", move.message_ids[:1].body)
        changes = self.env["credit.owner.change"].with_user(self.manager).search([])
        self.assertEqual(changes.move_id, moves)
        self.assertEqual(set(changes.mapped("reason")), {"Ivanov has left"})
        self.assertEqual(sum(changes.mapped("amount")), 2_100_000)
        self.assertEqual(changes.partner_id, self.customer)
        # What was paid stays with the one who had sold it.
        self.assertEqual(self._line(self.ivanov).received, 3_500_000)

    def test_chosen_customers_with_the_customers_themselves(self):
        gamma = self._customer("Gamma", self.ivanov)
        self._invoice(400, "2026-10-01", partner_id=gamma.id)
        self._ask(partner_ids=[Command.set(gamma.ids)], with_customers=True).action_apply()
        self.assertEqual((gamma.user_id, self.customer.user_id), (self.semenov, self.ivanov))
        self.assertEqual(
            (self._owed(self.ivanov), self._owed(self.semenov)), (2_100_000, 3_000_400)
        )

    def test_a_closed_sheet_keeps_its_owners(self):
        self.sheet.action_compute()
        self._close_sheet()
        line = self._line(self.ivanov)
        self._ask().action_apply()
        rows = self.env["credit.kpi.evidence"].search(line._evidence_domain("receivable"))
        self.assertEqual((line.receivable, sum(rows.mapped("amount"))), (2_100_000, 2_100_000))

    def test_bad_input_changes_nothing(self):
        stranger = self._user("stranger")
        other = self.env["res.company"].create({"name": "Other Ltd"})
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for values in (
            {"reason": "  "},
            {"to_user_id": self.ivanov.id},
            {"to_user_id": stranger.id},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._ask(**values).action_apply()
        self.assertEqual(self._owed(self.ivanov), 2_100_000)

    def test_only_a_manager_of_the_company(self):
        officer = self._user("officer", "credit_collection.credit_collection_group_officer")
        for user in (officer, self.ivanov):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._ask(user).action_apply()
        other = self.env["res.company"].create({"name": "Other Ltd"})
        stranger = self._user("boss", "credit_collection.credit_collection_group_manager")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        ask = self._ask()
        there = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        with self.assertRaises(AccessError):
            ask.with_env(there).action_apply()
        with self.assertRaises(AccessError):
            there["credit.handover"].create(
                {
                    "company_id": self.company.id,
                    "from_user_id": self.ivanov.id,
                    "to_user_id": self.semenov.id,
                    "reason": "Mine now",
                }
            ).action_apply()

    def test_what_was_sold_and_paid_before_the_day_stays(self):
        # Handed over on the 15th: what Ivanov sold on the 10th is his, the payment of the 20th not.
        with freeze_time("2026-10-15"):
            self._ask().action_apply()
        move = self.env["account.move"].search(
            [("invoice_user_id", "=", self.semenov.id), ("invoice_date", "=", "2026-10-10")],
            limit=1,
        )
        before = self._inputs()
        self.assertTrue(before[self.ivanov.id].sales)
        self._pay(move, "2026-10-20", 1000)
        after = self._inputs()
        self.assertEqual(after[self.semenov.id].received - before[self.semenov.id].received, 1000)
        self.assertEqual(after[self.ivanov.id].received, before[self.ivanov.id].received)
        self.assertEqual(after[self.ivanov.id].sales, before[self.ivanov.id].sales)
        self.assertEqual(after[self.ivanov.id].receivable, 0)

    def _inputs(self):
        return self.env["credit.kpi"]._inputs(
            self.company, self.sheet.date_from, self.sheet.date_to, "user_id"
        )
