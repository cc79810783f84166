from functools import partial

from odoo import api, models, tools
from odoo.tools import SQL

from ...tools.sql import needed_joins

# What each kind of item selects; a kind leaves empty what it does not know.
COLUMNS = {
    "id": "bigint",
    "kind": "text",
    "name": "text",
    "move_line_id": "int",
    "move_id": "int",
    "order_id": "int",
    "order_line_id": "int",
    "partner_id": "int",
    "company_id": "int",
    "branch_id": "int",
    "user_id": "int",
    "team_id": "int",
    "currency_id": "int",
    "amount_currency": "numeric",
    "amount": "numeric",
    "date": "date",
    "date_due": "date",
    "date_expected": "date",
    "in_payment": "boolean",
    "no_followup": "boolean",
    "disputed_amount": "numeric",
    "disputed_currency": "numeric",
    "promised_until": "date",
    "legal": "boolean",
    "promised_part": "numeric",
    "paying_part": "numeric",
    "is_refund": "boolean",
    "contact_id": "int",
}
# What every customer may have, whether or not anything is ordered.
SELDOM = ("uncleared", "assigned", "till")
ALL_KINDS = ("receivable", "draft", "order", *SELDOM)
# What the columns of a posted item are made of, besides what is open of it.
LINE = (
    "id",
    "move_id",
    "name",
    "partner_id",
    "company_id",
    "currency_id",
    "company_currency_id",
    "date",
    "date_maturity",
    "no_followup",
)
CUSTOMER = SQL("LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id")


class CreditOpenItem(models.Model):
    """The kinds of open items, each as SQL."""

    _inherit = "credit.open.item"

    @api.model
    def _items_sql(self, *columns, kinds=None, customer: SQL | None = None) -> SQL:
        """All items, without what depends on the customer's policy.

        :param columns: those that are read, by default all; what only the others need is then not
            joined, which PostgreSQL does not find out by itself below a UNION
        :param kinds: those that are read, by default all; see :meth:`_kinds_of`
        :param customer: SQL of the id of the commercial partner whose items are read, by default
            everybody's
        """
        posted = self._receivable_sql
        if self._context_day("as_of"):
            posted = self._receivable_as_of_sql
        if self._is_past():
            sources = {"receivable": posted}
        else:
            sources = {
                "receivable": posted,
                "draft": self._draft_sql,
                "order": self._order_sql,
                "plain order": partial(self._order_sql, plain=True),
            }
            if self.env["credit.instrument"]._any():
                sources["uncleared"] = self._uncleared_sql
            if self.env["credit.assignment.line"]._any():
                sources["assigned"] = self._assigned_sql
            if self.env["credit.till"]._is_there():
                sources["till"] = self.env["credit.till"]._later_sql
        return SQL(" UNION ALL ").join(
            source(columns or tuple(COLUMNS), customer)
            for kind, source in sources.items()
            if kind in (kinds or ALL_KINDS)
        )

    @api.model
    def _kinds_of(self, orders) -> tuple:
        """The kinds to read of a customer of whom :meth:`_orders_sql` said ``orders``.

        A kind that the customer has nothing of costs PostgreSQL as much time to plan as any other.
        """
        if orders is None:
            return ("receivable", "draft", *SELDOM)
        if orders:
            return ALL_KINDS
        return ("receivable", "draft", "plain order", *SELDOM)

    @api.model
    def _kind_sql(self, columns, values: dict, source: SQL, joins: dict, where: SQL) -> SQL:
        """One kind of item; of ``joins`` only what the columns need.

        :param columns: names to select, in their order
        :param values: ``{column: SQL}``; what is missing is NULL
        :param joins: ``{alias: SQL}``, each may use the aliases before it
        """
        nothing = {name: SQL("NULL::" + kind) for name, kind in COLUMNS.items()}
        values = nothing | {"in_payment": SQL("FALSE"), "no_followup": SQL("FALSE")} | values
        values = {"disputed_amount": SQL("0::numeric"), "legal": SQL("FALSE")} | values
        select = SQL(", ").join(
            SQL("%s AS %s", values[name], SQL.identifier(name)) for name in columns
        )
        return SQL(
            "SELECT %s FROM %s %s WHERE %s",
            select,
            source,
            needed_joins(SQL("%s %s", select, where), joins),
            where,
        )

    @api.model
    def _owner_sql(self, contact: SQL, customer: SQL | None) -> tuple[SQL, SQL]:
        """Whose an item is: SQL of the commercial partner's id, and of which items are read.

        The items of one customer are found by the ids of all the customer's contacts, without
        joining a partner to each kind: PostgreSQL plans that in a fraction of the time.

        :param contact: the partner that the document names
        :param customer: see :meth:`_items_sql`
        """
        if customer is None:
            return SQL("partner.commercial_partner_id"), SQL("TRUE")
        return customer, SQL(
            "%s = ANY(ARRAY(SELECT contact.id FROM res_partner contact"
            " WHERE contact.commercial_partner_id = %s))",
            contact,
            customer,
        )

    @api.model
    def _due_sql(self) -> SQL:
        """When an item is due; with ``original_due`` in the context, when it was before a plan."""
        due = SQL("COALESCE(line.date_maturity, line.date)")
        if not self.env.context.get("original_due"):
            return due
        return SQL(
            """COALESCE((SELECT MIN(planned.date_original) FROM credit_plan_item planned
                          WHERE planned.move_line_id = line.id
                            AND planned.date_new IS NOT NULL), %s)""",
            due,
        )

    @api.model
    def _receivable_columns(self, owner: SQL, amount: SQL, amount_currency: SQL) -> dict:
        return {
            "id": SQL("line.id * 3::bigint"),
            "kind": SQL("'receivable'"),
            "name": SQL("COALESCE(NULLIF(move.name, '/'), move.ref, line.name)"),
            "move_line_id": SQL("line.id"),
            "move_id": SQL("line.move_id"),
            "partner_id": owner,
            "company_id": self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
            "branch_id": SQL("line.company_id"),
            "user_id": SQL("COALESCE(move.invoice_user_id, customer.user_id)"),
            # Not a join: PostgreSQL drops what is not selected, but not a join that others feed.
            "team_id": SQL(
                "COALESCE(move.team_id, (SELECT seller.sale_team_id FROM res_users seller"
                " WHERE seller.id = COALESCE(move.invoice_user_id, customer.user_id)))"
            ),
            "currency_id": SQL("line.currency_id"),
            "amount_currency": amount_currency,
            "amount": amount,
            "date": SQL("COALESCE(move.invoice_date, line.date)"),
            "date_due": self._due_sql(),
            "in_payment": self._in_payment_sql(amount),
            "no_followup": SQL(
                "COALESCE(line.no_followup, FALSE)"
                " OR COALESCE(move.payment_state = 'blocked', FALSE)"
            ),
            "disputed_amount": SQL(
                "LEAST(%s, GREATEST(%s, 0))", self._disputed_sql(SQL("line.id")), amount
            ),
            "disputed_currency": SQL(
                "LEAST(CASE WHEN line.currency_id = line.company_currency_id THEN %s ELSE %s END,"
                " GREATEST(%s, 0))",
                self._disputed_sql(SQL("line.id")),
                self._disputed_sql(SQL("line.id"), own_currency=True),
                amount_currency,
            ),
            "promised_until": self._promised_sql("line"),
            "legal": self.env["credit.case"]._legal_sql(SQL("line.id")),
            "promised_part": self._promised_part_sql("line", amount, amount_currency),
            "paying_part": self._paying_part_sql(amount),
            "is_refund": SQL("move.move_type = 'out_refund'"),
            "contact_id": SQL("COALESCE(move.partner_id, line.partner_id)"),
        }

    @api.model
    def _in_payment_sql(self, amount: SQL) -> SQL:
        """A payment waits to be matched; a past day's waiting payments are not recorded."""
        if self._is_past():
            return SQL("FALSE")
        return SQL(
            "COALESCE(move.payment_state IN ('in_payment', 'paid') AND %s > 0, FALSE) OR %s",
            amount,
            self.env["credit.instrument"]._protects_sql(SQL("line.id")),
        )

    @api.model
    def _paying_part_sql(self, amount: SQL) -> SQL:
        """The share of an item that payments cover which have no entry yet, 0 to 1.

        A payment of several invoices is shared out by what is open of them.
        """
        if self._is_past():
            return SQL("0::numeric")
        return SQL(
            """
            CASE WHEN %(paying)s THEN COALESCE((
                 SELECT LEAST(SUM(ABS(payment.amount_company_currency_signed) / whole.open), 1)
                   FROM account_move__account_payment paid
                   JOIN account_payment payment ON payment.id = paid.payment_id
                    AND payment.move_id IS NULL AND payment.state IN ('in_process', 'paid')
                  CROSS JOIN LATERAL (
                        SELECT NULLIF(SUM(other.amount_residual), 0) AS open
                          FROM account_move__account_payment together
                          JOIN account_move_line other ON other.move_id = together.invoice_id
                           AND other.account_id = ANY(%(accounts)s) AND other.amount_residual > 0
                         WHERE together.payment_id = payment.id) AS whole
                  WHERE paid.invoice_id = line.move_id), 1) ELSE 0 END
            """,
            paying=self._in_payment_sql(amount),
            accounts=self._receivable_account_ids(),
        )

    @api.model
    def _receivable_joins(self) -> dict:
        return {
            "move": SQL("LEFT JOIN account_move move ON move.id = line.move_id"),
            "partner": SQL("LEFT JOIN res_partner partner ON partner.id = line.partner_id"),
            "customer": CUSTOMER,
        }

    @api.model
    def _receivable_sql(self, columns, customer=None) -> SQL:
        """Posted, unreconciled receivable lines: one row per instalment, credits negative."""
        owner, mine = self._owner_sql(SQL("line.partner_id"), customer)
        amounts = SQL("line.amount_residual"), SQL("line.amount_residual_currency")
        is_open = SQL(
            "line.reconciled IS NOT TRUE"
            " AND (line.amount_residual != 0 OR line.amount_residual_currency != 0)"
        )
        joins = self._receivable_joins()
        if self._any_unposted_match():
            amounts = (
                SQL("line.amount_residual + COALESCE(undone.amount, 0)"),
                SQL("line.amount_residual_currency + COALESCE(undone.amount_currency, 0)"),
            )
            undone = self._undone_sql(SQL("line.id"))
            joins = {"undone": SQL("LEFT JOIN LATERAL (%s) AS undone ON TRUE", undone), **joins}
            is_open = SQL("((%s) OR line.id = ANY(%s))", is_open, self._undone_lines_sql())
        return self._kind_sql(
            columns,
            self._receivable_columns(owner, *amounts),
            SQL("account_move_line line"),
            joins,
            SQL(
                """line.account_id = ANY(%(accounts)s)
                   AND %(is_open)s
                   AND line.parent_state = 'posted'
                   AND %(mine)s
                """,
                accounts=self._receivable_account_ids(),
                is_open=is_open,
                mine=mine,
            ),
        )

    @api.model
    def _uncleared_sql(self, columns, customer=None) -> SQL:
        """Instruments that are booked as payments and have not cleared: money not there yet.

        One that is not booked pays nothing so far: its items are still open by themselves.
        """
        owner, mine = self._owner_sql(SQL("instrument.partner_id"), customer)
        return self._kind_sql(
            columns,
            {
                "id": SQL("1000000000000 + instrument.id::bigint"),
                "kind": SQL("'uncleared'"),
                "name": SQL("instrument.number"),
                "partner_id": owner,
                "company_id": SQL("instrument.company_id"),
                "branch_id": SQL("instrument.company_id"),
                "user_id": SQL("customer.user_id"),
                "currency_id": SQL("instrument.currency_id"),
                "amount_currency": SQL("instrument.amount"),
                "amount": SQL("instrument.amount_company"),
                "date": SQL("instrument.received_on"),
                "date_due": SQL("instrument.date_due"),
                "in_payment": SQL("TRUE"),
            },
            SQL("credit_instrument instrument"),
            {
                "partner": SQL(
                    "LEFT JOIN res_partner partner ON partner.id = instrument.partner_id"
                ),
                "customer": CUSTOMER,
            },
            SQL(
                """instrument.state IN ('received', 'deposited')
                   AND instrument.payment_id IS NOT NULL
                   AND instrument.counts_on_receipt IS NOT TRUE AND %s
                """,
                mine,
            ),
        )

    @api.model
    def _assigned_sql(self, columns, customer=None) -> SQL:
        """Debts with a factor who may charge them back: out of the books, still at risk."""
        owner, mine = self._owner_sql(SQL("assigned.partner_id"), customer)
        return self._kind_sql(
            columns,
            {
                "id": SQL("2000000000000 + assigned.id::bigint"),
                "kind": SQL("'assigned'"),
                "name": SQL("assigned.document"),
                "partner_id": owner,
                "company_id": SQL("assigned.company_id"),
                "branch_id": SQL("assigned.company_id"),
                "user_id": SQL("customer.user_id"),
                "currency_id": SQL("assigned.currency_id"),
                "amount_currency": SQL("assigned.amount"),
                "amount": SQL("assigned.amount_company"),
                "date": SQL("assigned.date_due"),
                "date_due": SQL("assigned.date_due"),
                "in_payment": SQL("FALSE"),
            },
            SQL("credit_assignment_line assigned"),
            {
                "partner": SQL("LEFT JOIN res_partner partner ON partner.id = assigned.partner_id"),
                "customer": CUSTOMER,
            },
            SQL("assigned.state = 'open' AND assigned.with_recourse AND %s", mine),
        )

    @api.model
    @tools.ormcache()
    def _any_unposted_match(self):
        """Whether any entry that is not posted is matched, which is hardly ever so.

        Forgotten when entries leave or enter the ledger with their matching.
        """
        self.env["account.move.line"].flush_model(["matching_number", "parent_state"])
        [[found]] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM account_move_line"
                " WHERE parent_state != 'posted' AND matching_number IS NOT NULL)"
            )
        )
        return found

    @api.model
    def _undone_sql(self, line: SQL) -> SQL:
        """What entries that are not posted took off an item: one row, (amount, amount_currency).

        Odoo keeps the matching of an entry that is set back to draft. There is hardly ever one:
        they are found by an index of their own, and only for their items is anything summed up.
        """
        return SQL(
            """
            SELECT SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
              FROM (%(matches)s) AS undone
             WHERE undone.line_id = %(line)s AND %(line)s = ANY(%(lines)s)
            """,
            matches=self._unposted_matches_sql(),
            line=line,
            lines=self._undone_lines_sql(),
        )

    @api.model
    def _undone_lines_sql(self) -> SQL:
        """The ids of the items that entries which are not posted are matched with, an array."""
        return SQL("ARRAY(SELECT line_id FROM (%s) AS undone)", self._unposted_matches_sql())

    @api.model
    def _unposted_before_sql(self) -> SQL:
        """The unposted matches of days up to the one asked for, as a further part of a UNION."""
        if not self._any_unposted_match():
            return SQL()
        return SQL(
            "UNION ALL SELECT line_id, amount, amount_currency FROM (%s) AS undone"
            " WHERE max_date <= %s",
            self._unposted_matches_sql(),
            self._today(),
        )

    @api.model
    def _unposted_matches_sql(self) -> SQL:
        """The matches of entries that are not posted: (line_id, max_date, amount,
        amount_currency), signed so that adding them to the residual undoes them."""
        sides = (
            ("debit_move_id", "credit_move_id", "debit_amount_currency", SQL("1")),
            ("credit_move_id", "debit_move_id", "credit_amount_currency", SQL("-1")),
        )
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT matched.%(own)s AS line_id, matched.max_date,
                       %(sign)s * matched.amount AS amount,
                       %(sign)s * matched.%(currency)s AS amount_currency
                  FROM account_move_line unposted
                  JOIN account_partial_reconcile matched ON matched.%(other)s = unposted.id
                 WHERE unposted.parent_state != 'posted' AND unposted.matching_number IS NOT NULL
                """,
                own=SQL.identifier(own),
                other=SQL.identifier(other),
                currency=SQL.identifier(currency),
                sign=sign,
            )
            for own, other, currency, sign in sides
        )

    @api.model
    def _receivable_as_of_sql(self, columns, customer=None) -> SQL:
        """Posted receivable lines as they were on a day, today included."""
        owner, mine = self._owner_sql(SQL("line.partner_id"), customer)
        return self._kind_sql(
            columns,
            self._receivable_columns(owner, SQL("line.residual"), SQL("line.residual_currency")),
            SQL("(%s) AS line", self._lines_as_of_sql()),
            self._receivable_joins(),
            SQL("(line.residual != 0 OR line.residual_currency != 0) AND %s", mine),
        )

    @api.model
    def _lines_as_of_sql(self) -> SQL:
        """The journal items with what was open of them on a day.

        That is what is open now plus what was matched after that day: not open now, a line is
        found through its matching, so that the years before do not count.
        """
        line = SQL(
            """
            SELECT %s, line.amount_residual + COALESCE(later.amount, 0) AS residual,
                   line.amount_residual_currency + COALESCE(later.amount_currency, 0)
                   AS residual_currency
            """,
            SQL(", ").join(SQL.identifier("line", name) for name in LINE),
        )
        posted = SQL(
            "line.account_id = ANY(%s) AND line.parent_state = 'posted' AND line.date <= %s",
            self._receivable_account_ids(),
            self._today(),
        )
        return SQL(
            """
            WITH later AS (
                 SELECT line_id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
                   FROM (
                        SELECT debit_move_id AS line_id, amount,
                               debit_amount_currency AS amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s
                         UNION ALL
                        SELECT credit_move_id, -amount, -credit_amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s
                        %(unposted)s
                        ) AS matched
                  GROUP BY line_id)
            %(line)s FROM account_move_line line LEFT JOIN later ON later.line_id = line.id
             WHERE line.reconciled IS NOT TRUE AND %(posted)s
             UNION ALL
            %(line)s FROM later JOIN account_move_line line ON line.id = later.line_id
             WHERE line.reconciled AND %(posted)s
            """,
            day=self._today(),
            unposted=self._unposted_before_sql(),
            line=line,
            posted=posted,
        )

    @api.model
    def _draft_sql(self, columns, customer=None) -> SQL:
        """Draft customer invoices, one row per document.

        A draft that would lower what is owed, as a credit note does, is a promise of our own:
        until it is posted anybody can delete it again.
        """
        owner, mine = self._owner_sql(SQL("move.commercial_partner_id"), customer)
        return self._kind_sql(
            columns,
            {
                "id": SQL("move.id * 3::bigint + 1"),
                "kind": SQL("'draft'"),
                "name": SQL(
                    "COALESCE(NULLIF(move.name, '/'), move.ref, 'Draft ' || move.id::text)"
                ),
                "move_id": SQL("move.id"),
                "partner_id": owner,
                "company_id": self.env["res.company"]._credit_root_sql(SQL("move.company_id")),
                "branch_id": SQL("move.company_id"),
                "user_id": SQL("COALESCE(move.invoice_user_id, customer.user_id)"),
                "team_id": SQL("move.team_id"),
                "currency_id": SQL("move.currency_id"),
                "amount_currency": SQL("move.amount_total_in_currency_signed"),
                "amount": SQL("move.amount_total_signed"),
                "date": SQL("COALESCE(move.invoice_date, move.date)"),
                "date_due": SQL("move.invoice_date_due"),
            },
            SQL("account_move move"),
            {
                "partner": SQL(
                    "JOIN res_partner partner ON partner.id = move.commercial_partner_id"
                ),
                "customer": CUSTOMER,
            },
            SQL(
                """move.state = 'draft'
                   AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND move.amount_total_in_currency_signed > 0
                   AND %s
                """,
                mine,
            ),
        )
