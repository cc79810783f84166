from freezegun import freeze_time
from odoo.tests import Form, tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestLiveBanner(CreditCase):
    def test_raised_order_while_it_is_typed(self):
        """Half invoiced, then raised: what is invoiced counts once, what is typed counts too."""
        self._limit(1500.0)
        order = self._order(100.0, product=self.goods, quantity=10)
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": 5, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        order._create_invoices().action_post()
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 16
            self.assertEqual(form.credit_banner["outcome"], "hold")
            self.assertEqual(form.credit_banner["left"], "Over the credit limit by $\u00a0100.00.")
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 15
            self.assertEqual(form.credit_banner["outcome"], "pass")
