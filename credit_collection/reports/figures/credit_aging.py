from operator import attrgetter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core import aging
from ...models.ledger.credit_as_of_mixin import DATED
from ...tools.segments import BEHAVIOURS, SEGMENTS, SIZES, STANDINGS, TERMS
from ...tools.sql import without_jit

ITEM_COLUMNS = (
    "id",
    "name",
    "account_id",
    "move_line_id",
    "move_id",
    "partner_id",
    "country_id",
    "company_id",
    "branch_id",
    "user_id",
    "team_id",
    "currency_id",
    "amount_currency",
    "amount",
    "date",
    "date_due",
    "is_overdue",
    "disputed_amount",
    "legal",
)


class CreditAging(models.Model):
    """The posted open items by age; the context key ``as_of`` asks for another day.

    Ages run from the due date: days of grace decide what is overdue, not how old it is.
    Credits are never late: they stand with what is not due, so the other ages add up to what is
    late.
    """

    _name = "credit.aging"
    _description = "Aging"
    _inherit = "credit.as.of.mixin"
    _auto = False
    _order = "days_overdue desc, amount desc, id"

    name = fields.Char("Document", readonly=True)
    account_id = fields.Many2one("credit.account", "Credit File", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
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
    amount_currency = fields.Monetary("Amount in Currency", aggregator=None, **DATED)
    amount = fields.Monetary(currency_field="company_currency_id", **DATED)
    overdue_amount = fields.Monetary("Overdue", currency_field="company_currency_id", **DATED)
    date = fields.Date(readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    days_overdue = fields.Integer(aggregator="max", **DATED)
    is_overdue = fields.Boolean(**DATED)
    disputed_amount = fields.Monetary(
        "Disputed", currency_field="company_currency_id", readonly=True
    )
    legal = fields.Boolean(readonly=True, help="In a case: with lawyers, an agency or in court.")
    bucket_id = fields.Many2one("credit.aging.bucket", "Age", **DATED)
    bucket = fields.Char("Age Key", help="The key of the bucket, e.g. days_1_30.", **DATED)
    quadrant = fields.Selection(selection="_quadrant_titles", **DATED)
    standing = fields.Selection(
        STANDINGS,
        "Kind of Debt",
        help="Doubtful: overdue for more days than the settings say and not secured. Hopeless: the "
        "claim has lapsed, or the debtor is insolvent.",
        **DATED,
    )
    grade_id = fields.Many2one("credit.grade", readonly=True)
    behaviour_class = fields.Selection(BEHAVIOURS, "How They Pay", readonly=True)
    size_class = fields.Selection(SIZES, "Size", readonly=True)
    contract_terms = fields.Selection(TERMS, "Contract", readonly=True)

    _depends = {
        "credit.account": ["grade_id", *SEGMENTS],
        "credit.case": ["road", "state", "opened_on", "closed_on", "move_line_ids"],
        "credit.collateral": [
            "account_id",
            "state",
            "covers_exposure",
            "date_from",
            "date_to",
            "in_force_on",
            "ended_on",
            "move_line_ids",
        ],
        "credit.limitation": ["move_line_id", "last_day"],
        "credit.open.item": ["amount"],
        "res.company": [
            "credit_aging_boundaries",
            "credit_doubtful_days",
            "credit_quadrant_amount",
            "credit_quadrant_days",
        ],
    }

    @api.model
    def _search(self, domain, *args, **kwargs):
        without_jit(self.env)
        return super()._search(domain, *args, **kwargs)

    @property
    def _table_query(self) -> SQL:
        Bucket = self.env["credit.aging.bucket"]
        bucket_id, bucket = Bucket._case_sql(
            SQL.identifier("aged", "days"),
            SQL.identifier("item", "company_id"),
            Bucket._id_of,
            attrgetter("key"),
        )
        return SQL(
            """
            SELECT %(columns)s, aged.days AS days_overdue,
                   CASE WHEN item.is_overdue THEN item.amount ELSE 0 END AS overdue_amount,
                   %(bucket_id)s AS bucket_id, %(bucket)s AS bucket, %(quadrant)s AS quadrant,
                   %(standing)s AS standing, file.grade_id, %(segments)s
              FROM %(items)s AS item
              LEFT JOIN res_company company ON company.id = item.company_id
              LEFT JOIN credit_account file ON file.id = item.account_id
              CROSS JOIN LATERAL (
                   SELECT CASE WHEN item.amount > 0 THEN item.days_overdue ELSE 0 END AS days
                   ) AS aged
            """,
            columns=SQL(", ").join(SQL.identifier("item", name) for name in ITEM_COLUMNS),
            items=self.env["credit.open.item"]._of_the_day()._posted_sql(),
            bucket_id=bucket_id,
            bucket=bucket,
            quadrant=self._quadrant_sql(),
            standing=self._standing_sql(),
            segments=SQL(", ").join(SQL.identifier("file", name) for name in SEGMENTS),
        )

    @api.model
    def _quadrant_sql(self) -> SQL:
        """SQL of the key of ``core.aging.QUADRANTS``; credits belong to none."""
        whens = [
            SQL(
                "WHEN (abs(item.amount) >= company.credit_quadrant_amount) = %s"
                " AND (aged.days > company.credit_quadrant_days) = %s THEN %s",
                large,
                old,
                key,
            )
            for key, large, old in aging.QUADRANTS
        ]
        return SQL("CASE WHEN item.amount <= 0 THEN NULL %s END", SQL(" ").join(whens))

    @api.model
    def _standing_sql(self) -> SQL:
        """SQL of the kind of debt, see ``core.segments.standing``; credits are current."""
        Item, line = self.env["credit.open.item"], SQL("item.move_line_id")
        return SQL(
            """
            CASE WHEN item.amount <= 0 THEN 'current'
                 WHEN %(insolvent)s OR EXISTS (
                      SELECT FROM credit_limitation clock
                       WHERE clock.move_line_id = %(line)s AND clock.last_day < %(day)s)
                 THEN 'hopeless'
                 WHEN aged.days > company.credit_doubtful_days AND NOT (%(secured)s)
                 THEN 'doubtful'
                 WHEN item.is_overdue THEN 'overdue' ELSE 'current' END
            """,
            insolvent=self.env["credit.case"]._legal_sql(line, Item._past_day(), road="insolvency"),
            line=line,
            day=Item._today(),
            secured=self.env["credit.collateral"]._secures_sql(SQL("item.account_id"), line),
        )

    @api.model
    def _quadrant_titles(self):
        titles = {
            "large_old": self.env._("Large and old"),
            "large_recent": self.env._("Large and recent"),
            "small_old": self.env._("Small and old"),
            "small_recent": self.env._("Small and recent"),
        }
        return [(key, titles[key]) for key, *_where in aging.QUADRANTS]

    def action_open_document(self):
        """Open the invoice or entry behind an item."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.get_formview_action()

    @api.model
    def _action(self, as_of=None, domain=(), name=None):
        """The window action of the items of a day.

        :param as_of: a date, default today
        :param domain: which items
        :param name: the title, default the day
        """
        day = fields.Date.to_date(as_of) or self.env["credit.open.item"]._clock()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_aging_action"
        )
        action["display_name"] = name or self.env._(
            "Aging as of %(day)s", day=self.env["ir.qweb.field.date"].value_to_html(day, {})
        )
        action["name"] = action["display_name"]
        action["context"] = {"as_of": fields.Date.to_string(day)}
        action["domain"] = list(Domain(domain or Domain.TRUE))
        return action
