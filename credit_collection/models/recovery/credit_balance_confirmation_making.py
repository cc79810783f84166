from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools.bulk import insert_rows
from ...tools.numbering import next_numbers
from ...tools.sql import ids_sql

# What is stored of a document and of its rows.
DOCUMENT = (
    "account_id",
    "currency_id",
    "date_from",
    "date_to",
    "reply_by",
    "previous_id",
    "opening",
    "debit",
    "credit",
    "closing",
)
ROW = ("confirmation_id", "kind", "move_line_id", "date", "name", "debit", "credit")


class CreditBalanceConfirmation(models.Model):
    """Making: the balances and documents of many customers at once."""

    _inherit = "credit.balance.confirmation"

    @api.model
    def _generate(self, company, date_from, date_to, accounts=None, reply_by=None):
        """Draft confirmations of a period, one for each customer and currency with anything in it.

        Whoever confirmed an earlier one starts on the day after it.  Asking twice makes nothing
        twice.

        :param company: ``res.company``, a root
        :param accounts: ``credit.account`` to look at, else all of the company
        :return: the new confirmations
        """
        book = _Book(self.env, company, date_from, date_to, accounts)
        there = {
            (doc.account_id.id, doc.currency_id.id, doc.date_to)
            for doc in self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("date_to", "=", date_to),
                    ("state", "!=", "cancelled"),
                ]
            )
        }
        keys = [key for key in book.keys() if (*key, date_to) not in there]
        documents = [book.document(key, reply_by) for key in keys]
        made = self.sudo()._insert_documents(
            company, [each for each in documents if each["lines"] or each["closing"]]
        )
        return made.with_env(self.env)

    @api.model
    def _insert_documents(self, company, documents):
        """Store drafts with their rows and seal them, a statement for all of each kind.

        :param documents: dicts of field values, the rows as ``lines``
        """
        numbers = next_numbers(self.env, self._sequence, len(documents))
        partners = self.env["credit.account"].browse(doc["account_id"] for doc in documents)
        made = insert_rows(
            self,
            {
                **{name: [doc[name] for doc in documents] for name in DOCUMENT},
                "name": numbers,
                "partner_id": [file.partner_id.id for file in partners],
                "company_id": company.id,
                "state": "draft",
            },
        )
        rows = [
            {**line, "confirmation_id": id_}
            for id_, doc in zip(made.ids, documents, strict=True)
            for line in doc["lines"]
        ]
        insert_rows(
            self.env["credit.balance.confirmation.line"],
            {
                **{name: [row.get(name) for row in rows] for name in ROW},
                "company_id": company.id,
                "contested": False,
            },
        )
        made._audit("made")
        return made


class _Book:
    """What the ledger says of the period, read by three queries."""

    def __init__(self, env, company, date_from, date_to, accounts):
        self.env, self.company = env, company
        self.date_from, self.date_to = date_from, date_to
        self.accounts = accounts
        self.last = self._read_last_confirmed()
        self.rows = defaultdict(list)
        self.before = defaultdict(float)
        self._read_ledger()

    def keys(self):
        return sorted(self.before.keys() | self.rows.keys())

    def _read_last_confirmed(self):
        """The last confirmation that each customer agreed to, by customer and currency."""
        Confirmation = self.env["credit.balance.confirmation"].sudo()
        domain = [
            ("company_id", "=", self.company.id),
            ("state", "=", "confirmed"),
            ("date_to", "<", self.date_to),
        ]
        if self.accounts is not None:
            domain.append(("account_id", "in", self.accounts.ids))
        found = Confirmation.search(domain, order="date_to, id")
        return {(doc.account_id.id, doc.currency_id.id): doc for doc in found}

    def _first_day(self, key):
        last = self.last.get(key)
        return last.date_to + timedelta(1) if last else self.date_from

    def _read_ledger(self):
        some = SQL("TRUE")
        if self.accounts is not None:
            some = SQL("account.id = ANY(%s)", ids_sql(self.accounts.ids))
        Item = self.env["credit.open.item"]
        for model in ("account.move", "account.move.line", "credit.account", "res.partner"):
            self.env[model].flush_model()
        begun = [(*key, self._first_day(key)) for key in self.last]
        rows = self.env.execute_query(
            SQL(
                """
                WITH entry AS MATERIALIZED (
                     SELECT account.id AS account_id, line.currency_id, line.id, line.date,
                            line.move_id, line.amount_currency,
                            line.date < COALESCE(begun.day, %(first)s) AS before
                       FROM account_move_line line
                       JOIN res_partner partner ON partner.id = line.partner_id
                       JOIN credit_account account
                         ON account.partner_id = partner.commercial_partner_id
                        AND account.company_id = %(root)s
                       LEFT JOIN unnest(%(accounts_begun)s::int[], %(currencies_begun)s::int[],
                                        %(days_begun)s::date[])
                              AS begun(account_id, currency_id, day)
                         ON begun.account_id = account.id
                        AND begun.currency_id = line.currency_id
                      WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted'
                        AND line.date <= %(day)s AND line.amount_currency != 0 AND %(some)s
                        AND line.company_id = ANY(%(companies)s))
                SELECT account_id, currency_id, NULL, NULL, NULL, SUM(amount_currency)::float8
                  FROM entry WHERE before GROUP BY account_id, currency_id
                 UNION ALL
                (SELECT entry.account_id, entry.currency_id, entry.id, entry.date,
                        COALESCE(NULLIF(move.name, '/'), move.ref, line.name),
                        entry.amount_currency::float8
                   FROM entry
                   JOIN account_move move ON move.id = entry.move_id
                   JOIN account_move_line line ON line.id = entry.id
                  WHERE NOT before
                  ORDER BY entry.account_id, entry.currency_id, entry.date, entry.id)
                """,
                root=self.company.id,
                first=self.date_from,
                accounts_begun=[account for account, _currency, _day in begun],
                currencies_begun=[currency for _account, currency, _day in begun],
                days_begun=[day for _account, _currency, day in begun],
                accounts=Item._receivable_account_ids(),
                companies=self.env["res.company"]
                .sudo()
                .search([("id", "child_of", self.company.id)])
                .ids,
                day=self.date_to,
                some=some,
            )
        )
        for account, currency, line, day, name, amount in rows:
            key = (account, currency)
            if line is None:
                self.before[key] = amount
            else:
                self.rows[key].append((line, day, name, amount))

    def document(self, key, reply_by):
        account, currency = key
        decimals = self.env["res.currency"].browse(currency).decimal_places
        last = self.last.get(key)
        before = round(self.before[key], decimals)
        opening = last.closing if last else before
        lines = [
            {
                "kind": "document",
                "move_line_id": line,
                "date": day,
                "name": name or "/",
                "debit": max(amount, 0.0),
                "credit": max(-amount, 0.0),
            }
            for line, day, name, amount in self.rows[key]
        ]
        change = round(before - opening, decimals)
        if change:
            lines.insert(0, self._correction(key, change))
        debit = sum(line["debit"] for line in lines)
        credit = sum(line["credit"] for line in lines)
        return {
            "account_id": account,
            "currency_id": currency,
            "date_from": self._first_day(key),
            "date_to": self.date_to,
            "reply_by": reply_by,
            "previous_id": last.id if last else False,
            "opening": opening,
            "debit": round(debit, decimals),
            "credit": round(credit, decimals),
            "closing": round(opening + debit - credit, decimals),
            "lines": lines,
        }

    def _correction(self, key, change):
        """What was recorded later in periods that were confirmed already."""
        return {
            "kind": "correction",
            "date": self._first_day(key),
            "name": self.env._("Earlier periods, recorded since they were confirmed"),
            "debit": max(change, 0.0),
            "credit": max(-change, 0.0),
        }
