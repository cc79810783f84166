from odoo import api, fields, models
from odoo.tools import SQL


class CreditOwnerChange(models.Model):
    """An invoice that was handed over: before that day its figures are those of who gave it away.

    Made by handing over, never by hand.
    """

    _name = "credit.owner.change"
    _description = "Change of an Invoice's Salesperson"
    _order = "date desc, id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    from_user_id = fields.Many2one(
        "res.users", "Handed Over By", required=True, readonly=True, index=True, ondelete="restrict"
    )
    to_user_id = fields.Many2one(
        "res.users", "Handed Over To", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Date("From Day", required=True, readonly=True)
    reason = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        "Handed Over",
        readonly=True,
        help="What was open of the invoice, in the company's currency.",
    )

    @api.model
    def _owner_sql(self, move: SQL, day: SQL, owner: SQL) -> SQL:
        """SQL of the salesperson of a document on a day.

        :param move: SQL of the document's id
        :param day: SQL of the day
        :param owner: SQL of who it is today
        """
        self.flush_model()
        return SQL(
            """
            COALESCE((SELECT changed.from_user_id FROM credit_owner_change changed
                       WHERE changed.move_id = %s AND changed.date > %s
                       ORDER BY changed.date, changed.id LIMIT 1), %s)
            """,
            move,
            day,
            owner,
        )
