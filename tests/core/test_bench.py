"""The bench is run by hand: what one of its files takes from another has to be there."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "bench").rglob("*.py"))


def _defined(tree):
    """The names that a module defines, imports or assigns at its top."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (name.asname or name.name for name in node.names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))


def _module(path, node):
    """The file that an import of ours names, or none."""
    if node.level:
        base = path.parents[node.level - 1]
    elif (node.module or "").partition(".")[0] == "bench":
        base = ROOT
    else:
        return None
    found = base.joinpath(*(node.module or "").split("."))
    return found / "__init__.py" if found.is_dir() else found.with_suffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_bench_imports_of_itself_exists(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or not (source := _module(path, node)):
            continue
        known = set(_defined(ast.parse(source.read_text())))
        known |= (
            {one.stem for one in source.parent.iterdir()} if source.stem == "__init__" else set()
        )
        missing = {name.name for name in node.names} - known
        assert not missing, f"{path}: {source} has no {missing}"
