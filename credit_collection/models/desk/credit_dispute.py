from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.bounds import AMOUNT, number_given
from ...tools.groups import COLLECTOR
from ...tools.registry_cache import clear_registry_cache
from ...tools.write_guards import fields_outside, reset_context

TRANSITIONS = {
    ("open", "accept"): "accepted",
    ("open", "reject"): "rejected",
    ("open", "close"): "closed",
    ("accepted", "close"): "closed",
    ("accepted", "reject"): "rejected",
    ("closed", "reopen"): "open",
    ("closed", "accept again"): "accepted",
}
LEFT_ALONE = ("open", "accepted")
# So many settled disputes say what those that are open will bring.
ENDED_DISPUTES = 20
FREE_TO_CHANGE = {"outcome", "note"}
# What can be said of a new dispute; the rest is worked out.
WRITABLE_ON_CREATE = {
    "account_id",
    "move_line_id",
    "amount",
    "reason_id",
    "owner_id",
    "deadline",
    "note",
}


class CreditDispute(models.Model):
    """What a customer does not accept of an item; the rest of the item is chased.

    Open and accepted disputes are left alone: an accepted one waits for its credit note.
    """

    _name = "credit.dispute"
    _description = "Dispute"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.bounded", "credit.audited"]
    _audited = (
        "account_id",
        "amount",
        "reason_id",
        "owner_id",
        "deadline",
        "state",
        "opened_on",
        "closed_on",
        "outcome",
    )
    _order = "state, deadline, id"
    _rec_name = "move_line_id"
    _credit_bounds = {
        "amount": AMOUNT,
    }

    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        "Item",
        readonly=True,
        ondelete="set null",
        help="Empty while its invoice is a draft that was split anew: the dispute comes back when "
        "it is posted.",
    )
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        compute="_compute_move_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount = fields.Monetary(
        required=True, readonly=True, help="The part that the customer disputes."
    )
    amount_company = fields.Monetary(
        "Amount in Company Currency", readonly=True, currency_field="company_currency_id"
    )
    credited = fields.Monetary(
        readonly=True,
        copy=False,
        help="What has been credited or written off of the item since: it is no part of the "
        "dispute any more.",
    )
    # Of which match and day: {partial id: [day, amount]}, see credit.dispute._share_credits.
    credited_by = fields.Json(readonly=True, copy=False)
    reason_id = fields.Many2one(
        "credit.dispute.reason", required=True, ondelete="restrict", index="btree_not_null"
    )
    owner_id = fields.Many2one(
        "res.users", "Person in Charge", tracking=True, domain="[('share', '=', False)]", index=True
    )
    deadline = fields.Date(tracking=True)
    escalated = fields.Boolean(readonly=True, copy=False)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    note = fields.Text("What the Customer Says")
    outcome = fields.Text()
    state = fields.Selection(
        [
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
    )
    opened_on = fields.Date(readonly=True, required=True)
    closed_on = fields.Date(readonly=True, copy=False)
    # The state to come back to when what closed it by itself is undone.
    reopens_as = fields.Char(readonly=True, copy=False)
    partial_floor = fields.Integer(readonly=True, copy=False)

    # One index probe per open item: see credit.open.item._disputed_sql.
    _active_idx = models.Index("(move_line_id) WHERE state IN ('open', 'accepted')")
    _amount_positive = models.Constraint("CHECK(amount > 0)", "A dispute needs an amount.")

    @api.depends("move_line_id")
    def _compute_move_id(self):
        for dispute in self:
            # An item that was deleted leaves its invoice known.
            dispute.move_id = dispute.move_line_id.move_id or dispute.move_id

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        for dispute in self:
            dispute.is_late = bool(
                dispute.state == "open"
                and dispute.deadline
                and dispute.deadline < dispute.company_id._credit_today()
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "open") & Domain.OR(
            Domain("company_id", "=", company.id) & Domain("deadline", "<", company._credit_today())
            for company in self.env["res.company"].sudo().search([("parent_id", "=", False)])
        )
        return late if True in value else ~late

    @api.depends("move_line_id", "amount")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = self.env._(
                "Dispute on %(item)s: %(amount)s",
                item=dispute.sudo().move_id.name or "",
                amount=dispute.currency_id.format(dispute.amount),
            )

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there ever was a dispute: else no query asks for one, item by item."""
        return bool(self.sudo().search_count([], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        self = reset_context(self)
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can note a dispute."))
        floor = self.env["account.partial.reconcile"].sudo().search([], order="id desc", limit=1)
        for vals in vals_list:
            self._complete(vals)
            vals["partial_floor"] = floor.id
        disputes = super().create(vals_list)
        if not self._any():
            clear_registry_cache(self.env)
        disputes._check_owner()
        disputes._check_deadline(opening=True)
        disputes.account_id._wake_holds()
        disputes._notify_made()
        return disputes

    @api.model
    def _complete(self, vals):
        """Fill and check what a dispute needs."""
        if not self.env.su and fields_outside(vals, WRITABLE_ON_CREATE):
            raise AccessError(self.env._("A new dispute is open, from today."))
        account = self.env["credit.account"].browse(vals.get("account_id"))
        line = self.env["account.move.line"].browse(vals.get("move_line_id"))
        if not account.exists() or not line.exists():
            raise UserError(self.env._("Say which item the customer disputes."))
        account.check_access("read")
        account._serialize()
        account, line = account.sudo(), line.sudo()
        item = self._open_item(account, line)
        already = sum(
            self.sudo()
            .search([("move_line_id", "=", line.id), ("state", "in", LEFT_ALONE)])
            .mapped(lambda dispute: max(dispute.amount - dispute.credited, 0))
        )
        free = line.currency_id.round(item.amount_currency - already)
        if vals.get("amount") is None:
            vals["amount"] = free
        amount = line.currency_id.round(number_given(self, "amount", vals["amount"]))
        vals["amount"] = amount
        self._check_amount(line, amount, free)
        vals["amount_company"] = account.currency_id.round(
            item.amount * amount / item.amount_currency if item.amount_currency else amount
        )
        vals.setdefault("opened_on", account.company_id._credit_today())
        reason = self.env["credit.dispute.reason"].browse(vals.get("reason_id")).sudo()
        if not reason.exists():
            raise UserError(self.env._("Say why the customer disputes the item."))
        if not vals.get("owner_id"):
            vals["owner_id"] = reason._owner(account, line).id
        if not vals.get("deadline"):
            vals["deadline"] = fields.Date.to_date(vals["opened_on"]) + timedelta(reason.days)

    @api.model
    def _open_item(self, account, line):
        """The open item that is disputed; raises when there is none of this customer."""
        item = account._open_items().filtered(
            lambda item: item.move_line_id == line and item.amount > 0
        )
        if item:
            return item
        if line.company_id.root_id != account.company_id:
            raise ValidationError(self.env._("The item belongs to another company."))
        if line.partner_id.commercial_partner_id != account.partner_id:
            raise ValidationError(self.env._("The item belongs to another customer."))
        raise ValidationError(
            self.env._("Nothing is open on %s.", line.move_id.name or line.display_name)
        )

    @api.model
    def _check_amount(self, line, amount, free):
        if amount <= 0:
            raise ValidationError(
                self.env._("The disputed amount must be above zero.")
                if free > 0
                else self.env._("%s is disputed in full already.", line.move_id.name)
            )
        if line.currency_id.compare_amounts(amount, free) > 0:
            raise ValidationError(
                self.env._(
                    "%(amount)s is more than the %(free)s that is open and not disputed yet on "
                    "%(item)s.",
                    amount=line.currency_id.format(amount),
                    free=line.currency_id.format(free),
                    item=line.move_id.name,
                )
            )

    def write(self, vals):
        user = self.env.user
        free = FREE_TO_CHANGE
        if user.has_group(COLLECTOR):
            free = free | {"owner_id", "deadline", "reason_id"}
        if not self.env.su and fields_outside(vals, free):
            raise AccessError(
                self.env._("Accept, reject or close the dispute; the rest does not change.")
            )
        result = super().write(vals)
        if "owner_id" in vals:
            self._check_owner()
        if "deadline" in vals:
            self._check_deadline()
        if "owner_id" in vals or "deadline" in vals:
            self._reassign()
        return result

    def _check_owner(self):
        """Who settles a dispute can see it."""
        for dispute in self.sudo().filtered("owner_id"):
            if not dispute.owner_id._works_in(dispute.company_id):
                raise UserError(
                    self.env._(
                        "%s cannot settle this dispute: choose a colleague.", dispute.owner_id.name
                    )
                )

    def _check_deadline(self, opening=False):
        """The deadline is still to come, on the day of opening or now."""
        for dispute in self.filtered("deadline"):
            today = dispute.sudo().company_id._credit_today()
            if dispute.deadline < (dispute.opened_on if opening else today):
                raise UserError(self.env._("The day to settle the dispute by has passed."))

    @api.model
    def _own_chance(self, company):
        """The share of disputed amounts that was paid in the end, from disputes whose item is
        settled; None while fewer than twenty are."""
        ended = self.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("rejected", "closed")),
                ("move_line_id.reconciled", "=", True),
            ],
            ["amount", "credited", "amount_company"],
        )
        disputed = sum(ended.mapped("amount_company"))
        if len(ended) < ENDED_DISPUTES or not disputed:
            return None
        lost = sum(one.amount_company * min(one.credited / one.amount, 1.0) for one in ended)
        return min(max(1 - lost / disputed, 0.0), 1.0)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A dispute is part of the history: close it instead."))
