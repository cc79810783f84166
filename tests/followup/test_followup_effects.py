from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupEffects(FollowupCase):
    """What a level changes, and that it goes by itself."""

    def _reach_last(self, days=31):
        self.policy.followup_start_at_age = True
        invoice = self._late(days=days)
        followup = self._plan()
        self._send(followup.with_user(self.manager))
        self.assertEqual(followup.state, "sent")
        self.file.invalidate_recordset()
        return invoice

    def test_level_stops_sales_until_it_is_paid(self):
        self.env["credit.rule"].create(
            {
                "name": "Follow-up stops",
                "policy_id": self.policy.id,
                "kind": "followup_level",
                "consequence": "hold",
                "on_confirmation": True,
            }
        )
        invoice = self._reach_last()
        self.assertEqual(self.file._followup_stops(), ("Last demand", True, False))
        order = self._order()
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        self._pay(invoice)
        self.assertEqual(self.file._followup_stops(), ("", False, False))
        order.credit_hold_ids.with_user(self.officer).action_reevaluate()
        self.assertEqual(order.credit_hold_ids.state, "cleared")

    def test_responsibility_moves_and_comes_back(self):
        self.assertEqual(self.file.followup_responsible_id, self.collector)
        invoice = self._reach_last()
        self.assertEqual(self.file.followup_responsible_id, self.manager)
        self._pay(invoice)
        self.file.invalidate_recordset()
        self.assertEqual(self.file.followup_responsible_id, self.collector)

    def test_legal_matters_go_to_whom_the_policy_names(self):
        self.last.write({"role": "legal", "responsible_role": "legal"})
        self.policy.followup_legal_user_id = self.officer
        self._reach_last()
        self.assertEqual(self.file.followup_ids.user_id, self.officer)
        self.assertEqual(self.file.followup_responsible_id, self.officer)
        self.policy.followup_legal_user_id = False
        self.file.invalidate_recordset()
        self.assertEqual(self.file.followup_responsible_id, self.collector)

    def test_the_hand_over_letter_prepares_the_case_and_is_the_last_letter(self):
        """Told once that it is with the legal department; the case then stops all letters."""
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "credit_collection.credit_room_cases"
        )
        template = self.env.ref("credit_collection.mail_template_followup_legal")
        self.last.write(
            {
                "mail_template_id": template.id,
                "role": "legal",
                "opens_case": True,
                "attach_statement": True,
            }
        )
        self.policy.followup_legal_user_id = self.officer
        invoice = self._reach_last()
        letter = self.file.followup_ids
        message = letter.sudo().mail_message_id
        self.assertIn("your account is with our legal department", message.subject)
        self.assertIn("handed the matter to our legal department", message.body)
        self.assertEqual(self._to_pay(letter), "1,000.00")
        self.assertTrue(message.attachment_ids, "the statement goes along")
        [mail] = [mail for mail in self.outbox if "legal department" in mail["Subject"]]
        self.assertIn("Deco", mail["To"])
        case = self.env["credit.case"].search([("account_id", "=", self.file.id)])
        self.assertEqual((case.state, case.responsible_id), ("draft", self.officer))
        self.assertEqual(case.move_line_ids, self._item(invoice))
        self.assertEqual(case.activity_ids.summary, "Check the papers and open the case")
        checks = ("check_legality", "check_evidence", "check_assets", "check_authority")
        case.with_user(self.officer).write(dict.fromkeys(checks, "Looked at"))
        case.with_user(self.officer).action_open()
        later = TODAY + timedelta(40)
        with freeze_time(later):
            self.assertFalse(self._plan(later))
        # Paid in between: the draft asks for nothing.
        self._pay(invoice)
        case.invalidate_recordset()
        self.assertEqual(case.principal, 0.0)

    def test_payment_that_bounces_brings_level_promise_and_hold_back(self):
        """Paid: promise kept, order free.  The bank takes it back: all of it is undone."""
        self.env["credit.rule"].create(
            {
                "name": "Follow-up stops",
                "policy_id": self.policy.id,
                "kind": "followup_level",
                "consequence": "hold",
                "on_confirmation": True,
            }
        )
        invoice = self._reach_last()
        promise = self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "date": TODAY,
                "amount": 1000.0,
                "move_line_ids": self._item(invoice).ids,
            }
        )
        order = self._order()
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")

        payment = self._pay(invoice)
        self.assertEqual(promise.state, "kept")
        self._run_cron("credit_hold_cron")
        self.assertEqual(order.credit_hold_ids.state, "cleared")
        self.assertEqual(order.credit_state, "none")

        with freeze_time(TODAY + timedelta(10)):
            payment.action_draft()
            payment.action_cancel()
            self.env.invalidate_all()
            self.assertEqual(self.file.followup_level_id, self.last)
            self.assertEqual(self.file.followup_responsible_id, self.manager)
            self.assertEqual(promise.state, "broken")
            order.action_confirm()
            self.assertEqual((order.state, order.credit_state), ("draft", "held"))
            self.assertFalse(self._plan(TODAY + timedelta(10)), "the last level was had")

    def test_bounce_takes_the_level_back(self):
        self._reach_last()
        self._bounce(self.file.followup_ids)
        self.assertEqual(self.file._followup_stops(), ("", False, False))

    def test_bounced_payment_brings_the_item_back_at_its_level(self):
        invoice = self._late(days=9)
        self._sent()
        payment = self._pay(invoice)
        self.assertFalse(self._plan(TODAY + timedelta(1)))
        self.file.invalidate_recordset()
        self.assertFalse(self.file.followup_level_id)
        payment.action_draft()
        payment.action_cancel()
        self.file.invalidate_recordset()
        self.assertEqual(self.file.followup_level_id, self.first)
        followup = self._plan(TODAY + timedelta(1))
        self.assertEqual(followup.level_id, self.second)

    def test_unreconciled_item_comes_back_without_being_asked_for_twice(self):
        invoice = self._late(100.0, days=9)
        self._sent()
        self._pay(invoice, 40.0)
        self._item(invoice).remove_move_reconcile()
        followup = self._plan(TODAY + timedelta(1))
        self.assertEqual((followup.level_id, followup.amount), (self.second, 60.0))

    def test_reset_invoice_keeps_its_level(self):
        invoice = self._late(days=9)
        self._sent()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 800.0
        invoice.invoice_date_due = TODAY - timedelta(10)
        invoice.action_post()
        followup = self._plan(TODAY + timedelta(1))
        self.assertEqual((followup.level_id, followup.amount), (self.second, 800.0))

    def test_journal_item_made_anew_keeps_the_level(self):
        invoice = self._late(days=9)
        followup = self._sent()
        invoice.button_draft()
        followup.line_ids.move_line_id = False  # as when Odoo deletes the item
        invoice.action_post()
        self.assertEqual(followup.line_ids.move_line_id, self._item(invoice))

    def test_invoice_shows_level_and_what_comes_next(self):
        invoice = self._late(days=3)
        self._sent()
        self.assertRecordValues(
            invoice,
            [
                {
                    "credit_followup_level_id": self.first.id,
                    "credit_followup_next_level_id": self.second.id,
                    "credit_followup_next_date": TODAY + timedelta(7),
                    "credit_followup_next_reason": False,
                }
            ],
        )
        found = self.env["account.move"].search([("credit_followup_level_id", "=", self.first.id)])
        self.assertEqual(found, invoice)
        self.assertNotIn(
            invoice, self.env["account.move"].search([("credit_followup_level_id", "=", False)])
        )

    def test_invoices_are_grouped_by_level(self):
        reminded = self._late(100.0, days=3)
        self._sent()
        fresh = self._late(50.0, days=-5)
        Move = self.env["account.move"].with_user(self.collector)
        level = "credit_followup_level_id"
        self.assertTrue(Move.fields_get([level])[level]["groupable"])
        groups = Move.formatted_read_group(
            [("id", "in", (reminded | fresh).ids)], [level], ["amount_total:sum"]
        )
        self.assertEqual(
            [
                (
                    group[level] and group[level][0],
                    group["amount_total:sum"],
                )
                for group in groups
            ],
            [(self.first.id, 100.0), (False, 50.0)],
        )

    def test_file_shows_level_and_what_comes_next(self):
        self._late(days=3)
        self.assertEqual(self.file.followup_next_level_id, self.first)
        self.assertEqual(self.file.followup_next_date, TODAY)
        self._sent()
        self.file.invalidate_recordset()
        self.assertEqual(self.file.followup_next_level_id, self.second)
        self.assertEqual(self.file.followup_next_date, TODAY + timedelta(7))
        Account = self.env["credit.account"]
        self.assertEqual(Account.search([("followup_level_id", "=", self.first.id)]), self.file)
        self.assertIn(self.file, Account.search([("followup_level_id", "!=", False)]))
        self.assertNotIn(self.file, Account.search([("followup_level_id", "=", False)]))

    def test_files_are_grouped_by_level(self):
        self._late(days=3)
        self._sent()
        fresh = self._customer("Fresh Ltd")
        self._late(50.0, days=-5, partner=fresh)
        files = self.file | self._account(fresh)
        Account = self.env["credit.account"].with_user(self.collector)
        self.assertTrue(Account.fields_get(["followup_level_id"])["followup_level_id"]["groupable"])
        groups = Account.formatted_read_group(
            [("id", "in", files.ids)], ["followup_level_id"], ["__count"]
        )
        self.assertEqual(
            [
                (
                    group["followup_level_id"] and group["followup_level_id"][0],
                    group["__count"],
                    Account.search(group["__extra_domain"] + [("id", "in", files.ids)]).ids,
                )
                for group in groups
            ],
            [(self.first.id, 1, self.file.ids), (False, 1, self._account(fresh).ids)],
        )

    def test_level_reached_costs_few_queries(self):
        self._reach_last()
        self.env.flush_all()
        self.file.partner_id  # noqa: B018 - in the cache
        with self.assertQueryCount(4):
            self.file._followup_stops()

    def test_file_opens_the_letter_that_is_due(self):
        self._late()
        file = self.file.with_user(self.collector)
        self.assertEqual(file.followup_next_level_id, self.first)
        action = file.action_open_letter()
        followup = self.file.followup_ids
        self.assertEqual((action["res_model"], action["res_id"]), (followup._name, followup.id))
        self._send(followup)
        with self.assertRaises(UserError):
            file.action_open_letter()
