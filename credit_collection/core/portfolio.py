"""Figures of the whole book: doubtful share, concentration, contacts; norms and their seasons.

Numbers, fractions and ``None`` as in ``kpi``.
"""

from itertools import chain
from typing import NamedTuple

from .kpi import aligned, check_days, ratio

DOUBTFUL_DAYS = 90
MONTHS = 12


def doubtful_share(items, dz, over=DOUBTFUL_DAYS):
    """Overdue by more than ``over`` days / DZ, a fraction; exactly 90 days is not doubtful yet.

    ``items`` are pairs (amount, days overdue); days of items not yet due are 0 or negative.
    None without receivables (DZ <= 0).
    """
    check_days(over)
    dz, *flat = aligned(dz, *chain.from_iterable(items))
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return ratio(sum(amount for amount, days in pairs if days > over), dz)


def concentration(amounts, top=5):
    """Receivables of the ``top`` largest debtors / receivables of all debtors, a fraction.

    ``amounts`` has one receivable per customer. Customers in credit are no debtors and are left
    out, so the figure lies between 0 and 1. None without debtors. Source: concentration ratio.
    """
    if top < 1:
        raise ValueError(f"Concentration counts at least the largest debtor, not {top}.")
    debtors = sorted((amount for amount in aligned(*amounts) if amount > 0), reverse=True)
    return ratio(sum(debtors[:top]), sum(debtors))


def sales_to_dilute(pdz, dz, norm):
    """Further sales that would bring PDZ / DZ down to the norm: PDZ / norm - DZ, an amount.

    PDZ 900,000 with DZ 3,000,000 is 30 %; a norm of 20 % needs 1,500,000 more. 0 when the norm is
    met; without receivables too, as long as nothing is overdue. The norm is above 0 and at most 1.
    """
    pdz, dz, norm = aligned(pdz, dz, norm)
    if not 0 < norm <= 1:
        raise ValueError(f"The norm is a share above 0 and at most 1, not {norm}.")
    return max(pdz / norm - dz, 0) if pdz > 0 else 0


def seasonal_norm(norm, coefficients, month):
    """Norm x the coefficient of the month (1 to 12), in the unit of the norm."""
    if len(coefficients) != MONTHS:
        raise ValueError(f"A year needs 12 seasonal coefficients, not {len(coefficients)}.")
    if month not in range(1, MONTHS + 1):
        raise ValueError(f"A month is a whole number from 1 to 12, not {month!r}.")
    norm, *coefficients = aligned(norm, *coefficients)
    if min(coefficients) <= 0:
        raise ValueError(f"A seasonal coefficient is above 0, not {min(coefficients)}.")
    return norm * coefficients[month - 1]


class ContactEffect(NamedTuple):
    """The funnel contacts -> promises -> kept -> cash; None where a stage is empty."""

    promise_rate: float | None  # promises / contacts
    kept_rate: float | None  # kept / promises
    success_rate: float | None  # kept / contacts
    cash_per_contact: float | None  # cash / contacts, an amount


def contact_effectiveness(contacts, promises, kept, cash):
    """How far the period's contacts led: numbers of contacts, promises and kept ones, and cash.

    Fractions, and cash per contact as an amount. Negative numbers raise ValueError; cash may be
    negative when payments bounced.
    """
    for number in aligned(contacts, promises, kept):
        if number < 0:
            raise ValueError(f"Contacts and promises are counted from 0, not {number}.")
    return ContactEffect(
        promise_rate=ratio(promises, contacts),
        kept_rate=ratio(kept, promises),
        success_rate=ratio(kept, contacts),
        cash_per_contact=ratio(cash, contacts),
    )
