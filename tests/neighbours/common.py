"""Stories beside other apps; skipped with a word where one is not installed."""

from odoo.fields import Command

from ..hold.common import ShipmentCase

TODAY = "2026-03-16"


class NeighbourCase(ShipmentCase):
    app = None
    # Further apps, for stories of several.
    apps = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for app in filter(None, (cls.app, *cls.apps)):
            module = cls.env["ir.module.module"].search([("name", "=", app)])
            if module.state != "installed":
                cls.tearDownClass()
                raise cls.skipTest(cls, f"{app} is not installed")
        cls._limit(1_000.0)

    @classmethod
    def _dropped(cls):
        """A product that its vendor delivers straight to the customer."""
        vendor = cls._customer("Vendor of dropped goods")
        route = cls.env.ref("stock_dropshipping.route_drop_shipping")
        return cls._product(
            "Dropped",
            type="consu",
            invoice_policy="delivery",
            route_ids=[Command.link(route.id)],
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 10.0})],
        )

    @classmethod
    def _kit(cls):
        """A kit of two parts, two of each; returns (kit, its parts)."""
        parts = cls._product("Housing", type="consu", is_storable=True) | cls._product(
            "Impeller", type="consu", is_storable=True
        )
        for part in parts:
            cls.env["stock.quant"]._update_available_quantity(part, cls.stock, 1_000)
        kit = cls._product("Pump kit", type="consu", invoice_policy="delivery")
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": 2}) for part in parts
                ],
            }
        )
        return kit, parts
