"""Somebody else pays while a message is being sent: two transactions, two connections."""

from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import LockNotAvailable


@tagged("post_install", "-at_install")
class TestFollowupAtOnce(BaseCase):
    """Everything is committed here, as another connection sees only that; it is deleted after."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            partner = env["res.partner"].create(
                {"name": "Race Ltd", "is_company": True, "email": "race@example.com"}
            )
            self.addCleanup(self._clean, partner.id)
            today = fields.Date.today()
            invoice = env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": today - timedelta(20),
                    "invoice_date_due": today - timedelta(3),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Delivery",
                                "quantity": 1,
                                "price_unit": 100.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            invoice.action_post()
            account = env["credit.account"]._get(partner, env.company)
            followup = env["credit.followup"]._plan(env.company, today, account)
            self.invoice_id, self.followup_id = invoice.id, followup.id

    @contextmanager
    def _transaction(self):
        with closing(db_connect(get_db_name()).cursor()) as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.commit()

    def _clean(self, partner_id):
        with self._transaction() as env:
            for table in ("credit_followup_line", "credit_followup"):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE account_id IN"
                    " (SELECT id FROM credit_account WHERE partner_id = %s)",
                    [partner_id],
                )
            env["account.payment.register"].search([]).unlink()
            payments = env["account.payment"].search([("partner_id", "=", partner_id)])
            payments.action_draft()
            payments.unlink()
            moves = env["account.move"].search([("partner_id", "=", partner_id)])
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            env["credit.account"].search([("partner_id", "=", partner_id)]).unlink()
            env["res.partner"].browse(partner_id).unlink()

    def _pay(self, env):
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=[self.invoice_id]
        )
        return wizard.create({})._create_payments()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    @patch("odoo.service.model.random.uniform", return_value=0.01)
    def test_reconciled_by_somebody_else_before_it_is_sent(self, _wait):
        """The sender's transaction still sees the debt; PostgreSQL makes it look again."""
        tries = []
        with self._transaction() as env:
            followup = env["credit.followup"].browse(self.followup_id)

            def send():
                tries.append(followup.state)
                self.assertEqual(followup.line_ids.amount, 100.0)
                if len(tries) == 1:
                    with self._transaction() as other:
                        self._pay(other)
                followup.action_send()

            retrying(send, env)
        self.assertEqual(tries, ["draft", "draft"])
        with self._transaction() as env:
            followup = env["credit.followup"].browse(self.followup_id)
            self.assertEqual(followup.state, "cancelled")
            self.assertFalse(followup.mail_message_id)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    @patch("odoo.service.model.random.uniform", return_value=0.01)
    def test_nobody_reconciles_while_it_is_sent(self, _wait):
        """From the check on, the payer waits for the sender."""
        with self._transaction() as env:
            followup = env["credit.followup"].browse(self.followup_id)
            followup.action_send()
            with self._transaction() as other:
                other.cr.execute("SET LOCAL lock_timeout = '100ms'")
                with self.assertRaises(LockNotAvailable):
                    self._pay(other)
                    other.flush_all()
                other.cr.rollback()
        with self._transaction() as env:
            self._pay(env)
            self.assertEqual(env["account.move"].browse(self.invoice_id).amount_residual, 0.0)
