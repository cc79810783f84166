"""A criterion of a bonus: one figure, its norm, and what each result pays."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from .fault import Fault, _lt
from .kpi import aligned

AT_MOST, AT_LEAST = "at_most", "at_least"
RATIO, RESULT = "ratio", "result"
DIGITS = 4


def exact(value):
    """The number as the Decimal that one would write: 0.1 is 0.1."""
    return aligned(Decimal(0), value)[1]


def rounded(value, digits=DIGITS):
    """Round half up, as people do."""
    return exact(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


class Exactly(NamedTuple):
    """The numbers of a criterion as Decimals, as one would write them."""

    norm: Decimal
    weight: Decimal
    steps: tuple


@dataclass(frozen=True)
class Criterion:
    """What one figure pays.

    ``steps`` are pairs (threshold, payout fraction), thresholds increasing. They are compared with
    result / norm, or with the result itself when ``measure`` is "result" (then the norm is only
    shown). ``at_most`` pays the first step whose threshold is not exceeded, so payouts fall;
    ``at_least`` pays the last step whose threshold is reached, so payouts rise; none pays 0.
    ``weight`` is the criterion's part of the base; ``seasonal`` asks for the month's coefficient.
    """

    figure: str
    direction: str
    norm: float | Decimal
    weight: float | Decimal
    steps: tuple
    seasonal: bool = False
    measure: str = RATIO

    def __post_init__(self):
        if self.direction not in (AT_MOST, AT_LEAST):
            raise ValueError(f"{self.figure}: the direction is at_most or at_least.")
        if self.measure not in (RATIO, RESULT):
            raise ValueError(f"{self.figure}: steps measure the ratio or the result.")
        if self.seasonal and self.measure == RESULT:
            raise Fault(
                _lt("%(figure)s: steps in the result itself know no season."), figure=self.figure
            )
        if self.exactly.weight <= 0:
            raise Fault(_lt("%(figure)s: the weight must be above 0."), figure=self.figure)
        if rounded(self.norm) <= 0:
            raise Fault(_lt("%(figure)s: the norm must be above 0."), figure=self.figure)
        self._check_steps()

    def _check_steps(self):
        steps = self.exactly.steps
        if not steps:
            raise Fault(_lt("%(figure)s: at least one step is needed."), figure=self.figure)
        if min(payout for _, payout in steps) < 0:
            raise Fault(_lt("%(figure)s: a step must not pay less than 0."), figure=self.figure)
        for (threshold, payout), (threshold_2, payout_2) in zip(steps, steps[1:], strict=False):
            if threshold_2 <= threshold:
                raise Fault(
                    _lt("%(figure)s: the thresholds of the steps must increase."),
                    figure=self.figure,
                )
            if payout_2 != payout and (payout_2 > payout) != (self.direction == AT_LEAST):
                raise Fault(
                    _lt("%(figure)s: a better result must not pay less."), figure=self.figure
                )

    @cached_property
    def exactly(self) -> Exactly:
        """The numbers of the criterion, made exact once."""
        norm, weight, *numbers = aligned(
            Decimal(0), self.norm, self.weight, *chain.from_iterable(self.steps)
        )[1:]
        return Exactly(norm, weight, tuple(zip(numbers[::2], numbers[1::2], strict=True)))

    def payout_at(self, achieved):
        """The payout fraction for what was achieved: a ratio, or the result itself."""
        steps = self.exactly.steps
        if self.direction == AT_MOST:
            return next((payout for most, payout in steps if achieved <= most), Decimal(0))
        return next((payout for least, payout in reversed(steps) if achieved >= least), Decimal(0))


def check_criteria(criteria):
    """Refuse criteria that do not make one bonus: weights sum to 1, each figure counts once."""
    figures = [criterion.figure for criterion in criteria]
    if len(set(figures)) < len(figures):
        raise Fault(_lt("Each figure can be only one criterion of a bonus."))
    total = sum(criterion.exactly.weight for criterion in criteria)
    if rounded(total) != 1:
        raise Fault(
            _lt("The weights of the criteria must sum to 1, not to %(total)s."), total=total
        )
