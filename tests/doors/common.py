"""What cannot be taken back never grows past the limit: judged by what is at risk now."""

from odoo.tests import freeze_time, tagged

from ..hold.common import ShipmentCase

TODAY = "2026-03-16"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class RiskCase(ShipmentCase):
    """A customer with a limit of 1,000 who buys pumps at 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1_000.0)
        cls.pump.invoice_policy = "delivery"

    def _sold(self, amount=100.0, quantity=1.0, product=None, **values):
        order = self._order(amount, product=product or self.pump, quantity=quantity, **values)
        order.with_user(self.salesperson).action_confirm()
        return order

    def _as_salesperson(self, order):
        return order.with_user(self.salesperson)

    def _set(self, order, **values):
        self._as_salesperson(order).order_line[:1].write(values)

    def _ship(self, order):
        pickings = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        self._validate(pickings)
        return pickings

    def _return(self, picking):
        """A return of all of a transfer, to be refunded."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.quantity
        return self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    def _exposure(self):
        self.env.flush_all()
        return self._position().exposure
