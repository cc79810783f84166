from odoo import api, models
from odoo.tools import SQL

from ..hold.sale_order_line import OPEN_LINE
from .credit_open_item_kinds import CUSTOMER

OPEN_ORDER = SQL("sale.state = 'sale' AND sale.invoice_status != 'invoiced'")
# Reading a few lines, looking products up one by one is planned faster; reading all, joining runs
# faster.
EACH_PRODUCT = SQL(
    """LEFT JOIN LATERAL (
            SELECT template.invoice_policy
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.id = line.product_id OFFSET 0) AS template ON TRUE"""
)
ALL_PRODUCTS = SQL(
    """LEFT JOIN product_product product ON product.id = line.product_id
       LEFT JOIN product_template template ON template.id = product.product_tmpl_id"""
)
# Tax included.
PRICE = SQL("line.price_total / line.product_uom_qty")
# The sign of the quantity: a line of returned goods counts downwards.
DIRECTION = SQL("(CASE WHEN line.product_uom_qty < 0 THEN -1 ELSE 1 END)")


class CreditOpenItem(models.Model):
    """The open items of the kind ``order``: what confirmed orders will still invoice.

    The quantity still to come is what the order will invoice in the end, less what is invoiced
    (drafts too), less what is *settled*: taken back by a credit note made from an invoice, and
    neither invoiced again since nor (for goods invoiced on delivery) returned.  Odoo offers such
    a quantity for invoicing once more, so an order that was invoiced, paid and credited would
    come back as if the customer owed it; here the customer is seen as owed the credit.  As soon
    as the quantity is invoiced again, a draft counting, it is settled no longer.

    Credit notes made from the order itself, after a return or a reduced quantity, settle
    nothing: there the quantity that will be invoiced has fallen already.
    """

    _inherit = "credit.open.item"

    @api.model
    def _order_sql(self, columns, customer=None, plain=False) -> SQL:
        """Confirmed order lines: what will still be invoiced, tax included.

        :param plain: the customer's lines are known to be plain, see :meth:`_orders_sql`

        ``OFFSET 0`` keeps PostgreSQL from planning and computing the remainder once for each
        place that names it.
        """
        Company = self.env["res.company"]
        owner, mine = self._owner_sql(SQL("sale.partner_invoice_id"), customer)
        return self._kind_sql(
            columns,
            {
                "id": SQL("line.id * 3::bigint + 2"),
                "kind": SQL("'order'"),
                "name": SQL("sale.name"),
                "order_id": SQL("sale.id"),
                "order_line_id": SQL("line.id"),
                "partner_id": owner,
                "company_id": Company._credit_root_sql(SQL("sale.company_id")),
                "branch_id": SQL("sale.company_id"),
                "user_id": SQL("COALESCE(sale.user_id, customer.user_id)"),
                "team_id": SQL("sale.team_id"),
                "currency_id": SQL("sale.currency_id"),
                "amount_currency": SQL("rest.amount"),
                "amount": SQL(
                    "ROUND((rest.amount / NULLIF(sale.currency_rate, 0))::numeric, %s)",
                    Company._credit_fact_sql(SQL("sale.company_id"), "decimals"),
                ),
                "date": SQL("sale.date_order::date"),
                "date_expected": SQL("COALESCE(sale.commitment_date, sale.date_order)::date"),
            },
            SQL(
                """
                   sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
              %s
              CROSS JOIN LATERAL (SELECT ROUND((%s)::numeric, %s) AS amount OFFSET 0) AS rest
                """,
                ALL_PRODUCTS if customer is None else EACH_PRODUCT,
                self._order_line_plain_sql() if plain else self._order_line_remaining_sql(),
                self.env["res.currency"]._credit_decimals_sql(SQL("sale.currency_id")),
            ),
            {
                "partner": SQL("JOIN res_partner partner ON partner.id = sale.partner_invoice_id"),
                "customer": CUSTOMER,
            },
            SQL(
                "%s AND rest.amount != 0 AND %s AND %s",
                OPEN_ORDER,
                SQL(OPEN_LINE),
                mine,
            ),
        )

    @api.model
    def _order_line_remaining_sql(self) -> SQL:
        """What an order line will still invoice, in the order's currency, tax included.

        * a down payment line takes back what its invoices (drafts too) have already charged: an
          invoice credits the income, so its balance has the other sign, a credit note's the same;
        * another line counts the quantity still to come, at the order's price: what was invoiced
          at another price counts at that price, in the invoice;
        * never more was invoiced than will be: an over-invoiced line does not turn negative.

        A line that was ordered is no down payment, whatever it says.
        """
        return SQL(
            """
            CASE
            WHEN line.is_downpayment AND line.product_uom_qty = 0 THEN COALESCE((
                 SELECT SUM(SIGN(il.balance) * ABS(il.price_total))
                   FROM sale_order_line_invoice_rel rel
                   JOIN account_move_line il ON il.id = rel.invoice_line_id
                  WHERE rel.order_line_id = line.id AND il.parent_state != 'cancel'), 0)
            ELSE %s END
            """,
            self._order_line_to_come_sql(
                self._order_line_settled_sql(), self._order_line_price_sql()
            ),
        )

    @api.model
    def _order_line_plain_sql(self) -> SQL:
        """The same of a plain line: nothing can be settled or taken back, the price is known."""
        return self._order_line_to_come_sql(SQL("0"), PRICE)

    @api.model
    def _order_line_to_come_sql(self, settled: SQL, price: SQL) -> SQL:
        return SQL(
            """
            %(direction)s * (%(price)s) * GREATEST(
                 %(direction)s * (%(will_invoice)s - COALESCE(line.qty_invoiced, 0))
                 - (%(settled)s), 0)
            """,
            will_invoice=self._order_line_quantity_sql(),
            settled=settled,
            price=price,
            direction=DIRECTION,
        )

    @api.model
    def _orders_sql(self, customer: SQL) -> SQL:
        """What a customer has ordered: NULL when no line is open, FALSE when all open lines are
        plain (with a quantity, and no bill ever made of them), else TRUE.

        :param customer: SQL of the commercial partner's id
        """
        return SQL(
            """(
            SELECT bool_or(COALESCE(product_uom_qty, 0) = 0 OR EXISTS (
                           SELECT FROM sale_order_line_invoice_rel rel
                            WHERE rel.order_line_id = line.id))
              FROM sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
             WHERE %s AND %s AND %s)
            """,
            OPEN_ORDER,
            SQL(OPEN_LINE),
            self._owner_sql(SQL("sale.partner_invoice_id"), customer)[1],
        )

    @api.model
    def _order_line_quantity_sql(self) -> SQL:
        """The quantity that an order line will have invoiced in the end.

        Invoiced on delivery, once its transfers are all done or cancelled, it is what was
        delivered, before that the larger of ordered and delivered; invoiced on order, what was
        ordered.
        """
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

    @api.model
    def _order_line_settled_sql(self) -> SQL:
        """The quantity of a line that was credited for good, see the class; never negative.

        Most open lines were never invoiced: one look at the index says so.
        """
        return SQL(
            """
            CASE WHEN EXISTS (SELECT FROM sale_order_line_invoice_rel any_bill
                               WHERE any_bill.order_line_id = line.id) THEN (
            SELECT GREATEST(
                   SUM(CASE WHEN bill.is_reversal THEN bill.qty
                            WHEN bill.move_type = 'out_invoice'
                                 AND bill.move_id > bill.first_reversal THEN -bill.qty END)
                   - CASE WHEN template.invoice_policy = 'delivery' AND bool_or(bill.is_reversal)
                          THEN (%(returned)s) ELSE 0 END, 0)
              FROM (SELECT credit.*,
                           MIN(credit.move_id) FILTER (WHERE credit.is_reversal)
                               OVER () AS first_reversal
                      FROM (SELECT im.id AS move_id, im.move_type,
                                   im.move_type = 'out_refund'
                                       AND im.reversed_entry_id IS NOT NULL AS is_reversal,
                                   %(direction)s * %(qty)s AS qty
                              FROM sale_order_line_invoice_rel rel
                              JOIN account_move_line il ON il.id = rel.invoice_line_id
                              JOIN account_move im ON im.id = il.move_id
                             WHERE rel.order_line_id = line.id AND im.state != 'cancel'
                           ) AS credit) AS bill
            ) ELSE 0 END
            """,
            direction=DIRECTION,
            qty=self._in_unit_of_line_sql(SQL("il.quantity"), SQL("il.product_uom_id")),
            returned=SQL(
                """
                SELECT COALESCE(SUM(%s), 0)
                  FROM stock_move sm
                 WHERE sm.sale_line_id = line.id AND sm.state = 'done' AND sm.to_refund
                   AND (SELECT source.usage FROM stock_location source
                         WHERE source.id = sm.location_id) = 'customer'
                """,
                self._in_unit_of_line_sql(SQL("sm.quantity"), SQL("sm.product_uom")),
            ),
        )

    @api.model
    def _in_unit_of_line_sql(self, quantity: SQL, unit: SQL) -> SQL:
        """A quantity in the unit of the order line; one without a unit is taken as it is."""
        return SQL(
            """%(quantity)s * CASE WHEN %(unit)s = line.product_uom_id THEN 1
                    ELSE COALESCE((SELECT own.factor FROM uom_uom own WHERE own.id = %(unit)s)
                        / (SELECT uom.factor FROM uom_uom uom
                            WHERE uom.id = line.product_uom_id), 1) END""",
            quantity=quantity,
            unit=unit,
        )

    @api.model
    def _order_line_price_sql(self) -> SQL:
        """The price of one unit, tax included.

        A line without an ordered quantity (a re-invoiced expense) has no total to divide: there
        the percentage taxes that are not in the price are added to it.
        """
        return SQL(
            """
            CASE WHEN line.product_uom_qty != 0
            THEN %s
            ELSE line.price_unit * (1 - COALESCE(line.discount, 0) / 100) * (
                 SELECT 1 + COALESCE(SUM(tax.amount), 0) / 100
                   FROM account_tax_sale_order_line_rel rel
                   JOIN account_tax tax ON tax.id = rel.account_tax_id
                  WHERE rel.sale_order_line_id = line.id AND tax.amount_type = 'percent'
                    AND COALESCE(tax.price_include_override, %s) IS DISTINCT FROM 'tax_included')
            END
            """,
            PRICE,
            self.env["res.company"]._credit_fact_sql(SQL("tax.company_id"), "price_include"),
        )
