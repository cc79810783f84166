from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import rooms
from ...tools.groups import COLLECTOR
from ...tools.jobs import each_safely
from ...tools.readers import for_reader

DAYS = 30


class CreditAccount(models.Model):
    """What is looked at when somebody becomes a credit customer: tax number and likeness."""

    _inherit = "credit.account"

    newcomer_on = fields.Date("Looked At On", readonly=True, copy=False, groups=COLLECTOR)
    newcomer_findings = fields.Text(
        "Found on the New Customer", readonly=True, copy=False, groups=COLLECTOR
    )

    def _check_newcomers(self):
        """Look at files that nobody has looked at; what is found is told to the officer, once."""
        files = self.sudo().filtered(lambda account: not account.newcomer_on)
        if not files or not rooms.is_on(self.env, "signals"):
            return
        Stop = self.env["credit.stop"]
        alike = Stop._alike(files)
        for account in files:
            found = []
            if account in alike:
                found.append(Stop._alike_words(alike[account]))
            if account._has_wrong_vat():
                found.append(
                    self.env._(
                        "The tax number %(number)s is not valid in %(country)s.",
                        number=account.partner_id.vat,
                        country=account.partner_id.country_id.name,
                    )
                )
            account.newcomer_on = account.company_id._credit_today()
            account.newcomer_findings = "\n".join(found)
            if found:
                account._tell_officer_of_newcomer()

    def _has_wrong_vat(self):
        """Whether Odoo's own check refuses the tax number; without that module nobody knows."""
        self.ensure_one()
        partner = self.partner_id
        check = getattr(partner, "_run_vat_checks", None)
        if check is None or not partner.vat or not partner.country_id:
            return False
        try:
            check(partner.country_id, partner.vat)
        except ValidationError:
            return True
        return False

    def _tell_officer_of_newcomer(self):
        user = self.effective_policy_id.responsible_id or self._followup_fallback_user()
        told = for_reader(self, user)
        told.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=told.env._("Look at this new customer before giving credit"),
            note=self.newcomer_findings,
        )

    @api.model
    def _cron_newcomers(self):
        """Look at the files made in the last days; one company does not stop the others."""
        if not rooms.is_on(self.env, "signals"):
            return

        def look(company):
            today = company._credit_today()
            files = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("newcomer_on", "=", False),
                    ("create_date", ">=", today - timedelta(DAYS)),
                ]
            )
            each_safely(files, lambda account: account._check_newcomers(), "New customers")

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, look, "New customers")
