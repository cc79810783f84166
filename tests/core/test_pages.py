"""Every sheet of every workbook prints on pages that can be read."""

import ast
from pathlib import Path

ADDON = Path(__file__).parents[2] / "credit_collection"


def _calls(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "attr", None) or getattr(function, "id", None)


def test_every_sheet_has_a_print_setup():
    sheets = 0
    for path in ADDON.rglob("*.py"):
        calls = list(_calls(path))
        made = calls.count("add_worksheet")
        printed = calls.count("set_page") + calls.count("print_setup")
        assert printed >= made, path
        sheets += made
    assert sheets >= 6
