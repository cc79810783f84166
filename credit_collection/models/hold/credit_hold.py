from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core import decision
from ...tools.groups import COLLECTOR
from ...tools.numbering import next_number
from ...tools.states import next_state
from ...tools.write_guards import without_defaults

TRANSITIONS = {
    (False, "hold"): "held",
    (False, "observe"): "observed",
    ("held", "release"): "released",
    ("held", "refuse"): "refused",
    ("held", "clear"): "cleared",
    ("held", "cancel"): "cancelled",
    ("released", "cancel"): "cancelled",
    ("released", "withdraw"): "cancelled",
}
MUTABLE_BY_OFFICER = {"responsible_id", "deadline"}


class CreditHold(models.Model):
    """A held document: the frozen evidence of the decision and the queue of those to decide."""

    _name = "credit.hold"
    _description = "Credit Hold"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.audited", "credit.empty.list"]
    _audited = (
        "name",
        "state",
        "checkpoint",
        "order_id",
        "picking_id",
        "document_name",
        "account_id",
        "policy_id",
        "requester_id",
        "requested_amount",
        "receivable",
        "overdue",
        "draft",
        "ordered",
        "exposure",
        "exposure_after",
        "unlimited",
        "credit_limit",
        "available",
        "max_days_overdue",
        "frozen",
        "findings",
        "remedies",
        "kind",
        "finding_kinds",
        "reason_id",
        "decision_note",
        "decided_by_id",
        "decided_on",
        "valid_until",
        "max_amount",
    )
    _order = "for_me desc, queue_key, id"

    name = fields.Char(required=True, readonly=True, default="/")
    state = fields.Selection(
        [
            ("held", "On Hold"),
            ("released", "Released"),
            ("refused", "Refused"),
            ("cleared", "Cleared"),
            ("cancelled", "Cancelled"),
            ("observed", "Observed Only"),
        ],
        required=True,
        readonly=True,
        default="held",
        copy=False,
        tracking=True,
        index=True,
    )
    checkpoint = fields.Selection(
        [
            ("quotation", "Quotation"),
            ("confirmation", "Order"),
            ("delivery", "Delivery"),
            ("invoice", "Invoice"),
        ],
        required=True,
        readonly=True,
    )
    order_id = fields.Many2one("sale.order", readonly=True, index=True, copy=False)
    picking_id = fields.Many2one(
        "stock.picking",
        "Delivery",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    document_name = fields.Char("Document", readonly=True)
    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    grade_id = fields.Many2one(related="account_id.grade_id")
    rating_score = fields.Float(related="account_id.rating_score")
    rating_trend = fields.Selection(related="account_id.rating_trend")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    policy_id = fields.Many2one(
        "credit.policy", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    salesperson_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    requester_id = fields.Many2one(
        "res.users", "Requested By", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    request_note = fields.Text("Note to the Officer", readonly=True)
    release_requested_on = fields.Datetime(readonly=True)
    responsible_id = fields.Many2one(
        "res.users", "Decides", tracking=True, ondelete="restrict", index="btree_not_null"
    )
    deadline = fields.Datetime("Decide Before")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    # What was known at that moment; never changes afterwards.
    requested_amount = fields.Monetary("Document Amount", readonly=True)
    document_rate = fields.Float(
        readonly=True,
        digits=0,
        help="Units of the order's currency for one of the company's, when it was held. A release "
        "covers the same amount in the order's own currency.",
    )
    receivable = fields.Monetary(readonly=True)
    overdue = fields.Monetary(readonly=True)
    draft = fields.Monetary("Draft Invoices", readonly=True)
    ordered = fields.Monetary(readonly=True)
    exposure = fields.Monetary(readonly=True)
    exposure_after = fields.Monetary("Exposure With Document", readonly=True)
    unlimited = fields.Boolean(readonly=True)
    credit_limit = fields.Monetary(readonly=True)
    limit_label = fields.Char("Limit", compute="_compute_limit_label")
    available = fields.Monetary(readonly=True)
    max_days_overdue = fields.Integer("Days Overdue", readonly=True)
    frozen = fields.Json(readonly=True, copy=False, groups=COLLECTOR)
    findings = fields.Json(readonly=True, copy=False)
    remedies = fields.Json(readonly=True, copy=False, groups=COLLECTOR)
    kind = fields.Selection("_selection_kind", "First Rule", readonly=True)
    finding_kinds = fields.Char(readonly=True, help="The kinds of rules that held, by comma.")
    reason = fields.Text("Why", compute="_compute_texts")
    plain_reason = fields.Text("Why, Without Figures", compute="_compute_texts")
    remedy = fields.Text("What Would Lift It", compute="_compute_texts")

    # The decision.
    reason_id = fields.Many2one(
        "credit.hold.reason", "Decision Reason", readonly=True, index="btree_not_null"
    )
    decision_note = fields.Text(readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    decided_on = fields.Datetime(readonly=True)
    valid_until = fields.Date(readonly=True)
    max_amount = fields.Monetary("Released Up To", readonly=True)

    _held_order_uniq = models.UniqueIndex(
        "(order_id) WHERE state = 'held' AND picking_id IS NULL",
        "This order is on hold already.",
    )
    _held_picking_uniq = models.UniqueIndex(
        "(picking_id) WHERE state = 'held'", "This delivery is on hold already."
    )
    _held_move_uniq = models.UniqueIndex(
        "(move_id) WHERE state = 'held'", "This invoice is on hold already."
    )

    @api.model
    def _selection_kind(self):
        """The kinds of rules, and the hold on a whole customer, which comes before them."""
        rules = self.env["credit.rule"]._fields["kind"]._description_selection(self.env)
        return [(decision.MANUAL, self.env._("Customer held by hand")), *rules]

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for hold in self:
            hold.is_late = bool(hold.state == "held" and hold.deadline and hold.deadline < now)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("state", "=", "held"), ("deadline", "<", fields.Datetime.now())]
        return late if True in value else ["!", "&", *late]

    @api.depends("unlimited", "credit_limit", "currency_id")
    @api.depends_context("lang")
    def _compute_limit_label(self):
        Words = self.env["credit.message"]
        for hold in self:
            hold.limit_label = Words._limit_label(
                hold.unlimited, hold.credit_limit, hold.currency_id
            )

    @api.depends("checkpoint", "findings", "remedies")
    @api.depends_context("lang", "uid")
    def _compute_texts(self):
        Words = self.env["credit.message"]
        for hold in self:
            currency, evidence = hold.currency_id, hold.sudo()
            hold.reason = "\n".join(
                Words._finding(finding, currency)
                for finding in evidence.findings or []
                if finding["consequence"] == decision.HOLD
            )
            hold.plain_reason = " ".join(
                dict.fromkeys(
                    Words._plain_finding(finding["kind"])
                    for finding in evidence.findings or []
                    if finding["consequence"] == decision.HOLD
                )
            )
            hold.remedy = "\n".join(
                Words._remedy(remedy, currency, hold.checkpoint)
                for remedy in evidence.remedies or []
            )

    def _decides(self):
        """Who decides on the hold, as a name."""
        self.ensure_one()
        return self.responsible_id.name or self.env._("a credit officer")

    # ------------------------------------------------------------------
    # Evidence does not change
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Holds are made by the credit check, not by hand."))
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = next_number(self.env, "credit.hold")
        return super(CreditHold, without_defaults(self)).create(vals_list)

    def write(self, vals):
        if not self.env.su and not MUTABLE_BY_OFFICER.issuperset(
            key for key in vals if not key.startswith(("message_", "activity_"))
        ):
            raise AccessError(
                self.env._("The figures of a hold do not change. Release or refuse it instead.")
            )
        result = super().write(vals)
        if vals.get("responsible_id"):
            for hold in self.sudo():
                hold.responsible_id._credit_check_works_in(hold.company_id)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A hold is evidence: it cannot be deleted."))

    @api.model
    def _refuse_deletion(self, documents):
        """Raise if one of ``documents`` (orders or transfers) was on hold: it stays with it."""
        kept = documents.sudo().filtered("credit_hold_ids")
        if kept:
            raise UserError(
                self.env._(
                    "%(documents)s was on credit hold, which is evidence: it can be cancelled but "
                    "not deleted.",
                    documents=", ".join(kept.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------------
    # From the hold to what it is about
    # ------------------------------------------------------------------

    def action_open_order(self):
        """Open the held order."""
        self.ensure_one()
        return self.order_id.get_formview_action()

    def action_open_picking(self):
        """Open the held delivery."""
        self.ensure_one()
        return self.picking_id.get_formview_action()

    def action_open_invoice(self):
        """Open the held invoice."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    def action_open_account(self):
        """Open the customer's credit file."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    def action_ask(self):
        """Open the note to the officer who decides."""
        self.ensure_one()
        return self.env["credit.hold.ask"]._open(
            order_id=self.order_id.id,
            picking_id=self.picking_id.id,
            move_id=self.move_id.id,
        )

    def _move(self, event, **values):
        """Move the holds through :data:`TRANSITIONS`; an unknown step raises."""
        for hold in self.sudo():
            target = next_state(hold, TRANSITIONS, event)
            hold.write(
                {
                    "state": target,
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                    **values,
                }
            )
            hold.activity_unlink(["credit_collection.mail_activity_release_hold"])
