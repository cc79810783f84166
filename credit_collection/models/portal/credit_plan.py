import hashlib
import json
from base64 import b64encode

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from ...tools.environment import without_caller_context


class CreditPlan(models.Model):
    """A plan on the customer's page: seen, and signed as it was seen."""

    _inherit = "credit.plan"

    def _portal_terms(self):
        """SHA-256 of what the customer reads before signing (sudo)."""
        self.ensure_one()
        terms = {
            "plan": self.id,
            "currency": self.currency_id.name,
            "payments": [[str(line.date), line.amount] for line in self.line_ids.sorted("id")],
            "items": [
                [item.move_line_id.id, str(item.date_original), item.amount]
                for item in self.item_ids.sorted("id")
            ],
            "interest": self.interest,
            "new_due_dates": self.new_due_dates,
            "guarantees": self.guarantees or "",
        }
        return hashlib.sha256(json.dumps(terms, sort_keys=True).encode()).hexdigest()

    def _portal_awaits_signature(self):
        self.ensure_one()
        return self.state == "offered" and not self.customer_signed_on

    def _portal_sign(self, terms, name, signature, person):
        """Take the customer's signature of an offer (sudo); what the offer's maker may decide is
        accepted with it, for the rest the collector is told.

        :param terms: what was read, from ``_portal_terms``
        :param name: who signs
        :param signature: base64 of the picture
        :param person: ``res.partner`` whose log-in it is
        """
        self.ensure_one()
        plan = without_caller_context(self.with_user(SUPERUSER_ID), self.company_id)
        plan.account_id._serialize()
        plan.invalidate_recordset()
        if not plan._portal_awaits_signature() or plan._portal_terms() != terms:
            raise UserError(
                self.env._("The offer changed or is signed already. Please look at it again.")
            )
        plan._check_complete()
        plan.write(
            {
                "customer_signature": signature,
                "customer_signed_by": name,
                "customer_signed_on": fields.Datetime.now(),
                "contact_partner_id": person.id,
            }
        )
        plan._portal_keep_agreement(person)
        maker = plan.offered_by_id
        if maker.active and plan.with_user(maker)._may_accept(maker):
            plan._portal_promises_before().with_user(maker).action_cancel()
            plan.with_user(maker).action_accept()
            return
        plan.account_id._schedule_followup(
            plan.env.ref("credit_collection.mail_activity_customer_reply"),
            plan.env._("%(plan)s is signed: accept it, or ask somebody who may", plan=plan.name),
            plan.account_id._responsible_collector(),
            plan.company_id._credit_today(),
        )

    def _portal_promises_before(self):
        """What was promised of these items alone: the plan that is signed stands for it."""
        self.ensure_one()
        items = self.item_ids.move_line_id
        promises = self.env["credit.promise"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("state", "=", "open"),
                ("plan_id", "=", False),
                ("move_line_ids", "in", items.ids),
            ]
        )
        return promises.filtered(lambda promise: promise.move_line_ids <= items)

    def _portal_keep_agreement(self, person):
        """The agreement as it was signed goes into the history."""
        self.ensure_one()
        content, _type = self.env["ir.actions.report"]._render_qweb_pdf(
            "credit_collection.credit_plan_report", self.ids
        )
        name = f"{self._filename()}.pdf"
        self.write({"signed_document": b64encode(content), "signed_name": name})
        self.message_post(
            body=self.env._(
                "Signed by %(name)s on the customer's page.", name=self.customer_signed_by
            ),
            attachments=[(name, content)],
            author_id=person.id,
        )
