"""What the stories of deliveries need: goods in stock, orders on their way, overdue customers."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import OFFICER, CreditCase


class ShipmentCase(CreditCase):
    """A pump in stock for 100 without tax; rules of the shipped policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.pump = cls._product("Pump in stock", type="consu", is_storable=True)
        cls.env["stock.quant"]._update_available_quantity(cls.pump, cls.stock, 1000)
        cls.other = cls._customer("Other Ltd")

    @classmethod
    def _confirmed(cls, quantity=10, partner=None, price=100.0, **values):
        """A confirmed order of pumps; returns (order, its first delivery)."""
        order = cls._order(price, partner=partner, product=cls.pump, quantity=quantity, **values)
        order.action_confirm()
        assert order.state == "sale", order.credit_hold_reason
        return order, order.picking_ids[:1]

    @classmethod
    def _overdue(cls, partner=None, amount=500.0, days=40):
        """An invoice so late that the shipped policy stops deliveries."""
        date = fields.Date.subtract(fields.Date.today(), days=days)
        return cls._invoice(amount, partner=partner, date=date)

    @classmethod
    def _foreign_officer(cls):
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        return new_test_user(
            cls.env,
            "foreign",
            groups=f"base.group_user,stock.group_stock_user,{OFFICER}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _transfer(cls, partner, source=None, destination=None, quantity=1, picking_type=None):
        """A transfer without an order."""
        source, destination = source or cls.stock, destination or cls.customers
        picking = cls.env["stock.picking"].create(
            {
                "partner_id": partner.id,
                "picking_type_id": (picking_type or cls.warehouse.out_type_id).id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": cls.pump.id,
                            "product_uom_qty": quantity,
                            "product_uom": cls.pump.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def _validate(self, pickings):
        """Validate as the clerk does; refuses to be asked about backorders."""
        return pickings.with_user(self.clerk).with_context(skip_backorder=True).button_validate()

    def _hold(self, picking):
        return picking.credit_hold_ids.filtered(lambda hold: hold.state == "held")
