"""The rules of the house, kept by reading the source: no database, no Odoo."""

import ast
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from lxml import etree

ADDON = Path(__file__).resolve().parents[2] / "credit_collection"
PYTHON = sorted(ADDON.rglob("*.py"))
XML = sorted(path for path in ADDON.rglob("*.xml") if "static" not in path.parts)
OURS = ("credit.",)
# Odoo itself asks for the second in its settings.
OUR_PREFIX = re.compile(r"^(credit_|group_credit_)")


# Odoo's own file of this wizard is named so.
SHORTENED = {"base.partner.merge.automatic.wizard": "base_partner_merge"}


def classes():
    """``(path, class, model, inherits)`` of each class that declares a model."""
    for path in PYTHON:
        body = ast.parse(path.read_text()).body
        constants = {
            target.id: each.value
            for each in body
            if isinstance(each, ast.Assign)
            for target in each.targets
            if isinstance(target, ast.Name)
        }
        for node in body:
            if not isinstance(node, ast.ClassDef):
                continue
            said = {
                target.id: statement.value
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            name, inherit = said.get("_name"), said.get("_inherit")
            if name is None and inherit is None:
                continue
            model = literal(inherit if name is None else name, constants)
            yield path, node, model if isinstance(model, str) else model[0], name is None


def literal(value, constants):
    """The value of an expression of constants; a name of another module stands for itself."""
    if isinstance(value, ast.Name):
        return literal(constants[value.id], constants) if value.id in constants else value.id
    if isinstance(value, ast.List):
        return [literal(each, constants) for each in value.elts]
    return ast.literal_eval(value)


def methods(node):
    return [each for each in node.body if isinstance(each, ast.FunctionDef)]


def test_a_method_of_a_model_is_defined_once():
    places = defaultdict(set)
    for path, node, model, _extends in classes():
        for method in methods(node):
            places[model, method.name].add(str(path.relative_to(ADDON)))
    twice = {key: sorted(found) for key, found in places.items() if len(found) > 1}
    assert not twice


def test_a_method_of_a_class_is_defined_once():
    twice = [
        (node.name, name)
        for _path, node, _model, _extends in classes()
        for name, number in Counter(
            method.name
            for method in methods(node)
            if not any(
                isinstance(each, ast.Attribute) and each.attr in ("setter", "getter")
                for each in method.decorator_list
            )
        ).items()
        if number > 1
    ]
    assert not twice


def test_an_extension_stands_in_a_file_named_by_its_model():
    """A second file of a model is a subject of it; a file of another model holds none of it."""
    found = []
    for path, node, model, extends in classes():
        if extends and path.parent.parent.name in ("models", "reports", "wizards"):
            if not path.stem.startswith(SHORTENED.get(model, model.replace(".", "_"))):
                found.append((str(path.relative_to(ADDON)), node.name))
    assert not found


def test_no_moment_becomes_a_day_by_a_cast():
    found = [
        f"{path.relative_to(ADDON)}: {line.strip()}"
        for path in PYTHON
        for line in path.read_text().splitlines()
        if re.search(r"::date\b", line) and path.name != "sql.py"
    ]
    # A parameter is a day already; a company's day is worked out in one place.
    allowed = re.compile(r"%(\(\w+\))?s::date|NULL::date|date_trunc|res_company.py: .timezone")
    assert not [each for each in found if not allowed.search(each)]


DAY = re.compile(r"(^|_)(date|date_from|date_to|day|until|paid_on|decided_on|sent_on)$")


def days_in_sentences():
    """Fields of days that are put into a translated sentence as they are."""
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_":
                for value in [*node.args[1:], *(keyword.value for keyword in node.keywords)]:
                    values = value.values if isinstance(value, ast.BoolOp) else [value]
                    if any(isinstance(v, ast.Attribute) and DAY.search(v.attr) for v in values):
                        yield f"{path.relative_to(ADDON)}: {ast.unparse(node)}"


def test_no_day_is_shown_as_a_computer_writes_it():
    """A day in a sentence goes through the reader's language; names of files are for computers."""
    assert not list(days_in_sentences())
    files_of = re.compile(r"\.xlsx|messages/")
    found = [
        f"{path.relative_to(ADDON)}: {line.strip()}"
        for path in PYTHON
        for line in path.read_text().splitlines()
        if re.search(r"\{\w+\.(\w+_)?date(_\w+)?\}", line) and not files_of.search(line)
    ]
    assert not found


def test_each_menu_of_a_parent_has_a_place_of_its_own():
    places = Counter()
    for path in XML:
        for menu in etree.parse(path).iter("menuitem"):
            parent = (menu.get("parent") or "").removeprefix("credit_collection.")
            places[parent, menu.get("sequence")] += 1
    assert not {place for place, number in places.items() if number > 1}


def test_menus_stand_in_one_file():
    files = {
        path.name for path in XML if next(etree.parse(path).iter("menuitem"), None) is not None
    }
    assert files == {"credit_collection_menus.xml"}


def test_no_view_inherits_one_of_ours():
    for path in XML:
        for field in etree.parse(path).iter("field"):
            parent = field.get("ref") if field.get("name") == "inherit_id" else None
            if parent:
                assert "." in parent and not parent.startswith("credit_collection."), (path, parent)


# A template and its filled copy are worked on by different people.
TWO_FORMS = {"credit.checklist"}


def test_each_model_has_one_form():
    forms = Counter()
    for path in XML:
        for record in etree.parse(path).iter("record"):
            if record.get("model") != "ir.ui.view":
                continue
            values = {field.get("name"): field for field in record.iter("field")}
            arch = values.get("arch")
            if "inherit_id" not in values and arch is not None and arch.find("form") is not None:
                forms[values["model"].text] += 1
    assert {model for model, number in forms.items() if number > 1} == TWO_FORMS


def test_what_we_add_to_odoo_s_models_bears_a_name_of_ours():
    for path, node, model, extends in classes():
        if not extends or model.startswith(OURS):
            continue
        for statement in node.body:
            if (
                isinstance(statement, ast.Assign)
                and isinstance(statement.value, ast.Call)
                and ast.unparse(statement.value.func).startswith("fields.")
                and not statement.targets[0].id.startswith("_")
                and "selection_add" not in {each.arg for each in statement.value.keywords}
            ):
                name = statement.targets[0].id
                assert OUR_PREFIX.match(name), (path, model, name)


def primary_buttons(form):
    """The primary buttons in the header of a form that a collector or an officer sees."""
    return [
        button
        for header in form.iter("header")
        for button in header.iter("button")
        if re.search(r"btn-primary|oe_highlight", button.get("class") or "")
        and "!" not in (button.get("groups") or "")
    ]


def is_shown(button, state):
    """Whether a button shows in a state, whatever else it depends on."""
    hidden = button.get("invisible") or "False"
    return "state" not in hidden or not eval(hidden, {}, defaultdict(bool, state=state))


def test_a_header_has_at_most_three_primary_actions_at_once():
    for path in XML:
        for form in etree.parse(path).iter("form"):
            buttons = primary_buttons(form)
            states = re.findall(r"'(\w+)'", " ".join(b.get("invisible") or "" for b in buttons))
            for state in states or [None]:
                assert sum(is_shown(button, state) for button in buttons) <= 3, (path, state)


RIDDLES = (
    "impartial",
    "as_of_now",
    "named_ids",
    "credit_dated",
    "credit_per_file",
    "pursuit",
    "Stake",
    "outgrown",
    "vouch",
    "SAID",
    "_tell",
    "_announce",
)


@pytest.mark.parametrize("riddle", RIDDLES)
def test_names_explain_themselves(riddle):
    """Names that strangers could not guess have better ones now and do not come back."""
    assert not [path for path in PYTHON if re.search(rf"\b{riddle}\b", path.read_text())]


def test_joins_are_declared():
    """No alias is looked for in the text of SQL."""
    looked_for = re.compile(r"re\.\w+\([^\n]*\.code")
    assert not [path for path in PYTHON if looked_for.search(path.read_text())]


def test_no_file_is_two():
    """What grows beyond this holds a second subject: it gets a file whose name says it."""
    assert not [path for path in PYTHON if len(path.read_text().splitlines()) > 500]


def test_the_groups_of_roles_are_named_in_one_place():
    named = re.compile(r"^\w+ = .credit_collection\.credit_collection_group_\w+.$", re.M)
    places = {str(path.relative_to(ADDON)) for path in PYTHON if named.search(path.read_text())}
    assert places == {"tools/groups.py"}


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later(word):
    assert not [path for path in [*PYTHON, *XML] if re.search(rf"\b{word}\b", path.read_text())]


def test_no_day_but_the_companys():
    """Odoo's day is that of UTC or of the user: days come from ``_credit_today``."""
    asks = re.compile(r"context_today|Date\.today\(\)|date\.today\(\)|now\(\)\.date\(\)")
    allowed = {
        "models/file/res_company.py": "the one definition",
        "models/hold/sale_order_guard.py": "the rate that Odoo stores when it confirms",
    }
    found = {
        str(path.relative_to(ADDON)): [
            line for line in path.read_text().splitlines() if asks.search(line)
        ]
        for path in PYTHON
        if "migrations" not in path.parts
    }
    assert {name for name, lines in found.items() if lines} == set(allowed)


def test_scheduled_actions_go_on_when_one_record_fails():
    """A failure ends neither the run nor the records after it."""
    one_step = {
        "_ensure_open": "one statement for all customers",
        "_cron_follow_up": "plans and sends batch by batch, see _plan_safely",
        "_cron_remind": "an activity for each series of rates",
    }
    data = (ADDON / "data/ir_cron_data.xml").read_text()
    actions = set(re.findall(r'<field name="code">model\.(\w+)\(\)', data))
    careful = {
        node.name
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and node.name in actions
        and re.search("_safely|savepoint|_commit_progress", ast.unparse(node))
    }
    assert actions - careful == set(one_step)
