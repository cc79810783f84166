from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tests.common import HttpCase

from ..common import SALESPERSON
from .common import TODAY, FollowupCase

BUTTONS = (
    "action_approve",
    "action_send",
    "action_print",
    "action_retry",
    "action_edit_text",
    "action_reset_text",
    "action_open_cancel",
)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupAccess(FollowupCase):
    """The attacker: wrong role, wrong company, straight to the method."""

    def setUp(self):
        super().setUp()
        self._late()
        self.followup = self._plan()

    def _refused(self, user, call):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            call(self.followup.with_user(user))
        self.assertEqual(self.followup.state, "queued")

    def test_outsiders_can_press_nothing(self):
        portal = new_test_user(self.env, "porta", groups="base.group_portal")
        public = self.env.ref("base.public_user")
        stranger_company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("elsa", "credit_collection.credit_collection_group_manager")
        stranger.write(
            {"company_ids": [Command.set(stranger_company.ids)], "company_id": stranger_company.id}
        )
        for user in (portal, public, self.salesperson, self.clerk, stranger):
            for name in BUTTONS:
                with self.subTest(user=user.login, button=name):
                    self._refused(user, lambda followup, name=name: getattr(followup, name)())
            self._refused(user, lambda followup: followup.action_cancel("x"))
            self._refused(user, lambda followup: followup.write({"body": "<p>Pay me</p>"}))

    def test_collector_cannot_write_the_record(self):
        for vals in ({"state": "sent"}, {"level_id": False}, {"amount": 0}, {"date": "2020-01-01"}):
            self._refused(self.collector, lambda followup, vals=vals: followup.write(vals))
        with self.assertRaises(AccessError):
            self.env["credit.followup"].with_user(self.collector).create(
                {"account_id": self.file.id, "date": TODAY}
            )
        with self.assertRaises(UserError):
            self.followup.with_user(self.manager).unlink()
        with self.assertRaises(UserError):
            self.followup.unlink()

    def test_sent_message_does_not_change(self):
        self._send(self.followup)
        with self.assertRaises(UserError):
            self.followup.with_user(self.collector).body = "<p>Something else</p>"
        for name in ("action_send", "action_retry", "action_approve"):
            with self.assertRaises(UserError):
                getattr(self.followup.with_user(self.manager), name)()
        with self.assertRaises(UserError):
            self.followup.with_user(self.collector).action_cancel("too late")

    def test_cancelling_needs_a_reason(self):
        with self.assertRaises(UserError):
            self.followup.with_user(self.collector).action_cancel("  ")
        self.assertEqual(self.followup.state, "queued")

    def test_salespeople_read_their_own_customers_only(self):
        other = self._user("otto", SALESPERSON)
        Followup = self.env["credit.followup"]
        self.assertEqual(Followup.with_user(self.salesperson).search([]), self.followup)
        self.assertFalse(Followup.with_user(other).search([]))
        self.assertFalse(self.env["credit.followup.line"].with_user(other).search([]))

    def test_levels_and_runs_belong_to_managers_and_companies(self):
        with self.assertRaises(AccessError):
            self.first.with_user(self.collector).delay = 5
        with self.assertRaises(AccessError):
            self.policy.with_user(self.collector).action_load_followup_levels()
        with self.assertRaises(AccessError):
            self.env["credit.followup.run"].with_user(self.salesperson).action_plan_now()
        with self.assertRaises(AccessError):
            self.env["credit.followup.dry.run"].with_user(self.salesperson).new({}).result  # noqa: B018

    def test_dry_run_of_another_company_tells_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        wizard = self.env["credit.followup.dry.run"].with_user(self.collector)
        self.assertFalse(wizard.new({"company_id": other.id}).result)

    def test_statement_is_for_collectors(self):
        with self.assertRaises(AccessError):
            self.file.with_user(self.salesperson).action_print_statement()
        with self.assertRaises(AccessError):
            self.file.with_user(self.salesperson).action_statement_xlsx()

    def test_used_level_is_archived_not_deleted(self):
        with self.assertRaises(UserError):
            self.first.with_user(self.manager).unlink()

    def test_invoice_fields_are_hidden_from_others(self):
        invoice = self.followup.line_ids.move_id
        clerk = self._user("billy", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            invoice.with_user(clerk).read(["credit_followup_level_id"])
        self.assertTrue(invoice.with_user(self.collector).sudo(False).env.user)


@tagged("post_install", "-at_install")
class TestStatementDownload(FollowupCase, HttpCase):
    def test_download_of_the_statement(self):
        self._late(100.0)
        url = f"/credit_collection/statement.xlsx?ids={self.file.id}"
        self.authenticate(self.collector.login, self.collector.login)
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"PK"))
        self.authenticate(self.salesperson.login, self.salesperson.login)
        self.assertFalse(self.url_open(url).content.startswith(b"PK"))
        self.authenticate(None, None)
        self.assertFalse(self.url_open(url).content.startswith(b"PK"))
