from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.decision import simulation
from ...tools.environment import without_caller_context

MAX_MONTHS = 36


class CreditPolicySimulation(models.TransientModel):
    """Which orders of the last months a policy would have held, and what became of them."""

    _name = "credit.policy.simulation"
    _description = "Simulation of a Credit Policy"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "months": (1, 120),
    }

    policy_id = fields.Many2one(
        "credit.policy", required=True, readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    months = fields.Integer("Last Months", required=True, default=3)
    customers = fields.Selection(
        [("all", "All customers of the company"), ("own", "Customers of this policy")],
        required=True,
        default="all",
    )
    order_count = fields.Integer("Orders Judged", readonly=True)
    line_ids = fields.One2many(
        "credit.policy.simulation.line", "simulation_id", "Would Have Been Held", readonly=True
    )

    def action_run(self):
        """Judge the orders and list those that would have been held."""
        self.ensure_one()
        self.policy_id.check_access("write")
        if not 0 < self.months <= MAX_MONTHS:
            raise UserError(
                self.env._("Choose between 1 and %(months)s months.", months=MAX_MONTHS)
            )
        self = without_caller_context(self, self.company_id)
        self.line_ids.unlink()
        start = fields.Date.subtract(self.company_id._credit_today(), months=self.months)
        self.line_ids.create(self._prepare_lines(start))
        return self._open_lines()

    def _open_lines(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_policy_simulation_line_action"
        )
        title = self.env._(
            "%(policy)s: %(held)s of %(all)s orders would have been held",
            policy=self.policy_id.name,
            held=len(self.line_ids),
            all=self.order_count,
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [("simulation_id", "=", self.id)],
        }

    def _prepare_lines(self, start):
        """Values of a line per order that would have been held."""
        orders = self._past_orders(start)
        self.order_count = sum(map(len, orders.values()))
        policy = self.policy_id.sudo()
        rules = policy._core_rules(policy.id)
        customers = self._customers(orders, start)
        verdicts = [
            (partner_id, verdict)
            for partner_id, past in orders.items()
            for verdict in simulation.simulate(
                customers[partner_id],
                past,
                rules,
                policy.grace_days,
                self.currency_id.decimal_places,
            )
        ]
        invoices = self._invoices([verdict.order_id for _partner, verdict in verdicts])
        today = self.company_id._credit_today()
        return [
            self._prepare_line(partner_id, verdict, invoices[verdict.order_id], today)
            for partner_id, verdict in verdicts
        ]

    def _prepare_line(self, partner_id, verdict, invoices, today):
        became, days = simulation.outcome(invoices, today)
        position, findings = verdict.position, verdict.decision.findings
        Words = self.env["credit.message"]
        return {
            "simulation_id": self.id,
            "order_id": verdict.order_id,
            "partner_id": partner_id,
            "exposure": float(position.exposure),
            "overdue": float(position.overdue),
            "limit_label": Words._limit_label(
                position.credit_limit is None, position.credit_limit, self.currency_id
            ),
            "reason": "\n".join(Words._finding(f.to_dict(), self.currency_id) for f in findings),
            "kinds": ",".join(sorted({finding.kind for finding in findings})),
            "outcome": became,
            "days_late": days,
            "open_amount": float(sum(amount for _due, amount, _paid in invoices if amount > 0)),
        }


class CreditPolicySimulationLine(models.TransientModel):
    """An order that would have been held."""

    _name = "credit.policy.simulation.line"
    _description = "Order That a Policy Would Have Held"
    _order = "date desc, id desc"
    _rec_name = "order_id"

    simulation_id = fields.Many2one(
        "credit.policy.simulation", required=True, ondelete="cascade", index="btree_not_null"
    )
    currency_id = fields.Many2one("res.currency", related="simulation_id.currency_id")
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index="btree_not_null")
    user_id = fields.Many2one(related="order_id.user_id", store=True, index="btree_not_null")
    date = fields.Datetime(related="order_id.date_order", store=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)
    exposure = fields.Monetary("Exposure Before", readonly=True)
    overdue = fields.Monetary("Overdue Then", readonly=True)
    limit_label = fields.Char("Limit", readonly=True)
    reason = fields.Text("Why", readonly=True)
    kinds = fields.Char("Rules", readonly=True)
    outcome = fields.Selection(
        [
            (simulation.ON_TIME, "Paid on time"),
            (simulation.LATE, "Paid late"),
            (simulation.OPEN, "Still open"),
            (simulation.NOT_INVOICED, "Not invoiced"),
        ],
        "What Became of It",
        readonly=True,
    )
    days_late = fields.Integer(readonly=True, aggregator="avg")
    open_amount = fields.Monetary("Still Open", readonly=True)

    @api.depends("order_id")
    def _compute_amount(self):
        for line in self:
            line.amount = float(line.sudo().order_id._credit_amount())

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return self.order_id.get_formview_action()
