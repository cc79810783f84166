from odoo import api, fields, models


class SaleOrder(models.Model):
    """How long what was delivered waits for its invoice: days that nobody is paid for."""

    _inherit = "sale.order"

    credit_delivered_on = fields.Date("Delivered On", compute="_compute_credit_waiting")
    credit_days_waiting = fields.Integer(
        "Days Without Invoice", compute="_compute_credit_waiting", aggregator=None
    )

    @api.depends("invoice_status", "picking_ids.date_done")
    def _compute_credit_waiting(self):
        for order in self:
            moments = order.sudo().picking_ids.filtered(
                lambda picking: picking.state == "done" and picking.picking_type_code == "outgoing"
            )
            moments = [moment for moment in moments.mapped("date_done") if moment]
            company = order.company_id or self.env.company
            # A service is delivered when it is noted; without a delivery the order's day counts.
            moment = max(moments) if moments else order.date_order
            waits = order.invoice_status == "to invoice" and moment
            order.credit_delivered_on = company._credit_day(moment) if waits else False
            order.credit_days_waiting = (
                (company._credit_today() - order.credit_delivered_on).days if waits else 0
            )
