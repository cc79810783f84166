from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...core import ceiling
from ...tools.groups import MANAGER

INPUTS = ("sales", "margin", "days", "loss", "discount", "chasing")


class CreditWorthAsk(models.TransientModel):
    """Is credit worth it? Two policies side by side, for a year."""

    _name = "credit.worth.ask"
    _description = "Is Credit Worth It?"
    _inherit = "credit.bounded"
    _credit_bounds = {
        f"{name}_{side}": bounds
        for side in ("a", "b")
        for name, bounds in {
            "sales": (0, 1e13),
            "margin": (-1, 1),
            "days": (0, 3660),
            "loss": (0, 1),
            "discount": (0, 1),
            "chasing": (0, 1e13),
        }.items()
    } | {"rate": (0, 10)}

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    rate = fields.Float("Cost of Capital a Year", digits=(5, 3), default=0.12)
    name_a = fields.Char("Policy A", default=lambda self: self.env._("Today"))
    name_b = fields.Char("Policy B", default=lambda self: self.env._("Longer terms"))
    sales_a = fields.Monetary("Sales of a Year, A")
    sales_b = fields.Monetary("Sales of a Year, B")
    margin_a = fields.Float("Margin, A", digits=(5, 3), default=0.2)
    margin_b = fields.Float("Margin, B", digits=(5, 3), default=0.2)
    days_a = fields.Integer("Days Until Paid, A", default=30)
    days_b = fields.Integer("Days Until Paid, B", default=45)
    loss_a = fields.Float("Share Lost, A", digits=(5, 4), default=0.005)
    loss_b = fields.Float("Share Lost, B", digits=(5, 4), default=0.01)
    discount_a = fields.Float("Share of Discounts, A", digits=(5, 4))
    discount_b = fields.Float("Share of Discounts, B", digits=(5, 4))
    chasing_a = fields.Monetary("Cost of Chasing, A")
    chasing_b = fields.Monetary("Cost of Chasing, B")
    result_a = fields.Monetary("Leaves, A", compute="_compute_result")
    result_b = fields.Monetary("Leaves, B", compute="_compute_result")
    difference = fields.Monetary("B Less A", compute="_compute_result")
    verdict = fields.Char(compute="_compute_result")
    calculation = fields.Html(compute="_compute_result", sanitize=False)

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager can compare policies."))
        company = self.env.company.root_id
        today = company._credit_today()
        sales = self.env["credit.figure.reading"].sudo()._company_sales(company, today)
        return {**values, "sales_a": sales, "sales_b": sales}

    @api.depends("rate", *(f"{name}_{side}" for side in ("a", "b") for name in INPUTS))
    @api.depends_context("lang")
    def _compute_result(self):
        for ask in self:
            found = {
                side: ceiling.is_credit_worth_it(
                    ask[f"sales_{side}"],
                    ask[f"margin_{side}"],
                    ask[f"days_{side}"],
                    ask.rate,
                    ask[f"loss_{side}"],
                    ask[f"discount_{side}"],
                    ask[f"chasing_{side}"],
                )
                for side in ("a", "b")
            }
            ask.result_a, ask.result_b = found["a"].result, found["b"].result
            ask.difference = found["b"].result - found["a"].result
            ask.verdict = ask._verdict()
            ask.calculation = self.env["ir.qweb"]._render(
                "credit_collection.credit_worth_calculation",
                {
                    "ask": ask,
                    "rows": [
                        (
                            title,
                            ask.currency_id.format(getattr(found["a"], name)),
                            ask.currency_id.format(getattr(found["b"], name)),
                        )
                        for name, title in ask._titles()
                    ],
                },
            )

    @api.model
    def _titles(self):
        return list(
            {
                "margin": self.env._("Margin of the sales"),
                "capital": self.env._("− cost of capital: sales × days ÷ 365 × rate"),
                "loss": self.env._("− expected loss"),
                "discounts": self.env._("− discounts"),
                "chasing": self.env._("− cost of chasing"),
                "result": self.env._("= what it leaves"),
            }.items()
        )

    def _verdict(self):
        amount = self.currency_id.format(abs(self.difference))
        if self.currency_id.is_zero(self.difference):
            return self.env._("Both leave the same.")
        better = self.name_b if self.difference > 0 else self.name_a
        return self.env._(
            "“%(policy)s” leaves %(amount)s more a year.", policy=better, amount=amount
        )
