from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..hold.sale_order import INTERNAL


class SaleOrder(models.Model):
    """How long what was delivered waits for its invoice: days that nobody is paid for."""

    _inherit = "sale.order"

    credit_delivered_on = fields.Date(
        "Delivered On", compute="_compute_credit_waiting", groups=INTERNAL
    )
    credit_days_waiting = fields.Integer(
        "Days Without Invoice", compute="_compute_credit_waiting", aggregator=None, groups=INTERNAL
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

    @api.model
    def _credit_days_to_invoice(self, company, last, days=90):
        """The days from the last delivery before an invoice to the invoice, on average.

        Of the invoices of so many days up to ``last`` that follow a delivery; ``None`` without any.
        They are part of the days that the money is out.
        """
        day = company._credit_day_sql(SQL("%s", company.id), SQL("moved.date"))
        [(average,)] = self.env.execute_query(
            SQL(
                """
                SELECT AVG(move.invoice_date - delivered.day)
                  FROM account_move move
                  JOIN res_company company ON company.id = move.company_id
                   AND split_part(company.parent_path, '/', 1)::int = %(company)s
                  JOIN LATERAL (
                       SELECT MAX(%(day)s) AS day
                         FROM account_move_line line
                         JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
                         JOIN stock_move moved ON moved.sale_line_id = rel.order_line_id
                          AND moved.state = 'done'
                         JOIN stock_location target ON target.id = moved.location_dest_id
                          AND target.usage = 'customer'
                        WHERE line.move_id = move.id AND %(day)s <= move.invoice_date
                       ) AS delivered ON delivered.day IS NOT NULL
                 WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
                   AND move.invoice_date BETWEEN %(first)s AND %(last)s
                """,
                company=company.id,
                day=day,
                first=last - timedelta(days=days - 1),
                last=last,
            )
        )
        return None if average is None else float(average)
