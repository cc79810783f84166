"""Lawful conduct: when, and how often, a customer may be called.

The law of the place decides; the policy writes it down as hours, days and calls a week.  Calls that
the customer makes are never limited.
"""

from datetime import timedelta
from typing import NamedTuple

HOUR = "hour"
WEEKEND = "weekend"
OFTEN = "often"

WEEK = timedelta(days=7)


class Limits(NamedTuple):
    """Hours ``first <= hour < last`` of the customer's clock, and calls in any seven days.

    ``calls`` 0 is without a limit; hours 0 to 24 are the whole day.
    """

    first: float = 0.0
    last: float = 24.0
    weekends: bool = True
    calls: int = 0


def broken(moment, earlier, limits):
    """What a call at ``moment`` would break: codes in a fixed order, empty when it is fine.

    :param moment: naive datetime of the customer's clock
    :param earlier: moments of the calls before it, on the same clock
    """
    hour = moment.hour + moment.minute / 60 + moment.second / 3600
    codes = []
    if not limits.first <= hour < limits.last:
        codes.append(HOUR)
    if not limits.weekends and moment.weekday() >= 5:
        codes.append(WEEKEND)
    recent = [call for call in earlier if moment - WEEK < call <= moment]
    if limits.calls and len(recent) >= limits.calls:
        codes.append(OFTEN)
    return codes
