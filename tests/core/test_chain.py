"""Seals: each entry with the one before it, and the first that does not fit is named."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import chain

STORY = [{"what": "made", "amount": 1000.0}, {"what": "released", "who": "Sofia"}, {"what": "sent"}]


def _rows(contents):
    return [
        (number, content, before, mark)
        for content, (number, before, mark) in zip(contents, chain.sealed(contents), strict=True)
    ]


def test_the_first_seal_by_hand():
    text = '\n{"amount":1000.0,"number":1,"what":"made"}'
    assert _rows(STORY)[0][3] == hashlib.sha256(text.encode()).hexdigest()


def test_a_whole_chain_fits():
    assert chain.first_break(_rows(STORY)) is None
    assert chain.first_break([]) is None


def test_a_chain_goes_on_where_it_was():
    first = _rows(STORY[:1])
    rest = list(chain.sealed(STORY[1:], first[0][3], 1))
    assert [row[0] for row in rest] == [2, 3]
    assert rest[-1][2] == _rows(STORY)[-1][3]


def test_keys_in_another_order_are_the_same():
    assert chain.canonical({"b": 1, "a": 2}) == chain.canonical({"a": 2, "b": 1})


def test_differences_name_what_changed():
    assert chain.differences({"a": 1, "b": 2}, {"a": 1, "b": 3}) == ["b"]
    assert chain.differences({"a": 1}, {"a": 1, "b": None}) == []
    assert chain.differences({"a": 1}, {}) == ["a"]


@given(st.integers(0, 2), st.sampled_from(["content", "number", "before", "seal"]))
def test_whatever_is_changed_is_found_there(position, what):
    rows = _rows(STORY)
    number, content, before, mark = rows[position]
    rows[position] = {
        "content": (number, {**content, "what": "changed"}, before, mark),
        "number": (number + 1, content, before, mark),
        "before": (number, content, "0" * 64, mark),
        "seal": (number, content, before, "0" * 64),
    }[what]
    assert chain.first_break(rows) == position + 1


@given(st.integers(0, 1))
def test_what_is_dropped_is_missed_there(position):
    rows = _rows(STORY)
    del rows[position]
    assert chain.first_break(rows) == position + 1
