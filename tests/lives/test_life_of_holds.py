from dataclasses import dataclass

from freezegun import freeze_time
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import SQL

from ..hold.common import ShipmentCase
from .common import Life, live

LIMIT = 1_000.0
# The other customer's limit, in the foreign currency.
FOREIGN_LIMIT = 500.0
AUTHORITY = 1_500.0
RATE = 0.5
WHICH = st.integers(0, 9)
QUANTITIES = st.integers(-3, 12)
CENT = 0.011

# What each customer owes by the documents, counted here once more: posted, drafted, and what has
# left or was sold with orders and is not invoiced; what was credited is settled until it is
# invoiced again; what was paid in advance takes off what is ordered.
OWED = """
    WITH line AS (
        SELECT line.id, line.order_id, line.is_downpayment, line.qty_invoiced AS invoiced,
               line.price_unit * (1 - COALESCE(line.discount, 0) / 100) AS price,
               line.product_uom_qty AS ordered, line.qty_delivered AS delivered,
               CASE WHEN template.type != 'service' THEN line.qty_delivered
                    WHEN line.state = 'sale' THEN line.product_uom_qty ELSE 0 END AS sold,
               COALESCE((SELECT SUM(bill.quantity)
                           FROM sale_order_line_invoice_rel rel
                           JOIN account_move_line bill ON bill.id = rel.invoice_line_id
                           JOIN account_move move ON move.id = bill.move_id
                          WHERE rel.order_line_id = line.id AND move.state != 'cancel'
                            AND move.move_type = 'out_invoice'), 0) AS billed
          FROM sale_order_line line
          LEFT JOIN product_product product ON product.id = line.product_id
          LEFT JOIN product_template template ON template.id = product.product_tmpl_id
    ), ordered AS (
        SELECT payer.commercial_partner_id AS owner,
               COALESCE(NULLIF(sale.currency_rate, 0), 1) AS rate, sale.state,
               COALESCE(sale.credit_checked_amount, 0) AS checked,
               SUM(CASE WHEN line.is_downpayment THEN -line.price * line.invoiced
                        WHEN line.price < 0
                        THEN line.price * GREATEST(line.sold - line.invoiced, 0)
                        WHEN line.sold < 0 THEN line.price * (line.sold - line.invoiced)
                        ELSE line.price
                             * GREATEST(line.sold - GREATEST(line.invoiced, line.billed), 0)
                   END) AS rest,
               SUM(CASE WHEN line.is_downpayment THEN 0
                        WHEN line.price < 0 THEN line.price * LEAST(line.ordered, 0)
                        ELSE line.price
                             * GREATEST(line.ordered, line.delivered, line.invoiced)
                   END) AS most
          FROM sale_order sale
          JOIN res_partner payer ON payer.id = sale.partner_invoice_id
          JOIN line ON line.order_id = sale.id
         WHERE sale.id = ANY(%(orders)s)
      GROUP BY sale.id, payer.id
    ), invoice AS (
        SELECT move.commercial_partner_id AS owner, move.id, move.state, move.currency_id,
               move.amount_total_signed AS total, move.amount_residual_signed AS residual
          FROM account_move move
         WHERE move.move_type IN ('out_invoice', 'out_refund')
           AND move.commercial_partner_id = ANY(%(customers)s)
    )
    SELECT owner.id,
           COALESCE((SELECT SUM(item.amount_residual)
                       FROM account_move_line item
                       JOIN res_partner partner ON partner.id = item.partner_id
                       JOIN account_account account ON account.id = item.account_id
                      WHERE partner.commercial_partner_id = owner.id
                        AND account.account_type = 'asset_receivable'
                        AND item.parent_state = 'posted'), 0)
           + COALESCE((SELECT SUM(GREATEST(total, 0)) FROM invoice
                        WHERE invoice.owner = owner.id AND state = 'draft'), 0),
           COALESCE((SELECT SUM(GREATEST(rest, 0) / rate) FROM ordered
                      WHERE ordered.owner = owner.id), 0),
           COALESCE((SELECT SUM(ABS(total - residual)) FROM invoice
                      WHERE invoice.owner = owner.id AND state = 'posted' AND EXISTS (
                            SELECT FROM account_move_line bill
                              JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = bill.id
                              JOIN line ON line.id = rel.order_line_id
                             WHERE bill.move_id = invoice.id AND line.is_downpayment)), 0),
           COALESCE((SELECT SUM(ABS(total)) FROM invoice
                      WHERE invoice.owner = owner.id AND state != 'cancel'
                        AND currency_id = %(foreign)s), 0),
           COALESCE((SELECT MAX(checked - GREATEST(most, 0) / rate) FROM ordered
                      WHERE ordered.owner = owner.id AND state = 'sale'), 0),
           COALESCE((SELECT MAX(max_amount) FROM credit_hold hold
                      WHERE hold.account_id = file.id AND hold.state = 'released'), 0),
           EXISTS (SELECT FROM credit_hold hold JOIN stock_picking picking
                       ON picking.id = hold.picking_id
                    WHERE hold.account_id = file.id AND hold.state = 'held'
                      AND picking.state = 'done')
      FROM res_partner owner JOIN credit_account file ON file.partner_id = owner.id
     WHERE owner.id = ANY(%(customers)s) AND file.company_id = %(company)s
"""


@dataclass
class Owed:
    """What the documents say of one customer."""

    documents: float
    left: float
    advance: float
    foreign: float
    vouched_too_much: float
    released: float
    waits_on_done: bool

    @property
    def final(self):
        """What cannot be taken back."""
        return self.documents + self.left


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
        self.rate = RATE
        self.customers = self.case.customer | self.case.other
        self.files = {customer: self.case._account(customer) for customer in self.customers}
        self.before = self.now = self._owed()

    # ------------------------------------------------------------------
    # The steps
    # ------------------------------------------------------------------

    def _try(self, step):
        """Do a step as a person does: what is refused with a sentence leaves nothing behind."""
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

    @rule(quantity=st.sampled_from([0.01, 1]))
    def new_of_small_things(self, quantity):
        self.orders |= self.case._order(0.49, product=self.case.later, quantity=quantity)

    @rule(quantity=st.integers(1, 12), goods=st.sampled_from(["later", "now", "service"]))
    def new_in_another_currency(self, quantity, goods):
        self._new(quantity, goods, pricelist_id=self.case.pricelist.id)

    @rule(quantity=st.integers(1, 12))
    def new_for_another_payer(self, quantity):
        self._new(quantity, "later", partner_invoice_id=self.case.other.id)

    def _new(self, quantity, goods, **values):
        price = 50.0 if "pricelist_id" in values else 100.0
        self.orders |= self.case._order(
            price, product=self.case.products[goods], quantity=quantity, **values
        )

    @rule(rate=st.sampled_from([0.49, 0.5, 0.51]))
    def move_the_rate(self, rate):
        self.sleep(1)
        self.rate = rate
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

    @rule(which=WHICH)
    def let_a_contact_pay(self, which):
        order = self._order(which, "draft", "sent", "sale").with_user(self.case.salesperson)
        self._try(lambda: order and order.write({"partner_invoice_id": self.case.site.id}))

    @rule(to=st.integers(0, 2), company=st.booleans())
    def move_the_contact(self, to, company):
        """Between the customers, or on its own."""
        parents = (*self.customers.ids, False)
        site = self.case.site.with_user(self.case.salesperson)
        self._try(lambda: site.write({"parent_id": parents[to], "is_company": company}))

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
        """What passes is vouched for at the rate that it stores."""
        order = self._order(which, "draft", "sent").with_user(self.case.salesperson)
        self._try(lambda: order and order.action_confirm())
        if order.sudo().state == "sale" and order.amount_total > 0:
            rate = self.rate if order.currency_id == self.case.foreign else 1.0
            asked, checked = order.amount_total / rate, order.sudo().credit_checked_amount
            assert abs(checked - asked) < CENT, f"{checked} was vouched for, {asked} is ordered"

    @rule(which=WHICH, quantity=QUANTITIES)
    def change_quantity(self, which, quantity):
        self._change(which, {"product_uom_qty": quantity})

    @rule(which=WHICH, price=st.sampled_from([-50, 0, 50, 100, 150]))
    def change_price(self, which, price):
        self._change(which, {"price_unit": price})

    @rule(which=WHICH, discount=st.sampled_from([0, 50, 100]))
    def change_discount(self, which, discount):
        self._change(which, {"discount": discount})

    @rule(which=WHICH, quantity=st.integers(0, 12))
    def type_what_was_delivered(self, which, quantity):
        self._change(which, {"qty_delivered": quantity})

    def _change(self, which, values):
        order = self._order(which, "draft", "sent", "sale").with_user(self.case.salesperson)
        self._try(lambda: order.order_line[:1].write(values))

    @rule(which=WHICH)
    def cancel(self, which):
        order = self._order(which, "sale").with_user(self.case.salesperson)
        self._try(lambda: order and order._action_cancel())

    @rule(which=WHICH)
    def write_cancelled(self, which):
        """Without cancelling what is to be delivered."""
        order = self._order(which, "draft", "sent", "sale").with_user(self.case.salesperson)
        self._try(lambda: order and order.write({"state": "cancel"}))

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

    @rule(which=WHICH, quantity=st.sampled_from([12, 30, 3_000]))
    def ship_more(self, which, quantity):
        """More than was ordered, of what costs next to nothing too."""
        picking = self._one(self._transfers("assigned", "confirmed"), which)

        def step():
            picking.move_ids[:1].write({"quantity": quantity, "picked": True})
            self.case._validate(picking)

        self._try(lambda: picking and step())

    @rule(which=WHICH, quantity=st.integers(1, 12), dozens=st.booleans())
    def correct_what_was_shipped(self, which, quantity, dozens):
        line = self._one(self._transfers("done").move_line_ids, which).with_user(self.case.clerk)
        unit = self.env.ref("uom.product_uom_dozen") if dozens else self.case.pump.uom_id
        self._try(lambda: line.write({"quantity": quantity, "product_uom_id": unit.id}))

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

    @rule(which=WHICH, customer=st.integers(0, 1))
    def release(self, which, customer):
        hold = self._held(which, customer).with_user(self.case.manager)
        self._try(lambda: hold and hold.action_release())

    @rule(which=WHICH, customer=st.integers(0, 1))
    def release_with_authority(self, which, customer):
        """The larger of what was frozen and of what it is today, other releases included."""
        hold = self._held(which, customer)
        account = hold.account_id
        exposure = account._position(("exposure",)).exposure if hold else 0.0
        released = {}
        for other in account.hold_ids - hold:
            order = other.order_id
            waits = other.state == "released" and other.valid_until >= self.today
            if waits and not other.picking_id and order.state in ("draft", "sent"):
                released[order] = max(released.get(order, 0.0), other.max_amount)
        released.pop(hold.order_id, None)
        waits = not hold.picking_id and hold.order_id.state in ("draft", "sent")
        asks = hold.requested_amount if waits else 0.0
        decided = max(hold.exposure_after, exposure + sum(released.values()) + asks)
        self._try(lambda: hold and hold.with_user(self.case.officer).action_release())
        if hold.state == "released":
            assert decided <= AUTHORITY + CENT, f"{decided} was released with {AUTHORITY}"

    def _held(self, which, customer):
        account = self.files[self.customers[customer]]
        return self._one(account.hold_ids.filtered(lambda hold: hold.state == "held"), which)

    # ------------------------------------------------------------------
    # What is never broken
    # ------------------------------------------------------------------

    def _owed(self):
        """What the documents say of each customer, in one query."""
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        query = SQL(
            OWED,
            orders=self.orders.ids,
            customers=self.customers.ids,
            foreign=self.case.foreign.id,
            company=self.case.company.id,
        )
        return {
            self.customers.browse(owner): Owed(*map(float, figures), waits)
            for owner, *figures, waits in self.env.execute_query(query)
        }

    def _limit_of(self, customer):
        """A limit in another currency counts at today's rate."""
        return FOREIGN_LIMIT / self.rate if customer == self.case.other else LIMIT

    @invariant()
    def nothing_is_broken(self):
        self.before, self.now = self.now, self._owed()
        for customer, owed in self.now.items():
            self._assert_only_released_beyond_the_limit(customer, owed)
            assert owed.vouched_too_much < 0.05, f"{owed.vouched_too_much} beyond what is ordered"
            assert not owed.waits_on_done, "a hold waits on a transfer that is done"
        self._assert_orders_lower_nothing()

    def _assert_only_released_beyond_the_limit(self, customer, owed):
        """What cannot be taken back grows past the limit only by what a release covers."""
        # Moved rates carry along what was vouched for: that is nobody's step.
        drift = 0.05 * (owed.foreign + owed.released)
        before, most = self.before[customer].final, self._limit_of(customer)
        if owed.final > max(before, most + drift) + CENT:
            grown = owed.final - before
            assert grown <= owed.released + drift + CENT, (
                f"{owed.final} of {most}, it was {before}; released: {owed.released}"
            )

    def _assert_orders_lower_nothing(self):
        """Orders never make a customer owe less than what is posted and drafted."""
        files = self.env["credit.account"].union(*self.files.values())
        exposures = {
            position.account_id.partner_id: position.exposure
            for position in files._position(("account_id", "exposure"))
        }
        for customer, owed in self.now.items():
            exposure, least = exposures[customer], owed.documents - owed.advance
            assert exposure >= least - CENT, f"{exposure} while {least} is posted and drafted"


class LifeOfHoldsCase(ShipmentCase):
    """Two customers with limits in two currencies, an officer with authority, three products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(LIMIT)
        cls.officer.credit_authority = AUTHORITY
        cls.salesperson.group_ids += cls.env.ref("base.group_partner_manager")
        cls.foreign = cls.env["res.currency"].create({"name": "XTR", "symbol": "X"})
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.foreign.id,
                "name": "2026-03-01",
                "rate": RATE,
                "company_id": cls.company.id,
            }
        )
        cls._limit(FOREIGN_LIMIT, cls.other, currency_id=cls.foreign.id)
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
        cls.site = cls._customer("Site", parent_id=cls.customer.id, is_company=False)
        cls.products = {"later": cls.later, "now": cls.pump, "service": cls.service}


@tagged("post_install", "-at_install")
@freeze_time(LifeOfHolds.start)
class TestLifeOfHolds(LifeOfHoldsCase):
    def test_lives(self):
        live(LifeOfHolds, self, lives=6, steps=20)
