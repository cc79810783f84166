"""Is it worth it? (example G6)"""

import pytest

from credit_collection.core import case


def test_what_an_agency_leaves():
    assert case.worth(100, 0.20, 0.25).net == pytest.approx(15.0)
    assert case.worth(100, 0.45, 0.35).net == pytest.approx(29.25)


@pytest.mark.parametrize(("costs", "pursue"), [(14.99, True), (15, False), (15.01, False)])
def test_pursue_only_when_more_comes_in_than_it_costs(costs, pursue):
    worth = case.worth(100, 0.20, 0.25, costs)
    assert worth.pursue is pursue
    assert worth.gain == pytest.approx(15 - costs)


@pytest.mark.parametrize(
    ("days", "amount", "fee"),
    [(10, 50, 0.25), (10, 10_000, 0.15), (181, 50, 0.35), (181, 10_000, 0.35), (400, 1, 0.5)],
)
def test_the_fee_by_age_and_amount(days, amount, fee):
    steps = [(0, 0, 0.25), (0, 10_000, 0.15), (181, 0, 0.35), (366, 0, 0.5)]
    assert case.fee_rate(steps, days, amount) == fee


def test_no_fee_fits():
    assert case.fee_rate([(30, 0, 0.25)], 29, 100) is None


@pytest.mark.parametrize("values", [(100, 1.1), (100, 0.5, 1.1), (-1, 0.5), (1, 0.5, 0.1, -1)])
def test_bad_input(values):
    with pytest.raises(ValueError):
        case.worth(*values)
