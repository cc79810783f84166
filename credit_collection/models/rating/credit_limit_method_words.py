from odoo import api, models
from odoo.tools.misc import formatLang

from ...core import limit_methods as core


class CreditLimitMethod(models.Model):
    """A calculation to follow: the steps of a proposal, kept with the limit and said in words."""

    _inherit = "credit.limit.method"

    @api.model
    def _freeze(self, proposal):
        """The steps as plain JSON, to be kept with the limit."""
        return [
            {
                "code": step.code,
                "values": {
                    name: str(value) if isinstance(value, core.Decimal) else value
                    for name, value in step.values.items()
                },
            }
            for step in proposal.steps
        ]

    @api.model
    def _calculation(self, proposal, currency):
        """The steps of a proposal as a page."""
        return self._render_steps(self._freeze(proposal), currency)

    @api.model
    def _render_steps(self, steps, currency):
        return self.env["ir.qweb"]._render(
            "credit_collection.credit_limit_calculation",
            {"steps": [self._step_words(step["code"], step["values"], currency) for step in steps]},
        )

    @api.model
    def _step_words(self, code, values, currency):
        """One step in words, with the numbers that it used."""

        def money(name):
            return currency.format(float(values.get(name) or 0))

        def plain(name):
            return formatLang(self.env, float(values.get(name) or 0), digits=2)

        def percent(name):
            return formatLang(self.env, 100 * float(values.get(name) or 0), digits=1)

        titles = dict(self.env["credit.limit.method.line"]._selection_method())
        if code == "missing":
            return self.env._(
                "%(method)s: not known, left out.",
                method=titles.get(values["method"], values["method"]),
            )
        sentences = {
            "need_from_sales": lambda: self.env._(
                "Need: %(sales)s a month × (%(term)s + %(delay)s days) ÷ 30 = %(amount)s",
                sales=money("monthly_sales"),
                term=plain("term_days"),
                delay=plain("usual_delay"),
                amount=money("amount"),
            ),
            "from_shipments": lambda: self.env._(
                "Shipments: %(volume)s a month × %(growth)s × %(share)s %% on credit ÷ "
                "%(shipments)s a month = %(amount)s",
                volume=money("volume"),
                growth=plain("growth"),
                share=percent("share"),
                shipments=plain("shipments"),
                amount=money("amount"),
            ),
            "from_forecast": lambda: self.env._(
                "Plan: %(sales)s a year × (%(term)s + %(delay)s days) ÷ 365 = %(amount)s",
                sales=money("yearly_forecast"),
                term=plain("term_days"),
                delay=plain("usual_delay"),
                amount=money("amount"),
            ),
            "share_of_net_assets": lambda: self.env._(
                "Net assets: %(assets)s × %(share)s %% = %(amount)s",
                assets=money("net_assets"),
                share=percent("share"),
                amount=money("amount"),
            ),
            "share_of_turnover": lambda: self.env._(
                "Their turnover: %(turnover)s × %(share)s %% = %(amount)s",
                turnover=money("turnover"),
                share=percent("share"),
                amount=money("amount"),
            ),
            "ability_to_pay": lambda: self.env._(
                "Ability to pay: the smaller of working capital %(capital)s and cash flow "
                "%(flow)s a year for %(term)s days, × %(share)s %% = %(amount)s",
                capital=money("working_capital")
                if "working_capital" in values
                else self.env._("not known"),
                flow=money("yearly_cash_flow")
                if "yearly_cash_flow" in values
                else self.env._("not known"),
                term=plain("term_days"),
                share=percent("share"),
                amount=money("amount"),
            ),
            "own_exposure": lambda: self.env._(
                "Proven: %(owed)s owed with nothing overdue × %(growth)s = %(amount)s",
                owed=money("largest_paid_on_time"),
                growth=plain("growth"),
                amount=money("amount"),
            ),
            "agency": lambda: self.env._(
                "The agency recommends %(amount)s", amount=money("amount")
            ),
            "weighted_need": lambda: self.env._(
                "Need %(volume)s × potential %(potential)s × margin %(margin)s × reliability "
                "%(reliability)s = %(amount)s",
                volume=money("volume"),
                potential=plain("potential"),
                margin=plain("margin"),
                reliability=plain("reliability"),
                amount=money("amount"),
            ),
            "by_points": lambda: self.env._(
                "%(points)s points are worth %(amount)s",
                points=plain("points"),
                amount=money("amount"),
            ),
            "smallest": lambda: self.env._("The smallest: %s", money("amount")),
            "average": lambda: self.env._("The average: %s", money("amount")),
            "weighted": lambda: self.env._("The weighted average: %s", money("amount")),
            "factor_grade": lambda: self.env._(
                "× %(factor)s for the grade = %(amount)s",
                factor=plain("factor"),
                amount=money("amount"),
            ),
            "factor_market": lambda: self.env._(
                "× %(factor)s for the market = %(amount)s",
                factor=plain("factor"),
                amount=money("amount"),
            ),
            "cap_sales": lambda: self.env._(
                "No more than the share of our yearly sales: %s", money("amount")
            ),
            "cap_cover": lambda: self.env._("No more than is covered: %s", money("amount")),
            "cap_amount": lambda: self.env._("No more than the cap: %s", money("amount")),
            "rounded": lambda: self.env._("Rounded down: %s", money("amount")),
            "nothing": lambda: self.env._("Nothing is known from which a limit could follow."),
        }
        return sentences[code]()
