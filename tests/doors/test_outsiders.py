"""What customers in the portal and visitors can reach, by introspection: nothing is forgotten."""

import inspect

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CreditCase

OURS = "odoo.addons.credit_collection."
# What everybody may read who may read the record, and why that tells nobody anything.
TOLD = {
    ("sale.order", "credit_state"): "views ask for it; customers are always told “none”",
    ("stock.picking", "credit_state"): "views ask for it; customers are always told “none”",
    ("account.payment.term", "credit_prepayment"): "the terms they agreed to",
    ("account.payment.term", "credit_tier_ids"): "the terms they agreed to",
    ("account.payment.term", "credit_yearly_cost"): "worked out from the terms they agreed to",
    ("account.payment.term", "credit_counted_from"): "the terms they agreed to",
    ("account.payment.term", "credit_demand_days"): "the terms they agreed to",
    ("account.move", "credit_discount_text"): "the sentence on their invoice",
    ("account.move", "credit_event_date"): "the day on their invoice that its terms count from",
    ("account.move", "credit_counted_from"): "the terms on their invoice",
    ("account.move", "credit_due_is_provisional"): "the due date on their invoice",
}
# Models all of whose fields of ours are closed to outsiders, or that outsiders cannot open at all.
CLOSED = ("res.company", "res.users", "res.config.settings")
# Pages made for customers.
PAGES = ("/my/", "/credit/", "/payment/")
REFUSED = (AccessError, UserError, TypeError, ValueError, AttributeError, KeyError)


@tagged("post_install", "-at_install")
class TestOutsiders(CreditCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.porta = new_test_user(cls.env, "porta", groups="base.group_portal")
        cls.porta.partner_id.parent_id = cls.customer
        cls.public = cls.env.ref("base.public_user")
        cls._account().with_user(cls.officer).action_set_manual_hold("Insolvent")
        cls.order = cls._order(4_321.0, partner=cls.porta.partner_id)
        cls.order.action_confirm()
        cls._invoice(4_321.0)

    def _outsiders(self):
        return ((user, self.env(user=user, su=False)) for user in (self.porta, self.public))

    def test_no_model_of_ours_is_theirs(self):
        for user, env in self._outsiders():
            open_ = [
                name
                for name in env
                if name.startswith("credit.")
                and not env[name]._abstract
                and any(env[name].has_access(right) for right in ("read", "write", "create"))
            ]
            self.assertFalse(open_, user.login)

    def test_no_field_of_ours_is_theirs(self):
        for user, env in self._outsiders():
            for name, model in env.items():
                if name.startswith(("credit.", "res.config")) or model._abstract:
                    continue
                if not model.has_access("read"):
                    continue
                told = {
                    field
                    for field in model.fields_get()
                    if field.startswith("credit_") and field in self._fields_of_ours(model)
                }
                with self.subTest(model=name, login=user.login):
                    self.assertLessEqual(told, {field for model, field in TOLD if model == name})

    def test_every_field_of_ours_has_groups(self):
        """Or a reason why everybody may read it who may read the record."""
        open_ = {
            (name, field)
            for name, model in self.env.items()
            if not name.startswith("credit.") and name not in CLOSED and not model._abstract
            for field in self._fields_of_ours(model)
            if not model._fields[field].groups
        }
        self.assertEqual(open_, TOLD.keys())
        for name in CLOSED:
            for user, env in self._outsiders():
                told = self._fields_of_ours(env[name]) & env[name].fields_get().keys()
                self.assertFalse(env[name].has_access("read") and told, (name, user.login))

    def _fields_of_ours(self, model):
        return {
            field.name
            for field in model._fields.values()
            if (field._modules or ("",))[0] == "credit_collection" and not field.inherited
        }

    def _public_methods(self, model):
        """The methods that anybody can call over RPC and that we wrote."""
        found = {}
        for cls in type(model).mro():
            # What all models have is Odoo's.
            if not cls.__module__.startswith(OURS) or cls.__module__.endswith(".base"):
                continue
            for name, method in vars(cls).items():
                if name.startswith("_") or not inspect.isfunction(method):
                    continue
                if not getattr(method, "_api_private", False):
                    found[name] = method
        return found

    @mute_logger(
        "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.models"
    )
    def test_no_method_of_ours_answers_them(self):
        """Called with nothing but blanks: refused, or answered with nothing of the ledger."""
        for _user, env in self._outsiders():
            for name, model in env.items():
                if model._abstract or name.startswith("res.config"):
                    continue
                methods = self._public_methods(model)
                if not methods:
                    continue
                record = model.browse(model.sudo().search([], limit=1, order="id desc").ids)
                for method, function in sorted(methods.items()):
                    self._call(record, method, function)

    def _call(self, record, name, function):
        required = [
            parameter
            for parameter in list(inspect.signature(function).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
        blanks = [{} if parameter.name == "vals" else [] for parameter in required]
        savepoint = self.cr.savepoint()
        try:
            answer = getattr(record, name)(*blanks)
        except REFUSED:
            answer = None
        finally:
            self.env.transaction.clear()
            savepoint.close(rollback=True)
        with self.subTest(model=record._name, method=name):
            self.assertNotIn("4,321", str(answer))
            self.assertNotIn("Insolvent", str(answer))
            if record._name.startswith("credit.") and name.startswith("action_") and answer:
                # A list of what they may not read opens empty.
                self.assertEqual(answer.get("type"), "ir.actions.act_window", answer)

    def test_no_route_of_ours_answers_them(self):
        routes = [
            (route, method.original_routing.get("auth"))
            for controller in self._controllers()
            for method in vars(controller).values()
            if hasattr(method, "original_routing")
            for route in method.original_routing.get("routes", ())
        ]
        self.assertTrue(routes)
        for login in ("porta", None):
            self.authenticate(login, login)
            for route, auth in routes:
                self.assertIn(auth, ("user", "public"), route)
                if auth != "user" or route.startswith(PAGES) or "<" in route:
                    continue
                with self.subTest(route=route, login=login), mute_logger("odoo.http"):
                    ids = f"?ids={self._account().id}&sheet=1"
                    answer = self.url_open(route + ids, allow_redirects=False)
                    self.assertNotEqual(answer.status_code, 200)

    def _controllers(self):
        found, todo = [], [Controller]
        while todo:
            for cls in todo.pop().__subclasses__():
                todo.append(cls)
                if cls.__module__.startswith(OURS):
                    found.append(cls)
        return found

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_actions_report")
    def test_no_report_of_ours_is_printed_for_them(self):
        reports = self.env["ir.actions.report"].search(
            [("report_name", "=like", "credit\\_collection.%")]
        )
        self.assertTrue(reports)
        self.authenticate("porta", "porta")
        for report in reports:
            document = self.env[report.model].search([], limit=1).id or 1
            for kind in ("html", "pdf"):
                with self.subTest(report=report.report_name, kind=kind):
                    url = f"/report/{kind}/{report.report_name}/{document}"
                    self.assertNotEqual(self.url_open(url).status_code, 200)
