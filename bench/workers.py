"""Several workers on one database at once: they confirm orders, plan and send follow-up.

    scripts/run python -m bench.workers bench_1m

As many processes as there would be Odoo workers, each with its own connection, on a copy of the
database.  Afterwards the copy is asked whether anything was lost or done twice.
"""

import multiprocessing
import random
import sys
import time
import traceback
from collections import Counter

import odoo
from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import SQL

from bench.replay.sink import mail_sink
from bench.session import copy_database, drop_database, environment
from bench.timing import Row

CONFIRMING = 3
FOLLOWING_UP = 3
CUSTOMERS = 40  # whose orders are confirmed, so few that workers meet
ORDERS = 240
WRITTEN_TO = 600  # customers whose messages are planned and sent
PRICE = 100.0


def together(name):
    """Rows on several workers at once on a copy of a database."""
    copy = f"{name}_workers"
    copy_database(name, copy)
    try:
        with environment(copy) as env:
            prepared = _prepare(env)
        odoo.sql_db.close_all()  # a connection belongs to one process
        seconds, told = _run(copy, prepared)
        with environment(copy) as env:
            return _rows(env, prepared, seconds, told)
    finally:
        drop_database(copy)


# ----------------------------------------------------------------------
# Before
# ----------------------------------------------------------------------


def _prepare(env):
    """Orders of a few customers whose limits are too small for all, and a day of follow-up."""
    company = env.company.root_id
    env.company.email = env.company.partner_id.email = "office@example.com"
    positions = env["credit.position"].search(
        [("exposure", ">", 0), ("overdue", "<=", 0), ("over_limit", "=", False)],
        limit=CUSTOMERS,
        order="partner_id",
    )
    files = positions.account_id
    files.policy_id = env["credit.policy"].create(
        {
            "name": "Bench: workers",
            "rule_ids": [Command.create({"name": "Limit", "kind": "limit"})],
        }
    )
    env["credit.limit"].create(
        [
            {
                "account_id": position.account_id.id,
                "amount": position.exposure + PRICE * 2.5,
                "state": "approved",
            }
            for position in positions
        ]
    )
    product = env["product.product"].create({"name": "Bench: workers", "type": "service"})
    line = {"product_id": product.id, "price_unit": PRICE, "tax_ids": [Command.clear()]}
    partners = files.partner_id
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partners[number % len(partners)].id,
                "order_line": [Command.create(line)],
            }
            for number in range(ORDERS)
        ]
    )
    today = company._credit_today()
    company.credit_default_policy_id.followup_automatic = True
    levels = env["credit.followup.level"].search([("company_id", "=", company.id)])
    levels.write({"automatic": True, "attach_statement": False, "attach_invoices": False})
    env.flush_all()
    _book, steps = env["credit.followup"]._decide(company, today)
    due = [step.account_id for step in steps if step.account_id not in set(files.ids)]
    due = due[:WRITTEN_TO]
    env.cr.execute(
        SQL(
            "UPDATE credit_account SET followup_planned_on = CASE WHEN id = ANY(%s) THEN NULL"
            " ELSE %s::date END",
            due,
            today,
        )
    )
    env.invalidate_all()
    return {"orders": orders.ids, "files": files.ids, "due": due}


# ----------------------------------------------------------------------
# Meanwhile
# ----------------------------------------------------------------------


def _run(name, prepared):
    """Let the workers go at once: seconds by the clock, and what each told."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(CONFIRMING + FOLLOWING_UP + 1)
    told = context.Queue()
    jobs = [(_confirm, prepared["orders"])] * CONFIRMING + [(_follow_up, None)] * FOLLOWING_UP
    workers = [
        context.Process(target=_work, args=(job, name, argument, number, barrier, told))
        for number, (job, argument) in enumerate(jobs)
    ]
    for worker in workers:
        worker.start()
    barrier.wait()
    start = time.perf_counter()
    answers = [told.get(timeout=900) for _worker in workers]
    for worker in workers:
        worker.join()
    return time.perf_counter() - start, answers


def _work(job, name, argument, number, barrier, told):
    """One worker: what it did, or why it broke off."""
    done = {"confirmed": [], "mails": [], "retries": 0, "error": ""}
    try:
        with Registry(name).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["sale.order"].search([], limit=1).read(["name"])
            cr.commit()
            barrier.wait()
            job(env, argument, random.Random(number), done)
            cr.commit()
    except BaseException as error:
        traceback.print_exc()
        done["error"] = f"{type(error).__name__}: {error}"
    told.put(done)


def _confirm(env, orders, chance, done):
    """Confirm all orders in an order of one's own, as the web layer does: with new tries."""
    for order_id in chance.sample(orders, len(orders)):
        tries = []

        def attempt(order_id=order_id, tries=tries):
            tries.append(order_id)
            order = env["sale.order"].browse(order_id)
            if order.state == "draft" and not order.credit_hold_ids:
                order.action_confirm()
                env.flush_all()
                return order.state == "sale"
            return False

        if retrying(attempt, env):
            done["confirmed"].append(order_id)
        env.cr.commit()
        env.invalidate_all()
        done["retries"] += len(tries) - 1


def _follow_up(env, _argument, _chance, done):
    """The scheduled action, whose mails end in this process."""
    with mail_sink(
        env.registry, lambda mail: done["mails"].append((mail.to, mail.subject, mail.rows))
    ):
        env["credit.followup"]._cron_follow_up()


# ----------------------------------------------------------------------
# Afterwards
# ----------------------------------------------------------------------


def _rows(env, prepared, seconds, told):
    """What was done, and what must be nothing."""
    errors = [each["error"] for each in told if each["error"]]
    if errors:
        raise RuntimeError("; ".join(errors))
    orders = env["sale.order"].browse(prepared["orders"])
    confirmed = Counter(order for each in told for order in each["confirmed"])
    neither = orders.filtered(lambda o: o.state != "sale" and not o.credit_hold_ids)
    over = env["credit.position"].search_count(
        [("account_id", "in", prepared["files"]), ("over_limit", "=", True)]
    )
    company = env.company.root_id
    domain = [
        ("company_id", "=", company.id),
        ("date", "=", company._credit_today()),
        ("account_id", "in", prepared["due"]),
    ]
    messages = env["credit.followup"].search(domain)
    per_file = Counter(messages.account_id.ids and [m.account_id.id for m in messages])
    mails = Counter((row[0], mail[1]) for each in told for mail in each["mails"] for row in mail[2])
    sent = messages.filtered(lambda m: m.state == "sent")
    number = sum(len(each["mails"]) for each in told)
    addressed = sum(len(m.partner_ids) for m in sent)

    def none(what, found):
        return Row(what, found, budget="0", most=0, unit="")

    return [
        Row(
            f"{CONFIRMING} workers confirming and {FOLLOWING_UP} planning and sending at once",
            seconds,
            unit="s",
        ),
        Row("orders confirmed", len(confirmed), unit=""),
        Row("orders held", len(orders.filtered(lambda o: o.state != "sale")), unit=""),
        Row("tried again after somebody was faster", sum(e["retries"] for e in told), unit=""),
        Row("follow-up messages sent", len(sent), unit=""),
        none("orders neither confirmed nor held", len(neither)),
        none("orders confirmed twice", sum(1 for n in confirmed.values() if n > 1)),
        none("customers over their limit afterwards", over),
        none("customers with two messages", sum(1 for n in per_file.values() if n > 1)),
        none("customers without a message", len(set(prepared["due"]) - set(per_file))),
        none("messages not sent", len(messages - sent)),
        none("mails lost or sent twice", abs(number - addressed)),
        none("items asked for twice", sum(1 for n in mails.values() if n > 1)),
    ]


if __name__ == "__main__":
    for row in together(sys.argv[1]):
        print(row.name, round(row.measured, 1), row.budget)
