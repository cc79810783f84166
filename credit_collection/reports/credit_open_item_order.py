from odoo import api, models
from odoo.tools import SQL

from ..models.sale_order_line import OPEN_LINE


class CreditOpenItem(models.Model):
    """The open items of the kind ``order``."""

    _inherit = "credit.open.item"

    @api.model
    def _order_sql(self) -> SQL:
        """Confirmed order lines: what will still be invoiced, tax included.

        ``OFFSET 0`` keeps PostgreSQL from planning and computing the remainder once for each
        place that names it.
        """
        Company = self.env["res.company"]
        return SQL(
            """
            SELECT line.id * 3::bigint + 2, 'order', sale.name,
                   NULL::int, NULL::int, sale.id, line.id,
                   partner.commercial_partner_id, %(root)s, sale.company_id,
                   COALESCE(sale.user_id, customer.user_id),
                   sale.team_id,
                   sale.currency_id,
                   rest.amount,
                   ROUND((rest.amount / NULLIF(sale.currency_rate, 0))::numeric, %(decimals)s),
                   sale.date_order::date, NULL::date,
                   COALESCE(sale.commitment_date, sale.date_order)::date,
                   FALSE, FALSE, 0::numeric, NULL::date
              FROM sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
              LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
              LEFT JOIN res_currency currency ON currency.id = sale.currency_id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              CROSS JOIN LATERAL (
                   SELECT ROUND((%(remaining)s)::numeric, currency.decimal_places) AS amount
                   OFFSET 0) AS rest
             WHERE sale.state = 'sale'
               AND sale.invoice_status != 'invoiced'
               AND %(line_is_open)s
               AND rest.amount != 0
            """,
            root=Company._credit_root_sql(SQL("sale.company_id")),
            decimals=Company._credit_decimals_sql(SQL("sale.company_id")),
            line_is_open=SQL(OPEN_LINE),
            remaining=self._order_line_remaining_sql(),
        )

    @api.model
    def _order_line_remaining_sql(self) -> SQL:
        """What an order line will still invoice, in the order's currency, tax included.

        * a down payment line takes back what its invoices (drafts too) have already charged: an
          invoice credits the income, so its balance has the other sign, a credit note's the same;
        * a line invoiced on delivery whose transfers are all done or cancelled will invoice what
          was delivered, otherwise the larger of ordered and delivered;
        * a line invoiced on order will invoice what was ordered;
        * never more was invoiced than will be: an over-invoiced line does not turn negative.
        """
        return SQL(
            """
            CASE
            WHEN line.is_downpayment THEN COALESCE((
                 SELECT SUM(SIGN(il.balance) * ABS(il.price_total))
                   FROM sale_order_line_invoice_rel rel
                   JOIN account_move_line il ON il.id = rel.invoice_line_id
                  WHERE rel.order_line_id = line.id AND il.parent_state != 'cancel'), 0)
            ELSE GREATEST(%(direction)s * (%(will_invoice)s - COALESCE(line.qty_invoiced, 0)), 0)
                 * %(direction)s
                 * CASE WHEN line.product_uom_qty != 0
                        THEN line.price_total / line.product_uom_qty
                        ELSE line.price_unit * (1 - COALESCE(line.discount, 0) / 100)
                             * COALESCE(sale.amount_total / NULLIF(sale.amount_untaxed, 0), 1)
                   END
            END
            """,
            will_invoice=self._order_line_quantity_sql(),
            direction=SQL("CASE WHEN line.product_uom_qty < 0 THEN -1 ELSE 1 END"),
        )

    @api.model
    def _order_line_quantity_sql(self) -> SQL:
        """The quantity that an order line will have invoiced in the end."""
        return SQL(
            """
            CASE
            WHEN template.invoice_policy != 'delivery' THEN line.product_uom_qty
            WHEN template.invoice_policy = 'delivery'
                 AND (SELECT bool_and(sm.state IN ('done', 'cancel'))
                        FROM stock_move sm WHERE sm.sale_line_id = line.id)
            THEN COALESCE(line.qty_delivered, 0)
            WHEN line.product_uom_qty < 0 THEN line.product_uom_qty
            ELSE GREATEST(line.product_uom_qty, COALESCE(line.qty_delivered, 0))
            END
            """
        )
