from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...core import history
from .credit_kpi_rows import SALES


@dataclass
class Customer:
    """What one customer owed and brought in over a period, in the company's currency."""

    owed_days: float = 0  # the balance of each day, summed up
    sales: float = 0  # before tax, credit notes deducted
    sales_with_cost: float = 0  # the part whose cost is known
    goods: float = 0  # what that part cost
    discounts: float = 0  # granted when they paid
    written_off: float = 0


class CreditCost(models.AbstractModel):
    """Funding rate × balance over time, beside the margin of the same period."""

    _name = "credit.cost"
    _description = "Cost of Credit"

    @api.model
    def _rows(self, company, date_from, date_to, rate):
        """The cost of credit and the margin of each customer of a root company.

        :param rate: funding rate, a fraction per year
        :return: list of dicts: ``partner_id``, ``balance`` (average of the days), ``cost``,
            ``sales``, ``unknown_sales`` (without known cost), ``goods``, ``margin``,
            ``discounts`` and ``written_off``
        """
        days = (date_to - date_from).days + 1
        customers = defaultdict(Customer)
        self._add_balances(customers, company, date_from, date_to)
        self._add_margins(customers, company, date_from, date_to)
        self._add_losses(customers, company, date_from, date_to)
        return [
            {
                "partner_id": partner,
                "balance": customer.owed_days / days,
                "cost": history.cost_of_credit([(customer.owed_days / days, days)], rate),
                "sales": customer.sales,
                "unknown_sales": customer.sales - customer.sales_with_cost,
                "goods": customer.goods,
                "margin": customer.sales_with_cost - customer.goods,
                "discounts": customer.discounts,
                "written_off": customer.written_off,
            }
            for partner, customer in customers.items()
            if partner
        ]

    # ------------------------------------------------------------------
    # Balance over time
    # ------------------------------------------------------------------

    @api.model
    def _add_balances(self, customers, company, date_from, date_to):
        """What was open when the period began stands for all its days, what is posted in it from
        its own day to the last one."""
        days = (date_to - date_from).days + 1
        opening = self.env["credit.kpi"]._receivable_rows(company, date_from - timedelta(days=1))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, SUM(owed_days)
                  FROM (SELECT partner_id, amount * %(days)s AS owed_days
                          FROM (%(opening)s) AS opening
                         UNION ALL
                        SELECT partner.commercial_partner_id,
                               line.balance * (%(date_to)s::date - line.date + 1)
                          FROM account_move_line line
                          JOIN res_partner partner ON partner.id = line.partner_id
                         WHERE line.account_id = ANY(%(accounts)s)
                           AND line.parent_state = 'posted'
                           AND line.date BETWEEN %(date_from)s AND %(date_to)s
                           AND %(root)s = %(company)s) AS balance
                 GROUP BY partner_id
                """,
                days=days,
                opening=opening,
                accounts=self.env["credit.open.item"]._receivable_account_ids(),
                date_from=date_from,
                date_to=date_to,
                root=self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
                company=company.id,
            )
        )
        for partner, owed_days in rows:
            customers[partner].owed_days += float(owed_days)

    @api.model
    def _add_losses(self, customers, company, date_from, date_to):
        """What of their items was settled by discounts and write-offs: it ends the balance, and is
        lost."""
        rows = self.env["credit.kpi"]._settled_rows(company, date_from, date_to)
        found = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, COALESCE(SUM(amount) FILTER (WHERE nature = 'discount'), 0),
                       COALESCE(SUM(amount) FILTER (WHERE nature = 'write_off'), 0)
                  FROM (%s) AS settled WHERE nature IN ('discount', 'write_off')
                 GROUP BY partner_id
                """,
                rows,
            )
        )
        for partner, discounts, written_off in found:
            customers[partner].discounts += float(discounts)
            customers[partner].written_off += float(written_off)

    # ------------------------------------------------------------------
    # Margin
    # ------------------------------------------------------------------

    @api.model
    def _add_margins(self, customers, company, date_from, date_to):
        rows = list(self._sold(company, date_from, date_to))
        products = self.env["product.product"].sudo().with_context(active_test=False)
        products = products.with_company(company).browse({row[1] for row in rows} - {None})
        costs = {product.id: product.standard_price for product in products}
        for partner, product, sales, ordered, goods, quantity in rows:
            customer = customers[partner]
            price = costs.get(product, 0)
            customer.sales += sales
            customer.sales_with_cost += sales if price else ordered
            customer.goods += goods + price * quantity

    @api.model
    def _sold(self, company, date_from, date_to):
        """Invoice lines of the period by customer and product.

        :return: tuples: customer, product, sales before tax; the part of them whose cost the order
            line knows, and that cost; the quantity of the rest, in the product's unit
        """
        self.env["account.move.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT partner_id, product_id, SUM(sales),
                       COALESCE(SUM(sales) FILTER (WHERE unit_cost > 0), 0),
                       COALESCE(SUM(quantity * unit_cost) FILTER (WHERE unit_cost > 0), 0),
                       COALESCE(SUM(quantity * factor) FILTER (WHERE unit_cost IS NULL
                                                                 OR unit_cost <= 0), 0)
                  FROM (SELECT move.commercial_partner_id AS partner_id, line.product_id,
                               -line.balance AS sales, %(unit_cost)s AS unit_cost,
                               CASE WHEN move.move_type = 'out_refund' THEN -line.quantity
                                    ELSE line.quantity END AS quantity,
                               COALESCE(unit.factor / own.factor, 1) AS factor
                          FROM account_move_line line
                          JOIN account_move move ON move.id = line.move_id
                          LEFT JOIN product_product product ON product.id = line.product_id
                          LEFT JOIN product_template template
                            ON template.id = product.product_tmpl_id
                          LEFT JOIN uom_uom own ON own.id = template.uom_id
                          LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
                         WHERE line.display_type = 'product' AND line.parent_state = 'posted'
                           AND move.move_type IN %(documents)s
                           AND line.date BETWEEN %(date_from)s AND %(date_to)s
                           AND %(root)s = %(company)s) AS sold
                 GROUP BY partner_id, product_id
                """,
                unit_cost=self._unit_cost_sql(),
                documents=SALES,
                date_from=date_from,
                date_to=date_to,
                root=self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
                company=company.id,
            )
        )

    @api.model
    def _unit_cost_sql(self) -> SQL:
        """The cost of a unit that the order line noted, when *Margins* is installed."""
        if "purchase_price" not in self.env["sale.order.line"]._fields:
            return SQL("NULL::numeric")
        self.env["sale.order.line"].flush_model()
        return SQL(
            """
            (SELECT AVG(sold_line.purchase_price
                        / COALESCE(NULLIF(sold_order.currency_rate, 0), 1))
               FROM sale_order_line_invoice_rel link
               JOIN sale_order_line sold_line ON sold_line.id = link.order_line_id
               JOIN sale_order sold_order ON sold_order.id = sold_line.order_id
              WHERE link.invoice_line_id = line.id)
            """
        )
