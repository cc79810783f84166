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

    rounds = ROUNDS

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            partner = env["res.partner"].create({"name": "Race Ltd", "is_company": True})
            product = env["product.product"].create({"name": "Advice", "type": "service"})
            self.partner_id, self.product_id = partner.id, product.id
            self.buyer_ids = (partner.id, partner.id)
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
            orders = env["sale.order"].search([("partner_id", "in", self.buyer_ids)])
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
                        "partner_id": buyer_id,
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
                    for buyer_id in self.buyer_ids
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
        for _round in range(self.rounds):
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


class TestGroupAtOnce(TestTwoAtOnce):
    """The same with two customers of one owner: each may, together they may not."""

    rounds = 15

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            sister = env["res.partner"].create({"name": "Race Sister Ltd", "is_company": True})
            self.sister_id, self.buyer_ids = sister.id, (self.partner_id, sister.id)
            env["credit.account"]._get(sister, env.company)
            self.group_id = (
                env["credit.group"]
                .create(
                    {
                        "name": "Race Holding",
                        "amount": 1000.0,
                        "partner_ids": [Command.set([self.partner_id, sister.id])],
                    }
                )
                .id
            )
            self.rule_id = (
                env["credit.rule"]
                .create(
                    {
                        "policy_id": env.company.credit_default_policy_id.id,
                        "name": "Shared limit",
                        "kind": "group_limit",
                    }
                )
                .id
            )

    def _clean(self):
        with self._transaction() as env:
            env["credit.rule"].browse(self.rule_id).unlink()
            env["credit.group"].browse(self.group_id).unlink()
        super()._clean()
        with self._transaction() as env:
            sister = env["res.partner"].browse(self.sister_id)
            env["credit.account"].search([("partner_id", "=", sister.id)]).unlink()
            sister.unlink()
