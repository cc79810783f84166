from markupsafe import Markup
from odoo import api, models


class CreditEmptyList(models.AbstractModel):
    """An empty list says whether there is nothing, or nothing that the user may see."""

    _name = "credit.empty.list"
    _description = "Help of an Empty List"

    @api.model
    def get_empty_list_help(self, help_message):
        # EXTENDS 'base': no right is told apart from nothing there
        help_message = super().get_empty_list_help(help_message)
        if not self.has_access("read") or self.search_count([], limit=1):
            return help_message
        companies = self.env.companies.root_id.ids
        if not self.sudo().search_count([("company_id", "in", companies)], limit=1):
            return help_message
        return Markup("%s<p>%s</p>") % (
            Markup(help_message or ""),
            self.env._(
                "There is something here, but not for you: salespeople see what belongs to their "
                "own customers, leaders that of their team. Whoever gives out rights can make you "
                "a collector."
            ),
        )
