from datetime import datetime, timedelta

import pytz
from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _credit_next_working_day(self, day=None):
        """The first working day of the company after ``day`` (by default today)."""
        self.ensure_one()
        day = day or self._credit_today()
        calendar = self.sudo().resource_calendar_id
        if not calendar:
            return day + timedelta(days=1)
        tz = pytz.timezone(self._credit_tz())
        start = tz.localize(datetime.combine(day + timedelta(days=1), datetime.min.time()))
        found = calendar.plan_hours(0.01, start, compute_leaves=True)
        return found.astimezone(tz).date() if found else day + timedelta(days=1)
