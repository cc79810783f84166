"""The forecast on a real ledger, trained on the past only, against two naive forecasts.

Week by week from July 2012 to October 2013: what was settled before the day teaches, what was open
on the day is forecast for thirteen weeks, and what came is compared. ``docs/rating.md`` has the
table that ``table()`` prints.
"""

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from credit_collection.core.forecast import (
    WEEKS,
    Delays,
    Item,
    accuracy,
    by_week,
    naive_due,
    naive_mean,
)

LEDGER = Path(__file__).parents[3] / "shared" / "data" / "late_payment_histories.csv"
FIRST, LAST = date(2012, 7, 2), date(2013, 10, 7)
WAYS = ("forecast", "due", "mean")


def _day(text):
    return datetime.strptime(text, "%m/%d/%Y").date()


@pytest.fixture(scope="module")
def invoices():
    if not LEDGER.exists():
        pytest.skip(f"The real ledger is not there: {LEDGER}")
    with LEDGER.open(newline="") as file:
        return [
            (
                row["customerID"],
                *(_day(row[name]) for name in ("InvoiceDate", "DueDate", "SettledDate")),
                float(row["InvoiceAmount"]),
            )
            for row in csv.DictReader(file)
        ]


def _forecasts(invoices, today):
    """What each way says on a day, knowing nothing that came later."""
    own, everybody = defaultdict(Counter), Counter()
    for customer, _made, due, settled, _amount in invoices:
        if settled < today:
            own[customer][(settled - due).days] += 1
            everybody[(settled - due).days] += 1
    group = Delays(everybody)
    items = [
        Item(due, amount, Delays(own[customer], group))
        for customer, made, due, settled, amount in invoices
        if made < today <= settled
    ]
    weeks = by_week(items, today)
    return {
        "forecast": [week.expected for week in weeks],
        "due": naive_due(items, today),
        "mean": naive_mean(items, today, group.mean()),
    }


def _came(invoices, today):
    came = [0.0] * WEEKS
    for _customer, made, _due, settled, amount in invoices:
        week = (settled - today).days // 7
        if made < today <= settled and week < WEEKS:
            came[week] += amount
    return came


@pytest.fixture(scope="module")
def graded(invoices):
    """``{way: {week ahead: [(forecast, came), ...]}}``"""
    found = {way: defaultdict(list) for way in WAYS}
    today = FIRST
    while today <= LAST:
        came = _came(invoices, today)
        for way, cash in _forecasts(invoices, today).items():
            for week in range(WEEKS):
                found[way][week + 1].append((cash[week], came[week]))
        today += timedelta(7)
    return found


def _accuracy(pairs):
    return accuracy([cash for cash, _came in pairs], [came for _cash, came in pairs])


def _overall(graded, way):
    return _accuracy([pair for pairs in graded[way].values() for pair in pairs])


def test_it_beats_both_naive_forecasts_over_all_weeks(graded):
    own, bias = _overall(graded, "forecast")
    assert own > 0.75
    assert own > _overall(graded, "due")[0] + 0.1
    assert own > _overall(graded, "mean")[0] + 0.1
    assert abs(bias) < 0.01


@pytest.mark.parametrize("week", range(1, 8))
def test_it_is_at_least_as_good_in_each_week_that_brings_money(graded, week):
    own, _bias = _accuracy(graded["forecast"][week])
    for way in ("due", "mean"):
        assert own >= _accuracy(graded[way][week])[0]


def test_the_documentation_says_what_comes_out_today(graded):
    page = (Path(__file__).parents[2] / "docs" / "rating.md").read_text()
    for week, *shares, came in table(graded):
        cells = " | ".join(f"{100 * share:.1f} %" for share in shares)
        assert f"| {week} | {cells} | {came:,.0f} |" in page
    own, bias = _overall(graded, "forecast")
    due, mean = _overall(graded, "due")[0], _overall(graded, "mean")[0]
    total = f"**{100 * own:.1f} %** | {100 * due:.1f} % | {100 * mean:.1f} % | {100 * bias:.1f} %"
    assert total in page


def table(graded):
    """The table of the documentation, one line a week ahead."""
    lines = []
    for week in range(1, 9):
        cells = [_accuracy(graded[way][week])[0] for way in WAYS]
        bias = _accuracy(graded["forecast"][week])[1]
        came = sum(came for _cash, came in graded["forecast"][week])
        lines.append((week, *cells, bias, came))
    return lines
