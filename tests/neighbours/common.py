"""Stories beside other apps; skipped with a word where one is not installed."""

from ..hold.common import ShipmentCase

TODAY = "2026-03-16"


class NeighbourCase(ShipmentCase):
    app = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = cls.env["ir.module.module"].search([("name", "=", cls.app)])
        if module.state != "installed":
            cls.tearDownClass()
            raise cls.skipTest(cls, f"{cls.app} is not installed")
        cls._limit(1_000.0)
