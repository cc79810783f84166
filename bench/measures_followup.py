"""Follow-up: planning for everybody, storing the messages, a run that renders its mails."""

import time
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

from bench import plain_figures
from bench.replay.sink import mail_sink
from bench.timing import Row, computing, medians, memory, timed

WRITTEN_TO = 1_000  # customers of the run that renders mails; at most a tenth of all
STORED = 2_000  # messages at most


def planning(env):
    """Everybody's open items read and decided on, next to fetching the items alone."""
    Followup, company = env["credit.followup"], env.company.root_id
    today = fields.Date.context_today(Followup)

    def plan():
        env.invalidate_all()
        return Followup._decide(company, today)

    with memory() as peak:
        book, steps = plan()
        megabytes = peak()
    ids = list(book.files)
    seconds, sql = medians(
        plan,
        lambda: [env.execute_query(each) for each in plain_figures.plan(env)],
        repeat=7,
        clock=computing(env.cr),
    )
    few, many = (_queries(env, company, today, ids[:size]) for size in (100, 1_000))
    return [
        Row("follow-up planned for all customers", seconds, sql, "2.5 x SQL", 2.5 * sql),
        Row(
            f"queries to plan for {len(ids[:1_000]):,} customers and for 100",
            many,
            few,
            "as many",
            few,
            unit="",
        ),
        Row("memory to plan for all customers", megabytes, unit="MB"),
        *_storing(env, company, book, steps[:STORED], today),
    ]


def _queries(env, company, today, ids):
    # With a time zone, or the user's is read again whenever an environment was forgotten.
    Followup = env["credit.followup"].with_context(tz="UTC")
    files = env["credit.account"].browse(ids)
    Followup._decide(company, today, files)
    env.invalidate_all()
    before = env.cr.sql_log_count
    Followup._decide(company, today, files)
    return env.cr.sql_log_count - before


def _storing(env, company, book, steps, today):
    """What a thousand planned messages take to be written, with their lines."""
    from odoo.addons.credit_collection.models.followup.credit_followup_plan import BATCH

    Followup = env["credit.followup"]

    def store(some):
        for start in range(0, len(some), BATCH):
            Followup._create_planned(company, book, some[start : start + BATCH], today)
        env.flush_all()

    store(steps[:10])
    with memory() as peak:
        seconds = timed(lambda: store(steps[10:]), computing(env.cr)) / (len(steps) - 10) * 1_000
        megabytes = peak()
    return [
        Row("storing 1,000 planned messages", seconds, budget="a second", most=1.0),
        Row(f"memory to store {len(steps):,} messages", megabytes, unit="MB"),
    ]


def mailing(env):
    """The daily run for some customers, every mail rendered; the sink takes no time."""
    Followup, company = env["credit.followup"], env.company.root_id
    today = fields.Date.context_today(Followup)
    _let_through(env, company, today)
    mails = []
    with (
        mail_sink(env.registry, mails.append),
        # One transaction, which is taken back.
        patch.object(env.registry["credit.followup"], "_commit", lambda *_args: 1),
        patch.object(env.registry["mail.mail"], "_send_now", lambda mails: mails.send()),
        memory() as peak,
    ):
        start = time.perf_counter()
        Followup._run_company(company, today)
        seconds = time.perf_counter() - start
        megabytes = peak()
    if not mails:
        raise RuntimeError("Nobody was written to: make the databases anew.")
    return [
        Row(f"a run that wrote {len(mails):,} mails", seconds, unit="s"),
        Row("the same for one customer", seconds / len(mails)),
        Row("memory of that run", megabytes, unit="MB"),
    ]


def _let_through(env, company, today):
    """Every message of some customers goes out without approval; the others are done."""
    company.credit_default_policy_id.followup_automatic = True
    levels = env["credit.followup.level"].search([("company_id", "=", company.id)])
    levels.write({"automatic": True, "attach_statement": False, "attach_invoices": False})
    company.email = "office@example.com"
    env.flush_all()
    _book, steps = env["credit.followup"]._decide(company, today)
    env.cr.execute(
        SQL(
            "UPDATE credit_account SET followup_planned_on = %s WHERE id != ALL(%s)",
            today,
            [step.account_id for step in steps[: min(WRITTEN_TO, len(steps) // 10)]],
        )
    )
    env.invalidate_all()


MEASURES = (planning, mailing)
GROWTH = ("follow-up planned for all customers",)
