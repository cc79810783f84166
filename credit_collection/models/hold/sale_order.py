from odoo import api, fields, models
from odoo.tools import SQL

from ...core import decision

# Customers read their own orders; what the check thinks of them is not theirs.
INTERNAL = "base.group_user"


class SaleOrder(models.Model):
    """What the credit check knows of an order, and what it shows on it."""

    _name = "sale.order"
    _inherit = ["sale.order", "credit.document"]

    _credit_hold_link = "order_id"

    credit_hold_ids = fields.One2many(
        "credit.hold",
        "order_id",
        string="Credit Holds",
        copy=False,
        readonly=True,
        groups=INTERNAL,
    )
    credit_state = fields.Selection(
        [
            ("none", "Free"),
            ("held", "On Hold"),
            ("released", "Released"),
            ("refused", "Refused"),
        ],
        "Credit",
        compute="_compute_credit_state",
        search="_search_credit_state",
        help="Whether the credit check holds the order, or somebody released it or refused to.",
    )
    credit_hold_count = fields.Integer(compute="_compute_credit_state", groups=INTERNAL)
    credit_hold_reason = fields.Text(compute="_compute_credit_state", groups=INTERNAL)
    credit_banner = fields.Json(compute="_compute_credit_banner", groups=INTERNAL)
    credit_checked_amount = fields.Monetary(
        readonly=True,
        copy=False,
        currency_field="credit_currency_id",
        groups=INTERNAL,
        help="The amount, in the company's currency, that was found good or released. "
        "What was added since is checked again before it is delivered.",
    )
    credit_checked_account_id = fields.Many2one(
        "credit.account",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups=INTERNAL,
        index="btree_not_null",
    )
    credit_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Check", groups=INTERNAL
    )

    _credit_open_idx = models.Index(
        "(partner_invoice_id) WHERE state = 'sale' AND invoice_status != 'invoiced'"
    )

    @api.depends("state", "credit_hold_ids.state", "credit_hold_ids.picking_id")
    @api.depends_context("uid")
    def _compute_credit_state(self):
        # Views ask for it, so it has no groups; customers are told nothing.
        told = self.env.su or self.env.user._is_internal()
        for order in self:
            if not told:
                order.credit_state, order.credit_hold_count = "none", 0
                order.credit_hold_reason = False
                continue
            holds = order.sudo().credit_hold_ids.filtered(lambda hold: not hold.picking_id)
            held = holds.filtered(lambda hold: hold.state == "held")
            order.credit_hold_count = len(order.sudo().credit_hold_ids)
            last = holds.sorted("id")[-1:]
            order.credit_hold_reason = "\n".join(held.mapped("reason"))
            if held:
                order.credit_state = "held"
            elif last.state == "released" or (last.state == "refused" and order.state != "sale"):
                order.credit_state = last.state
            else:
                order.credit_state = "none"

    @api.model
    def _search_credit_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        if not (self.env.su or self.env.user._is_internal()):
            return fields.Domain("none" in value)
        marks = {state: self._credit_marked(state) for state in ("held", "released", "refused")}
        # What was refused and passed all the same, because it or the customer changed, is free.
        marks["refused"] &= fields.Domain("state", "!=", "sale")
        marks["none"] = ~fields.Domain.OR(marks.values())
        return fields.Domain.OR(marks[state] for state in value if state in marks)

    @api.model
    def _credit_marked(self, state):
        """The orders whose hold is in that state: the one that waits, else the latest."""
        self.env["credit.hold"].flush_model(["order_id", "picking_id", "state"])
        marked = SQL(
            """(
                SELECT order_id FROM (
                    SELECT DISTINCT ON (order_id) order_id, state
                      FROM credit_hold
                     WHERE order_id IS NOT NULL AND picking_id IS NULL
                  ORDER BY order_id, state = 'held' DESC, id DESC
                ) latest WHERE state = %s
            )""",
            state,
        )
        return fields.Domain("id", "in", marked)

    @api.depends_context("uid", "lang")
    @api.depends(
        "amount_total",
        "currency_rate",
        "company_id",
        "partner_id",
        "partner_invoice_id",
        "payment_term_id",
        "state",
        "credit_hold_ids.state",
    )
    def _compute_credit_banner(self):
        """The sentence for the salesperson: what is left, will it pass, what would lift it."""
        for order in self:
            if order.state in ("draft", "sent") and order._credit_partner() and order.company_id:
                order.credit_banner = order._credit_banner()
            elif order.state == "sale" and order._credit_is_raised():
                order.credit_banner = order._credit_raised_banner()
            else:
                order.credit_banner = False

    def _credit_banner(self):
        self.ensure_one()
        if self.currency_id.is_zero(self.amount_total) and self.credit_state in (
            "none",
            "refused",
        ):
            return self._credit_verdict_banner()
        [case] = self.env["credit.check"]._judge(self, decision.CONFIRMATION, binding=False)
        return self.env["credit.message"]._banner(case)

    def _credit_verdict_banner(self):
        """Before anything is ordered: may this customer buy, and for how much?"""
        Verdict = self.env["credit.verdict"]
        company = self.company_id.root_id
        customer = self._credit_partner().commercial_partner_id._origin
        [said] = Verdict._of_partners(customer, company).values()
        told = Verdict._told(said, company.currency_id)
        observed = told["outcome"] == "observe"
        return {
            "outcome": "hold" if observed else told["outcome"],
            "observe": observed,
            "title": told["sentence"],
            "left": "",
            "lines": told["reasons"],
            "remedies": told["remedies"],
            "decides": "",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left_behind(self):
        self.order_line._credit_refuse_left_behind()
        self.order_line._credit_give_up_bills()

    def _credit_only_observed(self):
        """Whether the company has no policy that would stop the order."""
        self.ensure_one()
        policy = self.sudo().company_id.root_id.credit_default_policy_id
        return not policy or policy.observe_only

    def _credit_cancelled(self):
        """What was vouched for ends with the order, and nobody has to decide on it."""
        self.sudo().filtered("credit_checked_amount").credit_checked_amount = 0.0
        self._credit_held()._move("cancel", decision_note=self.env._("The order was cancelled."))

    def _credit_withdraw(self):
        """A release was taken back: a quotation is judged again, an order by its deliveries."""
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        cases = self.env["credit.check"]._judge(quotations, decision.CONFIRMATION)
        self.env["credit.hold"]._hold([case for case in cases if case.holds])
        confirmed = self.filtered(lambda order: order.state == "sale")
        confirmed.sudo().write({"credit_checked_amount": 0.0})
