from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .credit_live import LIVE

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
    _inherit = ["credit.live"]
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
    receivable = fields.Monetary(**LIVE, help="Posted and unpaid, net of credits.")
    overdue = fields.Monetary(**LIVE, help="The part of the receivable that is late.")
    draft = fields.Monetary("Draft Invoices", **LIVE)
    ordered = fields.Monetary(**LIVE, help="Confirmed orders not invoiced yet.")
    unallocated = fields.Monetary(
        **LIVE, help="Payments and credit notes that no invoice was matched with."
    )
    disputed = fields.Monetary(**LIVE)
    exposure = fields.Monetary(**LIVE, help="Receivable + draft invoices + orders.")
    credit_limit = fields.Monetary(**LIVE)
    unlimited = fields.Boolean(**LIVE)
    limit_source = fields.Selection(
        [("default", "Policy default"), ("limit", "Approved limit")], **LIVE
    )
    limit_date_to = fields.Date("Limit Ends", **LIVE)
    limit_expired_on = fields.Date(**LIVE)
    limit_label = fields.Char("Limit", compute="_compute_limit_label")
    available = fields.Monetary(**LIVE, help="Limit less exposure; zero when unlimited.")
    utilisation = fields.Float(
        **LIVE, aggregator="avg", help="Exposure as a share of the limit; 1 is 100 %."
    )
    over_limit = fields.Boolean(**LIVE)
    oldest_due_date = fields.Date(**LIVE)
    max_days_overdue = fields.Integer("Days Overdue", **LIVE, aggregator="max")
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
        "credit.policy": ["default_limit", "default_unlimited", "active"],
        "res.company": ["currency_id"],
        "res.partner": ["user_id", "country_id"],
    }  # fmt: skip

    @property
    def _table_query(self) -> SQL:
        Item = self.env["credit.open.item"]
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
                   CASE WHEN lim.has_limit THEN 'limit' ELSE 'default' END AS limit_source,
                   lim.date_to AS limit_date_to,
                   lim.expired_on AS limit_expired_on
              FROM credit_account account
              JOIN res_partner partner ON partner.id = account.partner_id
              JOIN res_company company ON company.id = account.company_id
              LEFT JOIN credit_policy policy ON policy.id = %(policy)s
              CROSS JOIN LATERAL (%(limit)s) AS lim
              CROSS JOIN LATERAL (
                   SELECT CASE WHEN lim.has_limit THEN lim.unlimited
                               ELSE COALESCE(policy.default_unlimited, TRUE) END AS unlimited,
                          COALESCE(CASE WHEN lim.has_limit THEN lim.amount
                                        ELSE policy.default_limit END, 0) + lim.extra AS amount
                   ) AS allowed
              %(figures)s
            """,
            today=Item._today(),
            policy=self.env["credit.policy"]._effective_policy_sql(
                SQL("account.policy_id"), SQL("account.partner_id"), SQL("account.company_id")
            ),
            limit=self.env["credit.limit"]._effective_sql(
                SQL("account.id"), Item._today(), past=Item._is_past()
            ),
            figures=self._figures_sql(),
        )

    @api.model
    def _figures_sql(self) -> SQL:
        """The sums of each file's items, joined to ``account``.

        Live, a LATERAL sum per file touches only that customer's rows, however many files are
        asked for.  A past day is rebuilt for all files at once and joined.
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
            " MIN(item.date_due) FILTER (WHERE %(overdue)s) AS oldest_due_date",
            overdue=overdue,
        )
        if not Item._is_past():
            return SQL(
                """
                CROSS JOIN LATERAL (
                     SELECT %(sums)s, %(late)s
                       FROM (%(items)s) AS item
                      WHERE item.partner_id = account.partner_id
                        AND item.company_id = account.company_id
                        AND %(horizon)s) AS figure
                """,
                sums=sums,
                late=late,
                items=Item._items_sql(),
                horizon=Item._within_horizon_sql("item", "policy"),
            )
        names = [*FIGURES, "overdue", "exposure"]
        return SQL(
            """
            LEFT JOIN (
                 SELECT file.id AS account_id, %(sums)s, %(late)s
                   FROM (%(items)s) AS item
                   JOIN credit_account file
                     ON file.partner_id = item.partner_id AND file.company_id = item.company_id
                   LEFT JOIN credit_policy policy ON policy.id = %(policy)s
                  GROUP BY file.id) AS total ON total.account_id = account.id
            CROSS JOIN LATERAL (SELECT %(figures)s, total.oldest_due_date) AS figure
            """,
            sums=sums,
            late=late,
            items=Item._items_sql(),
            policy=self.env["credit.policy"]._effective_policy_sql(
                SQL("file.policy_id"), SQL("file.partner_id"), SQL("file.company_id")
            ),
            figures=SQL(", ").join(
                SQL("COALESCE(%s, 0) AS %s", SQL.identifier("total", name), SQL.identifier(name))
                for name in names
            ),
        )

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
