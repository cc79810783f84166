"""The attacker over RPC: every public method of follow-up, by people who have no business there."""

from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MANAGER
from .common import FollowupCase

MODELS = (
    "credit.followup",
    "credit.followup.line",
    "credit.followup.level",
    "credit.followup.run",
    "credit.followup.cancel",
    "credit.followup.dry.run",
)
OURS = "odoo.addons.credit_collection"
# Of the files and policies, what belongs to follow-up.
ELSEWHERE = {
    "credit.account": (
        "action_open_letter",
        "action_prepare_letter",
        "action_send_letter",
        "action_print_letter",
        "action_print_statement",
        "action_statement_xlsx",
    ),
    "credit.policy": ("action_load_followup_levels",),
}
CRUD = ("read", "write", "create", "unlink", "copy")
ARGUMENTS = {"action_cancel": ["Because I say so"], "plan_slice": []}


@tagged("post_install", "-at_install")
class TestFollowupRpc(FollowupCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.followup_automatic = False
        cls._invoice(1000.0, date="2025-01-01", due="2025-01-31")
        cls.followup = cls.env["credit.followup"]._plan(cls.company)
        cls.run_of_today = cls.env["credit.followup.run"]._of_day(cls.company, cls.followup.date)
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        stranger = cls._user("elsa", MANAGER)
        stranger.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        new_test_user(cls.env, "porta", groups="base.group_portal")

    def _methods(self):
        """Every method of ours that RPC reaches, and those that change a record."""
        for model in MODELS:
            found = set(CRUD)
            for cls in type(self.env[model]).mro():
                if cls.__module__.startswith(OURS):
                    found |= {
                        name
                        for name, value in vars(cls).items()
                        if callable(value)
                        and not name.startswith("_")
                        and not getattr(value, "_api_private", False)
                    }
            for name in sorted(found):
                yield model, name
        for model, names in ELSEWHERE.items():
            for name in names:
                self.assertTrue(hasattr(type(self.env[model]), name), name)
                yield model, name

    def _ids(self, model):
        return {
            "credit.followup": self.followup.ids,
            "credit.followup.line": self.followup.line_ids.ids,
            "credit.followup.level": self.first.ids,
            "credit.followup.run": self.run_of_today.ids,
            "credit.account": self.file.ids,
            "credit.policy": self.policy.ids,
        }.get(model, [])

    def _arguments(self, model, name):
        values = {"name": "Mine"} if model == "credit.followup.level" else {}
        if name == "create":
            return [{"account_id": self.file.id, **values}]
        if name == "write":
            return [self._ids(model), {"body": "<p>Nothing is owed</p>", **values}]
        if name == "read":
            return [self._ids(model), ["display_name"]]
        if name == "plan_slice":
            return [self.file.ids]
        if name == "action_plan_now":
            return []
        return [self._ids(model), *ARGUMENTS.get(name, [])]

    def _state(self):
        self.env.invalidate_all()
        Followup = self.env["credit.followup"]
        return (
            Followup.search([]).mapped(lambda f: (f.state, f.body, f.partner_ids.ids)),
            self.env["credit.followup.level"].search_count([]),
            self.first.name,
            self.file.followup_paused_until,
            self.env["mail.mail"].search_count([]),
        )

    def _attack(self, login, allowed=()):
        self.authenticate(login, login)
        before = self._state()
        for model, name in self._methods():
            arguments = self._arguments(model, name)
            with self.subTest(login=login, model=model, method=name):
                if (model, name) in allowed or not self._ids(model) and name != "create":
                    continue
                with self.assertRaises(JsonRpcException), mute_logger("odoo.http", "odoo.sql_db"):
                    self.make_jsonrpc_request(
                        f"/web/dataset/call_kw/{model}/{name}",
                        {"model": model, "method": name, "args": arguments, "kwargs": {}},
                    )
        self.assertEqual(self._state(), before)

    def test_there_is_something_to_attack(self):
        methods = set(self._methods())
        for name in (
            "action_send",
            "action_approve",
            "action_print",
            "action_cancel",
            "send_slice",
            "print_slice",
            "approve_slice",
        ):
            self.assertIn(("credit.followup", name), methods)
        self.assertIn(("credit.followup.run", "action_plan_now"), methods)

    def test_portal_user(self):
        self._attack("porta")

    def test_warehouse_clerk(self):
        self._attack("walter")

    def test_salesperson_reads_only(self):
        self._attack(
            "sally",
            {
                (model, "read")
                for model in ("credit.followup", "credit.followup.line", "credit.followup.level")
            },
        )

    def test_manager_of_another_company(self):
        """What is of no company, or asks about the own one, is no attack."""
        self._attack("elsa", {("credit.followup.run", "action_plan_now")})

    def test_wizards(self):
        for login in ("porta", "walter", "sally"):
            self.authenticate(login, login)
            for model, field in (
                ("credit.followup.cancel", "reason"),
                ("credit.followup.dry.run", "result"),
            ):
                with (
                    self.subTest(login=login, model=model),
                    self.assertRaises(JsonRpcException),
                    mute_logger("odoo.http"),
                ):
                    self.make_jsonrpc_request(
                        f"/web/dataset/call_kw/{model}/onchange",
                        {
                            "model": model,
                            "method": "onchange",
                            "kwargs": {},
                            "args": [[], {}, [], {field: {}}],
                        },
                    )
