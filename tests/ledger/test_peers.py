from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from ..figures.common import FiguresCase

REPORT = "report.account_financial_report.open_items"
STATEMENT = "report.partner_statement.outstanding_statement"
DAYS = (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 20), date(2026, 10, 30))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-31")
class TestPeers(FiguresCase):
    """Item by item the same as the reports of others, on every day that is over.

    Runs where the OCA modules ``account_financial_report`` and ``partner_statement`` are installed
    (both are on PyPI for 19.0).  Today they read what is matched with tomorrow's money as settled,
    and an entry set back to draft as if it were posted: see docs/due_now.md.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = cls._invoice(1000, "2026-07-01")
        cls._pay(first, "2026-08-15", 400)
        cls._pay(first, "2026-10-05", 100)
        second = cls._invoice(600, "2026-09-01")
        cls._match(second, cls._invoice(-200, "2026-10-10"))
        cls._entry(250, "2026-09-20")
        cls._match(
            cls._invoice(80, "2026-08-01"), cls._entry(80, "2026-10-15", cls.misc, cls.expense)
        )
        cls._invoice(70, "2026-10-30")

    def _ours(self, day):
        return {item.move_line_id.id: round(item.amount, 2) for item in self._items(str(day))}

    def test_open_items_of_account_financial_report(self):
        if REPORT not in self.env:
            self.skipTest("account_financial_report is not installed")
        for day in DAYS:
            with self.subTest(day=day):
                lines, *_rest = self.env[REPORT]._get_data(
                    self.receivable.ids, self.customer.ids, day, True, self.company.id, False, False
                )
                theirs = {line["id"]: round(line["amount_residual"], 2) for line in lines}
                self.assertEqual(self._ours(day), theirs)

    def test_outstanding_statement_of_partner_statement(self):
        if STATEMENT not in self.env:
            self.skipTest("partner_statement is not installed")
        for day in DAYS:
            with self.subTest(day=day):
                found = self.env[STATEMENT]._get_account_display_lines(
                    self.company.id, self.customer.ids, False, day, "asset_receivable"
                )
                theirs = sorted(
                    round(line["open_amount"], 2)
                    for line in found[self.customer.id]
                    if round(line["open_amount"], 2)
                )
                self.assertEqual(sorted(self._ours(day).values()), theirs)
