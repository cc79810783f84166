from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date

from ...core import dunning
from ...tools import sentences
from ...tools.environment import without_caller_context
from ...tools.readers import start_of_line


class CreditAccount(models.Model):
    """The statement of open items of a customer, for the PDF and the XLSX."""

    _inherit = "credit.account"

    def _statement_groups(self):
        """Everything posted and open of one file, by currency; see ``_due_now``.

        Attached to the letter of one invoice address: what is addressed to it.
        """
        self.ensure_one()
        addressee = self.env.context.get("credit_statement_addressee")
        return self._due_now(addressee=addressee if isinstance(addressee, int) else None)[self]

    def _due_now(self, today=None, addressee=None, books=None):
        """What is due now of each file: the one answer for letter, statement, list and portal.

        Rights are the caller's matter.

        :param today: the day, else each company's own
        :param addressee: only what is addressed to this partner (id)
        :param books: what was read of today already, see ``_followup_books``
        :return: ``{file: groups}``, the groups as in ``_group_by_currency``: every posted open
            item is a row, ``asked`` what is asked for of it, ``marks`` why not all
        """
        result = {}
        for company, accounts in self.sudo().grouped("company_id").items():
            day = fields.Date.to_date(today) or company._credit_today()
            Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
            book = (books or {}).get(company) or Followup._read_book(company, day, accounts)
            settings = {
                policy.id: policy._dunning_settings() for policy in Followup._policies(company)
            }
            for account in accounts.with_env(self.env):
                file = book.files.get(account.id)
                result[account] = (
                    file
                    and account._due_groups(book, settings[file.policy_id], day, addressee)
                    or []
                )
        return result

    def _due_groups(self, book, settings, today, addressee=None):
        due = dunning.due_now(settings, book.situations[self.id], today)
        free = due.credits
        if addressee:
            free = self._share_of_credits(book, due, today).get(addressee, ())
        left = {credit.id: credit.amount_currency for credit in free}
        rows, credits = [], []
        moves = self.env["account.move"].sudo().browse(row.move_id for row in book.rows[self.id])
        moves.fetch(["payment_reference"])
        moves = {move.id: move for move in moves}
        homes = book.homes(self.id)
        for item in sorted(book.rows[self.id], key=lambda row: (row.date_due, row.move_line_id)):
            if addressee and homes[item.move_line_id] != addressee:
                if item.move_line_id not in left:
                    continue
                item = item._replace(amount_currency=-left[item.move_line_id])
            currency = self.env["res.currency"].sudo().browse(item.currency_id)
            move = moves[item.move_id]
            row = {
                "currency": currency,
                "name": item.name or "",
                "reference": move.payment_reference or item.name or "",
                "date": item.date,
                "date_due": item.date_due,
                "days": (today - item.date_due).days,
                "amount": item.amount_currency,
                "amount_currency": item.amount_currency,
                "url": False,
                "move_line_id": item.move_line_id,
                "move_id": item.move_id,
                "marks": [],
                "mark": "",
            }
            if item.amount < 0:
                row["free"] = -currency.round(left.get(item.move_line_id, 0.0))
                credits.append(row)
                continue
            reason, _asked, own = due.items[item.move_line_id]
            row["asked"] = currency.round(own)
            contested = min(max(item.disputed_currency, 0.0), item.amount_currency)
            row["disputed"] = currency.round(contested)
            row["marks"] = self._due_marks(item, currency, reason)
            row["mark"] = " ".join(row["marks"])
            rows.append(row)
        return self._group_by_currency(rows, credits)

    def _share_of_credits(self, book, due, today):
        """Which address may set off what of the credits that are left: as in the letters."""
        homes, needs = book.homes(self.id), {}
        for row in sorted(book.rows[self.id], key=lambda row: (row.date_due, row.move_line_id)):
            if row.amount > 0:
                need = needs.setdefault(homes[row.move_line_id], {})
                _reason, _asked, own = due.items[row.move_line_id]
                if row.date_due <= today:
                    need[row.currency_id] = need.get(row.currency_id, 0) + own
        return dunning.share(needs, due.credits, homes)

    def _due_marks(self, item, currency, reason):
        """Why not all of an item is asked for, as sentences for the customer."""
        marks = []
        if reason in (dunning.MUTED, dunning.BLOCKED):
            return [self.env._("Set aside.")]
        if item.disputed_currency > 0:
            disputed = currency.format(min(item.disputed_currency, item.amount_currency))
            marks.append(self.env._("%(amount)s disputed.", amount=disputed))
        if item.promised_until:
            promised = currency.format(item.amount_currency * min(item.promised_part, 1))
            marks.append(
                self.env._(
                    "%(amount)s promised until %(date)s.",
                    amount=promised,
                    date=format_date(self.env, item.promised_until),
                )
            )
        if item.in_payment:
            paying = currency.format(item.amount_currency * min(item.paying_part, 1))
            marks.append(self.env._("%(amount)s in payment.", amount=paying))
        return marks

    @api.model
    def _group_by_currency(self, rows, credits):
        """Put items and credits together by currency, with their totals.

        :param rows: dicts with ``currency``, ``amount``, ``days`` (negative = not due) and what is
            ``asked`` of the amount, by default all
        :param credits: dicts with ``currency``, ``amount_currency`` (negative) and what of it is
            ``free`` for what is asked, by default all; see ``core.dunning.credits``
        :return: list of dicts (currency, rows, credits, total, due_now, left_alone, credit,
            credit_free, to_pay, to_come, balance): the total of all items, what is asked of those
            due, what is left alone of them, the credits (positive), what of them is free, what is
            due now, asked less free credits, and the same with what is not due yet
        """
        groups = []
        currencies = self.env["res.currency"].union(*(row["currency"] for row in rows + credits))
        for currency in currencies.sorted("name"):
            own = [row for row in rows if row["currency"] == currency]
            own_credits = [credit for credit in credits if credit["currency"] == currency]
            total = sum(row["amount"] for row in own)
            due = [row for row in own if row["days"] >= 0]
            due_now = sum(row.get("asked", row["amount"]) for row in due)
            asked = sum(row.get("asked", row["amount"]) for row in own)
            credit = -sum(credit["amount_currency"] for credit in own_credits)
            free = -sum(row.get("free", row["amount_currency"]) for row in own_credits)
            groups.append(
                {
                    "currency": currency,
                    "rows": own,
                    "credits": own_credits,
                    "total": currency.round(total),
                    "due_now": currency.round(due_now),
                    "left_alone": currency.round(sum(row["amount"] for row in due) - due_now),
                    "credit": currency.round(credit),
                    "credit_free": currency.round(free),
                    "to_pay": max(currency.round(due_now - free), 0.0),
                    "to_come": max(currency.round(asked - free), 0.0),
                    "balance": currency.round(total - credit),
                }
            )
        return groups

    def _statement_lang(self):
        """The language of the statement, an installed one: that of the letter to which it is
        attached, else the customer's."""
        self.ensure_one()
        asked = self.env.context.get("credit_statement_lang")
        if asked in dict(self.env["res.lang"].get_installed()):
            return asked
        account = self.sudo()
        return self.env["credit.followup"]._language(account.partner_id, account.company_id)

    def _statement_formats(self):
        """Functions that write dates and amounts in the language of the environment."""
        return {
            "day": lambda value: format_date(self.env, value),
            "details": self._row_details,
            "start": start_of_line(self.env),
            "money": lambda value, currency: sentences.money(self.env, value, currency),
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
