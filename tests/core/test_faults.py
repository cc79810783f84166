"""What rules refuse is said in the reader's language: no English error in a translated frame."""

import ast
from datetime import date
from pathlib import Path

import pytest

from credit_collection.core import aging, bonus, schedule
from credit_collection.core.criterion import Criterion, check_criteria
from credit_collection.core.fault import Fault

ADDON = Path(__file__).parents[2] / "credit_collection"


def test_a_fault_carries_its_sentence_and_figures():
    with pytest.raises(Fault, match="must increase: 30 follows 60") as refused:
        aging.parse_boundaries("60,30")
    assert refused.value.sentence == "Aging boundaries must increase: %(upper)s follows %(lower)s."
    assert refused.value.values == {"upper": 30, "lower": 60}


@pytest.mark.parametrize(
    "rule",
    [
        lambda: aging.parse_boundaries(""),
        lambda: aging.parse_boundaries("thirty"),
        lambda: schedule.instalments(0.01, 3, date(2026, 1, 31)),
        lambda: Criterion("dso", "at_most", 0, 1, ((1, 1),)),
        lambda: check_criteria((Criterion("dso", "at_most", 30, 0.5, ((1, 1),)),)),
        lambda: bonus.with_norms((), {"dso": 30}),
    ],
)
def test_what_a_person_can_type_is_refused_by_a_fault(rule):
    with pytest.raises(Fault):
        rule()


def _handlers():
    """Each handler of a ValueError outside of ``core`` that has a name for it."""
    for path in sorted(ADDON.rglob("*.py")):
        if "core" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler) and node.name:
                caught = ast.unparse(node.type) if node.type else ""
                if caught == "ValueError":
                    yield path, node


def test_no_handler_shows_an_error_of_the_rules_as_it_is():
    shown = []
    for path, handler in _handlers():
        for node in ast.walk(handler):
            if not isinstance(node, ast.Call):
                continue
            function = ast.unparse(node.func)
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            names = [one.id for one in given if isinstance(one, ast.Name)]
            if handler.name in names and function.rpartition(".")[2] not in ("said", "_said"):
                shown.append(f"{path.relative_to(ADDON)}:{node.lineno} {function}")
    assert not shown, "say it by tools/faults.py"
