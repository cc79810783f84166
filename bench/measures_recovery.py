"""A month's close: limitation, allowance, write-offs, confirmations of many customers."""

from contextlib import contextmanager

from odoo import fields

from bench import plain_rooms
from bench.timing import Row, computing, memory, timed

CUSTOMERS = 2_000
WRITE_OFFS = 50


@contextmanager
def undone(env):
    """What is made here is taken back."""
    with env.cr.savepoint() as savepoint:
        yield env
        savepoint.rollback()
    env.invalidate_all(flush=False)


def limitation(env):
    """The clocks of all open items, made and worked out again."""
    company, Limitation = env.company.root_id, env["credit.limitation"].sudo()
    with undone(env):
        company.credit_limitation_law_id = env.ref("credit_collection.credit_limitation_law_fr")
        with memory() as peak:
            first = timed(lambda: Limitation._refresh_company(company))
            megabytes = peak()
        env.invalidate_all()
        again = timed(lambda: Limitation._refresh_company(company))
        number = Limitation.search_count([("company_id", "=", company.id)])
    return [
        Row(f"limitation of {number:,} open items, the first time", first, unit="s"),
        Row("memory for it", megabytes, unit="MB"),
        Row("limitation of them by night, nothing new", again, unit="s"),
    ]


def allowance(env):
    """The allowance of all open items as of the last month end."""
    with undone(env):
        paper = env["credit.allowance"].sudo().create({"company_id": env.company.root_id.id})
        with memory() as peak:
            seconds = timed(paper.action_compute, computing(env.cr))
            megabytes = peak()
        number = paper.line_count
        query = plain_rooms.allowance(env, paper.copy())
        sql = timed(lambda: env.cr.execute(query), computing(env.cr))
    return [
        Row("allowance of all items, stored", seconds, sql, "3 x SQL", 3 * sql),
        Row(f"memory for it, {number:,} items", megabytes, unit="MB"),
    ]


def write_offs(env):
    """Write-offs of the oldest items, one each, decided and booked."""
    company = env.company.root_id
    with undone(env):
        _choose_accounts(env, company)
        items = (
            env["credit.open.item"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", "receivable"),
                    ("amount", ">", 0),
                    ("account_id", "!=", False),
                ],
                order="date_due",
                limit=WRITE_OFFS,
            )
        )
        reason = env.ref("credit_collection.credit_write_off_reason_trifle")
        made = (
            env["credit.write.off"]
            .sudo()
            .create(
                [
                    {
                        "account_id": item.account_id.id,
                        "reason_id": reason.id,
                        "line_ids": [fields.Command.create({"move_line_id": item.move_line_id.id})],
                    }
                    for item in items
                ]
            )
        )
        made._move("ask")
        made._move("approve")
        with memory() as peak:
            seconds = timed(lambda: [each._post_entry() for each in made])
            megabytes = peak()
    return [
        Row("booking a write-off", seconds / max(len(made), 1)),
        Row(f"memory for {len(made)} of them", megabytes, unit="MB"),
    ]


def _choose_accounts(env, company):
    Account = env["account.account"].sudo()
    allowance, loss = Account.create(
        [
            {"name": name, "code": code, "account_type": kind}
            for name, code, kind in (
                ("Allowance", "bench1", "asset_current"),
                ("Losses", "bench2", "expense"),
            )
        ]
    )
    company.write({"credit_allowance_account_id": allowance.id, "credit_loss_account_id": loss.id})


def confirmations(env):
    """Confirmations of a quarter for many customers: made, not printed."""
    company = env.company.root_id
    today = fields.Date.start_of(company._credit_today(), "quarter")
    last = fields.Date.subtract(today, days=1)
    first = fields.Date.start_of(last, "quarter")
    files = env["credit.account"].sudo().search([("company_id", "=", company.id)], limit=CUSTOMERS)
    with undone(env):
        with memory() as peak:
            made = []
            seconds = timed(
                lambda: made.append(
                    env["credit.balance.confirmation"]._generate(company, first, last, files)
                ),
                computing(env.cr),
            )
            megabytes = peak()
        number = len(made[0])
    with undone(env):
        query = plain_rooms.confirmations(env, first, last, files.partner_id.ids)
        sql = timed(lambda: env.cr.execute(query), computing(env.cr))
    return [
        Row(f"balance confirmations of {CUSTOMERS:,} customers", seconds, sql, "3 x SQL", 3 * sql),
        Row(f"memory for them, {number:,} made", megabytes, unit="MB"),
    ]


MEASURES = (limitation, allowance, write_offs, confirmations)
GROWTH = ("allowance of all items, stored",)
