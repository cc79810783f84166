from odoo import fields, models

from ...tools.registry_cache import clear_registry_cache

# What a settlement was.  Only with money and with a discount does a customer pay.
NATURES = [
    ("cash", "Money"),
    ("discount", "Discount"),
    ("credit_note", "Credit note"),
    ("netting", "Netting"),
    ("write_off", "Write-off"),
    ("assignment", "Assignment"),
    ("restructuring", "Restructuring"),
    ("exchange", "Exchange difference"),
]
PAID = ("cash", "discount")
BOOKKEEPERS = "account.group_account_invoice,account.group_account_readonly"


# What is asked before entries are posted, and what follows, in this order; a room adds its step.
BEFORE_POST = ("_credit_enforce_post",)
AFTER_POST = ("_credit_make_files", "_followup_adopt_orphans", "_credit_adopt_claims")


class AccountMove(models.Model):
    _inherit = "account.move"
    _written_by_steps = frozenset({"credit_opened_on"})

    credit_settlement = fields.Selection(
        NATURES,
        string="Settles By",
        copy=False,
        tracking=True,
        groups=BOOKKEEPERS,
        help="What became of the customers' items that this entry settles. Empty: the journal, "
        "the type of the entry and its other accounts say it.",
    )

    credit_opened_on = fields.Datetime(
        "Opened by the Customer",
        readonly=True,
        copy=False,
        groups=BOOKKEEPERS,
        help="When somebody first opened the invoice on the customer's pages or by its link.",
    )

    _credit_settlement_idx = models.Index("(credit_settlement) WHERE credit_settlement IS NOT NULL")
    _credit_draft_idx = models.Index(
        "(commercial_partner_id) WHERE state = 'draft'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

    def write(self, vals):
        # EXTENDS 'account': entries leave or enter the ledger with their matching, see
        # credit.open.item; terms that count from an event follow it
        result = super().write(vals)
        if "state" in vals and any(self.sudo().line_ids.mapped("matching_number")):
            clear_registry_cache(self.env)
        if "credit_event_date" in vals:
            self._credit_event_written()
        return result

    def _post(self, soft=True):
        # EXTENDS 'account': whoever owes something has a credit file
        for step in BEFORE_POST:
            getattr(self, step)()
        posted = super()._post(soft)
        posted._credit_after_post()
        return posted

    def _credit_after_post(self):
        """Everything that follows when entries were posted."""
        for step in AFTER_POST:
            getattr(self, step)()

    def _credit_make_files(self):
        """Make the files of customers who now owe something and look at their holds again."""
        self._credit_apply_event()
        receivable = set(self.env["credit.open.item"]._receivable_account_ids())
        lines = self.line_ids.sudo().filtered(
            lambda line: line.account_id.id in receivable and line.partner_id
        )
        pairs = lines._credit_pairs()
        if pairs:
            self.env["credit.account"]._ensure_missing(pairs)
            self.env["credit.account"]._wake_pairs(pairs)
