"""Aging, key figures, dashboard and workbook, of today and of a past day."""

from datetime import timedelta
from io import BytesIO

import xlsxwriter
from odoo import fields

from bench import plain_figures
from bench.timing import Row, computing, medians, memory, timed

PAST_DAYS = 90
USER = "base.user_admin"


def _run(env, *statements):
    for statement in statements:
        env.execute_query(statement)


def aging(env):
    """What each customer owes by age."""
    company, Aging = env.company.root_id, env["credit.aging"]
    past = fields.Date.context_today(Aging) - timedelta(days=PAST_DAYS)

    def grouped(day=None):
        env.invalidate_all()
        Aging.with_context(as_of=day)._read_group(
            [("company_id", "=", company.id)], ["partner_id", "bucket_id"], ["amount:sum"]
        )

    rows = []
    for name, day in (("aging of all", None), (f"aging of all {PAST_DAYS} days ago", past)):
        seconds, sql = medians(
            lambda day=day: grouped(day),
            lambda day=day: _run(env, plain_figures.aging(env, day)),
            repeat=7,
            clock=computing(env.cr),
        )
        rows.append(Row(name, seconds, sql, "2 x SQL", 2 * sql))
    return rows


def figures(env):
    """The figures of all salespeople for the month that runs and for one three months ago."""
    company, Kpi = env.company.root_id, env["credit.kpi"]
    today = fields.Date.context_today(Kpi)
    end = (today - timedelta(days=PAST_DAYS)).replace(day=1) - timedelta(days=1)

    def measured(date_from, date_to):
        env.invalidate_all()
        for inputs in Kpi._inputs(company, date_from, date_to, "user_id").values():
            Kpi._measure(inputs, date_from, date_to)

    rows = []
    for name, date_to, day in (
        ("figures of all salespeople", today, None),
        ("figures of all salespeople for a past month", end, end),
    ):
        date_from = date_to.replace(day=1)
        plain = plain_figures.figures(env, date_from, date_to, day)
        seconds, sql = medians(
            lambda period=(date_from, date_to): measured(*period),
            lambda plain=plain: _run(env, *plain),
            repeat=7,
            clock=computing(env.cr),
        )
        rows.append(Row(name, seconds, sql, "2 x SQL", 2 * sql))
    return rows


def dashboard(env):
    """The dashboard's one call, on a connection that cannot write."""
    with env.registry.cursor() as cr:
        cr.execute("SET TRANSACTION READ ONLY")
        env = env(cr=cr, user=env.ref(USER), su=False)
        Dashboard, company = env["credit.dashboard"], env.company.root_id

        def load():
            env.invalidate_all()
            Dashboard.get_data()

        seconds, sql = medians(
            load,
            lambda: _run(env, *plain_figures.dashboard(env, company)),
            repeat=7,
            clock=computing(cr),
        )
        before = cr.sql_log_count
        load()
        queries = cr.sql_log_count - before
        customers = env["credit.account"].sudo().search_count([])
    return [
        Row("dashboard in one read-only call", seconds, sql, "1.5 x SQL", 1.5 * sql),
        Row(f"queries of it, {customers:,} customers", queries, unit=""),
    ]


def workbook(env):
    """The aging as a workbook, next to writing as many cells and nothing else."""
    Workbook = env["credit.aging.xlsx"]
    today = fields.Date.context_today(Workbook)
    number = env["credit.aging"].search_count([("company_id", "=", env.company.root_id.id)])
    with memory() as peak:
        clock = computing(env.cr)
        seconds = timed(lambda: Workbook._build(env.company.root_id, today), clock)
        megabytes = peak()
    bare = timed(lambda: _bare_workbook(number), clock)
    return [
        Row("XLSX of all open items, with six sheets of sums", seconds, bare, "2 x", 2 * bare),
        Row(f"memory for it, {number:,} items", megabytes, unit="MB"),
    ]


def _bare_workbook(rows):
    """A sheet of as many rows of eleven columns."""
    book = xlsxwriter.Workbook(BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(rows):
        for column in range(5):
            sheet.write_string(row, column, "Customer 12345")
        for column in range(5, 11):
            sheet.write_number(row, column, 1234.56)
    book.close()


MEASURES = (aging, figures, dashboard, workbook)
GROWTH = (
    "aging of all",
    f"aging of all {PAST_DAYS} days ago",
    "figures of all salespeople",
    "figures of all salespeople for a past month",
    "dashboard in one read-only call",
    "XLSX of all open items, with six sheets of sums",
)
