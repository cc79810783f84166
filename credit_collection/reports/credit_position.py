from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..prepared import execute_prepared
from .credit_dated import DATED
from .credit_named import named_ids

# What the figures are made of.
COLUMNS = (
    "kind", "partner_id", "company_id", "amount", "amount_currency", "date_due", "date_expected",
    "disputed_amount", "promised_until", "in_payment", "no_followup",
)  # fmt: skip
# In the context: the query will read all files.  It changes the plan, never the result.
ALL_FILES = "credit_all_files"

FIGURES = {
    "receivable": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'receivable')"),
    "draft": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'draft')"),
    "ordered": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'order')"),
    "unallocated": SQL(
        "-SUM(item.amount) FILTER (WHERE item.kind = 'receivable' AND item.amount < 0)"
    ),
    "disputed": SQL("SUM(item.disputed_amount)"),
}


class CreditPosition(models.Model):
    """The figures of each credit file, in the company's currency; ``id`` is the file's id."""

    _name = "credit.position"
    _inherit = "credit.dated"
    _description = "Credit Position"
    _auto = False
    _rec_name = "partner_id"
    _order = "exposure desc, id"

    account_id = fields.Many2one("credit.account", "Credit File", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    policy_id = fields.Many2one("credit.policy", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    receivable = fields.Monetary(help="Posted and unpaid, net of credits.", **DATED)
    overdue = fields.Monetary(help="The part of the receivable that is late.", **DATED)
    to_chase = fields.Monetary(
        help="Overdue and neither disputed, promised, in payment nor muted, less what is paid and "
        "not matched yet.",
        **DATED,
    )
    draft = fields.Monetary("Draft Invoices", **DATED)
    ordered = fields.Monetary(help="Confirmed orders not invoiced yet.", **DATED)
    unallocated = fields.Monetary(
        help="Payments and credit notes that no invoice was matched with.", **DATED
    )
    disputed = fields.Monetary(**DATED)
    exposure = fields.Monetary(help="Receivable + draft invoices + orders.", **DATED)
    credit_limit = fields.Monetary(**DATED)
    unlimited = fields.Boolean(**DATED)
    limit_source = fields.Selection(
        [("default", "Policy default"), ("limit", "Approved limit")], **DATED
    )
    limit_date_to = fields.Date("Limit Ends", **DATED)
    limit_expired_on = fields.Date(**DATED)
    limit_label = fields.Char("Limit", compute="_compute_limit_label")
    available = fields.Monetary(help="Limit less exposure; zero when unlimited.", **DATED)
    utilisation = fields.Float(
        aggregator="avg", help="Exposure as a share of the limit; 1 is 100 %.", **DATED
    )
    over_limit = fields.Boolean(**DATED)
    oldest_due_date = fields.Date(**DATED)
    max_days_overdue = fields.Integer("Days Overdue", aggregator="max", **DATED)
    manual_hold = fields.Boolean(readonly=True)
    on_hold = fields.Boolean(
        readonly=True, help="The customer, an order or a delivery of theirs is held."
    )

    _depends = {
        "credit.open.item": ["amount"],
        "credit.account": ["partner_id", "company_id", "policy_id", "manual_hold", "collector_id"],
        "credit.hold": ["account_id", "state"],
        "credit.limit": [
            "account_id", "state", "kind", "amount_company", "unlimited", "date_from", "date_to",
            "decided_on",
        ],
        "credit.policy": ["default_limit", "default_unlimited", "promise_tolerance_days"],
        "res.company": ["currency_id"],
        "res.partner": ["user_id", "country_id"],
    }  # fmt: skip

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT account.id, account.id AS account_id, account.partner_id, account.company_id,
                   company.currency_id, policy.id AS policy_id, partner.user_id,
                   account.collector_id, partner.country_id,
                   COALESCE(account.manual_hold, FALSE) AS manual_hold,
                   COALESCE(account.manual_hold, FALSE) OR EXISTS (
                       SELECT FROM credit_hold hold
                        WHERE hold.account_id = account.id AND hold.state = 'held') AS on_hold,
                   figure.receivable, figure.overdue, figure.draft, figure.ordered,
                   figure.unallocated, figure.disputed, figure.exposure,
                   GREATEST(figure.chase - figure.unallocated, 0) AS to_chase,
                   figure.oldest_due_date,
                   COALESCE(GREATEST(%(today)s - figure.oldest_due_date, 0), 0)
                       AS max_days_overdue,
                   allowed.unlimited,
                   CASE WHEN allowed.unlimited THEN NULL ELSE allowed.amount END AS credit_limit,
                   CASE WHEN allowed.unlimited THEN NULL
                        ELSE allowed.amount - figure.exposure END AS available,
                   CASE WHEN allowed.unlimited THEN NULL
                        WHEN allowed.amount > 0 THEN figure.exposure / allowed.amount
                        WHEN figure.exposure > 0 THEN 9.99
                        ELSE 0 END AS utilisation,
                   NOT allowed.unlimited AND figure.exposure > allowed.amount AS over_limit,
                   CASE WHEN base.account_id IS NULL THEN 'default' ELSE 'limit' END
                       AS limit_source,
                   base.date_to AS limit_date_to,
                   CASE WHEN base.account_id IS NULL THEN other.expired_on END AS limit_expired_on
              FROM credit_account account
              LEFT JOIN res_partner partner ON partner.id = account.partner_id
              LEFT JOIN res_company company ON company.id = account.company_id
              LEFT JOIN credit_policy policy ON policy.id = %(policy)s
              %(limits)s
              %(figures)s
              CROSS JOIN LATERAL (
                   SELECT CASE WHEN base.account_id IS NULL
                               THEN COALESCE(policy.default_unlimited, TRUE)
                               ELSE COALESCE(base.unlimited, FALSE) END AS unlimited,
                          COALESCE(CASE WHEN base.account_id IS NULL THEN policy.default_limit
                                        ELSE base.amount END, 0)
                              + COALESCE(other.extra, 0) AS amount
                   ) AS allowed
            """,
            today=self.env["credit.open.item"]._today(),
            policy=self.env["credit.policy"]._effective_policy_sql(
                SQL("account.policy_id"), SQL("account.partner_id"), SQL("account.company_id")
            ),
            limits=self.env["credit.limit"]._effective_sql(
                SQL("TRUE") if self._reads_all() else SQL("l.account_id = account.id"),
                self.env["credit.open.item"]._today(),
                past=self.env["credit.open.item"]._is_past(),
            ),
            figures=self._figures_sql(),
        )

    @api.model
    def _read_prepared(self, file_id, names):
        """The position of one file, by a plan that is kept: see :mod:`..prepared`.

        :param names: columns
        """
        rows = execute_prepared(
            self.env,
            SQL(
                "SELECT %(columns)s FROM %(positions)s AS position WHERE id = %(file)s",
                columns=SQL(", ").join(SQL.identifier(name) for name in names),
                positions=self._table_sql,
                file=file_id,
            ),
        )
        positions = self.browse(file_id if rows else ())
        for row in rows:
            for name in names:
                field = self._fields[name]
                field._update_cache(positions, field.convert_to_cache(row[name], positions, False))
        return positions

    @api.model
    def _reads_all(self):
        """Whether to add up all customers' items at once rather than each file's by itself."""
        return self.env.context.get(ALL_FILES) or self.env["credit.open.item"]._is_past()

    @api.model
    def _figures_sql(self) -> SQL:
        """The sums of each file's items, as the join ``figure`` to ``account``.

        For some files a LATERAL sum per file, which touches only that customer's rows (PostgreSQL
        does not carry a list of ids into a grouped join); for all of them one grouped join.
        """
        Item = self.env["credit.open.item"]
        overdue = Item._is_overdue_sql("item", "policy")
        sums = SQL(", ").join(
            SQL("COALESCE(%s, 0) AS %s", figure, SQL.identifier(name))
            for name, figure in FIGURES.items()
        )
        late = SQL(
            "COALESCE(SUM(item.amount) FILTER (WHERE %(overdue)s), 0) AS overdue,"
            " COALESCE(SUM(item.amount), 0) AS exposure,"
            " MIN(item.date_due) FILTER (WHERE %(overdue)s) AS oldest_due_date,"
            " COALESCE(SUM(item.amount - item.disputed_amount)"
            " FILTER (WHERE %(overdue)s AND %(chase)s), 0) AS chase",
            overdue=overdue,
            chase=Item._is_chased_sql("item", "policy"),
        )
        horizon = Item._within_horizon_sql("item", "policy")
        if not self._reads_all():
            return SQL(
                """
                LEFT JOIN LATERAL (
                     SELECT %(sums)s, %(late)s
                       FROM (%(items)s) AS item
                      WHERE item.partner_id = account.partner_id
                        AND item.company_id = account.company_id
                        AND %(horizon)s) AS figure ON TRUE
                """,
                sums=sums,
                late=late,
                items=Item._items_sql(*COLUMNS),
                horizon=horizon,
            )
        names = [*FIGURES, "overdue", "exposure", "chase"]
        return SQL(
            """
            LEFT JOIN (
                 SELECT file.id AS account_id, %(sums)s, %(late)s
                   FROM (%(items)s) AS item
                   JOIN credit_account file
                     ON file.partner_id = item.partner_id AND file.company_id = item.company_id
                   LEFT JOIN credit_policy policy ON policy.id = %(policy)s
                  WHERE %(horizon)s
                  GROUP BY file.id) AS total ON total.account_id = account.id
            CROSS JOIN LATERAL (SELECT %(figures)s, total.oldest_due_date) AS figure
            """,
            sums=sums,
            late=late,
            items=Item._items_sql(*COLUMNS),
            horizon=horizon,
            policy=self.env["credit.policy"]._effective_policy_sql(
                SQL("file.policy_id"), SQL("file.partner_id"), SQL("file.company_id")
            ),
            figures=SQL(", ").join(
                SQL("COALESCE(%s, 0) AS %s", SQL.identifier("total", name), SQL.identifier(name))
                for name in names
            ),
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        # A search that does not name its files reads them all: one grouped join serves it best.
        domain = Domain(domain)
        named = [named_ids(self, domain, name) for name in ("id", "account_id", "partner_id")]
        if all(ids is None for ids in named):
            self = self.with_context(**{ALL_FILES: True})
            # The plan's cost lies above jit_above_cost; compiling takes longer than running it.
            self.env.cr.execute("SET LOCAL jit = off")
        return super()._search(domain, *args, **kwargs)

    @api.depends("credit_limit", "unlimited")
    @api.depends_context("lang", "as_of")
    def _compute_limit_label(self):
        Words = self.env["credit.words"]
        for position in self:
            position.limit_label = Words._limit_label(
                position.unlimited, position.credit_limit, position.currency_id
            )

    def action_open(self):
        """Open the credit file."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    def action_open_items(self):
        """Open what the customers owe, item by item."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_open_item_action"
        )
        action["domain"] = list(Domain("account_id", "in", self.account_id.ids))
        return action
