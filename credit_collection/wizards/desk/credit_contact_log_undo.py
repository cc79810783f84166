from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.write_guards import given_fields

SECONDS = 10  # how long *Undo* is offered
GRACE = 50  # and how much later it still arrives
REMEMBERED = {"contact_id", "logged_on", "before", "made"}


class CreditContactLog(models.TransientModel):
    """*Undo*: what was logged a moment ago is taken back, with what followed from it."""

    _inherit = "credit.contact.log"

    contact_id = fields.Many2one("credit.contact", readonly=True, index="btree_not_null")
    logged_on = fields.Datetime(readonly=True)
    before = fields.Json(readonly=True)
    made = fields.Json(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_remembered(given_fields(self, vals))
        return super().create(vals_list)

    def write(self, vals):
        self._check_remembered(vals.keys())
        return super().write(vals)

    @api.model
    def _check_remembered(self, names):
        if not self.env.su and not REMEMBERED.isdisjoint(names):
            raise AccessError(self.env._("What can be undone is noted by logging alone."))

    def _with_undo(self, message, following):
        """Say what was logged, with *Undo* for some seconds, and go on with ``following``."""
        return {
            "type": "ir.actions.client",
            "tag": "credit_collection.with_undo",
            "params": {
                "message": message,
                "model": self._name,
                "ids": self.ids,
                "undo": "action_undo",
                "seconds": SECONDS,
                "next": following,
            },
        }

    def _logged(self):
        """What was logged, in words."""
        self.ensure_one()
        return self.env._(
            "%(customer)s: %(what)s",
            customer=self.sudo().partner_id.display_name,
            what=self.contact_id.display_name,
        )

    def action_undo(self):
        """Take back what I logged a moment ago, and open the customer again."""
        self.ensure_one()
        self.account_id.check_access("write")
        contact = self.contact_id
        late = fields.Datetime.now() - timedelta(seconds=SECONDS + GRACE)
        mine = contact.exists() and contact.user_id == self.env.user
        if not mine or contact.account_id != self.account_id or self.logged_on < late:
            raise UserError(self.env._("It is too late to undo this."))
        contact.request_ids.filtered(lambda asked: asked.state == "waiting").action_cancel()
        if contact.promise_id:
            contact.promise_id.action_cancel()
        if contact.dispute_id:
            contact.dispute_id.action_close()
        account, said = self.account_id.sudo(), contact.display_name
        self._restore_activities(account)
        replies = account.reply_ids.filtered(
            lambda reply: (
                reply.handled_by_id == self.env.user
                and reply.handled_on
                and reply.handled_on >= self.logged_on
            )
        )
        replies.write({"outcome": False, "handled_on": False, "handled_by_id": False})
        contact.sudo().unlink()
        account._message_log(body=self.env._("Undone: %s", said))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_account_desk_action"
        )
        return {**action, "res_id": account.id}

    def _restore_activities(self, account):
        """Take the activities away that followed, and put back the one that was replaced."""
        made = self.env["mail.activity"].sudo().browse(self.made or []).exists()
        made.unlink()
        for activity in self.before or []:
            account.activity_schedule(
                "credit_collection.mail_activity_call_back",
                date_deadline=fields.Date.to_date(activity["date"]),
                user_id=self.env.uid,
                summary=activity["summary"],
            )
