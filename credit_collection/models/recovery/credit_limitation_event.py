from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...core import limitation as core
from ...tools.groups import COLLECTOR
from .credit_limitation_law import KINDS

RECORDED = [kind for kind in KINDS if kind[0] not in (core.DUE, core.LETTER, core.PART_PAYMENT)]


class CreditLimitationEvent(models.Model):
    """Something that happened to a claim and may stop its clock, with its proof.

    Due dates, delivered letters, payments, written promises, signed plans and confirmations are
    read where they are recorded; this is for the rest.
    """

    _name = "credit.limitation.event"
    _description = "Event for Limitation"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "kind"
    _written_by_steps = frozenset({"case_id"})

    account_id = fields.Many2one(
        "credit.account", "Credit File", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    kind = fields.Selection(RECORDED, required=True)
    move_line_ids = fields.Many2many(
        "account.move.line",
        "credit_limitation_event_item_rel",
        "event_id",
        "move_line_id",
        string="Items",
        help="Leave empty for all that was open then.",
    )
    case_id = fields.Many2one(
        "credit.case", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    note = fields.Char("Proof", help="What proves it: number, place, who signed.")

    @api.constrains("date")
    def _check_date(self):
        for event in self:
            if event.date > event.company_id._credit_today():
                raise ValidationError(self.env._("An event has happened: its day cannot come."))

    @api.constrains("move_line_ids", "account_id")
    def _check_items(self):
        for event in self.sudo():
            owed_by = event.move_line_ids.partner_id.commercial_partner_id
            roots = event.move_line_ids.company_id.root_id
            if owed_by - event.partner_id or roots - event.company_id:
                raise ValidationError(
                    self.env._("An event stops the clock of what its own customer owes.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            if not self.env.user.has_group(COLLECTOR):
                raise AccessError(self.env._("Only a collector can record what stops the clock."))
            for vals in vals_list:
                if vals.get("case_id"):
                    raise AccessError(self.env._("The steps of a case write their events."))
                self.env["credit.account"].browse(vals.get("account_id")).check_access("read")
        events = super().create(vals_list)
        self.env["credit.limitation"]._refresh(events.account_id)
        return events

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.limitation"]._refresh(self.account_id)
        return result

    def unlink(self):
        accounts = self.account_id
        result = super().unlink()
        self.env["credit.limitation"]._refresh(accounts)
        return result
