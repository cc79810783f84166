from odoo import fields, models
from odoo.exceptions import UserError


class CreditInterestWaiver(models.Model):
    """A part of a claim that the customer was let off, by whom and why."""

    _name = "credit.interest.waiver"
    _description = "Interest Waiver"
    _inherit = ["credit.bounded", "credit.audited"]
    _order = "date desc, id desc"
    _rec_name = "reason"

    _audited = ("claim_id", "amount", "reason", "user_id", "credit_move_id", "reinstated_on")

    claim_id = fields.Many2one(
        "credit.interest.claim", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    account_id = fields.Many2one(related="claim_id.account_id", store=True, index=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Waived By", required=True, readonly=True, index=True)
    credit_move_id = fields.Many2one(
        "account.move", "Credited By", readonly=True, index="btree_not_null"
    )
    reinstated_on = fields.Date(readonly=True)
    reinstated_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")

    _amount_positive = models.Constraint("CHECK(amount > 0)", "A waiver needs an amount.")

    def action_reinstate(self):
        """Take the waiver back: the customer owes this part again."""
        self.ensure_one()
        self.claim_id.check_access("write")
        claim = self.claim_id
        claim._check_group("credit_collection.credit_collection_group_officer")
        claim._check_authority(self.amount)
        claim.account_id.sudo()._serialize()
        if self.reinstated_on:
            raise UserError(self.env._("This waiver was taken back already."))
        if claim.state == "reversed":
            raise UserError(self.env._("The claim was reversed: nothing of it is owed."))
        own = self.sudo()
        own.write(
            {
                "reinstated_on": claim.company_id._credit_today(),
                "reinstated_by_id": self.env.uid,
            }
        )
        if own.credit_move_id:
            own._take_back_credit()
        claim.sudo().message_post(
            body=self.env._("Waiver of %s taken back", claim.currency_id.format(own.amount))
        )
        claim._follow_settlement()
