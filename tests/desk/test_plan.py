"""Payment plans: agreed, kept, broken; one judge with the promises."""

from ast import literal_eval

from freezegun import freeze_time
from lxml import etree
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..interest.common import InterestCase

MARCH_10 = "2026-03-10 12:00:00"


@freeze_time(MARCH_10)
@tagged("post_install", "-at_install")
class TestPlan(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(MARCH_10):
            cls.late = cls._late(1000.0, due="2026-02-08")

    def _plan(self, user=None, generate=True, **values):
        values = {
            "account_id": self._account().id,
            "first_date": "2026-03-31",
            "interest": "frozen",
            **values,
        }
        plan = self.env["credit.plan"].with_user(user or self.officer).create(values)
        if generate:
            plan.action_generate()
        return plan

    def _accepted(self, **values):
        plan = self._plan(**values)
        plan.action_accept()
        return plan

    def test_e4_dates_from_the_start_and_rounding_on_the_last(self):
        plan = self._plan()
        self.assertEqual(plan.item_ids.move_line_id, self._item(self.late))
        self.assertEqual(
            [(str(line.date), line.amount) for line in plan.line_ids],
            [("2026-03-31", 333.33), ("2026-04-30", 333.33), ("2026-05-31", 333.34)],
        )

    def test_payments_are_generated_before_anything_is_saved(self):
        arch = etree.fromstring(self.env["credit.plan"].get_view(view_type="form")["arch"])
        [generate] = arch.xpath("//button[@name='action_generate']")
        self.assertNotIn("not id", generate.get("invisible"))

    def test_down_payment_comes_first(self):
        plan = self._plan(down_payment=400.0, down_date="2026-03-12", instalment_count=2)
        self.assertEqual(plan.line_ids.mapped("amount"), [400.0, 300.0, 300.0])

    def test_kept_by_its_payments(self):
        plan = self._accepted()
        self.assertEqual(plan.promise_id.line_ids.mapped("amount"), [333.33, 333.33, 333.34])
        self.assertEqual(str(self._open_item(self.late).promised_until), "2026-05-31")
        self._pay(self.late, 333.33, "2026-03-31")
        self._pay(self.late, 333.33, "2026-04-30")
        with freeze_time("2026-05-31 12:00:00"):
            self._pay(self.late, 333.34, "2026-05-31")
        self.assertEqual((plan.state, plan.paid), ("kept", 1000.0))

    def test_no_letter_while_it_is_kept(self):
        self._accepted()
        letters = self.env["credit.followup"]._plan(self.company)
        self.assertNotIn(self._account(), letters.account_id)

    def test_a_missed_instalment_breaks_it_and_everything_is_due(self):
        plan = self._accepted(new_due_dates=True)
        self.assertEqual(str(self._item(self.late).date_maturity), "2026-05-31")
        self.assertFalse(self._open_item(self.late).is_overdue)
        with freeze_time("2026-04-03 12:00:00"):
            self.env["credit.promise"]._judge()
            self.assertEqual(plan.state, "broken")
            self.assertEqual(str(self._item(self.late).date_maturity), "2026-02-08")
            self.assertTrue(self._open_item(self.late).is_overdue)

    def test_within_tolerance_it_goes_on(self):
        plan = self._accepted()
        with freeze_time("2026-04-02 12:00:00"):
            self.env["credit.promise"]._judge()
        self.assertEqual(plan.state, "accepted")

    def test_interest_is_frozen_and_comes_back(self):
        plan = self._accepted()
        with freeze_time("2026-04-03 12:00:00"):
            self.assertEqual(self._total("2026-04-03"), 30.0)  # up to 10 March
            self.env["credit.promise"]._judge()
            self.assertEqual(plan.state, "broken")
            self.assertEqual(self._total("2026-04-03"), 54.0)

    def test_interest_to_date_becomes_part_of_it(self):
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        plan = self._plan(user=self.manager)
        plan.action_add_interest()
        self.assertEqual((plan.owed, plan.planned), (1030.0, 1030.0))
        plan.action_accept()
        self.assertEqual(plan.state, "accepted")

    def test_a_returned_payment_reopens_a_kept_plan(self):
        plan = self._accepted()
        with freeze_time("2026-03-20 12:00:00"):
            payment = self._pay(self.late, 1000.0, "2026-03-20")
            self.assertEqual(plan.state, "kept")
            payment.move_id.line_ids.remove_move_reconcile()
            self.assertEqual(plan.state, "accepted")

    def test_netting_and_credit_notes_keep_no_plan(self):
        plan = self._accepted()
        self._credit(self.late, 1000.0)
        self.assertNotEqual(plan.state, "kept")

    def test_authority_by_amount_and_length(self):
        with self.assertRaises(AccessError):
            self._plan(user=self.collector).action_accept()
        self.officer.credit_authority = 999.0
        with self.assertRaises(AccessError):
            self._plan().action_accept()
        self.officer.credit_authority = 10_000.0
        long = self._plan(instalment_count=9)
        with self.assertRaises(AccessError):
            long.action_accept()
        long.with_user(self.manager).action_accept()
        self.assertEqual(long.state, "accepted")

    def test_what_does_not_fit_is_refused_with_a_sentence(self):
        plan = self._plan()
        plan.line_ids[0].amount = 300.0
        with self.assertRaises(ValidationError):
            plan.action_offer()
        with self.assertRaises(UserError):
            self._plan(down_payment=1001.0)
        other = self._late(50.0, partner=self._customer("Tardy Ltd"))
        with self.assertRaises(ValidationError):
            plan.item_ids = [Command.create({"move_line_id": self._item(other).id})]

    def test_an_accepted_plan_does_not_change(self):
        plan = self._accepted()
        with self.assertRaises(UserError):
            plan.line_ids[0].amount = 1.0
        with self.assertRaises(UserError):
            plan.action_generate()
        with self.assertRaises(AccessError):
            plan.write({"state": "kept"})
        with self.assertRaises(UserError):
            plan.promise_id.with_user(self.officer).action_cancel()

    def test_ended_the_items_are_chased_again(self):
        plan = self._accepted(new_due_dates=True)
        plan.action_end()
        self.assertEqual((plan.state, plan.promise_id.state), ("ended", "cancelled"))
        self.assertEqual(str(self._item(self.late).date_maturity), "2026-02-08")
        self.assertFalse(self._open_item(self.late).promised_until)

    def test_aging_by_the_original_due_date(self):
        self._accepted(new_due_dates=True)
        item = self._open_item(self.late)
        self.assertEqual(str(item.date_due), "2026-05-31")
        original = self.env["credit.open.item"].with_context(original_due=True)
        self.assertEqual(
            str(original.search([("move_id", "=", self.late.id)]).date_due), "2026-02-08"
        )
        action = self.env.ref("credit_collection.credit_aging_original_action")
        Aging = self.env["credit.aging"]
        mine = [("move_id", "=", self.late.id)]
        self.assertEqual(Aging.search(mine).days_overdue, 0)
        asked = Aging.with_context(**literal_eval(action.context)).search(mine)
        self.assertEqual(asked.days_overdue, 30)

    def test_agreement(self):
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "GB33BUKB20201555555555",
                "partner_id": self.company.partner_id.id,
                "company_id": self.company.id,
            }
        )
        plan = self._plan()
        plan.action_offer()
        report = self.env["ir.actions.report"].with_user(self.collector)
        html = report._render_qweb_html("credit_collection.credit_plan_agreements", plan.ids)[0]
        html = html.decode()
        self.assertIn("333.34", html)
        # Where to pay, for what, and who writes.
        self.assertIn(bank.acc_number, html)
        self.assertIn(plan.item_ids.move_line_id.move_id[0].payment_reference, html)
        self.assertEqual(html.count("o_credit_sender"), 1)

    def test_salespeople_see_none(self):
        with self.assertRaises(AccessError):
            self._plan().with_user(self.salesperson).read(["owed"])

    def _judged(self):
        """An order of today with the rules on what is overdue: held or not."""
        order = self._order(10.0)
        order.action_confirm()
        return order.credit_state == "held"

    def test_orders_pass_while_a_plan_is_kept_if_the_policy_says_so(self):
        self.policy.rule_ids.unlink()
        self.env["credit.rule"].create(
            {"policy_id": self.policy.id, "name": "Late", "kind": "overdue_days", "days": 14}
        )
        self.assertTrue(self._judged(), "30 days late")
        plan = self._accepted()
        self.assertTrue(self._judged(), "the plan alone changes nothing")
        self.policy.plans_let_orders_pass = True
        self.assertFalse(self._judged())
        other = self._late(50.0, due="2026-02-10")
        self.assertTrue(self._judged(), "what is no part of the plan still counts")
        self._pay(other, 50.0)
        self.assertFalse(self._judged())
        with freeze_time("2026-04-03 12:00:00"):
            self.env["credit.promise"]._judge()
            self.assertEqual(plan.state, "broken")
            self.assertTrue(self._judged(), "broken: everything counts again")

    def test_a_level_that_stops_sales_waits_while_a_plan_is_kept(self):
        level = self.policy.followup_level_ids.sorted("delay")[-1:]
        level.stops_sales = True
        item = self._item(self.late)
        self.env["credit.followup"].sudo().create(
            {
                "account_id": self._account().id,
                "level_id": level.id,
                "date": "2026-03-01",
                "state": "sent",
                "line_ids": [
                    Command.create(
                        {
                            "move_line_id": item.id,
                            "move_id": self.late.id,
                            "level_id": level.id,
                            "date_due": item.date_maturity,
                            "amount": 1000.0,
                        }
                    )
                ],
            }
        )
        self._accepted()
        self.assertTrue(self._account()._followup_stops()[1])
        self.policy.plans_let_orders_pass = True
        self.env.invalidate_all()
        self.assertFalse(self._account()._followup_stops()[1])
        self.assertEqual(self._account().followup_level_id, level, "it was reached all the same")

    def test_a_fee_is_billed_and_part_of_the_plan(self):
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        plan = self._plan(user=self.manager, fee=50.0)
        with self.assertRaises(AccessError):
            plan.with_user(self.collector).action_bill_fee()
        plan.action_bill_fee()
        bill = plan.fee_move_id
        self.assertEqual((bill.state, bill.amount_total, bill.amount_tax), ("posted", 50.0, 0.0))
        self.assertEqual((plan.owed, plan.planned), (1050.0, 1050.0))
        self.assertEqual(plan.line_ids.mapped("amount"), [350.0, 350.0, 350.0])
        with self.assertRaises(UserError):
            plan.action_bill_fee()
        self.company.credit_plan_fee_product_id = self.service
        self.service.taxes_id = self.tax
        taxed = self._plan(user=self.manager, fee=100.0)
        taxed.action_bill_fee()
        self.assertEqual(taxed.fee_move_id.amount_total, 115.0)
