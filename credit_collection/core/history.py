"""Figures over time: turnover, days to pay and late, roll rates, cost of credit.

Numbers, fractions and ``None`` as in ``kpi``.
"""

from itertools import chain

from .kpi import aligned, check_days, ratio

YEAR = 365  # days


def average_days_delinquent(dso, best):
    """ADD = DSO - best possible DSO, in days: how late the money comes on average.

    Source: CRF. None when one of the two is undefined.
    """
    if dso is None or best is None:
        return None
    dso, best = aligned(dso, best)
    return dso - best


def receivables_turnover(sales, balances):
    """Sales of the period / average receivables, in times per period.

    ``balances`` are the receivables at dates of the period, at least opening and closing; their
    plain average is taken. Source: receivables turnover ratio of the accounting textbooks. None
    without balances or when they average to 0 or to a credit.
    """
    sales, *balances = aligned(sales, *balances)
    return ratio(sales * len(balances), sum(balances))


def average_days_to_pay(history, weighted=False):
    """Average of (paid date - invoice date), in days; ``weighted`` by amount.

    ``history`` has rows (invoice_date, due_date, paid_date, amount): one per invoice, or one per
    payment when an invoice was paid in parts. Rows without paid date are left out, prepaid
    invoices count with negative days, negative amounts (credit notes) raise ValueError. None
    when nothing was paid. Source: average days to pay of the credit bureaus.
    """
    rows = _paid(history)
    return _average([((paid - start).days, amount) for start, _, paid, amount in rows], weighted)


def average_days_late(history, weighted=False, net=False):
    """Average of (paid date - due date), in days; rows and edge cases as ``average_days_to_pay``.

    An invoice paid early is 0 days late; with ``net`` its days early count against the days late
    of others (average days beyond terms).
    """
    late = [((paid - due).days, amount) for _, due, paid, amount in _paid(history)]
    return _average([(days if net else max(days, 0), amount) for days, amount in late], weighted)


def _paid(history):
    rows = [row for row in history if row[2]]
    for *_, amount in rows:
        if amount < 0:
            raise ValueError(f"A payment history has invoices only, not credits: {amount}.")
    return rows


def _average(pairs, weighted):
    if not weighted:
        return ratio(sum(days for days, _ in pairs), len(pairs))
    flat = aligned(*chain.from_iterable(pairs))
    days, amounts = flat[::2], flat[1::2]
    return ratio(sum(d * a for d, a in zip(days, amounts, strict=True)), sum(amounts))


def roll_rates(previous, current):
    """Share of each bucket's money that has rolled on into the next one, fractions by bucket.

    ``previous`` and ``current`` map bucket key to total, youngest bucket first, at two dates one
    bucket length (usually a month) apart. rate[b] = current[b] / previous[bucket before b]; the
    last bucket is open-ended and keeps what it had, so it is measured against its own previous
    total as well. Source: net roll rates of credit portfolio analysis. None for the first
    bucket, which nothing rolls into, and where there was nothing to roll. Above 1 when other
    money came in, e.g. invoices entered late.
    """
    keys = list(previous)
    if keys != list(current):
        raise ValueError("Roll rates compare the same buckets in the same order at two dates.")
    rates = dict.fromkeys(keys)
    for before, key in zip(keys, keys[1:], strict=False):
        source, own, now = aligned(previous[before], previous[key], current[key])
        rates[key] = ratio(now, source + own if key == keys[-1] else source)
    return rates


def cost_of_credit(balances, rate, year=YEAR):
    """Funding rate x balance over time, an amount: what lending to the customer has cost.

    ``balances`` are pairs (amount, days for which it stood), ``rate`` a fraction per year (0.12
    is 12 % a year). Cost = sum(amount x days) x rate / 365 (``year`` for another convention).
    Credit balances count against it: that is the customer's money at work. 0 without balances.
    """
    rate, year, *flat = aligned(rate, year, *chain.from_iterable(balances))
    amounts, days = flat[::2], flat[1::2]
    check_days(*days)
    if year <= 0:
        raise ValueError(f"A year has a positive number of days, not {year}.")
    return sum(amount * stood for amount, stood in zip(amounts, days, strict=True)) * rate / year
