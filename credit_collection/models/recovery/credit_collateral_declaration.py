from odoo import fields, models
from odoo.tools.misc import format_date

from ...tools.workbook import Book, Column, company_cover


class CreditCollateral(models.Model):
    """The turnover of a month that is declared to the insurer."""

    _inherit = "credit.collateral"

    def action_declaration(self):
        """Download the turnover of last month to declare to the insurer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/cover.xlsx?security={self.id}",
            "target": "download",
        }

    def _declaration_xlsx(self, month=None):
        """The month's insured turnover of all securities under the same policy number.

        :param month: any day of the month, default last month
        :return: bytes, file name
        """
        self.ensure_one()
        today = self.company_id._credit_today()
        day = fields.Date.to_date(month) or fields.Date.subtract(today, months=1)
        first, last = fields.Date.start_of(day, "month"), fields.Date.end_of(day, "month")
        cover = self._declaration_cover(first, last)
        book = Book(self.env, self.company_currency_id.decimal_places, cover=cover)
        book.add_sheet(
            self.env._("Turnover"),
            self.env._("Monthly declaration: policy %s", self.number or self.name),
            self.env._(
                "%(company)s, %(first)s to %(last)s, in %(currency)s",
                company=self.company_id.name,
                first=format_date(self.env, first),
                last=format_date(self.env, last),
                currency=self.company_currency_id.name,
            ),
            [
                Column(self.env._("Customer")),
                Column(self.env._("Tax number")),
                Column(self.env._("Country")),
                Column(self.env._("Invoices"), "number", total=True),
                Column(self.env._("Turnover"), "money", total=True),
                Column(self.env._("Insured up to"), "money"),
                Column(self.env._("Terms too long"), "number", total=True),
            ],
            list(self._declaration_rows(first, last)),
            self.env._("Total"),
        )
        return book.close(), f"declaration-{first:%Y-%m}.xlsx"

    def _declaration_cover(self, first, last):
        period = self.env._(
            "%(first)s to %(last)s",
            first=format_date(self.env, first),
            last=format_date(self.env, last),
        )
        notes = (
            (
                self.env._("Turnover"),
                self.env._(
                    "Posted invoices dated in the month, less credit notes, with tax, in the "
                    "currency of the company."
                ),
            ),
            (
                self.env._("Terms too long"),
                self.env._("Invoices that are due later than the insurer allows."),
            ),
        )
        return company_cover(
            self.env,
            self.env._("Monthly declaration: policy %s", self.number or self.name),
            self.company_id,
            self.company_currency_id.name,
            (
                self._fields["provider_id"]._description_string(self.env),
                self.provider_id.name or "–",
            ),
            (self.env._("Period"), period),
            notes=notes,
        )

    def _declaration_rows(self, first, last):
        """A row for each customer insured by the same insurer under the same number."""
        Collateral = self.env["credit.collateral"].sudo()
        insured = self
        if self.number:
            insured = Collateral.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("kind", "=", "insurance"),
                    ("number", "=", self.number),
                    ("provider_id", "=", self.provider_id.id),
                    ("state", "!=", "offered"),
                ]
            )
        for security in insured.sudo().sorted("partner_id"):
            moves = (
                self.env["account.move"]
                .sudo()
                .search(
                    [
                        ("commercial_partner_id", "=", security.partner_id.id),
                        ("company_id", "child_of", self.company_id.id),
                        ("state", "=", "posted"),
                        ("move_type", "in", ("out_invoice", "out_refund")),
                        ("invoice_date", ">=", first),
                        ("invoice_date", "<=", last),
                    ]
                )
            )
            longest = security.max_terms_days
            too_long = moves.filtered(
                lambda move, longest=longest: (
                    longest
                    and move.invoice_date_due
                    and (move.invoice_date_due - move.invoice_date).days > longest
                )
            )
            yield (
                security.partner_id.name,
                security.partner_id.vat or None,
                security.partner_id.country_id.name or None,
                len(moves),
                sum(moves.mapped("amount_total_signed")),
                security.value_company,
                len(too_long),
            )
