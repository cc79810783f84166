from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ...core import bonus
from ...tools import sentences
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

    def _statement_rows(self):
        """The derivation of the bonus as its reader sees it, one dict per criterion."""
        self.ensure_one()
        titles = dict(self.env["credit.bonus.criterion"]._figure_titles())
        return [
            self._statement_words(titles[part["figure"]], part) for part in self.statement or ()
        ]

    def _statement_words(self, title, part):
        env = self.env

        def decimal(text):
            return sentences.decimal(env, text) if text is not None else "–"

        def share(text):
            return f"{sentences.number(env, float(text) * 100)} %"

        sign = "≤" if part["direction"] == "at_most" else "≥"
        amount = formatLang(env, float(part["amount"]), currency_obj=self.currency_id)
        how = []
        if part["result"] is None:
            how.append(env._("No result, pays nothing."))
        else:
            if float(part["norm"]) != float(part["yearly_norm"]):
                how.append(
                    env._(
                        "Norm of the year: %(year)s, of this month: %(month)s.",
                        year=decimal(part["yearly_norm"]),
                        month=decimal(part["norm"]),
                    )
                )
            if part["measure"] == "ratio":
                how.append(
                    f"{decimal(part['result'])} ÷ {decimal(part['norm'])} = "
                    f"{decimal(part['achieved'])}"
                )
            base = formatLang(env, self.bonus_base, currency_obj=self.currency_id)
            how.append(f"{base} × {share(part['weight'])} × {share(part['payout'])} = {amount}")
        return {
            "title": title,
            "result": decimal(part["result"]),
            "norm": decimal(part["norm"]),
            "achieved": decimal(part["achieved"]),
            "steps": [
                env._(
                    "%(step)s pays %(share)s",
                    step=f"{sign} {decimal(threshold)}",
                    share=share(payout),
                )
                for threshold, payout in part["steps"]
            ],
            "payout": share(part["payout"]),
            "weight": share(part["weight"]),
            "amount": amount,
            "how": how,
        }

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
        values["yearly_norm"] = format(criterion.exactly.norm, "f")
        values["steps"] = [
            [f"{threshold:g}", f"{payout:g}"] for threshold, payout in criterion.steps
        ]
        return values
