"""Every address of ours, found by introspection, bare and with nonsense: a word, never an error."""

import inspect
import json
import re
from urllib.parse import urlencode

from odoo.http import Controller
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CreditCase

OURS = "odoo.addons.credit_collection."
NONSENSE = ("", "x", "-1", "99999999", "9" * 30, "1,2,x", "2026-13-45", "\u00b2")
IN_THE_PATH = ("99999999", "x", "0", "-1", "%C2%B2")


@tagged("post_install", "-at_install")
class TestBareAddresses(CreditCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(1_000.0)
        visitor = new_test_user(cls.env, "porta", groups="base.group_portal")
        visitor.partner_id.parent_id = cls.customer
        cls._user(
            "boss",
            "credit_collection.credit_collection_group_manager,account.group_account_manager,"
            "sales_team.group_sale_manager",
        )

    def _routes(self):
        """(route, its kind, the names of what it is asked with), of every controller of ours."""
        found, classes = set(), [Controller]
        while classes:
            cls = classes.pop()
            classes += cls.__subclasses__()
            if not cls.__module__.startswith(OURS):
                continue
            for method in vars(cls).values():
                routing = getattr(method, "original_routing", None)
                if not routing:
                    continue
                names = [
                    parameter.name
                    for parameter in inspect.signature(method.original_endpoint).parameters.values()
                    if parameter.kind != parameter.VAR_KEYWORD and parameter.name != "self"
                ]
                for route in routing.get("routes") or ():
                    found.add((route, routing.get("type", "http"), tuple(names)))
        return sorted(found)

    def _addresses(self, route):
        """The route with each nonsense in the place of what stands in its path."""
        if "<" not in route:
            return [route]
        return [re.sub(r"<[^>]+>", nonsense, route) for nonsense in IN_THE_PATH]

    def test_no_address_answers_with_an_error(self):
        routes = self._routes()
        self.assertGreater(len(routes), 15)
        for login in ("boss", "porta", None):
            self.authenticate(login, login)
            for route, kind, names in routes:
                addresses = self._addresses(route)
                for address in addresses:
                    self._assert_no_error(login, address, kind, {})
                for nonsense in NONSENSE if names else ():
                    values = dict.fromkeys(names, nonsense)
                    self._assert_no_error(login, addresses[0], kind, values)

    def test_no_report_answers_with_an_error(self):
        """As people who may print it type its address."""
        reports = self.env["ir.actions.report"].search(
            [("report_name", "=like", "credit_collection.%")]
        )
        self.assertGreater(len(reports), 10)
        for login in ("boss", "porta", None):
            self.authenticate(login, login)
            for report in reports:
                some = self.env[report.model].search([], limit=1).id or 1
                for place in ("", "/x", "/99999999", f"/{some}", f"/{some}?date_from=x&date_to=-1"):
                    address = f"/report/html/{report.report_name}{place}"
                    self._assert_no_error(login, address, "http", {})

    def _assert_no_error(self, login, address, kind, values):
        with (
            self.subTest(login=login, address=address, values=values),
            mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.sql_db"),
        ):
            if kind == "http":
                query = f"?{urlencode(values)}" if values else ""
                answer = self.url_open(address + query, allow_redirects=False)
                self.assertLess(answer.status_code, 500, answer.text[-300:])
                return
            asked = {"jsonrpc": "2.0", "method": "call", "params": values, "id": 1}
            answer = self.url_open(
                address, data=json.dumps(asked), headers={"Content-Type": "application/json"}
            )
            self.assertLess(answer.status_code, 500)
            if answer.status_code == 200 and "error" in answer.json():
                name = answer.json()["error"].get("data", {}).get("name", "")
                self.assertRegex(name, r"^(odoo\.|werkzeug\.)", "a sentence, no raw error")
