"""Days to pay and days late of 2,466 real invoices equal the columns that came with them."""

import csv
from datetime import datetime
from pathlib import Path
from statistics import fmean

import pytest

from credit_collection.core import history

LEDGER = Path(__file__).parents[3] / "shared" / "data" / "late_payment_histories.csv"


@pytest.fixture(scope="module")
def ledger():
    if not LEDGER.exists():
        pytest.skip(f"The real ledger is not there: {LEDGER}")
    with LEDGER.open(newline="") as file:
        return list(csv.DictReader(file))


def _history(row):
    dates = (row[column] for column in ("InvoiceDate", "DueDate", "SettledDate"))
    return (*(datetime.strptime(day, "%m/%d/%Y").date() for day in dates), row["amount"])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("figure", "column"),
    [(history.average_days_to_pay, "DaysToSettle"), (history.average_days_late, "DaysLate")],
)
def test_averages_equal_the_ledgers_own_columns(ledger, figure, column, weighted):
    rows = [{**row, "amount": round(100 * float(row["InvoiceAmount"]))} for row in ledger]
    weights = [row["amount"] for row in rows] if weighted else None
    expected = fmean((int(row[column]) for row in rows), weights)
    assert figure(map(_history, rows), weighted) == pytest.approx(expected, rel=1e-12)
