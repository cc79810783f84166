"""What a decision looks at: the customer's position and the document that asks for credit.

Amounts are ``Decimal`` in company currency, rounded to the currency's digits
(``money.to_decimal``); days are ints.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from ..money import ZERO

QUOTATION, CONFIRMATION, DELIVERY = CHECKPOINTS = ("quotation", "confirmation", "delivery")
# Invoices without an order are checked only where a rule says so.
INVOICE = "invoice"
EVERYWHERE = (*CHECKPOINTS, INVOICE)


@dataclass(frozen=True)
class OpenItem:
    """One posted receivable item; negative for an unapplied payment or credit note.

    :param days_overdue: days past the due date, above 0 when late
    :param disputed: part of ``amount`` under dispute
    :param is_overdue: late beyond the policy's grace days; only such items count as overdue
    :param currency: of the document, any key; items of one currency settle each other
    :param amount_currency: the same in that currency, ``None`` when it is the company's
    :param disputed_currency: and of it the disputed part
    :param alone_share: the part that is left alone, muted or promised, from 0 to 1
    :param is_credit_note: a credit note rather than money
    """

    id: int
    name: str
    amount: Decimal
    date_due: date | None
    days_overdue: int
    disputed: Decimal = ZERO
    is_overdue: bool = field(kw_only=True)
    currency: int | None = field(default=None, kw_only=True)
    amount_currency: Decimal | None = field(default=None, kw_only=True)
    disputed_currency: Decimal = field(default=ZERO, kw_only=True)
    alone_share: Decimal = field(default=ZERO, kw_only=True)
    is_credit_note: bool = field(default=False, kw_only=True)

    @property
    def own_amount(self) -> Decimal:
        """The amount in the currency of the document."""
        return self.amount if self.amount_currency is None else self.amount_currency

    @property
    def own_disputed(self) -> Decimal:
        """The disputed part in the currency of the document."""
        return self.disputed if self.amount_currency is None else self.disputed_currency

    @cached_property
    def undisputed(self) -> Decimal:
        """What the customer owes without contest: never negative."""
        return max(self.amount - self.disputed, ZERO)


@dataclass(frozen=True)
class Fact:
    """One thing that a room knows of a customer, for the rules that ask about it.

    :param name: by which a rule finds it, see :meth:`Position.fact`
    :param value: amount in company currency, or a number
    :param allowed: what that amount may be, when the room knows it and not the rule
    :param text: in words, for the finding
    :param day: a day that matters
    """

    name: str
    value: Decimal | None = None
    allowed: Decimal | None = None
    text: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Position:
    """What a customer owes and what is known about their behaviour.

    :param receivable: posted and open, net of unapplied payments and credit notes
    :param draft: draft invoices less draft credit notes
    :param ordered: confirmed orders still to be invoiced, tax included
    :param uncleared: paid by instruments that have not cleared
    :param assigned: with a factor who may charge it back
    :param credit_limit: ``None`` is unlimited, 0 is prepayment only
    :param limit_expired_on: last valid day of an approved limit that has no successor; the day
        itself is still valid
    :param items: the open items behind ``receivable``, credits set off (``offset.set_off``); may be
        left out when no rule reads them (``decision.needs_items``)
    :param broken_promises: days on which promises were broken
    :param followup_level: name of the highest level reached, '' when none
    :param manual_hold: reason of a hold set by hand on the file, '' when none
    :param digits: decimals of the company currency
    :param facts: what other rooms know of the customer, as far as the rules ask
    """

    receivable: Decimal = ZERO
    draft: Decimal = ZERO
    ordered: Decimal = ZERO
    uncleared: Decimal = ZERO
    assigned: Decimal = ZERO
    credit_limit: Decimal | None = None
    limit_expired_on: date | None = None
    items: tuple[OpenItem, ...] = ()
    broken_promises: tuple[date, ...] = ()
    followup_level: str = ""
    stops_sales: bool = False
    stops_shipments: bool = False
    manual_hold: str = ""
    digits: int = 2
    facts: tuple[Fact, ...] = ()

    @property
    def exposure(self) -> Decimal:
        """Everything at risk: receivable + draft + ordered + uncleared + assigned."""
        return self.receivable + self.draft + self.ordered + self.uncleared + self.assigned

    @property
    def available(self) -> Decimal | None:
        """Credit left, negative above the limit; ``None`` when unlimited."""
        return None if self.credit_limit is None else self.credit_limit - self.exposure

    @cached_property
    def overdue(self) -> Decimal:
        """Undisputed part of the overdue items.

        A dispute has its own owner and deadline, so the disputed part does not count against the
        customer here; it stays in the exposure. Unapplied payments were set off before.
        """
        return sum((item.undisputed for item in self.items if item.is_overdue), ZERO)

    def fact(self, name: str) -> Fact:
        """What is known under a name; an empty fact when nothing is."""
        return next((each for each in self.facts if each.name == name), Fact(name))

    @property
    def unallocated(self) -> Decimal:
        """Unapplied payments and credit notes, as an amount above zero."""
        return -sum((item.amount for item in self.items if item.amount < 0), ZERO)

    @property
    def disputed(self) -> Decimal:
        """Sum of the disputed parts of what is owed."""
        return sum((item.disputed for item in self.items if item.amount > 0), ZERO)


@dataclass(frozen=True)
class Request:
    """A document at a checkpoint.

    :param amount: what the document adds to the exposure; 0 at delivery, where the confirmed
        order is already in it
    :param document_amount: total of the document, tax included
    :param terms_days: days of the document's payment term, ``None`` when it has none
    :param customer_terms_days: days of the customer's own term, ``None`` when none was agreed
    :param prepaid: captured online payment for this document
    :param pays_up_front: the payment term asks for everything before the goods
    :param prepaid_booked: part of ``prepaid`` already posted, hence already taken off
        ``Position.receivable``; it counts as cover and is not taken off the exposure twice
    :param settled: of goods: all that they belong to is paid
    """

    checkpoint: str
    amount: Decimal = ZERO
    document_amount: Decimal = ZERO
    terms_days: int | None = None
    customer_terms_days: int | None = None
    prepaid: Decimal = ZERO
    pays_up_front: bool = False
    prepaid_booked: Decimal = ZERO
    settled: bool = False

    def __post_init__(self):
        if self.checkpoint not in EVERYWHERE:
            raise ValueError(f"unknown checkpoint: {self.checkpoint!r}")

    @property
    def added_exposure(self) -> Decimal:
        """What remains to be trusted to the customer for this document."""
        return self.amount - (self.prepaid - self.prepaid_booked)


def without_order(position: Position, amount: Decimal) -> Position:
    """The position as if an order that contributes ``amount`` to it did not exist."""
    return replace(position, ordered=position.ordered - amount)


def without_draft(position: Position, amount: Decimal) -> Position:
    """The position as if a draft invoice that contributes ``amount`` to it did not exist."""
    return replace(position, draft=position.draft - amount)


def with_prepayment(request: Request, prepaid: Decimal, booked: Decimal) -> Request:
    """The request with what was captured for it, ``booked`` of it posted already."""
    return replace(request, prepaid=prepaid, prepaid_booked=booked)
