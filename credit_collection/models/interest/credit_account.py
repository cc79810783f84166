from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import rooms
from ...tools.groups import COLLECTOR
from ...tools.sql import ids_sql


class CreditAccount(models.Model):
    """What a customer's late payments cost."""

    _inherit = "credit.account"

    interest_rule_id = fields.Many2one(
        "credit.interest.rule",
        "Interest by Contract",
        tracking=True,
        ondelete="restrict",
        domain="[('company_id', 'in', [False, company_id])]",
        groups=COLLECTOR,
        help="What the contract with this customer says. Empty: the policy's rule, else the "
        "company's.",
        index="btree_not_null",
    )
    effective_interest_rule_id = fields.Many2one(
        "credit.interest.rule",
        "Interest Rule",
        compute="_compute_effective_interest_rule_id",
        groups=COLLECTOR,
    )
    interest_to_date = fields.Monetary(
        compute="_compute_interest_to_date",
        groups=COLLECTOR,
        help="Interest and compensation up to today that is not billed yet, in the company's "
        "currency. Nothing of it is in the books.",
    )
    interest_claim_ids = fields.One2many(
        "credit.interest.claim", "account_id", "Interest Claims", groups=COLLECTOR
    )

    @api.depends(
        "interest_rule_id",
        "policy_id",
        "partner_id.category_id",
        "company_id.credit_interest_rule_id",
    )
    def _compute_effective_interest_rule_id(self):
        for account in self:
            account.effective_interest_rule_id = (
                account.interest_rule_id
                or account.effective_policy_id.interest_rule_id
                or account.company_id.credit_interest_rule_id
            )

    def _in_settlement_order(self, lines):
        """A customer's debts (``account.move.line``, sudo) in the order in which money pays them
        when it does not say what it is for: as the policy says, else the company."""
        account = self.sudo()
        order = account.effective_policy_id.settlement_order
        order = order or (account.company_id or self.env.company).credit_settlement_order
        extras = self.env["account.move"].sudo()
        if order in ("interest", "principal"):
            moves = [("id", "in", lines.move_id.ids)]
            claims = self.env["credit.interest.claim"].sudo()
            plans = self.env["credit.plan"].sudo()
            extras |= claims.search([("bill_move_id", "any", moves)]).bill_move_id
            extras |= plans.search([("fee_move_id", "any", moves)]).fee_move_id

        def key(line):
            due = line.date_maturity or line.date
            first = {
                "due": due,
                "document": line.move_id.invoice_date or line.date,
                "interest": line.move_id not in extras,
                "principal": line.move_id in extras,
            }
            return first[order], due, line.id

        return lines.sorted(key)

    def _compute_interest_to_date(self):
        totals = {}
        for company, accounts in self.sudo().grouped("company_id").items():
            totals.update(accounts._interest_totals(company._credit_today()))
        for account in self:
            account.interest_to_date = totals.get(account._origin.id, 0.0)

    def _by_interest_rule(self):
        """``{rule: files}``; files without a rule are left out.

        What :meth:`_compute_effective_interest_rule_id` says, in one statement for tens of
        thousands of files.
        """
        if not self.ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(file.interest_rule_id, policy.interest_rule_id,
                                company.credit_interest_rule_id) AS rule_id,
                       array_agg(file.id ORDER BY file.id)
                  FROM credit_account file
                  JOIN res_company company ON company.id = file.company_id
                  LEFT JOIN credit_policy policy ON policy.id = %s
                 WHERE file.id = ANY(%s)
                 GROUP BY 1 ORDER BY 1
                """,
                self.env["credit.policy"]._effective_policy_sql(
                    SQL("file.policy_id"), SQL("file.partner_id"), SQL("file.company_id")
                ),
                ids_sql(self.ids),
            )
        )
        Rule = self.env["credit.interest.rule"]
        return {Rule.browse(rule): self.browse(ids) for rule, ids in rows if rule}

    def _interest_totals(self, date_to):
        """``{file id: amount}`` of what is not billed, in the company's currency.

        :param self: files (sudo) of one company
        """
        totals = defaultdict(float)
        for account_id, groups in self._interest_by_currency(date_to).items():
            for currency, amount in groups.items():
                company = self.company_id
                totals[account_id] += currency._convert(
                    amount, company.currency_id, company, date_to
                )
        return totals

    def _interest_by_currency(self, date_to):
        """``{file id: {currency: amount}}`` of what is not billed up to a day.

        That is what no claim has charged, and what was claimed and neither billed nor waived.

        :param self: files (sudo) of one company
        """
        found = defaultdict(lambda: defaultdict(float))
        Currency = self.env["res.currency"]
        for values in self.env["credit.interest.line"].sudo()._uncharged(self, date_to):
            currency = Currency.browse(values["currency_id"])
            found[values["account_id"]][currency] += values["amount"]
        claims = (
            self.env["credit.interest.claim"]
            .sudo()
            .search(
                [
                    ("account_id", "in", self.ids),
                    ("state", "in", ("draft", "claimed")),
                    ("date", "<=", date_to),
                ]
            )
        )
        for claim in claims:
            found[claim.account_id.id][claim.currency_id] += claim.to_pay
        return {
            account_id: {currency: currency.round(amount) for currency, amount in groups.items()}
            for account_id, groups in found.items()
        }

    def _interest_shown(self):
        """``{currency: amount}`` of the interest up to today, for letters and statements.

        Empty when the room is off or nothing is charged.

        :param self: one file (sudo)
        """
        self.ensure_one()
        if not rooms.is_on(self.env, "interest"):
            return {}
        found = self._interest_by_currency(self.company_id._credit_today())
        return {currency: amount for currency, amount in found.get(self.id, {}).items() if amount}

    def action_claim_interest(self):
        """Make draft claims up to today and open them."""
        self.check_access("read")
        claims = self.env["credit.interest.claim"]._make(self)
        return claims._opened()

    def claim_interest_slice(self):
        """Make the draft claims of these files, in one go of many.

        :return: what came of them: list of [label, count]
        """
        self.check_access("read")
        made = self.env["credit.interest.claim"]._make(self)
        return [
            [self.env._("Claims made"), len(made)],
            [self.env._("Customers without a claim"), len(self - made.account_id)],
        ]
