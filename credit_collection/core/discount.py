"""Discounts for early payment: what they cost a year, and which part a payment earns.

A tier is ``(percent, last day)`` on an open item, ``(percent, days)`` in the terms.
"""

from .exact import a_day, cents, exact, kind_of, not_negative, percentage
from .numbers import in_numbers


@in_numbers
def yearly_cost(percent, days, net_days, year=365, effective=False):
    """Return what giving the discount costs a year, as a fraction: 2/10 net 30 is 0.3724.

    percent / (100 - percent) x year / (net days - days); ``effective`` compounds it.  ``None``
    when the discount gains no time.

    :raises ValueError: a percentage outside 0 to below 100, negative days, a year without days
    """
    part = percentage(percent)
    early, late, length = (
        not_negative(value, what)
        for value, what in ((days, "discount days"), (net_days, "net days"), (year, "year"))
    )
    if not length:
        raise ValueError("A year has more than 0 days.")
    if late <= early:
        return None
    return _a_year(part / (1 - part), length / (late - early), effective)


def step_cost(percent, days, next_percent, next_days, year=365, effective=False):
    """Return what the better of two tiers costs a year over the next one, as a fraction.

    Paying 97 on day 7 instead of 98 on day 14: 1 / 97 x 365 / 7.  ``None`` when no time or no
    money lies between them.
    """
    better, worse = percentage(percent), percentage(next_percent)
    early, late = not_negative(days, "days"), not_negative(next_days, "days")
    if late <= early or better <= worse:
        return None
    gain = (1 - worse) / (1 - better) - 1
    return _a_year(gain, not_negative(year, "year") / (late - early), effective)


@in_numbers
def part_payment(paid, percent, digits=2):
    """Return ``(discount, settled)`` of a part payment within the discount's time.

    What is paid is the discounted part: paid / (1 - d) is settled, and d of it is the discount.
    """
    part = percentage(percent)
    kind = kind_of(paid, percent)
    given = not_negative(paid, "payment")
    discount = cents(given * part / (1 - part), digits)
    return kind(discount), kind(cents(given, digits) + discount)


def tier_on(tiers, day):
    """Return the percentage in force on ``day``, 0 when none: the best one whose time is not over.

    :param tiers: ``(percent, last day)``
    """
    a_day(day)
    return max((percent for percent, last in tiers if day <= last), default=0)


def settle(items, paid, day, digits=2):
    """Return ``(key, paid, discount)`` for each item that a payment reaches; the rest pays nothing.

    The better discount is settled first, then what comes first.  An item that the payment does not
    cover takes what is left, with its discount by :func:`part_payment`.

    :param items: ``(key, open amount, tiers)``, amounts above zero
    """
    left = exact(paid, "payment")
    kind = kind_of(paid, *(amount for _key, amount, _tiers in items))
    rows = []
    for key, amount, tiers in sorted(items, key=lambda item: -tier_on(item[2], day)):
        if left <= 0:
            break
        percent = tier_on(tiers, day)
        full = exact(cents(exact(amount) * percentage(percent), digits))
        net = exact(amount) - full
        if left >= net:
            rows.append((key, kind(net), kind(full)))
            left -= net
            continue
        discount, _settled = part_payment(kind(left), percent, digits)
        rows.append((key, kind(left), discount))
        left = 0
    return rows


def to_pay(items, day, digits=2):
    """Return what settles all items on ``day``, each with the discount it still earns."""
    kind = kind_of(*(amount for _key, amount, _tiers in items))
    total = sum(
        exact(amount) - exact(cents(exact(amount) * percentage(tier_on(tiers, day)), digits))
        for _key, amount, tiers in items
    )
    return kind(cents(exact(total), digits))


def _a_year(gain, periods, effective):
    if effective:
        return (1 + float(gain)) ** float(periods) - 1
    return float(gain * periods)
