from odoo import fields, models

# What a settlement was.  Only cash and discount are how a customer pays.
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


class AccountMove(models.Model):
    """The mark of an entry that is no plain payment."""

    _inherit = "account.move"

    credit_settlement = fields.Selection(
        NATURES,
        string="What It Settles By",
        copy=False,
        tracking=True,
        groups=BOOKKEEPERS,
        help="Says what became of the customers' items that this entry settles. Empty, the "
        "journal, the type of the entry and its other accounts say it.",
    )
