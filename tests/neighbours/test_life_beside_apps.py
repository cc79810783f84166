"""Random lives of the check with the steps of other apps among its own."""

from hypothesis import strategies as st
from hypothesis.stateful import rule
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..lives.common import live
from ..lives.test_life_of_holds import WHICH, LifeOfHolds, LifeOfHoldsCase
from .test_till import TillCase

QUANTITIES = st.integers(1, 12)


class LifeBesideApps(LifeOfHolds):
    """The same weeks with a cashier, with kits, and with vendors who deliver to the customer."""

    def begin(self):
        self.case.session = self.case.first_session
        super().begin()

    # ------------------------------------------------------------------
    # At the till
    # ------------------------------------------------------------------

    @rule(quantity=QUANTITIES, customer=st.integers(0, 1), later=st.booleans())
    def sell_at_the_till(self, quantity, customer, later):
        self._sell(later, quantity, self.customers[customer])

    @rule(which=WHICH, later=st.booleans())
    def settle_a_quotation_at_the_till(self, which, later):
        order = self._order(which, "draft", "sent")
        line = order.order_line
        plain = len(line) == 1 and line.product_uom_qty > 0 and line.price_unit == 100.0
        if not plain or line.discount or order.partner_invoice_id != order.partner_id:
            return
        if line.product_id not in self.case.later_or_now or order.currency_id == self.case.foreign:
            return
        self._sell(
            later,
            line.product_uom_qty,
            order.partner_id,
            line={
                "product_id": line.product_id.id,
                "sale_order_origin_id": order.id,
                "sale_order_line_id": line.id,
            },
        )

    @rule(customer=st.integers(0, 1), quantity=QUANTITIES)
    def take_back_at_the_till(self, customer, quantity):
        self._sell(True, -quantity, self.customers[customer])

    @rule()
    def close_the_till(self):
        def step():
            self.case.session.action_pos_session_closing_control()
            self.case._open_the_till()

        self._try(step)
        self.case.session = self.case.shop.current_session_id or self.case.first_session

    def _sell(self, later, quantity, customer, **values):
        method = self.case.later_payment if later else self.case.cash
        self._try(lambda: self.case._sell(method, quantity, customer, **values))

    def _owed(self):
        """What was taken on account counts though its entry is made when the session is closed."""
        owed = super()._owed()
        for customer, amount in self.env.execute_query(
            SQL(
                """SELECT till.partner_id, SUM(later.amount)
                     FROM pos_payment later
                     JOIN pos_payment_method method ON method.id = later.payment_method_id
                     JOIN pos_order till ON till.id = later.pos_order_id
                    WHERE method.journal_id IS NULL AND till.state = 'paid' AND later.amount > 0
                      AND till.account_move IS NULL AND till.partner_id = ANY(%s)
                 GROUP BY till.partner_id""",
                self.customers.ids,
            )
        ):
            owed[self.customers.browse(customer)].left += float(amount)
        return owed

    # ------------------------------------------------------------------
    # Kits, and goods of vendors
    # ------------------------------------------------------------------

    @rule(quantity=QUANTITIES, goods=st.sampled_from(["kit", "dropped"]))
    def new_kit_or_dropped(self, quantity, goods):
        self._new(quantity, goods)

    @rule(which=WHICH, buys=st.booleans())
    def answer_a_purchase(self, which, buys):
        drafts = self.orders._get_purchase_orders().filtered(lambda buy: buy.state == "draft")
        purchase = self._one(drafts, which)
        self._try(lambda: purchase.button_confirm() if buys else purchase.button_cancel())


@tagged("post_install", "-at_install")
@freeze_time(LifeOfHolds.start)
class TestLifeBesideApps(LifeOfHoldsCase, TillCase):
    app = "pos_sale"
    apps = ("stock_dropshipping", "sale_mrp")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.first_session = cls.session
        cls.later_or_now = cls.products["later"] | cls.products["now"]
        cls.later_or_now.available_in_pos = True
        kit, _parts = cls._kit()
        cls.products |= {"kit": kit, "dropped": cls._dropped()}

    def test_lives(self):
        live(LifeBesideApps, self, lives=4, steps=20)
