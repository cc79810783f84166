"""Reads the histories of late payment: 2,466 real invoices of 100 customers, all settled."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

LEARNING = timedelta(days=182)
HEADROOM = Decimal("1.2")


@dataclass(frozen=True)
class Invoice:
    """One line of the data set; a real invoice with the day on which it was settled."""

    customer: str
    number: str
    amount: Decimal
    date: date
    due: date
    settled: date
    disputed: bool
    days_to_settle: int
    days_late: int


def read_invoices(path):
    """The invoices of a csv file, oldest first.

    :raise SystemExit: in one sentence, when there is no such file or it is another one
    """
    if not Path(path).is_file():
        raise SystemExit(f"error: {path} is not there; name the csv of the payment histories.")
    try:
        with open(path, newline="") as lines:
            invoices = [_invoice(row) for row in csv.DictReader(lines)]
    except (KeyError, ValueError, ArithmeticError) as error:
        raise SystemExit(f"error: {path} is not a csv of payment histories ({error}).") from error
    return sorted(invoices, key=lambda invoice: (invoice.date, invoice.number))


def _invoice(row):
    return Invoice(
        customer=row["customerID"],
        number=row["invoiceNumber"],
        amount=Decimal(row["InvoiceAmount"]),
        date=_date(row["InvoiceDate"]),
        due=_date(row["DueDate"]),
        settled=_date(row["SettledDate"]),
        disputed=row["Disputed"] == "Yes",
        days_to_settle=int(row["DaysToSettle"]),
        days_late=int(row["DaysLate"]),
    )


def _date(text):
    return datetime.strptime(text, "%m/%d/%Y").date()


def first_limits(invoices):
    """Each customer's limit and the day from which it counts.

    The largest exposure of the first half year and a fifth on top, from the end of that half year.

    :return: ``{customer: (day, amount)}``
    """
    by_customer = defaultdict(list)
    for invoice in invoices:
        by_customer[invoice.customer].append(invoice)
    limits = {}
    for customer, mine in by_customer.items():
        until = min(invoice.date for invoice in mine) + LEARNING
        limits[customer] = (until, round(_largest_exposure(mine, until) * HEADROOM, 2))
    return limits


def _largest_exposure(invoices, until):
    changes = defaultdict(Decimal)
    for invoice in invoices:
        if invoice.date < until:
            changes[invoice.date] += invoice.amount
            changes[invoice.settled] -= invoice.amount
    largest = running = Decimal(0)
    for day in sorted(changes):
        running += changes[day]
        largest = max(largest, running) if day < until else largest
    return largest


def averages(invoices):
    """The means of the columns (days to settle, days late); None without invoices."""
    number = len(invoices)
    if not number:
        return None, None
    return (
        sum(invoice.days_to_settle for invoice in invoices) / number,
        sum(invoice.days_late for invoice in invoices) / number,
    )


def month_end(invoices, day):
    """The key figures of the month that ends on ``day``, by their published formulas.

    :return: dict of the receivables, their overdue part and the month's sales as amounts; shares
        as fractions; days; None where there is nothing to divide by
    """
    first = day.replace(day=1)
    items = [invoice for invoice in invoices if invoice.date <= day < invoice.settled]
    opening = _total(invoice for invoice in invoices if invoice.date < first <= invoice.settled)
    sales = _total(invoice for invoice in invoices if first <= invoice.date <= day)
    closing = _total(items)
    overdue = _total(invoice for invoice in items if invoice.due < day)
    weighted = sum(float(i.amount) * (day - i.due).days for i in items if i.due < day)
    days = (day - first).days + 1
    return {
        "receivable": closing,
        "overdue": overdue,
        "sales": sales,
        "overdue_share": _share(overdue, closing),
        "weighted_days_overdue": _share(weighted, closing),
        "dso": _share(closing * days, sales),
        "dso_best": _share((closing - overdue) * days, sales),
        "effectiveness": _share(opening + sales - closing, opening + sales - (closing - overdue)),
    }


def _total(invoices):
    return float(sum(invoice.amount for invoice in invoices))


def _share(part, whole):
    return part / whole if whole > 0 else None
