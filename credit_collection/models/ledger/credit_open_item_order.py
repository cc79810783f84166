from odoo import api, models
from odoo.tools import SQL

from ...tools.sql import Join
from ..hold.sale_order_line import LEAST_TOTAL, OPEN_LINE

OPEN_ORDER = SQL("sale.state = 'sale' AND sale.invoice_status != 'invoiced'")
# Reading a few lines, looking products up one by one is planned faster; reading all, joining runs
# faster.
EACH_PRODUCT = SQL(
    """LEFT JOIN LATERAL (
            SELECT template.invoice_policy, template.type
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.id = line.product_id OFFSET 0) AS template ON TRUE"""
)
ALL_PRODUCTS = SQL(
    """LEFT JOIN product_product product ON product.id = line.product_id
       LEFT JOIN product_template template ON template.id = product.product_tmpl_id"""
)
LEFT_BEHIND_LINE = SQL(
    "line.display_type IS NULL AND line.state != 'sale' AND line.qty_delivered > line.qty_invoiced"
)
# Tax included.
PRICE = SQL("line.price_total / line.product_uom_qty")
# The sign of the quantity: a line of returned goods counts downwards, unless goods have left on it.
COMES_BACK = SQL(
    "(line.product_uom_qty < 0 AND (template.invoice_policy != 'delivery'"
    " OR COALESCE(line.qty_delivered, 0) <= 0))"
)
DIRECTION = SQL("(CASE WHEN %s THEN -1 ELSE 1 END)", COMES_BACK)


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
    def _order_sql(self, columns, customer=None, plain=False, horizon=True) -> SQL:
        """Confirmed order lines: what will still be invoiced, tax included.

        What left with an order that is none any more, because it was cancelled, counts too.

        :param plain: the customer's lines are known to be plain, see :meth:`_orders_sql`
        :param horizon: leave out what is to be delivered beyond the policy's horizon
        """
        confirmed = self._order_lines_sql(
            columns,
            customer,
            plain,
            horizon,
            self._order_line_plain_sql() if plain else self._order_line_remaining_sql(),
            SQL("%s AND %s", OPEN_ORDER, SQL(OPEN_LINE)),
        )
        if plain:
            return confirmed
        left_behind = self._order_lines_sql(
            columns, customer, True, False, self._order_line_gone_sql(), LEFT_BEHIND_LINE
        )
        return SQL("%s UNION ALL %s", confirmed, left_behind)

    @api.model
    def _order_lines_sql(self, columns, customer, plain, horizon, remaining, where) -> SQL:
        """Order lines as items.

        An order never makes its customer owe less than what is posted and drafted: what it would
        come to below nothing, by negative lines or discounts that outlived their goods, counts as
        nothing, except for what was really paid in advance.  Of an order beyond the horizon only
        what has left counts, and what no delivery will ask about.

        ``OFFSET 0`` keeps PostgreSQL from planning and computing the remainder once for each
        place that names it.

        :param remaining: SQL of what a line will still invoice, in the order's currency
        """
        Company = self.env["res.company"]
        owner, mine = self._owner_sql(SQL("sale.partner_invoice_id"), customer)
        company = Company._credit_root_sql(SQL("sale.company_id"))
        horizon = horizon and self.env["credit.policy"]._has_horizon()
        amounts = ("amount", "amount_currency")
        amount, paid = SQL("rest.amount"), SQL("0")
        if horizon:
            amount = SQL("CASE WHEN %s THEN rest.gone ELSE rest.amount END", self._is_far_sql())
        if not plain:
            paid = SQL("rest.paid")
        # By all that items are filtered by, so that PostgreSQL reads only the lines asked for.
        order = SQL("(PARTITION BY sale.id, %s, %s)", owner, company)
        amount = SQL(
            "CASE WHEN SUM(%(amount)s) OVER %(order)s >= SUM(%(paid)s) OVER %(order)s"
            " THEN %(amount)s ELSE %(paid)s END",
            amount=amount,
            paid=paid,
            order=order,
        )
        return self._kind_sql(
            columns,
            {
                "id": SQL("line.id * 3::bigint + 2"),
                "kind": SQL("'order'"),
                "name": SQL("sale.name"),
                "order_id": SQL("sale.id"),
                "order_line_id": SQL("line.id"),
                "partner_id": owner,
                "company_id": company,
                "branch_id": SQL("sale.company_id"),
                "user_id": SQL("COALESCE(sale.user_id, customer.user_id)"),
                "team_id": SQL("sale.team_id"),
                "currency_id": SQL("sale.currency_id"),
                "amount_currency": amount,
                "amount": SQL(
                    "ROUND((%s / NULLIF(sale.currency_rate, 0))::numeric, %s)",
                    amount,
                    Company._credit_fact_sql(SQL("sale.company_id"), "decimals"),
                ),
                "date": Company._credit_day_sql(SQL("sale.company_id"), SQL("sale.date_order")),
                "date_expected": self._expected_sql(),
            },
            SQL(
                """
                   sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
              %(products)s
              CROSS JOIN LATERAL (SELECT ROUND((%(remaining)s)::numeric, %(digits)s) AS amount
                                         %(gone)s %(paid)s OFFSET 0) AS rest
                """,
                products=ALL_PRODUCTS if customer is None else EACH_PRODUCT,
                remaining=remaining,
                digits=self.env["res.currency"]._credit_decimals_sql(SQL("sale.currency_id")),
                gone=SQL(
                    ", (CASE WHEN template.type = 'consu' THEN %s ELSE %s END)::numeric AS gone",
                    self._order_line_gone_sql(),
                    remaining,
                )
                if horizon
                else SQL(),
                paid=SQL() if plain else SQL(", %s AS paid", self._order_line_paid_sql()),
            ),
            (
                *self._owner_joins(
                    SQL("JOIN res_partner partner ON partner.id = sale.partner_invoice_id"),
                    customer,
                    *amounts,
                ),
                Join(self._horizon_sql(owner, company), amounts if horizon else ()),
            ),
            SQL("rest.amount != 0 AND %s AND %s", where, mine),
        )

    @api.model
    def _order_line_gone_sql(self) -> SQL:
        """What of a line has left and is not invoiced, in the order's currency, tax included."""
        return SQL(
            "(%s) * GREATEST(COALESCE(line.qty_delivered, 0) - COALESCE(line.qty_invoiced, 0), 0)",
            self._order_line_price_sql(),
        )

    @api.model
    def _order_line_paid_sql(self) -> SQL:
        """What was paid of a down payment, below zero, in the order's currency."""
        return SQL(
            """
            (CASE WHEN line.is_downpayment AND line.product_uom_qty = 0 THEN COALESCE((
                 SELECT SUM(SIGN(il.balance) * ABS(il.price_total)
                            * (1 - COALESCE(im.amount_residual / NULLIF(im.amount_total, 0), 0)))
                   FROM sale_order_line_invoice_rel rel
                   JOIN account_move_line il ON il.id = rel.invoice_line_id
                   JOIN account_move im ON im.id = il.move_id
                  WHERE rel.order_line_id = line.id AND im.state = 'posted'), 0) - %s
             ELSE 0 END)::numeric""",
            self.env["credit.till"]._down_payment_sql(money=True),
        )

    @api.model
    def _is_far_sql(self) -> SQL:
        """Whether an order is to be delivered beyond the horizon of its customer's policy."""
        return SQL(
            "(COALESCE(horizon.days, 0) > 0 AND %s > %s + horizon.days)",
            self._expected_sql(),
            self._today(),
        )

    @api.model
    def _expected_sql(self) -> SQL:
        """The company's day on which an order is to be delivered."""
        return self.env["res.company"]._credit_day_sql(
            SQL("sale.company_id"), SQL("COALESCE(sale.commitment_date, sale.date_order)")
        )

    @api.model
    def _horizon_sql(self, owner: SQL, company: SQL) -> SQL:
        """The horizon of the policy of the customer ``owner``, as ``horizon``."""
        own = SQL(
            "(SELECT file.policy_id FROM credit_account file"
            " WHERE file.partner_id = %s AND file.company_id = %s)",
            owner,
            company,
        )
        return SQL(
            """LEFT JOIN LATERAL (SELECT horizon_policy.order_horizon_days AS days
                                    FROM credit_policy horizon_policy
                                   WHERE horizon_policy.id = %s) AS horizon ON TRUE""",
            self.env["credit.policy"]._effective_policy_sql(own, owner, company),
        )

    @api.model
    def _read_order(self, order_id):
        """What an order contributes to the exposure, and what it would without a horizon."""

        def read(horizon):
            flushed = (SQL(to_flush=field) for field in self._table_sql.to_flush)
            [(amount,)] = self.env.execute_query(
                SQL().join(
                    [
                        SQL(
                            "SELECT COALESCE(SUM(item.amount), 0) FROM (%s) AS item"
                            " WHERE item.order_id = %s",
                            self._order_sql(("order_id", "amount"), horizon=horizon),
                            order_id or None,
                        ),
                        *flushed,
                    ]
                )
            )
            return amount

        counted = read(True)
        if not self.env["credit.policy"]._has_horizon():
            return counted, counted
        return counted, read(False)

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
                  WHERE rel.order_line_id = line.id AND il.parent_state != 'cancel'), 0) - %s
            ELSE %s END
            """,
            self.env["credit.till"]._down_payment_sql(),
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
        plain (with a quantity and a total to divide, no bill ever made of them), else TRUE.

        :param customer: SQL of the commercial partner's id
        """
        lines = SQL("sale_order sale JOIN sale_order_line line ON line.order_id = sale.id")
        mine = self._owner_sql(SQL("sale.partner_invoice_id"), customer)[1]
        return SQL(
            """
            CASE WHEN EXISTS (SELECT FROM %(lines)s WHERE %(left_behind)s AND %(mine)s) THEN TRUE
            ELSE (
            SELECT bool_or(COALESCE(product_uom_qty, 0) = 0 OR %(tiny)s OR EXISTS (
                           SELECT FROM sale_order_line_invoice_rel rel
                            WHERE rel.order_line_id = line.id))
              FROM %(lines)s
             WHERE %(open_order)s AND %(open_line)s AND %(mine)s) END
            """,
            lines=lines,
            tiny=self._order_line_tiny_sql(),
            left_behind=LEFT_BEHIND_LINE,
            mine=mine,
            open_order=OPEN_ORDER,
            open_line=SQL(OPEN_LINE),
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
                 %(nothing_bought)s
            THEN COALESCE(line.qty_delivered, 0)
            WHEN %(comes_back)s THEN line.product_uom_qty
            ELSE GREATEST(line.product_uom_qty, COALESCE(line.qty_delivered, 0))
            END
            """,
            nothing_bought=self._nothing_bought_sql(),
            comes_back=COMES_BACK,
        )

    @api.model
    def _nothing_bought_sql(self) -> SQL:
        """Nor does a request for quotation wait to be delivered straight to the customer."""
        bought = self.env.get("purchase.order.line", self)._fields
        if "sale_line_id" not in bought:
            return SQL()
        return SQL(
            """AND NOT EXISTS (
               SELECT FROM purchase_order_line bought
                 JOIN purchase_order purchase ON purchase.id = bought.order_id
                WHERE bought.sale_line_id = line.id
                  AND purchase.state IN ('draft', 'sent', 'to approve'))""",
            to_flush=(bought["sale_line_id"], self.env["purchase.order"]._fields["state"]),
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

        A line without an ordered quantity (a re-invoiced expense) has no total to divide, and one
        with a very small total has lost too much by rounding: there the taxes that are not in the
        price are added to it.
        """
        return SQL(
            """
            CASE WHEN line.product_uom_qty != 0 AND NOT %(tiny)s
            THEN %(price)s
            WHEN line.price_unit * (100 - COALESCE(line.discount, 0)) = 0 THEN 0
            ELSE (SELECT line.price_unit * (1 - COALESCE(line.discount, 0) / 100) * (1 + COALESCE(
                         SUM(tax.amount) FILTER (WHERE tax.amount_type = 'percent'), 0) / 100)
                         + COALESCE(SUM(tax.amount) FILTER (WHERE tax.amount_type = 'fixed'), 0)
                    FROM account_tax_sale_order_line_rel rel
                    JOIN account_tax tax ON tax.id = rel.account_tax_id
                   WHERE rel.sale_order_line_id = line.id
                     AND COALESCE(tax.price_include_override, %(included)s)
                         IS DISTINCT FROM 'tax_included')
            END
            """,
            tiny=self._order_line_tiny_sql(),
            price=PRICE,
            included=self.env["res.company"]._credit_fact_sql(
                SQL("tax.company_id"), "price_include"
            ),
        )

    @api.model
    def _order_line_tiny_sql(self) -> SQL:
        """Whether the total of a line that is not free is too small to say what one is worth."""
        return SQL(
            "(ABS(line.price_total) < %s * 10 ^ (-%s) AND line.price_unit != 0)",
            LEAST_TOTAL,
            self.env["res.currency"]._credit_decimals_sql(SQL("sale.currency_id")),
        )
