from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core import limit_methods as core
from ...tools.bounds import AMOUNT
from ...tools.environment import without_caller_context
from ...tools.groups import OFFICER


class CreditLimitMethod(models.Model):
    """How limits are proposed: which methods, how they are combined, and what caps them."""

    _name = "credit.limit.method"
    _description = "Limit Proposal Method"
    _inherit = ["mail.thread", "credit.bounded"]
    _credit_bounds = {"cap_sales": (0, 100), "cap_amount": AMOUNT, "round_to": AMOUNT}
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_ids = fields.Many2many(
        "credit.policy",
        string="Customers of the Policies",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="The first set of methods that names a customer's policy applies. Empty: all.",
    )
    combination = fields.Selection(
        [
            ("smallest", "The smallest"),
            ("average", "The average"),
            ("weighted", "The weighted average"),
        ],
        required=True,
        default="smallest",
        tracking=True,
    )
    line_ids = fields.One2many("credit.limit.method.line", "method_id", "Methods", copy=True)
    use_grade = fields.Boolean("Times the Grade's Factor", default=True)
    use_market = fields.Boolean("Times the Market Factor", default=True)
    cap_sales = fields.Float(
        "Cap: % of Our Yearly Sales",
        digits=(6, 2),
        default=10.0,
        help="No customer above this share of what we sell in a year. 0: no cap.",
    )
    cap_amount = fields.Monetary("Cap: Amount", help="0: no cap.")
    cap_cover = fields.Boolean(
        "Cap: What Securities Cover", help="No more than insurance and other securities cover."
    )
    round_to = fields.Monetary("Round Down To", default=100.0, help="0: to the cent.")

    # ------------------------------------------------------------------
    # Proposing
    # ------------------------------------------------------------------

    @api.model
    def _propose(self, accounts, grades=None):
        """The proposal for each file, all inputs read together.

        :param grades: ``{account id: grade}`` to reckon with, by default the grades in force
        :return: ``{account id: core.limit_methods.Proposal}``; files without a method are left out
        """
        proposals = {}
        for company, files in accounts.sudo().grouped("company_id").items():
            if not company:
                continue
            files = without_caller_context(files, company)
            methods = self.sudo().search([("company_id", "=", company.id)])
            methods = methods.with_env(files.env)
            chosen = {account: methods._method_of(account) for account in files}
            used = methods.browse({method.id for method in chosen.values() if method})
            inputs = used._read_inputs(company, files)
            for account, method in chosen.items():
                if method:
                    grade = (grades or {}).get(account.id, account.grade_id)
                    proposals[account.id] = method._combine(account, grade, inputs[account.id])
        return proposals

    def _method_of(self, account):
        """The first of these methods that fits a file."""
        policy = account.effective_policy_id
        return self.filtered(lambda x: not x.policy_ids or policy in x.policy_ids)[:1]

    def _combine(self, account, grade, inputs):
        """One proposal by the methods of this set."""
        self.ensure_one()
        digits = self.currency_id.decimal_places
        lines = {f"{line.method}_{line.id}": line for line in self.line_ids}
        factors = []
        if self.use_grade and grade:
            factor = 0.0 if grade.prepayment_only else grade.limit_factor
            factors.append(("grade", factor))
        if self.use_market:
            market = inputs.get("market")
            if market:
                factors.append(("market", market.factor))
        caps = [
            ("sales", self.cap_sales / 100 * inputs["company_sales"] if self.cap_sales else None),
            ("amount", self.cap_amount or None),
            ("cover", inputs["cover"] if self.cap_cover else None),
        ]
        return core.combine(
            {key: line._proposal(inputs, digits) for key, line in lines.items()},
            self.combination,
            {key: line.weight for key, line in lines.items()},
            factors,
            caps,
            self.round_to,
            digits,
        )

    # ------------------------------------------------------------------
    # From a proposal to a request
    # ------------------------------------------------------------------

    @api.model
    def _request(self, accounts, proposals=None):
        """Requested limits with their frozen calculation; never a limit by itself.

        :param proposals: ``{account id: Proposal}``, by default worked out now
        """
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can propose limits."))
        accounts.check_access("read")
        proposals = proposals or self._propose(accounts)
        limits = self.env["credit.limit"]
        for account in accounts:
            proposal = proposals.get(account.id)
            if proposal is None or proposal.amount is None:
                raise UserError(
                    self.env._(
                        "Nothing is known from which a limit for %(customer)s could follow. Enter "
                        "accounts, an agency report or planned sales.",
                        customer=account.partner_id.display_name,
                    )
                )
            limits |= self._request_amount(account, float(proposal.amount), self._freeze(proposal))
        limits._ask_approver()
        return limits

    @api.model
    def _request_amount(self, account, amount, steps):
        """A requested limit over what was proposed, with the calculation as it was shown."""
        limit = (
            self.env["credit.limit"]
            .sudo()
            .create(
                {
                    "account_id": account.id,
                    "amount": amount,
                    "currency_id": account.currency_id.id,
                    "reason": self.env._("Proposed by the limit methods."),
                    "review_date": account.sudo().rating_id.review_date,
                    "calculation_data": steps,
                    "requested_by_id": self.env.uid,
                }
            )
        )
        return limit.with_env(self.env)
