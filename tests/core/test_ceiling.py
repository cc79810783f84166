"""Ceilings, the cost of credit, and whether it is worth it."""

import pytest

from credit_collection.core import ceiling


def test_a_balance_that_stands_all_year_costs_the_rate_once():
    assert ceiling.cost_of_credit(20_000_000, 73, 0.12) == pytest.approx(480_000)


def test_sales_to_earn_a_loss_back():
    assert ceiling.sales_to_earn_back(1_000_000, 0.30) == pytest.approx(3_333_333, abs=1)
    assert ceiling.sales_to_earn_back(1_000_000, 0) is None


def test_money_that_waits_loses_value():
    loss = ceiling.inflation_loss(100_000, 90, 0.12)
    assert loss.linear == pytest.approx(2_959, abs=0.5)
    assert loss.compound == pytest.approx(2_756, abs=0.5)


def test_five_days_of_dso():
    assert ceiling.released_by_days(36_500_000, 5) == 500_000


def test_ceilings_and_which_is_crossed():
    working = ceiling.working_ceiling(9_000_000, 90, 20)
    critical = ceiling.critical_ceiling(1_500_000, 500_000, 600_000, 1_000_000)
    assert (working, critical) == (2_000_000, 2_400_000)
    assert ceiling.status(2_000_000, working, critical) == "below"
    assert ceiling.status(2_000_001, working, critical) == "working"
    assert ceiling.status(2_400_001, working, critical) == "critical"
    assert ceiling.status(1) == "below"
    assert ceiling.working_ceiling(1, 0, 20) is None


def test_receivables_that_outgrow_sales_twice_running_are_a_warning():
    sales = [100, 110, 121]
    assert ceiling.grows_too_fast([100, 120, 144], sales, 0.05)
    assert not ceiling.grows_too_fast([100, 120, 132], sales, 0.05)
    assert not ceiling.grows_too_fast([100, 120], [100, 110], 0.05)
    assert ceiling.growth([0, 5], [1, 1]) == [None]


def test_receivables_of_the_coming_months():
    # 45 days to pay: half a month of the first sales is still open after the second.
    assert ceiling.receivables_to_plan(900, [300, 600], 45) == pytest.approx([600, 750])
    assert ceiling.receivables_to_plan(900, [300], 0) == [0]


def test_what_a_policy_earns_is_what_its_parts_leave():
    found = ceiling.is_credit_worth_it(20_000_000, 0.1, 73, 0.12, 0.01, 0.005, 50_000)
    assert found == pytest.approx((2_000_000, 480_000, 200_000, 100_000, 50_000, 1_170_000))


@pytest.mark.parametrize(
    "call",
    [
        lambda: ceiling.cost_of_credit(-1, 73, 0.12),
        lambda: ceiling.cost_of_credit(1, 73, 0.12, 0),
        lambda: ceiling.cost_of_credit(float("nan"), 73, 0.12),
        lambda: ceiling.sales_to_earn_back("a lot", 0.3),
        lambda: ceiling.inflation_loss(1, 1, -1),
        lambda: ceiling.growth([1], []),
    ],
)
def test_what_is_no_figure_is_refused(call):
    with pytest.raises(ValueError, match="must|needs"):
        call()
