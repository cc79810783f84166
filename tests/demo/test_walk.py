"""Every report, route and download of the add-on, asked for by those whom it is not for.

What there is is found by introspection: a new one that this walk does not know how to ask for
fails it.
"""

from odoo.fields import Command
from odoo.http import Controller
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .test_demo_company import DemoCase

OURS = "odoo.addons.credit_collection."
# Download -> (parameter, model of the record that it names, further parameters).
DOWNLOADS = {
    "/credit_collection/statement.xlsx": ("ids", "credit.account", ""),
    "/credit_collection/allowance.xlsx": ("allowance", "credit.allowance", ""),
    "/credit_collection/agency.xlsx": ("agency", "credit.collection.agency", ""),
    "/credit_collection/dossier.zip": ("dossier", "credit.case.dossier", ""),
    "/credit_collection/cover.xlsx": ("security", "credit.collateral", "&month=2026-01-01"),
    "/credit_collection/aging.xlsx": ("company", "res.company", ""),
    "/credit_collection/kpi.xlsx": ("sheet", "credit.kpi.sheet", ""),
}
# An empty spreadsheet tells nobody anything.
EMPTY = {"/credit_collection/move-in.xlsx"}
# The customers' own pages: attackers' tests of their own in tests/portal.
PAGES = ("/my/",)
# Printed from the customer's page with the days that were chosen there.
NEEDS_DAYS = "credit_collection.credit_period_statements"
# What the demo company has no record of; made here.
MADE = {"credit.case.dossier"}


@tagged("post_install", "-at_install")
class TestWalk(DemoCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The figures are shown in the second company.
        cls.company |= cls.env.ref("credit_collection.demo_wholesale_company")
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        people = {
            "porta": ("base.group_portal", cls.company),
            "clara": ("base.group_user,stock.group_stock_user", cls.company),
            "colin": ("base.group_user,sales_team.group_sale_salesman", cls.company),
            "elsa": (
                "base.group_user,credit_collection.credit_collection_group_manager,"
                "account.group_account_manager",
                cls.elsewhere,
            ),
        }
        for login, (groups, company) in people.items():
            new_test_user(
                cls.env,
                login,
                groups=groups,
                company_id=company[0].id,
                company_ids=[Command.set(company.ids)],
            )
        # The customer whose papers these are, the best informed outsider.
        debtor = cls.env["credit.account"].search([("company_id", "=", cls.company[0].id)], limit=1)
        cls.env["res.users"].search(
            [("login", "=", "porta")]
        ).partner_id.parent_id = debtor.partner_id
        cls.people = (None, *people)

    def _record(self, model):
        """A record of the demo company, of the customer with the portal user where possible."""
        if model == "res.company":
            return self.company[0]
        Model = self.env[model].sudo()
        company = [("company_id", "in", self.company.ids)] if "company_id" in Model._fields else []
        record = Model.search(company, limit=1)
        if not record and model in MADE:
            record = self._make_dossier()
        self.assertTrue(record, f"the demo company has no {model} to ask for")
        return record

    def _make_dossier(self):
        case = self.env["credit.case"].search([("company_id", "in", self.company.ids)], limit=1)
        dossier = self.env["credit.case.dossier"].sudo().create({"case_id": case.id})
        dossier.attachment_id = self.env["ir.attachment"].create(
            {"name": "dossier.zip", "raw": b"PK", "res_model": dossier._name, "res_id": dossier.id}
        )
        return dossier

    def _reports(self):
        reports = self.env["ir.actions.report"].search([("report_name", "=like", "credit\\_coll%")])
        self.assertGreaterEqual(len(reports), 10)
        for report in reports:
            record = self._record(report.model)
            for kind in ("html", "pdf", "text"):
                yield f"/report/{kind}/{report.report_name}/{record.id}"

    def _routes(self):
        found, todo = set(), [Controller]
        while todo:
            for cls in todo.pop().__subclasses__():
                todo.append(cls)
                if not cls.__module__.startswith(OURS):
                    continue
                for method in vars(cls).values():
                    routing = getattr(method, "original_routing", {})
                    found.update(routing.get("routes", ()))
        return {route for route in found if not route.startswith(PAGES)}

    def _downloads(self):
        for route, (parameter, model, more) in DOWNLOADS.items():
            yield f"{route}?{parameter}={self._record(model).id}{more}"

    def _as(self, login):
        self.authenticate(login, login)

    def _asked(self, url):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_actions_report"):
            return self.url_open(url, allow_redirects=False)

    def test_every_route_is_known_to_this_walk(self):
        self.assertEqual(self._routes(), DOWNLOADS.keys() | EMPTY)

    def test_nobody_of_these_gets_a_report_or_a_download(self):
        urls = [*self._reports(), *self._downloads()]
        for login in self.people:
            self._as(login)
            for url in urls:
                with self.subTest(login=login, url=url):
                    self.assertNotEqual(self._asked(url).status_code, 200)
            for url in EMPTY if login != "elsa" else ():
                with self.subTest(login=login, url=url):
                    self.assertNotEqual(self._asked(url).status_code, 200)

    def test_the_addresses_are_right(self):
        """Whom they are for gets each of them."""
        director = self._user("director")
        director.group_ids += self.env.ref("credit_collection.credit_collection_group_manager")
        director.group_ids += self.env.ref("account.group_account_manager")
        director.company_ids |= self.company
        self._as("director")
        for url in (*self._downloads(), *EMPTY):
            with self.subTest(url=url):
                self.assertEqual(self._asked(url).status_code, 200)
        for url in self._reports():
            if "/html/" in url and NEEDS_DAYS not in url:
                with self.subTest(url=url):
                    self.assertEqual(self._asked(url).status_code, 200)
