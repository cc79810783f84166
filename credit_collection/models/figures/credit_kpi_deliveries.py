from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class CreditKpi(models.AbstractModel):
    """Deliveries, to see whether a closing date was dressed up."""

    _inherit = "credit.kpi"

    @api.model
    def _deliveries(self, company, date_from, date_to, by="user_id"):
        """What was delivered in a period at its order's prices, returns negative.

        :return: {id or False: [(date, amount)]}
        """
        self.env["stock.move"].flush_model()
        self.env["sale.order.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(by)s, %(day)s AS day,
                       SUM(CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END
                           * done.quantity * unit.factor / ordered.factor
                           * line.price_total / line.product_uom_qty
                           / COALESCE(NULLIF(sale.currency_rate, 0), 1))
                  FROM stock_move done
                  JOIN stock_location source ON source.id = done.location_id
                  JOIN stock_location target ON target.id = done.location_dest_id
                  JOIN sale_order_line line ON line.id = done.sale_line_id
                  JOIN uom_uom unit ON unit.id = done.product_uom
                  JOIN uom_uom ordered ON ordered.id = line.product_uom_id
                  JOIN sale_order sale ON sale.id = line.order_id
                 WHERE done.state = 'done' AND line.product_uom_qty > 0
                   AND (source.usage = 'customer') != (target.usage = 'customer')
                   AND done.date >= %(date_from)s::date - 1
                   AND done.date < %(date_to)s::date + 2
                   AND %(day)s BETWEEN %(date_from)s AND %(date_to)s
                   AND %(root)s = %(company)s
                 GROUP BY 1, 2
                """,
                by=SQL.identifier("sale", by),
                day=self.env["res.company"]._credit_day_sql(
                    SQL("sale.company_id"), SQL("done.date")
                ),
                date_from=date_from,
                date_to=date_to,
                root=self.env["res.company"]._credit_root_sql(SQL("sale.company_id")),
                company=company.id,
            )
        )
        result = defaultdict(list)
        for group, day, amount in rows:
            result[group or False].append((day, amount))
        return result
