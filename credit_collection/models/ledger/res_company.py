from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import format_date


class ResCompany(models.Model):
    """Where the entries of this add-on go: once per company, proposed from its chart."""

    _inherit = "res.company"

    def _credit_account_for(self, name):
        """The account that a field of the company names, else the one that its chart proposes.

        :raises UserError: the chart has none
        """
        self.ensure_one()
        company = self.root_id.sudo()
        account = company[name] or company._credit_proposed_account(name)
        if not account:
            raise UserError(
                self.env._(
                    "Choose an account for “%(what)s” under Credit ▸ Configuration ▸ Settings.",
                    what=company._fields[name]._description_string(self.env),
                )
            )
        return account.with_env(self.env)

    def _credit_account_proposals(self):
        """``{field: (account types in order of preference, word in the name)}``."""
        return {
            "credit_interest_account_id": (("income_other", "income"), "interest"),
            "credit_holdback_account_id": (("asset_current",), "factor"),
            "credit_factoring_cost_account_id": (("expense",), "bank"),
            "credit_recourse_account_id": (("liability_current",), "recourse"),
            "credit_sale_loss_account_id": (("expense",), "bad debt"),
            "credit_assignment_cash_account_id": (("asset_current", "asset_cash"), "transfer"),
        }

    def _credit_proposed_account(self, name):
        """The first account of a fitting type, one whose name has the word before all others."""
        types, word = self._credit_account_proposals()[name]
        if name == "credit_assignment_cash_account_id" and self.transfer_account_id:
            return self.transfer_account_id
        Account = self.env["account.account"].sudo().with_company(self)
        for account_type in types:
            fitting = Account.search(
                [
                    *Account._check_company_domain(self),
                    ("account_type", "=", account_type),
                    ("active", "=", True),
                ]
            ).sorted("code")
            named = fitting.filtered(lambda account: word in (account.name or "").lower())
            if fitting:
                return (named or fitting)[:1]
        return Account

    def _credit_check_open_period(self, day, journal):
        """Refuse an entry in a locked period with a sentence.

        :raises UserError: naming the lock and the first day that is free
        """
        self.ensure_one()
        locks = self.sudo()._get_violated_lock_dates(day, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(day)s lies in a locked period: %(locks)s. Choose a later day.",
                    day=format_date(self.env, day),
                    locks=self._format_lock_dates(locks),
                )
            )

    def _credit_misc_journal(self):
        """The journal of settlements: the configured one, else the first for operations.

        :raises UserError: the company has none
        """
        self.ensure_one()
        company = self.root_id.sudo()
        journal = company.credit_settlement_journal_id or self.env["account.journal"].sudo().search(
            [*self.env["account.journal"]._check_company_domain(company), ("type", "=", "general")],
            order="sequence, id",
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._("%s has no journal for miscellaneous operations.", company.name)
            )
        return journal

    def _credit_entry_lines(self, rows, currency, day):
        """Commands of the lines of an entry: balanced in its currency and in the company's.

        :param rows: values of lines with ``amount_currency``; together they are zero
        :param currency: of the amounts
        :param day: at whose exchange rate they are converted
        """
        self.ensure_one()
        own, lines = self.currency_id, []
        for row in rows:
            balance = currency._convert(row["amount_currency"], own, self, day)
            lines.append({**row, "currency_id": currency.id, "balance": balance})
        rest = own.round(sum(line["balance"] for line in lines))
        if rest:
            # What rounding leaves goes to the largest line, where it matters least.
            largest = max(lines, key=lambda line: abs(line["balance"]))
            largest["balance"] = own.round(largest["balance"] - rest)
        return [Command.create(line) for line in lines]
