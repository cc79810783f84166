from odoo import api, fields, models, tools
from odoo.tools import SQL

from ...tools.bulk import insert_rows
from ...tools.environment import without_caller_context
from ...tools.registry_cache import clear_registry_cache


class CreditLimit(models.Model):
    """Which limit is in force: one query for all files, and the native limits taken over."""

    _inherit = "credit.limit"

    @api.model
    def _effective_sql(self, only: SQL, today, past=False) -> SQL:
        """SQL of the joins ``base`` and ``other`` to ``account``: what limits the files have.

        The permanent limit (``base``) is the one that came into force last; when it has ended,
        none counts, and those before it do not come back.  Temporary additions (``other.extra``)
        are added to it, or to the policy's default.  Amounts are in the company's currency.

        :param only: which rows ``l`` to read: those of ``account``, or all
        :param today: the day for which the limits are asked
        :param past: the day has passed: what was superseded or has expired since counted then
        """
        counts = SQL("l.state = 'approved'")
        if past:
            counts = SQL(
                "l.state IN ('approved', 'superseded', 'expired')"
                " AND (l.decided_on IS NULL OR %s <= %s)",
                self.env["res.company"]._credit_day_sql(SQL("l.company_id"), SQL("l.decided_on")),
                today,
            )
        amount = self._amount_sql(today)
        return SQL(
            """
              LEFT JOIN LATERAL (
                   SELECT *
                     FROM (SELECT DISTINCT ON (l.account_id)
                                  l.account_id, %(amount)s AS amount, l.unlimited, l.date_to
                             FROM credit_limit l
                            WHERE %(counts)s AND l.kind = 'permanent'
                              AND l.date_from <= %(today)s AND %(only)s
                            ORDER BY l.account_id,
                                     GREATEST(l.date_from, l.decided_on) DESC, l.id DESC) AS last
                    WHERE last.date_to IS NULL OR last.date_to >= %(today)s
                   ) AS base ON base.account_id = account.id
              LEFT JOIN LATERAL (
                   SELECT l.account_id,
                          SUM(%(amount)s) FILTER (WHERE l.kind = 'temporary') AS extra,
                          MAX(l.date_to) FILTER (WHERE l.kind = 'permanent') AS expired_on
                     FROM credit_limit l
                    WHERE %(only)s
                      AND (l.kind = 'temporary' AND %(counts)s
                           AND l.date_from <= %(today)s AND l.date_to >= %(today)s
                           OR l.kind = 'permanent' AND l.state IN ('approved', 'expired')
                              AND l.date_to < %(today)s)
                    GROUP BY l.account_id) AS other ON other.account_id = account.id
            """,
            amount=amount,
            only=only,
            counts=counts,
            today=today,
        )

    @api.model
    def _amount_sql(self, today) -> SQL:
        """SQL of the amount of ``l`` in the company's currency at the rate of the day asked for.

        A limit in the company's own currency reads no rate; where none is left, the first day's
        counts.
        """
        if not self._any_foreign():
            return SQL("l.amount_company")
        Company, Currency = self.env["res.company"], self.env["res.currency"]
        own = Company._credit_fact_sql(SQL("l.company_id"), "currency")
        return SQL(
            """CASE WHEN l.currency_id = %(own)s THEN l.amount_company
                    ELSE COALESCE(ROUND(l.amount * %(to)s / %(given)s, %(decimals)s),
                                  l.amount_company) END""",
            own=own,
            to=SQL("COALESCE(%s, 1)", Currency._credit_rate_sql(own, SQL("l.company_id"), today)),
            given=Currency._credit_rate_sql(SQL("l.currency_id"), SQL("l.company_id"), today),
            decimals=Company._credit_fact_sql(SQL("l.company_id"), "decimals"),
        )

    @api.model
    @tools.ormcache()
    def _any_foreign(self):
        """Whether any limit is in another currency than its company's: else no rate is read, whose
        eight places in the query cost more to plan than one customer's figures to read."""
        self.flush_model(["company_id", "currency_id"])
        [(found,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM credit_limit l"
                " JOIN res_company company ON company.id = l.company_id"
                " WHERE l.currency_id != company.currency_id)"
            )
        )
        return found

    def _forget_any_foreign(self):
        """One of these limits may be the first in another currency than its company's."""
        if any(limit.currency_id != limit.company_currency_id for limit in self.sudo()):
            clear_registry_cache(self.env)

    @api.model
    def _take_over_native(self):
        """Native limits found at install become approved limits.

        Only limits set on the customer count, not what equals the effective limit already; a
        company-wide default stays what it was: the policy's default, if a manager wants it.
        """
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        for company in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            partners = Partner.with_company(company).search(
                [("credit_limit", ">", 0), ("parent_id", "=", False)]
            )
            own = partners.filtered("use_partner_credit_limit")
            files = self.env["credit.account"]._ensure_missing(
                {(partner.id, company.id) for partner in own.commercial_partner_id}
            )
            # The files have just been made: PostgreSQL knows nothing of them yet.
            self.env.cr.execute(SQL("ANALYZE credit_account, credit_limit"))
            positions = without_caller_context(files, company)._position(("credit_limit",))
            effective = {position.id: position.credit_limit for position in positions}
            native = {
                file: file.partner_id.with_company(company).credit_limit
                for file in files
                if not file.limit_ids
            }
            taken = [file for file, limit in native.items() if limit != effective[file.id]]
            self._insert_native(company, taken, [native[file] for file in taken])

    @api.model
    def _insert_native(self, company, files, amounts):
        """Approved limits of as many files: in force, sealed, and equal to the native ones.

        :param files: list of ``credit.account``
        :param amounts: their limits in the company's currency
        """
        amounts = [company.currency_id.round(amount) for amount in amounts]
        made = insert_rows(
            self.sudo(),
            {
                "account_id": [file.id for file in files],
                "company_id": company.id,
                "kind": "permanent",
                "unlimited": False,
                "amount": amounts,
                "amount_company": amounts,
                "currency_id": company.currency_id.id,
                "date_from": company._credit_today(),
                "reason": self.env._("Taken over from the customer's previous limit."),
                "state": "approved",
                "requested_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            },
        )
        made.account_id.invalidate_recordset(["limit_ids"], flush=False)
        made._audit("made")
        made.account_id._check_newcomers()
