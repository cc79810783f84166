"""Money as ``Decimal``: the one place where figures from outside become exact.

Every amount inside ``core`` is a ``Decimal`` in company currency, a multiple of the currency's
smallest unit. Floats stop here.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, InvalidOperation

ZERO = Decimal(0)
HUNDRED = Decimal(100)
# Any float has a value to the cent: what somebody typed by mistake ends in a hold, not an error.
_ANY_FLOAT = Context(prec=350)


def quantum(digits: int = 2) -> Decimal:
    """The smallest unit of a currency with ``digits`` decimals: 2 -> 0.01, 0 -> 1."""
    return Decimal(1).scaleb(-digits)


def to_decimal(value: float | str | Decimal | int, digits: int = 2) -> Decimal:
    """Return ``value`` rounded half-up (away from zero) to ``digits`` decimals.

    A float is read as the shortest decimal it prints as, so 1.005 is 1.01: the cent a person
    typed, not the binary neighbour just below it.

    :raise ValueError: when ``value`` is not a finite number
    """
    return _rounded(value, digits, ROUND_HALF_UP)


def floor_to(value: Decimal, digits: int = 2) -> Decimal:
    """The largest multiple of the quantum that is not above ``value``."""
    return _rounded(value, digits, ROUND_FLOOR)


def ceil_to(value: Decimal, digits: int = 2) -> Decimal:
    """The smallest multiple of the quantum that is not below ``value``."""
    return _rounded(value, digits, ROUND_CEILING)


def _rounded(value, digits, rounding):
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        if not number.is_finite():
            raise InvalidOperation
        return number.quantize(quantum(digits), rounding=rounding, context=_ANY_FLOAT)
    except InvalidOperation:
        raise ValueError(f"not an amount of money: {value!r}") from None
