from odoo import fields, models


class CreditFollowupCancel(models.TransientModel):
    """Ask why messages are taken back."""

    _name = "credit.followup.cancel"
    _description = "Cancel Follow-up Messages"

    followup_ids = fields.Many2many("credit.followup", string="Messages", readonly=True)
    reason = fields.Char(required=True)
    paused_until = fields.Date(
        "Leave Alone Until",
        help="No follow-up to these customers up to and including this day. Empty: the message may "
        "be planned again tomorrow.",
    )

    def action_cancel(self):
        """Cancel the messages; who may do so is decided by the messages."""
        self.ensure_one()
        self.followup_ids.action_cancel(self.reason, self.paused_until)
        return {"type": "ir.actions.act_window_close"}
