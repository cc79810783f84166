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
            balance of the trade receivable accounts; ``difference`` = items - ledger; and what
            needs a look: ``without_customer``, items that no customer can be asked for;
            ``dated_later``, the balance of what is posted for later days, left out of this one;
            ``non_trade``, the balance of receivable accounts that are none of customers' debts
        """
        today = fields.Date.to_date(as_of) or company.root_id._credit_today()
        Item, company = self.with_context(as_of=today), company.root_id
        items, nobody = Item._control_items(company)
        ledger, later = self._control_ledger(company, today)
        other, _later = self._control_ledger(company, today, trade=False)
        currency = company.currency_id
        return {
            "as_of": today,
            "items": currency.round(items),
            "ledger": currency.round(ledger),
            "difference": currency.round(items - ledger),
            "dated_later": currency.round(later),
            "without_customer": currency.round(nobody),
            "non_trade": currency.round(other),
        }

    @api.model
    def _control_items(self, company):
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(item.amount), 0),
                       COALESCE(SUM(item.amount) FILTER (WHERE item.partner_id IS NULL), 0)
                  FROM %(items)s AS item
                 WHERE item.company_id = %(company)s
                """,
                items=self._posted_sql(),
                company=company.id,
            )
        )
        return row

    @api.model
    def _control_ledger(self, company, today, trade=True):
        """The balance of the receivable accounts on a day, and of what is dated later."""
        self.env["account.move.line"].flush_model(["account_id", "balance", "date", "parent_state"])
        [balances] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(line.balance) FILTER (WHERE line.date <= %(today)s), 0),
                       COALESCE(SUM(line.balance) FILTER (WHERE line.date > %(today)s), 0)
                  FROM account_move_line line
                 WHERE line.account_id = ANY(%(accounts)s)
                   AND line.parent_state = 'posted'
                   AND %(root)s = %(company)s
                """,
                accounts=self._receivable_account_ids(trade),
                today=today,
                root=self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
                company=company.id,
            )
        )
        return balances
