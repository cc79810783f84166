from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.pinned_ids import pinned_ids
from ...tools.segments import SEGMENTS
from ...tools.sql import without_jit
from .credit_as_of_mixin import DATED

KINDS = [
    ("receivable", "Posted"),
    ("draft", "Draft invoice"),
    ("order", "Confirmed order"),
    ("uncleared", "Uncleared instrument"),
    ("assigned", "Assigned with recourse"),
]


class CreditOpenItem(models.Model):
    """What a customer owes, one row per open thing.

    This is the only place that says what is open; positions, follow-up, aging and figures
    aggregate it.  The context key ``as_of`` (a date) asks for the ledger of a day, today included:
    what was posted by then, less what was matched by then; drafts and orders, whose past is not
    recorded, are left out of past days.  Without it everything that is known counts, also what is
    dated later: that is what holds and letters go by.
    """

    _name = "credit.open.item"
    _inherit = "credit.as.of.mixin"
    _description = "Open Item"
    _auto = False
    _rec_name = "name"
    _order = "date_due, id"

    name = fields.Char("Document", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    account_id = fields.Many2one("credit.account", "Credit File", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    order_line_id = fields.Many2one("sale.order.line", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    branch_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_currency = fields.Monetary("Amount in Currency", **DATED)
    amount = fields.Monetary(
        currency_field="company_currency_id", help="In the company's currency.", **DATED
    )
    date = fields.Date(readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    date_expected = fields.Date(
        "Delivery Date", readonly=True, help="For orders: when they should be delivered."
    )
    days_overdue = fields.Integer(
        aggregator="max", help="Days since the due date; zero when not due.", **DATED
    )
    is_overdue = fields.Boolean(
        "Overdue", help="Past the due date by more than the days of grace.", **DATED
    )
    in_payment = fields.Boolean(
        help="A payment is registered and not matched with the bank yet. Not known of past days.",
        **DATED,
    )
    no_followup = fields.Boolean("No Follow-up", readonly=True)
    disputed_amount = fields.Monetary(
        "Disputed", readonly=True, currency_field="company_currency_id"
    )
    promised_until = fields.Date(readonly=True)
    legal = fields.Boolean(readonly=True, help="In a case: with lawyers, an agency or in court.")
    is_refund = fields.Boolean("Credit Note", readonly=True)
    followup_level_id = fields.Many2one("credit.followup.level", "Level Reached", readonly=True)

    _depends = {
        "account.move": [
            "name", "ref", "state", "move_type", "commercial_partner_id", "company_id",
            "invoice_user_id", "team_id", "currency_id", "amount_total_signed",
            "amount_total_in_currency_signed", "invoice_date", "date", "invoice_date_due",
            "payment_state", "reversed_entry_id", "amount_residual", "amount_total",
        ],
        "account.move.line": [
            "move_id", "partner_id", "account_id", "company_id", "currency_id", "date",
            "date_maturity", "amount_residual", "amount_residual_currency", "reconciled",
            "parent_state", "no_followup", "name", "price_total", "quantity", "sale_line_ids",
        ],
        "account.partial.reconcile": [
            "amount", "debit_amount_currency", "credit_amount_currency", "max_date",
            "debit_move_id", "credit_move_id",
        ],
        "account.payment": [
            "amount", "amount_company_currency_signed", "currency_id", "move_id", "state",
            "invoice_ids",
        ],
        "account.tax": ["amount", "amount_type", "price_include_override"],
        "credit.account": ["partner_id", "company_id", "policy_id", *SEGMENTS],
        "credit.case": ["account_id", "state", "opened_on", "closed_on", "move_line_ids"],
        "credit.dispute": [
            "move_line_id", "state", "amount", "amount_company", "credited", "credited_by",
            "opened_on", "closed_on", "reason_id",
        ],
        "credit.dispute.reason": ["sales_at_fault"],
        "credit.followup.line": ["move_line_id", "level_id", "state", "stepped_down"],
        "credit.followup.level": ["delay", "sequence"],
        "credit.instrument": [
            "account_id", "state", "payment_id", "amount", "amount_company", "currency_id",
            "received_on", "date_due", "move_line_ids", "counts_on_receipt",
        ],
        "credit.policy": [
            "grace_days", "order_horizon_days", "active", "sequence", "category_ids", *SEGMENTS,
        ],
        "credit.promise": [
            "state", "date", "made_on", "judged_on", "move_line_ids", "missing", "unmatched",
            "amount", "amount_company", "currency_id",
        ],
        "product.template": ["invoice_policy"],
        "res.company": ["parent_path", "credit_default_policy_id"],
        "res.partner": ["commercial_partner_id", "user_id", "country_id", "category_id"],
        "res.users": ["sale_team_id"],
        "sale.order": [
            "name", "state", "invoice_status", "partner_invoice_id", "company_id", "user_id",
            "team_id", "currency_id", "currency_rate", "date_order", "commitment_date",
            "amount_total", "amount_untaxed",
        ],
        "sale.order.line": [
            "order_id", "state", "display_type", "is_downpayment", "product_id", "product_uom_qty",
            "product_uom_id", "qty_delivered", "qty_invoiced", "price_total", "price_unit",
            "discount", "tax_ids",
        ],
        "stock.move": ["sale_line_id", "state", "quantity", "location_id"],
    }  # fmt: skip

    @api.model
    @tools.ormcache("trade")
    def _receivable_account_ids(self, trade=True):
        """Ids of the accounts that customers owe on; known before the query, the partial index
        serves.

        :param trade: False for those that Odoo calls *non trade*: taxes, owners, employees
        """
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        return accounts.search(
            [("account_type", "=", "asset_receivable"), ("non_trade", "=", not trade)]
        ).ids

    @api.model
    def _search(self, domain, *args, **kwargs):
        # The file is joined to the items at the end; its customer is found through indexes.
        domain = Domain(domain)
        files = pinned_ids(self, domain, "account_id")
        if files and False not in files:
            found = (
                self.env["credit.account"]
                .sudo()
                .search_fetch([("id", "in", files)], ["partner_id"])
            )
            domain &= Domain("partner_id", "in", found.partner_id.ids)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _posted_of(self, accounts):
        """The posted open items of these files, oldest first, read with all their fields: asked
        for by id afterwards, everybody's items of all kinds would be looked at."""
        self.invalidate_model(flush=False)
        if not accounts.ids:
            return self.browse()
        columns = [field for field in self._fields.values() if field.store and field.column_type]
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM %s AS item WHERE %s ORDER BY date_due, id",
                SQL(", ").join(SQL.identifier(field.name) for field in columns),
                self._posted_sql(),
                self._of_files_sql(accounts),
            )
        )
        if not rows:
            return self.browse()
        values = dict(zip((field.name for field in columns), zip(*rows, strict=True), strict=True))
        items = self.browse(values["id"])
        for field in columns:
            if field.name != "id":
                field._insert_cache(items, values[field.name])
        return items

    @api.model
    def _of_files_sql(self, accounts) -> SQL:
        """Which rows are of these files, as a condition on the columns of the model."""
        if len(accounts) == 1:  # PostgreSQL carries that to where the items are
            return SQL(
                "partner_id = %s AND company_id = %s",
                accounts.partner_id.id,
                accounts.company_id.id,
            )
        return SQL(
            "partner_id = ANY(%s) AND company_id = ANY(%s) AND account_id = ANY(%s)",
            accounts.partner_id.ids,
            accounts.company_id.ids,
            accounts.ids,
        )

    @api.model
    def _read_receivable(self, accounts):
        """The posted open items of these files as dicts, oldest first, as the rules read them."""
        columns = (
            "id",
            "account_id",
            "name",
            "amount",
            "date_due",
            "days_overdue",
            "disputed_amount",
            "currency_id",
            "amount_currency",
            "disputed_currency",
            "is_refund",
        )
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT %(columns)s,
                       is_overdue AND NOT %(passes)s AS is_overdue,
                       CASE WHEN no_followup THEN 1
                            WHEN promised_until >= %(today)s THEN LEAST(promised_part, 1)
                            ELSE 0 END AS alone_share
                  FROM %(items)s AS item
                 WHERE %(mine)s
                 ORDER BY date_due, id
                """,
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                passes=self.env["credit.plan"]._lets_pass_sql(SQL("item.move_line_id")),
                items=self._posted_sql(),
                mine=self._of_files_sql(accounts),
                today=self._today(),
            )
        )

    # ------------------------------------------------------------------
    # SQL: one builder for items and positions
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        without_jit(self.env)
        return self._query_sql()

    @api.model
    def _sql_key(self):
        """All that the SQL depends on, besides what is cached in the same place."""
        context = self.env.context
        return (
            self._today(),
            self._context_day("as_of"),
            self._past_day(),
            self._any_unposted_match(),
            bool(context.get("original_due")),
        )

    @api.model
    @tools.ormcache("self._sql_key()")
    def _posted_sql(self) -> SQL:
        """The posted items, to select from.

        Of a single kind PostgreSQL works out only what is selected; below a UNION, everything.
        """
        flushed = (SQL(to_flush=field) for field in self._table_sql.to_flush)
        return SQL().join([SQL("(%s)", self._query_sql(("receivable",))), *flushed])

    @api.model
    @tools.ormcache("kinds", "self._sql_key()")
    def _query_sql(self, kinds=None) -> SQL:
        """The rows of the model, of all kinds or of some.

        Putting it together takes longer than reading one customer's, so it is kept.
        """
        today = self._today()
        Policy = self.env["credit.policy"]
        return SQL(
            """
            SELECT item.*, account.id AS account_id, partner.country_id,
                   GREATEST(%(today)s - item.date_due, 0) AS days_overdue,
                   %(is_overdue)s AS is_overdue,
                   %(level)s AS followup_level_id
              FROM (%(items)s) AS item
              LEFT JOIN res_partner partner ON partner.id = item.partner_id
              LEFT JOIN credit_account account
                ON account.partner_id = item.partner_id AND account.company_id = item.company_id
              LEFT JOIN credit_policy policy ON policy.id = %(policy)s
             WHERE item.kind != 'order' OR item.amount_currency != 0
            """,
            today=today,
            items=self._items_sql(kinds=kinds),
            is_overdue=self._is_overdue_sql("item", "policy"),
            level=self._followup_level_sql("item"),
            policy=Policy._effective_policy_sql(
                SQL("account.policy_id"), SQL("item.partner_id"), SQL("item.company_id")
            ),
        )

    @api.model
    def _is_overdue_sql(self, item: str, policy: str) -> SQL:
        """Strictly later than the due date plus the policy's grace; only what the customer owes.

        A draft is not owed yet, whatever due date it shows.
        A difference of exchange that waits for its entry is nothing that anybody can pay.
        """
        return SQL(
            "COALESCE(%(kind)s = 'receivable' AND %(amount)s > 0 AND %(owed)s != 0"
            " AND %(due)s + COALESCE(%(grace)s, 0) < %(today)s, FALSE)",
            kind=SQL.identifier(item, "kind"),
            amount=SQL.identifier(item, "amount"),
            owed=SQL.identifier(item, "amount_currency"),
            due=SQL.identifier(item, "date_due"),
            grace=SQL.identifier(policy, "grace_days"),
            today=self._today(),
        )

    @api.model
    def _left_alone_sql(self, item: str, policy: str) -> dict:
        """What of an item is left alone and what is asked for, in the company's currency.

        As ``core.dunning`` decides it: ``alone`` is muted or promised, ``disputed`` disputed, and
        ``asked`` what neither of them nor a payment on its way covers.
        """
        amount = SQL.identifier(item, "amount")
        columns = {
            name: SQL.identifier(item, name)
            for name in ("no_followup", "disputed_amount", "promised_part", "paying_part")
        }
        promised = SQL(
            "CASE WHEN %(until)s + COALESCE(%(tolerance)s, 0) >= %(today)s"
            " THEN %(amount)s * %(promised_part)s ELSE 0 END",
            until=SQL.identifier(item, "promised_until"),
            tolerance=SQL.identifier(policy, "promise_tolerance_days"),
            today=self._today(),
            amount=amount,
            promised_part=columns["promised_part"],
        )
        values = {**columns, "amount": amount, "promised": promised}
        return {
            "alone": SQL(
                "CASE WHEN %(amount)s <= 0 THEN 0 WHEN %(no_followup)s THEN %(amount)s"
                " ELSE LEAST(%(promised)s, %(amount)s - %(disputed_amount)s) END",
                **values,
            ),
            "disputed": SQL(
                "CASE WHEN %(amount)s <= 0 OR %(no_followup)s THEN 0 ELSE %(disputed_amount)s END",
                **values,
            ),
            "asked": SQL(
                "CASE WHEN %(no_followup)s THEN 0 ELSE GREATEST(%(amount)s - %(disputed_amount)s"
                " - %(promised)s - %(amount)s * %(paying_part)s, 0) END",
                **values,
            ),
        }

    def action_open_document(self):
        """Open the invoice, the entry or the order."""
        self.ensure_one()
        document = self.order_id or self.move_id
        if not document:
            raise UserError(self.env._("There is no document behind this item."))
        return document.get_formview_action()

    def action_send_copy(self):
        """Send the invoice behind the item once more."""
        self.ensure_one()
        self.check_access("read")
        move = self.move_id
        if not move.is_sale_document():
            raise UserError(self.env._("There is no invoice behind this item."))
        return move.action_send_and_print()
