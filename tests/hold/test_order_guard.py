"""Every way to a sales order that somebody might try instead of the Confirm button."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import OFFICER, SALESPERSON, CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestOrderGuard(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000.0)

    def _held(self, amount=1500.0, **values):
        order = self._order(amount, **values)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_state, "held")
        return order.with_user(self.salesperson)

    def test_create_with_the_state(self):
        with self.assertRaisesRegex(UserError, "cannot become a sales order"):
            self._order(1500.0, state="sale")

    def test_two_at_once_count_once_each(self):
        for amount, fits in ((500.0, True), (500.01, False)):
            orders = self._order(amount) | self._order(amount)
            savepoint = self.cr.savepoint()
            if fits:
                orders.write({"state": "sale"})
            else:
                with self.assertRaises(UserError):
                    orders.write({"state": "sale"})
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all()

    def test_write_as_superuser_is_checked_like_anybody(self):
        order = self._order(1500.0)
        with self.assertRaises(UserError):
            order.sudo().write({"state": "sale"})

    def test_import(self):
        order = self._order(1500.0)
        result = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .load(["id", "state"], [[self._xmlid(order), "Sales Order"]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("cannot become a sales order", result["messages"][0]["message"])
        self.assertEqual(order.state, "draft")

    def _xmlid(self, record):
        self.env["ir.model.data"].create(
            {"module": "test", "name": "order", "model": record._name, "res_id": record.id}
        )
        return "test.order"

    def test_no_context_key_skips_the_check(self):
        keys = (
            "skip_credit_check",
            "credit_skip",
            "bypass_risk",
            "force",
            "no_credit_check",
            "bypass_credit",
            "install_mode",
            "import_file",
            "credit_collection.found_good",
            "tracking_disable",
            "uid",
            "su",
            "test_mode",
            "send_email",
            "disable_credit_limit",
        )
        order = self._order(1500.0).with_context(dict.fromkeys(keys, True))
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        with self.assertRaises(UserError):
            order.write({"state": "sale"})

    def test_salesperson_cannot_release(self):
        order = self._held()
        hold = order.credit_hold_ids
        for attack in (
            lambda: hold.action_release(),
            lambda: hold.action_refuse(),
            lambda: hold.write({"state": "released"}),
            lambda: hold.write({"max_amount": 9e9}),
            lambda: hold.unlink(),
            lambda: self.env["credit.hold"].with_user(self.salesperson).create({}),
            lambda: order.write(
                {"credit_hold_ids": [Command.update(hold.id, {"state": "released"})]}
            ),
            lambda: order.write({"credit_checked_amount": 9e9}),
            lambda: order.write({"credit_checked_account_id": hold.account_id.id}),
            lambda: hold.account_id.write({"manual_hold": False}),
            lambda: hold.account_id.action_lift_manual_hold(),
            lambda: self.policy.with_user(self.salesperson).write({"observe_only": True}),
            lambda: self.policy.rule_ids.with_user(self.salesperson).unlink(),
            lambda: (
                self.env["credit.limit"]
                .with_user(self.salesperson)
                .create({"account_id": hold.account_id.id, "amount": 9e9, "reason": "Mine"})
                .action_approve()
            ),
            lambda: self.salesperson.with_user(self.salesperson).write({"credit_authority": 9e9}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attack()
        self.assertEqual(hold.sudo().state, "held")

    def test_figures_cannot_be_forged(self):
        order = self._order(1500.0).with_user(self.salesperson)
        for values in (
            {"amount_total": 1.0},
            {"currency_rate": 1e6},
            {"invoice_status": "invoiced"},
            {"order_line": [Command.update(order.order_line.id, {"price_total": 1.0})]},
            {"order_line": [Command.update(order.order_line.id, {"qty_invoiced": 1.0})]},
            {"order_line": [Command.update(order.order_line.id, {"is_downpayment": True})]},
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                order.write(values)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_reevaluating_does_not_release(self):
        order = self._held()
        order.credit_hold_ids.action_reevaluate()
        self.assertEqual(order.credit_state, "held")

    def test_officer_cannot_rewrite_the_evidence(self):
        hold = self._held().credit_hold_ids.with_user(self.officer)
        for values in ({"state": "released"}, {"exposure": 0.0}, {"findings": []}):
            with self.assertRaises(AccessError):
                hold.write(values)
        with self.assertRaises(UserError):
            hold.sudo().unlink()

    def test_limit_created_as_approved_is_only_requested(self):
        limit = (
            self.env["credit.limit"]
            .with_user(self.salesperson)
            .create(
                {
                    "account_id": self._account().id,
                    "amount": 9e9,
                    "reason": "Mine",
                    "state": "approved",
                }
            )
        )
        self.assertEqual(limit.state, "requested")

    def test_duplicate_of_a_released_order_is_held(self):
        order = self._held()
        order.sudo().credit_hold_ids.with_user(self.officer).action_release()
        copy = order.copy()
        self.assertEqual(copy.credit_state, "none")
        copy.action_confirm()
        self.assertEqual(copy.credit_state, "held")

    def test_raising_lines_after_the_release(self):
        order = self._held()
        order.sudo().credit_hold_ids.with_user(self.officer).action_release()
        order.order_line.price_unit = 1500.01
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))

    def test_tolerance_lets_a_release_grow(self):
        self.policy.release_tolerance = 10.0
        order = self._held()
        order.sudo().credit_hold_ids.with_user(self.officer).action_release()
        order.order_line.price_unit = 1650.0
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_changing_the_paying_customer_after_the_release(self):
        other = self._customer("Other Ltd")
        self._limit(10.0, partner=other)
        order = self._held()
        order.sudo().credit_hold_ids.with_user(self.officer).action_release()
        order.partner_invoice_id = other
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))
        self.assertEqual(order.credit_hold_ids.sorted("id")[-1:].partner_id, other)

    def test_release_ends(self):
        order = self._held()
        order.sudo().credit_hold_ids.with_user(self.officer).action_release(
            valid_until="2026-03-12"
        )
        with freeze_time("2026-03-13"):
            order.action_confirm()
            self.assertEqual(order.credit_state, "held")

    def test_release_counts_on_its_last_day(self):
        order = self._held()
        order.sudo().credit_hold_ids.with_user(self.officer).action_release(
            valid_until="2026-03-12"
        )
        with freeze_time("2026-03-12"):
            order.action_confirm()
            self.assertEqual(order.state, "sale")

    def test_release_in_the_past_is_refused(self):
        hold = self._held().sudo().credit_hold_ids
        with self.assertRaisesRegex(UserError, "has passed"):
            hold.with_user(self.officer).action_release(valid_until="2026-03-09")
        self.assertEqual(hold.state, "held")

    def test_release_does_not_cover_what_was_not_known(self):
        order = self._held()
        order.sudo().credit_hold_ids.with_user(self.officer).action_release()
        self._account().with_user(self.officer).action_set_manual_hold("Insolvency rumours")
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))
        self.assertEqual(order.credit_hold_ids.sorted("id")[-1:].finding_kinds, "limit,manual")

    def test_officer_above_authority(self):
        order = self._held(10_000.01)
        hold = order.sudo().credit_hold_ids
        with self.assertRaisesRegex(AccessError, "above your authority"):
            hold.with_user(self.officer).action_release()
        order = self._held(10_000.0)
        order.sudo().credit_hold_ids.with_user(self.officer).action_release()
        self.assertEqual(order.credit_state, "released")

    def test_officer_above_authority_through_the_amount(self):
        hold = self._held().sudo().credit_hold_ids
        with self.assertRaisesRegex(AccessError, "above your authority"):
            hold.with_user(self.officer).action_release(max_amount=50_000.0)

    def test_own_request_above_authority(self):
        both = self._user("otto", f"{SALESPERSON},{OFFICER}")
        both.credit_authority = 1000.0
        order = self._order(1500.0, user_id=both.id).with_user(both)
        order.action_confirm()
        order.credit_hold_ids.action_ask_release("It is urgent")
        with self.assertRaisesRegex(AccessError, "above your authority"):
            order.credit_hold_ids.action_release()

    def test_officer_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("olga", "credit_collection.credit_collection_group_officer")
        stranger.credit_authority = 1e9
        stranger.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        hold = self._held().sudo().credit_hold_ids
        with self.assertRaises(AccessError):
            hold.with_user(stranger).action_release()
        manager = self._user("mila", "credit_collection.credit_collection_group_manager")
        manager.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        with self.assertRaises(AccessError):
            hold.with_user(manager).action_release()

    def test_released_twice(self):
        hold = self._held().sudo().credit_hold_ids.with_user(self.officer)
        hold.action_release()
        with self.assertRaisesRegex(UserError, "not possible now"):
            hold.action_release()

    def test_asking_needs_the_right_to_change_the_order(self):
        own_only = self._user("sam", "sales_team.group_sale_salesman")
        hold = self._held().sudo().credit_hold_ids
        with self.assertRaises(AccessError):
            hold.with_user(own_only).action_ask_release("Please")
        hold.with_user(self.salesperson).action_ask_release("Please")
        self.assertEqual(hold.request_note, "Please")

    def test_prepayment_term_needs_no_credit(self):
        term = self.env["account.payment.term"].create(
            {"name": "In advance", "credit_prepayment": True}
        )
        order = self._order(5000.0, payment_term_id=term.id)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_order_in_another_currency_counts_at_its_own_rate(self):
        euro = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        )
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "name": "2026-01-01",
                "rate": 0.5,
                "company_id": self.company.id,
            }
        )
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": euro.id})
        order = self._order(500.01, pricelist_id=pricelist.id)
        order.order_line.price_unit = 500.01
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        self.assertEqual(order.credit_hold_ids.requested_amount, 1000.02)
        order.order_line.price_unit = 500.0
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._position().ordered, 1000.0)
