from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...core import signals as core

LEAST_ORDERS = 3  # fewer orders are no habit


class CreditSignalMeasure(models.AbstractModel):
    """The SQL of the measured danger signals, each over all files of a company at once.

    ``_measure_<code>(kind, company, today)`` returns rows of ``account_id`` and ``measured``.
    """

    _name = "credit.signal.measure"
    _description = "Measuring of Danger Signals"

    @api.model
    def _fired(self, kind, company, today):
        """What reaches the kind's threshold: ``{account id: measured}``."""
        self.env.flush_all()
        measured = getattr(self, f"_measure_{kind.code}")(kind, company, today)
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, measured FROM (%s) AS measured WHERE measured >= %s",
                measured,
                kind.threshold,
            )
        )
        return {
            account_id: float(value)
            for account_id, value in rows
            if account_id and core.fires(float(value), kind.threshold)
        }

    @api.model
    def _settlements(self, company, since, until):
        return self.env["credit.figure.reading"]._settlements_sql(company, since, until)

    @api.model
    def _root(self, company: SQL) -> SQL:
        return self.env["res.company"]._credit_root_sql(company)

    @api.model
    def _measure_slower(self, kind, company, today) -> SQL:
        """Days late, weighted by amount, of the window less those of the window before."""
        since = today - timedelta(kind.window)
        return SQL(
            """
            SELECT account_id,
                   SUM(late * amount) FILTER (WHERE date > %(since)s)
                       / NULLIF(SUM(amount) FILTER (WHERE date > %(since)s), 0)
                   - SUM(late * amount) FILTER (WHERE date <= %(since)s)
                       / NULLIF(SUM(amount) FILTER (WHERE date <= %(since)s), 0) AS measured
              FROM (%(paid)s) AS paid
             GROUP BY account_id
            """,
            since=since,
            paid=self._settlements(company, since - timedelta(kind.window), today),
        )

    @api.model
    def _measure_broken_promises(self, kind, company, today) -> SQL:
        return SQL(
            """
            SELECT account_id, COUNT(*) AS measured FROM credit_promise
             WHERE company_id = %s AND state != 'cancelled' AND broken_on BETWEEN %s AND %s
             GROUP BY account_id
            """,
            company.id,
            today - timedelta(kind.window),
            today,
        )

    @api.model
    def _measure_round_payments(self, kind, company, today) -> SQL:
        """Payments of a multiple of 100 that left an invoice partly open."""
        return SQL(
            """
            SELECT account_id, COUNT(*) AS measured FROM (%s) AS paid
             WHERE reconciled IS NOT TRUE AND MOD(amount, 100) = 0
             GROUP BY account_id
            """,
            self._settlements(company, today - timedelta(kind.window), today),
        )

    @api.model
    def _measure_new_unpaid(self, kind, company, today) -> SQL:
        """Overdue items of the window against the payments made in it, mean by mean."""
        since = today - timedelta(kind.window)
        return SQL(
            """
            SELECT unpaid.account_id, unpaid.mean / NULLIF(paid.mean, 0) AS measured
              FROM (SELECT account.id AS account_id, AVG(item.amount_residual) AS mean
                      FROM account_move_line item
                      JOIN account_move move ON move.id = item.move_id
                      JOIN credit_account account
                        ON account.partner_id = move.commercial_partner_id
                       AND account.company_id = %(root)s
                     WHERE item.account_id = ANY(%(receivable)s) AND item.reconciled IS NOT TRUE
                       AND item.parent_state = 'posted' AND item.amount_residual > 0
                       AND move.move_type = 'out_invoice' AND move.invoice_date > %(since)s
                       AND COALESCE(item.date_maturity, item.date) < %(today)s
                       AND account.company_id = %(company)s
                     GROUP BY account.id) AS unpaid
              JOIN (SELECT account_id, AVG(amount) AS mean FROM (%(settled)s) AS settled
                     GROUP BY account_id) AS paid ON paid.account_id = unpaid.account_id
            """,
            root=self._root(SQL("item.company_id")),
            receivable=self.env["credit.open.item"]._receivable_account_ids(),
            since=since,
            today=today,
            company=company.id,
            settled=self._settlements(company, since, today),
        )

    @api.model
    def _measure_old_disputes(self, kind, company, today) -> SQL:
        return SQL(
            """
            SELECT dispute.account_id,
                   MAX(dispute.opened_on - COALESCE(item.date_maturity, item.date)) AS measured
              FROM credit_dispute dispute
              JOIN account_move_line item ON item.id = dispute.move_line_id
             WHERE dispute.company_id = %s AND dispute.opened_on BETWEEN %s AND %s
             GROUP BY dispute.account_id
            """,
            company.id,
            today - timedelta(kind.window),
            today,
        )

    @api.model
    def _orders(self, company, since, today) -> SQL:
        """Confirmed orders: account_id, day, amount in the company's currency."""
        return SQL(
            """
            SELECT account.id AS account_id, %(day)s AS day,
                   orders.amount_total / COALESCE(NULLIF(orders.currency_rate, 0), 1) AS amount
              FROM sale_order orders
              JOIN res_partner partner ON partner.id = orders.partner_invoice_id
              JOIN credit_account account ON account.partner_id = partner.commercial_partner_id
                                         AND account.company_id = %(root)s
             WHERE orders.state = 'sale' AND orders.amount_total > 0
               AND orders.date_order > %(since)s AND account.company_id = %(company)s
            """,
            day=self.env["res.company"]._credit_day_sql(
                SQL("orders.company_id"), SQL("orders.date_order")
            ),
            root=self._root(SQL("orders.company_id")),
            since=since - timedelta(1),
            company=company.id,
        )

    @api.model
    def _measure_order_above_habit(self, kind, company, today) -> SQL:
        """The largest order of the window against the mean of the year before it."""
        since = today - timedelta(kind.window)
        return SQL(
            """
            SELECT account_id,
                   MAX(amount) FILTER (WHERE day > %(since)s)
                       / AVG(amount) FILTER (WHERE day <= %(since)s) AS measured
              FROM (%(orders)s) AS ordered
             GROUP BY account_id
            HAVING COUNT(*) FILTER (WHERE day <= %(since)s) >= %(least)s
            """,
            since=since,
            orders=self._orders(company, since - timedelta(365), today),
            least=LEAST_ORDERS,
        )

    @api.model
    def _measure_orders_shrinking(self, kind, company, today) -> SQL:
        """What is missing in the window against the same time of the year before it."""
        since = today - timedelta(kind.window)
        return SQL(
            """
            SELECT account_id,
                   1 - COALESCE(SUM(amount) FILTER (WHERE day > %(since)s), 0)
                       / (SUM(amount) FILTER (WHERE day <= %(since)s)
                          * %(window)s / 365.0) AS measured
              FROM (%(orders)s) AS ordered
             GROUP BY account_id
            HAVING COUNT(*) FILTER (WHERE day <= %(since)s) >= %(least)s
            """,
            since=since,
            window=kind.window,
            orders=self._orders(company, since - timedelta(365), today),
            least=LEAST_ORDERS,
        )

    @api.model
    def _measure_returned_payment(self, kind, company, today) -> SQL:
        return SQL(
            "SELECT account_id, count AS measured FROM (%s) AS returned",
            self.env["credit.figure.reading"]._returned_sql(
                company, today - timedelta(kind.window), today
            ),
        )

    @api.model
    def _measure_new_payer(self, kind, company, today) -> SQL:
        """Bank accounts added in the window to customers who had another one before."""
        return SQL(
            """
            SELECT account.id AS account_id, COUNT(*) AS measured
              FROM res_partner_bank bank
              JOIN res_partner partner ON partner.id = bank.partner_id
              JOIN credit_account account ON account.partner_id = partner.commercial_partner_id
             WHERE account.company_id = %(company)s AND bank.create_date >= %(since)s
               AND EXISTS (SELECT FROM res_partner_bank earlier
                            WHERE earlier.partner_id = bank.partner_id
                              AND earlier.create_date < %(since)s)
             GROUP BY account.id
            """,
            company=company.id,
            since=today - timedelta(kind.window),
        )

    @api.model
    def _measure_no_answer(self, kind, company, today) -> SQL:
        """Attempts without answer since the customer was last reached."""
        return SQL(
            """
            SELECT contact.account_id, COUNT(*) AS measured
              FROM credit_contact contact
             WHERE contact.company_id = %(company)s AND contact.outcome = 'no_answer'
               AND contact.date >= %(since)s
               AND NOT EXISTS (SELECT FROM credit_contact reached
                                WHERE reached.account_id = contact.account_id
                                  AND reached.outcome != 'no_answer'
                                  AND reached.date > contact.date)
             GROUP BY contact.account_id
            """,
            company=company.id,
            since=today - timedelta(kind.window),
        )
