from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date, formatLang


class CreditAccount(models.Model):
    """The statement of open items of a customer, for the PDF and the XLSX."""

    _inherit = "credit.account"

    def _statement_groups(self):
        """Everything posted and open of one file, by currency; see ``_group_by_currency``."""
        self.ensure_one()
        rows, credits = [], []
        today = self.company_id._credit_today()
        for item in self._open_items():
            row = {
                "currency": item.currency_id,
                "name": item.name or "",
                "reference": item.move_id.payment_reference or item.name or "",
                "date": item.date,
                "date_due": item.date_due,
                "move_line_id": item.move_line_id.id,
                "days": (today - item.date_due).days,
                "amount": item.amount_currency,
                "amount_currency": item.amount_currency,
                "url": False,
            }
            (rows if item.amount > 0 else credits).append(row)
        return self._group_by_currency(rows, credits)

    @api.model
    def _group_by_currency(self, rows, credits):
        """Put items and credits together by currency, with their totals.

        :param rows: dicts with ``currency``, ``amount``, ``days`` (negative = not due)
        :param credits: dicts with ``currency``, ``amount_currency`` (negative)
        :return: list of dicts (currency, rows, credits, total, due_now, credit, to_pay): the total
            of all items, what of it is due, the credits (positive), what is due less credits
        """
        groups = []
        currencies = self.env["res.currency"].union(*(row["currency"] for row in rows + credits))
        for currency in currencies.sorted("name"):
            own = [row for row in rows if row["currency"] == currency]
            own_credits = [credit for credit in credits if credit["currency"] == currency]
            total = sum(row["amount"] for row in own)
            due_now = sum(row["amount"] for row in own if row["days"] >= 0)
            credit = -sum(credit["amount_currency"] for credit in own_credits)
            groups.append(
                {
                    "currency": currency,
                    "rows": own,
                    "credits": own_credits,
                    "total": currency.round(total),
                    "due_now": currency.round(due_now),
                    "credit": currency.round(credit),
                    "to_pay": max(currency.round(due_now - credit), 0.0),
                    "balance": currency.round(total - credit),
                }
            )
        return groups

    def _statement_lang(self):
        """The language of the customer's statement, an installed one."""
        self.ensure_one()
        account = self.sudo()
        return self.env["credit.followup"]._language(account.partner_id, account.company_id)

    def _statement_formats(self):
        """Functions that write dates and amounts in the language of the environment."""
        return {
            "day": lambda value: format_date(self.env, value),
            "details": self._row_details,
            "money": lambda value, currency: formatLang(self.env, value, currency_obj=currency),
        }

    def _statement_filename(self):
        self.ensure_one()
        name = self.sudo().partner_id.name or ""
        return self.env._("Statement - %(customer)s", customer=name.replace("/", "-"))

    def action_print_statement(self):
        """The statement of open items of these customers, in one PDF."""
        self._check_statement()
        return self.env.ref("credit_collection.credit_statement_report").report_action(self)

    def action_statement_xlsx(self):
        """The statement of open items of these customers, as a spreadsheet."""
        self._check_statement()
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/statement.xlsx?ids={ids}",
            "target": "download",
        }

    def _check_statement(self):
        self.check_access("read")
        if not self._may_read_statements():
            raise AccessError(self.env._("Only a collector can make statements of open items."))

    @api.model
    def _may_read_statements(self):
        return self.env.user.has_group("credit_collection.credit_collection_group_collector")
