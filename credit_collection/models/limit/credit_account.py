from odoo import models

from ...tools.environment import without_caller_context

OFFICER = "credit_collection.credit_collection_group_officer"
MANAGER = "credit_collection.credit_collection_group_manager"


class CreditAccount(models.Model):
    """What a file looks back on when its limit is decided."""

    _inherit = "credit.account"

    def _peaks_since(self, day):
        """The highest receivable of each file among the snapshots since ``day``."""
        rows = self.env["credit.snapshot"]._read_group(
            [("account_id", "in", self.ids), ("date", ">=", day)],
            ["account_id", "date:day"],
            ["receivable:sum"],
        )
        peaks = {}
        for file, _date, amount in rows:
            peaks[file.id] = max(peaks.get(file.id, 0.0), amount)
        return peaks

    def _broken_since(self, day):
        """How many promises of each file were broken since ``day``."""
        rows = self.env["credit.promise"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("broken_on", ">=", day),
                ("state", "!=", "cancelled"),
            ],
            ["account_id"],
            ["__count"],
        )
        return {file.id: count for file, count in rows}

    def _holds_since(self, day):
        """How many documents of each file were held since ``day``."""
        rows = self.env["credit.hold"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("create_date", ">=", day),
                ("state", "!=", "observed"),
            ],
            ["account_id"],
            ["__count"],
        )
        return {file.id: count for file, count in rows}

    def _approvers(self, amount):
        """Who may let this customer owe ``amount``, by role and authority.

        Those with the smallest sufficient authority first, managers last.  Holds, limits, ratings
        and requests are put before them.

        :return: ``res.users`` who work in the company (sudo)
        """
        self.ensure_one()
        company, currency = self.company_id, self.currency_id
        users = without_caller_context(self.env["res.users"].sudo(), company).search(
            [
                ("all_group_ids", "in", self.env.ref(OFFICER).sudo().ids),
                ("company_ids", "child_of", company.id),
                ("share", "=", False),
            ]
        )
        able = users.filtered(lambda user: user._has_credit_authority(amount, currency, company))
        return able.sorted(
            lambda user: (
                user.has_group(MANAGER),
                user._credit_authority_in(currency, company) or 0.0,
                user.id,
            )
        )
