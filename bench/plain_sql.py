"""The plain SQL that the product is measured against: what a consultant would type by hand.

It knows nothing of contacts without invoices, down payments, delivered quantities, horizons,
grace or policies; on the generated database it comes to the same sums.
"""

from odoo.tools import SQL


def accounts(env):
    return env["account.account"].search([("account_type", "=", "asset_receivable")]).ids


def exposure(env, partner_ids=None):
    """Exposure and overdue per customer; of all customers, or of some."""
    some = SQL("TRUE")
    if partner_ids is not None:
        some = SQL("p.commercial_partner_id = ANY(%s)", list(partner_ids))
    return SQL(
        """
        SELECT partner_id, SUM(amount) AS exposure,
               SUM(amount) FILTER (WHERE due < CURRENT_DATE AND amount > 0) AS overdue
          FROM (
               SELECT p.commercial_partner_id AS partner_id, l.amount_residual AS amount,
                      l.date_maturity AS due
                 FROM account_move_line l
                 JOIN res_partner p ON p.id = l.partner_id
                WHERE l.account_id = ANY(%(accounts)s) AND l.reconciled IS NOT TRUE
                  AND l.parent_state = 'posted' AND %(some)s
                UNION ALL
               SELECT p.id, m.amount_total_signed, NULL
                 FROM account_move m
                 JOIN res_partner p ON p.id = m.commercial_partner_id
                WHERE m.state = 'draft' AND m.move_type IN ('out_invoice', 'out_refund')
                  AND %(some)s
                UNION ALL
               SELECT p.commercial_partner_id,
                      l.price_total / l.product_uom_qty * (l.product_uom_qty - l.qty_invoiced)
                          / o.currency_rate,
                      NULL
                 FROM sale_order o
                 JOIN sale_order_line l ON l.order_id = o.id
                 JOIN res_partner p ON p.id = o.partner_invoice_id
                WHERE o.state = 'sale' AND o.invoice_status != 'invoiced'
                  AND l.product_uom_qty != 0 AND %(some)s
               ) AS item
         GROUP BY partner_id
        """,
        accounts=accounts(env),
        some=some,
    )


def listed(env, over_limit=False):
    """The first 80 files by exposure, of all or of those over their limit."""
    return SQL(
        """
        SELECT f.id, COALESCE(e.exposure, 0) AS exposure, l.amount_company
          FROM credit_account f
          LEFT JOIN (%(exposure)s) AS e ON e.partner_id = f.partner_id
          LEFT JOIN credit_limit l ON l.account_id = f.id AND l.state = 'approved'
                AND l.kind = 'permanent'
         WHERE %(wanted)s
         ORDER BY exposure DESC, f.id
         LIMIT 80
        """,
        exposure=exposure(env),
        wanted=SQL("e.exposure > l.amount_company") if over_limit else SQL("TRUE"),
    )
