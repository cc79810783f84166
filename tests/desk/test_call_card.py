"""The collector's page: whom to call, one click after the call, a letter that is never stale."""

from datetime import date

from freezegun import freeze_time
from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..followup.common import FollowupCase

FRIDAY = "2026-03-27"


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestCallCard(FollowupCase):
    def _page(self, **context):
        return self._account().with_user(self.accountant).with_context(**context)

    def test_whom_to_call_and_what_they_are_like(self):
        self.env["res.partner"].create(
            {
                "parent_id": self.customer.id,
                "type": "collections",
                "name": "Mrs Payne",
                "phone": "+1 555 0100",
                "email": "payne@example.com",
                "tz": "America/New_York",
            }
        )
        paid = self._invoice(1_000, date="2026-01-01", due="2026-01-31")
        self._pay(paid, date="2026-02-20")
        self._invoice(600, date="2026-02-01", due="2026-03-01")
        self._invoice(400, date="2026-03-20", due="2026-04-20")
        page = self._page()
        self.assertEqual(page.call_partner_id.name, "Mrs Payne")
        self.assertEqual(page.call_phone, "+1 555 0100")
        self.assertIn("America/New_York", page.call_time)
        self.assertEqual(page.call_delay, "20 days late")
        self.assertIn("1,000.00 on 02/20/2026", page.call_last_payment)
        self.assertIn("600.00 overdue of", page.call_owes)
        self.assertIn("1,000.00", page.call_owes)

    def test_what_to_say_stands_beside_whom_to_call(self):
        self._invoice(600, date="2026-02-01", due="2026-03-15")
        page = self._page()
        self.assertIn("A day and an amount, today", page.playbook_words)
        self.assertNotIn("Overdue:", page.playbook_words, "the card says it already")
        form = etree.fromstring(page.get_view(view_type="form")["arch"])
        beside = form.xpath("//group[@name='call_card']/group//field/@name")
        self.assertIn("playbook_words", beside)
        self.assertIn("call_phone", beside)
        self.env["credit.playbook"].search([]).active = False
        page.invalidate_recordset()
        self.assertFalse(page.playbook_words)
        with self.assertRaises(AccessError):
            self._account().with_user(self.salesperson).read(["playbook_words"])

    def test_what_was_credited_says_nothing_of_how_they_pay(self):
        paid = self._invoice(1_000, date="2026-01-01", due="2026-01-31")
        self._pay(paid, date="2026-02-20")
        credited = self._invoice(5_000, date="2025-10-01", due="2025-10-31")
        refund = self._invoice(5_000, date="2026-03-20", move_type="out_refund")
        (self._item(credited) | self._item(refund)).reconcile()
        self.assertEqual(self._page().call_delay, "20 days late")

    def test_owes_in_the_customers_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self._invoice(500, date="2026-02-01", due="2026-03-01", currency_id=euro.id)
        self.assertIn("500.00", self._page().call_owes)
        self.assertIn("€", self._page().call_owes)

    def test_no_answer_is_one_click(self):
        self._invoice(600, date="2026-02-01", due="2026-03-01")
        other = self._customer("Next One")
        self._invoice(500, partner=other, date="2026-02-01", due="2026-03-01")
        account = self._account()
        action = self._page().action_no_answer()
        contact = account.contact_ids
        self.assertEqual((contact.outcome, contact.user_id), ("no_answer", self.accountant))
        self.assertEqual(contact.next_date, date(2026, 3, 30), "Monday, not Saturday")
        self.assertEqual(action["tag"], "credit_collection.with_undo")
        following = action["params"]["next"]
        self.assertEqual(following["res_model"], "credit.account")
        self.assertEqual(following["res_id"], self._account(other).id)
        with self.assertRaises(AccessError):
            account.with_user(self.salesperson).action_no_answer()

    def test_left_message_reached_nobody(self):
        self._invoice(600, date="2026-02-01", due="2026-03-01")
        self._page().action_left_message()
        row = self.env["credit.worklist"].browse(self._account().id)
        self.assertFalse(row.last_contact)

    def test_says_paid_makes_somebody_look(self):
        self._invoice(600, date="2026-02-01", due="2026-03-01")
        bookkeeper = self._user("berta", "account.group_account_user")
        form = Form(
            self.env["credit.contact.log"]
            .with_user(self.accountant)
            .with_context(default_account_id=self._account().id, default_outcome="paid")
        )
        self.assertEqual(form.paid_amount, 600)
        form.paid_on = "2026-03-26"
        form.paid_reference = "TR-7781"
        form.save().action_log()
        activity = self._account().activity_ids.filtered(
            lambda a: (
                a.activity_type_id == self.env.ref("credit_collection.mail_activity_find_payment")
            )
        )
        self.assertIn("600.00", activity.summary)
        self.assertIn("TR-7781", activity.note)
        self.assertNotEqual(activity.user_id, self.accountant)
        self.assertTrue(bookkeeper)
        self.assertIn("TR-7781", self._account().contact_ids.note)

    def test_place_in_the_list(self):
        page = self._page(credit_desk_total=18, credit_desk_queue=list(range(13)))
        self.assertEqual(page.desk_place, "5 of 18")
        self.assertFalse(self._page(credit_desk_total="x", credit_desk_queue=7).desk_place)

    def test_letter_is_renewed_at_every_read(self):
        invoice = self._invoice(600, date="2026-02-01", due="2026-03-01")
        page = self._page()
        page.action_prepare_letter()
        shown = page.web_read({"letter_id": {}, "letter_preview": {}})[0]
        self.assertIn("600.00", shown["letter_preview"])
        self._pay(invoice, amount=200)
        shown = page.web_read({"letter_id": {}, "letter_preview": {}})[0]
        self.assertIn("400.00", shown["letter_preview"])
        self._pay(invoice)
        shown = page.web_read({"letter_id": {}, "followup_next_reason": {}})[0]
        self.assertFalse(shown["letter_id"])
        self.assertIn("Nothing is open", shown["followup_next_reason"])

    def test_failure_speaks_and_is_tried_again(self):
        self._invoice(600, date="2026-02-01", due="2026-03-01")
        self.customer.email = False
        page = self._page()
        page.action_send_letter()
        self.assertIn("has an e-mail address", page.letter_failure)
        self.customer.email = "accounts@example.com"
        page.action_try_again()
        self.assertFalse(page.letter_failure)
        with self.assertRaises(UserError):
            page.action_try_again()

    def test_next_action_has_a_day(self):
        self._invoice(600, date="2026-02-01", due="2026-03-01")
        row = self.env["credit.worklist"].browse(self._account().id)
        self.assertEqual((row.next_action, row.next_action_on), ("call", date(2026, 3, 27)))
        self._page().action_prepare_letter()
        row.invalidate_recordset()
        self.assertEqual(row.next_action, "letter")
        self._page().action_no_answer()
        row.invalidate_recordset()
        self.assertEqual((row.next_action, row.next_action_on), ("wait", date(2026, 3, 30)))
