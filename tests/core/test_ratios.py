"""Ratios of accounts: what is missing is said, and Altman's scores are read by their own rule."""

import pytest

from credit_collection.core import ratios

PARTS = {"wc_ta": 0.10, "re_ta": 0.20, "ebit_ta": 0.13, "mve_tl": 0.65, "s_ta": 0.95}
STATEMENT = {
    "assets": 1000,
    "current_assets": 600,
    "inventories": 200,
    "liabilities": 800,
    "current_liabilities": 500,
    "equity": 200,
    "retained_earnings": 200,
    "market_equity": 520,
    "sales": 950,
    "ebit": 130,
    "interest": 26,
    "net_profit": 57,
}


def test_altman_of_published_ratios():
    assert ratios.altman(PARTS, "z") == pytest.approx(2.169)
    published = ratios.ALTMAN["z"]
    other = published._replace(coefficients={**published.coefficients, "s_ta": 0.99})
    assert ratios.altman(PARTS, other) == pytest.approx(2.1595)
    assert ratios.ratio("altman_z", STATEMENT) == pytest.approx(2.169)


@pytest.mark.parametrize(
    ("variant", "score", "reading"),
    [
        ("z", 3.0, "sound"),
        ("z", 2.99, "grey"),
        ("z", 1.81, "grey"),
        ("z", 1.80, "distress"),
        ("z_private", 2.91, "sound"),
        ("z_private", 1.23, "grey"),
        ("z_private", 1.22, "distress"),
        ("z_services", 2.61, "sound"),
        ("z_services", 1.1, "grey"),
        ("z_services", 1, "distress"),
        ("z", None, None),
    ],
)
def test_each_variant_has_cut_offs_of_its_own(variant, score, reading):
    assert ratios.altman_reading(score, variant) == reading


def test_the_private_and_the_services_variant():
    assert ratios.ratio("altman_z_private", STATEMENT) == pytest.approx(
        3.107 * 0.13 + 0.998 * 0.95 + 0.420 * 0.25 + 0.717 * 0.10 + 0.847 * 0.20
    )
    assert ratios.ratio("altman_z_services", STATEMENT) == pytest.approx(
        6.72 * 0.13 + 1.05 * 0.25 + 6.56 * 0.10 + 3.26 * 0.20
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("debt_ratio", 0.8),
        ("current_ratio", 1.2),
        ("quick_ratio", 0.8),
        ("equity_share", 0.2),
        ("net_assets", 200),
        ("working_capital", 100),
        ("interest_cover", 5),
        ("profit_margin", 0.06),
    ],
)
def test_ratios_of_one_statement(key, value):
    assert ratios.ratio(key, STATEMENT) == pytest.approx(value)


@pytest.mark.parametrize(
    ("ratio", "reading"),
    [(0.5, "sound"), (0.8, "dependent"), (1, "dependent"), (1.01, "insolvent"), (None, None)],
)
def test_how_the_debt_ratio_is_read(ratio, reading):
    assert ratios.debt_reading(ratio) == reading


@pytest.mark.parametrize("key", ratios.RATIOS)
def test_a_missing_line_is_said_and_never_guessed(key):
    for line in ratios.RATIOS[key].needs:
        statement = {name: amount for name, amount in STATEMENT.items() if name != line}
        assert ratios.ratio(key, statement) is None
        assert ratios.missing(key, statement) == (line,)


def test_nothing_to_divide_by():
    assert ratios.ratio("interest_cover", {**STATEMENT, "interest": 0}) is None


def test_unknown_ratios_and_variants_are_refused():
    for call in (
        lambda: ratios.ratio("x", {}),
        lambda: ratios.altman({}, "x"),
        lambda: ratios.missing("x", {}),
    ):
        with pytest.raises(ValueError, match="There is no"):
            call()
    with pytest.raises(ValueError, match="number"):
        ratios.ratio("equity_share", {"equity": "much", "assets": 1})
