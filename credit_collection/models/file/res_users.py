from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.bounds import AMOUNT, refuse_out_of_bounds
from ...tools.evidence import kept_by_evidence
from ...tools.write_guards import PREFIX


class ResUsers(models.Model):
    """Up to which amount somebody decides; who grants it to whom stands in the audit chain."""

    _name = "res.users"
    _inherit = ["res.users", "credit.audited"]
    _credit_bounds = {"credit_authority": AMOUNT}
    _audited = ("credit_authority", "credit_authority_currency_id")

    credit_authority = fields.Monetary(
        currency_field="credit_authority_currency_id",
        groups="credit_collection.credit_collection_group_officer",
        help="The highest exposure up to which this person may release a hold or approve a limit, "
        "in the currency of the user's company when it is granted. Credit managers need none.",
    )
    credit_authority_currency_id = fields.Many2one(
        "res.currency",
        "Authority Currency",
        compute="_compute_credit_authority_currency_id",
        store=True,
    )

    credit_needs_authority = fields.Boolean(
        compute="_compute_credit_needs_authority",
        help="A credit officer without an authority can decide on nothing.",
    )

    _credit_authority_positive = models.Constraint(
        "CHECK(credit_authority IS NULL OR credit_authority >= 0)",
        "The credit authority of a user cannot be negative.",
    )

    @api.depends("credit_authority")
    def _compute_credit_authority_currency_id(self):
        # Not of the company: everybody may choose theirs, and would choose a currency with it.
        for user in self:
            user.credit_authority_currency_id = user.company_id.currency_id

    @api.depends("group_ids", "credit_authority")
    def _compute_credit_needs_authority(self):
        officer = self.env.ref("credit_collection.credit_collection_group_officer")
        manager = self.env.ref("credit_collection.credit_collection_group_manager")
        for user in self:
            # Of a form that is being typed in, the groups are new records.
            groups = user.sudo().group_ids._origin
            groups |= groups.all_implied_ids
            user.credit_needs_authority = (
                officer in groups and manager not in groups and not user.sudo().credit_authority
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            refuse_out_of_bounds(self, vals, {"credit_authority"})
        granted = any(
            vals.get(name, self.env.context.get(PREFIX + name))
            for vals in vals_list
            for name in self._audited
        )
        if granted and not self.env.su:
            self._check_may_grant_authority()
        return super().create(vals_list)

    def write(self, vals):
        refuse_out_of_bounds(self, vals, {"credit_authority"})
        if vals.keys() & set(self._audited) and not self.env.su:
            self._check_may_grant_authority()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credit_evidence(self):
        kept, title = kept_by_evidence(self)
        if kept:
            raise UserError(
                self.env._(
                    "%(names)s stands in credit decisions (%(title)s) that have to be kept. "
                    "Archive the user instead of deleting it.",
                    names=", ".join(kept.mapped("name")),
                    title=title,
                )
            )

    def _check_may_grant_authority(self):
        """Only credit managers and settings administrators hand out authority."""
        user = self.env.user
        if not (
            user.has_group("credit_collection.credit_collection_group_manager")
            or user.has_group("base.group_system")
        ):
            raise AccessError(self.env._("Only a credit manager can change a credit authority."))

    def _audit(self, event):
        # EXTENDS 'credit.audited': most people are never given an authority
        granted = self.sudo().filtered("credit_authority") if event == "made" else self
        return super(ResUsers, granted)._audit(event)

    def _is_audited(self):
        """Whoever has or had an authority, not everybody who logs in."""
        return bool(self.credit_authority or self._audit_told_of())

    def _audit_company(self):
        """The company of the user when they were given an authority first: they may move on."""
        return self._audit_told_of().company_id or self.company_id.root_id

    def _audit_told_of(self):
        """The first entry (sudo) that tells of this user, if there is one."""
        self.ensure_one()
        told = [("model", "=", self._name), ("res_id", "=", self.id)]
        return self.env["credit.audit.entry"].sudo().search(told, order="id", limit=1)

    # ------------------------------------------------------------------
    # Who plays a role
    # ------------------------------------------------------------------

    def _has_field_access(self, field, operation):
        # EXTENDS 'base': customers read who serves them, not what they may decide
        if field.name.startswith("credit_") and not (self.env.su or self.env.user._is_internal()):
            return False
        return super()._has_field_access(field, operation)

    def _works_in(self, company):
        """Whether this is an active colleague who may see the company's records."""
        self.ensure_one()
        own = self.sudo()
        return own.active and not own.share and company.root_id in own.company_ids.root_id

    def _credit_working_in(self, company):
        """Those of these people who are active colleagues in the company, in their order."""
        return self.filtered(lambda user: user._works_in(company))

    def _credit_check_works_in(self, company):
        """Refuse people who are named for a company whose records they cannot see.

        :raises ValidationError: with their names
        """
        strangers = self.sudo() - self.sudo()._credit_working_in(company)
        if strangers:
            raise ValidationError(
                self.env._(
                    "%(user)s does not work in %(company)s: choose an active colleague.",
                    user=", ".join(strangers.mapped("name")),
                    company=company.sudo().name,
                )
            )

    @api.model
    def _credit_first_in(self, company, *candidates):
        """Who plays a role: the first of the candidates who works in the company.

        A customer's salesperson is one person for all companies, and a policy may name somebody
        who has left. Wherever a person is chosen to sign, answer, decide or be told, it is here:
        nobody is given the affairs of a company whose records are closed to them.

        :param company: ``res.company``; a branch stands for its root
        :param candidates: recordsets of ``res.users``, the best first, each may be empty
        :return: ``res.users``, one record (sudo) or none
        """
        for users in candidates:
            working = users.sudo()._credit_working_in(company) if users else None
            if working:
                return working[:1]
        return self.sudo().browse()

    def _has_credit_authority(self, amount, currency, company):
        """Whether the user may decide on ``amount`` (in ``currency``) in ``company``.

        Managers always may; officers up to their authority; nobody outside their companies.
        """
        self.ensure_one()
        if company not in self.sudo().company_ids.root_id:
            return False
        if self.has_group("credit_collection.credit_collection_group_manager"):
            return True
        if not self.has_group("credit_collection.credit_collection_group_officer"):
            return False
        authority = self._credit_authority_in(currency, company)
        return authority is not None and currency.compare_amounts(amount, authority) <= 0

    def _credit_authority_in(self, currency, company):
        """The user's authority in ``currency`` today, or ``None`` where no rate says what it is."""
        self.ensure_one()
        own = self.sudo()
        granted = own.credit_authority_currency_id or currency
        if not (granted._credit_has_rate(company) and currency._credit_has_rate(company)):
            return None
        return granted._convert(own.credit_authority, currency, company, company._credit_today())
