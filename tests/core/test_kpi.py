"""The nine figures: the published worked examples and the edges where a figure is undefined."""

import importlib.util
from datetime import date
from decimal import Decimal

import pytest

from credit_collection.core import kpi

UNDEFINED = [
    (kpi.overdue_share, (0, 0)),
    (kpi.overdue_share, (100, -5)),
    (kpi.weighted_days_overdue, ([], 0)),
    (kpi.weighted_days_overdue, ([(10, 3)], -10)),
    (kpi.cash_plan_rate, (100, 0)),
    (kpi.cash_plan_rate, (100, -1)),
    (kpi.overdue_to_turnover, (100, 0)),
    (kpi.overdue_to_turnover, (100, -1)),
    (kpi.dso_simple, (100, 0, 30)),
    (kpi.dso_simple, (100, -1, 30)),
    (kpi.dso_simple, (-1, 100, 30)),
    (kpi.dso_simple, (100, 100, 0)),
    (kpi.dso_best_possible, (100, 0, 30)),
    (kpi.dso_best_possible, (-1, 100, 30)),
    (kpi.dso_count_back, (100, [])),
    (kpi.dso_count_back, (0, [])),
    (kpi.dso_count_back, (0, [(0, 30)])),
    (kpi.dso_count_back, (100, [(0, 30), (0, 31)])),
    (kpi.dso_count_back, (-1, [(100, 30)])),
    (kpi.dso_count_back, (101, [(60, 30), (40, 31)])),
    (kpi.collection_effectiveness, (0, 0, 0, 0)),
    (kpi.collection_effectiveness, (100, 50, 150, 150)),
]

REFUSED = [
    (kpi.cash_plan, (1, 1, 1, 20, 1, "guess"), "Unknown cash plan method 'guess'"),
    (kpi.cash_plan, (1, 1, 1, -1, 1), "days must not be negative"),
    (kpi.weighted_days_overdue, ([(10, -1)], 100), "days must not be negative"),
    (kpi.dso_simple, (1, 1, -30), "days must not be negative"),
    (kpi.dso_best_possible, (1, 1, -30), "days must not be negative"),
    (kpi.dso_count_back, (1, [(5, 30), (5, -31)]), "days must not be negative"),
    (kpi.overdue_share, (None, 100), "number is needed here, not None"),
    (kpi.overdue_share, ("1", 100), "number is needed here, not '1'"),
    (kpi.overdue_share, (float("nan"), 100), "number is needed here, not nan"),
    (kpi.overdue_share, (1, Decimal("Infinity")), "number is needed here"),
]


def test_overdue_share_of_the_manager_at_30_percent():
    assert kpi.overdue_share(900_000, 3_000_000) == 0.3


def test_weighted_days_overdue_comes_out_at_2_days():
    items = [(50_000, 21), (150_000, 14), (125_000, 7), (125_000, 1)]
    days = kpi.weighted_days_overdue(items, 2_100_000)
    assert days == 4_150_000 / 2_100_000
    assert f"{days:.1f}" == "2.0"


def test_weighted_days_overdue_reads_any_iterable_and_is_0_when_nothing_is_overdue():
    assert kpi.weighted_days_overdue(iter([(100, 3), (100, 0)]), 600) == 0.5
    assert kpi.weighted_days_overdue([], 600) == 0


def test_cash_plan_as_published():
    assert kpi.cash_plan(1_750_000, 350_000, 3_000_000, 20, 200_000) == 4_300_000
    assert kpi.cash_plan(0, 0, 3_000_000, 20, 0, method="published") == 2_000_000


@pytest.mark.parametrize(
    ("deferral", "expected"), [(0, 3_000), (20, 1_000), (29, 100), (30, 0), (31, 0), (90, 0)]
)
def test_cash_plan_due_within_the_month_is_never_below_zero(deferral, expected):
    assert kpi.cash_plan(5, 6, 3_000, deferral, 7, method="due_within_month") == 18 + expected


def test_cash_plan_due_within_the_month_ignores_a_negative_sales_plan():
    assert kpi.cash_plan(0, 0, -3_000, 20, 0, method="due_within_month") == 0


def test_cash_plan_rate_comes_out_at_81_4_percent():
    assert f"{kpi.cash_plan_rate(3_500_000, 4_300_000):.1%}" == "81.4%"
    assert kpi.cash_plan_rate(-100, 1_000) == -0.1


def test_overdue_to_turnover_at_the_norm():
    assert kpi.overdue_to_turnover(450_000, 3_000_000) == 0.15


def test_overdue_parts_larger_than_the_receivables_or_in_credit_show():
    assert kpi.overdue_share(150, 100) == 1.5
    assert kpi.overdue_share(-20, 100) == -0.2


def test_dso_simple_and_best_possible():
    assert kpi.dso_simple(1_500, 3_000, 90) == 45
    assert kpi.dso_best_possible(1_000, 3_000, 90) == 30
    assert kpi.dso_simple(0, 3_000, 90) == 0


@pytest.mark.parametrize(
    ("receivable", "expected"),
    [
        (0, 0),
        (50, 15),
        (99, 29.7),
        (100, 30),
        (101, 30.155),
        (300, 61),
        (301, 89.1),  # the month without sales is passed with all its days
        (400, 99),
    ],
)
def test_dso_count_back_walks_from_the_latest_period(receivable, expected):
    periods = [(100, 30), (200, 31), (0, 28), (1000, 100)]
    assert kpi.dso_count_back(receivable, iter(periods)) == pytest.approx(expected)


def test_dso_count_back_without_receivables_is_0_whatever_was_sold_last():
    assert kpi.dso_count_back(0, [(0, 28), (-5, 31), (100, 30)]) == 0


def test_dso_count_back_hands_a_month_of_credit_notes_on():
    assert kpi.dso_count_back(800, [(-200, 30), (1_000, 31)]) == 61


def test_dso_count_back_leaves_no_crumbs_of_floats():
    assert kpi.dso_count_back(0.1 + 0.2, [(0.1, 30), (0.2, 31)]) == 61
    assert kpi.dso_count_back(0.1 + 0.2, [(0.2, 30), (0.1, 31), (0, 28), (5, 31)]) == 61


def test_collection_effectiveness():
    assert kpi.collection_effectiveness(2_000, 3_000, 1_500, 1_000) == 3_500 / 4_000
    assert kpi.collection_effectiveness(2_000, 3_000, 1_000, 1_000) == 1
    assert kpi.collection_effectiveness(1_000, 0, 1_500, 0) == -0.5


@pytest.mark.parametrize(("figure", "arguments"), UNDEFINED)
def test_undefined_figures_are_none(figure, arguments):
    assert figure(*arguments) is None


@pytest.mark.parametrize(("figure", "arguments", "sentence"), REFUSED)
def test_bad_input_is_refused_in_a_sentence(figure, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        figure(*arguments)


def test_one_decimal_makes_the_result_a_decimal():
    assert kpi.overdue_share(Decimal("0.3"), 1.5) == Decimal("0.2")
    assert kpi.cash_plan(Decimal("0.1"), 0.2, 30, 10, 0) == Decimal("10.3")
    assert kpi.dso_count_back(Decimal(150), [(100.0, 30), (100, 30)]) == Decimal(45)
    assert isinstance(kpi.weighted_days_overdue([(Decimal(5), 2)], 5.0), Decimal)
    assert isinstance(kpi.overdue_share(1, 2), float)


def test_the_file_loads_on_its_own():
    spec = importlib.util.spec_from_file_location("kpi_alone", kpi.__file__)
    alone = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(alone)
    assert alone.overdue_share(1, 4) == 0.25


@pytest.mark.parametrize(
    ("first", "last", "planned"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), 4_300_000),
        (date(2026, 10, 1), date(2026, 10, 15), 4_300_000 * 15 / 31),
        (date(2026, 10, 16), date(2026, 11, 15), 4_300_000 * 16 / 31 + 1_000_000 / 2),
        (date(2026, 10, 1), date(2026, 12, 31), 5_300_000),
        (date(2026, 11, 1), date(2026, 11, 30), 1_350_000),
        (date(2027, 1, 1), date(2027, 1, 31), 0),
    ],
)
def test_plan_of_any_period_counts_what_is_overdue_once(first, last, planned):
    plans = [(date(2026, 11, 1), 1_350_000, 350_000), (date(2026, 10, 1), 4_300_000, 350_000)]
    assert kpi.cash_plan_of_period(plans, first, last) == pytest.approx(planned)
