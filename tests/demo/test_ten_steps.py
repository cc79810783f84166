"""README's table and its ten steps, walked by the people whom they name."""

from odoo.tests import Form, tagged

from .test_demo_company import DemoCase

WHO = "Redwood Energy"


@tagged("post_install", "-at_install")
class TestReadme(DemoCase):
    def _as(self, login, records):
        return records.with_user(self._user(login)).with_company(self.company)

    def _held(self, name, checkpoint="confirmation"):
        return self._of_company(
            "credit.hold",
            ("state", "=", "held"),
            ("partner_id.name", "=", name),
            ("checkpoint", "=", checkpoint),
        )

    def _release(self, hold):
        """*Release*, with a reason, from the hold's own page."""
        wizard = self._as("sokolova", self.env["credit.hold.release"]).with_context(
            active_model="credit.hold", active_ids=hold.ids, credit_go_on=True
        )
        form = Form(wizard)
        form.reason_id = self.env["credit.hold.reason"].search([("decision", "=", "release")])[0]
        self.assertTrue(form.confirm, "Confirm the Order at Once is ticked")
        return form.save().action_release()

    def _validate(self, picking):
        picking.move_ids.write({"picked": True})
        self._as("volkov", picking).button_validate()

    def test_semenov_splits_off_what_exceeds(self):
        [hold] = self._held("Hemlock Mining")
        order = self._as("semenov", hold.order_id)
        self.assertTrue(order.credit_can_split)
        order.action_credit_split()
        self.assertEqual((order.amount_total, order.state), (480.0, "sale"))
        [rest] = order.credit_split_ids
        self.assertEqual((rest.amount_total, rest.credit_state), (1_920.0, "held"))

    def test_sokolova_verifies_and_releases_what_was_asked_for(self):
        [hold] = self._held("Willow Interiors")
        self.assertTrue(hold.request_note)
        self.assertEqual(self._as("sokolova", hold).action_recompute()["params"]["type"], "success")
        self._release(hold)
        self.assertEqual((hold.state, hold.order_id.state), ("released", "sale"))

    def test_volkov_is_stopped_by_an_old_invoice(self):
        [hold] = self._held("Linden Textiles", "delivery")
        self._validate(hold.picking_id)
        self.assertNotEqual(hold.picking_id.state, "done")

    def test_a_night_leaves_the_holds_as_they_are(self):
        held = self._of_company("credit.hold", ("state", "=", "held"))
        held._reevaluate()
        self.assertEqual(set(held.mapped("state")), {"held"})

    def test_days_from_delivery_to_invoice(self):
        # 20 to 17 days ago, 12 to 7 days ago: (3 + 5) ÷ 2.
        tile = self.env["credit.dashboard"].with_user(self._user("director"))
        self.assertEqual(tile._to_invoice_tile(self.company)["value"], 4.0)

    def test_ten_steps(self):
        # 1, 2: the line above the form; confirmed, the order stays a quotation and is held.
        with Form(self._as("ivanov", self.env["sale.order"])) as form:
            form.partner_id = self.env["res.partner"].search([("name", "=", WHO)])
            with form.order_line.new() as line:
                line.product_id = self.env["product.product"].search(
                    [("name", "=", "Circulation Pump"), ("company_id", "=", self.company.id)]
                )
            banner = form.credit_banner
        order = form.record
        self.assertEqual(order.amount_total, 480.0)
        self.assertEqual(banner["outcome"], "hold")
        self.assertTrue(banner["lines"] and banner["remedies"])
        self.assertIn("Sofia Sokolova", banner["decides"])
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))
        [hold] = order.sudo().credit_hold_ids
        self.assertEqual(hold.activity_ids.user_id, self._user("sokolova"))
        # 3, 4: asked for; the officer sees the figures of that moment.
        self._as("ivanov", hold).action_ask_release("They pay tomorrow")
        seen = self._as("sokolova", hold)
        self.assertEqual((seen.requested_amount, seen.credit_limit), (480.0, 0.0))
        self.assertEqual(seen.request_note, "They pay tomorrow")
        # 5, 6: released; the order is a sales order, the decision stands in the chatter.
        self._release(hold)
        self.assertEqual(order.state, "sale")
        self.assertIn("Released by Sofia Sokolova", "".join(order.message_ids.mapped("body")))
        # 7: the release covers the delivery.
        first = order.sudo().picking_ids
        self.assertEqual(first.state, "assigned")
        self._validate(first)
        self.assertEqual(first.state, "done")
        # 8: three instead of one; the next delivery goes on hold.
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.credit_banner["outcome"], "hold")
        second = order.sudo().picking_ids - first
        self._validate(second)
        self.assertEqual((second.state, second.credit_state), ("assigned", "held"))
        [hold] = second.credit_hold_ids
        # 9: paid; the hold is cleared, whoever asked is told, and the goods leave.
        payment = self._as("belova", self.env["account.payment"]).create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": order.partner_id.id,
                "amount": 1_440.0,
            }
        )
        payment.action_post()
        hold._reevaluate()
        self.assertEqual(hold.state, "cleared")
        self._validate(second)
        self.assertEqual(second.state, "done")
        # 10: the verdict on everybody, and the items behind the figures.
        file = self._as("belova", hold.account_id)
        self.assertEqual(file.exposure, 0.0)
        self.assertTrue(file.verdict)
        items = file.action_open_receivable()
        self.assertEqual(items["res_model"], "credit.open.item")
