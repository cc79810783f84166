"""Pages and methods with ten years of our own history behind them, next to the same without it."""

from statistics import median

from odoo import fields

from bench.history import add_history
from bench.timing import Row, computing, timed

BUDGET = 1.5
LEAST = 0.010  # seconds: below them a ratio says nothing
REPEATED = 2.0  # seconds: what takes longer is measured once
FULL_FILES = 19_000  # customers of the database that carries the whole history


def _subjects(env):
    """What is measured: ``{name: function}``."""
    company = env.company.root_id
    today = fields.Date.context_today(env["credit.account"])
    user_env = env(user=env.ref("base.user_admin"), su=False)
    Followup = env["credit.followup"]
    files = env["credit.account"].search([("company_id", "=", company.id)], limit=80)
    order = "exposure desc, id"

    def read(model, domain, names, order=None):
        user_env[model].search_fetch(domain, names, limit=80, order=order)

    return {
        "list of customers": lambda: read("credit.position", [], ["exposure", "overdue"], order),
        "customers to chase": lambda: read("credit.worklist", [], ["partner_id"]),
        "queue of holds": lambda: read(
            "credit.hold", [("state", "=", "held")], ["name", "requested_amount"]
        ),
        "all holds, first page": lambda: read("credit.hold", [], ["name", "state"]),
        "messages to approve": lambda: read(
            "credit.followup", [("state", "in", ("draft", "queued"))], ["partner_id", "amount"]
        ),
        "all messages, first page": lambda: read("credit.followup", [], ["partner_id", "state"]),
        "promises, first page": lambda: read("credit.promise", [], ["partner_id", "state"]),
        "contacts, first page": lambda: read("credit.contact", [], ["partner_id", "outcome"]),
        "trends of a year": lambda: user_env["credit.snapshot"]._read_group(
            [("date", ">=", fields.Date.subtract(today, years=1))],
            ["date:month"],
            ["receivable:sum"],
        ),
        "dashboard": lambda: user_env["credit.dashboard"].get_data(),
        "a page of positions": files._position,
        "follow-up planned": lambda: Followup._decide(company, today),
        "aging": lambda: env["credit.aging"]._read_group(
            [("company_id", "=", company.id)], ["partner_id"], ["amount:sum"]
        ),
        "effect of contacts": lambda: env["credit.contact.effect"]._read_group(
            [("date", ">=", fields.Date.subtract(today, days=90))], [], ["__count"]
        ),
    }


def _seconds(env, function, clock):
    def once():
        env.invalidate_all()
        return timed(function, clock)

    first = once()
    return first if first > REPEATED else median(once() for _turn in range(5))


def history(env):
    """Each subject without the history and with it; all is taken back."""
    clock, rows = computing(env.cr), []
    files = env["credit.account"].search_count([])
    with env.cr.savepoint() as savepoint:
        subjects = _subjects(env)
        empty = {name: _seconds(env, function, clock) for name, function in subjects.items()}
        add_history(env, share=min(1.0, files / FULL_FILES))
        full = {name: _seconds(env, function, clock) for name, function in subjects.items()}
        savepoint.rollback()
    env.invalidate_all(flush=False)
    env.registry.clear_cache()
    for name, seconds in full.items():
        base = max(empty[name], LEAST)
        rows.append(Row(f"after ten years: {name}", seconds, base, "1.5 x", BUDGET * base))
    return rows


MEASURES = (history,)
