"""The replay of a real ledger, on an extract small enough for a test."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tests import tagged

from bench.ledger import Invoice, averages, first_limits, read_invoices
from bench.replay import Replay

from .common import CreditCase

HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,"
    "Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate\n"
)


def extract(number=30):
    """Three customers buy every ten days; each third invoice is paid 40 days late."""
    for place in range(number):
        day = date(2012, 1, 3) + timedelta(days=10 * place)
        late = 40 if place % 3 == 2 else 0
        yield Invoice(
            customer=f"C{place % 3}",
            number=f"{place:05}",
            amount=Decimal(100 + place),
            date=day,
            due=day + timedelta(days=30),
            settled=day + timedelta(days=30 + late),
            disputed=False,
            days_to_settle=30 + late,
            days_late=late,
        )


@tagged("post_install", "-at_install")
class TestReplay(CreditCase):
    def test_open_items_equal_the_accounts_on_every_day(self):
        invoices = list(extract())
        seen = []
        replay = Replay(
            self.env, invoices, hooks=[lambda _replay, day: seen.append(day)], commit=False
        )
        self.assertEqual(replay.run(), [])
        self.assertEqual(len(replay.balances), len(seen))
        self.assertEqual(seen[0], date(2012, 1, 3))
        self.assertEqual(seen[-1], max(invoice.settled for invoice in invoices))
        self.assertEqual(sum(month["orders"] for month in replay.months.values()), 30)
        held = sum(month["held"] for month in replay.months.values())
        self.assertGreater(held, 0, "C2 pays 40 days late: its next order is held")
        self.assertEqual(held, sum(month["released"] for month in replay.months.values()))
        self.assertEqual(replay.balances[seen[-1]], 0.0)

    def test_days_of_payment_are_those_of_the_data(self):
        invoices = list(extract(6))
        replay = Replay(self.env, invoices, commit=False)
        replay.run()
        expected = averages((invoice.days_to_settle, invoice.days_late) for invoice in invoices)
        self.assertEqual(averages(replay.settled()), expected)
        self.assertEqual(replay.control_past(), [])

    def test_limit_is_the_largest_exposure_of_half_a_year_and_a_fifth(self):
        [(day, amount)] = first_limits(
            [invoice for invoice in extract() if invoice.customer == "C0"]
        ).values()
        self.assertEqual(day, date(2012, 1, 3) + timedelta(days=182))
        # One invoice every 30 days, paid after 30: never two at once; the last before July is 118.
        self.assertEqual(amount, Decimal("141.60"))

    def test_missing_or_foreign_file_is_said_in_one_sentence(self):
        with self.assertRaisesRegex(SystemExit, "nowhere.csv is not there"):
            read_invoices("nowhere.csv")
        with TemporaryDirectory() as folder:
            path = Path(folder, "other.csv")
            path.write_text("a,b\n1,2\n")
            with self.assertRaisesRegex(SystemExit, "not a csv of payment histories"):
                read_invoices(path)
            path.write_text(
                HEADER
                + "391,C1,4/6/2013,0001,1/2/2013,2/1/2013,55.94,Yes,1/15/2013,Paper,13,0\n"
            )
            [invoice] = read_invoices(path)
        self.assertEqual(invoice.amount, Decimal("55.94"))
        self.assertEqual(invoice.settled, date(2013, 1, 15))
        self.assertTrue(invoice.disputed)
