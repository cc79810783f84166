"""What the stories of follow-up need: a policy's levels, a mail server, a day."""

from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import MagicMock, patch

from lxml import html
from odoo.fields import Command

from ..common import COLLECTOR, CreditCase

TODAY = date(2026, 3, 16)


class FollowupCase(CreditCase):
    """Three levels on the first, tenth and thirtieth day late; the last waits for approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("carla", COLLECTOR, email="carla@ours.example.com")
        cls.policy.followup_level_ids.unlink()
        cls.policy.followup_automatic = True
        cls.first = cls._level("First reminder", 1, "reminder")
        cls.second = cls._level("Second reminder", 10, "second")
        cls.last = cls._level(
            "Last demand",
            30,
            "final",
            automatic=False,
            stops_sales=True,
            responsible_role="user",
            responsible_user_id=cls.manager.id,
        )
        cls.file = cls._account()
        cls.file.collector_id = cls.collector

    @classmethod
    def _level(cls, name, delay, text, **values):
        template = cls.env.ref(f"credit_collection.mail_template_followup_{text}")
        return cls.env["credit.followup.level"].create(
            {
                "name": name,
                "policy_id": cls.policy.id,
                "delay": delay,
                "mail_template_id": template.id,
                **values,
            }
        )

    @classmethod
    def _late(cls, amount=1000.0, days=3, partner=None, **values):
        """An invoice that fell due ``days`` ago."""
        due = TODAY - timedelta(days)
        return cls._invoice(
            amount, partner=partner, date=min(due, TODAY) - timedelta(30), due=due, **values
        )

    @classmethod
    def _item(cls, invoice):
        return invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _plan(self, today=TODAY):
        return self.env["credit.followup"]._plan(self.company, today)

    @contextmanager
    def _mail_server(self, refuse=()):
        """Mails are taken down in ``self.outbox`` instead of going out.

        :param refuse: addresses that the server refuses
        """
        self.outbox = []
        server = self.env.registry["ir.mail_server"]

        def send_email(_self, message, *_args, **_kwargs):
            if any(address in message["To"] for address in refuse):
                raise ConnectionError("Mailbox unavailable")
            self.outbox.append(message)
            return message["Message-Id"]

        with (
            patch.object(server, "_disable_send", lambda _self: False),
            patch.object(server, "_connect__", lambda _self, *a, **k: MagicMock()),
            patch.object(server, "send_email", send_email),
        ):
            yield

    @classmethod
    def _slow_bank(cls):
        """A bank whose payments have no entry until they come in, as with Odoo's accounting app;
        those of the other banks have one."""
        banks = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)]
        )
        chart = cls.env["account.chart.template"].with_company(cls.company)
        banks.inbound_payment_method_line_ids.payment_account_id = chart.ref(
            "account_journal_payment_debit_account_id"
        )
        slow = cls.env["account.journal"].create(
            {
                "name": "Slow Bank",
                "code": "SLO",
                "type": "bank",
                "sequence": 1000,
                "company_id": cls.company.id,
            }
        )
        slow.inbound_payment_method_line_ids.payment_account_id = False
        return slow

    def _on_the_way(self, invoice, amount, slow, day=TODAY):
        """A payment that waits for the bank and has no entry."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day, "amount": amount, "journal_id": slow.id})
        )
        return wizard._create_payments()

    def _send(self, followups, refuse=()):
        with self._mail_server(refuse):
            followups.action_send()

    def _sent(self, today=TODAY):
        """Plan and send what is to be said today."""
        followups = self._plan(today)
        self._send(followups)
        return followups

    def _to_pay(self, followup):
        """The amount that a message which went out asks for, without its currency."""
        body = html.fromstring(followup.sudo().mail_message_id.body)
        [amount] = body.xpath("//tr[td/b[text()='Total due now']]/td[last()]")
        return amount.text_content().replace("\xa0", " ").strip("$ ")

    def _bounce(self, followup):
        followup.mail_message_id.notification_ids.write(
            {
                "notification_status": "bounce",
                "failure_type": "mail_bounce",
                "failure_reason": "User unknown",
            }
        )

    def _contact(self, name, kind, email=None, **values):
        return self.env["res.partner"].create(
            {"name": name, "type": kind, "parent_id": self.customer.id, "email": email, **values}
        )

    def _credit_note(self, amount):
        move = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": TODAY,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Return",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move
