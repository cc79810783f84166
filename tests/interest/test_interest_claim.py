"""Claims: letter, bill, waiver, reinstatement, reversal; nothing booked by default."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import InterestCase


@freeze_time("2026-03-10 12:00:00")
@tagged("post_install", "-at_install")
class TestInterestClaim(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-10 12:00:00"):
            cls.late = cls._late(1000.0, due="2026-02-08")

    def _billed(self):
        claim = self._claim()
        claim.action_claim()
        claim.with_user(self.biller).action_bill()
        return claim

    def test_nothing_is_booked_before_it_is_billed(self):
        entries = self.env["account.move"].search_count([])
        claim = self._claim()
        claim.action_claim()
        self.assertEqual((claim.state, claim.total), ("claimed", 30.0))
        self.assertEqual(self.env["account.move"].search_count([]), entries)

    def test_billed_as_invoice_without_tax_and_settled_by_its_payment(self):
        self.env.company.account_sale_tax_id = self.tax
        claim = self._billed()
        bill = self.env["account.move"].browse(claim.bill_move_id.id)
        self.assertEqual(bill.move_type, "out_invoice")
        self.assertEqual((bill.amount_total, bill.amount_tax), (30.0, 0))
        self.assertEqual(claim.state, "billed")
        self._pay(bill)
        self.assertEqual(claim.state, "settled")
        bill.line_ids.remove_move_reconcile()
        self.assertEqual(claim.state, "billed")

    def test_billed_as_entry(self):
        self.company.credit_interest_booking = "entry"
        claim = self._billed()
        entry = claim.bill_move_id
        self.assertEqual(entry.move_type, "entry")
        receivable = entry.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertEqual((receivable.debit, receivable.partner_id), (30.0, self.customer))
        self.assertEqual(self._open_item(entry).amount, 30.0)

    def test_interest_on_interest_only_by_the_rule(self):
        self._billed()
        with freeze_time("2026-03-20 12:00:00"):
            self.assertEqual(self._total("2026-03-20"), 10.0)
            self.rule.interest_on_interest = True
            self.assertEqual(self._total("2026-03-20"), 10.0 + 0.3)

    def test_waived_reinstated_and_waived_again(self):
        claim = self._billed()
        waiver = claim.with_user(self.officer)._waive(10.0, "Good will")
        self.assertEqual((claim.to_pay, claim.bill_move_id.amount_residual), (20.0, 20.0))
        self.assertEqual(waiver.credit_move_id.move_type, "out_refund")
        waiver.with_user(self.officer).action_reinstate()
        self.assertEqual((claim.to_pay, claim.bill_move_id.amount_residual), (30.0, 30.0))
        claim.with_user(self.officer)._waive(30.0, "Large customer")
        self.assertEqual(claim.state, "settled")

    def test_what_was_waived_is_no_tampering_of_its_claim(self):
        Entry = self.env["credit.audit.entry"]
        claim = self._billed()
        self.env.cr.precommit.run()
        claim.with_user(self.officer)._waive(10.0, "Good will")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertFalse(Entry._difference_of(claim))
        told = Entry.search([("model", "=", claim._name), ("res_id", "=", claim.id)])
        self.assertIn('"waived":10', told[0].content.replace(" ", ""))
        # What somebody changed past the application stays found when a total is worked out anew.
        self.env.cr.execute(
            "UPDATE credit_interest_claim SET date = date - 1 WHERE id = %s", [claim.id]
        )
        claim.invalidate_recordset(flush=False)
        claim.with_user(self.officer)._waive(5.0, "Once more")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertTrue(Entry._difference_of(claim))

    def test_waived_before_the_bill(self):
        claim = self._claim()
        claim.action_claim()
        claim.with_user(self.officer)._waive(10.0, "Good will")
        claim.with_user(self.biller).action_bill()
        self.assertEqual(claim.bill_move_id.amount_residual, 20.0)
        claim.waiver_ids.with_user(self.officer).action_reinstate()
        self.assertEqual(claim._left_to_pay(), 30.0)

    def test_a_waiver_needs_authority_and_a_reason(self):
        claim = self._claim()
        claim.action_claim()
        with self.assertRaises(AccessError):
            claim.with_user(self.collector)._waive(1.0, "Please")
        self.officer.credit_authority = 5.0
        with self.assertRaises(AccessError):
            claim.with_user(self.officer)._waive(10.0, "Good will")
        for amount, reason in ((5.0, " "), (30.01, "Too much"), (0.0, "Nothing")):
            with self.assertRaises(UserError):
                claim.with_user(self.manager)._waive(amount, reason)

    def test_reversed_days_are_charged_again(self):
        claim = self._billed()
        self.assertEqual(self._total("2026-03-10"), 0)
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        claim.with_user(self.manager)._reverse("Wrong address")
        self.assertEqual(claim.state, "reversed")
        self.assertEqual(claim.bill_move_id.payment_state, "reversed")
        self.assertEqual(self._total("2026-03-10"), 30.0)
        self.assertEqual(self._claim().total, 30.0)

    def test_a_paid_bill_is_not_reversed(self):
        claim = self._billed()
        self._pay(claim.bill_move_id.with_env(self.env), 10.0)
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        with self.assertRaises(UserError):
            claim.with_user(self.manager)._reverse("Wrong address")

    def test_locked_periods_are_refused_with_a_sentence(self):
        claim = self._claim()
        claim.action_claim()
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "locked period"):
            claim.with_user(self.biller).action_bill()

    def test_a_draft_is_made_anew_and_a_claim_is_not(self):
        first = self._claim()
        again = self._claim()
        self.assertFalse(first.exists())
        again.action_claim()
        self.assertFalse(self._claim())
        with self.assertRaises(UserError):
            again.unlink()

    def test_compensation_once_for_each_invoice(self):
        self.rule.step_ids = [Command.create({"amount_from": 0, "amount": 40})]
        claim = self._claim("2026-02-20")
        self.assertEqual((claim.interest, claim.compensation), (12.0, 40.0))
        claim.action_claim()
        later = self._claim()
        self.assertEqual((later.interest, later.compensation), (18.0, 0.0))

    def test_below_the_least_amount_it_waits(self):
        self.rule.minimum_amount = 31.0
        self.assertFalse(self._claim())
        with freeze_time("2026-03-11 12:00:00"):
            self.assertEqual(self._claim().total, 31.0)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_day_twice(self):
        line = self._claim().line_ids.sudo()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            line.copy({"date_from": line.date_to, "date_to": line.date_to + timedelta(3)})
            self.env.flush_all()

    def test_nobody_writes_interest_by_hand(self):
        claim = self._claim()
        for call in (
            lambda: claim.write({"state": "settled"}),
            lambda: claim.line_ids.with_user(self.manager).write({"amount": 1.0}),
            lambda: self.env["credit.interest.claim"].with_user(self.manager).create({}),
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(ValidationError):
            self.rule.rate = 1001

    def test_salespeople_and_clerks_see_none_of_it(self):
        claim = self._claim()
        for user in (self.salesperson, self.clerk):
            with self.assertRaises(AccessError):
                claim.with_user(user).read(["total"])
            with self.assertRaises(AccessError):
                self._account().with_user(user).read(["interest_to_date"])
            with self.assertRaises(AccessError):
                self._account().with_user(user).action_claim_interest()

    def test_mass_claim_shows_what_it_would_do(self):
        other = self._customer("Tardy Ltd")
        self._late(2000.0, partner=other)
        mass = self.env["credit.interest.mass"].with_user(self.collector).create({})
        mass.action_preview()
        rows = {line.account_id.partner_id: line.amount for line in mass.line_ids}
        self.assertEqual((rows[self.customer], rows[other]), (30.0, 60.0))
        action = mass.action_claim()
        self.assertEqual(action["tag"], "credit_collection.in_slices")
        accounts = (
            self.env["credit.account"].with_user(self.collector).browse(action["params"]["ids"])
        )
        self.assertEqual(accounts.claim_interest_slice()[0][1], len(accounts))

    def test_letter(self):
        claim = self._claim()
        claim.action_claim()
        report = self.env["ir.actions.report"].with_user(self.collector)
        html = report._render_qweb_html("credit_collection.credit_interest_claims", claim.ids)[0]
        self.assertIn("36.5", html.decode())
        self.assertIn(self.late.name, html.decode())

    def test_money_entered_later_than_it_came_is_corrected_by_a_line_of_its_own(self):
        """1,000 at 1 a day, 30 days charged; 400 came on 18 February and were entered later: the 20
        days since were 0.40 a day too much."""
        self._claim().action_claim()
        with freeze_time("2026-03-12 12:00:00"):
            self._pay(self.late, 400.0, "2026-02-18")
            self.assertEqual(self._total("2026-03-12"), -6.8)  # 1.20 less 8.00
            self.assertFalse(self._account().interest_claim_ids[1:])
        with freeze_time("2026-03-31 12:00:00"):
            claim = self._claim()
            claim.action_claim()
            self.assertEqual(claim.total, 4.6)  # 21 days at 0.60 less 8.00
            correction = claim.line_ids.filtered(lambda line: line.kind == "correction")
            self.assertRecordValues(
                correction, [{"amount": -8.0, "base": 400.0, "days": 20, "rate": 36.5}]
            )
            self.assertEqual(str(correction.date_from), "2026-02-19")
            html = self.env["ir.actions.report"]._render_qweb_html(
                "credit_collection.credit_interest_claims", claim.ids
            )[0]
            self.assertIn("charged too much", html.decode())
            self.assertNotIn("Compensation for recovery", html.decode())
            self.assertEqual(self._total("2026-04-01"), 0.6)
            claim.with_user(self.biller).action_bill()
            self.assertEqual(claim.bill_move_id.amount_total, 4.6)

    def test_paid_in_time_and_entered_late_nothing_was_owed(self):
        self._claim().action_claim()
        with freeze_time("2026-03-12 12:00:00"):
            self._pay(self.late, 1000.0, "2026-02-01")
            self.assertEqual(self._total("2026-03-12"), -30.0)
            self.assertEqual(self._account().interest_to_date, 0.0, "30 claimed, 30 too much")

    def test_what_was_waived_is_not_corrected_again(self):
        claim = self._claim()
        claim.action_claim()
        with freeze_time("2026-03-12 12:00:00"):
            self._pay(self.late, 400.0, "2026-02-18")
            claim.with_user(self.officer)._waive(8.0, "Paid on 18 February")
            self.assertEqual(self._total("2026-03-12"), 1.2)

    def test_another_rule_corrects_nothing_that_the_first_charged(self):
        self._claim().action_claim()
        other = self.rule.copy({"name": "On the net amount", "base_with_tax": False})
        with freeze_time("2026-03-12 12:00:00"):
            self._account().interest_rule_id = other
            self._pay(self.late, 400.0, "2026-03-10")
            self.assertGreaterEqual(self._total("2026-03-12"), 0.0)

    def test_paid_since_nothing_is_corrected(self):
        self._claim().action_claim()
        with freeze_time("2026-03-20 12:00:00"):
            self._pay(self.late, 1000.0, "2026-03-20")
            self.assertEqual(self._total("2026-03-20"), 10.0)
