"""Every test that the docs name for a fault exists."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {"at_risk_now.md": ("S", "H"), "every_reader.md": ("C", "Y", "I")}
FAULTS = {"S": range(1, 15), "H": range(15), "C": range(1, 17), "Y": range(1, 10), "I": range(1, 8)}


def _rows():
    for page in PAGES:
        for line in (ROOT / "docs" / page).read_text().splitlines():
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if line.startswith("| ") and re.fullmatch(r"[A-Z]\d+(, [A-Z]\d+)*", cells[0]):
                yield cells[0], cells[-1]


def _names(path):
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }


def _missing(cell):
    """What of a row's last cell names no test: files with their folder, then names in them."""
    found, files, folder = [], [], None
    for named in re.findall(r"`([^`]+)`", cell):
        if named.startswith(("make ", "scripts/")):
            continue
        if re.fullmatch(r"(n/|[a-z]+/)?test_\w+", named) and _file(named, folder):
            path = _file(named, folder)
            folder = path.parent
            files.append(path)
        elif not any(
            fnmatch(name, named.replace("…", "*")) for one in files for name in _names(one)
        ):
            if named not in ("confirm", "release_with_authority"):  # steps of random lives
                found.append(named)
    return found if files or "make " in cell else [cell]


def _file(named, folder):
    name = named.replace("n/", "neighbours/", 1) if named.startswith("n/") else named
    for path in (ROOT / "tests" / f"{name}.py", (folder or ROOT) / f"{name}.py"):
        if path.exists():
            return path
    return None


@pytest.mark.parametrize(("fault", "cell"), [*_rows()])
def test_what_is_named_exists(fault, cell):
    assert not _missing(cell), fault


def test_every_fault_has_its_row():
    named = [one for faults, _cell in _rows() for one in faults.split(", ")]
    assert sorted(named) == sorted(
        f"{kind}{n}" for kind, numbers in FAULTS.items() for n in numbers
    )
