"""The replay of a real ledger, on ten weeks of three customers worked out by hand.

C0 and C2 are under the distributor's levels, C1 under the soft ones.
"""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tests import tagged

from bench.ledger import Invoice, first_limits, month_end, read_invoices
from bench.replay.driver import Replay
from bench.replay.report import Report

from .common import CreditCase

HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,"
    "Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate\n"
)


def invoice(customer, number, start, late, amount=100, disputed=False):
    """An invoice due after 30 days and paid ``late`` days after that."""
    due = start + timedelta(days=30)
    return Invoice(
        customer=customer,
        number=number,
        amount=Decimal(amount),
        date=start,
        due=due,
        settled=due + timedelta(days=late),
        disputed=disputed,
        days_to_settle=30 + late,
        days_late=max(late, 0),
    )


LEDGER = [
    invoice("C0", "0001", date(2012, 1, 3), 0, 100),
    invoice("C0", "0002", date(2012, 1, 17), 12, 101),  # promised on the 5th day, kept
    invoice("C1", "0003", date(2012, 1, 3), 20, 102),  # nobody answers on the 5th day
    invoice("C2", "0004", date(2012, 1, 10), 16, 103, disputed=True),
    invoice("C2", "0006", date(2012, 1, 3), 40, 104),  # promised on the 5th day, broken
    invoice("C2", "0008", date(2012, 3, 10), -27, 105),  # ordered while 0006 is 37 days late
    invoice("C1", "0010", date(2012, 3, 12), -30, 106),  # paid on the day of its invoice
]
LETTERS = [
    (date(2012, 1, 26), "C1", "Friendly note before the due date", {"0003"}),
    (date(2012, 2, 1), "C0", "Reminder before the due date", {"0001", "0002"}),
    (date(2012, 2, 1), "C2", "Reminder before the due date", {"0004", "0006"}),
    (date(2012, 2, 3), "C2", "Payment demand", {"0004", "0006"}),
    (date(2012, 2, 5), "C1", "First reminder", {"0003"}),
    (date(2012, 2, 5), "C2", "Pre-trial demand", {"0004", "0006"}),  # approved a day later
    (date(2012, 2, 8), "C2", "Reminder before the due date", {"0004"}),  # 0006 is promised
    (date(2012, 2, 15), "C0", "Reminder before the due date", {"0002"}),
    (date(2012, 2, 16), "C1", "Second reminder", {"0003"}),
    (date(2012, 2, 17), "C0", "Payment demand", {"0002"}),
    (date(2012, 2, 18), "C2", "Handed to legal", {"0006"}),  # 0004 is disputed
    (date(2012, 2, 19), "C0", "Pre-trial demand", {"0002"}),
    (date(2012, 2, 23), "C2", "Payment demand", {"0004", "0006"}),  # the dispute was rejected
]


@tagged("post_install", "-at_install")
class TestReplay(CreditCase):
    def test_ten_weeks(self):
        replay = Replay(self.env, LEDGER, commit=False, trigger=self._run_cron)
        self.assertEqual(replay.run(), [])
        report = Report(replay)
        self._check_letters(report)
        self._check_orders(replay)
        self._check_figures(report)
        self.assertEqual({title for title, cases in report._zeros() if cases}, set())
        self.assertFalse(report.faults)
        page = "\n".join(report.lines())
        self.assertIn("| quiet-day violations | 0 |", page)
        self.assertIn("| 2012-02 | 1 | 2 | 1 | 1 |", page, "disputed, promised, kept, broken")

    def _check_letters(self, report):
        went = [
            (letter.day, letter.customer, letter.level, set(letter.items))
            for letter in report.history.letters
        ]
        self.assertEqual(sorted(went, key=lambda letter: letter[:2]), LETTERS)

    def _check_orders(self, replay):
        months = replay.months
        self.assertEqual([months[f"2012-0{number}"]["orders"] for number in (1, 2, 3)], [5, 0, 2])
        self.assertEqual(months["2012-03"]["held"], 1)
        self.assertEqual(months["2012-03"]["released"], 1)
        self.assertEqual(len(replay.balances), 71)
        self.assertEqual(replay.balances[date(2012, 3, 13)], 0.0)

    def _check_figures(self, report):
        february = report.months[date(2012, 2, 29)]
        self.assertEqual(february["receivable"], 104)
        self.assertEqual(february["overdue_share"], 1.0)
        self.assertEqual(february["weighted_days_overdue"], 27)
        self.assertEqual(report.measured, (7, (30 * 7 + 31) / 7, 88 / 7))

    def test_faults_are_counted(self):
        """A day's figures that are not what they were, and a ledger that says otherwise."""
        replay = Replay(self.env, LEDGER, days=10, commit=False, trigger=self._run_cron)
        replay.run()
        replay.balances[date(2012, 1, 5)] += 0.01
        replay.figures.noted[date(2012, 1, 12)]["aging"] = {}
        replay.invoices = [*LEDGER, invoice("C0", "0012", date(2012, 1, 4), 0)]
        report = Report(replay)
        self.assertEqual([day for day, *_rest in report.past], [date(2012, 1, 5)])
        self.assertEqual(report.rebuilt, [(date(2012, 1, 12), "aging")])
        self.assertIn((date(2012, 1, 12), "receivable"), report.other)
        self.assertEqual(report.faults, 2 + len(report.other))


@tagged("post_install", "-at_install")
class TestLedger(CreditCase):
    def test_limit_is_the_largest_exposure_of_half_a_year_and_a_fifth(self):
        start = date(2012, 1, 3)
        monthly = [
            invoice("C0", f"{place:04}", start + timedelta(days=30 * place), 0, 100 + 3 * place)
            for place in range(10)
        ]
        [(day, amount)] = first_limits(monthly).values()
        self.assertEqual(day, start + timedelta(days=182))
        # One invoice every 30 days, paid after 30: never two at once; the last before July is 118.
        self.assertEqual(amount, Decimal("141.60"))

    def test_key_figures_of_a_month_end(self):
        figures = month_end(LEDGER, date(2012, 2, 5))
        # Everything of January but 0001 is open; 0003 and 0006 are 3 days late.
        self.assertEqual(figures["receivable"], 410)
        self.assertEqual(figures["overdue"], 206)
        self.assertEqual(figures["sales"], 0)
        self.assertIsNone(figures["dso"])
        self.assertAlmostEqual(figures["weighted_days_overdue"], 206 * 3 / 410)
        # Opening 510, closing 410, of which 204 are not due: 100 of 306 came in.
        self.assertAlmostEqual(figures["effectiveness"], 100 / 306)

    def test_missing_or_foreign_file_is_said_in_one_sentence(self):
        with self.assertRaisesRegex(SystemExit, "nowhere.csv is not there"):
            read_invoices("nowhere.csv")
        with TemporaryDirectory() as folder:
            path = Path(folder, "other.csv")
            path.write_text("a,b\n1,2\n")
            with self.assertRaisesRegex(SystemExit, "not a csv of payment histories"):
                read_invoices(path)
            path.write_text(
                HEADER + "391,C1,4/6/2013,0001,1/2/2013,2/1/2013,55.94,Yes,1/15/2013,Paper,13,0\n"
            )
            [read] = read_invoices(path)
        self.assertEqual(read.amount, Decimal("55.94"))
        self.assertEqual(read.settled, date(2013, 1, 15))
        self.assertTrue(read.disputed)
