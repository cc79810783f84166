from odoo import models

from ...tools.environment import without_caller_context
from ...tools.groups import MANAGER, OFFICER


class CreditAccount(models.Model):
    """Who may let a customer owe an amount."""

    _inherit = "credit.account"

    def _approvers(self, amount):
        """Who may let this customer owe ``amount``, by role and authority.

        Those with the smallest sufficient authority first, managers last, and of these the last
        who administers the database too.  Holds, limits, ratings and requests are put before them.

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
                user.has_group(MANAGER) and user.has_group("base.group_system"),
                user._credit_authority_in(currency, company) or 0.0,
                user.id,
            )
        )
