"""Who signs, answers, decides and is told works in the company whose customer it is."""

from freezegun import freeze_time
from odoo.tests import tagged

from ..common import SALESPERSON
from .common import CompaniesCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestPeopleOfACompany(CompaniesCase):
    """Deco's salesperson, Sally, works in New York; Tokyo has Tomoko for what is owed there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice_in(cls.tokyo, 50_000.0, due="2026-02-01")
        cls.file = cls._file(cls.tokyo)
        cls.policy = cls.tokyo.credit_default_policy_id
        cls.policy.responsible_id = cls.tokyo_officer
        cls.team = cls.env["crm.team"].create(
            {"name": "Team", "user_id": cls.salesperson.id, "company_id": False}
        )

    def _activities(self):
        return self.env["mail.activity"].search([("user_id", "=", self.salesperson.id)])

    def test_a_salesperson_of_another_company_plays_no_role(self):
        for role in ("salesperson", "team_leader", "collector", "legal"):
            self.assertEqual(self.file._followup_user(role), self.tokyo_officer, role)
        self.assertEqual(self.file.followup_responsible_id, self.env["res.users"])
        self.assertEqual(self.file._responsible_collector(), self.tokyo_officer)
        self.file.collector_id = self.tokyo_collector
        for role in ("salesperson", "team_leader", "collector", "legal"):
            self.assertEqual(self.file._followup_user(role), self.tokyo_collector, role)
        self.assertEqual(self.file.followup_responsible_id, self.tokyo_collector)

    def test_the_same_person_plays_it_at_home(self):
        home = self._file(self.new_york)
        self.assertEqual(home._followup_user("salesperson"), self.salesperson)
        self.assertEqual(home.followup_responsible_id, self.salesperson)

    def test_who_left_plays_no_role_even_as_collector(self):
        self.file.collector_id = self.tokyo_collector
        self.tokyo_collector.active = False
        self.assertEqual(self.file._followup_user("collector"), self.tokyo_officer)
        self.assertEqual(self.file._responsible_collector(), self.tokyo_officer)
        self.customer.user_id = self.tokyo_seller
        self.assertEqual(self.file._followup_user("salesperson"), self.tokyo_seller)
        self.tokyo_seller.active = False
        self.assertEqual(self.file._followup_user("salesperson"), self.tokyo_officer)

    def test_somebody_of_a_branch_works_in_the_company(self):
        home = self._file(self.gdynia)
        home.collector_id = self.gdynia_collector
        self.assertEqual(home._followup_user("collector"), self.gdynia_collector)

    def test_letters_are_signed_here_and_answers_come_here(self):
        messages = self.env["credit.followup"]._plan(self.tokyo)
        self.assertTrue(messages)
        for message in messages:
            self.assertEqual(message._signer(), self.tokyo_officer)
        messages.sudo().action_send()
        self.assertEqual(messages.user_id, self.tokyo_officer)
        mail = messages.mail_message_id
        self.assertIn(self.tokyo_officer.email, mail.email_from)
        self.assertNotIn(self.salesperson.partner_id, self.file.message_partner_ids)
        self.assertFalse(self._activities())

    def test_who_left_does_not_sign_what_is_sent_again(self):
        self.file.collector_id = self.tokyo_collector
        message = self.env["credit.followup"]._plan(self.tokyo)
        message.user_id = self.tokyo_collector
        self.tokyo_collector.active = False
        self.assertEqual(message._signer(), self.tokyo_officer)

    def test_a_broken_promise_is_told_here(self):
        promise = self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "date": "2026-03-12",
                "amount": 50_000.0,
                "move_line_ids": [(6, 0, self._receivable(self.invoice).ids)],
            }
        )
        with freeze_time("2026-03-30"):
            promise._judge()
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.activity_ids.user_id, self.tokyo_officer)
        self.assertFalse(self._activities())

    def _receivable(self, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def test_a_dispute_is_logged_and_owned_here(self):
        for reason in self.env["credit.dispute.reason"].search([]):
            owner = reason._owner(self.file, self._receivable(self.invoice))
            self.assertIn(self.tokyo, owner.company_ids, reason.name)
        dispute = self._as(self.env["credit.dispute"], self.tokyo_collector).create(
            {
                "account_id": self.file.id,
                "move_line_id": self._receivable(self.invoice).id,
                "amount": 20_000.0,
                "reason_id": self.env["credit.dispute.reason"]
                .search([("responsible_role", "=", "salesperson")], limit=1)
                .id,
            }
        )
        self.assertEqual(dispute.owner_id, self.tokyo_officer)
        self.assertFalse(self._activities())

    def test_a_hold_s_decision_is_told_to_colleagues_of_the_company_only(self):
        limit = self.env["credit.limit"].create(
            {"account_id": self.file.id, "amount": 10.0, "reason": "Agreed"}
        )
        limit.with_user(self.all_manager).action_approve()
        order = (
            self.env["sale.order"]
            .with_company(self.tokyo)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.tokyo.id,
                    "user_id": self.salesperson.id,
                    "order_line": [
                        (0, 0, {"product_id": self.service.id, "price_unit": 90.0, "tax_ids": []})
                    ],
                }
            )
        )
        order.action_confirm()
        hold = order.credit_hold_ids
        self.assertEqual(hold.state, "held")
        self.assertIn(self.tokyo, hold.responsible_id.company_ids)
        hold.requester_id = self.salesperson
        self._as(hold, self.all_manager, self.tokyo).action_refuse(note="No")
        told = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.salesperson.partner_id.id)]
        )
        self.assertNotIn(hold.account_id.id, told.mail_message_id.mapped("res_id"))

    def test_people_who_cannot_see_it_are_not_chosen_by_hand(self):
        policy = self.tokyo.credit_default_policy_id
        with self.assertRaisesRegex(Exception, "sally.*does not work in Tokyo"):
            policy.responsible_id = self.salesperson
        with self.assertRaisesRegex(Exception, "sally.*does not work in Tokyo"):
            policy.followup_legal_user_id = self.salesperson
        with self.assertRaisesRegex(Exception, "sally.*does not work in Tokyo"):
            policy.followup_level_ids[:1].write({"role": "user", "user_id": self.salesperson.id})

    def test_a_new_colleague_is_chosen_at_once(self):
        newcomer = self._works("nina", SALESPERSON, self.tokyo)
        self.customer.user_id = newcomer
        self.assertEqual(self.file._followup_user("salesperson"), newcomer)
