"""What is measured: each function returns rows for the table of ``bench/run.py``."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from unittest.mock import patch

from odoo.addons.account.models.account_move import AccountMove
from odoo.fields import Command

from bench import plain_sql
from bench.timing import Row, computing, medians, timed

PAGE = 80


# ----------------------------------------------------------------------
# Lists
# ----------------------------------------------------------------------


def lists(env):
    """A page of 80 files, the list sorted by exposure, the list of those over their limit."""
    files = env["credit.account"].search([], limit=PAGE, order="partner_id desc")
    Position = env["credit.position"]
    shown = ["partner_id", "exposure", "credit_limit", "available", "overdue", "oldest_due_date"]

    def fetch(domain):
        env.invalidate_all()
        Position.search_fetch(domain, shown, limit=PAGE, order="exposure desc, id")

    def page():
        env.invalidate_all()
        files._position()

    clock = computing(env.cr)
    page_time, page_sql = medians(
        page,
        lambda: env.execute_query(plain_sql.exposure(env, files.partner_id.ids)),
        clock=clock,
    )
    sorted_time, sorted_sql = medians(
        lambda: fetch([]),
        lambda: env.execute_query(plain_sql.listed(env)),
        repeat=7,
        clock=clock,
    )
    over_time, over_sql = medians(
        lambda: fetch([("over_limit", "=", True)]),
        lambda: env.execute_query(plain_sql.listed(env, over_limit=True)),
        repeat=7,
        clock=clock,
    )
    return [
        Row(f"page of {PAGE} positions", page_time, page_sql, "2.5 x SQL", 2.5 * page_sql),
        Row("all files by exposure", sorted_time, sorted_sql, "2 x SQL", 2 * sorted_sql),
        Row("all files over their limit", over_time, over_sql, "2 x SQL", 2 * over_sql),
    ]


# ----------------------------------------------------------------------
# Confirmation
# ----------------------------------------------------------------------


def confirmation(env):
    """Confirming an order of three lines, with the check and with the check taken out."""
    env.company.credit_default_policy_id.write({"default_unlimited": True})
    products, clock = _products(env), computing(env.cr)
    customers, big = _customers(env, 24), _biggest(env)
    ordering = _customers(env, 24, ("ordered", ">", 0))
    rows = []
    for name in ("service", "goods"):
        runs = _confirm(env, customers, products[name], clock)
        rows += _confirmation_rows(f"3 lines of {name}", runs) + _check_rows(name, runs)
    for name, group in (("customers with open orders", ordering), ("largest customer", [big] * 24)):
        rows += _check_rows(name, _confirm(env, group, products["service"], clock))
    return rows


def _confirmation_rows(name, runs):
    plain = runs["without"].queries
    return [
        Row(f"confirm {name}", runs["with"].seconds, runs["without"].seconds),
        Row(
            f"queries to confirm {name}", runs["with"].queries, plain, "4 more", plain + 4, unit=""
        ),
    ]


def _check_rows(name, runs):
    """The check next to the simplest SQL for the same customer, and to Odoo's own warning."""
    check, simplest, own = runs["with"].check, runs["simplest"], runs["own"]
    return [
        Row(f"the check alone and the SQL, {name}", check, simplest, "2.5 x", 2.5 * simplest),
        Row(f"the check alone and Odoo's own warning, {name}", check, own, "1 x", own),
    ]


@dataclass
class Confirmed:
    seconds: float
    queries: float
    check: float


def _confirm(env, customers, product, clock):
    """Medians by turns of confirming with and without the check, of the simplest SQL, and of
    Odoo's own warning."""
    runs = {"with": [], "without": [], "simplest": [], "own": []}
    for customer in [customers[0], *customers]:
        runs["with"].append(_once(env, customer, product, _watched, clock))
        runs["simplest"].append(_simplest(env, customer, clock))
        runs["without"].append(_once(env, customer, product, _bypassed, clock))
        runs["own"].append(_own_warning(env, customer, product, clock))
    runs = {name: values[1:] for name, values in runs.items()}  # the first one filled the caches
    confirmed = {
        name: Confirmed(*(median(values) for values in zip(*runs[name], strict=True)))
        for name in ("with", "without")
    }
    return confirmed | {name: median(runs[name]) for name in ("simplest", "own")}


def _simplest(env, customer, clock):
    query = plain_sql.exposure(env, customer.ids)
    return timed(lambda: env.execute_query(query), clock)


def _once(env, customer, product, guard, clock):
    """Make, confirm and take back one order: seconds, queries, seconds computed in the check."""
    order = _order(env, customer, product)
    spent = []
    queries = env.cr.sql_log_count
    with guard(env, spent, clock):
        start = time.perf_counter()
        order.action_confirm()
        env.flush_all()
        seconds = time.perf_counter() - start
    queries = env.cr.sql_log_count - queries
    if order.state != "sale":
        raise RuntimeError(f"{customer.name} is held: choose customers who pass")
    env.cr.rollback()
    return seconds, queries, sum(spent)


def _order(env, customer, product):
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                Command.create({"product_id": product.id, "price_unit": 0.01}) for _line in "123"
            ],
        }
    )
    env.flush_all()
    env.invalidate_all()
    # What the order's page has read, and Odoo reads of the order, its lines and the company to
    # confirm it without the module: it is counted with neither.
    order.read(["name", "state", "amount_total", "payment_term_id", "require_payment"])
    order.order_line.mapped("display_type")
    order.company_id.read(["name", "currency_id"])
    order.company_id.mapped("parent_path")
    order.partner_id.read(["name", "commercial_partner_id"])
    return order


@contextmanager
def _watched(env, spent, clock):
    """Add up what the module's own methods compute."""
    Order = type(env["sale.order"])
    patches = []
    for name in ("_credit_judge", "_credit_apply", "_credit_enforce"):
        original = getattr(Order, name)

        def measured(self, *args, original=original):
            if spent and spent[-1] is None:
                return original(self, *args)
            spent.append(None)
            start = clock()
            try:
                return original(self, *args)
            finally:
                spent[-1] = clock() - start

        patches.append(patch.object(Order, name, measured))
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


@contextmanager
def _bypassed(env, _spent, _clock):
    """The same database and code without the check: in this process only."""
    Order = type(env["sale.order"])
    with (
        patch.object(Order, "_credit_judge", lambda self: []),
        patch.object(Order, "_credit_enforce", lambda self: None),
    ):
        yield


def _own_warning(env, customer, product, clock):
    """Seconds that Odoo's own credit warning computes on the same order."""
    env.company.account_use_credit_limit = True
    order = _order(env, customer, product)
    seconds = timed(
        lambda: AccountMove._build_credit_warning_message(
            env["account.move"], order, current_amount=order.amount_total
        ),
        clock,
    )
    env.cr.rollback()
    return seconds


def _customers(env, number, *conditions):
    """Ordinary customers who owe something, and whose orders pass."""
    passing = [("exposure", ">", 0), ("over_limit", "=", False), ("max_days_overdue", "<=", 25)]
    return (
        env["credit.position"]
        .search(
            [*passing, *conditions],
            limit=number,
            order="partner_id desc",
        )
        .partner_id
    )


def _biggest(env):
    """Of those whose orders pass, the customer who owes most, in hundreds of items."""
    position = env["credit.position"].search(
        [("over_limit", "=", False)], limit=1, order="exposure desc"
    )
    position.account_id.policy_id = _lenient(env)
    env.cr.commit()
    return position.partner_id


def _lenient(env):
    """A policy with the rule on the limit alone, unlimited: whoever uses it passes."""
    Policy = env["credit.policy"]
    return Policy.search([("name", "=", "Bench")]) or Policy.create(
        {
            "name": "Bench",
            "rule_ids": [Command.create({"name": "Limit", "kind": "limit"})],
        }
    )


def _products(env):
    made = {}
    for name, values in {
        "service": {"type": "service", "invoice_policy": "order"},
        "goods": {"type": "consu", "invoice_policy": "delivery"},
    }.items():
        Product = env["product.product"]
        domain = [("name", "=", f"Bench {name}")]
        made[name] = Product.search(domain) or Product.create({"name": f"Bench {name}", **values})
    env.cr.commit()
    return made
