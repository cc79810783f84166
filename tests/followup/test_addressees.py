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


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestLetterForEachAddress(FollowupCase):
    """Two plants of one customer, each with invoices and letters of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.followup_letters = "address"
        north = {"name": "North", "type": "invoice", "email": "north@example.com"}
        south = {"name": "South", "type": "invoice", "email": "south@example.com"}
        cls.north = cls.env["res.partner"].create({**north, "parent_id": cls.customer.id})
        cls.south = cls.env["res.partner"].create({**south, "parent_id": cls.customer.id})

    def _of(self, followups, plant):
        return followups.filtered(lambda followup: followup.addressee_id == plant)

    def _asked(self, followups):
        return [
            (self._of(followups, plant).partner_ids.name, self._of(followups, plant).amount)
            for plant in (self.north, self.south)
        ]

    def test_each_plant_is_asked_for_its_own(self):
        first = self._late(1000.0, partner=self.north)
        second = self._late(500.0, days=12, partner=self.south)
        letters = self._plan()
        self.assertEqual(self._asked(letters), [("North", 1000), ("South", 500)])
        self.assertEqual(self._of(letters, self.north).line_ids.move_id, first)
        self.assertEqual(self._of(letters, self.south).line_ids.move_id, second)
        self.assertFalse(self._plan(), "the same day twice changes nothing")
        rows = self.env["credit.worklist"].search([("account_id", "=", self.file.id)])
        self.assertEqual(rows.mapped("to_chase"), [1500], "one row, however many letters wait")
        self.assertEqual(rows.next_action, "letter")
        self._send(letters)
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        self.assertEqual(
            sorted(message["To"] for message in self.outbox),
            ['"North" <north@example.com>', '"South" <south@example.com>'],
        )

    def test_one_sent_does_not_silence_the_other(self):
        self.second.quiet_days = self.first.quiet_days = 5
        self._late(1000.0, partner=self.north)
        self._late(500.0, partner=self.south)
        letters = self._plan()
        self._send(self._of(letters, self.north))
        south = self._of(letters, self.south)
        with freeze_time("2026-03-18"):
            self._send(south)
        self.assertEqual(south.state, "sent", south.cancel_reason)
        with freeze_time("2026-03-20"):
            self.assertFalse(self._plan("2026-03-20"), "quiet days count from the last letter")

    def test_what_is_paid_cancels_one_letter_alone(self):
        invoice = self._late(1000.0, partner=self.north)
        self._late(500.0, partner=self.south)
        letters = self._plan()
        self._pay(invoice)
        self._send(letters)
        states = [self._of(letters, plant).state for plant in (self.north, self.south)]
        self.assertEqual(states, ["cancelled", "sent"])

    def test_credits_are_set_off_once(self):
        """A note of 300 for the south plant, then 400 on account: as much as one letter asks."""
        self._late(1000.0, days=9, partner=self.north)
        self._late(500.0, partner=self.south)
        note = self._credit_note(300.0)
        note.button_draft()
        note.partner_id = self.south
        note.action_post()
        self._credit_note(400.0)
        letters = self._plan()
        self.assertEqual(self._asked(letters), [("North", 600), ("South", 200)])
        for letter in letters:
            [group] = letter._groups()
            self.assertEqual(group["to_pay"], letter.amount)
            account = self.file.with_context(credit_statement_addressee=letter.addressee_id.id)
            [statement] = account._statement_groups()
            self.assertEqual(statement["to_pay"], letter.amount)
            self.assertEqual(len(statement["rows"]), 1)

    def test_a_plant_without_mailbox_of_its_own(self):
        self.south.email = False
        self._late(1000.0, partner=self.north)
        self._late(500.0, partner=self.south)
        letters = self._plan()
        self.assertEqual(self._of(letters, self.south).partner_ids, self.customer)
        letters._move("cancel", {"cancel_reason": "A collector was named."})
        cashier = self._contact("Cashier", "collections", "cash@example.com")
        cashier.parent_id = self.south
        with freeze_time("2026-03-17"):
            letters = self._plan("2026-03-17")
        self.assertEqual(self._of(letters, self.south).partner_ids, cashier)

    def test_one_letter_that_failed_is_tried_when_its_address_changes(self):
        self._late(1000.0, partner=self.north)
        self._late(500.0, partner=self.south)
        letters = self._plan()
        with self.assertLogs(level="INFO"):
            self._send(letters, refuse=["south@example.com"])
        south = self._of(letters, self.south)
        self.assertEqual(south.state, "failed")
        self.assertFalse(self._plan(), "not twice a day at the address that refused it")
        south.action_retry()
        self._send(south)
        self.assertEqual(south.state, "sent")

    def test_the_policy_decides_where_the_file_does_not(self):
        self.file.followup_letters = False
        self._late(1000.0, partner=self.north)
        self._late(500.0, partner=self.south)
        Followup = self.env["credit.followup"].sudo()
        for apart, count in ((False, 1), (True, 2)):
            self.policy.followup_per_address = apart
            book, steps = Followup._decide(self.company, TODAY)
            self.assertEqual(len(Followup._letters(book, steps)), count)
        self.file.followup_letters = "one"
        book, steps = Followup._decide(self.company, TODAY)
        self.assertEqual(len(Followup._letters(book, steps)), 1)

    def test_the_page_shows_the_first_and_then_the_next(self):
        self._late(1000.0, partner=self.north)
        self._late(500.0, partner=self.south)
        file = self.file.with_user(self.collector)
        file.action_prepare_letter()
        shown = file.letter_id
        with self._mail_server():
            file.action_send_letter()
        self.assertEqual(shown.state, "sent")
        self.assertTrue(file.letter_id and file.letter_id != shown)
