from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError

CONTROL = ("items", "ledger", "difference", "without_customer", "non_trade", "dated_later")


class CreditAgingAsk(models.TransientModel):
    """Which day's aging: on screen, against an earlier day, or as a workbook."""

    _name = "credit.aging.ask"
    _description = "Aging of a Day"

    as_of = fields.Date(
        "As of", required=True, default=lambda self: self.env["credit.open.item"]._clock()
    )
    compare_from = fields.Date(
        "Compare With", default=lambda self: self._default_compare_from(), required=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
        index="btree_not_null",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    items = fields.Monetary("Open Items", compute="_compute_control")
    ledger = fields.Monetary("Receivable Accounts", compute="_compute_control")
    difference = fields.Monetary(compute="_compute_control")
    without_customer = fields.Monetary(compute="_compute_control")
    non_trade = fields.Monetary(
        "Not Trade",
        compute="_compute_control",
        help="The balance of receivable accounts that Odoo calls non trade: taxes, owners, "
        "employees. They are nobody's overdue invoices and left out everywhere.",
    )
    dated_later = fields.Monetary(
        "Posted for Later Days",
        compute="_compute_control",
        help="What is posted with a later date: left out of this day, known to holds and letters.",
    )

    @api.model
    def _default_compare_from(self):
        return fields.Date.subtract(self.env["credit.open.item"]._clock(), months=1)

    @api.depends("as_of", "company_id")
    def _compute_control(self):
        self.env["credit.open.item"].check_access("read")
        self.company_id._check_credit_mine()
        for ask in self:
            control = self.env["credit.open.item"].sudo()._control_total(ask.company_id, ask.as_of)
            for name in CONTROL:
                ask[name] = control[name]

    def action_show(self):
        """The aging of the day on screen."""
        self.ensure_one()
        self.env["credit.aging"].check_access("read")
        return self.env["credit.aging"]._action(self.as_of)

    def action_compare(self):
        """What moved since the earlier day."""
        self.ensure_one()
        self.env["credit.aging.move"].check_access("read")
        self._check_days()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_aging_move_action"
        )
        action["context"] = self._days()
        day = self.env["ir.qweb.field.date"]
        action["name"] = action["display_name"] = self.env._(
            "What moved from %(earlier)s to %(later)s",
            earlier=day.value_to_html(self.compare_from, {}),
            later=day.value_to_html(self.as_of, {}),
        )
        return action

    def action_export(self):
        """The aging of the day, and what moved, as a workbook."""
        self.ensure_one()
        self.env["credit.aging"].check_access("read")
        self._check_days()
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/aging.xlsx?{urlencode(self._download())}",
            "target": "download",
        }

    def _download(self):
        return {**self._days(), "company": self.company_id.id}

    def _days(self):
        return {
            "as_of": fields.Date.to_string(self.as_of),
            "compare_from": fields.Date.to_string(self.compare_from),
        }

    def _check_days(self):
        if self.compare_from >= self.as_of:
            raise UserError(self.env._("The day to compare with must be the earlier one."))
