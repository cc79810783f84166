from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...models.ledger.account_move import PAID
from ...models.ledger.credit_as_of_mixin import DATED
from ...tools.sql import without_jit

# What became of an item between two days; the first condition that holds decides.
MOVES = (
    ("new_overdue", "now_overdue AND NOT was_overdue"),
    ("settled", "was_overdue AND NOT now_overdue AND without_money"),
    ("cured", "was_overdue AND NOT now_overdue"),
    ("rolled", "was_overdue AND now_overdue AND bucket_after > bucket_before"),
    ("stayed", "was_overdue AND now_overdue"),
    ("new_open", "bucket_before IS NULL"),
    ("paid", "bucket_after IS NULL"),
    ("current", "TRUE"),
)
BOTH = (
    "name",
    "account_id",
    "move_line_id",
    "move_id",
    "partner_id",
    "company_id",
    "user_id",
    "team_id",
    "date_due",
)


class CreditAgingMove(models.Model):
    """What moved between two days: the context keys ``compare_from`` and ``as_of``.

    One row per item that was open on one of the two days.
    """

    _name = "credit.aging.move"
    _description = "Aging Movement"
    _inherit = "credit.as.of.mixin"
    _auto = False
    _order = "move, change desc, id"

    name = fields.Char("Document", readonly=True)
    account_id = fields.Many2one("credit.account", "Credit File", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_due = fields.Date("Due Date", readonly=True)
    bucket_before_id = fields.Many2one("credit.aging.bucket", "Age Before", **DATED)
    bucket_after_id = fields.Many2one("credit.aging.bucket", "Age Now", **DATED)
    amount_before = fields.Monetary("Before", **DATED)
    amount_after = fields.Monetary("Now", **DATED)
    change = fields.Monetary(**DATED)
    move = fields.Selection(selection="_move_titles", string="What Happened", **DATED)

    _depends = {"credit.aging": ["amount"]}

    @api.model
    def _move_titles(self):
        titles = {
            "new_overdue": self.env._("New overdue"),
            "settled": self.env._("Settled without money"),
            "cured": self.env._("Cured"),
            "rolled": self.env._("Rolled on"),
            "stayed": self.env._("Stayed overdue"),
            "new_open": self.env._("New, not overdue"),
            "paid": self.env._("Settled before it was overdue"),
            "current": self.env._("Still not overdue"),
        }
        return [(key, titles[key]) for key, _condition in MOVES]

    def action_open_document(self):
        """Open the invoice or entry behind an item."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.get_formview_action()

    @api.model
    def _compare_from(self):
        """The earlier day: the context's ``compare_from``, else a month before the later one."""
        later = self.env["credit.open.item"]._today()
        earlier = self._context_day("compare_from") or fields.Date.subtract(later, months=1)
        if earlier >= later:
            raise UserError(self.env._("The day to compare with must be the earlier one."))
        return earlier

    @api.model
    def _search(self, domain, *args, **kwargs):
        without_jit(self.env)
        return super()._search(domain, *args, **kwargs)

    @property
    def _table_query(self) -> SQL:
        Aging = self.env["credit.aging"]
        return SQL(
            """
            SELECT pair.*, CASE %(moves)s END AS move
              FROM (SELECT open.*, CASE WHEN was_overdue AND NOT now_overdue
                                        THEN %(without_money)s ELSE FALSE END AS without_money
                      FROM (
                   SELECT COALESCE(later.id, earlier.id) AS id, %(both)s,
                          earlier.bucket_id AS bucket_before_id,
                          later.bucket_id AS bucket_after_id,
                          earlier.bucket_id AS bucket_before,
                          later.bucket_id AS bucket_after,
                          COALESCE(earlier.is_overdue, FALSE) AS was_overdue,
                          COALESCE(later.is_overdue, FALSE) AS now_overdue,
                          COALESCE(earlier.amount, 0) AS amount_before,
                          COALESCE(later.amount, 0) AS amount_after,
                          COALESCE(later.amount, 0) - COALESCE(earlier.amount, 0) AS change
                     FROM %(earlier)s AS earlier
                     FULL JOIN %(later)s AS later ON later.id = earlier.id) AS open) AS pair
            """,
            without_money=self._without_money_sql(SQL("open.move_line_id")),
            moves=SQL(" ").join(
                SQL("WHEN %s THEN %s", SQL(condition), key) for key, condition in MOVES
            ),
            both=SQL(", ").join(
                SQL(
                    "COALESCE(%s, %s) AS %s",
                    SQL.identifier("later", name),
                    SQL.identifier("earlier", name),
                    SQL.identifier(name),
                )
                for name in BOTH
            ),
            earlier=Aging.with_context(as_of=self._compare_from())._table_sql,
            later=Aging._table_sql,
        )

    @api.model
    def _without_money_sql(self, line: SQL) -> SQL:
        """Whether more of an item was settled without money than with it between the two days."""
        Partial = self.env["account.partial.reconcile"]
        return SQL(
            """
            COALESCE((
                SELECT SUM(CASE WHEN settled.nature IN %(paid)s
                                THEN -settled.amount ELSE settled.amount END) > 0
                  FROM (%(natures)s) AS settled WHERE settled.nature != 'exchange'), FALSE)
            """,
            paid=PAID,
            natures=Partial._credit_natures_sql(
                SQL(
                    "partial.debit_move_id = %s AND partial.max_date > %s"
                    " AND partial.max_date <= %s",
                    line,
                    self._compare_from(),
                    self.env["credit.open.item"]._today(),
                )
            ),
        )
