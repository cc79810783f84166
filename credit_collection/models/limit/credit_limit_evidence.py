from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.bounds import AMOUNT, refuse_number
from ...tools.environment import without_caller_context
from ...tools.groups import OFFICER

YEAR = 365


class CreditLimit(models.Model):
    """What somebody who decides on a limit has to know, and approving less than was asked for."""

    _inherit = "credit.limit"

    present_label = fields.Char("Present Limit", compute="_compute_evidence", groups=OFFICER)
    used = fields.Monetary(
        compute="_compute_evidence", currency_field="company_currency_id", groups=OFFICER
    )
    peak = fields.Monetary(
        "Peak of 12 Months",
        compute="_compute_evidence",
        currency_field="company_currency_id",
        groups=OFFICER,
        help="The highest receivable among the snapshots of the last twelve months and today.",
    )
    overdue = fields.Monetary(
        compute="_compute_evidence", currency_field="company_currency_id", groups=OFFICER
    )
    days_late = fields.Integer(
        "Oldest Days Late", compute="_compute_evidence", groups=OFFICER, aggregator=None
    )
    broken_promises = fields.Integer(
        "Broken Promises (12 Months)", compute="_compute_evidence", groups=OFFICER, aggregator=None
    )
    holds_of_year = fields.Integer(
        "Holds (12 Months)", compute="_compute_evidence", groups=OFFICER, aggregator=None
    )
    earlier = fields.Text("Earlier Limits", compute="_compute_evidence", groups=OFFICER)
    may_approve = fields.Boolean("Within My Authority", compute="_compute_may_approve")

    @api.depends("account_id")
    @api.depends_context("lang")
    def _compute_evidence(self):
        accounts = self.account_id.sudo()
        positions, peaks = {}, {}
        broken, holds = {}, {}
        for company, files in accounts.grouped("company_id").items():
            own = without_caller_context(files, company)
            since = company._credit_today() - timedelta(days=YEAR)
            positions |= {position.id: position for position in own._position()}
            peaks |= own._peaks_since(since)
            broken |= own._broken_since(since)
            holds |= own._holds_since(since)
        for limit in self:
            file = limit.account_id
            position = positions.get(file.id)
            limit.present_label = position.limit_label if position else False
            limit.used = position.exposure if position else 0.0
            limit.peak = max(peaks.get(file.id, 0.0), position.receivable if position else 0.0)
            limit.overdue = position.overdue if position else 0.0
            limit.days_late = position.max_days_overdue if position else 0
            limit.broken_promises = broken.get(file.id, 0)
            limit.holds_of_year = holds.get(file.id, 0)
            limit.earlier = limit._earlier()

    def _earlier(self):
        """The other limits of the file, the latest five, a line each."""
        states = dict(self._fields["state"]._description_selection(self.env))
        others = (self.account_id.sudo().limit_ids - self._origin.sudo())[:5]
        lines = []
        for other in others:
            day = format_date(self.env, other.date_from)
            lines.append(f"{day}: {other.amount_label} ({states[other.state]})")
        return "\n".join(lines)

    @api.depends("account_id", "amount", "unlimited", "kind", "date_from", "date_to", "state")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        for limit in self:
            limit.may_approve = limit.state == "requested" and limit._is_within_authority()

    def action_approve_less(self, amount, date_to=False, note=None):
        """Approve another, lower amount than was asked for.

        :param float amount: at most what was asked for, in the limit's currency
        :param date_to: last day, by default as asked for
        :param str note: told to whoever asked
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "requested":
            raise UserError(self.env._("This limit is decided already."))
        amount = refuse_number(self, self.env._("Amount"), amount, *AMOUNT)
        if not self.unlimited and self.currency_id.compare_amounts(amount, self.amount) > 0:
            raise UserError(
                self.env._(
                    "%(limit)s was asked for. To approve more, set a limit of your own.",
                    limit=self.amount_label,
                )
            )
        asked = self.amount_label
        last = date_to or self.date_to
        self.sudo().write({"amount": amount, "unlimited": False, "date_to": last})
        self.action_approve()
        self.sudo().message_post(
            body=self.env._(
                "%(asked)s was asked for, %(limit)s is approved. %(note)s",
                asked=asked,
                limit=self.amount_label,
                note=note or "",
            )
        )
        return True
