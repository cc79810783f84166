"""Two transactions, two connections, one limit: never both."""

import random
import threading
from contextlib import closing, contextmanager

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.fields import Command
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
            orders.unlink()
            env["credit.account"].search([("partner_id", "=", partner.id)]).unlink()
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

    def _confirm(self, order_id, barrier, pause, outcomes):
        """Confirm in a transaction that began before the other one's end; retry as Odoo does."""
        for attempt in range(3):
            try:
                with self._transaction() as env:
                    order = env["sale.order"].browse(order_id)
                    order.read(["state"])  # the snapshot of REPEATABLE READ is taken here
                    if attempt == 0:
                        barrier.wait(timeout=20)
                    threading.Event().wait(pause)
                    order.action_confirm()
            except psycopg2.errors.SerializationFailure:
                outcomes.append("refused")
                continue
            return

    @mute_logger("odoo.sql_db")
    def test_never_both(self):
        refused = 0
        chance = random.Random(20260310)
        for _round in range(ROUNDS):
            order_ids = self._make_orders()
            barrier, outcomes = threading.Barrier(2), []
            threads = [
                threading.Thread(
                    target=self._confirm,
                    args=(order_id, barrier, chance.choice((0, 0.002, 0.01, 0.03)), outcomes),
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
            refused += len(outcomes)
            self._cancel(order_ids)
        self.assertGreater(refused, 0, "no round ever overlapped: the test proves nothing")
