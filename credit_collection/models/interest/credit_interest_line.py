from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import sentences

KINDS = [
    ("interest", "Interest"),
    ("compensation", "Compensation"),
    ("correction", "Correction"),
]


class CreditInterestLine(models.Model):
    """Interest that was charged on an item for some days, or its lump sum.

    Each day of an item is charged at most once: the database promises it.  Lines stay when the
    item is paid.  A part that was disputed and is owed after all has lines of its own.
    """

    _name = "credit.interest.line"
    _description = "Interest Charged"
    _inherit = "credit.bounded"
    _order = "move_line_id, kind desc, date_from, id"
    _rec_name = "move_line_id"

    claim_id = fields.Many2one(
        "credit.interest.claim", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        related="claim_id.account_id", store=True, index=True, string="Credit File"
    )
    partner_id = fields.Many2one(
        related="claim_id.partner_id", store=True, string="Customer", index=True
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="claim_id.currency_id", store=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, default="interest")
    move_line_id = fields.Many2one(
        "account.move.line", "Item", required=True, readonly=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", store=True, index=True, string="Invoice"
    )
    dispute_id = fields.Many2one(
        "credit.dispute",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The part that was under dispute and is owed after all.",
    )
    date_from = fields.Date("From", readonly=True, required=True)
    date_to = fields.Date("To", readonly=True, required=True)
    base = fields.Monetary("Base Amount", readonly=True)
    rate = fields.Float("Rate (%)", readonly=True, digits=(16, 4), aggregator=None)
    days = fields.Integer(readonly=True)
    amount = fields.Monetary(readonly=True, required=True)
    claimed_on = fields.Date(related="claim_id.date", store=True)
    counts = fields.Boolean(
        readonly=True, default=True, help="Off when its claim was reversed: it was never charged."
    )

    _no_day_twice = models.Constraint(
        "EXCLUDE USING gist (int4range(move_line_id, move_line_id, '[]') WITH &&, "
        "int4range(COALESCE(dispute_id, 0), COALESCE(dispute_id, 0), '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (counts AND kind = 'interest')",
        "Interest for some of these days was charged already.",
    )
    _one_compensation = models.UniqueIndex(
        "(move_id) WHERE counts AND kind = 'compensation'",
        "The compensation for this invoice was charged already.",
    )
    _days_ordered = models.Constraint(
        "CHECK(date_from <= date_to AND (amount >= 0 OR kind = 'correction'))",
        "Interest ends after it starts and is not negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Interest is worked out, not written by hand."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("Interest is worked out, not written by hand."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_claimed(self):
        if any(line.claim_id.state != "draft" for line in self):
            raise UserError(self.env._("Interest that was claimed stays: reverse the claim."))

    def _rate_text(self):
        return sentences.number(self.env, self.rate)

    def _text(self):
        """What the line says on a letter or bill, in the language of the environment."""
        self.ensure_one()
        name = self.move_id.name or self.move_line_id.name or ""
        if self.kind == "compensation":
            return self.env._("Compensation for recovery costs, %(document)s", document=name)
        Field = self.env["ir.qweb.field.date"]
        if self.kind == "correction":
            return self.env._(
                "Interest charged too much on %(document)s, %(first)s to %(last)s: %(base)s had "
                "been paid before",
                document=name,
                first=Field.value_to_html(self.date_from, {}),
                last=Field.value_to_html(self.date_to, {}),
                base=self.currency_id.format(self.base),
            )
        return self.env._(
            "Interest on %(base)s of %(document)s, %(first)s to %(last)s: %(days)s days at "
            "%(rate)s %% a year",
            base=self.currency_id.format(self.base),
            document=name,
            first=Field.value_to_html(self.date_from, {}),
            last=Field.value_to_html(self.date_to, {}),
            days=self.days,
            rate=self._rate_text(),
        )
