from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.bounds import AMOUNT


class CreditHoldRelease(models.TransientModel):
    """Release one hold or several; who may do so is decided by the holds themselves."""

    _name = "credit.hold.release"
    _description = "Release Credit Holds"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "max_amount": AMOUNT,
    }

    hold_ids = fields.Many2many(
        "credit.hold", string="Holds", readonly=True, default=lambda self: self._default_holds()
    )
    is_single = fields.Boolean(compute="_compute_holds")
    has_orders = fields.Boolean(compute="_compute_holds")
    by_hand = fields.Boolean(compute="_compute_holds")
    left_out = fields.Text("Will Be Left Out", compute="_compute_holds")
    go_on = fields.Boolean(default=lambda self: bool(self.env.context.get("credit_go_on")))
    currency_id = fields.Many2one("res.currency", compute="_compute_holds")
    reason_id = fields.Many2one(
        "credit.hold.reason",
        required=True,
        domain=[("decision", "=", "release")],
        default=lambda self: self._default_reason(),
        index="btree_not_null",
        help="The reason of your last release of today is proposed.",
    )
    note = fields.Text()
    valid_until = fields.Date(
        compute="_compute_terms",
        store=True,
        readonly=False,
        help="Last day on which the document may go through. Empty: as the policy says.",
    )
    max_amount = fields.Monetary(
        "Up To",
        compute="_compute_terms",
        store=True,
        readonly=False,
        help="The document is held again when it grows above this amount.",
    )
    confirm = fields.Boolean("Confirm the Order at Once", default=True)

    @api.model
    def _default_reason(self):
        """The reason of what I released last today: many holds in a row have the same."""
        last = self.env["credit.hold"].search(
            [("state", "=", "released"), ("decided_by_id", "=", self.env.uid)],
            order="decided_on desc",
            limit=1,
        )
        company = self.env.company
        today = last and company._credit_day(last.decided_on) == company._credit_today()
        return last.reason_id if today else last.reason_id.browse()

    @api.model
    def _default_holds(self):
        """The holds selected in the list, as far as they still wait for a decision."""
        if self.env.context.get("active_model") != "credit.hold":
            return self.env["credit.hold"]
        return self.env["credit.hold"].search(
            [("id", "in", self.env.context.get("active_ids", [])), ("state", "=", "held")]
        )

    @api.depends("hold_ids")
    def _compute_holds(self):
        for wizard in self:
            wizard.is_single = len(wizard.hold_ids) == 1
            wizard.has_orders = any(not hold.picking_id for hold in wizard.hold_ids)
            wizard.currency_id = wizard.hold_ids[:1].currency_id
            wizard.by_hand = wizard.is_single and wizard.hold_ids.by_hand
            wizard.left_out = "\n".join(wizard.hold_ids._left_out(wizard._to_decide()))

    @api.depends("hold_ids")
    def _compute_terms(self):
        for wizard in self:
            hold = wizard.hold_ids if len(wizard.hold_ids) == 1 else self.env["credit.hold"]
            wizard.max_amount = hold._release_amount(None) if hold else 0.0
            wizard.valid_until = hold and fields.Date.add(
                hold.company_id._credit_today(), days=hold.sudo().policy_id.release_days
            )

    def _to_decide(self):
        """Of one hold that one; of several those within my authority and not held by hand."""
        self.ensure_one()
        return self.hold_ids if len(self.hold_ids) == 1 else self.hold_ids._decidable()

    def action_release(self):
        """Release the holds; several at once keep each its own amount.

        Of several, those that I may not decide or whose customer is held by hand are left out,
        and it is said which.  From a hold's own page the next one opens.
        """
        self.ensure_one()
        if not self.hold_ids:
            raise UserError(self.env._("None of these holds waits for a decision any more."))
        if self.by_hand and not (self.note or "").strip():
            raise UserError(
                self.env._("The customer is held by hand. Say in the note why this one may pass.")
            )
        decided = self._to_decide()
        terms = {
            "reason_id": self.reason_id.id,
            "note": self.note,
            "valid_until": self.valid_until,
        }
        if self.is_single:
            amount = self.max_amount or None
            decided.action_release(**terms, max_amount=amount, confirm=self.confirm)
        else:
            decided = decided._release_each(**terms)
            if self.confirm:
                decided._confirm_orders()
        left_out = self.hold_ids._left_out(decided)
        title = self.env._(
            "Released: %(count)s of %(all)s.", count=len(decided), all=len(self.hold_ids)
        )
        goes_on = decided.action_next_hold() if self.go_on else None
        return decided._came_out(title, left_out, "warning" if left_out else "success", goes_on)
