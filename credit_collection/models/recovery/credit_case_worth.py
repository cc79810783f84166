from odoo import api, models

from ...core import behaviour
from ...core import case as core

# So many closed cases say what those that are open will bring.
CLOSED_CASES = 20


class CreditCase(models.Model):
    """Whether a case is worth going on with: the chance to be paid, and what that gains."""

    _inherit = "credit.case"

    @api.depends("move_line_ids", "road")
    def _compute_probability(self):
        for case in self:
            known = case._usual_chance()[0] if case.company_id else None
            case.probability = (case.probability or 0.5) if known is None else round(known, 3)

    @api.depends("move_line_ids", "road", "probability")
    @api.depends_context("lang")
    def _compute_probability_basis(self):
        for case in self:
            known, basis = case._usual_chance() if case.company_id else (None, None)
            if known is None or round(known, 3) != case.probability:
                basis = self.env._("entered by hand")
            case.probability_basis = basis

    def _usual_chance(self):
        """``(chance, what it rests on)``: closed cases, else the age of the oldest claim."""
        self.ensure_one()
        own = self._own_chance(self.company_id, self.road)
        if own is not None:
            return own, self.env._("what closed cases brought")
        dues = [day for day in self.sudo().move_line_ids.mapped("date_maturity") if day]
        if not dues:
            return None, None
        age = max((self.company_id._credit_today() - min(dues)).days, 0)
        curve, is_own = self.env["credit.behaviour"]._recovery_curve(self.company_id.id)
        basis = (
            self.env._("own payments at this age (%(days)s days)", days=age)
            if is_own
            else self.env._("the published curve at this age (%(days)s days)", days=age)
        )
        return behaviour.recovery_probability(age, curve), basis

    @api.model
    def _own_chance(self, company, road=None):
        """The share of the principal that closed cases brought, None while there are too few.

        Cases that were withdrawn say nothing; what came beyond the principal is interest.

        :param road: of this road alone where it has enough closed cases, else of all roads
        """
        closed = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "closed"),
                ("outcome", "!=", "withdrawn"),
                ("opening_amount", ">", 0),
            ]
        )
        alike = closed.filtered(lambda case: case.road == road)
        cases = alike if len(alike) >= CLOSED_CASES else closed
        if len(cases) < CLOSED_CASES:
            return None
        asked = sum(cases.mapped("opening_amount"))
        return sum(min(case.recovered, case.opening_amount) for case in cases) / asked

    @api.depends("probability", "principal", "fee_percent", "expected_costs")
    def _compute_worth(self):
        for case in self:
            found = core.worth(
                max(case.principal, 0.0),
                case.probability,
                case.fee_percent / 100,
                case.expected_costs,
            )
            case.worth, case.is_worth_it = found.gain, found.pursue
