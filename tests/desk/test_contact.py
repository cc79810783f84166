from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import Form, freeze_time

from .common import TODAY, DeskCase


@freeze_time(TODAY)
class TestContact(DeskCase):
    def _log_form(self, outcome, user=None, account=None):
        context = {"default_account_id": (account or self._account()).id}
        form = Form(
            self.env["credit.contact.log"].with_user(user or self.collector).with_context(**context)
        )
        form.outcome = outcome
        return form

    def test_no_answer_is_tried_again_tomorrow(self):
        account = self._account()
        self._late()
        self._log_form("no_answer").save().action_log()
        contact = account.contact_ids
        self.assertRecordValues(
            contact,
            [
                {
                    "outcome": "no_answer",
                    "user_id": self.collector.id,
                    "next_date": Date.to_date("2026-03-11"),
                }
            ],
        )
        self.assertEqual(account.activity_ids.date_deadline, Date.to_date("2026-03-11"))
        self.assertFalse(self.env["credit.contact"]._last_dates(account.ids))

    def test_promise_follows_from_the_contact(self):
        invoice = self._late()
        self._late(due="2026-04-30")
        form = self._log_form("promised")
        self.assertEqual(form.promise_amount, 1000.0)
        self.assertEqual(form.promise_date, Date.to_date("2026-03-17"))
        form.save().action_log()
        promise = self._account().promise_ids
        self.assertEqual(promise.move_line_ids, self._item(invoice))
        self.assertEqual(self._account().contact_ids.promise_id, promise)
        self.assertEqual(
            self.env["credit.contact"]._last_dates(self._account().ids),
            {self._account().id: Date.to_date(TODAY)},
        )

    def test_what_is_disputed_is_not_proposed_as_a_promise(self):
        self._dispute(self._late(), 200.0)
        self._late(300.0)
        self.assertEqual(self._log_form("promised").promise_amount, 1100.0)
        self.assertEqual(self._log_form("disputed").dispute_amount, 800.0)

    def test_instalments_are_proposed_in_equal_parts(self):
        self._late()
        form = self._log_form("promised", user=self.manager)
        form.promise_date = Date.to_date("2026-03-12")
        form.in_instalments = True
        form.instalment_count = 3
        form.save().action_log()
        self.assertRecordValues(
            self._account().promise_ids.line_ids,
            [
                {"date": Date.to_date("2026-03-12"), "amount": 333.33},
                {"date": Date.to_date("2026-03-19"), "amount": 333.33},
                {"date": Date.to_date("2026-03-26"), "amount": 333.34},
            ],
        )

    def test_dispute_follows_from_the_contact(self):
        invoice = self._late()
        form = self._log_form("disputed")
        self.assertEqual(form.dispute_line_id, self._item(invoice))
        form.dispute_amount = 250.0
        form.dispute_reason_id = self.env.ref("credit_collection.credit_dispute_reason_quality")
        form.save().action_log()
        self.assertRecordValues(self._account().dispute_ids, [{"amount": 250.0, "state": "open"}])

    def test_call_back_makes_an_activity(self):
        self._late()
        form = self._log_form("call_back")
        form.next_date = Date.to_date("2026-03-13")
        form.next_step = "Ask for Mr Deco"
        form.save().action_log()
        self.assertRecordValues(
            self._account().activity_ids,
            [
                {
                    "user_id": self.collector.id,
                    "date_deadline": Date.to_date("2026-03-13"),
                    "summary": "Ask for Mr Deco",
                }
            ],
        )

    def test_refused_promise_logs_nothing(self):
        self._late()
        form = self._log_form("promised")
        form.promise_date = Date.to_date("2026-03-12")
        form.promise_amount = 99_999
        log = form.save()
        with self.assertRaisesRegex(UserError, "more than"), self.env.cr.savepoint():
            log.action_log()
        self.assertFalse(self._account().contact_ids)
        self.assertFalse(self._account().promise_ids)

    def test_file_tells_what_was_said(self):
        self._late()
        form = self._log_form("refuses")
        form.note = "Will not pay before the goods are exchanged"
        form.save().action_log()
        bodies = " ".join(self._account().message_ids.mapped("body"))
        self.assertIn("Will not pay before the goods are exchanged", bodies)

    # ------------------------------------------------------------------
    # Bad input and the attacker
    # ------------------------------------------------------------------

    def test_bad_contacts(self):
        stranger = self._customer("Other")
        with self.assertRaisesRegex(ValidationError, "future"):
            self._contact(date="2026-03-11 12:00:00")
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            self._contact(contact_partner_id=stranger.id)
        self._late(partner=stranger)
        promise = self._promise(account_id=self._account(stranger).id, amount=10.0)
        with self.assertRaisesRegex(ValidationError, "another customer"):
            self._contact(promise_id=promise.id)

    def test_a_contact_is_in_the_name_of_who_logs_it_and_stays(self):
        contact = self._contact(user_id=self.manager.id)
        self.assertEqual(contact.user_id, self.collector)
        with self.assertRaises(AccessError):
            contact.write({"note": "Something else"})
        with self.assertRaises(AccessError):
            contact.unlink()

    def test_salesperson_logs_nothing(self):
        with self.assertRaises(AccessError):
            self._contact(user=self.salesperson)
        with self.assertRaises(AccessError):
            self.env["credit.contact.log"].with_user(self.salesperson).create(
                {"account_id": self._account().id, "outcome": "refuses"}
            )

    def test_other_company_logs_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("eve", "account.group_account_invoice")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            self._contact(user=stranger)
        log = (
            self.env["credit.contact.log"]
            .with_user(stranger)
            .create({"account_id": self._account().id, "outcome": "refuses"})
        )
        with self.assertRaises(AccessError):
            log.action_log()
