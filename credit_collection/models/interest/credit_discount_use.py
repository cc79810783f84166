from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

USES = [
    ("open", "Still Possible"),
    ("taken", "Taken"),
    ("late", "Taken Too Late"),
    ("missed", "Missed"),
]


class CreditDiscountUse(models.Model):
    """What became of the early payment discount on each invoice that offers one.

    *Taken too late*: paid after the last day of the discount, and what is still open is no more
    than the discount would have been.
    """

    _name = "credit.discount.use"
    _description = "Use of Early Payment Discounts"
    _auto = False
    _order = "invoice_date desc, id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", "Invoice", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Item", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    invoice_date = fields.Date(readonly=True)
    last_day = fields.Date("Discount Until", readonly=True)
    paid_on = fields.Date("Last Paid", readonly=True)
    total = fields.Monetary(readonly=True)
    offered = fields.Monetary("Discount Offered", readonly=True)
    taken = fields.Monetary("Discount Taken", readonly=True)
    residual = fields.Monetary("Still Open", readonly=True)
    use = fields.Selection(USES, readonly=True)

    _depends = {
        "account.move": [
            "invoice_date", "invoice_payment_term_id", "state", "move_type", "amount_untaxed",
            "commercial_partner_id", "company_id",
        ],
        "account.move.line": [
            "amount_currency", "amount_residual_currency", "display_type", "currency_id",
        ],
        "account.partial.reconcile": ["debit_move_id", "max_date", "debit_amount_currency"],
        "account.payment.term": [
            "early_discount", "discount_percentage", "discount_days",
            "early_pay_discount_computation",
        ],
        "credit.discount.tier": ["term_id", "days", "percent"],
    }  # fmt: skip

    @property
    def _table_query(self) -> SQL:
        Partial = self.env["account.partial.reconcile"]
        return SQL(
            """
            SELECT item.*,
                   CASE WHEN item.taken > 0 THEN 'taken'
                        WHEN item.residual > 0 AND item.paid_on > item.last_day
                             AND item.residual <= item.offered + 0.01 THEN 'late'
                        WHEN item.residual <= 0 OR item.last_day < %(today)s THEN 'missed'
                        ELSE 'open' END AS use
              FROM (
            SELECT line.id, line.id AS move_line_id, move.id AS move_id,
                   move.commercial_partner_id AS partner_id, move.company_id, line.currency_id,
                   move.invoice_date, line.amount_currency AS total,
                   move.invoice_date + GREATEST(term.discount_days, COALESCE((
                       SELECT MAX(tier.days) FROM credit_discount_tier tier
                        WHERE tier.term_id = term.id), 0))::int AS last_day,
                   ROUND((CASE WHEN term.early_pay_discount_computation = 'included'
                               THEN line.amount_currency ELSE move.amount_untaxed END
                          * term.discount_percentage / 100)::numeric, 2) AS offered,
                   line.amount_residual_currency AS residual,
                   (SELECT MAX(partial.max_date) FROM account_partial_reconcile partial
                     WHERE partial.debit_move_id = line.id) AS paid_on,
                   COALESCE((SELECT SUM(paid.debit_amount_currency) FROM (%(natures)s) AS paid
                     WHERE paid.debit_move_id = line.id AND paid.nature = 'discount'), 0) AS taken
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_payment_term term ON term.id = move.invoice_payment_term_id
             WHERE line.display_type = 'payment_term' AND move.move_type = 'out_invoice'
               AND move.state = 'posted' AND term.early_discount
               AND move.invoice_date IS NOT NULL) AS item
            """,
            today=self.env.company._credit_today(),
            natures=Partial._credit_natures_sql(
                SQL(
                    """partial.debit_move_id IN (
                       SELECT term_line.id FROM account_move_line term_line
                         JOIN account_move term_move ON term_move.id = term_line.move_id
                         JOIN account_payment_term own ON own.id = term_move.invoice_payment_term_id
                        WHERE own.early_discount AND term_line.display_type = 'payment_term')"""
                )
            ),
        )

    @api.depends("move_id")
    def _compute_display_name(self):
        for use in self:
            use.display_name = use.move_id.display_name

    def action_dispute(self):
        """Make deductions that were taken too late disputes with their reason."""
        self.check_access("read")
        reason = self.env.ref("credit_collection.credit_dispute_reason_deduction")
        late = self.filtered(lambda use: use.use == "late")
        if not late:
            raise UserError(self.env._("None of these discounts was taken too late."))
        disputes = self.env["credit.dispute"]
        for use in late:
            account = self.env["credit.account"]._get(use.partner_id, use.company_id)
            disputes |= self.env["credit.dispute"].create(
                {
                    "account_id": account.id,
                    "move_line_id": use.move_line_id.id,
                    "amount": use.residual,
                    "reason_id": reason.id,
                    "note": self.env._(
                        "The discount ended on %(day)s; it was paid on %(paid)s.",
                        day=format_date(self.env, use.last_day),
                        paid=format_date(self.env, use.paid_on),
                    ),
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.dispute",
            "view_mode": "list,form",
            "domain": [("id", "in", disputes.ids)],
            "name": self.env._("Disputes"),
        }
