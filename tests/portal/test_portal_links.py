"""Links in letters: each recipient their own, good for one letter, and nothing to guess."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from ..followup.common import TODAY
from .common import PortalCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalLinks(PortalCase):
    def test_each_recipient_gets_their_own_link(self):
        second = self._person("Peter", "peter@deco.example.com")
        self._late(1000.0)
        letters = self._plan()
        letters.partner_ids = self.paula | second
        letters.own_recipients = True
        self._send(letters)
        self.assertEqual(letters.portal_link_ids.partner_id, self.paula | second)
        bodies = {
            mail["To"]: mail.get_body(("html",)).get_content().replace("&#43;", "+")
            for mail in self.outbox
        }
        for partner in self.paula | second:
            [body] = [text for to, text in bodies.items() if partner.email in to]
            self.assertIn(self._path(letters, partner), body)
            self.assertNotIn(self._path(letters, (self.paula | second) - partner), body)

    def test_paper_carries_the_link_as_a_code(self):
        self._late(1000.0)
        letter = self._letter()
        self.assertTrue(letter._portal_qr().startswith("data:image/svg+xml;base64,"))
        report = self.env["ir.actions.report"].sudo()
        html = report._render_qweb_html("credit_collection.credit_followup_letters", letter.ids)[0]
        self.assertIn(b"data:image/svg+xml", html)

    def test_database_knows_no_token(self):
        self._late(1000.0)
        token = self._path(self._letter()).rsplit("/", 1)[1]
        self.env.flush_all()
        self.env.cr.execute("SELECT nonce, digest FROM credit_portal_link")
        for row in self.env.cr.fetchall():
            self.assertNotIn(token, row)
        link = self.env["credit.portal.link"].search([])
        for name in ("nonce", "digest"):
            with self.assertRaises(AccessError):
                link.with_user(self.manager).read([name])

    def test_letter_shows_what_is_open_now_and_nothing_else(self):
        asked = self._late(1000.0)
        letter = self._letter()
        later = self._late(555.0, days=2)
        page = self.url_open(self._path(letter))
        self.assertEqual(page.status_code, 200)
        self.assertIn(asked.name, page.text)
        self.assertNotIn(later.name, page.text)
        self.assertNotIn("555.00", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self._pay(asked)
        self.assertIn("is settled", self.url_open(self._path(letter)).text)
        self.assertEqual(letter.portal_link_ids.open_count, 2)

    def test_wrong_expired_and_revoked_links_answer_alike(self):
        self._late(1000.0)
        letter = self._letter()
        path = self._path(letter)
        pages = [self.url_open("/my/letter/" + "0" * 64), self.url_open("/my/letter/abc")]
        letter.portal_link_ids.with_user(self.collector).action_revoke()
        self.assertEqual(letter.portal_link_ids.revoked_by_id, self.collector)
        pages.append(self.url_open(path))
        letter.portal_link_ids.write({"revoked_on": False, "expires_on": TODAY})
        self.assertEqual(self.url_open(path).status_code, 200)
        letter.portal_link_ids.expires_on = TODAY - timedelta(1)
        pages.append(self.url_open(path))
        for page in pages:
            self.assertEqual(page.status_code, 404)
            self.assertIn("does not work", page.text)
            self.assertNotIn("Deco", page.text)

    def test_who_left_the_customer_reads_no_letter_any_more(self):
        self._late(1000.0)
        letter = self._letter()
        path = self._path(letter)
        person = letter.portal_link_ids.partner_id
        self.assertEqual(self.url_open(path).status_code, 200)
        person.credit_portal_denied = True
        self.assertEqual(self.url_open(path).status_code, 404)
        person.credit_portal_denied = False
        person.parent_id = self._customer("New Employer")
        self.assertEqual(self.url_open(path).status_code, 404)
        person.parent_id = self.customer
        self.assertEqual(self.url_open(path).status_code, 200)
        self.portal_user.active = False
        person.active = False
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_link_is_valid_for_the_days_of_the_company(self):
        self.company.credit_portal_link_days = 10
        self._late(1000.0)
        self.assertEqual(self._letter().portal_link_ids.expires_on, TODAY + timedelta(10))

    def test_link_of_a_letter_that_never_arrived_does_not_open(self):
        self._late(1000.0)
        letter = self._letter()
        path = self._path(letter)
        letter.sudo()._fail("bounce", "User unknown")
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_guessing_is_stopped(self):
        self._late(1000.0)
        path = self._path(self._letter())
        with self._limit_of("WRONG_LINKS", (3, 10)):
            for number in range(3):
                self.assertEqual(self.url_open(f"/my/letter/{number:064}").status_code, 404)
            self.assertEqual(self.url_open("/my/letter/" + "1" * 64).status_code, 429)
            self.assertEqual(self.url_open(path).status_code, 429)
            with freeze_time(datetime(2026, 3, 16, 0, 11)):
                self.assertEqual(self.url_open(path).status_code, 200)

    def test_one_letter_cannot_be_asked_for_without_end(self):
        self._late(1000.0)
        path = self._path(self._letter())
        with self._limit_of("LETTER_VIEWS", (2, 10)):
            codes = [self.url_open(path).status_code for _time in range(3)]
        self.assertEqual(codes, [200, 200, 429])

    def test_link_acts_on_its_letter_alone(self):
        asked = self._late(1000.0)
        letter = self._letter()
        other = self._late(555.0, days=2)
        stranger = self._late(99.0, partner=self._customer("Stranger Ltd"))
        path = self._path(letter)
        page = self.url_open(path)
        reason = self.env.ref("credit_collection.credit_dispute_reason_price").id
        for invoice in (other, stranger):
            item = self._item(invoice).id
            said = self._post(f"{path}/promise", page, items=item, date="2026-03-18")
            self.assertEqual(said.status_code, 400)
            said = self._post(f"{path}/dispute", page, item=item, note="No", reason=reason)
            self.assertEqual(said.status_code, 400)
            self.assertNotIn(invoice.name, self.url_open(f"{path}/pay?items={item}").text)
        self.assertFalse(self.env["credit.promise"].search([]))
        self.assertFalse(self.env["credit.dispute"].search([]))
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._begin(self._item(asked) | self._item(other), 1555.0, path.rsplit("/", 1)[1])

    def test_link_does_not_open_the_account(self):
        self._late(1000.0)
        self._letter()
        period = "file=1&date_from=2026-01-01&date_to=2026-03-01"
        for path in ("", "/pay?items=1", f"/statement.xlsx?{period}"):
            self.assertIn("/web/login", self.url_open(f"/my/credit{path}").url)

    def test_employee_sees_the_page_and_can_say_nothing_there(self):
        invoice = self._late(1000.0)
        letter = self._letter()
        self.authenticate("carla", "carla")
        path = self._path(letter)
        page = self.url_open(path)
        self.assertIn("logged in as an employee", page.text)
        said = self._post(f"{path}/promise", page, items=self._item(invoice).id, date="2026-03-18")
        self.assertEqual(said.status_code, 400)
        self.assertEqual(letter.portal_link_ids.open_count, 0)

    def test_switched_off_there_are_no_links_and_no_pages(self):
        self._late(1000.0)
        letter = self._letter()
        path = self._path(letter)
        self._room(False)
        self.assertEqual(self.url_open(path).status_code, 404)
        self.authenticate("paula", "paula")
        self.assertIn("Nothing is open", self.url_open("/my/credit").text)
        other = self._customer("Other Ltd")
        self._late(5.0, partner=other)
        [letter] = self._sent()
        self.assertFalse(letter.portal_link_ids)
        self.assertNotIn("/my/letter", self.outbox[0].get_body(("html",)).get_content())

    def test_who_is_forgotten_has_no_way_in(self):
        invoice = self._late(1000.0)
        path = self._path(self._letter())
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        self.paula.with_user(self.manager).action_credit_anonymise()
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertFalse(self.portal_user.active)
        self.assertNotIn("paula", self.portal_user.login)
        self.assertEqual(self._account().followup_ids.line_ids.move_line_id, self._item(invoice))

    def test_salespeople_and_customers_read_no_links(self):
        self._late(1000.0)
        link = self._letter().portal_link_ids
        for user in (self.salesperson, self.portal_user, self.clerk):
            with self.assertRaises(AccessError):
                link.with_user(user).read(["partner_id"])
            with self.assertRaises(AccessError):
                link.with_user(user).action_revoke()
        with self.assertRaises(AccessError):
            self.env["credit.portal.attempt"].with_user(self.manager).search([])
