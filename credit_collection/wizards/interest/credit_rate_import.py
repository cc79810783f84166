from datetime import datetime

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y")
BOUNDS = (-100, 1000)


class CreditRateImport(models.TransientModel):
    """Take over values that were copied from the page of a central bank."""

    _name = "credit.rate.import"
    _description = "Import Interest Rates"

    series_id = fields.Many2one("credit.rate.series", required=True, index="btree_not_null")
    text = fields.Text(
        "Values",
        required=True,
        help="One a line: the day and the rate, with a tab, a semicolon or a blank between them.",
    )
    source = fields.Char(help="Where the values were read.")

    def action_import(self):
        """Add the values; a day that is known takes over the new rate."""
        self.ensure_one()
        self.series_id.check_access("write")
        if not self.env["credit.rate.value"].has_access("create"):
            raise AccessError(self.env._("Only a credit manager keeps interest rates."))
        known = {value.date: value for value in self.series_id.value_ids}
        today = (self.series_id.company_id or self.env.company)._credit_today()
        for day, rate in self._parsed():
            values = {"rate": rate, "checked_on": today, "source": self.source}
            if day in known:
                known[day].write(values)
            else:
                self.env["credit.rate.value"].create(
                    {**values, "series_id": self.series_id.id, "date": day}
                )
        return {"type": "ir.actions.act_window_close"}

    def _parsed(self):
        """``[(day, rate)]`` of the text.

        :raises UserError: naming the line that cannot be read
        """
        rows = []
        for number, line in enumerate((self.text or "").splitlines(), 1):
            if not line.strip():
                continue
            day, rate = self._read_line(line)
            if day is None or rate is None or not BOUNDS[0] <= rate <= BOUNDS[1]:
                raise UserError(
                    self.env._(
                        "Line %(number)s is not a day and a rate: %(line)s",
                        number=number,
                        line=line.strip()[:60],
                    )
                )
            rows.append((day, rate))
        return rows

    def _read_line(self, line):
        cells = line.replace(";", "\t").replace("%", "").strip()
        cells = cells.split("\t") if "\t" in cells else cells.rsplit(maxsplit=1)
        if len(cells) < 2:
            return None, None
        day = None
        for pattern in FORMATS:
            try:
                day = datetime.strptime(cells[0].strip(), pattern).date()
                break
            except ValueError:
                continue
        try:
            return day, float(cells[1].strip().replace(",", "."))
        except ValueError:
            return day, None
