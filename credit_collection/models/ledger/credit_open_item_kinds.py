from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ...tools.sql import Join, needed_joins

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
        if self._past_day():
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
    def _kind_sql(self, columns, values: dict, source: SQL, joins, where: SQL) -> SQL:
        """One kind of item; of ``joins`` only what the columns need.

        :param columns: names to select, in their order
        :param values: ``{column: SQL}``; what is missing is NULL
        :param joins: each may use those before it, see ``tools.sql.Join``
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
            needed_joins(joins, columns),
            where,
        )

    @api.model
    def _owner_joins(self, partner: SQL, customer: SQL | None, *columns) -> tuple:
        """The partner that a document names, and its customer, who says who sells to it.

        :param customer: see :meth:`_items_sql`
        :param columns: those that the owner decides on, besides its own
        """
        own = () if customer is not None else ("partner_id", *columns)
        seller = ("user_id", "team_id")
        return Join(partner, (*seller, *own)), Join(CUSTOMER, seller)

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
            self._owner_joins(
                SQL("LEFT JOIN res_partner partner ON partner.id = instrument.partner_id"), customer
            ),
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
            self._owner_joins(
                SQL("LEFT JOIN res_partner partner ON partner.id = assigned.partner_id"), customer
            ),
            SQL("assigned.state = 'open' AND assigned.with_recourse AND %s", mine),
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
            self._owner_joins(
                SQL("JOIN res_partner partner ON partner.id = move.commercial_partner_id"), customer
            ),
            SQL(
                """move.state = 'draft'
                   AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND move.amount_total_in_currency_signed > 0
                   AND %s
                """,
                mine,
            ),
        )
