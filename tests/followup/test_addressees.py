from freezegun import freeze_time
from odoo.tests import tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAddressees(FollowupCase):
    """Somebody got the invoices: the letter finds an address when they did."""

    def test_whom_the_invoices_are_addressed_to_is_the_last_link(self):
        self.customer.email = False
        buyer = self._contact("Buyer", "contact", "buyer@example.com")
        self._late(1000.0, partner=buyer)
        followup = self._plan()
        self.assertEqual(followup.partner_ids, buyer)

    def test_two_plants_with_invoice_addresses_of_their_own(self):
        north = self._contact("North", "invoice", "north@example.com")
        south = self._contact("South", "invoice", "south@example.com")
        self._contact("Closed", "invoice", "closed@example.com")
        self._late(1000.0, partner=north)
        self._late(500.0, partner=south)
        self.assertEqual(self._plan().partner_ids, north | south)

    def test_archived_customer_is_named_as_such(self):
        self._late(1000.0)
        followup = self._plan()
        self.customer.with_context(active_test=False).write({"active": False})
        self._send(followup)
        self.assertEqual(followup.state, "failed")
        self.assertIn("is archived", followup.failure_reason)

    def test_recipient_who_moved_to_another_company_is_left_out(self):
        friend = self._contact("Friend", "contact", "friend@example.com")
        self._late(1000.0)
        followup = self._plan()
        followup.write({"partner_ids": [(6, 0, friend.ids)], "own_recipients": True})
        friend.parent_id = self._customer("Elsewhere")
        self._send(followup)
        self.assertEqual(followup.state, "sent")
        self.assertEqual(followup.partner_ids, self.customer)

    def test_quiet_days_by_the_companys_clock(self):
        # 11:30 in the evening of the 14th in Los Angeles is the 15th in UTC.
        for zone, moment, day in (
            ("America/Los_Angeles", "2026-03-15 06:30:00", "2026-03-14"),
            ("Pacific/Auckland", "2026-03-15 12:30:00", "2026-03-16"),
            ("Asia/Vladivostok", "2026-03-15 15:30:00", "2026-03-16"),
        ):
            with self.subTest(zone):
                self.company.resource_calendar_id.tz = zone
                contact = self.env["credit.contact"].create(
                    {"account_id": self.file.id, "outcome": "refuses", "date": moment}
                )
                planner = self.env["credit.followup"].with_context(tz=zone)
                found = planner.env["credit.contact"]._last_dates(self.file.ids)
                self.assertEqual(str(found[self.file.id]), day)
                contact.sudo().unlink()

    def test_each_mailbox_gets_one_mail(self):
        first = self._contact("One", "collections", "same@example.com")
        self._contact("Two", "collections", "Same@example.com")
        self._late(1000.0)
        self.assertEqual(self._plan().partner_ids, first)

    def test_statement_speaks_the_language_of_the_letter(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        account = self.file.with_context(credit_statement_lang="fr_FR")
        self.assertEqual(account._statement_lang(), "fr_FR")
        account = self.file.with_context(credit_statement_lang="xx_XX")
        self.assertEqual(account._statement_lang(), self.file._statement_lang())
