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
taken the mail and nothing is written down yet ("sent").  It is not killed before another run works
beside it, and the others begin when it has come to that place.  With "hang_up" the process lives
on and the mail server breaks the connection off at this moment.
"""

import json
import os
import signal
import smtplib
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

CRON = "odoo.addons.credit_collection.models.followup.credit_followup_cron"


class Gates:
    """Processes wait for each other: a pipe comes to its end when all have closed it."""

    def __init__(self):
        self.begun, self.begin = os.pipe()
        self.others_work, self.work = os.pipe()

    def close(self, *ends):
        for end in ends:
            os.close(getattr(self, end))

    def wait(self, end):
        os.read(getattr(self, end), 1)


def seed(env, gates, count):
    today = date.today()
    policy = env.company.credit_default_policy_id
    env.company.email = "office@ours.example.com"
    policy.write({"followup_automatic": True, "followup_set": "distributor"})
    policy.action_load_followup_levels()
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
            for partner in partners
        ]
    )
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


def queue(env, gates, outbox, times):
    """Send what stands in the mail queue, again and again, as its own cron does."""
    gates.close("begin", "work")
    with mails_to(env, outbox):
        for _again in range(times):
            time.sleep(0.05)
            env["mail.mail"].process_email_queue()
            env.cr.commit()


class Fate:
    """What becomes of a run: nothing, its end at a place, or a mail server that hangs up."""

    def __init__(self, gates, kill_at, where):
        self.gates, self.kill_at, self.where = gates, kill_at, where
        self.seen = Counter()
        self.doomed = kill_at and where != "hang_up"
        gates.close("work" if self.doomed else "begin")
        if not self.doomed:
            gates.wait("begun")

    def reached(self, place):
        self.seen[place] += 1
        if not self.doomed:
            if self.seen.total() == 1:
                self.gates.close("work")
        elif place == self.where:
            self._come_closer()

    def _come_closer(self):
        if self.seen[self.where] == 1:
            self.gates.close("begin")
        if self.seen[self.where] == self.kill_at:
            self.gates.wait("others_work")
            os.kill(os.getpid(), signal.SIGKILL)

    def sent(self):
        self.reached("sent")
        if self.where == "hang_up" and self.seen["sent"] == self.kill_at:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


def run(env, gates, outbox, kill_at=0, where=""):
    followup = env.registry["credit.followup"]
    fate = Fate(gates, kill_at, where)

    def watched(name, place):
        original = getattr(followup, name)

        def method(self, *args):
            result = original(self, *args)
            fate.reached(place)
            return result

        return patch.object(followup, name, method)

    with (
        mails_to(env, outbox, fate.sent),
        watched("_create_lines", "plan"),
        watched("_all_at_once", "hand_over"),
        patch(f"{CRON}.SEND_BATCH", 3),
        patch(f"{CRON}.PLAN_BATCH", 4),
    ):
        env["credit.followup"]._cron_follow_up()
        env.cr.commit()
        env["mail.mail"].process_email_queue()


TASKS = {"seed": seed, "run": run, "queue": queue}


def fork(registry, gates, task, *args):
    """Run a task in a process forked for it; return its id."""
    child = os.fork()
    if child:
        return child
    failed = 1
    try:
        with registry.cursor() as cr:
            TASKS[task](api.Environment(cr, api.SUPERUSER_ID, {}), gates, *args)
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
        gates = Gates()
        children = [fork(registry, gates, *task) for task in json.loads(line)]
        gates.close("begun", "begin", "others_work", "work")
        ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(json.dumps(ends), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
