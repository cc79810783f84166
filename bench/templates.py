"""The documents that the generator multiplies, made by Odoo itself."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from bench.cloner import Bundle

LINKS = (
    "sale_order_line_invoice_rel",
    "account_tax_sale_order_line_rel",
    "account_move_line_account_tax_rel",
    "account_move__account_payment",
)


class Templates:
    """One customer and one document of each kind, dated so that shifting dates is enough.

    Every bundle's invoice is 60 days old and 30 days overdue; orders are of today.
    """

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.today = fields.Date.today()
        self.invoice_date = self.today - timedelta(days=60)
        self._pay_into_bank()
        self.customer = env["res.partner"].create(
            {"name": "Customer", "is_company": True, "email": "accounts@example.com"}
        )
        self.contact = env["res.partner"].create(
            {"name": "Warehouse", "type": "delivery", "parent_id": self.customer.id}
        )
        self.service = self._product("Service", type="service", invoice_policy="order")
        self.goods = self._product("Goods", type="consu", invoice_policy="delivery")

    def _pay_into_bank(self):
        """Payments are booked on the bank account itself: an invoice they cover is paid."""
        for journal in self.env["account.journal"].search([("type", "=", "bank")]):
            journal.inbound_payment_method_line_ids.payment_account_id = journal.default_account_id

    def _product(self, name, **values):
        return self.env["product.product"].create({"name": name, "list_price": 10.0, **values})

    def order(self, products, confirm=True):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.env.uid,
                "order_line": [Command.create({"product_id": p.id}) for p in products],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _deliver(self, order):
        for move in order.picking_ids.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        order.picking_ids._action_done()

    def _invoice(self, order, post=True):
        move = order._create_invoices()
        move.invoice_date = self.invoice_date
        move.invoice_payment_term_id = False
        move.invoice_date_due = self.invoice_date + timedelta(days=30)
        if post:
            move.action_post()
        return move

    def _pay(self, move, share=1):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"payment_date": self.invoice_date + timedelta(days=35)})
        )
        wizard.amount = move.amount_residual * share
        return wizard._create_payments()

    # ------------------------------------------------------------------
    # Bundles
    # ------------------------------------------------------------------

    def invoiced(self, paid=None):
        """A delivered and invoiced order, with a payment of a share of it."""
        order = self.order(self.service + self.goods)
        self._deliver(order)
        move = self._invoice(order)
        payment = self._pay(move, paid) if paid else self.env["account.payment"]
        return self._bundle(order, move, payment)

    def credit_note(self):
        """A credit note that no invoice was matched with."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": self.invoice_date,
                "invoice_line_ids": [Command.create({"product_id": self.service.id})],
            }
        )
        move.action_post()
        return self._bundle(moves=move)

    def unapplied_payment(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.customer.id, "amount": 10.0, "date": self.invoice_date}
        )
        payment.action_post()
        return self._bundle(payment=payment)

    def draft_invoice(self):
        order = self.order(self.service + self.goods)
        self._deliver(order)
        return self._bundle(order, self._invoice(order, post=False))

    def open_order(self):
        """A confirmed order of three lines: service, goods, goods; nothing delivered."""
        return self._bundle(self.order(self.service + self.goods + self.goods))

    def quotation(self):
        return self._bundle(self.order(self.service + self.goods + self.goods, confirm=False))

    def _bundle(self, order=None, moves=None, payment=None):
        env = self.env
        order = order or env["sale.order"]
        payment = payment or env["account.payment"]
        moves = (moves or env["account.move"]) | payment.move_id
        lines = moves.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        env.flush_all()
        return Bundle(
            {
                "sale_order": order.ids,
                "sale_order_line": order.order_line.ids,
                "stock_picking": order.picking_ids.ids,
                "stock_move": order.picking_ids.move_ids.ids,
                "account_move": moves.ids,
                "account_payment": payment.ids,
                "account_full_reconcile": lines.full_reconcile_id.ids,
                "account_partial_reconcile": partials.ids,
                "account_move_line": lines.ids,
            }
        )
