from odoo import fields, models
from odoo.tools import SQL


class CreditEarlyWarning(models.Model):
    """Customers with open danger signals, ranked by weight × exposure; ``id`` is the file's id."""

    _name = "credit.early.warning"
    _description = "Early Warning"
    _auto = False
    _rec_name = "partner_id"
    _order = "urgency desc, weight desc, id"

    account_id = fields.Many2one("credit.account", "Credit File", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    grade_id = fields.Many2one("credit.grade", readonly=True)
    signal_count = fields.Integer("Signals", readonly=True)
    weight = fields.Integer(readonly=True)
    exposure = fields.Monetary(readonly=True)
    urgency = fields.Float(
        readonly=True, digits=(16, 0), help="Sum of the weights × what they may come to owe."
    )
    since = fields.Date(readonly=True)
    kinds = fields.Char("What Was Seen", compute="_compute_kinds")

    _depends = {
        "credit.signal": ["account_id", "state", "weight", "date"],
        "credit.position": ["exposure"],
        "credit.account": ["grade_id"],
    }

    @property
    def _table_query(self) -> SQL:
        Position = self.env["credit.position"].sudo().with_context(active_test=False)
        return SQL(
            """
            SELECT position.id, position.account_id, position.partner_id, position.company_id,
                   position.currency_id, position.user_id, account.grade_id,
                   warned.signals AS signal_count, warned.weight, position.exposure, warned.since,
                   warned.weight * GREATEST(position.exposure, 0) AS urgency
              FROM (%(positions)s) AS position
              JOIN credit_account account ON account.id = position.id
              JOIN (SELECT account_id, COUNT(*) AS signals, SUM(weight) AS weight,
                           MIN(date) AS since
                      FROM credit_signal WHERE state != 'over'
                     GROUP BY account_id) AS warned ON warned.account_id = position.id
            """,
            positions=Position._positions_sql(
                (
                    "id",
                    "account_id",
                    "partner_id",
                    "company_id",
                    "currency_id",
                    "user_id",
                    "exposure",
                )
            ),
        )

    def _compute_kinds(self):
        signals = self.env["credit.signal"].search(
            [("account_id", "in", self.ids), ("state", "!=", "over")]
        )
        by_account = signals.grouped("account_id")
        for warning in self:
            found = by_account.get(warning.account_id, signals.browse())
            warning.kinds = ", ".join(dict.fromkeys(found.kind_id.mapped("name")))

    def action_signals(self):
        """Open the signals behind the warning."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_signal_action"
        )
        return {
            **action,
            "domain": [("account_id", "in", self.ids), ("state", "!=", "over")],
            "context": {},
        }

    def action_open_account(self):
        """Open the customer's credit file."""
        self.ensure_one()
        return self.account_id.get_formview_action()
