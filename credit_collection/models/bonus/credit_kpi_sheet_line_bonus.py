from odoo import api, fields, models

from ...core import bonus
from ...core.criterion import exact
from .credit_kpi_sheet_line import MONEY


class CreditKpiSheetLine(models.Model):
    """The bonus of a line, with all that its statement says."""

    _inherit = "credit.kpi.sheet.line"

    scheme_id = fields.Many2one(
        "credit.bonus.scheme", readonly=True, ondelete="set null", index="btree_not_null"
    )
    scheme_name = fields.Char("Scheme Applied", readonly=True)
    bonus_base = fields.Monetary("Base", **MONEY)
    excused = fields.Monetary(
        "Receivable Left Out",
        help="Disputed through no fault of sales; left out of the bonus.",
        **MONEY,
    )
    excused_overdue = fields.Monetary("Overdue Left Out", **MONEY)
    results = fields.Json(readonly=True, help="The results that the bonus rests on, by figure.")
    bonus = fields.Monetary(**MONEY)
    statement = fields.Json(readonly=True, help="The derivation of the bonus, criterion by step.")

    @api.model
    def _bonus(self, sheet, schemes, person, values, inputs):
        scheme = schemes._find(person)
        if not person or not scheme:
            return {}
        exact, left_out = values["exact"], {}
        if scheme.leave_out_excused and inputs.excused:
            counted = inputs.without_excused()
            exact = self.env["credit.kpi"]._measure(
                counted, sheet.date_from, sheet.date_to, values["planned"]
            )
            left_out = {
                "excused": sheet.currency_id.round(inputs.receivable - counted.receivable),
                "excused_overdue": sheet.currency_id.round(inputs.overdue - counted.overdue),
            }
        results = {figure: exact[figure] for figure in bonus.FIGURES}
        statement = scheme._statement(values["received"], results, sheet.company_id, sheet.date_to)
        if not statement:
            return {}
        return {
            **left_out,
            "results": {figure: value and float(value) for figure, value in results.items()},
            "scheme_id": scheme.id,
            "scheme_name": scheme.name,
            "bonus_base": float(statement.base),
            "bonus": float(statement.total),
            "statement": [
                self._statement_line(line, criterion)
                for line, criterion in zip(statement.lines, scheme._criteria(), strict=True)
            ],
        }

    @api.model
    def _statement_line(self, line, criterion):
        """A line of ``core.bonus.Statement`` as plain values; numbers stay exact as text."""
        values = {
            name: value if value is None or isinstance(value, str) else format(value, "f")
            for name, value in line._asdict().items()
        }
        values["measure"] = criterion.measure
        values["yearly_norm"] = format(exact(criterion.norm), "f")
        values["steps"] = [
            [f"{threshold:g}", f"{payout:g}"] for threshold, payout in criterion.steps
        ]
        return values
