from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_loss_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Allowances and Write-offs",
        domain="[('type', '=', 'general')]",
        index="btree_not_null",
    )
    credit_allowance_account_id = fields.Many2one(
        "account.account",
        "Allowance Account",
        index="btree_not_null",
        help="Its credit balance is the allowance for doubtful debts.",
    )
    credit_loss_account_id = fields.Many2one(
        "account.account",
        "Expense of Bad Debts",
        index="btree_not_null",
        help="Takes what is added to the allowance, and what is written off beyond it.",
    )
    credit_recovery_account_id = fields.Many2one(
        "account.account",
        "Income from Recoveries",
        index="btree_not_null",
        help="Takes what is released from the allowance, and money on debts written off.",
    )
    credit_watch_years = fields.Integer("Watch Written-off Debts (Years)", default=5)
    credit_write_off_second_amount = fields.Float(
        "Second Approval Above", help="Write-offs above it take two people. Zero: never."
    )

    credit_assignment_cash_account_id = fields.Many2one(
        "account.account",
        "Money From Factors",
        check_company=True,
        help="What a factor or buyer owes until the money is at the bank.",
        index="btree_not_null",
    )
    credit_holdback_account_id = fields.Many2one(
        "account.account",
        "Hold-back of Factors",
        check_company=True,
        index="btree_not_null",
    )
    credit_factoring_cost_account_id = fields.Many2one(
        "account.account",
        "Cost of Factoring",
        check_company=True,
        index="btree_not_null",
    )
    credit_recourse_account_id = fields.Many2one(
        "account.account",
        "Recourse Liability",
        check_company=True,
        index="btree_not_null",
    )
    credit_sale_loss_account_id = fields.Many2one(
        "account.account",
        "Loss From Sold Debts",
        check_company=True,
        index="btree_not_null",
    )

    def _credit_loss_setup(self):
        """The journal and accounts for losses: allowance, expense, income.

        :raise UserError: when one of them is not chosen yet
        """
        self.ensure_one()
        company = self.sudo()
        journal = company.credit_loss_journal_id or self.env["account.journal"].sudo().search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        allowance, expense = company.credit_allowance_account_id, company.credit_loss_account_id
        income = company.credit_recovery_account_id or expense
        if not (journal and allowance and expense):
            raise UserError(
                self.env._(
                    "Choose the allowance account, the expense account and a journal for %s in "
                    "the settings of Credit.",
                    company.name,
                )
            )
        return journal, allowance, expense, income

    def _credit_allowance_held(self, day):
        """The credit balance of the allowance account on a day; 0 when none is chosen yet."""
        self.ensure_one()
        account = self.sudo().credit_allowance_account_id
        if not account:
            return 0.0
        [(balance,)] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "=", account.id),
                ("company_id", "child_of", self.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
            ],
            [],
            ["balance:sum"],
        )
        return -balance

    def _credit_check_unlocked(self, day, journal):
        """Refuse a day of a locked period."""
        locked = self.sudo()._get_violated_lock_dates(day, False, journal)
        if locked:
            raise UserError(
                self.env._(
                    "%(day)s lies in a locked period (until %(locked)s).",
                    day=format_date(self.env, day),
                    locked=format_date(self.env, max(lock[0] for lock in locked)),
                )
            )
