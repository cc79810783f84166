import math

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import freeze_time

from .common import TODAY, DeskCase


@freeze_time(TODAY)
class TestDispute(DeskCase):
    def test_part_of_an_item_is_left_alone(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        item = self._open_item(invoice)
        self.assertEqual(item.disputed_amount, 200.0)
        position = self._position()
        self.assertEqual((position.disputed, position.to_chase), (200.0, 800.0))
        self.assertEqual(dispute.owner_id, self.salesperson)
        self.assertEqual(dispute.deadline, Date.to_date("2026-03-15"))
        self.assertEqual(dispute.activity_ids.user_id, self.salesperson)

    def test_without_amount_all_that_is_open_is_disputed(self):
        invoice = self._late()
        self._pay(invoice, 300.0, date=TODAY)
        dispute = self._dispute(invoice)
        self.assertEqual(dispute.amount, 700.0)

    def test_never_more_than_the_residual(self):
        invoice = self._late()
        self._dispute(invoice, 800.0)
        self._pay(invoice, 500.0, date=TODAY)
        self.assertEqual(self._open_item(invoice).disputed_amount, 500.0)

    def test_an_amount_that_is_no_number(self):
        for amount in (math.nan, math.inf, -math.inf):
            with self.assertRaisesRegex(ValidationError, "has to be a number"):
                self._dispute(self._late(), amount)

    def test_closes_itself_when_the_item_clears(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        self._pay(invoice, date=TODAY)
        self.assertEqual(dispute.state, "closed")
        self.assertEqual(dispute.closed_on, Date.to_date(TODAY))
        self.assertFalse(dispute.activity_ids)

    def test_accepted_waits_for_its_credit_note(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        dispute.action_accept()
        self.assertEqual(self._open_item(invoice).disputed_amount, 200.0)
        self._pay(invoice, 300.0, date=TODAY)
        self.assertEqual(dispute.state, "accepted")
        self._credit(invoice, 200.0)
        self.assertEqual(dispute.state, "closed")
        self.assertEqual(self._open_item(invoice).disputed_amount, 0.0)

    def test_rejected_is_chased_again(self):
        invoice = self._late()
        dispute = self._dispute(invoice)
        self.assertEqual(self._position().to_chase, 0.0)
        dispute.outcome = "Price list sent"
        dispute.action_reject()
        self.assertEqual(dispute.state, "rejected")
        self.assertEqual(self._position().to_chase, 1000.0)
        with self.assertRaisesRegex(UserError, "Rejected"):
            dispute.action_accept()

    def test_dispute_wakes_holds(self):
        order = self._order()
        self._late()
        self._limit(100.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        trigger = self.env["ir.cron.trigger"]
        cron = self.env.ref("credit_collection.credit_hold_cron")
        trigger.search([("cron_id", "=", cron.id)]).unlink()
        dispute = self._dispute(self._late())
        self.assertTrue(trigger.search_count([("cron_id", "=", cron.id)]))
        trigger.search([("cron_id", "=", cron.id)]).unlink()
        dispute.action_reject()
        self.assertTrue(trigger.search_count([("cron_id", "=", cron.id)]))

    def test_deadline_passed_tells_the_collector_once(self):
        account = self._account()
        account.collector_id = self.collector
        dispute = self._dispute(self._late())
        self.env["credit.dispute"]._cron_late(Date.to_date("2026-03-15"))
        self.assertEqual(len(dispute.activity_ids), 1)
        for _time in range(2):
            self.env["credit.dispute"]._cron_late(Date.to_date("2026-03-16"))
        self.assertEqual(dispute.activity_ids.user_id, self.salesperson | self.collector)
        self.assertEqual(len(dispute.activity_ids), 2)

    def test_reason_names_the_owner(self):
        reason = self.env["credit.dispute.reason"].create(
            {"name": "Legal", "responsible_role": "user", "user_id": self.manager.id, "days": 1}
        )
        dispute = self._dispute(self._late(), reason_id=reason.id)
        self.assertEqual(dispute.owner_id, self.manager)

    def test_new_owner_takes_the_activity(self):
        dispute = self._dispute(self._late())
        dispute.write({"owner_id": self.manager.id, "deadline": "2026-03-30"})
        self.assertRecordValues(
            dispute.activity_ids,
            [{"user_id": self.manager.id, "date_deadline": Date.to_date("2026-03-30")}],
        )

    def test_bad_disputes_change_nothing(self):
        mine, paid = self._late(), self._late()
        self._pay(paid, date=TODAY)
        other = self._late(partner=self._customer("Other"))
        cases = [
            (dict(invoice=mine, amount=0.0), "above zero"),
            (dict(invoice=mine, amount=-1.0), "above zero"),
            (dict(invoice=mine, amount=1000.01), "more than"),
            (dict(invoice=paid), "Nothing is open"),
            (dict(invoice=other), "another customer"),
            (dict(invoice=mine, reason_id=False), "why"),
        ]
        for values, message in cases:
            with (
                self.subTest(message),
                self.assertRaisesRegex((UserError, ValidationError), message),
                self.env.cr.savepoint(),
            ):
                self._dispute(**values)
        self.assertFalse(self._account().dispute_ids)

    def test_two_disputes_never_exceed_the_item(self):
        invoice = self._late()
        self._dispute(invoice, 700.0)
        with self.assertRaisesRegex(ValidationError, "not disputed yet"):
            self._dispute(invoice, 300.01)
        self._dispute(invoice, 300.0)

    def test_foreign_currency(self):
        other = self.env.ref("base.EUR")
        if other == self.company.currency_id:
            other = self.env.ref("base.USD")
        other.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": other.id,
                "name": "2026-01-01",
                "rate": 0.5,
                "company_id": self.company.id,
            }
        )
        invoice = self._late(currency_id=other.id)
        self._dispute(invoice, 100.0)
        self.assertEqual(self._open_item(invoice).disputed_amount, 200.0)

    def test_past_day_shows_the_dispute_of_that_day(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        with freeze_time("2026-03-20"):
            dispute.action_reject()
            self.env.flush_all()
            Item = self.env["credit.open.item"].with_context(as_of="2026-03-12")
            self.assertEqual(Item.search([("move_id", "=", invoice.id)]).disputed_amount, 200.0)

    def test_opens_again_when_its_credit_note_is_taken_off(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        dispute.action_accept()
        refund = self._credit(invoice, 200.0)
        self.assertEqual(dispute.state, "closed")
        refund.line_ids.remove_move_reconcile()
        self.assertRecordValues(dispute, [{"state": "accepted", "credited": 0, "closed_on": False}])
        self.assertTrue(dispute.activity_ids)
        self.assertEqual(self._open_item(invoice).disputed_amount, 200.0)

    def test_opens_again_when_the_payment_of_its_item_bounces(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        payment = self._pay(invoice, date=TODAY)
        self.assertEqual(dispute.state, "closed")
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(dispute.state, "open")

    def test_what_a_credit_ended_before_shares_were_kept_lowers_no_other_dispute(self):
        invoice = self._late()
        ended, accepted = self._dispute(invoice, 50.0), self._dispute(invoice, 50.0)
        self._credit(invoice, 50.0)
        self.assertEqual((ended.state, ended.credited, accepted.credited), ("closed", 50.0, 0.0))
        # As the release before left it.
        ended.sudo().write({"credited_by": False, "reopens_as": False})
        accepted.action_accept()
        (ended | accepted).sudo()._share_credits()
        self.assertEqual((ended.credited, accepted.credited), (50.0, 0.0))
        self.assertEqual(self._open_item(invoice).disputed_amount, 50.0)

    def test_closed_by_hand_stays_closed(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        dispute.action_close()
        refund = self._credit(invoice, 200.0)
        refund.line_ids.remove_move_reconcile()
        self.assertEqual(dispute.state, "closed")

    def test_discount_taken_on_the_rest_lowers_no_dispute(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        expense = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)], limit=1
        )
        receivable = self.customer.property_account_receivable_id
        discount = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": TODAY,
                "credit_settlement": "discount",
                "line_ids": [
                    Command.create({"account_id": expense.id, "balance": 20.0}),
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "balance": -20.0,
                        }
                    ),
                ],
            }
        )
        discount.action_post()
        (self._item(invoice) | self._item(discount)).reconcile()
        self.assertEqual(dispute.credited, 0)
        self.assertEqual(self._open_item(invoice).disputed_amount, 200.0)

    def test_past_day_leaves_out_what_was_credited_by_then(self):
        invoice = self._late(2000.0)
        self._dispute(invoice, 500.0)
        self._credit(invoice, 200.0)
        with freeze_time("2026-03-20"):
            for day, disputed in (("2026-03-10", 300.0), ("2026-03-15", 300.0)):
                Item = self.env["credit.open.item"].with_context(as_of=day)
                self.env.flush_all()
                Item.invalidate_model()
                item = Item.search([("move_id", "=", invoice.id)])
                self.assertEqual(item.disputed_amount, disputed, day)
            with freeze_time("2026-03-25"):
                refund = self._invoice(300.0, date="2026-03-25", move_type="out_refund")
                (self._item(invoice) | self._item(refund)).reconcile()
                Item = self.env["credit.open.item"].with_context(as_of="2026-03-20")
                self.env.flush_all()
                Item.invalidate_model()
                item = Item.search([("move_id", "=", invoice.id)])
                self.assertEqual(item.disputed_amount, 300.0)

    # ------------------------------------------------------------------
    # The attacker
    # ------------------------------------------------------------------

    def test_only_its_outcome_changes_by_hand(self):
        dispute = self._dispute(self._late(), 200.0)
        for values in ({"state": "closed"}, {"amount": 1000.0}, {"amount_company": 9.0}):
            with self.assertRaises(AccessError):
                dispute.write(values)
        with self.assertRaises(AccessError):
            dispute.unlink()
        with self.assertRaises(AccessError):
            self._dispute(self._late(), state="rejected")

    def test_owner_settles_other_salespeople_do_not(self):
        dispute = self._dispute(self._late(), 200.0)
        stranger = self._user("sid", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            dispute.with_user(stranger).action_accept()
        own = dispute.with_user(self.salesperson)
        own.outcome = "I will send a credit note"
        with self.assertRaises(AccessError):
            own.write({"deadline": "2030-01-01"})
        own.action_accept()
        self.assertEqual(dispute.state, "accepted")
        with self.assertRaises(AccessError):
            self._dispute(self._late(), user=self.salesperson)

    def test_colleague_from_the_warehouse_settles_what_is_theirs(self):
        """Who settles a dispute need not sell or collect; they open it from their activity."""
        reason = self.env["credit.dispute.reason"].create(
            {"name": "Goods missing", "responsible_role": "user", "user_id": self.clerk.id}
        )
        dispute = self._dispute(self._late(), 200.0, reason_id=reason.id)
        self._dispute(self._late(), 100.0)
        own = self.env["credit.dispute"].with_user(self.clerk).search([])
        self.assertEqual(own, dispute)
        form = own.get_views([(False, "form")])["models"]["credit.dispute"]["fields"]
        own.web_read(
            {
                name: {"fields": {"display_name": {}}} if kind["type"] == "many2one" else {}
                for name, kind in form.items()
            }
        )
        own.outcome = "Two boxes were left behind"
        own.action_accept()
        self.assertEqual(dispute.state, "accepted")

    def test_other_company_and_portal_see_nothing(self):
        dispute = self._dispute(self._late(), 200.0)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("eve", "account.group_account_manager")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        portal = self.env["res.users"].create(
            {
                "name": "Porta",
                "login": "porta",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        for user in (stranger, portal):
            for call in ("action_accept", "action_reject", "action_close", "read"):
                with self.assertRaises(AccessError):
                    getattr(dispute.with_user(user), call)()
