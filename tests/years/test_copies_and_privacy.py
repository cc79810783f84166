"""A copied database writes to nobody; a person is told what we hold, and forgotten on demand."""

import json

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ..common import MANAGER, CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestCopiesAndPrivacy(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["credit.audit.entry"]._take_over()
        cls.guardian = cls._user("gerda", f"{MANAGER},base.group_partner_manager")
        cls.invoice = cls._invoice(800.0, date="2026-01-01", due="2026-01-10")
        cls.person = cls.env["res.partner"].create(
            {"name": "Paula Payer", "parent_id": cls.customer.id, "email": "paula@example.com"}
        )
        cls.env["credit.contact"].create(
            {
                "account_id": cls._account().id,
                "contact_partner_id": cls.person.id,
                "kind": "call",
                "outcome": "no_answer",
                "note": 'Paula can\'t pay "now": on holiday',
            }
        )

    def test_a_copy_writes_to_nobody(self):
        self.policy.followup_automatic = True
        message = self.env["credit.followup"]._plan(self.company)
        message.state = "queued"
        self.env.flush_all()
        for query in get_neutralization_queries(["credit_collection"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.policy.followup_automatic)
        self.assertEqual(message.state, "draft")

    def test_a_copy_of_what_we_hold(self):
        action = self.person.with_user(self.manager).action_credit_personal_data()
        file = self.env["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))
        told = json.loads(file.raw)
        self.assertIn("on holiday", json.dumps(told))
        with self.assertRaises(AccessError):
            self.person.with_user(self.officer).action_credit_personal_data()

    def test_forgetting_a_person_breaks_no_evidence(self):
        self.person.with_user(self.guardian).action_credit_anonymise()
        self.assertFalse(self.person.email or self.person.active)
        self.assertNotIn("Paula", self.person.name)
        self.assertNotIn("on holiday", self._history())
        self.assertNotIn("Paula", json.dumps(self.person._credit_personal_data()))
        self.assertFalse(self.env["credit.audit.entry"]._verify(self.company)[2])

    def _history(self):
        return " ".join(map(str, self._account().sudo().message_ids.mapped("body")))

    def test_notes_of_talks_go_after_the_time_that_the_company_keeps_them(self):
        talk = self.env["credit.contact"].search([("contact_partner_id", "=", self.person.id)])
        self.assertIn('Paula can\'t pay "now": on holiday', self._history())
        Talks = self.env["credit.contact"].sudo()
        with freeze_time("2027-03-09"):
            self.company.credit_note_months = 0
            Talks._forget_old_notes()
            self.company.credit_note_months = 12
            Talks._forget_old_notes()
        self.assertEqual(talk.note, 'Paula can\'t pay "now": on holiday')
        with freeze_time("2027-03-11 12:00:00"):
            Talks._forget_old_notes()
        self.assertFalse(talk.note)
        self.assertNotIn("on holiday", self._history())
        self.assertEqual((talk.outcome, talk.user_id), ("no_answer", self.env.user))

    def test_a_customer_who_owes_is_not_forgotten(self):
        with self.assertRaisesRegex(UserError, "Deco Ltd still has open items"):
            self.customer.with_user(self.guardian).action_credit_anonymise()
