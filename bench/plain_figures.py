"""The plain SQL that follow-up, aging and key figures are measured against.

What a consultant would type by hand for the same numbers on the generated database: it knows
nothing of contacts, disputes, promises, policies, grace, branches or configured buckets.
"""

from odoo.tools import SQL

from bench.plain_sql import accounts

AGES = SQL(
    "CASE WHEN late <= 0 THEN 0 WHEN late <= 30 THEN 1 WHEN late <= 60 THEN 2"
    " WHEN late <= 90 THEN 3 ELSE 4 END"
)


def plan(env):
    """What a plan reads: open items with what is disputed, promised and in payment, the customers
    with their last message, the highest level that each item has had."""
    return (
        SQL(
            """
            SELECT p.commercial_partner_id, l.id, l.move_id, m.name, l.amount_residual,
                   l.amount_residual_currency, l.currency_id, l.date, l.date_maturity,
                   m.payment_state, l.no_followup, l.partner_id, m.move_type,
                   disputed.amount, promised.until, promised.amount
              FROM account_move_line l
              LEFT JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
              LEFT JOIN (SELECT move_line_id, SUM(amount) AS amount FROM credit_dispute
                          WHERE state = 'open' GROUP BY 1) AS disputed
                     ON disputed.move_line_id = l.id
              LEFT JOIN (SELECT item.move_line_id, MAX(promise.date) AS until,
                                SUM(promise.amount) AS amount
                           FROM credit_promise_item_rel item
                           JOIN credit_promise promise ON promise.id = item.promise_id
                          WHERE promise.state = 'open' GROUP BY 1) AS promised
                     ON promised.move_line_id = l.id
             WHERE l.account_id = ANY(%s) AND l.reconciled IS NOT TRUE
               AND l.parent_state = 'posted'
            """,
            accounts(env),
        ),
        SQL(
            """
            SELECT file.id, file.partner_id, file.policy_id, file.followup_paused_until,
                   MAX(message.date), bool_or(message.state IN ('draft', 'queued'))
              FROM credit_account file
              LEFT JOIN credit_followup message ON message.account_id = file.id
             GROUP BY file.id
            """
        ),
        SQL(
            """
            SELECT line.move_line_id, MAX(level.delay), MAX(line.date)
              FROM credit_followup_line line JOIN credit_followup_level level
                ON level.id = line.level_id
             WHERE line.state = 'sent' GROUP BY 1
            """
        ),
    )


def owed(env, day=None):
    """Rows (customer, salesperson, days late, amount) of what is open today or was on a day."""
    if day is None:
        return SQL(
            """
            SELECT p.commercial_partner_id AS customer, m.invoice_user_id AS seller,
                   CURRENT_DATE - l.date_maturity AS late, l.amount_residual AS amount
              FROM account_move_line l
              LEFT JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
             WHERE l.account_id = ANY(%s) AND l.reconciled IS NOT TRUE
               AND l.parent_state = 'posted'
            """,
            accounts(env),
        )
    return SQL(
        """
        SELECT p.commercial_partner_id AS customer, m.invoice_user_id AS seller,
               %(day)s - l.date_maturity AS late,
               l.amount_residual + COALESCE(later.amount, 0) AS amount
          FROM account_move_line l
          LEFT JOIN account_move m ON m.id = l.move_id
          JOIN res_partner p ON p.id = l.partner_id
          LEFT JOIN (SELECT id, SUM(amount) AS amount
                       FROM (SELECT debit_move_id AS id, amount
                               FROM account_partial_reconcile WHERE max_date > %(day)s
                              UNION ALL
                             SELECT credit_move_id, -amount
                               FROM account_partial_reconcile WHERE max_date > %(day)s) AS matched
                      GROUP BY id) AS later ON later.id = l.id
         WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
           AND l.date <= %(day)s AND (l.reconciled IS NOT TRUE OR later.id IS NOT NULL)
        """,
        accounts=accounts(env),
        day=day,
    )


def aging(env, day=None):
    """What each customer owes by age."""
    return SQL(
        "SELECT customer, %(age)s AS age, SUM(amount) FROM (%(owed)s) AS item GROUP BY 1, 2",
        age=AGES,
        owed=owed(env, day),
    )


def figures(env, date_from, date_to, day=None):
    """What the figures of all salespeople are made of: four statements, one after another.

    :param day: the closing day when it is past, else the receivables are today's
    """
    before = SQL("%s - 1", date_from)
    return (
        SQL(
            """
            SELECT seller, customer, SUM(amount),
                   SUM(amount) FILTER (WHERE late > 0 AND amount > 0),
                   SUM(amount * late) FILTER (WHERE late > 0 AND amount > 0)
              FROM (%s) AS item GROUP BY 1, 2
            """,
            owed(env, day),
        ),
        SQL(
            "SELECT seller, SUM(amount) FROM (%s) AS item GROUP BY 1",
            owed(env, SQL("(%s)", before)),
        ),
        SQL(
            """
            SELECT invoice_user_id, date_trunc('month', date), SUM(amount_total_signed)
              FROM account_move
             WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
               AND date BETWEEN date_trunc('month', %s) - INTERVAL '24 months' AND %s
             GROUP BY 1, 2
            """,
            date_from,
            date_to,
        ),
        SQL(
            """
            SELECT i.invoice_user_id, SUM(r.amount),
                   SUM(r.amount * (c.date - i.invoice_date)),
                   SUM(r.amount * (c.date - o.date_maturity))
              FROM account_move_line c
              JOIN account_journal j ON j.id = c.journal_id
              JOIN account_partial_reconcile r ON r.credit_move_id = c.id
              JOIN account_move_line o ON o.id = r.debit_move_id
              JOIN account_move i ON i.id = o.move_id
             WHERE c.account_id = ANY(%s) AND c.parent_state = 'posted'
               AND c.date BETWEEN %s AND %s AND j.type IN ('bank', 'cash')
             GROUP BY 1
            """,
            accounts(env),
            date_from,
            date_to,
        ),
    )


def dashboard(env, company):
    """The numbers of the dashboard, one statement for each part of it."""
    item = owed(env)
    sales = SQL(
        "SELECT SUM(amount_total_signed) FROM account_move WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund')"
    )
    return (
        SQL("SELECT SUM(amount), SUM(amount) FILTER (WHERE late > 0) FROM (%s) AS item", item),
        SQL(
            """
            SELECT %s, late > 0, late > 90, file.grade_id, SUM(amount), COUNT(*)
              FROM (%s) AS item LEFT JOIN credit_account file ON file.partner_id = item.customer
             GROUP BY 1, 2, 3, 4
            """,
            AGES,
            item,
        ),
        SQL(
            "SELECT customer, SUM(amount), SUM(amount) FILTER (WHERE late > 0), MAX(late)"
            " FROM (%s) AS item GROUP BY 1 ORDER BY 2 DESC LIMIT 8",
            item,
        ),
        SQL("%s AND date > CURRENT_DATE - 90", sales),
        SQL("%s AND date BETWEEN CURRENT_DATE - 120 AND CURRENT_DATE - 30", sales),
        SQL(
            "SELECT SUM(requested_amount), COUNT(*) FROM credit_hold"
            " WHERE company_id = %s AND state = 'held'",
            company.id,
        ),
        SQL(
            "SELECT SUM(amount_company), COUNT(*) FROM credit_promise"
            " WHERE company_id = %s AND state = 'open'",
            company.id,
        ),
        SQL(
            "SELECT date, SUM(receivable), SUM(overdue) FROM credit_snapshot"
            " WHERE company_id = %s GROUP BY 1 ORDER BY 1 DESC LIMIT 60",
            company.id,
        ),
        SQL("SELECT COUNT(DISTINCT account_id) FROM credit_signal WHERE state != 'over'"),
        SQL("SELECT res_model, COUNT(*) FROM mail_activity WHERE active GROUP BY 1"),
        # How many days lie between the last delivery of an invoice's lines and the invoice.
        SQL(
            """
            SELECT AVG(invoice_date - delivered)
              FROM (SELECT m.id, m.invoice_date, MAX(s.date)::date AS delivered
                      FROM account_move m
                      JOIN account_move_line l ON l.move_id = m.id
                      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
                      JOIN stock_move s ON s.sale_line_id = r.order_line_id AND s.state = 'done'
                     WHERE m.state = 'posted' AND m.move_type = 'out_invoice'
                       AND m.invoice_date > CURRENT_DATE - 90
                     GROUP BY m.id, m.invoice_date) AS invoice
            """
        ),
    )
