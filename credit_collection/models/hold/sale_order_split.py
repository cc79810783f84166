from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...core import decision
from ...core.decision import remedy
from ...core.money import to_decimal
from .sale_order import INTERNAL


class SaleOrder(models.Model):
    """Splitting a held order: what fits is kept, the rest becomes a quotation of its own."""

    _inherit = "sale.order"
    _written_by_steps = frozenset({"credit_split_from_id"})

    credit_split_from_id = fields.Many2one(
        "sale.order",
        "Split From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=INTERNAL,
        help="The order whose customer's credit was not enough for these lines.",
    )
    credit_split_ids = fields.One2many(
        "sale.order", "credit_split_from_id", "Split Off", readonly=True, groups=INTERNAL
    )

    credit_can_split = fields.Boolean(
        compute="_compute_credit_can_split",
        groups=INTERNAL,
        help="Part of the held quotation would pass now.",
    )

    @api.depends("credit_state", "state", "order_line.product_uom_qty", "order_line.price_total")
    @api.depends_context("uid")
    def _compute_credit_can_split(self):
        for order in self:
            order.credit_can_split = (
                self.env.user._is_internal()
                and bool(order._origin)
                and order.state in ("draft", "sent")
                and order.credit_state == "held"
                and order._credit_some_fits()
            )

    def _credit_some_fits(self):
        try:
            return bool(self._credit_split_quantities(self._credit_fitting_amount()))
        except UserError:
            return False

    def action_credit_split(self):
        """Keep the largest part that fits the credit now; the rest becomes a quotation of its own.

        Where the order waits on hold it was confirmed already: what fits is confirmed now, so that
        the rest, judged in the same click, is judged beside it and not instead of it.

        :return: action that opens the quotation of the rest
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("Only a quotation can be split."))
        was_confirmed = self.credit_state == "held"
        kept = self._credit_split_quantities(self._credit_fitting_amount())
        rest = self.copy({"order_line": self._credit_rest_lines(kept)})
        rest.sudo().credit_split_from_id = self
        for line, quantity in kept.items():
            # Odoo prices a line anew when its quantity changes: what was agreed stays.
            line.write(
                {
                    "product_uom_qty": quantity,
                    "price_unit": line.price_unit,
                    "discount": line.discount,
                }
            )
        self.order_line.filtered(lambda line: line in kept and not line.product_uom_qty).unlink()
        self.message_post(body=self.env._("What exceeds the credit was moved to %s.", rest.name))
        rest.message_post(body=self.env._("Split from %s for want of credit.", self.name))
        if was_confirmed:
            self.action_confirm()
        both = self + rest if self.state != "sale" else rest
        both._credit_apply(both._credit_judge())
        both._credit_forget()
        if self.state != "sale":
            return rest.get_formview_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(order)s is confirmed with what the credit allows. This is the rest.",
                    order=self.name,
                ),
                "next": rest.get_formview_action(),
            },
        }

    def _credit_fitting_amount(self):
        """The largest amount of this order, in the company's currency, that passes now."""
        [case] = self.env["credit.check"]._judge(self, decision.CONFIRMATION, binding=False)
        if not case.holds:
            raise UserError(self.env._("%s passes as it is: nothing to split.", self.name))
        found = remedy.remedies(case.with_items(), case.request, case.rules, case.today)
        fitting = [each for each in found if each.kind == remedy.FIT]
        if not fitting:
            raise UserError(self.env._("No part of %s would pass on its own.", self.name))
        return fitting[0].amount

    def _credit_split_quantities(self, amount):
        """How much of each line is kept: dict of line to quantity.

        Lines that are not sold by quantity (sections, discounts, down payments) stay, and what
        they add to the order is set aside first.
        """
        digits = self.company_id.currency_id.decimal_places
        rate = self._credit_rate()
        lines = self.order_line.filtered(
            lambda line: not line.display_type and line.price_total > 0 and line.product_uom_qty > 0
        )
        fixed = sum((self.order_line - lines).mapped("price_total")) / rate
        quantities = remedy.largest_split(
            [
                (
                    line.id,
                    to_decimal(line.product_uom_qty, 6),
                    to_decimal(line.price_total / line.product_uom_qty / rate, 6),
                    line._credit_split_step(),
                )
                for line in lines
            ],
            amount - to_decimal(max(fixed, 0.0), digits),
            digits,
        )
        kept = {line: float(quantity) for line, quantity in zip(lines, quantities, strict=True)}
        if not any(kept.values()):
            raise UserError(self.env._("The credit left is less than one unit of the first line."))
        return kept

    def _credit_rest_lines(self, kept):
        """The commands that make the lines of the rest."""
        commands = []
        for line, quantity in kept.items():
            left = line.product_uom_id.round(line.product_uom_qty - quantity)
            if left > 0:
                [values] = line.copy_data({"product_uom_qty": left})
                commands.append(Command.create(values))
        return commands
