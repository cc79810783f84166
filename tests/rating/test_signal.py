"""Danger signals: measured, reported, looked at, over; checklists and the stop list."""

from base64 import b64encode
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestSignal(RatingCase):
    def _kind(self, code):
        return self.env.ref(f"credit_collection.credit_signal_kind_{code}")

    def _measure(self):
        return self.env["credit.signal"]._measure(self.company)

    def _open(self, account=None):
        signals = self.env["credit.signal"].search(
            [("account_id", "=", (account or self.account).id), ("state", "!=", "over")]
        )
        return {signal.kind_id.code or signal.kind_id.name: signal for signal in signals}

    def _backdate(self, order, days_ago):
        order.action_confirm()
        order.date_order = date(2026, 3, 10) - timedelta(days_ago)

    def test_pays_later_than_three_months_ago(self):
        self._paid(1000.0, 0, days_ago=120)
        self._paid(1000.0, 9, days_ago=50)
        self._measure()
        self.assertNotIn("slower", self._open())
        self._paid(1000.0, 11, days_ago=49)  # now 10 days on average
        self._measure()
        self.assertEqual(self._open()["slower"].measured, 10.0)

    def test_round_part_payments(self):
        for _time in range(2):
            invoice = self._invoice(1234.5, date="2026-01-10", due="2026-02-09")
            self._pay(invoice, 500.0, date="2026-02-20")
        self._measure()
        self.assertEqual(self._open()["round_payments"].measured, 2.0)

    def test_large_new_items_unpaid_small_ones_paid(self):
        self._paid(100.0, 0, days_ago=20)
        self._invoice(250.0, date="2026-02-01", due="2026-02-20")
        self._measure()
        self.assertEqual(self._open()["new_unpaid"].measured, 2.5)

    def test_an_order_far_above_habit_and_orders_that_stopped(self):
        for days_ago in (300, 200, 100):
            self._backdate(self._order(1000.0), days_ago)
        self._measure()
        self.assertEqual(self._open()["orders_shrinking"].measured, 1.0)
        self._backdate(self._order(3000.0), 5)
        self._measure()
        self.assertEqual(set(self._open()), {"order_above_habit"})
        self.assertEqual(self._open()["order_above_habit"].measured, 3.0)

    def test_broken_promises_no_answer_old_disputes(self):
        invoice = self._invoice(900.0, date="2025-12-01", due="2026-01-01")
        line = invoice.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        for day in ("2026-02-01", "2026-02-10"):
            with freeze_time(day):
                promise = self.env["credit.promise"].create(
                    {
                        "account_id": self.account.id,
                        "date": day,
                        "amount": 900.0,
                        "move_line_ids": [(6, 0, line.ids)],
                    }
                )
            promise._judge()
        for _call in range(3):
            self.env["credit.contact"].with_user(self.accountant).create(
                {"account_id": self.account.id, "outcome": "no_answer"}
            )
        self.env["credit.dispute"].create(
            {
                "account_id": self.account.id,
                "move_line_id": line.id,
                "amount": 100.0,
                "reason_id": self.env["credit.dispute.reason"].search([], limit=1).id,
            }
        )
        self._measure()
        measured = {code: signal.measured for code, signal in self._open().items()}
        self.assertEqual(measured, {"broken_promises": 2.0, "no_answer": 3.0, "old_disputes": 68.0})

    def test_a_measured_signal_is_opened_once_and_ends_by_itself(self):
        self._paid(100.0, 0, days_ago=20)
        late = self._invoice(250.0, date="2026-02-01", due="2026-02-20")
        self.assertEqual(self._measure(), (1, 0))
        self.assertEqual(self._measure(), (0, 0))
        signal = self._open()["new_unpaid"]
        with self.assertRaisesRegex(UserError, "ends by itself"):
            signal.with_user(self.officer).action_end()
        self._pay(late, date="2026-03-10")
        self.assertEqual(self._measure(), (0, 1))
        self.assertEqual((signal.state, str(signal.over_on)), ("over", "2026-03-10"))

    def test_the_night_measures_where_the_room_is_on(self):
        self._paid(100.0, 0, days_ago=20)
        self._invoice(250.0, date="2026-02-01", due="2026-02-20")
        everybody = self.env.ref("base.group_user")
        room = self.env.ref("credit_collection.credit_room_signals")
        everybody.implied_ids -= room
        self._run_cron("credit_signal_cron")
        self.assertFalse(self._open())
        everybody.implied_ids += room
        self._run_cron("credit_signal_cron")
        self.assertIn("new_unpaid", self._open())

    def test_a_room_that_is_off_is_not_on_the_customers_file(self):
        everybody, file = self.env.ref("base.group_user"), self.env["credit.account"]
        of_room = {"signals": ('"signal_ids"', '"action_checklist"'), "rating": ('"action_rate"',)}
        for room, names in of_room.items():
            group = self.env.ref(f"credit_collection.credit_room_{room}")
            for names_are_there in (True, False):
                form = file.with_user(self.officer).get_view(view_type="form")["arch"]
                for name in names:
                    self.assertEqual(f"name={name}" in form, names_are_there, name)
                everybody.implied_ids -= group
            everybody.implied_ids += group

    def test_a_salesperson_reports_what_he_saw_in_his_customers_shop(self):
        wizard = (
            self.env["credit.signal.report"]
            .with_user(self.salesperson)
            .with_context(active_model="res.partner", active_id=self.customer.id)
            .create({"kind_ids": [(6, 0, self._kind("changes").ids)], "note": "A new owner"})
        )
        self.assertEqual(wizard.partner_id, self.customer)
        wizard.action_report()
        signal = self.env["credit.signal"].search([])
        self.assertRecordValues(
            signal,
            [
                {
                    "account_id": self.account.id,
                    "source": "person",
                    "note": "A new owner",
                    "reported_by_id": self.salesperson.id,
                    "weight": 2,
                }
            ],
        )
        self.assertIn("A new owner", self.account.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "already"):
            wizard.action_report()
        wizard.kind_ids = self._kind("slower")
        with self.assertRaisesRegex(UserError, "measured"):
            wizard.action_report()
        with self.assertRaises(AccessError):
            signal.with_user(self.salesperson).action_look("Nothing")
        signal.with_user(self.accountant).action_look("Called: it is the son")
        self.assertEqual((signal.state, signal.looked_by_id), ("looked_at", self.accountant))
        with self.assertRaises(UserError):
            signal.with_user(self.accountant).action_look("Again")
        signal.with_user(self.accountant).action_end()
        self.assertEqual(signal.state, "over")

    def test_early_warnings_are_ranked_by_weight_times_exposure(self):
        self._invoice(1000.0)
        small = self._customer("Small")
        self._invoice(100.0, small)
        report = self.env["credit.signal"].with_user(self.officer)._report
        report(self.account, self._kind("longer_terms"), "Asked")
        report(self._account(small), self._kind("sued"), "Sued")
        warnings = self.env["credit.early.warning"].with_user(self.officer).search([])
        self.assertRecordValues(
            warnings,
            [
                {"account_id": self.account.id, "weight": 2, "urgency": 2000.0},
                {"account_id": self._account(small).id, "weight": 8, "urgency": 800.0},
            ],
        )
        self.assertEqual(warnings[1].kinds, "Sued, enforcement or insolvency notice")

    def test_reports_are_over_after_their_time(self):
        self.env["credit.signal"].with_user(self.officer)._report(
            self.account, self._kind("young_large"), "Large"
        )
        with freeze_time("2026-06-08"):
            self.env["credit.signal"]._end_old_reports(self.company)
        self.assertTrue(self._open())
        with freeze_time("2026-06-09"):
            self.env["credit.signal"]._end_old_reports(self.company)
        self.assertFalse(self._open())

    # ------------------------------------------------------------------
    # Checklists, visits, stop list
    # ------------------------------------------------------------------

    def test_a_checklist_expires(self):
        template = self.env.ref("credit_collection.credit_checklist_new_customer")
        checklist = template.with_user(self.accountant)._start(self.account)
        self.assertEqual(template.with_user(self.accountant)._start(self.account), checklist)
        self.assertEqual((checklist.state, checklist.question_count), ("open", 18))
        checklist.line_ids.write({"answer": "yes", "source": "Register"})
        self.assertEqual(checklist.line_ids[0].answered_by_id, self.accountant)
        unfinished = self.env["credit.checklist"]._unfinished
        self.assertFalse(unfinished(self.account))
        with freeze_time("2026-09-10"):
            checklist.invalidate_recordset()
            self.assertEqual(checklist.state, "expired")  # suits are looked at every 180 days
            self.assertEqual(unfinished(self.account), {self.account.id})
        with self.assertRaises(AccessError):
            checklist.with_user(self.accountant).line_ids[0].name = "Something easier"
        with self.assertRaises(AccessError):
            template.with_user(self.accountant).line_ids[0].name = "Something easier"

    def test_what_a_visit_finds_raises_signals(self):
        template = self.env.ref("credit_collection.credit_checklist_visit")
        visit = template.with_user(self.accountant)._start(self.account)
        visit.line_ids.write({"answer": "yes"})
        court = visit.line_ids.filtered(lambda x: x.signal_kind_id == self._kind("sued"))
        court.write({"answer": "no", "note": "A bailiff's seal on the van"})
        visit.action_finish_visit()
        signal = self.env["credit.signal"].search([])
        self.assertRecordValues(
            signal,
            [
                {
                    "source": "visit",
                    "note": "A bailiff's seal on the van",
                    "kind_id": self._kind("sued").id,
                }
            ],
        )
        self.assertIn("Visited", self.account.message_ids[0].body)

    def test_a_visit_is_a_contact_of_the_desk(self):
        person = self._customer("Owner", parent_id=self.customer.id, company_type="person")
        template = self.env.ref("credit_collection.credit_checklist_visit")
        visit = template._start(self.account).with_user(self.officer)
        visit.line_ids.write({"answer": "yes"})
        visit.write({"visit_outcome": "call_back", "visit_partner_id": person.id})
        visit.action_finish_visit()
        contact = self.env["credit.contact"].search([("account_id", "=", self.account.id)])
        self.assertRecordValues(
            contact,
            [
                {
                    "kind": "visit",
                    "outcome": "call_back",
                    "contact_partner_id": person.id,
                    "user_id": self.officer.id,
                }
            ],
        )
        self.assertIn("Visited", contact.note)

    def test_a_new_customer_is_looked_at_once(self):
        self.customer.write({"vat": "US12345678", "street": "1 Elm St", "zip": "04101"})
        self.env["credit.stop"].with_user(self.officer).create(
            {"account_id": self.account.id, "reason": "False papers", "kind": "fraud"}
        )
        phoenix = self._customer("Phoenix", vat="US 12345678")
        honest = self._customer("Honest")
        files = self._account(phoenix) | self._account(honest)
        self._run_cron("credit_newcomer_cron")
        self.assertIn("Deco", files[0].newcomer_findings)
        self.assertFalse(files[1].newcomer_findings)
        self.assertEqual(files.mapped("newcomer_on"), [date(2026, 3, 10)] * 2)
        self.assertEqual(len(files[0].activity_ids), 1)
        self._run_cron("credit_newcomer_cron")
        self.assertEqual(len(files[0].activity_ids), 1)

    def test_who_looks_like_an_insolvent_one_is_found(self):
        self.customer.vat = "US12345678"
        invoice = self._invoice(100.0, date="2026-01-01", due="2026-01-31")
        case = self.env["credit.case"].create(
            {
                "account_id": self.account.id,
                "road": "insolvency",
                "move_line_ids": [
                    Command.set(
                        invoice.line_ids.filtered(
                            lambda line: line.account_type == "asset_receivable"
                        ).ids
                    )
                ],
                **{f"check_{name}": "Seen" for name in ("legality", "evidence", "assets")},
                "check_authority": "Seen",
            }
        )
        twin = self._account(self._customer("Twin", vat="us 12345678"))
        self.assertFalse(twin.alike)
        case.action_open()
        twin.invalidate_recordset()
        self.assertIn("Deco Ltd: stopped or insolvent", twin.alike)

    def test_a_check_takes_its_paper(self):
        template = self.env.ref("credit_collection.credit_checklist_new_customer")
        checklist = template.with_user(self.accountant)._start(self.account)
        line = checklist.line_ids[0]
        line.write({"answer": "yes", "paper": b64encode(b"extract"), "paper_name": "extract.pdf"})
        self.assertEqual(
            (line.attachment_id.name, line.attachment_id.raw), ("extract.pdf", b"extract")
        )
        self.assertEqual(
            (line.attachment_id.res_model, line.attachment_id.res_id), (line._name, line.id)
        )
        self.env.invalidate_all()
        self.assertEqual(line.with_user(self.officer).paper, b64encode(b"extract"))
        line.paper = False
        self.assertFalse(line.attachment_id)

    def test_a_first_limit_makes_somebody_look_at_the_tax_number(self):
        france = self.env.ref("base.fr")
        odd = self._customer("Odd", country_id=france.id, vat="FR99999999999")
        account = self._account(odd)
        account.newcomer_on = False

        def checks(_partner, country, vat, *_args, validation="error", **_kwargs):
            if validation:
                raise ValidationError("wrong")
            return vat, country.code

        with patch.object(type(odd), "_run_vat_checks", checks, create=True):
            self._limit(500.0, odd)
        self.assertIn("FR99999999999 is not valid in France", account.newcomer_findings)

    def test_a_colleague_sees_of_a_group_only_the_total(self):
        sister = self._customer("Sister")
        self.customer.user_id = self.salesperson
        self._invoice(300.0)
        self._invoice(200.0, partner=sister)
        group = self.env["credit.group"].create(
            {
                "name": "Holding",
                "amount": 1000.0,
                "partner_ids": [(6, 0, [self.customer.id, sister.id])],
            }
        )
        self.env.flush_all()
        seller = self.account.with_user(self.salesperson)
        self.assertIn("500.00", seller.group_total)
        self.assertNotIn("Sister", seller.group_total)
        self.assertIs(self._account(self._customer("Alone")).group_total, False)
        with self.assertRaises(AccessError):
            group.with_user(self.salesperson).read(["partner_ids"])
        # A collector of one company alone: the sister company's file is in the total only.
        other = self.env["res.company"].create({"name": "Other Ltd"})
        self.env["credit.account"]._get(self.customer, other)
        group.over_companies = True
        group.invalidate_recordset()
        seen = group.with_user(self.officer)
        self.assertEqual(len(seen.account_ids), 2)
        self.assertEqual((seen.hidden_count, seen.exposure), (1, 500.0))

    def test_whoever_is_on_the_stop_list_is_held_at_once(self):
        self.customer.write({"vat": "US12345678", "street": "1 Elm St", "zip": "04101"})
        with self.assertRaises(AccessError):
            self.env["credit.stop"].with_user(self.salesperson).create(
                {"account_id": self.account.id, "reason": "No"}
            )
        stop = (
            self.env["credit.stop"]
            .with_user(self.officer)
            .create(
                {
                    "account_id": self.account.id,
                    "kind": "insolvent",
                    "reason": "Petition filed",
                    "date_to": "2026-03-31",
                }
            )
        )
        order = self._order(10.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        twin = self._account(self._customer("Deco New", vat="us 12345678"))
        self.assertIn("Deco Ltd", twin.alike)
        with freeze_time("2026-03-31"):
            self._run_cron("credit_stop_cron")
        self.assertEqual(stop.state, "active")
        with freeze_time("2026-04-01"):
            self._run_cron("credit_stop_cron")
        self.assertEqual(stop.state, "lifted")
        self.assertFalse(self.account.manual_hold)
        with self.assertRaisesRegex(UserError, "Lifted"):
            stop.with_user(self.officer).action_lift()

    def test_look_ups_are_filled_with_the_customers_data(self):
        self.customer.write({"country_id": self.env.ref("base.uk").id, "vat": False})
        links = str(self.account.lookup_links)
        self.assertIn("search?q=Deco%20Ltd", links)
        self.assertNotIn("vies", links)
