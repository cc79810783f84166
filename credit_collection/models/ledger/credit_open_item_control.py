from odoo import api, fields, models
from odoo.tools import SQL


class CreditOpenItem(models.Model):
    """The open items of a day against the balance of the receivable accounts."""

    _inherit = "credit.open.item"

    @api.model
    def _control_total(self, company, as_of=None):
        """Compare the items of a company with its ledger on a day.

        :param company: ``res.company``, a root company; its branches count
        :param as_of: a date, default today
        :return: dict of ``as_of``; ``items``, the sum of the posted open items; ``ledger``, the
            balance of the receivable accounts; ``difference`` = items - ledger; and what explains
            it or needs a look: ``dated_later``, items whose accounting date is after the day, and
            ``without_customer``, items that no customer can be asked for
        """
        Item = self.with_context(as_of=as_of) if as_of else self
        today, company = Item._today(), company.root_id
        items, later, nobody = Item._control_items(company, today)
        ledger = self._control_ledger(company, today)
        currency = company.currency_id
        return {
            "as_of": today,
            "items": currency.round(items),
            "ledger": currency.round(ledger),
            "difference": currency.round(items - ledger),
            "dated_later": currency.round(later),
            "without_customer": currency.round(nobody),
        }

    @api.model
    def _control_items(self, company, today):
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(item.amount), 0),
                       COALESCE(SUM(item.amount) FILTER (WHERE line.date > %(today)s), 0),
                       COALESCE(SUM(item.amount) FILTER (WHERE item.partner_id IS NULL), 0)
                  FROM %(items)s AS item
                  JOIN account_move_line line ON line.id = item.move_line_id
                 WHERE item.company_id = %(company)s
                """,
                today=today,
                items=self._posted_sql(),
                company=company.id,
            )
        )
        return row

    @api.model
    def _control_ledger(self, company, today):
        self.env["account.move.line"].flush_model(["account_id", "balance", "date", "parent_state"])
        [[balance]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(line.balance), 0)
                  FROM account_move_line line
                 WHERE line.account_id = ANY(%(accounts)s)
                   AND line.parent_state = 'posted'
                   AND line.date <= %(today)s
                   AND %(root)s = %(company)s
                """,
                accounts=self._receivable_account_ids(),
                today=fields.Date.to_date(today),
                root=self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
                company=company.id,
            )
        )
        return balance
