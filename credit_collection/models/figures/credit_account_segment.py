from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...core import segments
from ...tools.environment import without_caller_context
from ...tools.groups import MANAGER
from ...tools.jobs import each_safely
from ...tools.segments import BEHAVIOURS, SIZES, TERMS

YEAR = 365


class CreditAccount(models.Model):
    """The segments of a customer: two are worked out by night, the contract is noted by people."""

    _inherit = "credit.account"

    behaviour_class = fields.Selection(
        BEHAVIOURS,
        "How They Pay",
        readonly=True,
        copy=False,
        help="By the amount-weighted days late of a year, worked out by night. The boundaries are "
        "in the settings.",
    )
    size_class = fields.Selection(
        SIZES,
        "Size",
        readonly=True,
        copy=False,
        help="By the share in our sales of a year: those who make the first 80 % are A, up to 95 % "
        "B, the others C. Worked out by night.",
    )
    contract_terms = fields.Selection(
        TERMS, "Contract", tracking=True, help="What was agreed in writing."
    )

    @api.model
    def _check_segment_by_hand(self, names):
        """Where policies go by the contract, managers alone say what it is."""
        if "contract_terms" not in names or self.env.user.has_group(MANAGER):
            return
        if self.env["credit.policy"]._segment_policy_ids():
            raise AccessError(
                self.env._(
                    "Policies are chosen by segments: only a credit manager can say what was "
                    "agreed with a customer."
                )
            )

    @api.model
    def _segment(self, company, today):
        """Work out the segments of all files of a company; only what changed is written.

        :return: the files that changed
        """
        self = without_caller_context(self.sudo(), company)
        self.env.flush_all()
        found = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT account_id, SUM(late * amount) / NULLIF(SUM(amount), 0)
                      FROM (%s) AS paid GROUP BY account_id
                    """,
                    self.env["credit.figure.reading"]._settlements_sql(
                        company, today - timedelta(YEAR), today
                    ),
                )
            )
        )
        sold = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT account.id, COALESCE(SUM(move.amount_untaxed_signed), 0)
                      FROM credit_account account
                      LEFT JOIN account_move move
                        ON move.commercial_partner_id = account.partner_id
                       AND move.move_type IN ('out_invoice', 'out_refund')
                       AND move.state = 'posted' AND %(root)s = account.company_id
                       AND move.invoice_date > %(since)s AND move.invoice_date <= %(today)s
                     WHERE account.company_id = %(company)s
                     GROUP BY account.id
                    """,
                    root=self.env["res.company"]._credit_root_sql(SQL("move.company_id")),
                    since=today - timedelta(YEAR),
                    today=today,
                    company=company.id,
                )
            )
        )
        sizes = segments.size_classes(sold)
        slow, late = company.credit_slow_days, company.credit_late_days
        wanted = defaultdict(list)
        present = self.search_fetch(
            [("company_id", "=", company.id)], ["behaviour_class", "size_class"]
        )
        for account in present:
            own = (segments.behaviour_class(found.get(account.id), slow, late), sizes[account.id])
            if own != (account.behaviour_class, account.size_class):
                wanted[own].append(account.id)
        changed = self.browse()
        for (behaviour, size), ids in wanted.items():
            files = self.browse(ids)
            files.write({"behaviour_class": behaviour, "size_class": size})
            changed |= files
        if changed and self.env["credit.policy"]._segment_policy_ids():
            changed._sync_native_limit()
            changed._wake_holds()
        return changed

    @api.model
    def _cron_segments(self):
        """Work out the segments of every company; one that fails keeps those it had."""

        def segment(company):
            self._segment(company, company._credit_today())

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, segment, "Segments")
