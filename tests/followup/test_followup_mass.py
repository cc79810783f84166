from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import TODAY, FollowupCase

RUN = "odoo.addons.credit_collection.models.followup.credit_followup_run"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupMass(FollowupCase):
    """Many messages at once, as the progress bar asks for them: slice by slice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.customer
        for number in range(4):
            cls.customers |= cls._customer(f"Other {number}", email=f"o{number}@example.com")
        for customer in cls.customers:
            cls._late(100.0, partner=customer)

    def _run_slices(self, action, user=None, size=2):
        """Do what the client does; return what is shown at the end and the last action."""
        params = action["params"]
        tally, last = {}, None
        model = self.env[params["model"]].with_user(user or self.collector)

        def call(method, ids):
            if "credit.followup" == params["model"]:
                return getattr(model.browse(ids), method)()
            return getattr(model, method)(ids)

        for start in range(0, len(params["ids"]), size):
            for label, count in call(params["method"], params["ids"][start : start + size]):
                tally[label] = tally.get(label, 0) + count
        if params.get("finish"):
            last = call(params["finish"], params["ids"])
        return tally, last

    def test_plan(self):
        Run = self.env["credit.followup.run"].with_user(self.collector)
        with patch(f"{RUN}.PLAN_SLICE", 3):
            action = Run.action_plan_now()
        self.assertEqual(action["tag"], "credit_collection.in_slices")
        tally, _last = self._run_slices(action)
        self.assertEqual(tally, {"New messages": 5})
        followups = self.env["credit.followup"].search([])
        self.assertEqual(followups.partner_id, self.customers)
        self.assertEqual(len(followups.run_id), 1)
        self.assertEqual(self._run_slices(action)[0], {}, "planned once a day")

    def test_plan_on_old_bank_data_says_why_not(self):
        self.policy.bank_data_max_days = 3
        Run = self.env["credit.followup.run"].with_user(self.collector)
        with (
            patch(f"{RUN}.PLAN_SLICE", 3),
            self.assertRaisesRegex(UserError, "no bank statement was entered yet"),
        ):
            Run.action_plan_now()

    def test_approve(self):
        self.policy.followup_automatic = False
        followups = self._plan()
        action = followups.with_user(self.manager).action_approve_many()
        self.assertEqual(self._run_slices(action, self.manager)[0], {"To Send": 5})
        self.assertEqual(set(followups.mapped("state")), {"queued"})
        with self.assertRaises(UserError):
            followups.with_user(self.manager).action_approve_many()

    def test_approving_what_waits_for_a_manager(self):
        self.first.automatic = False
        followups = self._plan().with_user(self.collector)
        for name in (
            "action_approve_many",
            "action_send_many",
            "action_print_many",
            "approve_slice",
            "send_slice",
            "print_slice",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(followups, name)()
        self.assertEqual(set(followups.mapped("state")), {"draft"})

    def test_send_tells_what_came_of_each(self):
        paid, mute = self.customers[1], self.customers[2]
        followups = self._plan()
        self._pay(paid.invoice_ids)
        mute.email = False
        action = followups.with_user(self.collector).action_send_many()
        with self._mail_server():
            tally, _last = self._run_slices(action)
        self.assertEqual(tally, {"Sent": 3, "Failed": 1, "Cancelled": 1})
        self.assertEqual(len(self.outbox), 3)

    def test_sent_meanwhile_is_passed_over(self):
        followups = self._plan()
        action = followups.with_user(self.collector).action_send_many()
        self._send(followups[:2])
        with self._mail_server():
            tally, _last = self._run_slices(action)
        self.assertEqual(tally, {"Sent": 3})
        self.assertEqual(len(self.outbox), 3)
        with self.assertRaises(UserError):
            followups.with_user(self.collector).action_send_many()

    def test_print_makes_one_document(self):
        self.first.write({"send_email": False, "print_letter": True})
        followups = self._plan()
        self._pay(self.customers[1].invoice_ids)
        action = followups.with_user(self.collector).action_print_many()
        tally, report = self._run_slices(action)
        self.assertEqual(tally, {"Letters to print": 4, "Cancelled": 1})
        printed = followups.filtered("printed_on")
        self.assertEqual(len(printed), 4)
        self.assertEqual(report["type"], "ir.actions.report")
        self.assertEqual(sorted(report["context"]["active_ids"]), sorted(printed.ids))
        self.assertFalse(any(followups.mapped("to_print")))

    def test_letter_checked_and_not_printed_still_waits(self):
        self.first.write({"send_email": False, "print_letter": True})
        followups = self._plan().with_user(self.collector)
        followups.print_slice()
        self.assertEqual(set(followups.mapped("to_print")), {True})
        self._pay(self.customer.invoice_ids)
        followups.action_print()
        printed = followups.filtered("printed_on")
        self.assertEqual(printed.partner_id, self.customers - self.customer)

    def test_files_of_another_company_are_not_planned(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("elsa", "credit_collection.credit_collection_group_collector")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        Run = self.env["credit.followup.run"].with_user(stranger)
        with self.assertRaises(AccessError):
            Run.plan_slice(self.file.ids)
        self.assertFalse(self.file.followup_ids)


@tagged("post_install", "-at_install")
class TestFollowupMassInBrowser(FollowupCase, HttpCase):
    def test_collector_sends_many(self):
        due = fields.Date.subtract(fields.Date.today(), days=3)
        for name in ("Alder Ltd", "Birch Ltd", "Cedar Ltd"):
            partner = self._customer(name)
            self._invoice(100.0, partner=partner, date=due, due=due)
        followups = self.env["credit.followup"]._plan(self.company)
        self.assertEqual(len(followups), 3)
        self._pay(self.env["res.partner"].search([("name", "=", "Birch Ltd")]).invoice_ids)
        with self._mail_server():
            self.start_tour("/odoo/credit-followups", "credit_collector_sends_many", login="carla")
        self.assertEqual(sorted(followups.mapped("state")), ["cancelled", "sent", "sent"])
        self.assertEqual(len(self.outbox), 2)

    def test_collector_reads_each_letter_beside_the_list(self):
        due = fields.Date.subtract(fields.Date.today(), days=3)
        for name in ("Alder Ltd", "Birch Ltd", "Cedar Ltd"):
            partner = self._customer(name)
            self._invoice(100.0, partner=partner, date=due, due=due)
        followups = self.env["credit.followup"]._plan(self.company)
        followups.filtered(lambda letter: letter.state == "queued").sudo().state = "draft"
        with self._mail_server():
            self.start_tour(
                "/odoo/credit-followups-to-approve",
                "credit_collector_reads_beside_the_list",
                login="carla",
            )
        self.assertEqual(
            {letter.partner_id.name: letter.state for letter in followups},
            {"Alder Ltd": "draft", "Birch Ltd": "sent", "Cedar Ltd": "queued"},
        )
