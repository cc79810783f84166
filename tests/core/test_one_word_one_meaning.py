"""No word is a button in one place and a name in another: most languages have two words for that.

Odoo translates a text once, wherever it stands; "Open" on a button and "Open" of a promise would
get one translation, which is wrong for one of them.
"""

import ast
import re
from pathlib import Path

from lxml import etree

ADDON = Path(__file__).parents[2] / "credit_collection"
KEY = re.compile("[a-z_]+")
# The same in both places: a participle that the button sets, or the name of what it opens.
SET_BY_A_BUTTON = {
    "Charged Back", "Confirmed", "Contested", "Done", "In Force", "Money Received", "Over", "Paid",
    "Recovered", "Says Paid",
}  # fmt: skip
OPENED_BY_A_BUTTON = {
    "Aging", "Company", "Credit File", "Customer", "Delivery", "Dispute", "Evidence", "Invoice",
    "Levels", "Open Items", "Order", "Payment Plans", "Policy", "Promise", "Promises",
    "Statement of Account", "Visit",
}  # fmt: skip
# A choice that says the same as the button: do it.
CHOSEN_TO_BE_DONE = {
    "Approve", "Ask", "Hand Over", "Log a Contact", "Next", "Preview", "Refuse", "Release",
    "Try Again",
}  # fmt: skip


def _views():
    for path in ADDON.rglob("*.xml"):
        if "i18n" not in path.parts:
            yield path, etree.parse(str(path))


def _buttons():
    found = set()
    for path, tree in _views():
        for node in tree.iter("button"):
            text = (node.text or "").strip()
            found |= {node.get("string"), text if "static" in path.parts else None}
    return found - {None, ""}


def _names_in_views():
    for _path, tree in _views():
        for node in tree.iter("filter", "label", "th", "page", "group", "b", "field", "separator"):
            yield node.get("string")
            if node.tag in ("th", "b", "label"):
                yield (node.text or "").strip()


def _names_in_models():
    for path in ADDON.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(
                getattr(node.func, "value", None), "id", ""
            ) in ("fields", "reasons"):
                given = node.args[:1] + [k.value for k in node.keywords if k.arg == "string"]
                yield from (one.value for one in given if isinstance(one, ast.Constant))
            elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
                key, label = (getattr(one, "value", None) for one in node.elts)
                if isinstance(key, str) and KEY.fullmatch(key):
                    yield label


def test_a_button_has_words_of_its_own():
    names = {*_names_in_views(), *_names_in_models()}
    both = _buttons() & names
    assert not both - SET_BY_A_BUTTON - OPENED_BY_A_BUTTON - CHOSEN_TO_BE_DONE
    assert {"Open", "Hold", "Report", "Note", "Match"} & names, "they are names"
