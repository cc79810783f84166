from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditPeriodStatement(models.AbstractModel):
    """The statement of a period: it says which days it is asked for, in print and by address."""

    _name = "report.credit_collection.credit_period_statements"
    _description = "Statement of a Period"

    @api.model
    def _get_report_values(self, docids, data=None):
        first, last = (self._day((data or {}).get(name)) for name in ("date_from", "date_to"))
        accounts = self.env["credit.account"].browse(docids)
        accounts._check_period(first, last)
        return {
            "doc_ids": docids,
            "doc_model": accounts._name,
            "docs": accounts,
            "date_from": first,
            "date_to": last,
        }

    @api.model
    def _day(self, value):
        try:
            day = fields.Date.to_date(value)
        except (TypeError, ValueError):
            day = None
        if not day:
            raise UserError(
                self.env._("Say from which day to which day the statement is to go, as 2026-01-31.")
            )
        return day
