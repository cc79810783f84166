"""Our own pages against WCAG 2.1 AA, read by axe-core in a browser."""

import os
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import CreditCase
from ..portal.common import PortalCase

CHECK = """
(async () => {
    const found = await axe.run(
        { include: %(include)s },
        { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
    );
    const bad = found.violations.map(
        (one) =>
            `${one.id} (${one.help}): ` +
            one.nodes.map((node) => node.html.slice(0, 200)).join(" | "),
    );
    if (bad.length) {
        console.error(bad.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


class PageCheck:
    def _check(self, path, login, *include):
        """Read the parts of a page that are ours, once they are there."""
        axe = Path(os.environ["CREDIT_COLLECTION_AXE"]).read_text()
        listed = "[" + ", ".join(f"[{selector!r}]" for selector in include) + "]"
        self.browser_js(
            path,
            axe + "\n" + CHECK % {"include": listed},
            ready=" && ".join(f"!!document.querySelector({selector!r})" for selector in include),
            login=login,
            timeout=60,
        )


@tagged("post_install", "-at_install")
class TestAccessibility(PageCheck, CreditCase, HttpCase):
    def _overdue(self, partner=None):
        due = fields.Date.today() - timedelta(days=40)
        return self._invoice(1500.0, partner=partner, date=due, due=due)

    def test_dashboard(self):
        self._overdue()
        self._check("/odoo/credit-dashboard", "mona", ".o_credit_dashboard")

    def test_desk(self):
        self._overdue()
        self._account().collector_id = self._user(
            "carla", "credit_collection.credit_collection_group_collector"
        )
        self._check("/odoo/credit-to-do", "carla", ".o_credit_desk_formula")

    def test_banner_of_a_quotation(self):
        self._limit(1000.0)
        order = self._order(1500.0)
        self._check(f"/odoo/sales/{order.id}", "sally", ".o_field_widget[name='credit_banner']")

    def test_age_bar_of_a_customer(self):
        self._overdue()
        account = self._account()
        self._check(f"/odoo/credit-files/{account.id}", "mona", ".o_field_widget[name='aging_bar']")


@tagged("post_install", "-at_install")
class TestPortalAccessibility(PageCheck, PortalCase):
    def test_customers_own_page(self):
        due = fields.Date.today() - timedelta(days=40)
        self._invoice(1500.0, date=due, due=due)
        self._check("/my/credit", "paula", ".o_credit_portal_form", ".o_credit_portal_dispute")
