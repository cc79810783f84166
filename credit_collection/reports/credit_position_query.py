from odoo import api, models
from odoo.tools import SQL

FIGURES = {
    "receivable": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'receivable')"),
    "draft": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'draft')"),
    "ordered": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'order')"),
    "unallocated": SQL(
        "-SUM(item.amount) FILTER (WHERE item.kind = 'receivable' AND item.amount < 0)"
    ),
    "exposure": SQL("SUM(item.amount)"),
}
# What the figures, and what is worth chasing, are made of.
COLUMNS = (
    "kind", "partner_id", "company_id", "amount", "amount_currency", "date_due", "date_expected",
)  # fmt: skip
CHASED = (
    "partner_id", "company_id", "amount", "amount_currency", "date_due", "disputed_amount",
    "in_payment", "no_followup", "promised_until", "date_expected",
)  # fmt: skip


class CreditPosition(models.Model):
    """The SQL of the positions."""

    _inherit = "credit.position"

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
                   figure.unallocated, figure.exposure,
                   COALESCE(pursuit.disputed, 0) AS disputed,
                   GREATEST(COALESCE(pursuit.amount, 0) - figure.unallocated, 0) AS to_chase,
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
              %(pursuit)s
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
            pursuit=self._pursuit_sql(),
        )

    @api.model
    def _figures_sql(self) -> SQL:
        """The sums of each file's items, as ``figure``."""
        Item = self.env["credit.open.item"]
        overdue = Item._is_overdue_sql("item", "policy")
        sums = FIGURES | {"overdue": SQL("SUM(item.amount) FILTER (WHERE %s)", overdue)}
        oldest = SQL("MIN(item.date_due) FILTER (WHERE %s)", overdue)
        return SQL(
            "%(total)s CROSS JOIN LATERAL (SELECT %(figures)s, total.oldest_due_date) AS figure",
            total=self._sums_sql(
                "total", sums | {"oldest_due_date": oldest}, Item._items_sql(*COLUMNS)
            ),
            figures=SQL(", ").join(
                SQL("COALESCE(%s, 0) AS %s", SQL.identifier("total", name), SQL.identifier(name))
                for name in sums
            ),
        )

    @api.model
    def _pursuit_sql(self) -> SQL:
        """What of each file is worth chasing, as ``pursuit``.

        By itself, because it reads entries, disputes and promises: PostgreSQL leaves out a LEFT
        JOIN of which nothing is asked, and most lists ask nothing of it.
        """
        Item = self.env["credit.open.item"]
        return self._sums_sql(
            "pursuit",
            {
                "disputed": SQL("SUM(item.disputed_amount)"),
                "amount": SQL(
                    "SUM(item.amount - item.disputed_amount) FILTER (WHERE %s AND %s)",
                    Item._is_overdue_sql("item", "policy"),
                    Item._is_chased_sql("item", "policy"),
                ),
            },
            Item._items_sql(*CHASED, kinds=("receivable",)),
        )

    @api.model
    def _sums_sql(self, alias: str, sums: dict, items: SQL) -> SQL:
        """The LEFT JOIN ``alias`` of sums over each file's items to ``account``.

        For some files a LATERAL sum per file, which touches only that customer's rows (PostgreSQL
        does not carry a list of ids into a grouped join); for all of them one grouped join.

        :param sums: ``{name: aggregate}`` over ``item`` and ``policy``
        """
        selected = SQL(", ").join(
            SQL("%s AS %s", aggregate, SQL.identifier(name)) for name, aggregate in sums.items()
        )
        horizon = self.env["credit.open.item"]._within_horizon_sql("item", "policy")
        if not self._reads_all():
            return SQL(
                """
                LEFT JOIN LATERAL (
                     SELECT %(sums)s
                       FROM (%(items)s) AS item
                      WHERE item.partner_id = account.partner_id
                        AND item.company_id = account.company_id
                        AND %(horizon)s) AS %(alias)s ON TRUE
                """,
                alias=SQL.identifier(alias),
                sums=selected,
                items=items,
                horizon=horizon,
            )
        return SQL(
            """
            LEFT JOIN (
                 SELECT file.id AS account_id, %(sums)s
                   FROM (%(items)s) AS item
                   JOIN credit_account file
                     ON file.partner_id = item.partner_id AND file.company_id = item.company_id
                   LEFT JOIN credit_policy policy ON policy.id = %(policy)s
                  WHERE %(horizon)s
                  GROUP BY file.id) AS %(alias)s ON %(alias)s.account_id = account.id
            """,
            alias=SQL.identifier(alias),
            sums=selected,
            items=items,
            horizon=horizon,
            policy=self.env["credit.policy"]._effective_policy_sql(
                SQL("file.policy_id"), SQL("file.partner_id"), SQL("file.company_id")
            ),
        )
