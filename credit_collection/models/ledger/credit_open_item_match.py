import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# So long a number is not found by chance; a shorter one needs the amount to agree.
LONG_ENOUGH, SHORTEST = 6, 4
# As Odoo does beside an invoice: whoever writes invoices matches what lies on account.
BOOKKEEPER = "account.group_account_invoice"


class CreditOpenItem(models.Model):
    """Money on account, and what it may be for: named in its text, same amount, oldest."""

    _inherit = "credit.open.item"

    proposal_line_id = fields.Many2one(
        "account.move.line", "May Be For", compute="_compute_proposal"
    )
    proposal_reason = fields.Char("Because", compute="_compute_proposal")

    @api.depends("move_line_id")
    def _compute_proposal(self):
        credits = self.filtered(lambda item: item.kind == "receivable" and item.amount < 0)
        debts = (
            self.env["credit.open.item"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", credits.partner_id.ids),
                    ("kind", "=", "receivable"),
                    ("amount", ">", 0),
                ],
                order="date_due, id",
            )
        )
        by_owner = debts.grouped(lambda item: (item.partner_id, item.company_id))
        for item in self:
            owed = by_owner.get((item.sudo().partner_id, item.sudo().company_id), debts.browse())
            found, reason = item._proposal(owed) if item in credits else (debts.browse(), False)
            item.proposal_line_id = found.move_line_id
            item.proposal_reason = reason

    def _proposal(self, owed):
        """The item among ``owed`` that this credit most likely pays, and why."""
        self.ensure_one()
        owed = owed.filtered(
            lambda item: (
                item.currency_id == self.currency_id
                and item.sudo().move_line_id.account_id == self.sudo().move_line_id.account_id
            )
        )
        line = self.sudo().move_line_id
        text = " ".join(filter(None, (line.name, line.ref, line.move_id.ref, line.move_id.name)))
        found, reason = owed._paid_by(text, -self.amount_currency)
        if found or not owed:
            return found, reason
        first = self.account_id._in_settlement_order(owed.sudo().move_line_id)[:1]
        reason = self.env._("the oldest") if len(owed) == 1 else self._order_reason()
        return owed.filtered(lambda item: item.sudo().move_line_id == first), reason

    def _paid_by(self, text, amount):
        """The item among these, of one currency, that a text or the same amount speaks for.

        :param amount: in the currency of the items
        """
        same = self.filtered(
            lambda item: not item.currency_id.compare_amounts(item.amount_currency, amount)
        )
        named = self.filtered(
            lambda item: item._is_named_in(text, SHORTEST if item in same else LONG_ENOUGH)
        )
        if named:
            return named[0], self.env._("its number stands in the text")
        if same:
            return same[0], self.env._("the same amount")
        return self.browse(), False

    def _order_reason(self):
        """Which debts are paid first, in words."""
        account = self.sudo().account_id
        order = account.effective_policy_id.settlement_order
        order = order or account.company_id.credit_settlement_order or "due"
        if order == "due":
            return self.env._("the oldest")
        field = self.env["res.company"]._fields["credit_settlement_order"]
        return dict(field._description_selection(self.env))[order]

    def _is_named_in(self, text, shortest):
        """Whether the number or the reference stands in the text, as a word of its own.

        :param shortest: what has fewer characters, like a year, may stand there for anything else
        """
        self.ensure_one()
        move = self.sudo().move_id
        return any(
            name and len(name) >= shortest and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
            for name in (move.name, move.payment_reference)
        )

    def action_match(self):
        """Match these credits with what is proposed for each, for who may reconcile."""
        if not self.env.user.has_group(BOOKKEEPER):
            raise AccessError(self.env._("Only a bookkeeper can match payments."))
        self.check_access("read")
        matched = 0
        for item in self.filtered("proposal_line_id"):
            lines = item.move_line_id | item.proposal_line_id
            lines.check_access("write")
            if not any(lines.mapped("reconciled")):
                lines.reconcile()
                matched += 1
        if not matched:
            raise UserError(self.env._("Nothing is proposed for what you chose."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Matched: %s.", matched),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
