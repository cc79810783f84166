"""Steps on the way of one order: deliver, invoice, pay, match with the bank, credit."""

from odoo.addons.credit_collection.models.file.credit_account_figures import CHECKED
from odoo.fields import Command, Date

from ..common import CreditCase


class ConservationCase(CreditCase):
    """The same money counts once, wherever it is on its way from order to payment."""

    def assertFigures(self, receivable=0.0, draft=0.0, ordered=0.0, partner=None):
        """The three parts of the exposure, that the exposure is their sum, and that a decision,
        which leaves out what the customer has nothing of, sees the same."""
        self.env.flush_all()
        position = self._position(partner)
        self.assertEqual(
            [position.receivable, position.draft, position.ordered, position.exposure],
            [receivable, draft, ordered, round(receivable + draft + ordered, 2)],
        )
        file = position.account_id
        [(claimed, (kinds,))] = file._claim([(file.partner_id.id, file.company_id.id)]).items()
        checked = claimed._position(CHECKED, kinds)
        self.assertEqual(
            [checked.receivable, checked.draft, checked.ordered], [receivable, draft, ordered]
        )

    def _confirmed(self, *args, **values):
        order = self._order(*args, **values)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        return order

    def _deliver(self, order, quantity, backorder=True):
        """Deliver ``quantity`` of each waiting move of the order."""
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        result = picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=[] if backorder else picking.ids
        ).button_validate()
        self.assertIs(result, True)
        return picking

    def _return(self, picking, quantity):
        """Take ``quantity`` of a delivery back, to be refunded."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_ids=picking.ids, active_id=picking.id, active_model=picking._name)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        returned = wizard._create_return()
        returned.move_ids.quantity = quantity
        returned.move_ids.picked = True
        returned.button_validate()
        return returned

    def _bill(self, order, post=True, final=True, date="2026-03-10"):
        """The invoice (or credit note) of what Odoo says is to be invoiced now."""
        invoice = order._create_invoices(final=final)
        invoice.invoice_date = date
        if post:
            invoice.action_post()
        return invoice

    def _down_payment(self, order, method, amount):
        """The draft invoice of a down payment: ``percentage`` or ``fixed``."""
        field = "fixed_amount" if method == "fixed" else "amount"
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": method, field: amount})
        )
        return wizard._create_invoices(order)

    def _credit_note(self, invoice, modify=False, post=True):
        """Reverse an invoice; with ``modify``, the new draft invoice that replaces it."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Goodwill"})
        )
        wizard.reverse_moves(is_modify=modify)
        if not modify and post:
            wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def _match_bank(self, amount, payment):
        """A bank statement line of ``amount``, matched with a payment's outstanding item."""
        journal = payment.journal_id
        statement_line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": amount,
                "date": Date.today(),
                "payment_ref": "Transfer",
                "partner_id": payment.partner_id.id,
            }
        )
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        suspense.account_id = payment.outstanding_account_id
        outstanding = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.outstanding_account_id
        )
        (suspense | outstanding).reconcile()

    def _goods_order(self, quantity=10.0, price=100.0, **values):
        """A confirmed, taxed order of goods invoiced on delivery."""
        return self._confirmed(price, product=self.goods, quantity=quantity, taxed=True, **values)

    def _add_line(self, order, price, quantity=1.0, product=None, taxed=True):
        order.order_line = [
            Command.create(
                {
                    "product_id": (product or self.service).id,
                    "product_uom_qty": quantity,
                    "price_unit": price,
                    "tax_ids": [Command.set(self.tax.ids if taxed else [])],
                }
            )
        ]
        return order.order_line[-1:]
