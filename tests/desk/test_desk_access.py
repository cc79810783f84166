"""Who is no collector calls every public method of the desk over JSON-RPC."""

import inspect

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import SALESPERSON
from .common import TODAY, DeskCase

MODULE = "odoo.addons.credit_collection."
ARGUMENTS = {"write": [{"note": "x"}], "create": [{"note": "x"}]}
# What shows a record to whoever may read it anyway, and changes nothing.
READING = (
    ("credit.promise", "action_print_agreement"),
    ("credit.promise.line", "action_open_promise"),
)


def public_methods(model, of=MODULE):
    """Names of what anybody can call over RPC and this module defines on a model."""
    return sorted(
        {
            name
            for cls in type(model).__mro__
            if cls.__module__.startswith(of)
            for name, value in vars(cls).items()
            if inspect.isfunction(value)
            and not name.startswith("_")
            and not getattr(value, "_api_private", False)
        }
    )


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDeskAccess(DeskCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        invoice = cls._late()
        cls.promise = cls._promise(invoice, 400.0)
        cls.dispute = cls._dispute(invoice, 200.0)
        cls.contact = cls._contact()
        cls.file = cls._account()
        collector = cls.env(user=cls.collector)
        log = collector["credit.contact.log"].create(
            {"account_id": cls.file.id, "outcome": "refuses"}
        )
        assign = collector["credit.collector.assign"].create(
            {"account_ids": [Command.set(cls.file.ids)], "collector_id": cls.collector.id}
        )
        cls.records = {
            "credit.promise": cls.promise.id,
            "credit.promise.line": cls.promise.line_ids.id,
            "credit.dispute": cls.dispute.id,
            "credit.dispute.reason": cls.dispute.reason_id.id,
            "credit.contact": cls.contact.id,
            "credit.worklist": cls.file.id,
            "credit.collector.activity": cls.contact.id * 4,
            "credit.contact.log": log.id,
            "credit.collector.assign": assign.id,
        }
        cls.attackers = cls._attackers()

    @classmethod
    def _attackers(cls):
        """A salesperson of the customer, one of others, a clerk, portal and another company."""
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        stranger = cls._user("stranger", "credit_collection.credit_collection_group_manager")
        stranger.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        cls._user("sidney", SALESPERSON)
        cls.env["res.users"].create(
            {
                "name": "Porta",
                "login": "porta1234",
                "password": "porta1234",
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )
        cls.dispute.owner_id = cls.manager
        return ("sally", "sidney", "walter", "stranger", "porta1234")

    def _call(self, model, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    def _refused(self, model, method, *args):
        with self.subTest(model=model, method=method):
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._call(model, method, *args)

    def _state(self):
        """All that the desk knows of the customer."""
        self.env.invalidate_all()
        return {
            "promises": self.file.promise_ids.mapped(lambda p: (p.state, p.amount, p.note)),
            "disputes": self.file.dispute_ids.mapped(lambda d: (d.state, d.owner_id, d.note)),
            "contacts": self.file.contact_ids.mapped(lambda c: (c.outcome, c.user_id, c.note)),
            "collector": self.file.collector_id,
            "said": len(self.file.message_ids),
        }

    def test_every_public_method_is_refused(self):
        before = self._state()
        for login in self.attackers:
            self.authenticate(login, login)
            for model, record_id in self.records.items():
                for method in public_methods(self.env[model]):
                    if (model, method) in READING or method == "my_week":
                        continue
                    arguments = ARGUMENTS.get(method, [])
                    if method == "assign_slice":
                        arguments = [self.file.ids, self.manager.id]
                    elif method != "create":
                        arguments = [[record_id], *arguments]
                    self._refused(model, method, *arguments)
        self.assertEqual(self._state(), before)

    def test_the_page_of_the_customer_is_for_collectors(self):
        desk = public_methods(self.env["credit.account"], MODULE + "models.desk.credit_account")
        # Reading by the form is Odoo's own method, with the rights of whoever reads.
        desk.remove("web_read")
        self.assertEqual(
            desk, ["action_left_message", "action_log_contact", "action_next", "action_no_answer"]
        )
        for login in self.attackers:
            self.authenticate(login, login)
            for method in desk:
                self._refused("credit.account", method, [self.file.id])

    def test_only_who_may_read_prints_the_agreement(self):
        for login in ("sidney", "walter", "stranger", "porta1234"):
            self.authenticate(login, login)
            for model, method in READING:
                self._refused(model, method, [self.records[model]])

    def test_a_week_is_ones_own(self):
        for login in ("sally", "walter", "porta1234"):
            self.authenticate(login, login)
            self._refused("credit.collector.activity", "my_week")
        self.authenticate("stranger", "stranger")
        *counts, _cash = self._call("credit.collector.activity", "my_week")
        self.assertEqual([number for _label, number in counts], ["0", "0", "0", "0"])

    def test_private_methods_are_refused_to_everybody(self):
        self.authenticate("mona", "mona")
        for model, method, args in (
            ("credit.promise", "_judge", [[self.promise.id], "2030-01-01"]),
            ("credit.promise", "_apply", [[self.promise.id], {}, TODAY]),
            ("credit.dispute", "_move", [[self.dispute.id], "close"]),
            ("credit.dispute", "_settle", []),
            ("credit.contact.log", "_log", [[self.records["credit.contact.log"]]]),
        ):
            self._refused(model, method, *args)
        self.assertEqual((self.promise.state, self.dispute.state), ("open", "open"))

    def test_customers_are_given_to_collectors_only(self):
        """The worklist of anybody else is empty, whichever way they become the collector."""
        for login in ("walter", "stranger", "porta1234"):
            user = self.env["res.users"].search([("login", "=", login)])
            with self.assertRaisesRegex(ValidationError, "is no collector"), self.cr.savepoint():
                self.file.with_user(self.manager).collector_id = user
            with self.assertRaisesRegex(ValidationError, "is no collector"), self.cr.savepoint():
                self.env["credit.collector.assign"].with_user(self.manager).assign_slice(
                    self.file.ids, user.id
                )
        wizard = self.env["credit.collector.assign"].with_user(self.manager).create({})
        with self.assertRaisesRegex(UserError, "Choose the customers"):
            wizard.action_assign()
        self.assertFalse(self.file.collector_id)
