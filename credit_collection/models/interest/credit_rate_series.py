from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import rooms
from ...tools.readers import for_reader

REMINDER = "credit_collection.mail_activity_stale_rate"


class CreditRateSeries(models.Model):
    """A published interest rate with its dated values.

    The shipped values are a start: whoever charges interest checks them at the source first.
    """

    _name = "credit.rate.series"
    _description = "Interest Rate Series"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.bounded"]
    _order = "name, id"
    _credit_bounds = {"rhythm_days": (1, 3660)}

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty when every company uses it."
    )
    source = fields.Char(help="Who publishes the rate.")
    source_url = fields.Char("Source Page")
    rhythm_days = fields.Integer(
        "New Value Every (days)",
        default=190,
        help="When the newest value was last checked longer ago than this, a reminder asks "
        "somebody to look at the source.",
    )
    responsible_id = fields.Many2one(
        "res.users", "Kept By", domain="[('share', '=', False)]", index=True
    )
    note = fields.Text()
    value_ids = fields.One2many("credit.rate.value", "series_id", "Values")
    newest_date = fields.Date("Newest Value From", compute="_compute_newest")
    newest_rate = fields.Float("Newest Rate (%)", compute="_compute_newest", digits=(16, 4))
    checked_on = fields.Date("Last Checked", compute="_compute_newest")
    is_stale = fields.Boolean("Check the Source", compute="_compute_newest")

    _code_uniq = models.UniqueIndex("(code)", "Another series has this code.")

    @api.depends("value_ids.date", "value_ids.rate", "value_ids.checked_on", "rhythm_days")
    def _compute_newest(self):
        for series in self:
            newest = series.value_ids.sorted("date")[-1:]
            checked = max((v.checked_on for v in series.value_ids if v.checked_on), default=False)
            series.newest_date = newest.date
            series.newest_rate = newest.rate
            series.checked_on = checked
            today = (series.company_id or self.env.company)._credit_today()
            series.is_stale = not checked or checked + timedelta(series.rhythm_days) < today

    def _rates(self, date_to):
        """``[(day, percent from that day on)]`` up to a day, oldest first."""
        self.ensure_one()
        values = self.sudo().value_ids.filtered(lambda value: value.date <= date_to)
        return [(value.date, value.rate) for value in values.sorted("date")]

    def action_checked(self):
        """Note that the source was looked at today and has nothing newer."""
        self.check_access("write")
        for series in self:
            today = (series.company_id or self.env.company)._credit_today()
            series.value_ids.sorted("date")[-1:].checked_on = today
        self.activity_feedback([REMINDER])

    @api.model
    def _cron_remind(self):
        """Ask whoever keeps a series to look at its source when it has grown old."""
        if not rooms.is_on(self.env, "interest"):
            return
        used = self.env["credit.interest.rule"].sudo().search([]).series_id
        managers = self.env.ref("credit_collection.credit_collection_group_manager").all_user_ids
        for series in used.filtered("is_stale"):
            if series.activity_search([REMINDER]):
                continue
            keeper = series.responsible_id or managers.filtered("active").sorted("id")[:1]
            keeper = keeper or self.env.user
            told = for_reader(series, keeper)
            told.activity_schedule(
                REMINDER,
                user_id=keeper.id,
                summary=told.env._(
                    "The newest value of %s may be out of date: look at its source", told.name
                ),
            )


class CreditRateValue(models.Model):
    _name = "credit.rate.value"
    _description = "Interest Rate"
    _inherit = "credit.bounded"
    _order = "series_id, date desc"
    _rec_name = "date"
    _credit_bounds = {"rate": (-100, 1000)}

    series_id = fields.Many2one("credit.rate.series", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="series_id.company_id", store=True, index=True)
    date = fields.Date("Valid From", required=True)
    rate = fields.Float("Rate (% a year)", required=True, digits=(16, 4))
    source = fields.Char(help="Decision, page or publication that the value was read from.")
    checked_on = fields.Date(help="The day on which somebody last compared it with the source.")

    _series_date_uniq = models.UniqueIndex(
        "(series_id, date)", "A series has one value from each day on."
    )

    @api.depends("date", "rate", "series_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for value in self:
            day = format_date(self.env, value.date)
            value.display_name = f"{value.series_id.code} {day}: {value.rate:g} %"
