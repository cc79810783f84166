"""Every other way to hand goods to a held customer ends in the same guard."""

from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tools import mute_logger

from .common import ShipmentCase


@freeze_time("2026-03-16 08:00:00")
class TestShipmentGuard(ShipmentCase):
    def setUp(self):
        super().setUp()
        self.order, self.picking = self._confirmed(10)
        self._overdue()

    def _rpc(self, user, model, name, *args, **kwargs):
        """Call a method as a client does: private ones are refused."""
        return call_kw(self.env(user=user)[model], name, list(args), kwargs)

    @contextmanager
    def _refused(self, error=UserError):
        with self.assertRaises(error), self.env.cr.savepoint(), mute_logger("odoo.http"):
            yield
        self.env.invalidate_all()
        self.assertEqual(self.order.order_line.qty_delivered, 0)

    def _nothing_left(self):
        self.assertNotEqual(self.picking.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 0)

    def test_context_keys_open_nothing(self):
        for key in (
            "skip_sanity_check",
            "skip_backorder",
            "cancel_backorder",
            "skip_credit_check",
            "force_validate",
            "bypass_credit",
            "credit_collection.shippable",
            "install_mode",
        ):
            self._rpc(
                self.clerk,
                "stock.picking",
                "button_validate",
                self.picking.ids,
                context={key: True, "button_validate_picking_ids": self.picking.ids},
            )
            self._nothing_left()

    def test_action_done_is_refused_to_superuser_and_sudo(self):
        for caller in (self.picking, self.picking.with_user(self.clerk).sudo()):
            self.picking.move_ids.picked = True
            with self._refused():
                caller._action_done()

    def test_moves_done_on_their_own(self):
        self.picking.move_ids.picked = True
        with self._refused():
            self.picking.move_ids._action_done()

    def test_private_methods_are_not_for_clients(self):
        for name in ("_action_done", "_credit_note", "_credit_apply", "_credit_forget"):
            with self.assertRaises(AccessError):
                self._rpc(self.clerk, "stock.picking", name, self.picking.ids)

    def test_state_written_on_the_moves(self):
        with self._refused():
            self._rpc(
                self.clerk, "stock.move", "write", self.picking.move_ids.ids, {"state": "done"}
            )

    def test_state_written_on_the_transfer(self):
        with self._refused():
            self._rpc(self.clerk, "stock.picking", "write", self.picking.ids, {"state": "done"})

    def test_destination_changed_after_the_move_was_done(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id, "usage": "internal"}
        )
        self._rpc(
            self.clerk, "stock.picking", "write", self.picking.ids, {"location_dest_id": shelf.id}
        )
        self._validate(self.picking)
        self.assertEqual(self.picking.state, "done", "Goods on a shelf have not left.")
        with self._refused():
            self._rpc(
                self.clerk,
                "stock.move",
                "write",
                self.picking.move_ids.ids,
                {"location_dest_id": self.customers.id},
            )

    def test_line_that_goes_elsewhere_than_its_move(self):
        away = {"location_dest_id": self.customers.id}
        inside = self.warehouse.int_type_id
        for source in (self.stock, self.customers):
            picking = self._transfer(
                self.customer, source, source, quantity=2, picking_type=inside
            ).with_user(self.clerk)
            picking.move_ids.write({"quantity": 2, "picked": True})
            line = picking.move_ids.move_line_ids
            with self._refused():
                line.write({**away, "location_id": self.stock.id})
                picking.button_validate()
        picking = self._transfer(self.customer, destination=self.stock, picking_type=inside)
        self._validate(picking)
        with self._refused():
            self._rpc(self.clerk, "stock.move.line", "write", picking.move_line_ids.ids, away)

    def test_caller_who_swallows_the_error_moves_nothing(self):
        before = self.pump.qty_available
        self.picking.move_ids.picked = True
        try:
            self.picking.move_ids._action_done()
        except UserError:
            self.env.flush_all()
        self.pump.invalidate_recordset(["qty_available"])
        self.assertEqual(self.pump.qty_available, before)
        self._nothing_left()

    def test_move_created_done(self):
        line = self.order.order_line
        with self._refused():
            self._rpc(
                self.clerk,
                "stock.move",
                "create",
                {
                    "product_id": self.pump.id,
                    "product_uom_qty": 1,
                    "quantity": 1,
                    "location_id": self.stock.id,
                    "location_dest_id": self.customers.id,
                    "sale_line_id": line.id,
                    "state": "done",
                },
            )

    def test_goods_added_to_a_delivery_that_is_done(self):
        _order, done = self._confirmed(1, partner=self.other)
        self._validate(done)
        self.assertEqual(done.state, "done")
        self._overdue(self.other)
        with self._refused():
            self._rpc(
                self.clerk, "stock.move.line", "write", done.move_line_ids.ids, {"quantity": 50}
            )
        with self._refused():
            self._rpc(self.clerk, "stock.move", "write", done.move_ids.ids, {"quantity": 50})
        self.assertEqual(done.move_line_ids.quantity, 1)

    def test_goods_smuggled_into_the_delivery_of_another_customer(self):
        _order, free = self._confirmed(1, partner=self.other)
        self._rpc(
            self.clerk,
            "stock.move",
            "write",
            self.picking.move_ids.ids,
            {"picking_id": free.id},
        )
        self.picking.move_line_ids.picking_id = free
        self._validate(free)
        self.assertNotEqual(free.state, "done")
        self._nothing_left()

    def test_quantities_raised_after_the_question(self):
        """The wizard asks about backorders; what it then validates is what was judged."""
        order, picking = self._confirmed(10, partner=self.other)
        self._limit(1000, partner=self.other)
        picking.move_ids.write({"quantity": 4, "picked": True})
        action = picking.with_user(self.clerk).button_validate()
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        picking.move_ids.quantity = 25
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_backorder_wizard_called_directly(self):
        wizard = (
            self.env["stock.backorder.confirmation"]
            .with_user(self.clerk)
            .create({"pick_ids": [(6, 0, self.picking.ids)]})
        )
        wizard = wizard.with_context(button_validate_picking_ids=self.picking.ids)
        wizard.process_cancel_backorder()
        wizard.process()
        self._nothing_left()
        self.assertEqual(self.picking.credit_state, "held")

    def test_found_good_does_not_outlive_validation(self):
        _order, free = self._confirmed(1, partner=self.other)
        self._validate(free)
        self.assertFalse(self.env.cr.cache.get("credit_collection.shippable"))
        _order, partial = self._confirmed(4, partner=self.other)
        partial.move_ids.write({"quantity": 1, "picked": True})
        action = partial.with_user(self.clerk).button_validate()
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        self.assertFalse(self.env.cr.cache.get("credit_collection.shippable"))

    def test_clerk_cannot_decide(self):
        self._validate(self.picking)
        hold = self._hold(self.picking)
        for name in ("action_release", "action_refuse", "action_reevaluate", "action_recompute"):
            with self.assertRaises(AccessError):
                self._rpc(self.clerk, "credit.hold", name, hold.ids)
        with self.assertRaises(AccessError):
            self._rpc(self.clerk, "credit.hold", "write", hold.ids, {"state": "released"})
        with self.assertRaises(AccessError):
            self._rpc(self.clerk, "stock.picking", "action_release_credit_hold", self.picking.ids)
        self.assertEqual(hold.state, "held")

    def test_officer_of_another_company_cannot_decide(self):
        self._validate(self.picking)
        hold = self._hold(self.picking)
        foreign = self._foreign_officer()
        foreign.credit_authority = 1_000_000
        for model, name, ids in (
            ("credit.hold", "action_release", hold.ids),
            ("stock.picking", "action_release_credit_hold", self.picking.ids),
            ("stock.picking", "button_validate", self.picking.ids),
        ):
            with self.assertRaises(AccessError):
                self._rpc(foreign, model, name, ids)
        self.assertEqual(hold.state, "held")

    def test_officer_above_authority(self):
        self._validate(self.picking)
        self.officer.credit_authority = 100
        with self.assertRaises(AccessError):
            self._hold(self.picking).with_user(self.officer).action_release()

    def test_release_by_the_officer_on_the_delivery(self):
        self._validate(self.picking)
        action = self._rpc(
            self.officer, "stock.picking", "action_release_credit_hold", self.picking.ids
        )
        self.assertEqual(action["context"]["default_hold_ids"], self._hold(self.picking).ids)

    def test_clerk_may_ask_and_sees_a_sentence_only(self):
        self._validate(self.picking)
        hold = self._hold(self.picking)
        seen = self.picking.with_user(self.clerk).read(
            ["credit_state", "credit_hold_reason", "credit_hold_decides"]
        )[0]
        self.assertEqual(seen["credit_state"], "held")
        self.assertIn("overdue for too long", seen["credit_hold_reason"])
        self.assertIn(hold.responsible_id.name, seen["credit_hold_decides"])
        self.assertNotIn("credit_hold_ids", self.picking.with_user(self.clerk).read()[0])
        for model in ("credit.hold", "credit.account", "credit.position", "credit.open.item"):
            with self.assertRaises(AccessError):
                self._rpc(self.clerk, model, "search_read", [])
        action = self._rpc(
            self.clerk, "stock.picking", "action_ask_credit_release", self.picking.ids
        )
        self.env[action["res_model"]].with_user(self.clerk).with_context(action["context"]).create(
            {"note": "The truck is waiting"}
        ).action_ask()
        self.assertEqual(hold.request_note, "The truck is waiting")

    def test_stranger_cannot_put_deliveries_on_hold(self):
        stranger = self._user("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self._rpc(stranger, "stock.picking", "button_validate", self.picking.ids)
        self.assertFalse(self.picking.credit_hold_ids)

    def test_transfer_with_evidence_is_not_deleted(self):
        self._validate(self.picking)
        self.picking.action_cancel()
        with self.assertRaises(UserError):
            self.picking.unlink()

    def test_salesperson_cannot_vouch_for_an_order(self):
        with self.assertRaises(AccessError):
            self._rpc(
                self.salesperson,
                "sale.order",
                "write",
                self.order.ids,
                {"credit_checked_amount": 1e9},
            )

    def test_cost_of_a_delivery_that_passes(self):
        """At most four more queries than without any check."""
        pickings = [self._confirmed(10, partner=self.other)[1] for _number in range(6)]
        costs = {True: [], False: []}
        for number, picking in enumerate(pickings):
            checked = bool(number % 2)
            with nullcontext() if checked else self._unchecked():
                costs[checked].append(self._queries(picking))
        self.assertLessEqual(min(costs[True]) - min(costs[False]), 4)

    def _queries(self, picking):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        picking.button_validate()
        self.env.flush_all()
        self.assertEqual(picking.state, "done")
        return self.env.cr.sql_log_count - before

    @contextmanager
    def _unchecked(self):
        """Validation as if the module were not installed."""
        Picking, Move = type(self.env["stock.picking"]), type(self.env["stock.move"])
        with (
            patch.object(Picking, "_credit_judge", lambda self: []),
            patch.object(Move, "_credit_enforce", lambda self, spend=True: None),
        ):
            yield
