from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...tools.groups import MANAGER


class CreditCostAsk(models.TransientModel):
    """What lending to each customer has cost in a period, beside the margin."""

    _name = "credit.cost.ask"
    _description = "Cost of Credit of a Period"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "rate": (0, 1_000.0),
    }

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
        index="btree_not_null",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env["credit.kpi.sheet"]._default_month()[0],
    )
    date_to = fields.Date(
        "To",
        required=True,
        default=lambda self: self.env["credit.kpi.sheet"]._default_month()[1],
    )
    rate = fields.Float(
        "Funding Rate",
        default=lambda self: self.env.company.root_id.credit_funding_rate,
        required=True,
        digits=(16, 4),
        help="What money costs the company in a year. The settings have the usual one.",
    )
    line_ids = fields.One2many("credit.cost.line", "ask_id", readonly=True)

    @api.constrains("date_from", "date_to", "rate")
    def _check_ask(self):
        for ask in self:
            if ask.date_to < ask.date_from:
                raise ValidationError(self.env._("The period ends before it begins."))
            if not 0 <= ask.rate <= 10:
                raise ValidationError(
                    self.env._("The funding rate is not negative and at most 1,000 % a year.")
                )

    def action_show(self):
        """Work it out and show it by customer."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager sees margins."))
        self.company_id._check_credit_mine()
        if not self.rate:
            raise UserError(
                self.env._(
                    "Say what money costs the company in a year, for example 12 %. The settings, "
                    "under Figures, keep it."
                )
            )
        if self.date_to > self.company_id._credit_today():
            raise UserError(self.env._("The period is not over yet."))
        rows = self.env["credit.cost"]._rows(
            self.company_id, self.date_from, self.date_to, self.rate
        )
        partners = self.env["res.partner"].sudo().browse(row["partner_id"] for row in rows)
        self.sudo().line_ids.unlink()
        self.env["credit.cost.line"].sudo().create(
            [self._prepare_line(partner, row) for partner, row in zip(partners, rows, strict=True)]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_cost_line_action"
        )
        action["domain"] = [("ask_id", "=", self.id)]
        action["display_name"] = self.env._(
            "Cost of credit, %(first)s to %(last)s at %(rate)s %%",
            first=format_date(self.env, self.date_from),
            last=format_date(self.env, self.date_to),
            rate=f"{self.rate * 100:g}",
        )
        return action

    def _prepare_line(self, partner, row):
        money = self.company_id.currency_id.round
        amounts = {name: money(value) for name, value in row.items() if name != "partner_id"}
        known = row["sales"] != row["unknown_sales"] or row["goods"]
        return {
            **amounts,
            "ask_id": self.id,
            "partner_id": partner.id,
            "user_id": partner.user_id.id,
            "company_id": self.company_id.id,
            "has_margin": bool(known),
            "margin_left": amounts["margin"]
            - sum(amounts[name] for name in ("cost", "discounts", "written_off"))
            if known
            else 0,
        }


class CreditCostLine(models.TransientModel):
    """The cost of credit and the margin of one customer."""

    _name = "credit.cost.line"
    _description = "Cost of Credit"
    _order = "cost desc, id"
    _rec_name = "partner_id"

    ask_id = fields.Many2one(
        "credit.cost.ask", required=True, readonly=True, ondelete="cascade", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index="btree_not_null")
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, index="btree_not_null")
    balance = fields.Monetary(
        "Average Balance", readonly=True, help="What was owed, averaged over the days."
    )
    cost = fields.Monetary(
        "Cost of Credit", readonly=True, help="Average balance × funding rate × days ÷ 365"
    )
    sales = fields.Monetary(
        "Sales Before Tax", readonly=True, help="Invoiced in the period, credit notes deducted."
    )
    unknown_sales = fields.Monetary(
        "Of Unknown Cost",
        readonly=True,
        help="Sales without product, or of products without a cost; the margin leaves them out.",
    )
    goods = fields.Monetary(
        "Cost of Goods",
        readonly=True,
        help="Quantity invoiced × the cost that the order line noted, where the app Margins is "
        "installed, else × the product's cost of today in this company.",
    )
    margin = fields.Monetary(
        readonly=True, help="Sales of known cost less the cost of goods. Not the ledger's margin."
    )
    discounts = fields.Monetary(
        readonly=True, help="Settled in the period by discounts for early payment."
    )
    written_off = fields.Monetary(readonly=True, help="Settled in the period by write-offs.")
    margin_left = fields.Monetary(
        "Margin After Credit",
        readonly=True,
        help="Margin less the cost of credit, discounts and write-offs.",
    )
    has_margin = fields.Boolean("Margin Known", readonly=True)

    def action_open_items(self):
        """What the customer owes today."""
        self.ensure_one()
        self.check_access("read")
        domain = [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        return self.env["credit.aging"]._action(domain=domain, name=self.partner_id.display_name)
