"""The OCA module that writes to late customers, from PyPI, on a copy of the same database.

    scripts/run python -m bench.oca bench_100k 300

Measures in one process and by turns what one follow-up mail costs with ours and with theirs:
chosen, rendered with a table of the items, stored, handed to a mail server that takes no time;
and what of that is Odoo's own: the same texts, ready, stored and sent by ``mail.mail`` alone.
"""

import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from unittest.mock import patch

import odoo.addons
from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from bench.replay.sink import mail_sink
from bench.session import copy_database, drop_database, environment, say
from bench.timing import Row, computing, timed

MODULE = "account_credit_control"
PACKAGE = "odoo-addon-account-credit-control"
ADDONS = Path(gettempdir()) / "credit_collection_bench_oca"
TURNS = 2
SHARE = 3  # a mail of ours may take a third of theirs


def _download():
    """Where the module lies, fetched from PyPI when it is not there; None without a network."""
    addons = ADDONS / "odoo" / "addons"
    if not (addons / MODULE).is_dir():
        ADDONS.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--no-deps", "-qd", ADDONS, PACKAGE],
            capture_output=True,
        )
        wheels = sorted(ADDONS.glob("*.whl"))
        if done.returncode or not wheels:
            return None
        zipfile.ZipFile(wheels[-1]).extractall(ADDONS)
    return addons if (addons / MODULE).is_dir() else None


def _copy(name, addons):
    """A copy of a database with their module beside ours."""
    copy = f"{name}_oca"
    copy_database(name, copy)
    paths = ",".join(odoo.tools.config["addons_path"])
    done = subprocess.run(
        [
            *("odoo", "-d", copy, f"--addons-path={paths},{addons}"),
            *("-i", MODULE, "--stop-after-init", "--no-http"),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return None
    # Their new columns and tables, too, are known to PostgreSQL.
    subprocess.run(["psql", "-d", copy, "-qc", "VACUUM ANALYZE"], check=True, capture_output=True)
    return copy


def compare(name, number):
    """Rows on one mail of ours and one of theirs; none where their module cannot be had."""
    addons = _download()
    copy = addons and _copy(name, addons)
    if not copy:
        say("The OCA module cannot be had here: no comparison.")
        return []
    if str(addons) not in odoo.addons.__path__:
        odoo.addons.__path__.append(str(addons))
    try:
        with environment(copy) as env:
            rows = _compare(env(context={}), number)
            env.cr.rollback()
    finally:
        drop_database(copy)
    return rows


def _compare(env, number):
    clock = computing(env.cr)
    env.company.email = env.company.partner_id.email = "office@example.com"
    env.user.partner_id.email = "bot@example.com"
    env.flush_all()
    customers = _late(env, number * TURNS)
    ours, theirs, alone, texts = [], [], [], []
    queries = {"ours": 0, "theirs": 0, "alone": 0}

    def ready_texts(env, _files):
        return _odoo_alone(env, texts)

    turns = (("ours", _ours, ours), ("alone", ready_texts, alone), ("theirs", _theirs, theirs))
    with _undelivered(env) as mails:
        # The first mails of each fill the caches of both.
        for turn in range(TURNS + 1):
            some = customers[:10] if not turn else customers[(turn - 1) * number : turn * number]
            for who, write, times in turns:
                with env.cr.savepoint() as savepoint:
                    ready = write(env, some)
                    before, sent = env.cr.sql_log_count, len(mails)
                    seconds = timed(ready, clock)
                    written = len(mails) - sent
                    if turn and written:
                        times.append(seconds / written)
                        queries[who] += (env.cr.sql_log_count - before) / written / TURNS
                    if who == "ours":
                        texts[:] = _texts(env, some)
                    savepoint.rollback()
                env.invalidate_all(flush=False)
    if not ours or not theirs:
        raise RuntimeError("Nobody was written to.")
    mine, other = min(ours), min(theirs)
    return [
        Row(
            f"one follow-up mail of {number:,}, and OCA's {MODULE}",
            mine,
            other,
            "a third",
            other / SHARE,
        ),
        Row("statements for it", queries["ours"], queries["theirs"], unit=""),
        Row("the same text, ready, stored and sent by Odoo alone", min(alone), other),
        Row("statements for that", queries["alone"], queries["theirs"], unit=""),
    ]


@contextmanager
def _undelivered(env):
    """A mail server that takes no time, and one transaction that is taken back."""
    mails = []
    with (
        mail_sink(env.registry, mails.append),
        patch.object(env.registry["credit.followup"], "_commit", lambda *_args: 1),
        patch.object(env.registry["mail.mail"], "_commit", lambda *_args: None),
        patch.object(
            env.registry["mail.mail"], "_send_now", lambda mails: mails.send(auto_commit=True)
        ),
        patch.object(env.registry["mail.mail"], "send_after_commit", lambda _mails: None),
        patch.object(env.cr, "commit", env.cr.flush),
    ):
        yield mails


def _late(env, number):
    """Ordinary customers to whom something is late."""
    Followup, company = env["credit.followup"], env.company.root_id
    _book, steps = Followup._decide(company, company._credit_today())
    ids = [step.account_id for step in steps if len(step.lines) < 20][:number]
    return env["credit.account"].browse(ids)


def _ours(env, files):
    """Our run for some files, ready to be timed."""
    Followup, company = env["credit.followup"], env.company.root_id
    today = company._credit_today()
    company.credit_default_policy_id.followup_automatic = True
    env["credit.followup.level"].search([("company_id", "=", company.id)]).write(
        {"automatic": True, "attach_statement": False, "attach_invoices": False}
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE credit_account SET followup_planned_on = CASE WHEN id = ANY(%s) THEN NULL"
            " ELSE %s::date END",
            files.ids,
            today,
        )
    )
    env.invalidate_all()
    return lambda: (Followup._run_company(company, today), env.flush_all())


def _texts(env, files):
    """What was just sent to these customers: ``[(file id, partner ids, subject, body)]``."""
    sent = env["credit.followup"].search(
        [("account_id", "in", files.ids), ("mail_message_id", "!=", False)]
    )
    return [
        (
            message.account_id.id,
            message.partner_ids.ids,
            message.mail_message_id.subject,
            message.mail_message_id.body,
        )
        for message in sent
    ]


def _odoo_alone(env, texts):
    """Odoo's mails of ready texts, one recipient's notification each, ready to be timed."""
    values = [
        {
            "subject": subject,
            "body_html": body,
            "email_from": "office@example.com",
            "recipient_ids": [Command.set(partners)],
            "model": "credit.account",
            "res_id": file_id,
            "message_type": "comment",
            "is_notification": True,
            "auto_delete": True,
            "notification_ids": [
                Command.create(
                    {
                        "res_partner_id": partner,
                        "notification_type": "email",
                        "notification_status": "ready",
                    }
                )
                for partner in partners
            ],
        }
        for file_id, partners, subject, body in texts
    ]

    def send():
        mails = env["mail.mail"].create(values)
        env.flush_all()
        mails.send(auto_commit=True)
        env.flush_all()

    return send


def _theirs(env, files):
    """Their run for the same customers, ready to be timed."""
    account = (
        env["account.move.line"]
        .search([("account_id.account_type", "=", "asset_receivable")], limit=1)
        .account_id
    )
    template = env["mail.template"].search(
        [("model", "=", "credit.control.communication")], limit=1
    )
    # By itself it attaches a PDF, which ours does not here: like is compared with like.
    template.report_template_ids = [Command.clear()]
    level = {
        "name": "One",
        "level": 1,
        "computation_mode": "net_days",
        "delay_days": 1,
        "channel": "email",
        "email_template_id": template.id,
        "mail_show_invoice_detail": True,
        "custom_text": "Please pay.",
        "custom_mail_text": "<p>Kindly pay.</p>",
    }
    policy = env["credit.control.policy"].create(
        {
            "name": "Bench",
            "company_id": env.company.id,
            "account_ids": [Command.set(account.ids)],
            "level_ids": [Command.create(level)],
        }
    )
    files.partner_id.write({"credit_policy_id": policy.id})
    run = env["credit.control.run"].create(
        {"date": fields.Date.today(), "policy_ids": [Command.set(policy.ids)]}
    )
    env.flush_all()
    env.invalidate_all()

    def write():
        lines = run._generate_credit_lines()
        lines.filtered(lambda line: line.state == "draft").write({"state": "to_be_sent"})
        Communication = env["credit.control.communication"]
        Communication._generate_comm_from_credit_lines(lines)._generate_emails()
        env.flush_all()
        env["mail.mail"].search(
            [("model", "=", "credit.control.communication"), ("state", "=", "outgoing")]
        ).send(auto_commit=True)
        env.flush_all()

    return write


if __name__ == "__main__":
    for row in compare(sys.argv[1], int(sys.argv[2])):
        print(row.name, row.measured, row.against, row.ratio)
