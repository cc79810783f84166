"""The clock of limitation in the shipped laws (examples G1-G5 and the table of G)."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from credit_collection.core.limitation import KINDS, SHIPPED, Effect, Law, limitation, reasons


def last_day(code, *events):
    return limitation(events, SHIPPED[code])[0]


@pytest.mark.parametrize(
    ("code", "due", "expected"),
    [
        ("FR", date(2017, 7, 31), date(2022, 7, 31)),  # G1
        ("UK", date(2000, 11, 30), date(2006, 11, 30)),  # G2
        ("DE", date(2017, 5, 9), date(2020, 12, 31)),  # G3
        ("DE", date(2017, 12, 31), date(2020, 12, 31)),
        ("DE", date(2015, 1, 1), date(2018, 12, 31)),
        ("PL", date(2019, 3, 4), date(2022, 12, 31)),  # G4
        ("PL-sale", date(2019, 3, 4), date(2021, 12, 31)),
        ("FR", date(2020, 4, 1), date(2025, 4, 1)),  # G5: barred from the next day
        ("RU", date(2020, 1, 31), date(2023, 1, 31)),
        ("RU", date(2020, 2, 29), date(2023, 2, 28)),
        ("CN", date(2020, 6, 30), date(2023, 6, 30)),
        ("UK-deed", date(2000, 11, 30), date(2012, 11, 30)),
        ("other", date(2020, 6, 30), date(2023, 6, 30)),
    ],
)
def test_from_the_due_date(code, due, expected):
    assert last_day(code, (due, "due")) == expected


# Which events restart the clock, as the table of the laws has it.
RESTARTS = {
    "RU": {"acknowledgement", "confirmation"},
    "PL": {"acknowledgement", "suit"},
    "DE": {"acknowledgement", "part_payment", "enforcement"},
    "UK": {"acknowledgement", "part_payment"},
    "FR": {"acknowledgement", "part_payment", "suit", "enforcement"},
    "CN": {"letter", "acknowledgement", "suit"},
    "other": set(),
}


@pytest.mark.parametrize("code", RESTARTS)
@pytest.mark.parametrize(
    "kind",
    ["letter", "part_payment", "acknowledgement", "confirmation", "suit", "enforcement"],
)
def test_what_restarts_the_clock(code, kind):
    due, event = date(2020, 3, 10), date(2021, 10, 5)
    plain = last_day(code, (due, "due"))
    day, because = limitation([(due, "due"), (event, kind)], SHIPPED[code])
    if kind in RESTARTS[code]:
        years = SHIPPED[code].years
        expected = date(2021 + years, 10, 5)
        assert day == (date(2021 + years, 12, 31) if code == "PL" else expected)
        assert "2021-10-05" in because
    elif kind == "suit" and code in ("RU", "DE"):
        assert day is None and "stands still" in because
    else:
        assert day == plain


def test_a_letter_restarts_only_in_china():
    assert RESTARTS.keys() - {"CN"} == {
        code
        for code in RESTARTS
        if last_day(code, (date(2020, 3, 10), "due"), (date(2021, 1, 1), "letter"))
        == last_day(code, (date(2020, 3, 10), "due"))
    }


@pytest.mark.parametrize("code", ["UK", "FR"])
def test_a_part_payment_after_the_end_changes_nothing(code):
    due = date(2010, 5, 1)
    end = last_day(code, (due, "due"))
    on_time = last_day(code, (due, "due"), (end, "part_payment"))
    assert on_time == date(end.year + SHIPPED[code].years, 5, 1)
    assert last_day(code, (due, "due"), (end + timedelta(1), "part_payment")) == end


def test_restarted_again_and_again_it_ends_with_the_longest_period():
    due = date(2010, 1, 15)
    events = [(due, "due"), *((date(2010 + n, 1, 15), "acknowledgement") for n in range(2, 10, 2))]
    day, because = limitation(events, SHIPPED["RU"])
    assert day == date(2020, 1, 15)
    assert "longest" in because
    assert last_day("CN", (due, "due"), (date(2012, 1, 15), "letter")) == date(2015, 1, 15)


def test_once_restarted_the_german_period_is_counted_from_the_day():
    assert last_day("DE", (date(2017, 2, 1), "due"), (date(2019, 3, 15), "part_payment")) == date(
        2022, 3, 15
    )
    # In the year in which it arose nothing runs yet: the restart shortens nothing.
    assert last_day("DE", (date(2017, 2, 1), "due"), (date(2017, 3, 15), "part_payment")) == date(
        2020, 12, 31
    )


def test_talks_lengthen_the_period_by_their_days():
    due = (date(2020, 3, 10), "due")
    talks = [(date(2021, 3, 1), "mediation_start"), (date(2021, 3, 31), "mediation_end")]
    assert last_day("FR", due, *talks) == date(2025, 4, 9)
    assert last_day("DE", due, *talks) == date(2024, 1, 30)
    assert last_day("RU", due, *talks) == date(2023, 3, 10)
    assert last_day("FR", due, talks[0]) is None
    assert last_day("FR", due, talks[1]) == date(2025, 3, 10)


def test_polish_mediation_restarts_until_june_2022_and_pauses_since():
    due = (date(2020, 3, 10), "due")
    assert last_day("PL", due, (date(2022, 6, 29), "mediation_start")) == date(2025, 12, 31)
    # Three years and 31 days still end in 2023; three years and 305 days in the next.
    for end, year in ((date(2022, 8, 1), 2023), (date(2023, 5, 2), 2024)):
        events = [due, (date(2022, 7, 1), "mediation_start"), (end, "mediation_end")]
        assert last_day("PL", *events) == date(year, 12, 31)


def test_overlapping_pauses_count_once():
    law = Law("x", 3, effects=(Effect("mediation_start", "pause"),))
    events = [
        (date(2020, 1, 1), "due"),
        (date(2020, 2, 1), "mediation_start"),
        (date(2020, 2, 11), "mediation_start"),
        (date(2020, 3, 1), "mediation_end"),
    ]
    assert limitation(events, law)[0] == date(2023, 1, 1) + timedelta(29)


def test_a_restart_during_a_pause_counts_from_its_end():
    events = [
        (date(2020, 1, 1), "due"),
        (date(2021, 2, 1), "mediation_start"),
        (date(2021, 2, 11), "acknowledgement"),
        (date(2021, 3, 1), "mediation_end"),
    ]
    assert last_day("FR", *events) == date(2026, 3, 1)


def test_instalments():
    events = [(date(2020, 1, 31), "due"), (date(2020, 6, 30), "due")]
    assert last_day("CN", *events) == date(2023, 6, 30)
    assert last_day("RU", *events) == date(2023, 1, 31)


def test_an_obstacle_counts_in_the_last_six_months():
    due = (date(2020, 6, 30), "due")
    early = [(date(2021, 1, 1), "obstacle_start"), (date(2021, 5, 1), "obstacle_end")]
    late = [(date(2023, 3, 1), "obstacle_start"), (date(2023, 5, 1), "obstacle_end")]
    assert last_day("CN", due, *early) == date(2023, 6, 30)
    assert last_day("CN", due, *late) == date(2023, 11, 1)


def test_nothing_due():
    day, because = limitation([(date(2020, 1, 1), "letter")], SHIPPED["CN"])
    assert (day, because) == (None, "Nothing is due yet.")
    with pytest.raises(ValueError):
        limitation([("2020-01-01", "due")], SHIPPED["CN"])
    for years, counting, longest in ((0, "day", 0), (3, "moon", 0), (3, "day", -1)):
        with pytest.raises(ValueError):
            Law("x", years, counting, longest)


days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
events = st.lists(st.tuples(days, st.sampled_from(KINDS)), max_size=8)
laws = st.sampled_from(sorted(SHIPPED))


@given(events, days, st.sampled_from((*KINDS, "phone_call", "promise")), laws)
def test_an_event_that_the_law_does_not_name_changes_nothing(recorded, day, kind, code):
    law = SHIPPED[code]
    named = {effect.kind for effect in law.effects} | {"due"}
    ending = {"mediation_end": "mediation_start", "obstacle_end": "obstacle_start"}
    assume(ending.get(kind, kind) not in named)
    assert limitation([*recorded, (day, kind)], law) == limitation(recorded, law)


@given(events, laws)
def test_events_never_shorten_the_first_period(recorded, code):
    law = SHIPPED[code]
    due = [event for event in recorded if event[1] == "due"]
    day, steps = reasons(recorded, law)
    if due and day is not None:
        assert day >= limitation(due, law)[0]
        assert steps[-1].last_day == day


@given(events, laws, st.randoms())
def test_the_order_of_recording_does_not_matter(recorded, code, random):
    shuffled = list(recorded)
    random.shuffle(shuffled)
    assert limitation(shuffled, SHIPPED[code]) == limitation(recorded, SHIPPED[code])
