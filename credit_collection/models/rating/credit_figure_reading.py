from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...core import behaviour
from ...tools.sql import ids_sql, without_jit

YEAR = 365
DEFAULT_DAYS = 90  # what is later than this is a default
NEAR = 0.9
SALES = ("out_invoice", "out_refund")


class CreditFigureReading(models.AbstractModel):
    """The figures of :data:`core.scoring.FIGURES`, read for all files of a company at once.

    One query per source: settlements in cash, invoices, positions, incidents, near the limit; the
    margin only where a scorecard asks for it.
    """

    _name = "credit.figure.reading"
    _description = "Figures of Customers"

    @api.model
    def _read_figures(self, company, today, accounts=None, names=None):
        """``{account id: {figure: value}}``; a figure that nobody can know is left out.

        :param company: ``res.company``, a root company
        :param accounts: only these files, by default all
        :param names: only what these figures need, by default all
        """
        wanted = None if names is None else set(names)
        found = defaultdict(dict)
        if len(accounts or ()) != 1:
            without_jit(self.env)
        self.env.flush_all()
        for needs, read in (
            (
                ("weighted_days_late", "payment_index", "longest_delay", "days_since_default"),
                self._read_settlements,
            ),
            (
                (
                    "months_customer",
                    "sales_year",
                    "sales_growth",
                    "sales_share",
                    "order_regularity",
                    "days_since_default",
                ),
                self._read_sales,
            ),
            (("overdue_share",), self._read_positions),
            (("broken_promises", "disputes_lost", "payments_returned"), self._read_incidents),
            (("days_near_limit",), self._read_near_limit),
            (("margin",), self._read_margin),
        ):
            if wanted is None or wanted.intersection(needs):
                read(found, company, today, accounts)
        self._add_days_since_default(found, today)
        return found

    @api.model
    def _known_ids(self, company, accounts=None):
        """The ids of the files that have paid anything in cash."""
        self.env["account.move"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id FROM credit_account account
                 WHERE account.company_id = %(company)s AND %(only)s
                   AND EXISTS (SELECT FROM account_move move
                                WHERE move.commercial_partner_id = account.partner_id
                                  AND move.move_type = 'out_invoice' AND move.state = 'posted'
                                  AND move.payment_state IN ('paid', 'in_payment', 'partial')
                                  AND %(root)s = account.company_id)
                """,
                company=company.id,
                only=self._only_sql(accounts),
                root=self.env["res.company"]._credit_root_sql(SQL("move.company_id")),
            )
        )
        return {row[0] for row in rows}

    # ------------------------------------------------------------------
    # Settlements in cash
    # ------------------------------------------------------------------

    @api.model
    def _settlements_sql(self, company, since, until, accounts=None) -> SQL:
        """Payments in cash of invoices: account_id, late, amount, date.

        Netting, credit notes, write-offs and the like are no experiences.
        """
        where = SQL(
            "partial.max_date BETWEEN %s AND %s AND debit.account_id = ANY(%s)",
            since,
            until,
            self.env["credit.open.item"]._receivable_account_ids(),
        )
        if accounts is not None:
            where = SQL("%s AND %s", where, self._partners_sql("debtor", accounts))
        return SQL(
            """
            SELECT account.id AS account_id, paid.date, paid.date - paid.date_due AS late,
                   paid.amount, paid.item_id, paid.reconciled
              FROM (%(paid)s) AS paid
              JOIN credit_account account ON account.partner_id = paid.partner_id
                                         AND account.company_id = %(root)s
             WHERE paid.amount > 0 AND account.company_id = %(company)s
            """,
            paid=self.env["account.partial.reconcile"]._credit_cash_sql(where),
            root=self.env["res.company"]._credit_root_sql(SQL("paid.company_id")),
            company=company.id,
        )

    @api.model
    def _read_settlements(self, found, company, today, accounts):
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, late, SUM(amount) FROM (%s) AS paid GROUP BY account_id, late",
                self._settlements_sql(company, today - timedelta(YEAR), today, accounts),
            )
        )
        experiences = defaultdict(list)
        for account_id, late, amount in rows:
            experiences[account_id].append((late, float(amount)))
        for account_id, pairs in experiences.items():
            found[account_id].update(
                weighted_days_late=behaviour.weighted_mean(pairs),
                payment_index=behaviour.payment_index(pairs),
                longest_delay=max(max(days for days, _amount in pairs), 0),
            )
        self._read_last_defaults(found, company, today, accounts)

    @api.model
    def _read_last_defaults(self, found, company, today, accounts):
        """The last day on which anything was more than 90 days late: paid so, or still open so."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id,
                       MAX(CASE WHEN item.reconciled IS NOT TRUE THEN %(today)s::date
                                ELSE settled.last END)
                  FROM account_move_line item
                  JOIN account_move move ON move.id = item.move_id
                  JOIN credit_account account ON account.partner_id = move.commercial_partner_id
                                             AND account.company_id = %(root)s
                  LEFT JOIN LATERAL (
                       SELECT MAX(partial.max_date) AS last
                         FROM account_partial_reconcile partial
                        WHERE partial.debit_move_id = item.id) AS settled ON TRUE
                 WHERE item.account_id = ANY(%(receivable)s) AND item.balance > 0
                   AND item.parent_state = 'posted' AND move.move_type = 'out_invoice'
                   AND COALESCE(item.date_maturity, item.date) < %(today)s::date - %(days)s
                   AND (item.reconciled IS NOT TRUE
                        OR settled.last - COALESCE(item.date_maturity, item.date) > %(days)s)
                   AND account.company_id = %(company)s AND %(only)s
                 GROUP BY account.id
                """,
                today=today,
                days=DEFAULT_DAYS,
                receivable=self.env["credit.open.item"]._receivable_account_ids(),
                root=self.env["res.company"]._credit_root_sql(SQL("item.company_id")),
                company=company.id,
                only=self._only_sql(accounts),
            )
        )
        for account_id, last in rows:
            found[account_id]["last_default"] = last

    @api.model
    def _add_days_since_default(self, found, today):
        """Days since the last default; for who never defaulted, since the first invoice."""
        for figures in found.values():
            last, first = figures.pop("last_default", None), figures.pop("first_invoice", None)
            since = last or first
            if since:
                figures["days_since_default"] = (today - since).days

    # ------------------------------------------------------------------
    # Invoices
    # ------------------------------------------------------------------

    @api.model
    def _read_sales(self, found, company, today, accounts):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, MIN(move.invoice_date) AS first,
                       SUM(move.amount_untaxed_signed) FILTER (
                           WHERE move.invoice_date > %(year)s) AS sales,
                       SUM(move.amount_untaxed_signed) FILTER (
                           WHERE move.invoice_date <= %(year)s
                             AND move.invoice_date > %(before)s) AS earlier,
                       COUNT(DISTINCT date_trunc('month', move.invoice_date)) FILTER (
                           WHERE move.invoice_date > %(year)s AND move.move_type = 'out_invoice')
                  FROM account_move move
                  JOIN credit_account account ON account.partner_id = move.commercial_partner_id
                                             AND account.company_id = %(root)s
                 WHERE move.move_type IN %(sales)s AND move.state = 'posted'
                   AND move.invoice_date <= %(today)s
                   AND account.company_id = %(company)s AND %(only)s
                 GROUP BY account.id
                """,
                year=today - timedelta(YEAR),
                before=today - timedelta(2 * YEAR),
                today=today,
                sales=SALES,
                root=self.env["res.company"]._credit_root_sql(SQL("move.company_id")),
                company=company.id,
                only=self._only_sql(accounts),
            )
        )
        total = self._company_sales(company, today)
        for account_id, first, sales, earlier, months in rows:
            sales, earlier = float(sales or 0), float(earlier or 0)
            figures = found[account_id]
            figures.update(
                months_customer=(today.year - first.year) * 12 + today.month - first.month,
                sales_year=sales,
                order_regularity=min(months, 12) / 12,
                first_invoice=first,
            )
            if earlier > 0:
                figures["sales_growth"] = sales / earlier - 1
            if total > 0:
                figures["sales_share"] = sales / total

    @api.model
    def _company_sales(self, company, today):
        """The sales of a company in the twelve months up to a day, before tax."""
        [(total,)] = self.env.execute_query(
            SQL(
                """
                SELECT SUM(move.amount_untaxed_signed) FROM account_move move
                 WHERE move.move_type IN %(sales)s AND move.state = 'posted'
                   AND move.invoice_date > %(year)s AND move.invoice_date <= %(today)s
                   AND %(root)s = %(company)s
                """,
                sales=SALES,
                year=today - timedelta(YEAR),
                today=today,
                root=self.env["res.company"]._credit_root_sql(SQL("move.company_id")),
                company=company.id,
            )
        )
        return float(total or 0)

    @api.model
    def _read_margin(self, found, company, today, accounts):
        partners = None if accounts is None else set(accounts.partner_id.ids)
        files = self._ids_by_partner(company, accounts)
        rows = self.env["credit.cost"]._rows(company, today - timedelta(YEAR - 1), today, 0)
        for row in rows:
            partner = row["partner_id"]
            known = row["sales"] - row["unknown_sales"]
            if (partners is None or partner in partners) and partner in files and known > 0:
                found[files[partner]]["margin"] = row["margin"] / known

    @api.model
    def _ids_by_partner(self, company, accounts):
        rows = self.env.execute_query(
            SQL(
                "SELECT account.partner_id, account.id FROM credit_account account"
                " WHERE account.company_id = %s AND %s",
                company.id,
                self._only_sql(accounts),
            )
        )
        return dict(rows)

    # ------------------------------------------------------------------
    # Positions and incidents
    # ------------------------------------------------------------------

    @api.model
    def _read_positions(self, found, company, today, accounts):
        Position = (
            self.env["credit.position"]
            .sudo()
            .with_context(active_test=False, credit_one_file=len(accounts or ()) == 1)
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT position.account_id, position.overdue, position.receivable"
                " FROM (%s) AS position WHERE position.company_id = %s AND %s",
                Position._positions_sql(("account_id", "company_id", "overdue", "receivable")),
                company.id,
                SQL("TRUE")
                if accounts is None
                else SQL("position.account_id = ANY(%s)", ids_sql(accounts.ids)),
            )
        )
        for account_id, overdue, receivable in rows:
            owed = max(float(receivable), float(overdue))
            if owed > 0:
                found[account_id]["overdue_share"] = float(overdue) / owed
            elif account_id in found:
                found[account_id]["overdue_share"] = 0.0

    @api.model
    def _read_incidents(self, found, company, today, accounts):
        """Promises broken, disputes lost and payments returned within a year: 0 where none was."""
        since = today - timedelta(YEAR)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id,
                       (SELECT COUNT(*) FROM credit_promise promise
                         WHERE promise.account_id = account.id AND promise.state != 'cancelled'
                           AND promise.broken_on BETWEEN %(since)s AND %(today)s),
                       (SELECT COUNT(*) FROM credit_dispute dispute
                         WHERE dispute.account_id = account.id AND dispute.state = 'rejected'
                           AND dispute.closed_on BETWEEN %(since)s AND %(today)s),
                       COALESCE(returned.count, 0)
                  FROM credit_account account
                  LEFT JOIN (%(returned)s) AS returned ON returned.account_id = account.id
                 WHERE account.company_id = %(company)s AND %(only)s
                """,
                since=since,
                today=today,
                returned=self._returned_sql(company, since, today),
                company=company.id,
                only=self._only_sql(accounts),
            )
        )
        for account_id, broken, lost, returned in rows:
            if account_id in found or broken or lost or returned:
                found[account_id].update(
                    broken_promises=broken, disputes_lost=lost, payments_returned=returned
                )

    @api.model
    def _returned_sql(self, company, since, until) -> SQL:
        """Payments that came back: rejected by the bank, and cheques and notes returned.

        A payment counts once: account_id, count.
        """
        return SQL(
            """
            SELECT back.account_id, COUNT(*) AS count
              FROM (SELECT account.id AS account_id
                      FROM account_payment payment
                      JOIN res_partner partner ON partner.id = payment.partner_id
                      JOIN credit_account account
                        ON account.partner_id = partner.commercial_partner_id
                       AND account.company_id = %(company)s
                     WHERE payment.state = 'rejected' AND payment.payment_type = 'inbound'
                       AND payment.date BETWEEN %(since)s AND %(until)s
                       AND %(root)s = %(company)s
                     UNION ALL
                    SELECT instrument.account_id
                      FROM credit_instrument instrument
                     WHERE instrument.state = 'returned' AND instrument.company_id = %(company)s
                       AND instrument.ended_on BETWEEN %(since)s AND %(until)s) AS back
             GROUP BY back.account_id
            """,
            since=since,
            until=until,
            company=company.id,
            root=self.env["res.company"]._credit_root_sql(SQL("payment.company_id")),
        )

    @api.model
    def _read_near_limit(self, found, company, today, accounts):
        """Days of the year on which they owed 90 % of that day's limit or more, from snapshots.

        Each snapshot stands for the days until the next one.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH day AS (
                     SELECT date, LEAD(date, 1, %(today)s::date) OVER (ORDER BY date) - date AS days
                       FROM (SELECT DISTINCT date FROM credit_snapshot
                              WHERE company_id = %(company)s
                                AND date BETWEEN %(since)s AND %(today)s) AS dates),
                owed AS (
                     SELECT snapshot.account_id, snapshot.date, SUM(snapshot.receivable) AS amount
                       FROM credit_snapshot snapshot
                       JOIN credit_account account ON account.id = snapshot.account_id
                      WHERE snapshot.company_id = %(company)s AND %(only)s
                        AND snapshot.date BETWEEN %(since)s AND %(today)s
                      GROUP BY snapshot.account_id, snapshot.date)
                SELECT owed.account_id, SUM(day.days)
                  FROM owed
                  JOIN day ON day.date = owed.date
                 CROSS JOIN LATERAL (
                     SELECT l.amount_company, l.unlimited FROM credit_limit l
                      WHERE l.account_id = owed.account_id AND l.kind = 'permanent'
                        AND l.state IN ('approved', 'superseded', 'expired')
                        AND l.date_from <= owed.date
                      ORDER BY l.date_from DESC, l.id DESC LIMIT 1) AS allowed
                 WHERE allowed.unlimited IS NOT TRUE
                   AND owed.amount > 0 AND owed.amount >= %(near)s * allowed.amount_company
                 GROUP BY owed.account_id
                """,
                today=today,
                since=today - timedelta(YEAR),
                company=company.id,
                near=NEAR,
                only=self._only_sql(accounts),
            )
        )
        near = dict(rows)
        for account_id in found.keys() | near.keys():
            found[account_id]["days_near_limit"] = int(near.get(account_id, 0))

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    @api.model
    def _only_sql(self, accounts) -> SQL:
        """Which files, as a condition on ``account``."""
        if accounts is None:
            return SQL("TRUE")
        return SQL("account.id = ANY(%s)", ids_sql(accounts.ids))

    @api.model
    def _partners_sql(self, move: str, accounts) -> SQL:
        return SQL(
            "%s = ANY(%s)",
            SQL.identifier(move, "commercial_partner_id"),
            ids_sql(accounts.partner_id.ids),
        )
