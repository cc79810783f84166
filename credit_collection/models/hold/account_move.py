from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core import decision
from ...core.money import ZERO, to_decimal

# Invoices that were found good in this transaction: id -> amount.  It lives on the cursor, out of
# reach of any caller.
FOUND_GOOD = "credit_collection.invoices_found_good"
SEES_HOLDS = (
    "account.group_account_invoice,account.group_account_readonly,"
    "credit_collection.credit_collection_group_collector"
)


class AccountMove(models.Model):
    """An invoice without an order as a document of the credit check.

    Never asked about: what an order brought along, credit notes, what recurs by itself, what is
    paid at the till. Only companies whose rules say so check invoices at all.
    """

    _name = "account.move"
    _inherit = ["account.move", "credit.document"]

    _credit_hold_link = "move_id"

    credit_hold_ids = fields.One2many(
        "credit.hold",
        "move_id",
        string="Credit Holds",
        copy=False,
        readonly=True,
        groups=SEES_HOLDS,
    )
    credit_state = fields.Selection(
        [("none", "Free"), ("held", "On Hold"), ("released", "Released")],
        "Credit",
        compute="_compute_credit_state",
        search="_search_credit_hold_state",
        compute_sudo=True,
        groups=SEES_HOLDS,
        help="Whether the credit check holds the invoice, or somebody released it.",
    )
    credit_hold_reason = fields.Text(
        "On Credit Hold", compute="_compute_credit_state", compute_sudo=True, groups=SEES_HOLDS
    )
    credit_hold_decides = fields.Char(
        "Who Decides", compute="_compute_credit_state", compute_sudo=True, groups=SEES_HOLDS
    )

    @api.depends("credit_hold_ids.state", "credit_hold_ids.responsible_id")
    @api.depends_context("lang")
    def _compute_credit_state(self):
        for move in self:
            held = move.credit_hold_ids.filtered(lambda hold: hold.state == "held")
            released = "released" in move.credit_hold_ids.mapped("state")
            move.credit_state = "held" if held else ("released" if released else "none")
            move.credit_hold_reason = held.reason
            move.credit_hold_decides = held._decides() if held else False

    # ------------------------------------------------------------------
    # The gate and the guard
    # ------------------------------------------------------------------

    def action_post(self):
        # EXTENDS 'account': invoices that pass are posted, the others go on hold
        held = self._credit_direct()._credit_apply()
        passing = self - held
        try:
            result = super(AccountMove, passing).action_post() if passing else False
        finally:
            self.env.cr.cache.pop(FOUND_GOOD, None)
        return held._credit_held_notification() if held else result

    def _credit_apply(self):
        """Hold those of these direct invoices that do not pass; returns the held ones."""
        cases = self.env["credit.check"]._judge(self, decision.INVOICE) if self else []
        held = self._credit_hold_stopped(cases)
        good = self.env.cr.cache.setdefault(FOUND_GOOD, {})
        for case in cases:
            if not case.holds:
                good[case.document.id] = case.request.document_amount
                case.document._credit_held()._move("clear")
        return held

    def _credit_enforce_post(self):
        """Raise unless each of these invoices, about to be posted, may be: whoever posts."""
        good = self.env.cr.cache.get(FOUND_GOOD, {})
        doubtful = self._credit_direct().filtered(
            lambda move: good.get(move.id) != move._credit_amount()
        )
        cases = self.env["credit.check"]._judge(doubtful, decision.INVOICE) if doubtful else []
        words = self.env["credit.message"]
        stopped = [
            self.env._(
                "%(invoice)s cannot be posted: %(reason)s Use Confirm on the invoice to put it on "
                "hold and ask for a release.",
                invoice=case.document.display_name,
                reason=" ".join(words._findings(case)),
            )
            for case in cases
            if case.holds
        ]
        if stopped:
            raise UserError("\n".join(stopped))

    def _credit_direct(self):
        """Those of these drafts that the check asks about: customer invoices without an order."""
        if not self.env["credit.rule"]._is_asked_at(decision.INVOICE):
            return self.browse()
        return self.filtered(lambda move: move._credit_is_direct())

    def _credit_is_direct(self):
        move = self.sudo()
        if move.move_type not in ("out_invoice", "out_receipt") or move.state != "draft":
            return False
        recurring = move.auto_post_origin_id or move.auto_post not in (False, "no")
        at_the_till = "pos_order_ids" in move._fields and move.pos_order_ids
        return not (recurring or at_the_till) and move._credit_amount() > 0

    def _credit_direct_lines(self):
        """The lines that no order brought along."""
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.sale_line_ids
        )

    # ------------------------------------------------------------------
    # The invoice as a document of the credit check
    # ------------------------------------------------------------------

    def _credit_partner(self):
        return self.commercial_partner_id or self.partner_id

    def _credit_company(self):
        return self.company_id

    def _credit_amount(self):
        """What the invoice adds without an order, in the company's currency, exact."""
        self.ensure_one()
        move = self.sudo()
        direct = move._credit_direct_lines()
        lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        if direct == lines:
            amount = move.amount_total_signed
        else:
            foreign = sum(direct.mapped("price_total"))
            total = move.amount_total
            amount = foreign * (move.amount_total_signed / total) if total else 0.0
        return to_decimal(amount, move.company_id.currency_id.decimal_places)

    def _credit_case(self, position, rules, checkpoint, today):
        """The invoice's request; as a draft it is part of the exposure already."""
        self.ensure_one()
        counted = self._credit_counted(position.digits)
        position = decision.without_draft(position, counted)
        terms = own_terms = None
        if any(rule.kind == "terms" for rule in rules):
            partner = self._credit_partner().with_company(self.company_id)
            terms = self.invoice_payment_term_id._credit_days(today)
            own_terms = partner.property_payment_term_id._credit_days(today)
        amount = self._credit_amount()
        rest = to_decimal(float(counted) - float(amount), position.digits)
        request = decision.Request(
            checkpoint=checkpoint,
            amount=amount + max(rest, ZERO),
            document_amount=amount,
            terms_days=terms,
            customer_terms_days=own_terms,
            pays_up_front=bool(self.invoice_payment_term_id.credit_prepayment),
        )
        return position, request, rules

    def _credit_counted(self, digits):
        """What this draft contributes to the exposure."""
        [(amount,)] = (
            self.env["credit.open.item"]
            .sudo()
            ._read_group([("move_id", "=", self._origin.id)], [], ["amount:sum"])
        )
        return to_decimal(amount or 0, digits)

    def _credit_prepaid(self, request):
        """The request with what the customer has paid online for this invoice."""
        done = self.sudo().transaction_ids.filtered(lambda tx: tx.state == "done")
        company, today = self.company_id, self.company_id._credit_today()
        paid = sum(
            tx.currency_id._convert(tx.amount, company.currency_id, company, today)
            for tx in done
            if len(tx.invoice_ids) == 1
        )
        paid = to_decimal(paid, company.currency_id.decimal_places)
        return decision.with_prepayment(request, paid, ZERO) if paid else request

    def _credit_release(self, case):
        """The release that lets this invoice pass."""
        self.ensure_one()
        return self.sudo().credit_hold_ids._covering(case)

    def _credit_hold_values(self):
        self.ensure_one()
        return {
            "move_id": self.id,
            "document_name": self.display_name,
            "salesperson_id": self.invoice_user_id.id,
        }

    def _credit_waits(self, checkpoint):
        """Whether the invoice still waits to be posted."""
        self.ensure_one()
        return self.state == "draft"

    def _credit_withdraw(self):
        """A release was taken back: the invoice is judged again."""
        self._credit_direct()._credit_apply()

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def button_cancel(self):
        # EXTENDS 'account': nobody has to decide on what is not invoiced
        result = super().button_cancel()
        cancelled = self.filtered(lambda move: move.state == "cancel")
        cancelled._credit_held()._move(
            "cancel", decision_note=self.env._("The invoice was cancelled.")
        )
        return result
