from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.readers import for_reader
from ...tools.segments import BEHAVIOURS, SEGMENTS, SIZES, TERMS
from .credit_as_of_mixin import DATED


class CreditPosition(models.Model):
    """The figures of each credit file, in the company's currency; ``id`` is the file's id."""

    _name = "credit.position"
    _inherit = ["credit.file.report.mixin", "credit.as.of.mixin", "credit.empty.list"]
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
    grade_id = fields.Many2one("credit.grade", readonly=True)
    behaviour_class = fields.Selection(BEHAVIOURS, "How They Pay", readonly=True)
    size_class = fields.Selection(SIZES, "Size", readonly=True)
    contract_terms = fields.Selection(TERMS, "Contract", readonly=True)
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
    uncleared = fields.Monetary(help="Paid by cheque or note that has not cleared.", **DATED)
    assigned = fields.Monetary(help="With a factor who charges back what is not paid.", **DATED)
    exposure = fields.Monetary(
        help="Receivable + draft invoices + orders + uncleared instruments + what is assigned "
        "with recourse.",
        **DATED,
    )
    covered = fields.Monetary(help="The part of the exposure that securities cover.", **DATED)
    uncovered = fields.Monetary(help="Exposure that no security covers.", **DATED)
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

    outcome = fields.Selection(related="account_id.outcome", related_sudo=False)
    verdict = fields.Char(related="account_id.verdict", related_sudo=False)

    _depends = {
        "credit.open.item": ["amount"],
        "credit.account": [
            "partner_id", "company_id", "policy_id", "manual_hold", "collector_id", "grade_id",
            *SEGMENTS,
        ],
        "credit.collateral": [
            "account_id", "state", "value", "value_company", "raises_limit", "raises_percent",
            "covers_exposure", "covers_percent", "own_share_percent", "date_from", "date_to",
            "kind", "discretionary_limit",
            "in_force_on", "ended_on", "called_on", "received_amount", "move_line_ids",
        ],
        "credit.grade": ["policy_id"],
        "credit.hold": ["account_id", "state"],
        "credit.limit": [
            "account_id", "state", "kind", "amount_company", "unlimited", "date_from", "date_to",
            "decided_on", "amount", "currency_id",
        ],
        "res.currency.rate": ["rate", "name", "currency_id", "company_id"],
        "credit.policy": ["default_limit", "default_unlimited", "promise_tolerance_days"],
        "res.company": ["currency_id"],
        "res.partner": ["user_id", "country_id"],
    }  # fmt: skip

    @api.depends("credit_limit", "unlimited")
    @api.depends_context("lang")
    def _compute_limit_label(self):
        Words = self.env["credit.message"]
        for position in self:
            position.limit_label = Words._limit_label(
                position.unlimited, position.credit_limit, position.currency_id
            )

    def action_ask_to_call(self):
        """Ask the salespeople of these customers to call them, by an activity each."""
        self.check_access("read")
        asked = self.filtered("user_id")
        today = self.env.company._credit_today()
        for position in asked:
            told = for_reader(position, position.user_id)
            told.account_id.sudo().activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=today,
                user_id=position.user_id.id,
                summary=told.env._(
                    "Call about %(amount)s overdue",
                    amount=told.currency_id.format(position.overdue),
                ),
                note=told.env._("Asked by %s", self.env.user.name),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if asked else "warning",
                "message": self.env._(
                    "%(count)s of %(all)s customers: their salesperson was asked to call.",
                    count=len(asked),
                    all=len(self),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

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
