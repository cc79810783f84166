from datetime import date, datetime

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.environment import DECIDED_FOR

# What another day changes must not come out of the cache of this day.
DATED = {"readonly": True, "depends_context": ("as_of",)}
YEARS = range(1900, 2200)


class CreditAsOfMixin(models.AbstractModel):
    """Base of the SQL reports that can be asked for any day by the context key ``as_of``."""

    _name = "credit.as.of.mixin"
    _description = "Report of Any Day"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # EXTENDS 'base': the rows are queries, so what was read before is never reused
        self.invalidate_model(flush=False)
        return super().search_fetch(domain, field_names, offset, limit, order)

    @api.model
    def _context_day(self, key):
        """The day under a key of the context, which anybody may have written; None without."""
        value = self.env.context.get(key)
        if not value:
            return None
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
            day = day.date() if isinstance(day, datetime) else day
        except (TypeError, ValueError):
            day = None
        if not day or day.year not in YEARS:
            raise UserError(
                self.env._("“%(value)s” is not a day. A day is written 2026-01-31.", value=value)
            )
        return day

    @api.model
    def _today(self):
        """The day for which the rows are read: the context's ``as_of``, else today."""
        return self._context_day("as_of") or self._clock()

    @api.model
    def _clock(self):
        """The day of the company that is decided for, else of the one that is worked in; whoever
        asks, and wherever they are."""
        decided_for = self.env.context.get(DECIDED_FOR)
        if isinstance(decided_for, int):
            return self.env["res.company"].browse(decided_for or ())._credit_today()
        return self.env.company._credit_today()

    @api.model
    def _past_day(self):
        """The day for which the rows are read when it is over; None when that is today."""
        day = self._context_day("as_of")
        return day if day and day < self._clock() else None

    @api.model
    def _of_the_day(self):
        """The same as of its day, today when none is asked for: the figures of the ledger."""
        return self.with_context(as_of=self._today())
