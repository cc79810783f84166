from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.readers import for_reader
from ...tools.rooms import is_on


class CreditCase(models.Model):
    """Where cases come from: all that is overdue of a customer, a level that hands over."""

    _inherit = "credit.case"

    @api.model
    def _hand_over(self, accounts, road="court"):
        """Draft cases over all that is overdue of these customers; an open case is not doubled.

        :return: the case of each customer
        """
        cases = self.browse()
        for account in accounts:
            there = self.search(
                [("account_id", "=", account.id), ("state", "in", ("draft", "open"))], limit=1
            )
            if there:
                cases |= there
                continue
            items = account._open_items().filtered("is_overdue")
            if not items:
                raise UserError(
                    self.env._("Nothing is overdue of %s.", account.partner_id.display_name)
                )
            cases |= self.create(
                {
                    "account_id": account.id,
                    "road": road,
                    "move_line_ids": [Command.set(items.move_line_id.ids)],
                }
            )
        return cases

    @api.model
    def _prepare_after_level(self, accounts):
        """Draft cases of customers who reached a level that hands over; told once, with a day.

        A customer who owes nothing overdue any more has none.
        """
        if not accounts or not is_on(self.env, "cases"):
            return
        for account in accounts:
            busy = self.search_count(
                [("account_id", "=", account.id), ("state", "in", ("draft", "open"))], limit=1
            )
            if busy or not account._open_items().filtered("is_overdue"):
                continue
            user = account.effective_policy_id.followup_legal_user_id
            case = self._hand_over(account)
            case.responsible_id = user or account._responsible_collector() or self.env.user
            told = for_reader(case, case.responsible_id)
            told.activity_schedule(
                "credit_collection.mail_activity_case",
                date_deadline=account.company_id._credit_today(),
                user_id=case.responsible_id.id,
                summary=told.env._("Check the papers and open the case"),
            )
