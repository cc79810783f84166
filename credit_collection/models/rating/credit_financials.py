from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ...core import ratios


class CreditFinancials(models.Model):
    """A customer's accounts of a year: the lines that the ratios need.

    A line that nobody entered is unknown, which is not the same as 0: ``known_lines`` says which
    are known, and a ratio without its lines is not worked out.
    """

    _name = "credit.financials"
    _description = "Financial Statements of a Customer"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    date = fields.Date("Year End", required=True, index=True)
    source = fields.Selection(
        [
            ("customer", "From the customer"),
            ("register", "Public register"),
            ("agency", "Agency"),
            ("other", "Other"),
        ],
        required=True,
        default="customer",
    )
    audited = fields.Boolean()
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    line_ids = fields.One2many("credit.financials.line", "financials_id", "Lines", copy=True)
    ratio_ids = fields.One2many(
        "credit.financials.ratio", compute="_compute_ratio_ids", string="Ratios"
    )
    missing = fields.Char("Not Known", compute="_compute_missing")
    debt_ratio = fields.Float(compute="_compute_readings", digits=(8, 3))
    debt_reading = fields.Selection(
        [
            ("sound", "Sound"),
            ("dependent", "Dependent on its creditors"),
            ("insolvent", "Insolvent: owes more than it has"),
        ],
        "Reading of the Debt Ratio",
        compute="_compute_readings",
    )
    altman_reading = fields.Selection(
        [("sound", "Sound"), ("grey", "Grey zone"), ("distress", "In distress")],
        "Altman",
        compute="_compute_readings",
    )
    note = fields.Text()

    _year_uniq = models.UniqueIndex(
        "(account_id, date)", "The accounts of this year end are there already."
    )

    @api.model
    def _line_titles(self):
        """The titles of :data:`core.ratios.LINES`."""
        return {
            "assets": self.env._("Total assets"),
            "current_assets": self.env._("Current assets"),
            "inventories": self.env._("Inventories"),
            "cash": self.env._("Cash"),
            "liabilities": self.env._("Total liabilities"),
            "current_liabilities": self.env._("Current liabilities"),
            "equity": self.env._("Equity"),
            "retained_earnings": self.env._("Retained earnings"),
            "market_equity": self.env._("Market value of equity"),
            "sales": self.env._("Sales"),
            "ebit": self.env._("Profit before interest and tax (EBIT)"),
            "interest": self.env._("Interest paid"),
            "net_profit": self.env._("Net profit"),
            "cash_flow": self.env._("Cash flow from operations"),
        }

    @api.depends("account_id")
    def _compute_currency_id(self):
        for record in self:
            record.currency_id = record.currency_id or record.account_id.company_id.currency_id

    @api.depends("line_ids.code", "line_ids.amount")
    @api.depends_context("lang")
    def _compute_missing(self):
        titles = self._line_titles()
        for record in self:
            known = record._statement()
            record.missing = ", ".join(titles[code] for code in ratios.LINES if code not in known)

    @api.depends("line_ids.code", "line_ids.amount")
    def _compute_readings(self):
        for record in self:
            statement = record._statement()
            debt = ratios.ratio("debt_ratio", statement)
            record.debt_ratio = debt or 0.0
            record.debt_reading = ratios.debt_reading(debt)
            readings = (
                ratios.altman_reading(ratios.ratio(f"altman_{variant}", statement), variant)
                for variant in ("z", "z_private", "z_services")
            )
            record.altman_reading = next((found for found in readings if found), False)

    @api.depends("line_ids.code", "line_ids.amount")
    @api.depends_context("lang")
    def _compute_ratio_ids(self):
        Ratio = self.env["credit.financials.ratio"]
        titles = self.env["credit.scorecard.criterion"]._ratio_titles()
        lines = self._line_titles()
        for record in self:
            statement = record._statement()
            found = Ratio
            for key in ratios.RATIOS:
                lacking = ratios.missing(key, statement)
                value = None if lacking else ratios.ratio(key, statement)
                found |= Ratio.new(
                    {
                        "financials_id": record.id,
                        "name": titles[key],
                        "value": "–" if value is None else record._format_ratio(key, value),
                        "missing": ", ".join(lines[code] for code in lacking),
                    }
                )
            record.ratio_ids = found

    def _format_ratio(self, key, value):
        unit = ratios.RATIOS[key].unit
        if unit == "share":
            return self.env._("%s %%", f"{100 * value:.1f}")
        return self.currency_id.format(value) if unit == "amount" else f"{value:.2f}"

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            day = format_date(self.env, record.date)
            record.display_name = self.env._("Accounts of %(date)s", date=day)

    @api.constrains("date")
    def _check_date(self):
        for record in self:
            if record.date > record.company_id._credit_today():
                raise ValidationError(
                    self.env._(
                        "The year ends on %(date)s, which is still to come.",
                        date=format_date(self.env, record.date),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._add_lines()
        return records

    def _add_lines(self):
        """Offer each line; those without an amount stay unknown."""
        for record in self:
            known = set(record.line_ids.mapped("code"))
            record.line_ids.create(
                [
                    {"financials_id": record.id, "code": code, "sequence": at}
                    for at, code in enumerate(ratios.LINES)
                    if code not in known
                ]
            )

    def _statement(self):
        """``{line: amount}`` of what is known."""
        return {line.code: line.amount for line in self.line_ids if line.known}

    def _statement_in(self, currency):
        """The same in a currency, at the rate of the year end."""
        self.ensure_one()
        return {
            code: self.currency_id._convert(amount, currency, self.company_id, self.date)
            for code, amount in self._statement().items()
        }

    def _entered_by(self):
        """Who wrote to these accounts last."""
        self.ensure_one()
        return max((self, *self.line_ids), key=lambda each: each.write_date).write_uid

    @api.model
    def _newest(self, accounts, today, years=1):
        """The newest accounts of each file up to a day: ``{account: records}``."""
        found = self.sudo().search(
            [("account_id", "in", accounts.ids), ("date", "<=", today)], order="date desc, id desc"
        )
        found.line_ids.fetch(
            ["code", "amount", "known", "financials_id", "write_date", "write_uid"]
        )
        return {
            account: records[:years] for account, records in found.grouped("account_id").items()
        }


class CreditFinancialsLine(models.Model):
    """One line of the accounts, known or not."""

    _name = "credit.financials.line"
    _description = "Line of Financial Statements"
    _inherit = "credit.bounded"
    _order = "financials_id, sequence, id"
    _rec_name = "code"

    financials_id = fields.Many2one(
        "credit.financials", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="financials_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="financials_id.currency_id")
    sequence = fields.Integer()
    code = fields.Selection(selection="_selection_code", required=True, readonly=True)
    amount = fields.Monetary()
    known = fields.Boolean(
        compute="_compute_known",
        store=True,
        readonly=False,
        precompute=True,
        help="Tick for a line that is really 0.",
    )

    _line_uniq = models.UniqueIndex("(financials_id, code)", "Each line is there once.")

    @api.model
    def _selection_code(self):
        titles = self.env["credit.financials"]._line_titles()
        return [(code, titles[code]) for code in ratios.LINES]

    @api.depends("amount")
    def _compute_known(self):
        for line in self:
            line.known = line.known or bool(line.amount)


class CreditFinancialsRatio(models.TransientModel):
    """A ratio to be shown; nothing is kept."""

    _name = "credit.financials.ratio"
    _description = "Ratio of Financial Statements"

    financials_id = fields.Many2one("credit.financials", ondelete="cascade", index="btree_not_null")
    name = fields.Char("Ratio", readonly=True)
    value = fields.Char(readonly=True)
    missing = fields.Char("Lacks", readonly=True)
