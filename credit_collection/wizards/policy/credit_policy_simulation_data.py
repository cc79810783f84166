from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ...core import decision
from ...core.decision import simulation
from ...core.money import ZERO, to_decimal


class CreditPolicySimulation(models.TransientModel):
    """What is on record of past orders and their customers: a fixed number of queries."""

    _inherit = "credit.policy.simulation"

    def _past_orders(self, start):
        """Confirmed orders since ``start``, oldest first: dict of customer id to core orders."""
        orders = defaultdict(list)
        rows = self.env.execute_query_dict(self._orders_sql(start))
        terms = self._terms_of(rows)
        for row in rows:
            amount = self._exact(row["amount"])
            orders[row["partner_id"]].append(
                simulation.PastOrder(
                    id=row["id"],
                    moment=row["date_order"],
                    request=decision.Request(
                        checkpoint=decision.CONFIRMATION,
                        amount=amount,
                        document_amount=amount,
                        prepaid=self._exact(row["prepaid"]),
                        **terms[row["id"]],
                    ),
                )
            )
        return orders

    def _orders_sql(self, start):
        self.env["sale.order"].flush_model()
        self.env["credit.account"].flush_model(["policy_id", "partner_id", "company_id"])
        policy = self.env["credit.policy"]._effective_policy_sql(
            SQL("account.policy_id"),
            SQL("partner.commercial_partner_id"),
            SQL("%s", self.company_id.id),
        )
        return SQL(
            """
            SELECT sale.id, sale.date_order, sale.payment_term_id,
                   partner.commercial_partner_id AS partner_id,
                   sale.amount_total / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS amount,
                   COALESCE((SELECT SUM(tx.amount)
                               FROM sale_order_transaction_rel rel
                               JOIN payment_transaction tx ON tx.id = rel.transaction_id
                              WHERE rel.sale_order_id = sale.id AND tx.state = 'done'), 0)
                       / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS prepaid
              FROM sale_order sale
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
              LEFT JOIN credit_account account
                ON account.partner_id = partner.commercial_partner_id
               AND account.company_id = %(company)s
             WHERE sale.state = 'sale' AND sale.date_order >= %(start)s
               AND %(root)s = %(company)s AND %(chosen)s
             ORDER BY sale.date_order, sale.id
            """,
            company=self.company_id.id,
            start=start,
            root=self.env["res.company"]._credit_root_sql(SQL("sale.company_id")),
            chosen=SQL("TRUE")
            if self.customers == "all"
            else SQL("%s = %s", policy, self.policy_id.id),
        )

    def _terms_of(self, rows):
        """What the rules ask of the orders' payment terms: ``{order id: arguments of a core
        request}``, read for all of them at once."""
        Partner, Term = self.env["res.partner"].sudo(), self.env["account.payment.term"].sudo()
        customers = Partner.browse({row["partner_id"] for row in rows})
        own = {
            customer.id: customer.property_payment_term_id.id
            for customer in customers.with_company(self.company_id)
        }
        used = {row["payment_term_id"] for row in rows} | {*own.values()}
        terms = {term.id: term for term in Term.browse(filter(None, used))}
        none = Term.browse()
        result = {}
        for row in rows:
            day = self.company_id._credit_day(row["date_order"])
            term = terms.get(row["payment_term_id"], none)
            result[row["id"]] = {
                "pays_up_front": bool(term.credit_prepayment),
                "terms_days": term._credit_days(day),
                "customer_terms_days": terms.get(own[row["partner_id"]], none)._credit_days(day),
            }
        return result

    def _customers(self, orders, start):
        """What is on record of each customer: dict of customer id to the core's customer."""
        partner_ids = list(orders)
        entries, limits = self._entries(partner_ids, start), self._limits(partner_ids)
        commitments = self._commitments(partner_ids, start)
        return {
            partner_id: simulation.Customer(
                tuple(entries[partner_id]), tuple(commitments[partner_id]), limits[partner_id]
            )
            for partner_id in partner_ids
        }

    def _entries(self, partner_ids, start):
        """Receivable items open at any time since ``start``, by customer."""
        settled = defaultdict(list)
        entries = defaultdict(list)
        for row in self.env.execute_query_dict(self._entries_sql(partner_ids, start)):
            if row["settled_on"]:
                settled[row["id"]].append((row["settled_on"], self._exact(row["settled"])))
            else:
                entries[row["partner_id"]].append(row)
        return defaultdict(
            list,
            {
                partner_id: [self._entry(row, settled[row["id"]]) for row in rows]
                for partner_id, rows in entries.items()
            },
        )

    def _entry(self, row, settled):
        return simulation.Entry(
            id=row["id"],
            name=row["name"] or "",
            date=row["date"],
            date_due=row["date_due"],
            open_now=self._exact(row["open_now"]),
            settled=tuple(settled),
        )

    def _entries_sql(self, partner_ids, start):
        """One row per item and one more per settlement of it since ``start``."""
        for model in ("account.move", "account.move.line", "account.partial.reconcile"):
            self.env[model].flush_model()
        return SQL(
            """
            WITH settled AS (
                 SELECT debit_move_id AS id, max_date AS settled_on, amount AS settled
                   FROM account_partial_reconcile WHERE max_date >= %(start)s
                  UNION ALL
                 SELECT credit_move_id, max_date, -amount
                   FROM account_partial_reconcile WHERE max_date >= %(start)s),
            candidate AS (
                 SELECT id FROM account_move_line
                  WHERE account_id = ANY(%(accounts)s) AND reconciled IS NOT TRUE
                  UNION SELECT id FROM settled),
            entry AS (
                 SELECT line.id, COALESCE(move.name, line.name) AS name, line.date,
                        COALESCE(line.date_maturity, line.date) AS date_due,
                        line.amount_residual AS open_now,
                        partner.commercial_partner_id AS partner_id
                   FROM candidate
                   JOIN account_move_line line ON line.id = candidate.id
                   JOIN account_move move ON move.id = line.move_id
                   JOIN res_partner partner ON partner.id = line.partner_id
                  WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted'
                    AND partner.commercial_partner_id = ANY(%(partners)s)
                    AND %(root)s = %(company)s)
            SELECT entry.*, NULL::date AS settled_on, 0 AS settled FROM entry
             UNION ALL
            SELECT entry.*, settled.settled_on, settled.settled
              FROM entry JOIN settled ON settled.id = entry.id
            """,
            start=start,
            accounts=self.env["credit.open.item"]._receivable_account_ids(),
            partners=partner_ids,
            root=self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
            company=self.company_id.id,
        )

    def _commitments(self, partner_ids, start):
        """What of the customers' orders was not invoiced yet at any time since ``start``."""
        moments, invoiced, remaining = {}, defaultdict(list), defaultdict(lambda: ZERO)
        for row in self.env.execute_query_dict(self._invoiced_sql(partner_ids, start)):
            moments[row["order_id"]] = (row["partner_id"], row["date_order"])
            invoiced[row["order_id"]].append((row["date"], self._exact(row["amount"])))
        groups = (
            self.env["credit.open.item"]
            .sudo()
            ._read_group(
                [
                    ("kind", "=", "order"),
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "in", partner_ids),
                ],
                ["partner_id", "order_id"],
                ["amount:sum"],
            )
        )
        for partner, order, amount in groups:
            moments[order.id] = (partner.id, order.date_order)
            remaining[order.id] = self._exact(amount)
        commitments = defaultdict(list)
        for order_id, (partner_id, moment) in moments.items():
            commitments[partner_id].append(
                simulation.Commitment(
                    order_id, moment, tuple(invoiced[order_id]), remaining[order_id]
                )
            )
        return commitments

    def _invoiced_sql(self, partner_ids, start):
        """What the orders were invoiced since ``start``, tax included; drafts have no date."""
        return SQL(
            """
            SELECT sale.id AS order_id, sale.date_order,
                   partner.commercial_partner_id AS partner_id,
                   CASE WHEN move.state = 'posted' THEN move.date END AS date,
                   SUM(line.price_total * move.amount_total_signed
                       / NULLIF(move.amount_total, 0)) AS amount
              FROM sale_order sale
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
              JOIN sale_order_line ordered ON ordered.order_id = sale.id
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = ordered.id
              JOIN account_move_line line ON line.id = rel.invoice_line_id
              JOIN account_move move ON move.id = line.move_id
             WHERE sale.state = 'sale' AND move.state != 'cancel'
               AND (move.state = 'draft' OR move.date >= %(start)s)
               AND partner.commercial_partner_id = ANY(%(partners)s)
               AND %(root)s = %(company)s
             GROUP BY sale.id, partner.commercial_partner_id, move.id
            HAVING SUM(line.price_total) IS NOT NULL
            """,
            start=start,
            partners=partner_ids,
            root=self.env["res.company"]._credit_root_sql(SQL("sale.company_id")),
            company=self.company_id.id,
        )

    def _limits(self, partner_ids):
        """Today's limit of each customer under this policy; ``None`` is unlimited."""
        self.env["credit.limit"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT account.partner_id, base.account_id IS NOT NULL AS has_limit,
                       base.unlimited, base.amount, other.extra
                  FROM credit_account account
                  %(limits)s
                 WHERE account.company_id = %(company)s AND account.partner_id = ANY(%(partners)s)
                """,
                limits=self.env["credit.limit"]._effective_sql(
                    SQL("l.account_id = account.id"), self.env["credit.open.item"]._today()
                ),
                company=self.company_id.id,
                partners=partner_ids,
            )
        )
        policy = self.policy_id
        default = None if policy.default_unlimited else self._exact(policy.default_limit)
        limits = defaultdict(lambda: default)
        for row in rows:
            base = default
            if row["has_limit"]:
                base = None if row["unlimited"] else self._exact(row["amount"])
            limits[row["partner_id"]] = base if base is None else base + self._exact(row["extra"])
        return limits

    def _invoices(self, order_ids):
        """The instalments of the orders' posted invoices, for :func:`core.simulation.outcome`."""
        invoices = defaultdict(list)
        if not order_ids:
            return invoices
        for row in self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ordered.order_id, due.id,
                       COALESCE(due.date_maturity, due.date) AS date_due,
                       due.amount_residual AS open_now,
                       (SELECT MAX(max_date) FROM account_partial_reconcile
                         WHERE debit_move_id = due.id) AS paid_on
                  FROM sale_order_line ordered
                  JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = ordered.id
                  JOIN account_move_line line ON line.id = rel.invoice_line_id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_move_line due ON due.move_id = move.id
                 WHERE ordered.order_id = ANY(%(orders)s) AND move.state = 'posted'
                   AND move.move_type = 'out_invoice' AND due.account_id = ANY(%(accounts)s)
                """,
                orders=order_ids,
                accounts=self.env["credit.open.item"]._receivable_account_ids(),
            )
        ):
            invoices[row["order_id"]].append(
                (row["date_due"], self._exact(row["open_now"]), row["paid_on"])
            )
        return invoices

    def _exact(self, amount):
        return to_decimal(amount or 0, self.currency_id.decimal_places)
