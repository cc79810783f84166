"""Ten years of the product's own history, made by SQL: what a company has after that time.

Nothing of it touches what is owed; a page or method must cost the same with and without it.
"""

from odoo import fields
from odoo.tools import SQL

YEARS = 10
HOLDS = 50_000
FOLLOWUP_LINES = 300_000
LINES_PER_MESSAGE = 6
CONTACTS = 100_000
PROMISES = 30_000
SHEETS = 120
SNAPSHOTS = 1_000_000


def add_history(env, share=1.0):
    """Write it all, a share of it for smaller databases; takes statistics at the end."""
    company, user = env.company.root_id, env.ref("base.user_admin")
    rates = {
        "company": company.id,
        "currency": company.currency_id.id,
        "user": user.id,
        "today": fields.Date.today(),
        "days": YEARS * 365,
    }
    files = [row[0] for row in env.execute_query(SQL("SELECT id FROM credit_account ORDER BY id"))]
    rates["files"] = files
    rates["number"] = len(files)
    for make in (_holds, _messages, _contacts, _promises, _sheets, _snapshots):
        make(env, rates, share)
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    env.registry.clear_cache()  # which remembers what there never was


def _insert(env, query, rates, **more):
    env.cr.execute(SQL(query, **rates, **more))


# A file of its own for each number, scattered; a day of the last ten years.
FILE = "(%(files)s::int[])[1 + abs(hashint4(n * 7 + 3)) %% %(number)s]"
DAY = "(%(today)s::date - 40 - abs(hashint4(n * 13 + 5)) %% (%(days)s - 40))"


def _holds(env, rates, share):
    _insert(
        env,
        f"""
        INSERT INTO credit_hold (account_id, company_id, partner_id, name, state, checkpoint, kind,
                                 requested_amount, create_date, create_uid)
        SELECT file.id, file.company_id, file.partner_id, 'H/' || n, 'released', 'sale_order',
               'order', 100 + n %% 900, made.day, %(user)s
          FROM generate_series(1, %(rows)s) AS n
          JOIN LATERAL (SELECT {DAY} AS day) AS made ON TRUE
          JOIN credit_account file ON file.id = {FILE}
        """,
        rates,
        rows=int(HOLDS * share),
    )


def _messages(env, rates, share):
    level = env["credit.followup.level"].search([("company_id", "=", rates["company"])], limit=1)
    rows = int(FOLLOWUP_LINES * share) // LINES_PER_MESSAGE
    before = env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM credit_followup"))[0][0]
    _insert(
        env,
        f"""
        INSERT INTO credit_followup (account_id, partner_id, company_id, level_id, date, state,
                                     amount, user_id, create_date, create_uid)
        SELECT file.id, file.partner_id, file.company_id, %(level)s, made.day, 'sent', 500,
               %(user)s, made.day, %(user)s
          FROM generate_series(1, %(rows)s) AS n
          JOIN LATERAL (SELECT {DAY} AS day) AS made ON TRUE
          JOIN credit_account file ON file.id = {FILE}
        """,
        rates,
        rows=rows,
        level=level.id,
    )
    _insert(
        env,
        """
        INSERT INTO credit_followup_line (followup_id, account_id, company_id, state, date, name,
                                          date_due, days_overdue, amount, currency_id,
                                          amount_currency)
        SELECT message.id, message.account_id, message.company_id, 'sent', message.date,
               'INV/old/' || n, message.date - 10, 10, 80, %(currency)s, 80
          FROM credit_followup message CROSS JOIN generate_series(1, %(lines)s) AS n
         WHERE message.id > %(before)s
        """,
        rates,
        lines=LINES_PER_MESSAGE,
        before=before,
    )


def _contacts(env, rates, share):
    _insert(
        env,
        f"""
        INSERT INTO credit_contact (account_id, company_id, partner_id, user_id, kind, outcome,
                                    date, create_date, create_uid)
        SELECT file.id, file.company_id, file.partner_id, %(user)s, 'call',
               CASE WHEN n %% 3 = 0 THEN 'promise' ELSE 'no_answer' END, made.day, made.day,
               %(user)s
          FROM generate_series(1, %(rows)s) AS n
          JOIN LATERAL (SELECT {DAY} AS day) AS made ON TRUE
          JOIN credit_account file ON file.id = {FILE}
        """,
        rates,
        rows=int(CONTACTS * share),
    )


def _promises(env, rates, share):
    _insert(
        env,
        f"""
        INSERT INTO credit_promise (account_id, company_id, partner_id, name, state, made_on, date,
                                    amount, currency_id, create_date, create_uid)
        SELECT file.id, file.company_id, file.partner_id, 'P/' || n,
               CASE WHEN n %% 4 = 0 THEN 'broken' ELSE 'kept' END, made.day, made.day + 7,
               300, %(currency)s, made.day, %(user)s
          FROM generate_series(1, %(rows)s) AS n
          JOIN LATERAL (SELECT {DAY} AS day) AS made ON TRUE
          JOIN credit_account file ON file.id = {FILE}
        """,
        rates,
        rows=int(PROMISES * share),
    )
    _insert(
        env,
        """
        UPDATE credit_contact contact SET promise_id = promise.id
          FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM credit_promise) AS promise
          JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place
                  FROM credit_contact WHERE outcome = 'promise') AS told
            ON told.place = promise.place
         WHERE contact.id = told.id
        """,
        rates,
    )


def _sheets(env, rates, share):
    _insert(
        env,
        """
        INSERT INTO credit_kpi_sheet (company_id, state, date_from, date_to, create_date,
                                      create_uid)
        SELECT %(company)s, 'closed', month.day,
               (month.day + INTERVAL '1 month' - INTERVAL '1 day')::date, month.day, %(user)s
          FROM (SELECT (date_trunc('month', %(today)s::date)
                        - (n + 1) * INTERVAL '1 month')::date AS day
                  FROM generate_series(1, %(rows)s) AS n) AS month
        """,
        rates,
        rows=max(1, int(SHEETS * share)),
    )


def _snapshots(env, rates, share):
    """Of each Sunday and month end, as many customers as make up the number."""
    rows = int(SNAPSHOTS * share)
    dates = YEARS * 64
    _insert(
        env,
        """
        INSERT INTO credit_snapshot (date, company_id, account_id, partner_id, user_id, receivable,
                                     overdue, doubtful, weighted, create_date, create_uid)
        SELECT %(today)s::date - 6 - d * 6, %(company)s, file.id, file.partner_id, NULL,
               100 + d, 10, 0, 100, now(), %(user)s
          FROM generate_series(0, %(dates)s - 1) AS d
          JOIN (SELECT id, partner_id FROM credit_account
                 WHERE company_id = %(company)s ORDER BY id LIMIT %(each)s) AS file ON TRUE
        ON CONFLICT DO NOTHING
        """,
        rates,
        dates=dates,
        each=max(1, rows // dates),
    )
