"""Day counts: how many days lie between two days, and how much of a year they are.

Days are counted from the first day that counts to the last one, both included.  Cut anywhere, the
parts of a period have together as many days as the whole: interest never depends on where a line
ends.

* ``act/365``: real days, every year has 365
* ``act/act``: real days, a year has 365 or 366: cut where the length changes
* ``act/360``: real days, every year has 360
* ``30/360``: every month has 30 days: the 31st adds none, the last day of February is the 30th
"""

from calendar import isleap, monthrange
from datetime import date, timedelta

from .exact import a_day

DAY_COUNTS = ("act/365", "act/act", "act/360", "30/360")
ONE = timedelta(1)


def days(first, last, day_count="act/365"):
    """Return the number of days from ``first`` to ``last``, both of which count.

    0 when ``last`` is the day before ``first``.

    :raises ValueError: an unknown day count, no dates, or an earlier last day
    """
    check(day_count)
    if (a_day(first, "first day") - a_day(last, "last day")).days > 1:
        raise ValueError(f"The last day {last} lies before the first one {first}.")
    if day_count == "30/360":
        return _thirties(last) - (_thirties(first - ONE) if first > date.min else 360)
    return (last - first).days + 1


def year_length(day, day_count="act/365"):
    """Return how many days the year of ``day`` has by the day count."""
    check(day_count)
    if day_count == "act/act":
        return 366 if isleap(day.year) else 365
    return 365 if day_count == "act/365" else 360


def cuts(first, last, day_count="act/365"):
    """Return the days after the first one on which a year of another length begins."""
    check(day_count)
    if day_count != "act/act":
        return []
    return [
        date(year, 1, 1)
        for year in range(first.year + 1, last.year + 1)
        if isleap(year) != isleap(year - 1)
    ]


def check(day_count):
    """Refuse an unknown day count."""
    if not isinstance(day_count, str) or day_count not in DAY_COUNTS:
        known = ", ".join(DAY_COUNTS)
        raise ValueError(f"Unknown day count {day_count!r}; the day counts are: {known}.")


def _thirties(day):
    """Days since the year 0 at the end of ``day`` when every month has 30."""
    ends = day.day == monthrange(day.year, day.month)[1]
    return 360 * day.year + 30 * (day.month - 1) + (30 if ends else min(day.day, 30))
