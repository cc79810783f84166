from odoo import api, fields, models

from ...core import behaviour
from ...tools.groups import COLLECTOR


class CreditAccount(models.Model):
    """How the customer pays, learnt from payments in cash, and what that lets us expect."""

    _inherit = "credit.account"

    payment_count = fields.Integer(
        "Payments in a Year", compute="_compute_behaviour", groups=COLLECTOR
    )
    days_late = fields.Float(
        "Days Late, Weighted", compute="_compute_behaviour", groups=COLLECTOR, digits=(6, 1)
    )
    days_late_median = fields.Float(
        "Days Late, Median", compute="_compute_behaviour", groups=COLLECTOR, digits=(6, 1)
    )
    days_late_spread = fields.Float(
        "Spread", compute="_compute_behaviour", groups=COLLECTOR, digits=(6, 1)
    )
    on_time_share = fields.Float(
        "Paid on Time", compute="_compute_behaviour", groups=COLLECTOR, help="Share of the amount."
    )
    payment_index = fields.Float(
        compute="_compute_behaviour",
        groups=COLLECTOR,
        digits=(6, 1),
        help="80 is on time, 100 thirty days early, 50 thirty days late; weighted by amount.",
    )
    days_late_trend = fields.Float(
        "Trend (days)",
        compute="_compute_behaviour",
        groups=COLLECTOR,
        digits=(6, 1),
        help="The last 90 days against the year before; above 0 they pay later now.",
    )
    expected_late = fields.Char(
        "Expected",
        compute="_compute_behaviour",
        groups=COLLECTOR,
        help="How late the next payment is expected, and what that rests on.",
    )
    call_worth = fields.Char("Worth a Call?", compute="_compute_call_worth", groups=COLLECTOR)

    @api.depends_context("lang")
    def _compute_behaviour(self):
        Behaviour = self.env["credit.behaviour"].sudo()
        found, expected = {}, {}
        for company, accounts in self.grouped("company_id").items():
            today = company._credit_today()
            files = accounts._origin.sudo()
            found |= Behaviour._of(files, company, today)
            expected |= Behaviour._expectations(files, company, today, found)
        for account in self:
            described, trend = found.get(account._origin.id, (None, None))
            account.payment_count = described.count if described else 0
            account.days_late = described.weighted_mean if described else 0.0
            account.days_late_median = described.weighted_median if described else 0.0
            account.days_late_spread = described.spread if described else 0.0
            account.on_time_share = described.on_time if described else 0.0
            account.payment_index = described.index if described else 0.0
            account.days_late_trend = trend or 0.0
            account.expected_late = account._expected_words(expected.get(account._origin.id))

    def _expected_words(self, expectation):
        if not expectation:
            return self.env._("Nobody has paid yet.")
        days = f"{expectation.days:+.0f}"
        sentences = {
            "own": self.env._("%(days)s days, by their own payments (%(count)s)"),
            "own_and_tag": self.env._(
                "%(days)s days, by %(count)s own payments and customers with the same tag"
            ),
            "own_and_company": self.env._(
                "%(days)s days, by %(count)s own payments and all customers"
            ),
            "tag": self.env._("%(days)s days, by customers with the same tag; no own payments"),
            "company": self.env._("%(days)s days, by all customers; no own payments"),
        }
        return sentences[expectation.basis] % {"days": days, "count": expectation.count}

    @api.depends_context("lang")
    def _compute_call_worth(self):
        Behaviour = self.env["credit.behaviour"].sudo()
        for account in self:
            company = account.company_id
            amount = account.to_chase
            if amount <= 0:
                account.call_worth = False
                continue
            curve, own = Behaviour._recovery_curve(company.id)
            chance = behaviour.recovery_probability(account.max_days_overdue, curve)
            cost = account.effective_policy_id.sudo().call_cost
            worth = behaviour.worth(amount, chance, cost)
            values = {
                "chance": f"{100 * chance:.0f}",
                "amount": account.currency_id.format(worth),
                "basis": self.env._("own curve") if own else self.env._("published curve"),
            }
            account.call_worth = (
                self.env._(
                    "Worth a call: chance %(chance)s %% (%(basis)s), about %(amount)s after the "
                    "cost of the call.",
                    **values,
                )
                if worth > 0
                else self.env._(
                    "Not worth a call: chance %(chance)s %% (%(basis)s), the call costs more.",
                    **values,
                )
            )
