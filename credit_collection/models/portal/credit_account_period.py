from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import sentences

LONGEST_DAYS = 3 * 366


class CreditAccount(models.Model):
    """The statement of a period: what was open, what came, what was paid, what is open."""

    _inherit = "credit.account"

    @api.model
    def _check_period(self, date_from, date_to):
        """Refuse a period that ends before it begins, or that nobody can read."""
        if date_to < date_from:
            raise UserError(self.env._("The period ends before it begins."))
        if (date_to - date_from).days > LONGEST_DAYS:
            raise UserError(self.env._("A statement covers three years at most."))

    def _period_statement(self, date_from, date_to):
        """What happened on the account of a customer in a period, currency by currency.

        :return: list of dicts (currency, opening, rows, closing); rows are dicts (date, name,
            reference, due, debit, credit, balance), in the order in which they were booked
        """
        self.ensure_one()
        self._check_period(date_from, date_to)
        account = self.sudo()
        booked = Domain(
            [
                ("parent_state", "=", "posted"),
                ("account_id", "in", self.env["credit.open.item"]._receivable_account_ids()),
                ("partner_id.commercial_partner_id", "=", account.partner_id.id),
                ("company_id", "child_of", account.company_id.id),
            ]
        )
        Line = account.env["account.move.line"].with_context(active_test=False)
        opening = dict(
            Line._read_group(
                booked & Domain("date", "<", date_from), ["currency_id"], ["amount_currency:sum"]
            )
        )
        lines = Line.search(
            booked & Domain("date", ">=", date_from) & Domain("date", "<=", date_to),
            order="date, id",
        )
        moved = lines.filtered(lambda line: not line.currency_id.is_zero(line.amount_currency))
        currencies = moved.currency_id.union(
            *(currency for currency, amount in opening.items() if not currency.is_zero(amount))
        )
        return [
            self._period_of_currency(
                currency,
                currency.round(opening.get(currency, 0.0)),
                moved.filtered(lambda line, currency=currency: line.currency_id == currency),
            )
            for currency in currencies.sorted("name")
        ]

    @api.model
    def _period_of_currency(self, currency, opening, lines):
        rows, balance = [], opening
        for line in lines:
            amount = currency.round(line.amount_currency)
            balance = currency.round(balance + amount)
            rows.append(
                {
                    "date": line.date,
                    "name": line.move_id.name or "",
                    "reference": line.move_id.payment_reference or line.move_id.ref or "",
                    "due": line.date_maturity if amount > 0 else False,
                    "debit": max(amount, 0.0),
                    "credit": max(-amount, 0.0),
                    "balance": balance,
                }
            )
        return {"currency": currency, "opening": opening, "rows": rows, "closing": balance}

    def _period_title(self, date_from, date_to):
        return self.env._(
            "%(first)s to %(last)s",
            first=sentences.day(self.env, date_from),
            last=sentences.day(self.env, date_to),
        )

    def _period_filename(self, date_from, date_to):
        self.ensure_one()
        return self.env._(
            "Statement %(first)s to %(last)s",
            first=fields.Date.to_string(date_from),
            last=fields.Date.to_string(date_to),
        )
