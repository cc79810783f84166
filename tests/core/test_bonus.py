"""The bonus statement: worked months, borders of steps, what is refused, what always holds."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import bonus
from credit_collection.core.bonus import Criterion

YEAR = (1, 1, 1, 1, 1, 1.2, 1.5, 1.2, 1, 1, 1, 0.8)
FALLING = ((0.5, 1.2), (1, 1), (1.1, 0.5))
RISING = ((0.8, 0.5), (0.9, 0.75), (1, 1), (1.1, 1.2))
OVERDUE = Criterion("overdue_to_turnover", "at_most", 0.15, 0.7, FALLING, seasonal=True)
CASH = Criterion("cash_plan_rate", "at_least", 1, 0.3, RISING)
BOTH = (OVERDUE, CASH)


@pytest.mark.parametrize(
    ("result", "amount", "status"),
    [(0, 30_000, "paid"), (0.1499, 30_000, "paid"), (0.15, 30_000, "paid"), (0.1501, 0, "missed")],
)
def test_salesperson_is_paid_up_to_15_percent(result, amount, status):
    statement = bonus.payout(30_000, bonus.SALESPERSON, {"overdue_to_turnover": result}, 4)
    assert (statement.total, statement.lines[0].status) == (amount, status)


def test_team_leader_at_81_4_percent_of_the_cash_plan():
    results = {"cash_plan_rate": 3_500_000 / 4_300_000}
    (line,) = bonus.payout(40_000, bonus.TEAM_LEADER, results, 4).lines
    assert line.result == line.achieved == Decimal("0.8140")
    assert (line.payout, line.amount) == (Decimal("0.5"), 20_000)


def test_a_statement_is_checked_with_a_pocket_calculator():
    results = {"overdue_to_turnover": 0.24, "cash_plan_rate": 0.9302}
    statement = bonus.payout(33_333.33, BOTH, results, 7, YEAR)
    overdue, cash = statement.lines
    assert overdue.norm == Decimal("0.2250")  # 0.15 x 1.5 in July
    assert overdue.achieved == Decimal("1.0667")  # 0.24 / 0.225
    assert overdue.amount == Decimal("11666.67")  # 33,333.33 x 0.7 x 0.5
    assert cash.norm == 1  # not seasonal
    assert cash.amount == Decimal("7500.00")  # 33,333.33 x 0.3 x 0.75 = 7,499.99925
    assert statement.total == Decimal("19166.67")


@pytest.mark.parametrize(
    ("achieved", "payout"), [(0.5, 1.2), (0.51, 1), (1, 1), (1.01, 0.5), (1.1, 0.5), (1.11, 0)]
)
def test_falling_steps_at_their_borders(achieved, payout):
    assert float(OVERDUE.payout_at(Decimal(str(achieved)))) == payout


@pytest.mark.parametrize(
    ("achieved", "payout"),
    [(0.79, 0), (0.8, 0.5), (0.89, 0.5), (0.9, 0.75), (1, 1), (1.09, 1), (1.1, 1.2), (9, 1.2)],
)
def test_rising_steps_at_their_borders(achieved, payout):
    assert float(CASH.payout_at(Decimal(str(achieved)))) == payout


def test_the_season_moves_the_border_exactly():
    just = bonus.payout(100, bonus.SALESPERSON, {"overdue_to_turnover": 0.18}, 6, YEAR)
    above = bonus.payout(100, bonus.SALESPERSON, {"overdue_to_turnover": 0.1801}, 6, YEAR)
    assert (just.total, above.total) == (100, 0)


def test_what_is_printed_decides():
    (line,) = bonus.payout(100, bonus.SALESPERSON, {"overdue_to_turnover": 0.150049}, 4).lines
    assert (line.result, line.achieved, line.amount) == (Decimal("0.1500"), 1, 100)


def test_an_unknown_figure_pays_nothing_and_says_so():
    results = {"overdue_to_turnover": None, "cash_plan_rate": 1}
    overdue, cash = bonus.payout(1_000, BOTH, results, 1).lines
    assert overdue.result is overdue.achieved is None
    assert (overdue.payout, overdue.amount, overdue.status) == (0, 0, "unknown")
    assert (cash.amount, cash.status) == (300, "paid")


def test_steps_in_the_result_itself():
    days = Criterion("dso", "at_most", 40, 1, ((30, 1), (45, 0.5)), measure="result")
    for result, total in [(30, 100), (30.01, 50), (45, 50), (45.01, 0)]:
        assert bonus.payout(100, [days], {"dso": result}, 1).total == total


def test_what_if_the_norm_were_12_percent():
    results = {"overdue_to_turnover": 0.14}
    norms = {"overdue_to_turnover": 0.12}
    assert bonus.payout(500, bonus.SALESPERSON, results, 4).total == 500
    what_if = bonus.simulate(500, bonus.SALESPERSON, results, 4, norms)
    assert (what_if.lines[0].norm, what_if.total) == (Decimal("0.1200"), 0)
    assert bonus.SALESPERSON[0].norm == 0.15


def test_simulation_names_what_it_cannot_change():
    days = Criterion("dso", "at_most", 40, 1, ((30, 1),), measure="result")
    with pytest.raises(ValueError, match="no criterion dso"):
        bonus.with_norms(BOTH, {"dso": 30})
    with pytest.raises(ValueError, match="do not depend on the norm"):
        bonus.with_norms([days], {"dso": 30})


def test_base_from_cash():
    assert bonus.base_from_cash(3_500_000, 0.01) == 35_000
    assert bonus.base_from_cash(1234.5, 0.01) == Decimal("12.35")  # 12.345, half up
    assert bonus.base_from_cash(-5, 0.01) == 0
    assert bonus.base_from_cash(100, 0) == 0
    assert bonus.base_from_cash(100, 1) == 100
    with pytest.raises(ValueError, match="between 0 and 1, not 1.5"):
        bonus.base_from_cash(1, 1.5)


def test_a_step_may_pay_nothing():
    criterion = replace(CASH, weight=1, steps=((0.5, 0), (1, 1)))
    (line,) = bonus.payout(100, [criterion], {"cash_plan_rate": 0.6}, 1).lines
    assert (line.amount, line.status) == (0, "missed")


def test_currencies_without_cents():
    thirds = [replace(CASH, weight=1 / 3), replace(OVERDUE, weight=2 / 3)]
    results = {"overdue_to_turnover": 0.15, "cash_plan_rate": 1}
    statement = bonus.payout(100, thirds, results, 1, digits=0)
    assert [line.amount for line in statement.lines] == [33, 67]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"direction": "below"}, "direction is at_most or at_least"),
        ({"measure": "x"}, "measure the ratio or the result"),
        ({"measure": "result"}, "know no season"),
        ({"weight": 0}, "weight must be above 0"),
        ({"norm": 0}, "norm must be above 0"),
        ({"steps": ()}, "at least one step"),
        ({"steps": ((1, -0.1),)}, "not pay less than 0"),
        ({"steps": ((1, 1), (1, 0.5))}, "thresholds of the steps must increase"),
        ({"steps": ((1, 0.5), (1.1, 1))}, "better result must not pay less"),
        ({"direction": "at_least"}, "better result must not pay less"),
    ],
)
def test_a_criterion_checks_itself(changes, sentence):
    with pytest.raises(ValueError, match=f"overdue_to_turnover: .*{sentence}"):
        replace(OVERDUE, **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"base": -1}, "base of a bonus must not be negative"),
        ({"criteria": (OVERDUE,)}, "must sum to 1, not to 0.7"),
        ({"criteria": ()}, "must sum to 1, not to 0"),
        ({"criteria": (OVERDUE, replace(OVERDUE, weight=0.3))}, "only one criterion"),
        ({"results": {"cash_plan_rate": 1}}, "No result was given for overdue_to_turnover"),
        ({"month": 13}, "from 1 to 12, not 13"),
        ({"coefficients": YEAR[1:]}, "needs 12 seasonal coefficients, not 11"),
        ({"coefficients": (0.0001,) * 12}, "coefficient makes the norm 0"),
    ],
)
def test_a_payout_refuses_what_makes_no_bonus(changes, sentence):
    results = {"overdue_to_turnover": 0.1, "cash_plan_rate": 1}
    call = {"base": 100, "criteria": BOTH, "results": results, "month": 1, **changes}
    with pytest.raises(ValueError, match=sentence):
        bonus.payout(**call)


fractions = st.one_of(st.none(), st.floats(-2, 5))


@given(st.integers(0, 10**7), fractions, fractions, st.integers(1, 12))
def test_payouts_stay_within_the_steps_and_add_up(base, overdue, cash, month):
    results = {"overdue_to_turnover": overdue, "cash_plan_rate": cash}
    statement = bonus.payout(base, BOTH, results, month, YEAR)
    assert statement.total == sum(line.amount for line in statement.lines)
    assert all(0 <= line.payout <= Decimal("1.2") for line in statement.lines)
    assert 0 <= statement.total <= base * Decimal("1.2") + Decimal("0.01")


@given(st.floats(0, 3), st.floats(0, 3))
def test_a_better_result_never_pays_less(first, second):
    low, high = sorted((first, second))
    for criterion, better, worse in [(OVERDUE, low, high), (CASH, high, low)]:
        alone = [replace(criterion, weight=1)]
        paid = [bonus.payout(100, alone, {criterion.figure: r}, 1).total for r in (better, worse)]
        assert paid[0] >= paid[1]
