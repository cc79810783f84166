from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...core import decision
from ...core.money import to_decimal
from ...tools.bounds import AMOUNT
from ...tools.environment import without_caller_context
from ...tools.groups import COLLECTOR
from ...tools.registry_cache import clear_registry_cache


class CreditGroup(models.Model):
    """Customers of one owner with a shared limit, in one company or over several."""

    _name = "credit.group"
    _description = "Customer Group"
    _inherit = ["mail.thread", "credit.bounded"]
    _credit_bounds = {"amount": AMOUNT}
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    over_companies = fields.Boolean(
        "Over All Companies",
        tracking=True,
        help="Files of the customers in other companies count too.",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.root_id.currency_id
    )
    amount = fields.Monetary(
        "Shared Limit", tracking=True, help="What all of them may owe together. 0: no credit."
    )
    partner_ids = fields.Many2many("res.partner", string="Customers", tracking=True)
    account_ids = fields.Many2many(
        "credit.account",
        compute="_compute_exposure",
        string="Credit Files",
        groups=COLLECTOR,
        compute_sudo=True,
    )
    hidden_count = fields.Integer(
        "Files Not Shown",
        compute="_compute_exposure",
        compute_sudo=True,
        help="Files of customers or companies that you may not read; the total has them.",
    )
    exposure = fields.Monetary("Used", compute="_compute_exposure", compute_sudo=True)
    available = fields.Monetary("Left", compute="_compute_exposure", compute_sudo=True)
    over_limit = fields.Boolean(compute="_compute_exposure", compute_sudo=True)
    check_count = fields.Integer(
        readonly=True, copy=False, help="Counts the decisions made on this group."
    )

    @api.depends("partner_ids", "currency_id", "amount", "over_companies", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_exposure(self):
        for group in self:
            files = group._files()
            exposure = group._exposure(files)
            shown = files.with_env(self.env(su=False))._filtered_access("read")
            group.account_ids = shown
            group.hidden_count = len(files) - len(shown)
            group.exposure = exposure
            group.available = group.amount - exposure
            group.over_limit = group.currency_id.compare_amounts(exposure, group.amount) > 0

    @api.constrains("partner_ids", "active", "company_id")
    def _check_one_group(self):
        for group in self:
            persons = group.partner_ids.filtered(lambda x: x != x.commercial_partner_id)
            if persons:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s: choose the customer.",
                        contact=persons[:1].display_name,
                        customer=persons[:1].commercial_partner_id.display_name,
                    )
                )
            others = self.sudo().search(
                [
                    ("id", "!=", group.id),
                    ("partner_ids", "in", group.partner_ids.ids),
                    ("company_id", "=", group.company_id.id),
                ]
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(customer)s belongs to the group %(group)s already.",
                        customer=(others[:1].partner_ids & group.partner_ids)[:1].display_name,
                        group=others[:1].name,
                    )
                )

    def _files(self):
        """The credit files that count."""
        self.ensure_one()
        domain = [("partner_id", "in", self.partner_ids.ids)]
        if not self.over_companies:
            domain.append(("company_id", "=", self.company_id.id))
        return self.env["credit.account"].sudo().search(domain)

    def _exposure(self, files):
        """What the files owe together, in the group's currency at today's rates."""
        self.ensure_one()
        files = without_caller_context(files, self.company_id)
        today = self.company_id._credit_today()
        return sum(
            position.currency_id._convert(
                position.exposure, self.currency_id, self.company_id, today
            )
            for position in files._position(("exposure", "currency_id"))
        )

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there is any group: without one nothing is asked."""
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _of(self, account):
        """The group of a file, empty without one."""
        return self._of_many(account).get(account.id, self.browse())

    @api.model
    def _of_many(self, accounts):
        """The group of each file that has one: ``{account id: group}``."""
        if not accounts or not self._any():
            return {}
        groups = self.sudo().search([("partner_ids", "in", accounts.partner_id.ids)])
        found = {}
        for account in accounts:
            mine = groups.filtered(
                lambda group, account=account: (
                    account.partner_id in group.partner_ids
                    and (group.over_companies or group.company_id == account.company_id)
                )
            )
            if mine:
                found[account.id] = mine.sorted(
                    lambda group, account=account: group.company_id != account.company_id
                )[:1]
        return found

    @api.model
    def _claim_of(self, accounts):
        """:meth:`_claim` the groups of files that are decided on: ``{account id: group}``."""
        found = self._of_many(accounts)
        self.sudo().union(*found.values())._claim()
        return found

    def _fact(self, account):
        """Exposure and shared limit for the rules, in the file's currency at today's rates."""
        self.ensure_one()
        company, today = account.company_id, account.company_id._credit_today()
        digits = account.currency_id.decimal_places

        def converted(amount):
            return to_decimal(
                self.currency_id._convert(amount, account.currency_id, company, today), digits
            )

        return decision.Fact(
            "group",
            value=converted(self._exposure(self._files())),
            allowed=converted(self.amount),
            text=self.name,
        )

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        clear_registry_cache(self.env)
        return groups

    def unlink(self):
        result = super().unlink()
        clear_registry_cache(self.env)
        return result

    def _claim(self):
        """Let only one transaction decide on the group at a time, like a credit file's counter."""
        if self:
            self.env.execute_query(
                SQL(
                    """
                    UPDATE credit_group SET check_count = COALESCE(check_count, 0) + 1
                     WHERE id IN (SELECT id FROM credit_group WHERE id IN %s ORDER BY id FOR UPDATE)
                    RETURNING id
                    """,
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["check_count"], flush=False)
