"""Processes of their own for ``test_followup_workers``: prepare the book, or run the night's cron.

Usage: followup_worker.py DATABASE

Odoo is loaded once.  Each line on standard input is a stage: a JSON list of tasks that run side by
side, each in a process forked for it; the answer is a JSON list of how they ended (0, or minus the
signal).  Between stages nobody is connected to the database, which may be replaced by a copy.

Tasks: ["seed", COUNT]
       ["run", OUTBOX, KILL_AT, WHERE]
       ["queue", OUTBOX, TIMES]

Mails go to the file OUTBOX, one address a line.  At the KILL_AT-th message the process ends itself
with SIGKILL: while it hands it over (WHERE is "plan" or "hand_over"), or when the mail server has
taken the mail and nothing is written down yet ("sent").
"""

import json
import os
import signal
import sys
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import MagicMock, patch

import odoo
from odoo import api, sql_db
from odoo.fields import Command
from odoo.modules.registry import Registry

CRON = "odoo.addons.credit_collection.models.credit_followup_cron"


def seed(env, count):
    today = date.today()
    policy = env.company.credit_policy_id
    env.company.email = "office@ours.example.com"
    policy.followup_automatic = True
    partners = env["res.partner"].create(
        [
            {"name": f"Worker Customer {n}", "is_company": True, "email": f"c{n}@example.com"}
            for n in range(count)
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


@contextmanager
def mails_to(env, outbox, taken=lambda: None):
    """Write the address of each mail to the file ``outbox`` instead of sending it."""
    server = env.registry["ir.mail_server"]

    def send_email(_self, message, *_args, **_kwargs):
        with open(outbox, "a", encoding="utf-8") as sink:
            sink.write(f"{message['To']}\n")
        time.sleep(0.03)
        taken()
        return message["Message-Id"]

    with (
        patch.object(server, "_disable_send", lambda _self: False),
        patch.object(server, "_connect__", lambda _self, *a, **k: MagicMock()),
        patch.object(server, "send_email", send_email),
    ):
        yield


def queue(env, outbox, times):
    """Send what stands in the mail queue, again and again, as its own cron does."""
    with mails_to(env, outbox):
        for _again in range(times):
            time.sleep(0.05)
            env["mail.mail"].process_email_queue()
            env.cr.commit()


def run(env, outbox, kill_at=0, where=""):
    followup = env.registry["credit.followup"]
    seen = Counter()

    def reached(place):
        seen[place] += 1
        if place == where and seen[place] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(name, place):
        original = getattr(followup, name)

        def method(self, *args):
            result = original(self, *args)
            reached(place)
            return result

        return patch.object(followup, name, method)

    with (
        mails_to(env, outbox, lambda: reached("sent")),
        counted("_create_lines", "plan"),
        counted("_one_at_a_time", "hand_over"),
        patch(f"{CRON}.SEND_BATCH", 3),
        patch(f"{CRON}.PLAN_BATCH", 4),
    ):
        env["credit.followup"]._cron_follow_up()
        env.cr.commit()
        env["mail.mail"].process_email_queue()


TASKS = {"seed": seed, "run": run, "queue": queue}


def fork(registry, task, *args):
    """Run a task in a process forked for it; return its id."""
    child = os.fork()
    if child:
        return child
    failed = 1
    try:
        with registry.cursor() as cr:
            TASKS[task](api.Environment(cr, api.SUPERUSER_ID, {}), *args)
        failed = 0
    except BaseException:
        traceback.print_exc()
    os._exit(failed)


def main(database):
    options = ["-d", database, "--no-http", "--log-level", "warn"]
    odoo.tools.config.parse_config(["--addons-path", os.environ["WORKER_ADDONS_PATH"], *options])
    registry = Registry(database)
    for line in sys.stdin:
        sql_db.close_all()
        children = [fork(registry, *task) for task in json.loads(line)]
        ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(json.dumps(ends), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
