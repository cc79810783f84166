"""Segments of customers and of what they owe.

A customer pays *prompt*, *slow* or *late* by the amount-weighted days late of a year, or is *new*
without any payment; is of size *a*, *b* or *c* by the share in sales. An item is *current*,
*overdue*, *doubtful* or *hopeless*.
"""

from .numbers import number

PROMPT, SLOW, LATE, NEW = "prompt", "slow", "late", "new"
CURRENT, OVERDUE, DOUBTFUL, HOPELESS = "current", "overdue", "doubtful", "hopeless"
A_SHARE, B_SHARE = 0.8, 0.95


def behaviour_class(days_late, slow_after=5, late_after=30):
    """How a customer pays, by their amount-weighted days late; None is a customer without any.

    Exactly at a boundary the better class counts.

    :raises ValueError: boundaries out of order, or no number
    """
    if slow_after > late_after:
        raise ValueError("Paying slowly begins before paying late.")
    if days_late is None:
        return NEW
    days_late = number(days_late, "Days late")
    if days_late > late_after:
        return LATE
    return SLOW if days_late > slow_after else PROMPT


def size_classes(sales):
    """The class of each customer by the sales of a year: ``{key: "a" | "b" | "c"}``.

    From the largest down, those that begin within the first 80 % of the sum are a, within 95 % b,
    the others c; so is who bought nothing. Of equal sales the smaller key comes first.

    :param sales: ``{key: amount}``; amounts below 0 count as 0
    """
    amounts = {key: max(number(amount, "Sales"), 0.0) for key, amount in sales.items()}
    total, before, found = sum(amounts.values()), 0.0, {}
    for key in sorted(amounts, key=lambda key: (-amounts[key], key)):
        share = before / total if total else 1.0
        if not amounts[key]:
            found[key] = "c"
        else:
            found[key] = "a" if share < A_SHARE else "b" if share < B_SHARE else "c"
        before += amounts[key]
    return found


def standing(days_overdue, is_overdue, secured=False, hopeless=False, doubtful_after=90):
    """The kind of debt that an item is.

    Hopeless is what has lapsed or whose debtor is insolvent; doubtful what is overdue for more than
    so many days and not secured.
    """
    if hopeless:
        return HOPELESS
    if days_overdue > doubtful_after and not secured:
        return DOUBTFUL
    return OVERDUE if is_overdue else CURRENT
