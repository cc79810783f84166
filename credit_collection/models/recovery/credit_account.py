from odoo import fields, models

from ..file.credit_file_document import COLLECTOR


class CreditAccount(models.Model):
    """What secures a customer's debt, and until when it can be sued for."""

    _inherit = "credit.account"

    collateral_ids = fields.One2many(
        "credit.collateral", "account_id", "Securities", groups=COLLECTOR
    )
    instrument_ids = fields.One2many(
        "credit.instrument", "account_id", "Cheques and Notes", groups=COLLECTOR
    )
    limitation_ids = fields.One2many(
        "credit.limitation", "account_id", groups=COLLECTOR
    )
    limitation_law_id = fields.Many2one(
        "credit.limitation.law", "Law of Limitation", tracking=True, groups=COLLECTOR,
        index="btree_not_null",
        help="The law of the contract. Leave empty to take the company's.",
    )  # fmt: skip
    next_lapse = fields.Date("First Claim Lapses", compute="_compute_next_lapse", groups=COLLECTOR)

    def _compute_next_lapse(self):
        first = dict(
            self.env["credit.limitation"]
            .sudo()
            ._read_group([("account_id", "in", self.ids)], ["account_id"], ["last_day:min"])
        )
        first = {account.id: day for account, day in first.items()}
        for account in self:
            account.next_lapse = first.get(account._origin.id, False)
