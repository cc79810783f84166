from odoo import models

from ...tools import sentences


class CreditPlan(models.Model):
    """The agreement as a paper: what it says, in whose language."""

    _inherit = "credit.plan"

    def action_print(self):
        """The agreement."""
        self.check_access("read")
        return self.env.ref("credit_collection.credit_plan_report").report_action(self)

    def _agreement_lang(self):
        self.ensure_one()
        plan = self.sudo()
        return self.env["credit.followup"]._language(plan.partner_id, plan.company_id)

    def _agreement_words(self):
        """The sentences of the agreement."""
        self.ensure_one()
        company, partner = self.company_id.name, self.partner_id
        signer = self.contact_partner_id
        if self.interest == "frozen":
            missed = self.env._(
                "While the plan is kept, nothing further is demanded. If a payment is missed, all "
                "that is open falls due at once, and interest is charged from the original due "
                "dates."
            )
        else:
            missed = self.env._(
                "While the plan is kept, nothing further is demanded. If a payment is missed, all "
                "that is open falls due at once."
            )
        return {
            "opening": self.env._(
                "%(customer)s acknowledges to owe %(company)s %(amount)s from the documents "
                "below, and pays this amount as follows.",
                customer=sentences.name(partner.name, strong=True),
                company=sentences.name(company, strong=True),
                amount=sentences.money(self.env, self.owed, self.currency_id, strong=True),
            ),
            "missed": missed,
            "their_signature": sentences.signature(
                self.env,
                f"{partner.name} ({signer.name})" if signer and signer != partner else partner.name,
            ),
            "our_signature": sentences.signature(self.env, company),
        }

    def _filename(self):
        self.ensure_one()
        number = (self.name or "").replace("/", "-")
        return self.env._("Payment plan %s", number)
