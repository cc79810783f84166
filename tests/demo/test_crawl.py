"""Every menu of every person of the demo company, opened in a browser: no error anywhere.

An error on the console fails the test; so does a page that does not come, one with an error
dialog, and an empty list that says nothing.
"""

from odoo.tests import HttpCase, tagged

from .test_demo_company import PERSONAS

CRAWL = """
(async () => {
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    while (!document.querySelector(".o_main_navbar")) {
        await wait(100);
    }
    const { menu, action, dialog } = odoo.__WOWL_DEBUG__.root.env.services;
    const leaves = (node) =>
        node.childrenTree.length ? node.childrenTree.flatMap(leaves) : [node];
    const app = menu.getApps().find((one) => one.xmlid === "%(app)s");
    const found = leaves(menu.getMenuAsTree(app.id)).filter((one) => one.actionID);
    const page = ".o_action_manager .o_view_controller, .o_credit_dashboard, .modal .o_form_view";
    const rows = ".o_data_row, .o_kanban_record, .o_group_header, .o_view_nocontent";
    const problem = () => {
        const error = document.querySelector(".o_error_dialog");
        if (error) {
            return error.innerText;
        }
        if (!document.querySelector(page)) {
            return "does not come";
        }
        const list = document.querySelector(".o_list_view, .o_kanban_view");
        return list && !list.querySelector(rows) ? "is empty and says nothing" : "";
    };
    for (const one of found) {
        await action.doAction(one.actionID, { clearBreadcrumbs: true });
        for (let tries = 0; tries < 200 && problem(); tries++) {
            await wait(50);
        }
        await wait(150);
        if (problem()) {
            throw new Error(`${one.name} (${one.xmlid}): ${problem()}`);
        }
        dialog.closeAll();
    }
    if (found.length < %(least)s) {
        throw new Error(`Only ${found.length} pages`);
    }
    console.log("test successful");
})().catch((error) => console.error(error.message || error));
"""
CREDIT = "credit_collection.credit_collection_menu_root"
# How many pages each of them has at least; a clerk has none under Credit.
PAGES = {"sokolova": 55, "belova": 55, "director": 90}


@tagged("post_install", "-at_install")
class TestCrawl(HttpCase):
    def _crawl(self, login, app=CREDIT, least=5):
        self.browser_js(
            "/odoo",
            CRAWL % {"app": app, "least": least},
            ready="document.readyState === 'complete'",
            login=login,
            timeout=300,
        )

    def test_every_page_of_each_person(self):
        for login in PERSONAS:
            if login == "volkov":
                continue
            with self.subTest(login):
                self._crawl(login, least=PAGES.get(login, 5))

    def test_every_page_of_the_clerk(self):
        self._crawl("volkov", app="stock.menu_stock_root", least=3)
