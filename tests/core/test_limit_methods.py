"""Proposals of limits to the cent, their combination, and the cap that bound."""

from decimal import Decimal

import pytest

from credit_collection.core import limit_methods as methods


def test_the_smallest_of_need_net_worth_and_turnover():
    found = methods.combine(
        {
            "need": methods.agency(50_000),
            "net_assets": methods.share_of_net_assets(80_000, 0.35),
            "turnover": methods.share_of_turnover(700_000, 0.05),
        }
    )
    assert found.amount == Decimal("28000.00")
    assert [step.code for step in found.steps][-1] == "smallest"


def test_fifteen_points_are_worth_a_band():
    table = [(None, 10, 0), (10, 15, 5_000), (15, 20, 15_000), (20, None, 30_000)]
    assert methods.by_points(5 + 5 + 5, table).amount == 15_000
    assert methods.by_points(14.99, table).amount == 5_000
    assert methods.by_points(None, table).amount is None
    with pytest.raises(ValueError, match="No band covers"):
        methods.by_points(5, [(None, 4, 1), (7, None, 2)])


def test_shipments_of_six_months():
    assert methods.from_shipments(1_200_000, 1.10, 0.5, 4).amount == 165_000
    with pytest.raises(ValueError, match="above 0"):
        methods.from_shipments(1_200_000, 1.10, 0.5, 0)


def test_the_need_follows_from_sales_term_and_usual_delay():
    found = methods.need_from_sales(30_000, 30, 15)
    assert found.amount == 45_000
    assert found.steps[0].values["usual_delay"] == 15


@pytest.mark.parametrize(
    ("proposal", "amount"),
    [
        (methods.from_forecast(365_000, 30, 10), 40_000),
        (methods.share_of_net_assets(-5_000, 0.35), 0),
        (methods.ability_to_pay(90_000, 365_000, 0.5, 30), 15_000),
        (methods.ability_to_pay(20_000, None, 0.5, 30), 10_000),
        (methods.ability_to_pay(None, -5, 0.5, 30), 0),
        (methods.own_exposure(12_000, 1.25), 15_000),
        (methods.weighted_need(10_000, 1.2, 0.5, 0.9), 5_400),
        (methods.weighted_need(10_000, 1.2, 0.5, 0.9, weights=(1, 0, 1)), 10_800),
    ],
)
def test_each_method_to_the_cent(proposal, amount):
    assert proposal.amount == amount


@pytest.mark.parametrize(
    "proposal",
    [
        methods.need_from_sales(None, 30, 0),
        methods.agency(None),
        methods.ability_to_pay(None, None, 0.5, 30),
        methods.own_exposure(None, 1.2),
    ],
)
def test_what_is_missing_is_said(proposal):
    assert proposal.amount is None
    assert proposal.steps[0].code == "missing"


def test_average_weighted_and_what_has_no_amount_is_left_out():
    proposals = {
        "a": methods.agency(10_000),
        "b": methods.agency(40_000),
        "c": methods.agency(None),
    }
    assert methods.combine(proposals, "average").amount == 25_000
    assert methods.combine(proposals, "weighted", {"a": 3, "b": 1}).amount == 17_500
    assert methods.combine({"c": proposals["c"]}).amount is None
    assert methods.combine(proposals, "weighted", {"c": 1}).amount is None


def test_factors_then_the_cap_that_bound_then_rounding():
    found = methods.combine(
        {"need": methods.agency(100_000)},
        factors=[("grade", 0.8), ("market", 0.7)],
        caps=[("sales_share", 50_050), ("policy", 90_000), ("cover", None)],
        round_to=100,
    )
    assert found.amount == 50_000
    assert methods.bound_by(found) == "cap_sales_share"
    assert [step.code for step in found.steps][-4:] == [
        "factor_grade",
        "factor_market",
        "cap_sales_share",
        "rounded",
    ]


def test_no_cap_binds_what_is_below_all_of_them():
    found = methods.combine({"need": methods.agency(100)}, caps=[("policy", 100)])
    assert found.amount == 100
    assert methods.bound_by(found) is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: methods.need_from_sales(-1, 30, 0),
        lambda: methods.need_from_sales("x", 30, 0),
        lambda: methods.agency(float("nan")),
        lambda: methods.combine({}, "guess"),
        lambda: methods.combine({"a": methods.agency(1)}, factors=[("grade", -1)]),
    ],
)
def test_what_makes_no_limit_is_refused(call):
    with pytest.raises(ValueError, match="must|combined"):
        call()
