from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...core.criterion import AT_MOST, RATIO
from ...tools.workbook import HEADER_ROW, Book, Column, Formula, Ratio, cell, company_cover

# Field, kind of cell, and the formula over the letters of DZ, PDZ, T, F, P (columns C to G).
FIGURES = (
    ("receivable", "money", None),
    ("overdue", "money", None),
    ("sales", "money", None),
    ("received", "money", None),
    ("planned", "money", None),
    ("overdue_share", "share", '=IF(C{r}>0,D{r}/C{r},"")'),
    ("weighted_days_overdue", "days", None),
    ("cash_plan_rate", "share", '=IF(G{r}>0,F{r}/G{r},"")'),
    ("overdue_to_turnover", "share", '=IF(E{r}>0,D{r}/E{r},"")'),
    ("dso", "days", '=IF(AND(E{r}>0,C{r}>=0),C{r}*{days}/E{r},"")'),
    ("dso_count_back", "days", None),
    ("dso_best", "days", None),
    ("days_delinquent", "days", None),
    ("effectiveness", "share", None),
    ("days_to_pay", "days", None),
    ("days_late", "days", None),
    ("doubtful_share", "share", None),
    ("concentration", "share", None),
    ("average_overdue_share", "share", None),
    ("late_deliveries_share", "share", None),
    ("sales_to_dilute", "money", None),
    ("bonus", "money", None),
)
TOTALS = ("receivable", "overdue", "sales", "received", "planned", "bonus")
# Of all together: not the sum of the shares, but of what they are worked out from.
RATIOS = {
    "overdue_share": ("overdue", "receivable"),
    "cash_plan_rate": ("received", "planned"),
    "overdue_to_turnover": ("overdue", "sales"),
    "dso": ("receivable", "sales"),
}
EVIDENCE = (
    ("name", "text"), ("partner_id", "text"), ("user_id", "text"), ("team_id", "text"),
    ("nature", "text"), ("origin_id", "text"), ("date", "date"), ("date_due", "date"),
    ("days", "number"), ("excused", "money"), ("amount", "money"),
)  # fmt: skip


class CreditKpiXlsx(models.AbstractModel):
    """A sheet as a workbook: figures with charts, bonuses that recompute, evidence."""

    _name = "credit.kpi.xlsx"
    _description = "Key Figures Workbook"

    @api.model
    def _build(self, sheet, evidence=False):
        """The bytes of the workbook; ``evidence`` adds every row behind the numbers."""
        book = Book(self.env, sheet.currency_id.decimal_places, cover=self._cover(sheet))
        note = self.env._(
            "%(company)s, %(first)s to %(last)s, in %(currency)s",
            company=sheet.company_id.name,
            first=format_date(self.env, sheet.date_from),
            last=format_date(self.env, sheet.date_to),
            currency=sheet.currency_id.name,
        )
        self._add_figures(book, note, sheet, "salesperson", self.env._("Salespeople"))
        self._add_figures(book, note, sheet, "leader", self.env._("Team Leaders"))
        self._add_bonuses(book, note, sheet)
        if evidence:
            for kind, title in {
                "receivable": self.env._("Receivables"),
                "sales": self.env._("Sales"),
                "received": self.env._("Cash"),
                "settled": self.env._("Settled Without Money"),
                "opening": self.env._("Receivable Before"),
                "history": self.env._("Earlier Sales"),
            }.items():
                self._add_evidence(book, note, sheet, kind, title)
        return book.close()

    def _cover(self, sheet):
        period = self.env._(
            "%(first)s to %(last)s",
            first=format_date(self.env, sheet.date_from),
            last=format_date(self.env, sheet.date_to),
        )
        # Each figure's own help says how it is worked out.
        described = self.env["credit.kpi.sheet.line"].fields_get(
            [name for name, *_rest in FIGURES], ["string", "help"]
        )
        notes = tuple(
            (described[name]["string"], described[name].get("help") or "–")
            for name, *_rest in FIGURES
        )
        return company_cover(
            self.env,
            self.env._("Key Figures"),
            sheet.company_id,
            sheet.currency_id.name,
            (self.env._("Period"), period),
            notes=notes,
        )

    def _add_figures(self, book, note, sheet, kind, title):
        Line = self.env["credit.kpi.sheet.line"]
        lines = sheet.line_ids.filtered(lambda line: line.kind == kind)
        titles = Line.fields_get([name for name, *_rest in FIGURES], ["string"])
        days = (sheet.date_to - sheet.date_from).days + 1
        columns = [
            Column(self.env._("Person")),
            Column(self.env._("Team")),
            *(
                Column(titles[name]["string"], cell_kind, name in TOTALS, self._ratio(name, days))
                for name, cell_kind, _formula in FIGURES
            ),
        ]
        rows = [self._figure_row(line, row, days) for row, line in enumerate(lines, HEADER_ROW + 1)]
        worksheet, first, last = book.add_sheet(
            title, title, note, columns, rows, self.env._("Total")
        )
        if rows:
            self._add_charts(book, worksheet, first, last)

    def _ratio(self, name, days):
        """What stands under the column of a figure that is not summed up, if anything."""
        if name not in RATIOS:
            return None
        places = {figure: place for place, (figure, *_rest) in enumerate(FIGURES, 2)}
        part, whole = RATIOS[name]
        dso = name == "dso"
        return Ratio(places[part], places[whole], days if dso else 1, dso)

    def _figure_row(self, line, row, days):
        cells = [line.user_id.name or line.display_name, line.team_id.name]
        for name, _kind, formula in FIGURES:
            value = line._value(name)
            if formula and value is not None:
                value = Formula(formula.format(r=row + 1, days=days), value)
            cells.append(value)
        return tuple(cells)

    def _add_charts(self, book, worksheet, first, last):
        """Overdue beside receivable, and the cash plan, per person."""
        people = [worksheet.name, first, 0, last, 0]
        for place, title, columns, numbers in (
            (0, self.env._("Receivable and overdue"), (2, 3), "#,##0"),
            (8, self.env._("Cash plan reached"), (9,), "0%"),
        ):
            chart = book.workbook.add_chart({"type": "column"})
            for column in columns:
                chart.add_series(
                    {
                        "name": [worksheet.name, HEADER_ROW, column],
                        "categories": people,
                        "values": [worksheet.name, first, column, last, column],
                    }
                )
            chart.set_title({"name": title})
            chart.set_y_axis({"num_format": numbers, "major_gridlines": {"visible": True}})
            chart.set_legend({"position": "bottom"})
            worksheet.insert_chart(last + 4, place, chart)

    def _add_bonuses(self, book, note, sheet):
        """One line per criterion; what it pays recomputes from result, norm and steps."""
        titles = dict(self.env["credit.bonus.criterion"]._figure_titles())
        columns = [
            Column(self.env._("Person")),
            Column(self.env._("Figure")),
            Column(self.env._("Base"), "money"),
            Column(self.env._("Weight"), "share"),
            Column(self.env._("Result"), "factor"),
            Column(self.env._("Norm"), "factor"),
            Column(self.env._("Achieved"), "factor"),
            Column(self.env._("Pay"), "share"),
            Column(self.env._("Bonus"), "money", True),
        ]
        rows = []
        for line in sheet.line_ids:
            for part in line.statement or []:
                row = HEADER_ROW + 1 + len(rows)
                rows.append(self._bonus_row(line, part, row, titles))
        book.add_sheet(
            self.env._("Bonuses"), self.env._("Bonuses"), note, columns, rows, self.env._("Total")
        )

    def _bonus_row(self, line, part, row, titles):
        digits = line.currency_id.decimal_places
        base, weight, result, norm, achieved, payout = (cell(row, col) for col in range(2, 8))
        given = part["result"] is not None
        reached = f"=ROUND({result}/{norm},4)" if part["measure"] == RATIO else f"={result}"
        return (
            line.display_name,
            titles[part["figure"]],
            line.bonus_base,
            float(part["weight"]),
            float(part["result"]) if given else None,
            float(part["norm"]),
            Formula(reached, float(part["achieved"])) if given else None,
            Formula(self._payout_formula(part, achieved), float(part["payout"])) if given else 0,
            Formula(f"=ROUND({base}*{weight}*{payout},{digits})", float(part["amount"])),
        )

    def _payout_formula(self, part, achieved):
        """Nested IFs over the steps, as ``core.criterion`` reads them."""
        at_most = part["direction"] == AT_MOST
        formula = "0"
        for threshold, payout in reversed(part["steps"]) if at_most else part["steps"]:
            sign = "<=" if at_most else ">="
            formula = f"IF({achieved}{sign}{threshold},{payout},{formula})"
        return f"={formula}"

    def _add_evidence(self, book, note, sheet, kind, title):
        Evidence = self.env["credit.kpi.evidence"].sudo()
        labels = Evidence.fields_get([name for name, _kind in EVIDENCE], ["string"])
        columns = [
            Column(labels[name]["string"], cell_kind, cell_kind == "money")
            for name, cell_kind in EVIDENCE
        ]
        query = Evidence._search(
            [("sheet_id", "=", sheet.id), ("kind", "=", kind)], order=Evidence._order
        )
        names = [name for name, _kind in EVIDENCE]
        rows = self.env.execute_query(
            query.select(*(SQL.identifier(query.table, name) for name in names))
        )
        shown = {}
        for index, name in enumerate(names):
            field = Evidence._fields[name]
            if field.type == "many2one":
                ids = {row[index] for row in rows} - {None}
                records = self.env[field.comodel_name].sudo().browse(ids)
                shown[index] = {record.id: record.display_name for record in records}
            elif field.type == "selection":
                shown[index] = dict(field._description_selection(self.env))
        book.add_sheet(
            title,
            title,
            note,
            columns,
            (
                tuple(shown[i].get(v) if i in shown else v for i, v in enumerate(row))
                for row in rows
            ),
            self.env._("Total"),
        )
