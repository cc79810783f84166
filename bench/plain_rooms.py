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


# The payment index of a payment so many days late: straight lines between the steps of its scale.
INDEX = SQL(
    """
    CASE WHEN late <= -30 THEN 100 WHEN late <= -20 THEN 100 - (late + 30)
         WHEN late <= 0 THEN 90 - (late + 20) * 0.5 WHEN late <= 15 THEN 80 - late * 10 / 15.0
         WHEN late <= 22 THEN 70 - (late - 15) * 10 / 7.0
         WHEN late <= 30 THEN 60 - (late - 22) * 10 / 8.0
         WHEN late <= 120 THEN 50 - (late - 30) / 3.0
         WHEN late <= 177 THEN 20 - (late - 120) / 3.0 ELSE 1 END
    """
)


def behaviour(env, since):
    """How every customer paid: number, mean, median, spread, share on time, index, trend."""
    return SQL(
        """
        SELECT customer, COUNT(*), AVG(late), SUM(amount),
               SUM(amount * late) / NULLIF(SUM(amount), 0),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY late),
               SQRT(GREATEST(SUM(amount * late * late) / NULLIF(SUM(amount), 0)
                             - (SUM(amount * late) / NULLIF(SUM(amount), 0)) ^ 2, 0)),
               SUM(amount) FILTER (WHERE late <= 0) / NULLIF(SUM(amount), 0),
               SUM(amount * %(index)s) / NULLIF(SUM(amount), 0), MAX(late),
               SUM(amount * late) FILTER (WHERE paid > CURRENT_DATE - 90)
                   / NULLIF(SUM(amount) FILTER (WHERE paid > CURRENT_DATE - 90), 0),
               SUM(amount * late) FILTER (WHERE paid <= CURRENT_DATE - 90)
                   / NULLIF(SUM(amount) FILTER (WHERE paid <= CURRENT_DATE - 90), 0)
          FROM (%(settled)s) AS settled GROUP BY customer
        """,
        index=INDEX,
        settled=settled(env, since),
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
    """How every customer paid, bought and owes, and when they last were 90 days late."""
    return (
        behaviour(env, since),
        sales(env, years_ago),
        positions(env),
        SQL(
            """
            SELECT p.commercial_partner_id, MAX(COALESCE(r.max_date, CURRENT_DATE))
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
              LEFT JOIN account_partial_reconcile r ON r.debit_move_id = l.id
             WHERE l.account_id = ANY(%s) AND l.parent_state = 'posted' AND l.debit > 0
               AND m.move_type = 'out_invoice' AND l.date_maturity < CURRENT_DATE - 90
               AND (l.reconciled IS NOT TRUE OR r.max_date > l.date_maturity + 90)
             GROUP BY 1
            """,
            accounts(env),
        ),
    )


def limits(env, since, years_ago):
    """The same, and what was sold and shipped of late, and every customer's terms and limit."""
    return (
        *rating(env, since, years_ago),
        SQL(
            """
            SELECT commercial_partner_id, SUM(amount_total_signed), MIN(invoice_date),
                   SUM(amount_total_signed) FILTER (WHERE invoice_date > CURRENT_DATE - 182),
                   AVG(invoice_date_due - invoice_date)
              FROM account_move
             WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
               AND invoice_date > %s
             GROUP BY 1
            """,
            since,
        ),
        SQL(
            """
            SELECT p.commercial_partner_id, COUNT(*) / 6.0
              FROM stock_picking s
              JOIN stock_picking_type t ON t.id = s.picking_type_id
              JOIN res_partner p ON p.id = s.partner_id
             WHERE s.state = 'done' AND t.code = 'outgoing'
               AND s.date_done > CURRENT_DATE - 182
             GROUP BY 1
            """
        ),
        SQL(
            """
            SELECT file.id, file.planned_sales, p.property_payment_term_id, grade.limit_factor
              FROM credit_account file
              JOIN res_partner p ON p.id = file.partner_id
              LEFT JOIN credit_grade grade ON grade.id = file.grade_id
            """
        ),
    )


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
    """What one customer sees: items with what is disputed, promised and under way; the file, its
    company and policy; promises, disputes, plans, confirmations, cases and messages; interest."""
    file = SQL("(SELECT id FROM credit_account WHERE partner_id = %s)", partner.id)

    def of(table, state):
        return SQL("SELECT * FROM %s WHERE account_id = %s AND %s", table, file, SQL(state))

    item = SQL(
        """
        FROM account_move_line l
        JOIN account_move m ON m.id = l.move_id
        JOIN res_partner p ON p.id = l.partner_id
        LEFT JOIN account_payment_term term ON term.id = m.invoice_payment_term_id
       WHERE p.commercial_partner_id = %s AND l.account_id = ANY(%s)
         AND l.parent_state = 'posted'
        """,
        partner.id,
        accounts(env),
    )
    return (
        SQL(
            """
            SELECT l.id, m.name, m.payment_reference, m.invoice_date, l.date_maturity,
                   l.amount_currency, l.amount_residual_currency, l.currency_id, m.payment_state,
                   term.early_discount,
                   (SELECT COUNT(*) FROM account_move_line other
                     WHERE other.move_id = m.id AND other.display_type = 'payment_term'),
                   (SELECT SUM(d.amount) FROM credit_dispute d
                     WHERE d.move_line_id = l.id AND d.state = 'open'),
                   (SELECT MAX(q.date) FROM credit_promise_item_rel r
                      JOIN credit_promise q ON q.id = r.promise_id
                     WHERE r.move_line_id = l.id AND q.state = 'open'),
                   EXISTS (SELECT FROM credit_transaction_item_rel t
                            WHERE t.move_line_id = l.id),
                   (SELECT MAX(f.date) FROM credit_followup_line f
                     WHERE f.move_line_id = l.id AND f.state = 'sent')
              %s AND l.reconciled IS NOT TRUE ORDER BY l.date_maturity, l.id
            """,
            item,
        ),
        SQL(
            """
            SELECT p.*, file.*, policy.*, company.name
              FROM credit_account file
              JOIN res_partner p ON p.id = file.partner_id
              JOIN res_company company ON company.id = file.company_id
              LEFT JOIN credit_policy policy ON policy.id = company.credit_default_policy_id
             WHERE file.partner_id = %s
            """,
            partner.id,
        ),
        SQL(
            """
            SELECT l.id, l.amount_currency, l.date_maturity, r.max_date, r.debit_amount_currency
              %s AND l.debit > 0 AND l.date_maturity < CURRENT_DATE
            """,
            SQL(
                item.code.replace(
                    "WHERE p.",
                    "LEFT JOIN account_partial_reconcile r ON r.debit_move_id = l.id WHERE p.",
                    1,
                ),
                *item.params,
            ),
        ),
        of(SQL("credit_promise"), "state = 'open'"),
        of(SQL("credit_dispute"), "state = 'open' OR closed_on > CURRENT_DATE - 90"),
        of(SQL("credit_plan"), "state IN ('offered', 'accepted', 'broken')"),
        of(SQL("credit_balance_confirmation"), "state != 'draft' ORDER BY date_to DESC LIMIT 12"),
        of(SQL("credit_case"), "closed_on IS NULL"),
        of(SQL("credit_followup"), "TRUE ORDER BY id DESC LIMIT 1"),
        of(SQL("credit_limit"), "state = 'approved'"),
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


def allowance(env, paper, rates=(0, 1, 5, 25, 100)):
    """The allowance of every open item by its age, unapplied credits taken off the oldest, stored
    as lines of ``paper``."""
    cases = SQL(" ").join(
        SQL("WHEN late <= %s THEN %s", days, rate)
        for days, rate in zip((0, 30, 60, 90), rates, strict=False)
    )
    return SQL(
        """
        INSERT INTO credit_allowance_line (
               allowance_id, company_id, date, move_line_id, account_id, partner_id, segment_name,
               date_due, days_overdue, term, standing, amount, credited, covered, base, rate,
               individual, calculated, final, previous, moved, net,
               create_uid, create_date, write_uid, write_date)
        SELECT %(paper)s, %(company)s, %(date)s, id, file, customer, country, due, late,
               CASE WHEN due > CURRENT_DATE + 365 THEN 'long' ELSE 'short' END,
               CASE WHEN late > 90 THEN 'doubtful' ELSE 'performing' END,
               amount, credited, 0, amount - credited, rate, FALSE,
               ROUND((amount - credited) * rate / 100, 2),
               ROUND((amount - credited) * rate / 100, 2),
               0, ROUND((amount - credited) * rate / 100, 2), amount, 1, now(), 1, now()
          FROM (SELECT item.*, CASE %(cases)s ELSE %(last)s END AS rate,
                       LEAST(amount, GREATEST(credit - (SUM(amount) OVER (
                           PARTITION BY customer ORDER BY due, id) - amount), 0)) AS credited
                  FROM (SELECT l.id, file.id AS file, p.commercial_partner_id AS customer,
                               country.name->>'en_US' AS country, l.date_maturity AS due,
                               %(date)s::date - l.date_maturity AS late,
                               l.amount_residual AS amount,
                               COALESCE(-SUM(l.amount_residual) FILTER (
                                   WHERE l.amount_residual < 0) OVER (
                                   PARTITION BY p.commercial_partner_id), 0) AS credit
                          FROM account_move_line l
                          JOIN res_partner p ON p.id = l.partner_id
                          JOIN credit_account file ON file.partner_id = p.commercial_partner_id
                          LEFT JOIN res_country country ON country.id = p.country_id
                         WHERE l.account_id = ANY(%(accounts)s) AND l.reconciled IS NOT TRUE
                           AND l.parent_state = 'posted' AND l.date <= %(date)s) AS item
                 WHERE amount > 0) AS rated
        """,
        paper=paper.id,
        company=paper.company_id.id,
        date=paper.date,
        cases=cases,
        last=rates[-1],
        accounts=accounts(env),
    )


def confirmations(env, first, last, partners):
    """Confirmations of some customers with every entry of the period: numbered, stored and kept as
    evidence, by one statement."""
    return SQL(
        """
        WITH entry AS (
             SELECT file.id AS file, file.partner_id, file.company_id, l.currency_id, l.id, l.date,
                    l.move_name, l.amount_currency AS amount, l.date >= %(first)s AS shown
               FROM account_move_line l
               JOIN res_partner p ON p.id = l.partner_id
               JOIN credit_account file ON file.partner_id = p.commercial_partner_id
              WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
                AND l.date <= %(last)s AND p.commercial_partner_id = ANY(%(partners)s)),
        document AS (
             INSERT INTO credit_balance_confirmation (
                    name, account_id, partner_id, company_id, currency_id, date_from, date_to,
                    opening, debit, credit, closing, state,
                    create_uid, create_date, write_uid, write_date)
             SELECT 'BC/' || ROW_NUMBER() OVER (ORDER BY file), file, partner_id, company_id,
                    currency_id, %(first)s, %(last)s,
                    COALESCE(SUM(amount) FILTER (WHERE NOT shown), 0),
                    COALESCE(SUM(amount) FILTER (WHERE shown AND amount > 0), 0),
                    COALESCE(-SUM(amount) FILTER (WHERE shown AND amount < 0), 0),
                    SUM(amount), 'draft', 1, now(), 1, now()
               FROM entry GROUP BY file, partner_id, company_id, currency_id
             HAVING bool_or(shown) OR SUM(amount) != 0
             RETURNING id, name, account_id, company_id, currency_id, opening, closing),
        kept AS (
             INSERT INTO credit_audit_entry (
                    company_id, at, user_id, model, res_id, record_name, event, content, number,
                    create_uid, create_date, write_uid, write_date)
             SELECT company_id, now(), 1, 'credit.balance.confirmation', id, name, 'made',
                    row_to_json(document)::text, 0, 1, now(), 1, now()
               FROM document)
        INSERT INTO credit_balance_confirmation_line (
               confirmation_id, company_id, kind, move_line_id, date, name, debit, credit,
               contested, create_uid, create_date, write_uid, write_date)
        SELECT document.id, document.company_id, 'document', entry.id, entry.date,
               entry.move_name, GREATEST(amount, 0), GREATEST(-amount, 0), FALSE,
               1, now(), 1, now()
          FROM entry
          JOIN document ON document.account_id = entry.file
                       AND document.currency_id = entry.currency_id
         WHERE entry.shown
         ORDER BY entry.file, entry.date, entry.id
        """,
        first=first,
        last=last,
        accounts=accounts(env),
        partners=partners,
    )
