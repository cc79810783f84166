"""The officer's queue: mine first, mass release that leaves out and says so, taking back."""

from datetime import datetime

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import OFFICER, CreditCase

MONDAY = "2026-03-30 08:00:00"


@tagged("post_install", "-at_install")
@freeze_time(MONDAY)
class TestOfficerDesk(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"default_unlimited": False, "default_limit": 1_000})
        cls.reason = cls.env["credit.hold.reason"].search([("decision", "=", "release")], limit=1)

    def _held(self, amount, name):
        order = self._order(amount, partner=self._customer(name))
        order.with_user(self.salesperson).action_confirm()
        return order.credit_hold_ids

    def _release(self, holds, user=None, **context):
        wizard = self.env["credit.hold.release"].with_user(user or self.officer)
        form = Form(wizard.with_context(default_hold_ids=holds.ids, **context))
        form.reason_id = self.reason
        return form.save()

    def test_mass_release_leaves_out_and_says_so(self):
        small, large = self._held(2_000, "Small"), self._held(20_000, "Large")
        by_hand = self._held(3_000, "By Hand")
        account = by_hand.account_id
        account.sudo().write({"manual_hold": True, "manual_hold_reason": "Insolvent"})
        by_hand.order_id.order_line.price_unit = 3_001
        by_hand.order_id.with_user(self.salesperson).action_confirm()
        by_hand = account.hold_ids.filtered(lambda hold: hold.state == "held")
        wizard = self._release(small | large | by_hand)
        self.assertIn("above your authority", wizard.left_out)
        self.assertIn("held by hand", wizard.left_out)
        message = wizard.action_release()["params"]
        self.assertEqual((small.state, large.state, by_hand.state), ("released", "held", "held"))
        self.assertIn("1 of 3", message["title"])
        self.assertIn(large.document_name, message["message"])
        self.assertIn("mona", message["message"].lower())

    def test_mass_release_stops_where_the_sum_exceeds_the_authority(self):
        """Each of two orders alone is within 10,000; the second, with the first, is not."""
        holds = self.env["credit.hold"]
        for _number in range(2):
            order = self._order(6_000)
            order.with_user(self.salesperson).action_confirm()
            holds |= order.credit_hold_ids
        other = self._held(2_000, "Other")
        wizard = self._release(holds | other)
        self.assertFalse(wizard.left_out)
        message = wizard.action_release()["params"]
        self.assertEqual(holds.mapped("state"), ["released", "held"])
        self.assertEqual(other.state, "released", "the others go through")
        self.assertIn("2 of 3", message["title"])
        self.assertIn(holds[1].document_name, message["message"])
        self.assertIn("together", message["message"])

    def test_one_held_by_hand_asks_for_a_word(self):
        self._account().sudo().write({"manual_hold": True, "manual_hold_reason": "Insolvent"})
        order = self._order(100)
        order.action_confirm()
        wizard = (
            self.env["credit.hold.release"]
            .with_user(self.officer)
            .create({"hold_ids": order.credit_hold_ids.ids, "reason_id": self.reason.id})
        )
        self.assertTrue(wizard.by_hand)
        with self.assertRaises(UserError):
            wizard.action_release()
        wizard.note = "The administrator guarantees it."
        wizard.action_release()
        self.assertEqual(order.credit_hold_ids.state, "released")

    def test_mine_first_by_deadline(self):
        other = self._user("oscar", OFFICER)
        first, second = self._held(2_000, "First"), self._held(2_000, "Second")
        third = self._held(2_000, "Third")
        (first | second | third).sudo().write({"responsible_id": other.id})
        third.sudo().responsible_id = self.officer
        second.sudo().deadline = datetime(2026, 3, 30, 9)
        found = (
            self.env["credit.hold"]
            .with_user(self.officer)
            .search([("id", "in", (first | second | third).ids)])
        )
        self.assertEqual(found, third | second | first)
        self.assertEqual(found.mapped("for_me"), [True, False, False])

    def test_next_after_a_decision(self):
        first, second = self._held(2_000, "First"), self._held(2_500, "Second")
        beyond = self._held(20_000, "Beyond")
        said = self._release(first, credit_go_on=True).action_release()["params"]
        self.assertEqual(said["title"], "Released: 1 of 1")
        following = said["next"]
        self.assertEqual((following["res_model"], following["res_id"]), ("credit.hold", second.id))
        said = self._release(second, credit_go_on=True).action_release()["params"]
        self.assertEqual(
            said["next"]["params"]["message"],
            "Nothing else waits for you.",
            "the last is not mine to decide",
        )
        self.assertEqual(beyond.with_user(self.officer).may_decide, False)
        self.assertIn("mona", beyond.with_user(self.officer).who_can.lower())

    def test_deadline_counts_working_hours(self):
        """Ten hours from Friday noon: four that day, six on Monday (the calendar: 8-12, 13-17)."""
        self.policy.answer_hours = 10
        self.company.resource_calendar_id.tz = "UTC"
        with freeze_time("2026-04-03 12:00:00"):
            hold = self._held(2_000, "Friday")
        self.assertEqual(hold.deadline, datetime(2026, 4, 6, 15, 0))

    def test_withdraw_a_release_of_a_quotation(self):
        hold = self._held(2_000, "Back")
        hold.with_user(self.officer).action_release(reason_id=self.reason.id)
        self.assertEqual(hold.order_id.credit_state, "released")
        hold.with_user(self.officer).action_withdraw()
        self.assertEqual(hold.state, "cancelled")
        self.assertEqual(hold.order_id.credit_state, "held")

    def test_withdraw_a_release_of_goods_that_wait(self):
        order = self._order(2_000, partner=self._customer("Goods"), product=self.goods)
        order.action_confirm()
        hold = order.credit_hold_ids
        hold.with_user(self.officer).action_release(reason_id=self.reason.id, confirm=True)
        self.assertEqual(order.state, "sale")
        hold.with_user(self.officer).action_withdraw()
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        picking.button_validate()
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(picking.credit_state, "held")

    def test_nothing_to_withdraw_once_it_is_ordered(self):
        hold = self._held(2_000, "Service")
        hold.with_user(self.officer).action_release(reason_id=self.reason.id, confirm=True)
        with self.assertRaises(UserError):
            hold.with_user(self.officer).action_withdraw()
        with self.assertRaises(AccessError):
            self._held(2_000, "Other").with_user(self.salesperson).action_withdraw()

    def test_re_check_says_what_came_out(self):
        free, held = self._held(2_000, "Free"), self._held(2_000, "Held")
        self._limit(5_000, partner=free.partner_id)
        said = (free | held).with_user(self.officer).action_reevaluate()["params"]
        self.assertEqual((free.state, held.state), ("cleared", "held"))
        self.assertIn("1 of 2", said["title"])
        self.assertIn(held.document_name, said["message"])
