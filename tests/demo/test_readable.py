"""Every page of ours, for each person, in a language with longer words: read by axe-core for WCAG
2.1 AA, nothing plain, nothing cut.

What Odoo's own parts of a page show as well (its search, its fields) is Odoo's.
"""

import json
import os
from pathlib import Path

from odoo.tests import HttpCase, tagged

from ..readers.pseudo import LANG, PseudoLanguage

CHECK = """
(async () => {
    const { menu, action, dialog } = odoo.__WOWL_DEBUG__.root.env.services;
    const sources = new Set(%(sources)s);
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    const leaves = (node) =>
        node.childrenTree.length ? node.childrenTree.flatMap(leaves) : [node];
    const shown = () =>
        document.querySelector(
            ".o_action_manager .o_view_controller, .o_credit_dashboard, .modal .o_form_view",
        );
    const open = async (target) => {
        // What counts is that the page is there, not that its opening is told.
        await Promise.race([action.doAction(target, { clearBreadcrumbs: true }), wait(15000)]);
        for (let tries = 0; tries < 200 && !shown(); tries++) {
            await wait(50);
        }
        await wait(200);
    };
    // Odoo's own parts of a page: search, pivot, calendar, chatter, and its fields and buttons.
    const ODOOS = %(odoos)s;
    const read = async () => {
        const dialog = document.querySelector(".modal .o_form_view");
        const { violations } = await axe.run(
            { include: [[dialog ? ".modal-body" : ".o_action_manager"]] },
            { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
        );
        return violations.flatMap((one) =>
            one.nodes
                .filter((node) => {
                    const found = document.querySelector(node.target[0]);
                    return found && !found.closest(ODOOS) && !found.matches("main.o_content");
                })
                .map((node) => {
                    const html = node.html.replace(/\\d+/g, "0").slice(0, 120);
                    const why = node.any.map((check) => check.message.slice(0, 160)).join(" ");
                    return `${one.id}: ${html} ${why}`;
                }),
        );
    };
    // Words of ours that are wider than their place and not to be seen by scrolling.
    const cut = () =>
        [...document.querySelectorAll(%(ours)s)]
            .filter((one) => {
                const style = getComputedStyle(one);
                return (
                    one.offsetParent &&
                    one.textContent.includes("⟦") &&
                    !one.className.includes("visually-hidden") &&
                    one.scrollWidth > one.clientWidth + 1 &&
                    style.display !== "inline" &&
                    !["visible", "auto", "scroll"].includes(style.overflowX)
                );
            })
            .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 60)}`);
    // Words of ours that nobody wrapped, on the pages that scripts and templates draw.
    const plain = () => {
        const drawn = ".o_credit_dashboard, .o_credit_desk_formula, .o_credit_banner";
        const found = [];
        for (const root of document.querySelectorAll(drawn)) {
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const text = walker.currentNode.textContent.trim();
                if (sources.has(text) && /[a-z]{2}/i.test(text)) {
                    found.push(text);
                }
            }
        }
        return found;
    };
    const app = menu.getApps().find((one) => one.xmlid === "%(app)s");
    const found = leaves(menu.getMenuAsTree(app.id)).filter(
        (one) => one.actionID && one.xmlid.startsWith("credit_collection."),
    );
    const bad = [];
    for (const one of found) {
        await open(one.actionID);
        const where = one.xmlid.split(".")[1];
        for (const what of %(axe)s ? await read() : []) {
            bad.push(`${where}: ${what}`);
        }
        for (const what of new Set(cut())) {
            bad.push(`${where} cuts ${what}`);
        }
        for (const what of plain()) {
            bad.push(`${where} is plain: ${what}`);
        }
        dialog.closeAll();
    }
    if (bad.length) {
        console.error(`FOUND\\n${[...new Set(bad)].join("\\n")}`);
    } else if (!found.length) {
        console.error("No page");
    } else {
        console.log("test successful");
    }
})().catch((error) => console.error(error.message || error));
"""
# Parts of a page that Odoo draws, and what axe finds there on all pages: nothing of ours.
ODOOS = {
    ".o_control_panel, .o_searchview, .o_search_panel, .o_search_panel_sidebar": "the search",
    "button:has(> .oi-panel-right)": "the frame of a page",
    ".o_list_record_selector": "the boxes that choose rows have no name",
    ".o_list_actions_header, .o_optional_columns_dropdown": "the menu of columns has no name",
    ".o_group_header": "rows of groups have no name",
    "img.rounded, .o_avatar img, .o_m2o_avatar img": "pictures of people have no name",
    ".o_pivot, .o_calendar_container": "cells and buttons without names",
    ".o_graph_canvas_container canvas": "a drawing without a name",
    ".o-mail-Chatter, .o-mail-ChatHub, .o-mail-Discuss": "the chatter, and talk beside a page",
    ".o-mail-ActivityButton i, .o_field_list_activity i": "signs of activities have no name",
    ".o_boolean_toggle input, .o_field_boolean input, td input[type=checkbox]": "boxes in rows",
    ".o_field_widget input, .o_field_widget select": "fields in rows have no label of their own",
    ".o_field_selection .o_select_menu, .o_select_menu_toggler, .o_select_menu": "choices",
    ".o_tag": "tags carry a label that their role does not allow",
    "a.o_form_uri": "an address that is empty is a link without text",
    ".o_kanban_view .badge, .o_form_view .badge": "the colours of badges outside of our lists",
    ".o_statusbar_status button": "the steps of a record",
}
# What of ours has to be seen whole.
OURS = (
    ".ribbon span, .o_list_table th span, td .badge, .o_statusbar_buttons button, .o_stat_text,"
    " .o_credit_dashboard *, .o_credit_desk_formula *, .o_credit_call_bar *, .o_form_label,"
    " .o_notebook .nav-link, .o_control_panel button"
)
CREDIT = "credit_collection.credit_collection_menu_root"


class Readable(PseudoLanguage, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load_pseudo()

    def _read(self, login, axe=True):
        self.env["res.users"].search([("login", "=", login)]).lang = LANG
        script = Path(os.environ["CREDIT_COLLECTION_AXE"]).read_text() if axe else ""
        self.browser_js(
            "/odoo",
            script
            + CHECK
            % {
                "app": CREDIT,
                "axe": str(axe).lower(),
                "odoos": json.dumps(", ".join(ODOOS)),
                "ours": json.dumps(OURS),
                "sources": json.dumps(sorted(one for one in self.sources if len(one) < 60)),
            },
            ready="odoo.isReady === true && !!document.querySelector('.o_main_navbar')",
            login=login,
            timeout=400,
        )


@tagged("post_install", "-at_install")
class TestReadable(Readable):
    browser_size = "1366x850"

    def test_every_page_of_each_person(self):
        # The pages of the officer and the accountant are among the director's.
        for login in ("director", "orlova", "ivanov"):
            with self.subTest(login):
                self._read(login)
