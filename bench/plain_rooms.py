"""The plain SQL that rating, signals, forecast, interest, allowance, confirmations and the
customer's page are measured against: what a consultant would type by hand for the same inputs."""

from odoo.tools import SQL

from bench.plain_figures import owed
from bench.plain_sql import accounts

SETTLED = SQL(
    """
    SELECT p.commercial_partner_id AS customer, c.date AS paid, o.date_maturity AS due, r.amount,
           c.date - o.date_maturity AS late
      FROM account_partial_reconcile r
      JOIN account_move_line c ON c.id = r.credit_move_id
      JOIN account_move_line o ON o.id = r.debit_move_id
      JOIN account_journal j ON j.id = c.journal_id
      JOIN res_partner p ON p.id = o.partner_id
     WHERE j.type IN ('bank', 'cash') AND c.parent_state = 'posted'
    """
)


def settled(env, since):
    return SQL("%s AND c.account_id = ANY(%s) AND c.date > %s", SETTLED, accounts(env), since)


def behaviour(env, since):
    """Days late of every customer, weighted and at the median."""
    return SQL(
        """
        SELECT customer, COUNT(*), SUM(amount * late) / NULLIF(SUM(amount), 0),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY late)
          FROM (%s) AS settled GROUP BY customer
        """,
        settled(env, since),
    )


def sales(env, since):
    return SQL(
        """
        SELECT p.commercial_partner_id, date_trunc('month', m.date), SUM(m.amount_total_signed),
               MIN(m.date), COUNT(*)
          FROM account_move m JOIN res_partner p ON p.id = m.partner_id
         WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund') AND m.date > %s
         GROUP BY 1, 2
        """,
        since,
    )


def positions(env):
    return SQL(
        "SELECT customer, SUM(amount), SUM(amount) FILTER (WHERE late > 0), MAX(late)"
        " FROM (%s) AS item GROUP BY 1",
        owed(env),
    )


def rating(env, since, years_ago):
    """How every customer paid, bought and owes."""
    return behaviour(env, since), sales(env, years_ago), positions(env)


def forecast(env, since):
    """What should come in the next thirteen weeks: each item at its customer's mean delay."""
    return (
        SQL(
            """
            SELECT GREATEST(0, (item.late * -1 + COALESCE(paid.late, 0))::int / 7), SUM(item.amount)
              FROM (%(items)s) AS item
              LEFT JOIN (SELECT customer, SUM(amount * late) / NULLIF(SUM(amount), 0) AS late
                           FROM (%(settled)s) AS settled GROUP BY customer) AS paid
                     ON paid.customer = item.customer
             GROUP BY 1
            """,
            items=owed(env),
            settled=settled(env, since),
        ),
        behaviour(env, since),
        # How much of what was open at each age came in the week after.
        SQL(
            "SELECT GREATEST(late, 0) / 7, SUM(amount) FROM (%s) AS settled GROUP BY 1",
            settled(env, since),
        ),
    )


def interest(env, rate):
    """Simple interest of every late item on what was open between its payments."""
    return SQL(
        """
        SELECT l.id, l.amount_residual, l.date_maturity, r.amount, c.date,
               r.amount * GREATEST(c.date - l.date_maturity, 0) * %(rate)s / 36500,
               l.amount_residual * (CURRENT_DATE - l.date_maturity) * %(rate)s / 36500
          FROM account_move_line l
          LEFT JOIN account_partial_reconcile r ON r.debit_move_id = l.id
          LEFT JOIN account_move_line c ON c.id = r.credit_move_id
         WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
           AND l.debit > 0 AND l.date_maturity < CURRENT_DATE
           AND (l.reconciled IS NOT TRUE OR c.date > l.date_maturity)
        """,
        rate=rate,
        accounts=accounts(env),
    )


def page(env, partner):
    """What one customer sees: open items, and who pays them."""
    return (
        SQL(
            """
            SELECT l.id, m.name, m.payment_reference, m.invoice_date, l.date_maturity,
                   l.amount_currency, l.amount_residual_currency, l.currency_id, m.payment_state
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
             WHERE p.commercial_partner_id = %s AND l.account_id = ANY(%s)
               AND l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
             ORDER BY l.date_maturity, l.id
            """,
            partner.id,
            accounts(env),
        ),
    )


def signals(env, today):
    """The signals that the ledger tells, one statement each."""
    since = SQL("(%s::date - 365)", today)
    item = owed(env)
    return (
        SQL(
            "SELECT customer, SUM(amount) FILTER (WHERE late > 0) / NULLIF(SUM(amount), 0)"
            " FROM (%s) AS item GROUP BY 1",
            item,
        ),
        SQL(
            """
            SELECT customer, AVG(late) FILTER (WHERE paid > %(day)s::date - 90),
                   AVG(late) FILTER (WHERE paid <= %(day)s::date - 90)
              FROM (%(settled)s) AS settled GROUP BY 1
            """,
            day=today,
            settled=settled(env, since),
        ),
        SQL(
            "SELECT customer, COUNT(*) FROM (%s) AS settled"
            " WHERE amount = round(amount, -2) GROUP BY 1",
            settled(env, since),
        ),
        SQL(
            """
            SELECT o.partner_id, MAX(o.amount_total), AVG(o.amount_total),
                   SUM(o.amount_total) FILTER (WHERE o.date_order > %(day)s::date - 90),
                   SUM(o.amount_total) FILTER (WHERE o.date_order <= %(day)s::date - 90)
              FROM sale_order o WHERE o.state = 'sale' AND o.date_order > %(since)s GROUP BY 1
            """,
            day=today,
            since=since,
        ),
        SQL(
            """
            SELECT p.commercial_partner_id, MIN(m.date), COUNT(*)
              FROM account_move m JOIN res_partner p ON p.id = m.partner_id
             WHERE m.state = 'posted' AND m.move_type = 'out_invoice' GROUP BY 1
            """
        ),
        SQL(
            """
            SELECT p.commercial_partner_id, array_agg(DISTINCT c.partner_id)
              FROM account_partial_reconcile r
              JOIN account_move_line c ON c.id = r.credit_move_id
              JOIN account_move_line o ON o.id = r.debit_move_id
              JOIN res_partner p ON p.id = o.partner_id
             WHERE c.date > %s GROUP BY 1
            """,
            since,
        ),
    )


def allowance(env, rates=(0, 1, 5, 25, 100)):
    """The allowance of every open item by its age, stored."""
    cases = SQL(" ").join(
        SQL("WHEN late <= %s THEN %s", days, rate)
        for days, rate in zip((0, 30, 60, 90), rates, strict=False)
    )
    return SQL(
        """
        CREATE TEMPORARY TABLE bench_allowance ON COMMIT DROP AS
        SELECT customer, seller, late, amount, amount * CASE %s ELSE %s END / 100 AS allowance
          FROM (%s) AS item
        """,
        cases,
        rates[-1],
        owed(env),
    )


def confirmations(env, first, last, partners):
    """Opening balance, every entry and closing balance of some customers, stored."""
    return SQL(
        """
        CREATE TEMPORARY TABLE bench_confirmation ON COMMIT DROP AS
        SELECT p.commercial_partner_id, l.currency_id, l.id, l.date, l.move_name,
               l.amount_currency,
               SUM(l.amount_currency) OVER (
                   PARTITION BY p.commercial_partner_id, l.currency_id ORDER BY l.date, l.id
               ) AS balance, l.date >= %(first)s AS shown
          FROM account_move_line l JOIN res_partner p ON p.id = l.partner_id
         WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
           AND l.date <= %(last)s AND p.commercial_partner_id = ANY(%(partners)s)
        """,
        first=first,
        last=last,
        accounts=accounts(env),
        partners=partners,
    )
