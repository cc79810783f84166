from odoo import api, fields, models
from odoo.tools import SQL

from .credit_formula_list import FORMULAS

SHEET_LINE = "credit.kpi.sheet.line"


class CreditFormula(models.Model):
    """The page *Formulas*: how each figure is made; rows of ``FORMULAS``."""

    _name = "credit.formula"
    _description = "Formula"
    _auto = False
    _order = "id"

    key = fields.Char(readonly=True)
    group = fields.Selection(selection="_group_titles", readonly=True)
    name = fields.Char("Figure", compute="_compute_texts")
    formula = fields.Char(compute="_compute_texts")
    unit = fields.Char(compute="_compute_texts")
    source = fields.Char(compute="_compute_texts")
    edges = fields.Text("What to Know", compute="_compute_texts")

    @property
    def _table_query(self) -> SQL:
        rows = [
            SQL("(%s, %s, %s)", number, entry.key, entry.group)
            for number, entry in enumerate(FORMULAS, 1)
        ]
        return SQL('SELECT * FROM (VALUES %s) AS row (id, key, "group")', SQL(", ").join(rows))

    @api.model
    def _group_titles(self):
        return list(
            {
                "amounts": self.env._("Amounts"),
                "shares": self.env._("Shares and Ratios"),
                "days": self.env._("Days"),
                "dressing": self.env._("Dressed Up?"),
                "bonus": self.env._("Bonus"),
                "customers": self.env._("Customers and Items"),
                "contacts": self.env._("Contacts"),
                "rating": self.env._("Rating, Forecast, Ceilings"),
                "recovery": self.env._("Securities, Cases, Losses"),
            }.items()
        )

    @api.depends("key")
    @api.depends_context("lang")
    def _compute_texts(self):
        entries = {entry.key: entry for entry in FORMULAS}
        columns = self.env[SHEET_LINE]._fields
        for row in self:
            entry = entries[row.key]
            if entry.title is None:
                row.name = columns[row.key].get_description(self.env, ["string"])["string"]
            else:
                row.name = self._text(entry.title)
            for name in ("formula", "unit", "source", "edges"):
                row[name] = self._text(getattr(entry, name))

    def _text(self, text):
        """A text of the list in the user's language."""
        return self.env._(text)

    @api.model
    def _markdown(self):
        """The page as the copy in ``docs`` has it."""
        lines = [
            "# Formulas",
            "",
            "Every figure of the app, from the list behind *Credit ▸ Reporting ▸ Formulas*.",
        ]
        titles = dict(self._group_titles())
        for group, rows in self.search([]).grouped("group").items():
            lines += [
                "",
                f"## {titles[group]}",
                "",
                "| figure | formula | unit | source | what to know |",
                "|---|---|---|---|---|",
            ]
            lines += [
                f"| {row.name} | {row.formula} | {row.unit} | {row.source} | {row.edges} |"
                for row in rows
            ]
        return "\n".join(lines) + "\n"
