"""Labels, views, menus and errors in the pseudo language."""

import ast
import re
from pathlib import Path

from lxml import etree
from odoo.modules.module import get_module_path
from odoo.tests import TransactionCase, tagged

from .pseudo import MODULE, NEUTRAL, PseudoLanguage, is_plain

SHOWN = ("string", "help", "placeholder", "confirm", "title", "aria-label", "sum", "avg", "alt")
# What Odoo itself gives to every model, in words of its own.
ODOOS_OWN = {
    "id",
    "display_name",
    "create_uid",
    "create_date",
    "write_uid",
    "write_date",
    "__last_update",
}


@tagged("post_install", "-at_install")
class TestPseudoLocale(PseudoLanguage, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load_pseudo()

    def _ours(self):
        """The models of the add-on, those of Odoo that it only extends left out."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module == MODULE and not model._abstract
        )

    def test_every_label_and_help_of_ours(self):
        plain = []
        for name in self._ours():
            Model = self.pseudo_env[name]
            for field_name, info in Model.fields_get().items():
                field = Model._fields[field_name]
                if field_name in ODOOS_OWN or MODULE not in field._modules:
                    continue
                if field_name.startswith(("message_", "activity_", "my_activity", "website_")):
                    continue
                texts = [info.get("string"), info.get("help")]
                if not callable(field.selection if field.type == "selection" else None):
                    texts += [label for _key, label in info.get("selection") or ()]
                plain += [f"{name}.{field_name}: {text}" for text in texts if is_plain(text)]
        self.assertFalse(plain)

    def test_every_word_of_every_view(self):
        plain = []
        views = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.ui.view")]
        )
        for data in views:
            view = self.pseudo_env["ir.ui.view"].browse(data.res_id)
            if not view.exists() or view.type == "qweb":
                continue
            found = list(self._plain_words(etree.fromstring(view.arch), [0]))
            plain += [f"{data.name}: {words}" for words in found]
        self.assertFalse(plain)

    def _plain_words(self, node, depth):
        """Words outside of ``⟦…⟧`` in the order of the document: a term may hold elements."""
        skipped = not isinstance(node.tag, str) or node.get("t-translation") == "off"
        if not skipped:
            for name in () if depth[0] or node.tag == "attribute" else SHOWN:
                if is_plain(node.get(name)):
                    yield f"<{node.tag} {name}> {node.get(name)}"
            if node.tag != "attribute" or node.get("name") in SHOWN:
                yield from self._outside(node.text, depth)
            for child in node:
                yield from self._plain_words(child, depth)
        yield from self._outside(node.tail, depth)

    def _outside(self, text, depth):
        for part in re.split("([⟦⟧])", text or ""):
            if part in "⟦⟧" and part:
                depth[0] += 1 if part == "⟦" else -1
            elif not depth[0] and NEUTRAL.search(part):
                yield part.strip()

    def test_menus_and_actions(self):
        plain = []
        for model, names in (
            ("ir.ui.menu", ["name"]),
            ("ir.actions.act_window", ["name", "help"]),
            ("ir.actions.report", ["name"]),
            ("mail.activity.type", ["name", "summary"]),
            ("ir.cron", ["name"]),
        ):
            for data in self.env["ir.model.data"].search(
                [("module", "=", MODULE), ("model", "=", model)]
            ):
                record = self.pseudo_env[model].browse(data.res_id).exists()
                for name in names if record else ():
                    if model != "ir.cron" and is_plain(re.sub("<[^>]+>", " ", record[name] or "")):
                        plain.append(f"{data.name}.{name}: {record[name]}")
        self.assertFalse(plain)

    def test_no_string_is_a_piece_of_a_sentence(self):
        """A piece begins or ends with a blank, or is glued where it is made."""
        pieces = sorted(
            source
            for source in self.sources
            if source != source.strip()
            and not source.strip().startswith("<")
            and source in self._python_strings()
        )
        self.assertFalse(pieces, "whole sentences with holes, not pieces")

    def _python_strings(self):
        if not hasattr(type(self), "_strings"):
            found = set()
            for _path, call in self._calls():
                if call.args and isinstance(call.args[0], ast.Constant):
                    found.add(call.args[0].value)
            type(self)._strings = found
        return self._strings

    def _trees(self):
        for path in sorted(Path(get_module_path(MODULE)).rglob("*.py")):
            if "migrations" not in path.parts and "demo" not in path.parts:
                yield path, ast.parse(path.read_text())

    def _calls(self):
        for path, tree in self._trees():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _is_translation(node):
                    yield path, node

    def test_nothing_is_glued_to_a_translation(self):
        glued = []
        for path, tree in self._trees():
            for node in ast.walk(tree):
                if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                    sides = [node.left, node.right]
                elif isinstance(node, ast.JoinedStr):
                    if re.fullmatch(
                        r"\W*",
                        "".join(str(x.value) for x in node.values if isinstance(x, ast.Constant)),
                    ):
                        continue  # quotes or a colon around one name: no words to glue
                    holes = [x for x in node.values if isinstance(x, ast.FormattedValue)]
                    sides = [hole.value for hole in holes]
                else:
                    continue
                if any(isinstance(side, ast.Call) and _is_translation(side) for side in sides):
                    glued.append(f"{path.name}:{node.lineno}")
        self.assertFalse(glued)

    def test_errors_are_translated(self):
        plain = []
        for path, tree in self._trees():
            if "core" in path.parts or "tools" in path.parts:
                continue
            for node in ast.walk(tree):
                if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                    continue
                name = getattr(node.exc.func, "id", "")
                first = node.exc.args[0] if node.exc.args else None
                if name in ("UserError", "ValidationError", "AccessError") and isinstance(
                    first, ast.Constant | ast.JoinedStr
                ):
                    plain.append(f"{path.name}:{node.lineno}")
        self.assertFalse(plain)


def _is_translation(node):
    function = node.func
    return (isinstance(function, ast.Attribute) and function.attr == "_") or (
        isinstance(function, ast.Name) and function.id in ("_", "_lt")
    )
