"""What secures a debt: how far it raises the limit, how much of the exposure it covers.

Two independent switches of each security: *raises the limit by* and *covers exposure by*, each a
percentage of its value.  What an insurer leaves to the insured, the own share, is a percentage of
the exposure.  Amounts may be int, float or Decimal; percentages lie between 0 and 100.
"""

from datetime import date, timedelta

from .kpi import aligned
from .numbers import in_numbers, listed

HUNDRED = 100


@in_numbers
def limit_with(limit, securities):
    """Return the limit raised by the securities, ``None`` (unlimited) stays ``None``.

    :param securities: ``(value, raises_percent)`` pairs: 50,000 at 50 % raises 100,000 to 125,000
    :raise ValueError: a negative limit or value, or a percentage outside 0 to 100
    """
    securities = listed(securities, "the securities", 2)
    parts = [_part(value, percent) for value, percent in securities]
    if limit is None:
        return None
    (total, *parts) = aligned(limit, *parts)
    if total < 0:
        raise ValueError("A limit cannot be negative.")
    return total + sum(parts)


@in_numbers
def uncovered(exposure, securities):
    """Return the part of the exposure that no security covers, never negative.

    :param securities: as in :func:`used`
    """
    exposure, *parts = aligned(exposure, *used(exposure, securities))
    left = max(exposure - sum(parts), exposure * 0)
    # Sums of floats leave crumbs.
    return round(left, 6) if isinstance(left, float) else left


def used(exposure, securities):
    """Return how much of the exposure each security covers, in their order of use.

    Each covers at most its percentage of its value and at most the share of the exposure that the
    own share leaves; together they cover at most the exposure.

    :param securities: ``(value, covers_percent)`` or ``(value, covers_percent, own_share_percent)``
    """
    (exposure,) = aligned(exposure)
    whole = left = max(exposure, exposure * 0)
    result = []
    for security in listed(securities, "the securities"):
        value, percent, *rest = _security(security)
        most = _part(whole, HUNDRED - rest[0]) if rest else whole
        *_, left, part = aligned(left, min(aligned(_part(value, percent), most, left)))
        left -= part
        result.append(part)
    return result


def deadline(start, days):
    """Return the last day of a period of days; the day it starts from is not counted.

    An invoice of 1 January 2022 with 120 days ends on 1 May.
    """
    if not isinstance(start, date):
        raise ValueError(f"A day is needed here, not {start!r}.")
    if days < 0:
        raise ValueError("A number of days cannot be negative.")
    return start + timedelta(days)


def calendar(invoiced, due, extension_days=0, notice_days=0, handover_days=0):
    """Return the days that count for an insured invoice, as a dict.

    ``extended``: how long payment may be put off; after it cover of new deliveries stops.
    ``notice``: until then the insurer has to hear that it is late; ``handover``: until then the
    insurer has to get the case.

    :param invoiced: day of the invoice, from which the notice is counted (``None``: 0 days)
    :param due: day on which it falls due, from which the extension is counted
    """
    extended = deadline(due, extension_days)
    return {
        "extended": extended,
        "notice": deadline(invoiced, notice_days) if notice_days else None,
        "handover": deadline(extended, handover_days) if handover_days else None,
    }


def _security(row):
    row = listed(row, "each of the securities")
    if len(row) not in (2, 3):
        raise ValueError(f"A security has a value, a percentage and maybe an own share: {row!r}.")
    return row


def _part(value, percent):
    value, percent = aligned(value, percent)
    if value < 0:
        raise ValueError("The value of a security cannot be negative.")
    if not 0 <= percent <= HUNDRED:
        raise ValueError("A percentage lies between 0 and 100.")
    return value * percent / HUNDRED
