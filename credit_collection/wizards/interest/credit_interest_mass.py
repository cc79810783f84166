from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import COLLECTOR


class CreditInterestMass(models.TransientModel):
    """Claim the interest of all customers: first see what it comes to, then make the drafts."""

    _name = "credit.interest.mass"
    _description = "Claim Interest of Many Customers"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        index="btree_not_null",
    )
    date_to = fields.Date(
        "Interest Up To",
        required=True,
        default=lambda self: self.env.company.root_id._credit_today(),
    )
    line_ids = fields.One2many("credit.interest.mass.line", "mass_id", readonly=True)
    customer_count = fields.Integer("Customers", compute="_compute_customer_count")

    @api.depends("line_ids")
    def _compute_customer_count(self):
        for mass in self:
            mass.customer_count = len(mass.line_ids.account_id)

    def _check_may_claim(self):
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can claim interest."))
        if self.company_id not in self.env.companies.root_id:
            raise AccessError(self.env._("Choose one of your companies."))

    def action_preview(self):
        """Work out what would be claimed; nothing is kept but this list."""
        self.ensure_one()
        self._check_may_claim()
        day = min(self.date_to, self.company_id._credit_today())
        accounts = self.env["credit.account"].search([("company_id", "=", self.company_id.id)])
        totals, items = defaultdict(float), Counter()
        for values in self.env["credit.interest.line"].sudo()._uncharged(accounts, day):
            key = values["account_id"], values["currency_id"]
            totals[key] += values["amount"]
            items[key] += values["kind"] == "interest"
        self.line_ids.unlink()
        self.env["credit.interest.mass.line"].create(
            [
                {
                    "mass_id": self.id,
                    "account_id": key[0],
                    "currency_id": key[1],
                    "amount": amount,
                    "line_count": items[key],
                }
                for key, amount in totals.items()
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim Interest"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_claim(self):
        """Make the drafts, slice by slice, behind a progress bar."""
        self.ensure_one()
        self._check_may_claim()
        accounts = self.line_ids.account_id
        if not accounts:
            raise UserError(self.env._("Nothing is to be claimed up to this day."))
        return {
            "type": "ir.actions.client",
            "tag": "credit_collection.in_slices",
            "name": self.env._("Claiming interest"),
            "target": "new",
            "params": {
                "model": "credit.account",
                "method": "claim_interest_slice",
                "ids": accounts.ids,
                "size": 200,
            },
        }


class CreditInterestMassLine(models.TransientModel):
    _name = "credit.interest.mass.line"
    _description = "Interest That Would Be Claimed"
    _order = "amount desc, id"

    mass_id = fields.Many2one("credit.interest.mass", required=True, ondelete="cascade", index=True)
    account_id = fields.Many2one("credit.account", "Customer", readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    line_count = fields.Integer("Lines", readonly=True)
