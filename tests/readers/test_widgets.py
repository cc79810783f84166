"""Each field in our views is shown by a widget made for it, and money with its currency."""

import json

from lxml import etree
from odoo.tests import HttpCase, tagged

OURS = "credit_collection."
CHECK = """
(async () => {
    const { registry } = odoo.loader.modules.get("@web/core/registry");
    const widgets = registry.category("fields");
    const bad = [];
    for (const [view, kind, widget, type] of %s) {
        const found = [`${kind}.${widget}`, widget].find((key) => widgets.contains(key));
        if (!found) {
            bad.push(`${view}: there is no widget ${widget}`);
            continue;
        }
        const { supportedTypes } = widgets.get(found);
        if (supportedTypes && !supportedTypes.includes(type)) {
            bad.push(`${view}: ${widget} is not made for ${type}`);
        }
    }
    console.log(bad.length ? `error ${bad.join("; ")}` : "test successful");
    if (bad.length) {
        console.error(bad.join("; "));
    }
})();
"""


@tagged("post_install", "-at_install")
class TestWidgets(HttpCase):
    def _shown(self):
        """``(view, kind of view, node, field, the fields beside it)`` of all that we show."""
        views = self.env["ir.ui.view"].search([("type", "in", ("form", "list", "kanban"))])
        for view in views:
            if not (view.xml_id or "").startswith(OURS):
                continue
            arch = view.get_combined_arch() if view.inherit_id else view.arch
            shown = self._shown_in(view.xml_id, etree.fromstring(arch), self.env[view.model])
            # What Odoo's own views show of Odoo's own fields is not ours to judge.
            yield from (
                one for one in shown if not view.inherit_id or one[3]._module == "credit_collection"
            )

    def _shown_in(self, view, tree, model):
        """The fields of one (sub)view, then of those inside it."""
        inner = [node for node in tree.iter("form", "list", "kanban") if node is not tree]
        below = {node for sub in inner for node in sub.iter("field")}
        own = [node for node in tree.iter("field") if node not in below]
        beside = {node.get("name") for node in own}
        for node in own:
            field = model._fields.get(node.get("name"))
            if field:
                yield view, tree.tag, node, field, beside
        for sub in inner:
            parent = next(sub.iterancestors("field"), None)
            nearest = next(sub.iterancestors("form", "list", "kanban"), None)
            if parent is not None and nearest is tree and parent.get("name") in model._fields:
                comodel = self.env[model._fields[parent.get("name")].comodel_name]
                yield from self._shown_in(f"{view} {parent.get('name')}", sub, comodel)

    def test_money_has_its_currency_in_the_view(self):
        bare = set()
        for view, _kind, _node, field, beside in self._shown():
            if field.type == "monetary":
                currency = field.get_currency_field(self.env[field.model_name])
                if currency not in beside:
                    bare.add((view, field.name, currency))
        self.assertFalse(bare)

    def test_a_button_says_the_currency_of_its_amount(self):
        bare = {
            (view, field.name)
            for view, _kind, node, field, _beside in self._shown()
            if field.type == "monetary" and node.get("widget") == "statinfo"
        }
        self.assertFalse(bare)

    def test_widgets_fit_their_fields(self):
        used = sorted(
            {
                (view, kind, node.get("widget"), field.type)
                for view, kind, node, field, _beside in self._shown()
                if node.get("widget")
            }
        )
        self.assertTrue(used)
        self.browser_js("/odoo", CHECK % json.dumps(used), "odoo.isReady === true", login="admin")
