from freezegun import freeze_time
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from ..hold.common import ShipmentCase
from .common import Life, live

LIMIT = 1_000.0
WHICH = st.integers(0, 9)
QUANTITIES = st.integers(-3, 12)
CENT = 0.011


class LifeOfHolds(Life):
    """Weeks of a salesperson, a clerk, an accountant and an officer with one customer.

    What cannot be taken back never grows above the limit without a release in force, whoever does
    what in which order; orders never lower what is posted and drafted; no hold waits on a transfer
    that is done; every step ends well or in a sentence.
    """

    start = Date.to_date("2026-03-16")

    def begin(self):
        self.orders = self.env["sale.order"]
        self.told = []
        self.final = 0.0
        self.customer = self.case.customer

    # ------------------------------------------------------------------
    # The steps
    # ------------------------------------------------------------------

    def _try(self, step):
        """Do a step as a person does: what is refused with a sentence leaves nothing behind."""
        self.final = self._final()
        try:
            with self.env.cr.savepoint():
                step()
                self.env.flush_all()
        except UserError as refused:
            self.told.append(str(refused))

    def _one(self, records, which):
        return records[which % len(records)] if records else records

    def _order(self, which, *states):
        return self._one(self.orders.filtered(lambda order: order.state in states), which)

    def _transfers(self, *states):
        return self.orders.picking_ids.filtered(lambda picking: picking.state in states)

    @rule(quantity=st.integers(1, 12), goods=st.sampled_from(["later", "now", "service"]))
    def new(self, quantity, goods):
        product = {"later": self.case.later, "now": self.case.pump, "service": self.case.service}
        self.orders |= self.case._order(100.0, product=product[goods], quantity=quantity)

    @rule(amount=st.integers(-900, 900))
    def new_with_a_discount(self, amount):
        order = self.case._order(100.0, product=self.case.later, quantity=9)
        order.order_line = [
            Command.create(
                {"product_id": self.case.service.id, "price_unit": amount, "tax_ids": False}
            )
        ]
        self.orders |= order

    @rule(which=WHICH)
    def confirm(self, which):
        order = self._order(which, "draft", "sent").with_user(self.case.salesperson)
        self._try(lambda: order and order.action_confirm())

    @rule(which=WHICH, quantity=QUANTITIES)
    def change_quantity(self, which, quantity):
        self._change(which, {"product_uom_qty": quantity})

    @rule(which=WHICH, price=st.sampled_from([-50, 0, 50, 100, 150]))
    def change_price(self, which, price):
        self._change(which, {"price_unit": price})

    @rule(which=WHICH, discount=st.sampled_from([0, 50, 100]))
    def change_discount(self, which, discount):
        self._change(which, {"discount": discount})

    def _change(self, which, values):
        order = self._order(which, "draft", "sent", "sale").with_user(self.case.salesperson)
        self._try(lambda: order.order_line[:1].write(values))

    @rule(which=WHICH)
    def cancel(self, which):
        order = self._order(which, "sale").with_user(self.case.salesperson)
        self._try(lambda: order and order._action_cancel())

    @rule(which=WHICH)
    def make_it_a_quotation(self, which):
        order = self._order(which, "cancel").with_user(self.case.salesperson)
        self._try(lambda: order and order.action_draft())

    @rule(which=WHICH, quantity=st.integers(1, 12))
    def ship(self, which, quantity):
        picking = self._one(self._transfers("assigned", "confirmed"), which)

        def step():
            for move in picking.move_ids.filtered(lambda m: m.state not in ("done", "cancel")):
                move.write({"quantity": min(quantity, move.product_uom_qty), "picked": True})
            self.case._validate(picking)

        self._try(lambda: picking and step())

    @rule(which=WHICH)
    def cancel_delivery(self, which):
        picking = self._one(self._transfers("assigned", "confirmed"), which)
        self._try(lambda: picking and picking.action_cancel())

    @rule(which=WHICH)
    def duplicate_delivery(self, which):
        picking = self._one(self._transfers("done", "cancel"), which)
        self._try(lambda: picking and picking.copy().action_confirm())

    @rule(which=WHICH)
    def give_back(self, which):
        """A return; of a return, the goods go out again."""
        picking = self._one(self._transfers("done"), which)

        def step():
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_id=picking.id, active_model="stock.picking")
                .create({})
            )
            for line in wizard.product_return_moves:
                line.quantity = line.move_id.quantity
            wizard.action_create_returns()

        self._try(lambda: picking and step())

    @rule(which=WHICH)
    def invoice(self, which):
        order = self._order(which, "sale")
        self._try(lambda: order and order._create_invoices(final=True))

    @rule(which=WHICH)
    def post(self, which):
        move = self._one(self.orders.invoice_ids.filtered(lambda m: m.state == "draft"), which)
        self._try(lambda: move and move.action_post())

    @rule(which=WHICH)
    def pay(self, which):
        open_ = self.orders.invoice_ids.filtered(
            lambda m: m.state == "posted" and m.move_type == "out_invoice" and m.amount_residual > 0
        )
        move = self._one(open_, which)
        self._try(lambda: move and self.case._pay(move))

    @rule()
    def hold_the_customer(self):
        account = self.case._account().with_user(self.case.officer)
        self._try(lambda: account.action_set_manual_hold("Insolvent"))

    @rule()
    def lift_the_hold(self):
        account = self.case._account().with_user(self.case.officer)
        self._try(lambda: account.action_lift_manual_hold())

    @rule(which=WHICH)
    def release(self, which):
        held = self.case._account().hold_ids.filtered(lambda hold: hold.state == "held")
        hold = self._one(held, which).with_user(self.case.manager)
        self._try(lambda: hold and hold.action_release())

    # ------------------------------------------------------------------
    # What is never broken
    # ------------------------------------------------------------------

    def _posted(self):
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("amount_residual"))

    def _drafted(self):
        drafts = self.orders.invoice_ids.filtered(lambda move: move.state == "draft")
        return sum(max(move.amount_total_signed, 0.0) for move in drafts)

    def _final(self):
        """What cannot be taken back, counted from the documents."""
        total = self._posted() + self._drafted()
        for order in self.orders:
            rest = 0.0
            for line in order.order_line:
                price = line.price_unit * (1 - line.discount / 100)
                sold = line.qty_delivered
                if line.product_id.type == "service":
                    sold = line.product_uom_qty if order.state == "sale" else 0.0
                if price < 0 or sold < 0:
                    rest += price * (sold - line.qty_invoiced)
                else:
                    rest += price * max(sold - line.qty_invoiced, 0.0)
            total += max(rest, 0.0)
        return total

    @invariant()
    def what_is_final_never_grows_past_the_limit(self):
        self.env.invalidate_all()
        released = "released" in self.case._account().hold_ids.mapped("state")
        now = self._final()
        if not released and now > self.final + CENT:
            assert now <= LIMIT + CENT, f"{now} of {LIMIT}, it was {self.final}"

    @invariant()
    def orders_never_lower_what_is_owed(self):
        self.env.flush_all()
        exposure = self.case._position().exposure
        owed = self._posted() + self._drafted()
        assert exposure >= owed - CENT, f"{exposure} while {owed} is posted and drafted"

    @invariant()
    def no_hold_waits_on_a_transfer_that_is_done(self):
        held = self.case._account().hold_ids.filtered(lambda hold: hold.state == "held")
        assert "done" not in held.picking_id.mapped("state")


@tagged("post_install", "-at_install")
@freeze_time(LifeOfHolds.start)
class TestLifeOfHolds(ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(LIMIT)
        cls.later = cls._product(
            "Pump, invoiced when delivered",
            type="consu",
            is_storable=True,
            invoice_policy="delivery",
        )
        cls.env["stock.quant"]._update_available_quantity(cls.later, cls.stock, 10_000)

    def test_lives(self):
        live(LifeOfHolds, self, lives=6, steps=20)
