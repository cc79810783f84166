"""Two transactions, two connections, one limit: never both."""

import random
import threading
from contextlib import closing, contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

ROUNDS = 50


@tagged("post_install", "-at_install")
class TestTwoAtOnce(BaseCase):
    """Each round, two salespeople confirm two orders that fit only singly."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            partner = env["res.partner"].create({"name": "Race Ltd", "is_company": True})
            product = env["product.product"].create({"name": "Advice", "type": "service"})
            self.partner_id, self.product_id = partner.id, product.id
            account = env["credit.account"]._get(partner, env.company)
            env["credit.limit"].create(
                {"account_id": account.id, "amount": 1000.0, "state": "approved"}
            )
        self.addCleanup(self._clean)

    @contextmanager
    def _transaction(self):
        """A transaction of its own on a connection of its own, committed at the end."""
        with closing(db_connect(get_db_name()).cursor()) as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.commit()

    def _clean(self):
        with self._transaction() as env:
            partner = env["res.partner"].browse(self.partner_id)
            orders = env["sale.order"].search([("partner_id", "=", partner.id)])
            orders._action_cancel()
            # Nobody can delete a hold; the test takes back what it committed.
            env.cr.execute("DELETE FROM credit_hold WHERE order_id = ANY(%s)", [orders.ids])
            env.invalidate_all()
            orders.unlink()
            account = env["credit.account"].search([("partner_id", "=", partner.id)])
            # Nor a limit that was approved.
            env.cr.execute("DELETE FROM credit_limit WHERE account_id = ANY(%s)", [account.ids])
            env.invalidate_all()
            account.unlink()
            env["product.product"].browse(self.product_id).unlink()
            partner.unlink()

    def _make_orders(self):
        with self._transaction() as env:
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": self.partner_id,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": self.product_id,
                                    "price_unit": 600.0,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                    for _number in range(2)
                ]
            )
            return orders.ids

    def _cancel(self, order_ids):
        with self._transaction() as env:
            env["sale.order"].browse(order_ids)._action_cancel()

    def _confirm(self, order_id, barrier, pause, tries):
        """Confirm as the web layer does: what PostgreSQL refuses is tried again."""
        with self._transaction() as env:

            def attempt():
                tries.append(order_id)
                order = env["sale.order"].browse(order_id)
                order.read(["state"])  # the snapshot of REPEATABLE READ is taken here
                if tries.count(order_id) == 1:
                    barrier.wait(timeout=20)
                threading.Event().wait(pause)
                order.action_confirm()

            retrying(attempt, env)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    @patch("odoo.service.model.random.uniform", return_value=0.01)
    def test_never_both(self, _wait):
        retried = 0
        chance = random.Random(20260310)
        for _round in range(ROUNDS):
            order_ids = self._make_orders()
            barrier, tries = threading.Barrier(2), []
            threads = [
                threading.Thread(
                    target=self._confirm,
                    args=(order_id, barrier, chance.choice((0, 0.002, 0.01, 0.03)), tries),
                )
                for order_id in order_ids
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            with self._transaction() as env:
                orders = env["sale.order"].browse(order_ids)
                self.assertEqual(sorted(orders.mapped("state")), ["draft", "sale"])
                self.assertEqual(sorted(orders.mapped("credit_state")), ["held", "none"])
            retried += len(tries) - 2
            self._cancel(order_ids)
        self.assertGreater(retried, 0, "no round ever overlapped: the test proves nothing")
