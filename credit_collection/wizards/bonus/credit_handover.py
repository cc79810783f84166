from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...models.figures.credit_kpi_rows import SALES
from ...tools.groups import MANAGER


class CreditHandover(models.TransientModel):
    """Give what is open to another salesperson.

    A debt belongs to the salesperson of its invoice, whoever looks after the customer since.  Only
    a handover changes that; closed sheets keep the owners that they were closed with.
    """

    _name = "credit.handover"
    _description = "Hand Over Open Invoices"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
        index="btree_not_null",
    )
    from_user_id = fields.Many2one("res.users", "Hands Over", required=True, index="btree_not_null")
    to_user_id = fields.Many2one(
        "res.users",
        "Takes Over",
        required=True,
        domain="[('share', '=', False)]",
        index="btree_not_null",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        help="Empty: all of them.",
        domain="[('parent_id', '=', False)]",
    )
    with_customers = fields.Boolean(
        "Look After the Customers Too",
        help="The customers themselves change hands: their new orders and unapplied payments. Of "
        "a customer who also deals with another of the companies only the orders of this one do.",
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Hand over; the reason stays on every invoice."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager hands over customers."))
        self.company_id._check_credit_mine()
        self._check_people()
        moves = self._open_invoices()
        self.env["credit.owner.change"].sudo().create(
            [
                {
                    "move_id": move.id,
                    "company_id": move.company_id.id,
                    "from_user_id": self.from_user_id.id,
                    "to_user_id": self.to_user_id.id,
                    "date": self.company_id._credit_today(),
                    "reason": self.reason.strip(),
                    "amount": move.amount_residual_signed,
                }
                for move in moves
            ]
        )
        moves.write({"invoice_user_id": self.to_user_id.id})
        moves._message_log_batch(dict.fromkeys(moves.ids, self._words()))
        if self.with_customers:
            self._hand_over_customers((self.partner_ids or moves.commercial_partner_id).sudo())
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.aging",
            "view_mode": "list,pivot",
            "domain": [("move_id", "in", moves.ids)],
            "name": self.env._("Handed Over"),
        }

    def _hand_over_customers(self, customers):
        """The orders here that are not finished, and customers of this company alone.

        A customer has one salesperson for all companies: what another company has with them is
        not this company's to give away.
        """
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("company_id", "child_of", self.company_id.id),
                    ("partner_id", "child_of", customers.ids),
                    ("user_id", "=", self.from_user_id.id),
                    ("state", "in", ("draft", "sent", "sale")),
                    ("invoice_status", "!=", "invoiced"),
                ]
            )
        )
        orders.write({"user_id": self.to_user_id.id})
        elsewhere = (
            self.env["credit.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", customers.commercial_partner_id.ids),
                    ("company_id", "!=", self.company_id.id),
                ]
            )
        )
        (customers - elsewhere.partner_id).filtered(
            lambda partner: partner.user_id == self.from_user_id
        ).write({"user_id": self.to_user_id.id})

    def _check_people(self):
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why they are handed over."))
        to = self.to_user_id.sudo()
        if to == self.from_user_id or to.share or not to.active:
            raise UserError(self.env._("Choose another salesperson, one who works here."))
        if self.company_id not in to.company_ids.root_id:
            raise UserError(
                self.env._(
                    "%(user)s does not work in %(company)s.",
                    user=to.name,
                    company=self.company_id.name,
                )
            )

    def _open_invoices(self):
        """The open invoices and credit notes of the one who gives (sudo)."""
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "receivable"),
                ("user_id", "=", self.from_user_id.id),
            ]
        )
        if self.partner_ids:
            domain &= Domain("partner_id", "in", self.partner_ids.commercial_partner_id.ids)
        items = self.env["credit.open.item"].sudo().with_context(as_of=None).search(domain)
        return items.move_id.filtered(lambda move: move.move_type in SALES)

    def _words(self):
        return self.env._(
            "Handed over from %(giver)s to %(taker)s: %(reason)s",
            giver=self.from_user_id.sudo().name,
            taker=self.to_user_id.sudo().name,
            reason=self.reason,
        )
