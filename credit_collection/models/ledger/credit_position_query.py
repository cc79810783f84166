from odoo import api, models, tools
from odoo.tools import SQL

from ...tools.segments import SEGMENTS
from ...tools.sql import Join, needed_joins

FIGURES = {
    "receivable": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'receivable')"),
    "draft": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'draft')"),
    "ordered": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'order')"),
    "unallocated": SQL(
        "-SUM(item.amount) FILTER (WHERE item.kind = 'receivable' AND item.amount < 0)"
    ),
    "uncleared": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'uncleared')"),
    "assigned": SQL("SUM(item.amount) FILTER (WHERE item.kind = 'assigned')"),
    "exposure": SQL("SUM(item.amount)"),
}
# What the figures, and what is worth chasing, are made of.
COLUMNS = (
    "kind",
    "partner_id",
    "company_id",
    "amount",
    "amount_currency",
    "date_due",
)
CHASED = (
    "kind",
    "partner_id",
    "company_id",
    "amount",
    "amount_currency",
    "date_due",
    "disputed_amount",
    "no_followup",
    "promised_until",
    "promised_part",
    "paying_part",
    "currency_id",
    "is_refund",
)
# The sum of the items that a column is made of.
FIGURE_OF = {name: name for name in (*FIGURES, "overdue")} | {
    "oldest_due_date": "oldest_due_date",
    "max_days_overdue": "oldest_due_date",
    "covered": "exposure",
    "uncovered": "exposure",
    "available": "exposure",
    "utilisation": "exposure",
    "over_limit": "exposure",
}
# The columns that ask what is due by the policy, what is chased, what was set, what that allows.
OF_DUE = ("overdue", "oldest_due_date", "max_days_overdue")
OF_CHASING = ("disputed", "to_chase")
OF_LIMIT = ("limit_source", "limit_date_to", "limit_expired_on")
OF_ALLOWED = ("unlimited", "credit_limit", "available", "utilisation", "over_limit")


class CreditPosition(models.Model):
    """The SQL of the positions."""

    _inherit = "credit.position"

    @property
    def _table_query(self) -> SQL:
        return self._positions_sql(tuple(self._position_columns()))

    @api.model
    def _sql_key(self):
        """All that the SQL depends on, besides what is cached in the same place."""
        Item = self.env["credit.open.item"]
        days = Item._today(), Item._context_day("as_of"), Item._past_day()
        return *days, Item._any_unposted_match(), self._reads_all(), self._reads_one()

    @api.model
    @tools.ormcache()
    def _flushed_fields(self):
        """The fields that must be in the database before positions are read."""
        return tuple(self._table_sql.to_flush)

    @api.model
    @tools.ormcache("names", "kinds", "self._sql_key()")
    def _positions_sql(self, names, kinds=None) -> SQL:
        """The columns ``names`` of all positions, joining only what they need.

        Putting it together takes longer than reading one position, so it is kept.

        :param kinds: the kinds of items to add up, by default all
        """
        columns = self._position_columns()
        select = SQL(", ").join(
            SQL("%s AS %s", columns[name], SQL.identifier(name)) for name in names
        )
        return SQL(
            "SELECT %s FROM credit_account account %s",
            select,
            needed_joins(self._position_joins(names, kinds), names),
        )

    @api.model
    def _position_columns(self) -> dict:
        columns = {
            name: SQL.identifier("account", name) for name in ("id", "partner_id", "company_id")
        }
        figure = {
            name: SQL("COALESCE(%s, 0)", SQL.identifier("figure", name))
            for name in (*FIGURES, "overdue")
        }
        covered = self.env["credit.collateral"]._covered_sql(figure["exposure"])
        return (
            columns
            | figure
            | {
                "account_id": SQL("account.id"),
                "currency_id": self.env["res.company"]._credit_fact_sql(
                    SQL("account.company_id"), "currency"
                ),
                "policy_id": SQL("policy.id"),
                "user_id": SQL("debtor.user_id"),
                "collector_id": SQL("account.collector_id"),
                "country_id": SQL("debtor.country_id"),
                "grade_id": SQL("account.grade_id"),
                **{name: SQL.identifier("account", name) for name in SEGMENTS},
                "manual_hold": SQL("COALESCE(account.manual_hold, FALSE)"),
                "on_hold": SQL(
                    """COALESCE(account.manual_hold, FALSE) OR EXISTS (
                   SELECT FROM credit_hold hold
                    WHERE hold.account_id = account.id AND hold.state = 'held')"""
                ),
                "oldest_due_date": SQL("figure.oldest_due_date"),
                "max_days_overdue": SQL(
                    "COALESCE(GREATEST(%s - figure.oldest_due_date, 0), 0)",
                    self.env["credit.open.item"]._today(),
                ),
                "disputed": SQL("COALESCE(chasing.disputed, 0)"),
                "to_chase": SQL("COALESCE(chasing.to_chase, 0)"),
                "covered": covered,
                "uncovered": SQL("GREATEST(%s - %s, 0)", figure["exposure"], covered),
                "unlimited": SQL("allowed.unlimited"),
                "credit_limit": SQL("CASE WHEN NOT allowed.unlimited THEN allowed.amount END"),
                "available": SQL(
                    "CASE WHEN NOT allowed.unlimited THEN allowed.amount - %s END",
                    figure["exposure"],
                ),
                "utilisation": SQL(
                    """CASE WHEN allowed.unlimited THEN NULL
                        WHEN allowed.amount > 0 THEN %(exposure)s / allowed.amount
                        WHEN %(exposure)s > 0 THEN 9.99
                        ELSE 0 END""",
                    exposure=figure["exposure"],
                ),
                "over_limit": SQL(
                    "NOT allowed.unlimited AND %s > allowed.amount", figure["exposure"]
                ),
                "limit_source": SQL(
                    "CASE WHEN base.account_id IS NULL THEN 'default' ELSE 'limit' END"
                ),
                "limit_date_to": SQL("base.date_to"),
                "limit_expired_on": SQL(
                    "CASE WHEN base.account_id IS NULL THEN other.expired_on END"
                ),
            }
        )

    @api.model
    def _position_joins(self, names, kinds) -> tuple:
        """What the columns come from; each join may use those before it.

        :param names: the columns that are read
        :param kinds: the kinds of items that the figures add up
        """
        figures = tuple(dict.fromkeys(FIGURE_OF[name] for name in names if name in FIGURE_OF))
        Item = self.env["credit.open.item"]
        policy = self.env["credit.policy"]._effective_policy_sql(
            SQL("account.policy_id"), SQL("account.partner_id"), SQL("account.company_id")
        )
        effective = self.env["credit.limit"]._effective_sql(
            SQL("TRUE") if self._reads_all() else SQL("l.account_id = account.id"),
            Item._today(),
            past=bool(Item._past_day()),
        )
        allowed = SQL(
            """
            CROSS JOIN LATERAL (
                 SELECT CASE WHEN base.account_id IS NULL
                             THEN COALESCE(policy.default_unlimited, TRUE)
                             ELSE COALESCE(base.unlimited, FALSE) END AS unlimited,
                        COALESCE(CASE WHEN base.account_id IS NULL THEN policy.default_limit
                                      ELSE base.amount END, 0)
                            + COALESCE(other.extra, 0) + %s AS amount
                 ) AS allowed
            """,
            self.env["credit.collateral"]._raised_sql(),
        )
        debtor = SQL("LEFT JOIN res_partner debtor ON debtor.id = account.partner_id")
        policy = SQL("LEFT JOIN credit_policy policy ON policy.id = %s", policy)
        by_policy = ("policy_id", *OF_DUE, *OF_CHASING, *OF_ALLOWED)
        return (
            Join(debtor, ("user_id", "country_id")),
            Join(policy, by_policy),
            Join(effective, (*OF_LIMIT, *OF_ALLOWED)),
            Join(self._figures_sql(figures, kinds), tuple(FIGURE_OF)),
            Join(self._chasing_sql(), OF_CHASING),
            Join(allowed, OF_ALLOWED),
        )

    @api.model
    def _read_one(self, file_id, names, kinds=None):
        """The position of one file; only what ``names`` need is planned and read.

        :param names: stored fields
        :param kinds: all that the customer has, when ``credit.account._claim`` has just said so;
            then nothing waits to be flushed either
        """
        rows = self.env.execute_query(
            SQL(
                "%s WHERE account.id = %s",
                self._positions_sql(names, kinds),
                file_id,
                to_flush=() if kinds else self._flushed_fields(),
            )
        )
        positions = self.browse(file_id if rows else ())
        for row in rows:
            for name, value in zip(names, row, strict=True):
                field = self._fields[name]
                field._update_cache(positions, field.convert_to_cache(value, positions, False))
        return positions

    @api.model
    def _figures_sql(self, names, kinds) -> SQL:
        """The sums ``names`` of each file's items, as ``figure``."""
        overdue = self.env["credit.open.item"]._is_overdue_sql("item", "policy")
        sums = FIGURES | {
            "overdue": SQL("SUM(item.amount) FILTER (WHERE %s)", overdue),
            "oldest_due_date": SQL("MIN(item.date_due) FILTER (WHERE %s)", overdue),
        }
        return self._sums_sql("figure", {name: sums[name] for name in names}, COLUMNS, kinds)

    @api.model
    def _chasing_sql(self) -> SQL:
        """What of each file is worth chasing, as ``chasing``: what is overdue and not left alone,
        less the credits that what is left alone does not take, currency by currency.

        By itself, because it reads entries, disputes and promises: PostgreSQL leaves out a LEFT
        JOIN of which nothing is asked, and most lists ask nothing of it.
        """
        Item = self.env["credit.open.item"]
        parts = Item._left_alone_sql("item", "policy")
        credit = "SUM(-item.amount) FILTER (WHERE item.amount < 0 AND item.is_refund = %s)"
        return self._sums_sql(
            "chasing",
            {
                "disputed": SQL("SUM(currency.disputed)"),
                "to_chase": SQL(
                    """
                    SUM(GREATEST(COALESCE(currency.asked, 0) - GREATEST(
                        GREATEST(COALESCE(currency.notes, 0) - currency.contested, 0)
                        + COALESCE(currency.money, 0) - currency.alone, 0), 0))
                    """
                ),
            },
            CHASED,
            kinds=("receivable",),
            by_currency={
                "disputed": SQL("SUM(item.disputed_amount)"),
                "contested": SQL("SUM(%s)", parts["disputed"]),
                "alone": SQL("SUM(%s)", parts["alone"]),
                "asked": SQL(
                    "SUM(%s) FILTER (WHERE %s)",
                    parts["asked"],
                    Item._is_overdue_sql("item", "policy"),
                ),
                "notes": SQL(credit, True),
                "money": SQL(credit, False),
            },
        )

    @api.model
    def _sums_sql(self, alias: str, sums: dict, columns, kinds=None, by_currency=None) -> SQL:
        """The LEFT JOIN ``alias`` of sums over each file's items to ``account``.

        For some files a LATERAL sum per file, which touches only that customer's rows (PostgreSQL
        does not carry a list of ids into a grouped join); for all of them one grouped join.

        :param sums: ``{name: aggregate}`` over ``item`` and ``policy``
        :param columns: the columns of ``item``
        :param kinds: the kinds of items to add up, by default all
        :param by_currency: the same for each currency by itself; ``sums`` are then over those, as
            ``currency``
        """
        Item = self.env["credit.open.item"]
        selected, inner = (
            SQL(", ").join(
                SQL("%s AS %s", aggregate, SQL.identifier(name))
                for name, aggregate in (aggregates or {}).items()
            )
            for aggregates in (sums, by_currency)
        )
        if not self._reads_all():
            customer = SQL("account.partner_id") if self._reads_one() else None
            one = SQL(
                """
                SELECT %(sums)s
                  FROM (%(items)s) AS item
                 WHERE %(mine)s AND item.company_id = account.company_id
                """,
                sums=inner if by_currency else selected,
                items=Item._items_sql(*columns, kinds=kinds, customer=customer),
                mine=SQL("TRUE") if customer else SQL("item.partner_id = account.partner_id"),
            )
            if by_currency:
                one = SQL(
                    "SELECT %s FROM (%s GROUP BY item.currency_id) AS currency", selected, one
                )
            return SQL("LEFT JOIN LATERAL (%s) AS %s ON TRUE", one, SQL.identifier(alias))
        everybody = SQL(
            """
            SELECT file.id AS account_id, %(sums)s
              FROM (%(items)s) AS item
              JOIN credit_account file
                ON file.partner_id = item.partner_id AND file.company_id = item.company_id
              LEFT JOIN credit_policy policy ON policy.id = %(policy)s
             GROUP BY file.id
            """,
            sums=inner if by_currency else selected,
            items=Item._items_sql(*columns, kinds=kinds),
            policy=self.env["credit.policy"]._effective_policy_sql(
                SQL("file.policy_id"), SQL("file.partner_id"), SQL("file.company_id")
            ),
        )
        if by_currency:
            everybody = SQL(
                "SELECT account_id, %s FROM (%s, item.currency_id) AS currency GROUP BY account_id",
                selected,
                everybody,
            )
        return SQL(
            "LEFT JOIN (%(everybody)s) AS %(alias)s ON %(alias)s.account_id = account.id",
            everybody=everybody,
            alias=SQL.identifier(alias),
        )
