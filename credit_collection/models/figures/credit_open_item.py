from odoo import api, fields, models

from ...core import behaviour, forecast


class CreditOpenItem(models.Model):
    """When an item will be paid, and how likely."""

    _inherit = "credit.open.item"

    expected_on = fields.Date(
        "Expected",
        compute="_compute_expected",
        help="The promised day, else as late as such items of this customer come.",
    )
    expected_basis = fields.Selection(
        [
            ("promise", "Promised"),
            ("history", "By how they pay"),
            ("nothing", "No history"),
            ("disputed", "Disputed: not expected"),
            ("course", "By disputes and cases that ended"),
        ],
        "Rests On",
        compute="_compute_expected",
    )
    recovery = fields.Float(
        "Chance",
        compute="_compute_expected",
        aggregator=None,
        help="That it is paid in the end, by its age.",
    )

    @api.depends_context("as_of")
    def _compute_expected(self):
        Behaviour = self.env["credit.behaviour"].sudo()
        owed = self.filtered(lambda item: item.kind == "receivable" and item.amount > 0)
        for item in self - owed:
            item.expected_on, item.expected_basis, item.recovery = False, False, 0.0
        for company, items in owed.grouped("company_id").items():
            today = company._credit_today()
            delays = Behaviour._delays(company, today, items.account_id.sudo())
            curve, _own = Behaviour._recovery_curve(company.id)
            courses = {}
            if any(item.legal or item.disputed_amount for item in items):
                courses = Behaviour._courses(company, today)
            for item in items:
                due = item.date_due or today
                disputed = item.disputed_amount >= item.amount
                course = courses.get("legal" if item.legal else "disputed" if disputed else None)
                item.recovery = behaviour.recovery_probability((today - due).days, curve)
                if disputed and not course:
                    item.expected_on, item.expected_basis = False, "disputed"
                    continue
                core = forecast.Item(
                    due,
                    item.amount,
                    course.delays if course else delays[item.account_id.id],
                    item.promised_until or None,
                )
                item.expected_on, item.expected_basis = forecast.expected_day(core, today)
                if course:
                    item.recovery = course.chance
                    if item.expected_basis == "history":
                        item.expected_basis = "course"
