from datetime import date

from freezegun import freeze_time

from .common import FiguresCase

COLLECTOR = "credit_collection.credit_collection_group_collector"


@freeze_time("2026-11-10")
class TestSettledOtherwise(FiguresCase):
    """What was written off is neither cured nor paid, whichever figure is asked."""

    def _written_off(self, invoice, date, amount=None):
        entry = self._entry(amount or invoice.amount_residual, date, self.misc, self.expense)
        self._match(invoice, entry)

    def test_aging_movement_tells_cured_from_written_off(self):
        paid, lost = (self._invoice(amount, "2026-08-01") for amount in (100, 70))
        mixed = self._invoice(1000, "2026-08-01")
        self._pay(paid, "2026-10-05")
        self._written_off(lost, "2026-10-06")
        self._written_off(mixed, "2026-10-06", 999)
        self._pay(mixed, "2026-10-07")
        moves = self.env["credit.aging.move"].with_context(
            as_of="2026-10-31", compare_from="2026-09-30"
        )
        found = {
            row.amount_before: row.move
            for row in moves.search([("company_id", "=", self.company.id)])
        }
        self.assertEqual(found, {100: "cured", 70: "settled", 1000: "settled"})

    def test_roll_rates_show_apart_what_was_not_cured(self):
        # 300 were 20 days late: 100 paid, 150 written off, 50 rolled on.
        invoice = self._invoice(300, "2026-08-10", "2026-09-10")
        self._pay(invoice, "2026-10-05", 100)
        self._written_off(invoice, "2026-10-06", 150)
        ask = (
            self.env["credit.roll.rate.ask"]
            .with_user(self._user("carl", COLLECTOR))
            .create({"date_to": "2026-10-31", "months": 1})
        )
        line = self.env["credit.roll.rate"].search(ask.action_show()["domain"])
        line = line.filtered(lambda row: row.bucket == "2. 31–60")
        self.assertEqual(
            (line.amount_before, line.amount, line.settled, line.cured), (300, 50, 150, 100)
        )

    def test_roll_rate_leaves_unapplied_credits_out(self):
        # 1,050 not due and 800 of unapplied money; 1,000 of it are late a month later.
        self._invoice(50, "2026-09-15", "2026-12-15")
        self._invoice(1000, "2026-09-15", "2026-10-15")
        self._entry(800, "2026-09-20")
        ask = (
            self.env["credit.roll.rate.ask"]
            .with_user(self._user("carl", COLLECTOR))
            .create({"date_to": "2026-10-31", "months": 1})
        )
        line = self.env["credit.roll.rate"].search(ask.action_show()["domain"])
        self.assertEqual((line.bucket, line.amount_before), ("1. 1–30", 1050))
        self.assertAlmostEqual(line.rate, 1000 / 1050)

    def test_cost_of_credit_names_what_was_given_away(self):
        self.company.account_journal_early_pay_discount_loss_account_id = self.exchange
        lost, hurried = self._invoice(500, "2026-09-01"), self._invoice(1000, "2026-09-01")
        self._written_off(lost, "2026-10-06")
        self._match(hurried, self._entry(20, "2026-10-07", self.misc, self.exchange))
        rows = self.env["credit.cost"]._rows(
            self.company, date(2026, 10, 1), date(2026, 10, 31), 0.12
        )
        [row] = rows
        self.assertEqual((row["written_off"], row["discounts"]), (500, 20))
