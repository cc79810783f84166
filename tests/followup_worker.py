"""A process of its own for ``test_followup_workers``: prepares the book, or runs the night's cron.

Usage: followup_worker.py DATABASE seed COUNT
       followup_worker.py DATABASE run OUTBOX [KILL_AT]

Mails go to the file OUTBOX, one address a line.  At the KILL_AT-th message that it hands over the
process ends itself with SIGKILL, in the middle of its transaction.
"""

import os
import signal
import sys
from datetime import date, timedelta
from unittest.mock import MagicMock, patch

import odoo
from odoo import api
from odoo.fields import Command
from odoo.modules.registry import Registry


def seed(env, count):
    today = date.today()
    policy = env.company.credit_policy_id
    env.company.email = "office@ours.example.com"
    policy.followup_automatic = True
    partners = env["res.partner"].create(
        [
            {"name": f"Worker Customer {n}", "is_company": True, "email": f"c{n}@example.com"}
            for n in range(int(count))
        ]
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": today - timedelta(30),
                "invoice_date_due": today - timedelta(1),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Delivery", "quantity": 1, "price_unit": 100.0,
                                    "tax_ids": [Command.clear()]})
                ],
            }
            for partner in partners
        ]
    )  # fmt: skip
    moves.action_post()
    env.cr.commit()


def run(env, outbox, kill_at=0):
    server = env.registry["ir.mail_server"]
    followup = env.registry["credit.followup"]
    one_at_a_time = followup._one_at_a_time
    handed_over = []

    def send_email(_self, message, *_args, **_kwargs):
        with open(outbox, "a", encoding="utf-8") as sink:
            sink.write(f"{message['To']}\n")
        return message["Message-Id"]

    def counted(self, *args):
        handed_over.append(self.id)
        one_at_a_time(self, *args)
        if len(handed_over) == int(kill_at):
            os.kill(os.getpid(), signal.SIGKILL)

    with (
        patch.object(server, "_disable_send", lambda _self: False),
        patch.object(server, "_connect__", lambda _self, *a, **k: MagicMock()),
        patch.object(server, "send_email", send_email),
        patch.object(followup, "_one_at_a_time", counted),
        patch("odoo.addons.credit_collection.models.credit_followup_cron.SEND_BATCH", 4),
        patch("odoo.addons.credit_collection.models.credit_followup_cron.PLAN_BATCH", 6),
    ):
        env["credit.followup"]._cron_follow_up()
        env.cr.commit()
        env["mail.mail"].process_email_queue()


def main(database, task, *args):
    odoo.tools.config.parse_config(
        ["--addons-path", os.environ["WORKER_ADDONS_PATH"], "-d", database, "--no-http",
         "--log-level", "warn"]
    )  # fmt: skip
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        {"seed": seed, "run": run}[task](env, *args)


if __name__ == "__main__":
    main(*sys.argv[1:])
