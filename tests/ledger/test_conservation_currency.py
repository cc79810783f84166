"""Orders, invoices and limits in another currency, each at its own document's rate."""

from freezegun import freeze_time
from odoo.tests import tagged

from .common import ConservationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestCurrency(ConservationCase):
    """A euro is 2.00 dollars in February and 1.25 in March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = (
            cls.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        )
        cls.euro.active = True
        cls.env["res.currency.rate"].search([("currency_id", "=", cls.euro.id)]).unlink()
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.euro.id,
                    "name": day,
                    "rate": rate,
                    "company_id": cls.company.id,
                }
                for day, rate in (("2026-02-01", 0.5), ("2026-03-01", 0.8))
            ]
        )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": cls.euro.id}
        )

    def _euro_order(self, **values):
        """Ten pumps at 100 euro + 15 %, confirmed in February."""
        with freeze_time("2026-02-10"):
            order = self._order(
                100.0,
                product=self.goods,
                quantity=10.0,
                taxed=True,
                pricelist_id=self.pricelist.id,
                **values,
            )
            order.order_line.price_unit = 100.0
            order.action_confirm()
        return order

    def test_each_document_at_its_own_rate(self):
        order = self._euro_order()
        self.assertFigures(ordered=2300.0)
        self._deliver(order, 5)
        invoice = self._bill(order, post=False, date="2026-03-10")
        self.assertFigures(draft=718.75, ordered=1150.0)
        invoice.action_post()
        self.assertFigures(receivable=718.75, ordered=1150.0)
        item = self.env["credit.open.item"].search([("move_id", "=", invoice.id)])
        self.assertEqual((item.amount, item.amount_currency), (718.75, 575.0))
        self.assertEqual(item.currency_id, self.euro)

    def test_credit_note_in_euro(self):
        order = self._euro_order()
        self._deliver(order, 10)
        invoice = self._bill(order, date="2026-03-10")
        self._pay(invoice)
        self._credit_note(invoice)
        self.assertFigures(receivable=-1437.5)

    def test_order_in_euro_invoice_in_dollar(self):
        """What was invoiced counts as invoiced, in whatever currency."""
        order = self._euro_order()
        self._deliver(order, 10)
        invoice = self._bill(order, post=False)
        invoice.currency_id = self.currency
        invoice.invoice_line_ids.price_unit = 150.0
        self.assertFigures(draft=1725.0)

    def test_currency_made_later_is_rounded_to_its_own_decimals(self):
        """Figures were read before the currency existed."""
        self.assertFigures(ordered=0.0)
        whole = self.env["res.currency"].create({"name": "XTS", "symbol": "X", "rounding": 1.0})
        self.env["res.currency.rate"].create(
            {
                "currency_id": whole.id,
                "name": "2026-01-01",
                "rate": 1.0,
                "company_id": self.company.id,
            }
        )
        pricelist = self.env["product.pricelist"].create({"name": "Whole", "currency_id": whole.id})
        order = self._order(10.5, product=self.goods, quantity=3.0, pricelist_id=pricelist.id)
        order.order_line.price_unit = 10.5
        order.action_confirm()
        self.assertFigures(ordered=32.0)
        self._deliver(order, 2)
        self._bill(order)
        # One of three pieces is to come: 32 / 3 = 10.67, of which the currency has no cents.
        self.assertFigures(receivable=21.0, ordered=11.0)

    def test_down_payment_in_euro(self):
        order = self._euro_order()
        with freeze_time("2026-02-10"):
            advance = self._down_payment(order, "percentage", 50)
            advance.invoice_date = "2026-02-10"
            advance.action_post()
        self.assertFigures(receivable=1150.0, ordered=1150.0)

    def test_limit_in_euro_counts_at_the_rate_of_today(self):
        with freeze_time("2026-02-10"):
            self._limit(1000.0, currency_id=self.euro.id)
            self.assertEqual(self._position().credit_limit, 2000.0)
        self.assertEqual(self._position().credit_limit, 1250.0)

    def test_limit_in_euro_holds(self):
        self._limit(1000.0, currency_id=self.euro.id)
        order = self._order(1250.01)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        order.order_line.price_unit = 1250.0
        order.action_confirm()
        self.assertEqual(order.state, "sale")
