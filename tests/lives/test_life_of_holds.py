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
    """Weeks of a salesperson, a clerk, an accountant and an officer with two customers.

    What cannot be taken back never grows above the limit without a release in force, whoever does
    what in which order; orders never lower what is posted and drafted; no hold waits on a transfer
    that is done; every step ends well or in a sentence.
    """

    start = Date.to_date("2026-03-16")

    def begin(self):
        self.orders = self.env["sale.order"]
        self.told = []
        self.customers = self.case.customer | self.case.other
        self.final = dict.fromkeys(self.customers, 0.0)

    # ------------------------------------------------------------------
    # The steps
    # ------------------------------------------------------------------

    def _try(self, step):
        """Do a step as a person does: what is refused with a sentence leaves nothing behind."""
        self.final = {customer: self._final(customer) for customer in self.customers}
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
        self._new(quantity, goods)

    @rule(quantity=st.integers(1, 12), goods=st.sampled_from(["later", "now", "service"]))
    def new_in_another_currency(self, quantity, goods):
        self._new(quantity, goods, pricelist_id=self.case.pricelist.id)

    @rule(quantity=st.integers(1, 12))
    def new_for_another_payer(self, quantity):
        self._new(quantity, "later", partner_invoice_id=self.case.other.id)

    def _new(self, quantity, goods, **values):
        product = {"later": self.case.later, "now": self.case.pump, "service": self.case.service}
        price = 50.0 if "pricelist_id" in values else 100.0
        self.orders |= self.case._order(price, product=product[goods], quantity=quantity, **values)

    @rule(rate=st.sampled_from([0.49, 0.5, 0.51]))
    def move_the_rate(self, rate):
        self.sleep(1)
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.case.foreign.id,
                "name": self.today,
                "rate": rate,
                "company_id": self.case.company.id,
            }
        )

    @rule(which=WHICH, payer=st.integers(0, 1))
    def change_the_payer(self, which, payer):
        order = self._order(which, "draft", "sent", "sale").with_user(self.case.salesperson)
        self._try(lambda: order and order.write({"partner_invoice_id": self.customers[payer].id}))

    @rule(set_=st.booleans())
    def set_or_remove_a_parent(self, set_):
        customer = self.case.customer.with_user(self.case.salesperson)
        self._try(lambda: customer.write({"parent_id": self.case.other.id if set_ else False}))

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

    @rule(which=WHICH)
    def unmatch(self, which):
        """A payment was matched by mistake, and stays on account."""
        paid = self.orders.invoice_ids.filtered(lambda m: m.state == "posted")
        move = self._one(paid, which)
        self._try(lambda: move and move.line_ids.remove_move_reconcile())

    @rule(which=WHICH, post=st.booleans())
    def credit_note(self, which, post):
        posted = self.orders.invoice_ids.filtered(
            lambda m: m.state == "posted" and m.move_type == "out_invoice"
        )
        move = self._one(posted, which)

        def step():
            wizard = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=move.ids)
                .create({"journal_id": move.journal_id.id, "date": self.today})
            )
            note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
            if post:
                note.action_post()

        self._try(lambda: move and step())

    @rule(which=WHICH, amount=st.sampled_from([100, 400, 1_500]))
    def down_payment(self, which, amount):
        order = self._order(which, "sale")

        def step():
            wizard = self.env["sale.advance.payment.inv"].create(
                {
                    "sale_order_ids": [Command.set(order.ids)],
                    "advance_payment_method": "fixed",
                    "fixed_amount": amount,
                }
            )
            wizard._create_invoices(order)

        self._try(lambda: order and step())

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

    def _posted(self, customer):
        lines = self.env["account.move.line"].search(
            [
                ("partner_id.commercial_partner_id", "=", customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("amount_residual"))

    def _drafted(self, customer):
        drafts = self.orders.invoice_ids.filtered(
            lambda move: move.state == "draft" and move.commercial_partner_id == customer
        )
        return sum(max(move.amount_total_signed, 0.0) for move in drafts)

    def _mine(self, customer):
        return self.orders.filtered(
            lambda order: order.partner_invoice_id.commercial_partner_id == customer
        )

    def _final(self, customer):
        """What a customer cannot take back, counted from the documents."""
        total = self._posted(customer) + self._drafted(customer)
        return total + sum(self._left(order) for order in self._mine(customer))

    def _left(self, order):
        """What left or was sold with an order and is not invoiced; what was credited is settled
        until it is invoiced again."""
        rest = 0.0
        for line in order.order_line.filtered("product_id"):
            if line.is_downpayment:
                continue
            price = line.price_unit * (1 - line.discount / 100)
            sold = line.qty_delivered
            if line.product_id.type == "service":
                sold = line.product_uom_qty if order.state == "sale" else 0.0
            invoiced = sum(
                bill.quantity
                for bill in line.invoice_lines
                if bill.move_id.move_type == "out_invoice" and bill.parent_state != "cancel"
            )
            if price < 0 or sold < 0:
                rest += price * (sold - line.qty_invoiced)
            else:
                rest += price * max(sold - max(line.qty_invoiced, invoiced), 0.0)
        return max(rest, 0.0) / (order.currency_rate or 1.0)

    def _drift(self, customer):
        """How far moved rates have carried what was vouched for: nobody's step."""
        invoices = self.orders.invoice_ids.filtered(
            lambda move: move.currency_id == self.case.foreign and move.state != "cancel"
        )
        return sum(abs(move.amount_total_signed) for move in invoices) * 0.05

    @invariant()
    def what_is_final_never_grows_past_the_limit(self):
        self.env.invalidate_all()
        for customer in self.customers:
            released = "released" in self.case._account(customer).hold_ids.mapped("state")
            now, most = self._final(customer), LIMIT + self._drift(customer) + CENT
            if not released and now > self.final[customer] + CENT:
                assert now <= most, f"{now} of {most}, it was {self.final[customer]}"

    def _advance(self, customer):
        """What was paid in advance, and takes off what is ordered."""
        lines = self._mine(customer).order_line.filtered("is_downpayment").invoice_lines
        paid = lines.move_id.filtered(lambda move: move.state == "posted")
        return sum(abs(move.amount_total_signed - move.amount_residual_signed) for move in paid)

    @invariant()
    def orders_never_lower_what_is_owed(self):
        self.env.flush_all()
        for customer in self.customers:
            exposure = self.case._position(customer).exposure
            owed = self._posted(customer) + self._drafted(customer) - self._advance(customer)
            assert exposure >= owed - CENT, f"{exposure} while {owed} is posted and drafted"

    @invariant()
    def no_hold_waits_on_a_transfer_that_is_done(self):
        files = self.case._account() | self.case._account(self.case.other)
        held = files.hold_ids.filtered(lambda hold: hold.state == "held")
        assert "done" not in held.picking_id.mapped("state")


@tagged("post_install", "-at_install")
@freeze_time(LifeOfHolds.start)
class TestLifeOfHolds(ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(LIMIT)
        cls._limit(LIMIT, cls.other)
        cls.salesperson.group_ids += cls.env.ref("base.group_partner_manager")
        cls.foreign = cls.env["res.currency"].create({"name": "XTR", "symbol": "X"})
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.foreign.id,
                "name": "2026-03-01",
                "rate": 0.5,
                "company_id": cls.company.id,
            }
        )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": cls.foreign.id}
        )
        cls.later = cls._product(
            "Pump, invoiced when delivered",
            type="consu",
            is_storable=True,
            invoice_policy="delivery",
        )
        cls.env["stock.quant"]._update_available_quantity(cls.later, cls.stock, 10_000)

    def test_lives(self):
        live(LifeOfHolds, self, lives=6, steps=20)
