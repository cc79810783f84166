"""The rooms built last: rating, limits, signals, behaviour, forecast, interest, customer's page."""

import time
from datetime import timedelta

from bench import plain_rooms
from bench.measures_recovery import undone
from bench.timing import ENOUGH, Row, computing, medians, memory, timed

RATED = 500  # ratings stored
INTEREST = 12.0  # percent a year
PER_FILE = 0.010  # seconds that storing one rating may take


def _run(env, *statements):
    for statement in statements:
        env.execute_query(statement)


def _memory(env, function):
    env.invalidate_all()
    with memory() as peak:
        function()
        return peak()


def _read(env, name, function, statements, repeat=5):
    """A row of reading for everybody, next to its SQL, and the memory it takes."""

    def fresh():
        env.invalidate_all()
        function()

    start = time.perf_counter()
    megabytes = _memory(env, function)
    if time.perf_counter() - start < ENOUGH:  # the first one filled the caches of the process
        megabytes = _memory(env, function)
    clock = computing(env.cr)
    seconds, sql = medians(fresh, lambda: _run(env, *statements), repeat=repeat, clock=clock)
    return [
        Row(name, seconds, sql, "3 x SQL", 3 * sql),
        Row(f"memory: {name}", megabytes, unit="MB"),
    ]


def _context(env):
    company = env.company.root_id
    today = company._credit_today()
    files = env["credit.account"].sudo().search([("company_id", "=", company.id)])
    return company, today, files


def rating(env):
    """What the ledger says of everybody for the scorecards, and ratings worked out and stored."""
    company, today, files = _context(env)
    since = today - timedelta(365)
    cards = env["credit.scorecard"].sudo().search([("company_id", "in", (company.id, False))])
    figures = cards.criterion_ids.filtered(lambda each: each.source == "ledger").mapped("figure")
    rows = _read(
        env,
        "figures of all customers for rating",
        lambda: env["credit.figure.reading"].sudo()._read_figures(company, today, files, figures),
        plain_rooms.rating(env, since, today - timedelta(730)),
    )
    with undone(env):
        clock = computing(env.cr)
        some = files[:RATED]
        with memory() as peak:
            seconds = timed(lambda: (some._rate_again("review"), env.flush_all()), clock)
            megabytes = peak()
        made = env["credit.rating"].sudo().search_count([("account_id", "in", some.ids)])
    return [
        *rows,
        Row(
            "rating a customer, stored",
            seconds / max(made, 1),
            budget="10 ms",
            most=PER_FILE,
        ),
        Row(f"memory to rate {made:,} customers", megabytes, unit="MB"),
    ]


def limits(env):
    """Limits proposed for everybody."""
    company, today, files = _context(env)
    since = today - timedelta(365)
    if not env["credit.limit.method"].sudo().search_count([("company_id", "=", company.id)]):
        return []
    return _read(
        env,
        "limits proposed for all customers",
        lambda: env["credit.limit.method"].sudo()._propose(files),
        plain_rooms.limits(env, since, today - timedelta(730)),
        repeat=3,
    )


def signals(env):
    """All signals over everybody, measured."""
    company, today, _files = _context(env)
    Measure = env["credit.signal.measure"].sudo()
    kinds = (
        env["credit.signal.kind"]
        .sudo()
        .search([("code", "!=", False), ("company_id", "in", (company.id, False))])
    )

    def measure():
        for kind in kinds:
            Measure._fired(kind, company, today)

    return _read(
        env, "signals of all customers", measure, plain_rooms.signals(env, today), repeat=3
    )


def behaviour(env):
    """How everybody pays."""
    company, today, files = _context(env)
    Behaviour = env["credit.behaviour"].sudo()
    return _read(
        env,
        "behaviour of all customers",
        lambda: Behaviour._expectations(files, company, today),
        [plain_rooms.behaviour(env, today - timedelta(455))],
        repeat=3,
    )


def forecast(env):
    """The cash forecast of thirteen weeks."""
    company, today, _files = _context(env)
    Forecast = env["credit.forecast"].sudo()

    def weeks():
        env.registry.clear_cache()
        Forecast._weeks(company, today)

    return _read(
        env,
        "cash forecast",
        weeks,
        plain_rooms.forecast(env, today - timedelta(365)),
        repeat=3,
    )


def interest(env):
    """Interest of everybody that nobody has charged yet."""
    company, today, files = _context(env)
    with undone(env):
        company.credit_interest_rule_id = (
            env["credit.interest.rule"]
            .sudo()
            .create(
                {
                    "name": "Bench",
                    "kind": "yearly",
                    "rate": INTEREST,
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                }
            )
        )
        env.flush_all()
        return _read(
            env,
            "interest of all customers",
            lambda: env["credit.interest.line"].sudo()._uncharged(files, today),
            [plain_rooms.interest(env, INTEREST)],
            repeat=3,
        )


def page(env):
    """What an ordinary customer and the largest one see of their account."""
    rows = []
    Position = env["credit.position"].sudo()
    for name, order in (("largest customer", "exposure desc"), ("ordinary customer", "id desc")):
        found = Position.search([("receivable", ">", 0)], limit=1, order=order)
        files, partner = found.account_id, found.partner_id

        def sections(files=files):
            env.invalidate_all()
            files._portal_sections()

        clock = computing(env.cr)
        seconds, sql = medians(
            sections,
            lambda partner=partner: _run(env, *plain_rooms.page(env, partner)),
            repeat=7,
            clock=clock,
        )
        before = env.cr.sql_log_count
        sections()
        rows += [
            Row(f"customer's own page, {name}", seconds, sql, "3 x SQL", 3 * sql),
            Row(f"queries of it, {name}", env.cr.sql_log_count - before, unit=""),
        ]
    return rows


MEASURES = (rating, limits, signals, behaviour, forecast, interest, page)
GROWTH = (
    "figures of all customers for rating",
    "limits proposed for all customers",
    "signals of all customers",
    "behaviour of all customers",
    "cash forecast",
    "interest of all customers",
)
