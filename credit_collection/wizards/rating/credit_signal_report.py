from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import COLLECTOR


class CreditSignalReport(models.TransientModel):
    """What a salesperson saw at a customer, told in three ticks."""

    _name = "credit.signal.report"
    _description = "Report a Signal"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, default=lambda self: self._default_partner()
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    kind_ids = fields.Many2many(
        "credit.signal.kind",
        string="What Did You See?",
        required=True,
        domain="[('code', '=', False), ('company_id', 'in', (company_id, False))]",
    )
    note = fields.Text("In Your Words")
    photo_ids = fields.Many2many("ir.attachment", string="Photos")

    @api.model
    def _default_partner(self):
        model, record_id = self.env.context.get("active_model"), self.env.context.get("active_id")
        if (
            model
            not in (
                "res.partner",
                "sale.order",
                "credit.account",
                "credit.position",
                "credit.worklist",
            )
            or not record_id
        ):
            return False
        record = self.env[model].browse(record_id).exists()
        return record if model == "res.partner" else record.partner_id

    def action_report(self):
        """Keep the signals and tell the credit officer on the customer's file."""
        self.ensure_one()
        user = self.env.user
        if not (user.has_group(COLLECTOR) or user.has_group("sales_team.group_sale_salesman")):
            raise AccessError(self.env._("Only salespeople and credit people report signals."))
        self.partner_id.check_access("read")
        if not self.kind_ids:
            raise UserError(self.env._("Tick what you saw."))
        if any(self.kind_ids.sudo().mapped("code")):
            raise UserError(self.env._("Signals of this kind are measured, not reported."))
        if self.company_id.root_id not in self.env.companies.root_id:
            raise AccessError(self.env._("You do not work in that company."))
        account = self.env["credit.account"]._get(self.partner_id, self.company_id).sudo()
        signals = self.env["credit.signal"]._report(account, self.kind_ids.sudo(), self.note)
        if not signals:
            raise UserError(self.env._("This was reported already and is open."))
        account.message_post(
            body=self.env._(
                "%(who)s reports: %(signals)s. %(note)s",
                who=user.name,
                signals=", ".join(signals.kind_id.mapped("name")),
                note=self.note or "",
            ),
            attachment_ids=self.photo_ids.ids,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Thank you: the credit officer sees it in the early warnings."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class CreditSignalLook(models.TransientModel):
    """A word to danger signals that somebody has looked at."""

    _name = "credit.signal.look"
    _description = "Look at Signals"

    signal_ids = fields.Many2many(
        "credit.signal", required=True, readonly=True, default=lambda self: self._default_signals()
    )
    word = fields.Text("What You Found", required=True)

    @api.model
    def _default_signals(self):
        if self.env.context.get("active_model") != "credit.signal":
            return self.env["credit.signal"]
        return self.env["credit.signal"].browse(self.env.context.get("active_ids", []))

    def action_look(self):
        """Note the word on all of them."""
        self.ensure_one()
        self.signal_ids.action_look(self.word)
        return {"type": "ir.actions.act_window_close"}
