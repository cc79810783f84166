"""Plans are signed and balances confirmed or contested on the page; who tries otherwise fails."""

from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import JsonRpcException, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..followup.common import TODAY
from .common import PortalCase

PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhf"
    "DwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
REGISTER = "position=Director&authority=Register"


class AgreementCase(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rooms = cls.env["res.groups"].union(
            *(
                cls.env.ref(f"credit_collection.credit_room_{room}")
                for room in ("plans", "confirmations", "cases", "interest")
            )
        )
        cls.env.ref("base.group_user").implied_ids += rooms
        cls.rival = cls._customer("Rival Ltd")
        new_test_user(
            cls.env,
            "rival",
            groups="base.group_portal",
            partner_id=cls._person("Rita", "rita@rival.example.com", cls.rival).id,
        )

    def setUp(self):
        super().setUp()
        self.authenticate("paula", "paula")

    def _answer(self, path, **values):
        """What a signature form gets back."""
        return self.make_jsonrpc_request(path, {"signature": PICTURE, **values})


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalPlan(AgreementCase):
    def _offered(self, user=None, **values):
        plan = (
            self.env["credit.plan"]
            .with_user(user or self.manager)
            .create({"account_id": self._account().id, "first_date": "2026-03-31", **values})
        )
        plan.action_generate()
        plan.action_offer()
        return plan

    def _sign(self, plan, terms=None, **values):
        terms = terms or plan.sudo()._portal_terms()
        return self._answer(
            f"/my/credit/plan/{plan.id}/sign/{terms}", **{"name": "Paula Deco", **values}
        )

    def test_what_is_offered_is_seen_signed_and_accepted(self):
        invoice = self._late(1000.0)
        plan = self._offered()
        self.assertIn("Please sign", self.url_open("/my/credit").text)
        page = self.url_open(f"/my/credit/plan/{plan.id}")
        for text in (invoice.name, "333.33", "333.34", "portal.signature_form"):
            self.assertIn(text, page.text)
        answer = self._sign(plan)
        self.assertEqual(answer["redirect_url"], f"/my/credit/plan/{plan.id}?said=plan")
        self.assertRecordValues(
            plan,
            [
                {
                    "state": "accepted",
                    "customer_signed_by": "Paula Deco",
                    "contact_partner_id": self.paula.id,
                    "accepted_by_id": self.manager.id,
                }
            ],
        )
        self.assertTrue(plan.signed_document)
        self.assertFalse(self._plan())
        self.assertIn("The plan is agreed", self.url_open(answer["redirect_url"]).text)

    def test_a_plan_stands_for_what_was_promised_of_its_items(self):
        invoice = self._late(1000.0)
        plan = self._offered()
        page = self.url_open("/my/credit")
        self._post("/my/credit/promise", page, items=self._item(invoice).id, date="2026-03-18")
        promise = self._account().promise_ids
        self.assertEqual(promise.state, "open")
        self._sign(plan)
        self.assertEqual((plan.state, promise.state), ("accepted", "cancelled"))
        self.assertEqual(plan.promise_id.state, "open")

    def test_above_the_authority_of_who_offered_it_waits_for_somebody(self):
        self._late(1000.0)
        plan = self._offered(user=self.collector)
        self._sign(plan)
        self.assertEqual((plan.state, plan.customer_signed_by), ("offered", "Paula Deco"))
        self.assertIn("Signed, being looked at", self.url_open("/my/credit").text)
        self.assertTrue(
            self._account().activity_ids.filtered(lambda activity: plan.name in activity.summary)
        )
        plan.with_user(self.manager).action_accept()
        self.assertEqual(plan.state, "accepted")

    def test_signed_it_stays_as_it_was_signed(self):
        self._late(1000.0)
        plan = self._offered(user=self.collector)
        self._sign(plan)
        for change in (
            lambda: plan.write({"down_payment": 10.0}),
            lambda: plan.line_ids[0].write({"amount": 1.0}),
            lambda: plan.line_ids[0].unlink(),
            plan.action_generate,
        ):
            with self.assertRaisesRegex(UserError, "has signed it"):
                change()
        plan.action_withdraw()
        self.assertFalse(plan.customer_signed_on)
        plan.down_payment = 10.0

    def test_signed_papers_are_not_replaced(self):
        self._late(1000.0)
        plan = self._offered()
        self._sign(plan)
        papers = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "credit.plan"),
                ("res_id", "=", plan.id),
                ("res_field", "in", ("signed_document", "customer_signature")),
            ]
        )
        self.assertEqual(len(papers), 2)
        for person in (self.collector, self.manager):
            for paper in papers.with_user(person):
                with self.assertRaises(UserError), self.cr.savepoint():
                    paper.write({"raw": b"Something else"})
                with self.assertRaises(UserError), self.cr.savepoint():
                    paper.unlink()
        self.assertEqual(papers.exists(), papers)

    def test_an_employee_signs_nothing(self):
        self._late(1000.0)
        plan = self._offered()
        self.authenticate("carla", "carla")
        self.assertIn("Only the customer", self._sign(plan)["error"])
        self.assertFalse(plan.customer_signed_on)

    def test_changed_since_it_was_read_it_is_not_signed(self):
        self._late(1000.0)
        plan = self._offered()
        terms = plan.sudo()._portal_terms()
        plan.line_ids[0].write({"date": "2026-03-20"})
        self.assertIn("changed", self._sign(plan, terms)["error"])
        self.assertFalse(plan.customer_signed_on)

    def test_twice_withdrawn_or_paid_is_refused(self):
        invoice = self._late(1000.0)
        plan = self._offered(user=self.collector)
        self._sign(plan)
        self.assertIn("signed already", self._sign(plan, name="Somebody Else")["error"])
        self.assertEqual(plan.customer_signed_by, "Paula Deco")
        plan.action_withdraw()
        self.assertIn("not there", self._sign(plan)["error"])
        plan.action_offer()
        self._pay(invoice)
        self.assertIn("no open debt", self._sign(plan)["error"])
        self.assertFalse(plan.customer_signed_on)

    def test_without_a_picture_or_a_name_nothing_is_signed(self):
        self._late(1000.0)
        plan = self._offered()
        for values in (
            {"signature": None},
            {"signature": "PHNjcmlwdC8+"},
            {"signature": "%%%"},
            {"name": "  "},
        ):
            with self.subTest(**values):
                self.assertTrue(self._sign(plan, **values)["error"])
        self.assertFalse(plan.customer_signed_on)

    def test_drafts_and_plans_of_others_are_not_there(self):
        self._late(1000.0)
        plan = self._offered()
        draft = self.env["credit.plan"].with_user(self.manager)
        self._late(70.0, partner=self.rival)
        draft = draft.create({"account_id": self._account(self.rival).id})
        for path in ("", "/pdf"):
            self.assertEqual(self.url_open(f"/my/credit/plan/{draft.id}{path}").status_code, 404)
            self.assertEqual(self.url_open(f"/my/credit/plan/999999{path}").status_code, 404)
        self.authenticate("rival", "rival")
        for path in ("", "/pdf"):
            self.assertEqual(self.url_open(f"/my/credit/plan/{plan.id}{path}").status_code, 404)
        self.assertIn("not there", self._sign(plan)["error"])
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(f"/my/credit/plan/{plan.id}").url)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._sign(plan)
        self.assertFalse(plan.customer_signed_on)

    def test_who_lost_the_right_and_rooms_switched_off(self):
        self._late(1000.0)
        plan = self._offered()
        self.paula.credit_portal_denied = True
        self.assertEqual(self.url_open(f"/my/credit/plan/{plan.id}").status_code, 404)
        self.assertIn("not there", self._sign(plan)["error"])
        self.paula.credit_portal_denied = False
        group = self.env.ref("credit_collection.credit_room_plans")
        self.env.ref("base.group_user").implied_ids = [Command.unlink(group.id)]
        self.assertEqual(self.url_open(f"/my/credit/plan/{plan.id}").status_code, 404)

    def test_too_many_signatures_are_stopped(self):
        self._late(1000.0)
        plan = self._offered()
        with self._limit_of("WORDS", (1, 60)):
            self._sign(plan, name=" ")
            self.assertIn("Too many", self._sign(plan)["error"])
        self.assertFalse(plan.customer_signed_on)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalConfirmation(AgreementCase):
    def _asked(self, partner=None):
        account = self._account(partner)
        made = (
            self.env["credit.balance.confirmation"]
            .with_user(self.collector)
            ._generate(
                self.company, date(2026, 1, 1), date(2026, 2, 28), account, date(2026, 3, 31)
            )
        )
        made.action_send()
        return made

    def _confirm(self, confirmation, said=REGISTER, **values):
        path = f"/my/credit/confirmation/{confirmation.id}/sign?{said}"
        return self._answer(path, **{"name": "Paula Deco", **values})

    def _contest(self, confirmation, **values):
        path = f"/my/credit/confirmation/{confirmation.id}"
        return self._post(f"{path}/contest", self.url_open(path), **values)

    def test_confirmed_with_name_position_authority_and_signature(self):
        self._invoice(500.0, date="2026-02-01", due="2026-03-01")
        confirmation = self._asked()
        self.assertIn("Please answer", self.url_open("/my/credit").text)
        path = f"/my/credit/confirmation/{confirmation.id}"
        self.assertIn("500.00", self.url_open(path).text)
        self.assertNotIn("portal.signature_form", self.url_open(path).text)
        self.assertIn("portal.signature_form", self.url_open(f"{path}?{REGISTER}").text)
        self.assertEqual(self.url_open(f"{path}/pdf").content, confirmation.sudo().pdf_id.raw)
        answer = self._confirm(confirmation)
        self.assertEqual(answer["redirect_url"], f"{path}?said=confirmed")
        self.assertRecordValues(
            confirmation,
            [
                {
                    "state": "confirmed",
                    "confirmed_by": "Paula Deco",
                    "confirmed_position": "Director",
                    "confirmed_authority": "Register",
                    "their_closing": 500.0,
                }
            ],
        )
        self.assertTrue(confirmation.signature)
        self.assertTrue(confirmation._is_intact())

    def test_answered_once_and_for_all(self):
        self._invoice(500.0, date="2026-02-01", due="2026-03-01")
        confirmation = self._asked()
        page = self.url_open(f"/my/credit/confirmation/{confirmation.id}")
        self._confirm(confirmation)
        self.assertIn("answered already", self._confirm(confirmation, name="Other")["error"])
        again = self._post(
            f"/my/credit/confirmation/{confirmation.id}/contest",
            page,
            contested=confirmation.line_ids.ids,
        )
        self.assertEqual(again.status_code, 400)
        self.assertEqual(
            (confirmation.state, confirmation.confirmed_by), ("confirmed", "Paula Deco")
        )

    def test_contested_line_by_line(self):
        right = self._invoice(500.0, date="2026-02-01", due="2026-03-01")
        wrong = self._invoice(200.0, date="2026-02-10", due="2026-03-10")
        confirmation = self._asked()
        line = confirmation.line_ids.filtered(lambda row: row.move_line_id == self._item(wrong))
        answer = self._contest(
            confirmation,
            **{
                f"their_{line.id}": "150",
                f"note_{line.id}": "Price of 150 agreed",
                "own_date_0": "2026-02-20",
                "own_name_0": "Our payment 17",
                "own_amount_0": "-30",
            },
        )
        self.assertIn("We look into it", answer.text)
        # ours 700; they have 150 for the second and a payment of 30: 620
        self.assertRecordValues(
            confirmation,
            [{"state": "contested", "their_closing": 620.0, "explained": 80.0, "unexplained": 0.0}],
        )
        dispute = self._account().dispute_ids
        self.assertRecordValues(
            dispute,
            [
                {
                    "move_line_id": self._item(wrong).id,
                    "amount": 50.0,
                    "note": "Price of 150 agreed",
                }
            ],
        )
        self.assertNotIn(self._item(right), dispute.move_line_id)
        self.assertTrue(
            self._account().activity_ids.filtered(
                lambda activity: confirmation.name in activity.summary
            )
        )

    def test_numbers_that_are_none_and_rows_of_others_are_refused(self):
        self._invoice(500.0, date="2026-02-01", due="2026-03-01")
        self._invoice(70.0, partner=self.rival, date="2026-02-01", due="2026-03-01")
        confirmation, foreign = self._asked(), self._asked(self.rival)
        line = confirmation.line_ids
        for values in (
            {"contested": foreign.line_ids.id},
            {"contested": line.id, f"their_{line.id}": "nan"},
            {"contested": line.id, f"their_{line.id}": "1e300"},
            {"own_name_0": "Without a day", "own_amount_0": "5"},
            {"their_closing": "abc"},
            {},
        ):
            with self.subTest(**values):
                self.assertEqual(self._contest(confirmation, **values).status_code, 400)
        self.assertEqual((confirmation.state, foreign.state), ("sent", "sent"))
        self.assertFalse(foreign.line_ids.contested)

    def test_without_authority_or_picture_nothing_is_confirmed(self):
        self._invoice(500.0, date="2026-02-01", due="2026-03-01")
        confirmation = self._asked()
        for said, values in (
            ("position=Director", {}),
            ("", {}),
            (REGISTER, {"signature": "abc"}),
            (REGISTER, {"name": ""}),
        ):
            with self.subTest(said=said, **values):
                self.assertTrue(self._confirm(confirmation, said, **values)["error"])
        self.assertEqual(confirmation.state, "sent")

    def test_what_is_not_sent_or_of_others_is_not_there(self):
        self._invoice(500.0, date="2026-02-01", due="2026-03-01")
        confirmation = self._asked()
        page = self.url_open(f"/my/credit/confirmation/{confirmation.id}")
        self.authenticate("rival", "rival")
        path = f"/my/credit/confirmation/{confirmation.id}"
        for place in ("", "/pdf"):
            self.assertEqual(self.url_open(path + place).status_code, 404)
        self.assertIn("not there", self._confirm(confirmation)["error"])
        forged = self._post(f"{path}/contest", page, their_closing="1")
        self.assertIn(forged.status_code, (400, 404))
        self.assertEqual(confirmation.state, "sent")
        self.authenticate("paula", "paula")
        confirmation.action_cancel()
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertIn("not there", self._confirm(confirmation)["error"])


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalAsks(AgreementCase):
    """The page asks for what letter and statement ask for."""

    def _on_account(self, amount):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "journal_id": self.bank.id,
                "date": TODAY,
            }
        )
        payment.action_post()

    def _group(self):
        [section] = self.env["credit.account"]._portal_files(self.paula)._portal_sections()
        [group] = section["currencies"]
        return group

    def _asked(self):
        [group] = self._account()._due_now()[self._account()]
        return group["to_pay"]

    def test_credits_are_set_off_as_in_the_letter(self):
        first = self._late(1000.0, days=20)
        second = self._late(500.0, days=5)
        self._on_account(200.0)
        group = self._group()
        self.assertEqual((group["asked"], self._asked(), self._plan().amount), (1300.0,) * 3)
        payable = {row["line"]: row["payable"] for row in group["rows"]}
        self.assertEqual(payable, {self._item(first): 800.0, self._item(second): 500.0})
        lines = self._item(first) | self._item(second)
        self._settle(self._begin(lines, 1300.0))
        self.assertEqual((self._group()["asked"], self._asked()), (0.0, 0.0))
        self.assertEqual(sum(lines.mapped("amount_residual")), 200.0)

    def test_what_is_promised_waits_and_its_credit_with_it(self):
        invoice = self._late(1000.0)
        self._on_account(200.0)
        page = self.url_open("/my/credit")
        self._post("/my/credit/promise", page, items=self._item(invoice).id, date="2026-03-18")
        group = self._group()
        self.assertEqual((group["asked"], self._asked()), (0.0, 0.0))
        self.assertEqual([row["payable"] for row in group["rows"]], [800.0])
        self._settle(self._begin(self._item(invoice), 800.0))
        self.assertEqual(self._account().promise_ids.state, "kept")

    def test_a_credit_note_settles_what_is_disputed_first(self):
        invoice = self._late(1000.0)
        self.env["credit.dispute"].with_user(self.collector).create(
            {
                "account_id": self._account().id,
                "move_line_id": self._item(invoice).id,
                "amount": 300.0,
                "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
            }
        )
        self._credit_note(300.0)
        group = self._group()
        self.assertEqual((group["asked"], self._asked()), (700.0, 700.0))
        self.assertEqual([row["payable"] for row in group["rows"]], [700.0])

    def test_with_our_lawyers(self):
        invoice = self._late(1000.0)
        lawyer = self.env["res.partner"].create({"name": "Law and Sons", "phone": "+1 555 01"})
        case = self.env["credit.case"]._hand_over(self._account())
        case.write(
            {
                "lawyer_id": lawyer.id,
                **{
                    f"check_{name}": "Looked at"
                    for name in ("legality", "evidence", "assets", "authority")
                },
            }
        )
        self.assertNotIn("Law and Sons", self.url_open("/my/credit").text)
        case.with_user(self.manager).action_open()
        page = self.url_open("/my/credit")
        self.assertIn("With our lawyers", page.text)
        self.assertIn("Law and Sons", page.text)
        item = self._item(invoice)
        said = self._post("/my/credit/promise", page, items=item.id, date="2026-03-18")
        self.assertIn("agree on a day with them", said.text)
        self._settle(self._begin(item, 1000.0))
        self.assertTrue(item.reconciled)

    def test_interest_to_date(self):
        rule = self.env["credit.interest.rule"].create(
            {"name": "Contract", "kind": "yearly", "rate": 36.5}
        )
        self._account().interest_rule_id = rule
        self._late(1000.0)
        # three days at 0.1 % a day
        self.assertEqual(self._group()["interest"], 3.0)
        self.assertIn("Interest to date", self.url_open("/my/credit").text)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalDiscount(AgreementCase):
    """3 % within ten days, 2 % within twenty: the day on which the payment begins decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "3/10 2/20 net 30",
                "early_discount": True,
                "discount_percentage": 3.0,
                "discount_days": 10,
                "early_pay_discount_computation": "included",
                "credit_tier_ids": [Command.create({"percent": 2.0, "days": 20})],
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )

    def _bought(self, days_ago, amount=1000.0):
        return self._invoice(
            amount,
            date=self._day(-days_ago),
            invoice_payment_term_id=self.term.id,
            invoice_date_due=False,
        )

    def test_first_tier_second_tier_and_too_late(self):
        for days, discount, payable in ((10, 30.0, 970.0), (11, 20.0, 980.0), (21, 0.0, 1000.0)):
            with self.subTest(days=days):
                invoice = self._bought(days)
                [row] = self._account()._portal_rows(self._item(invoice))
                self.assertEqual((row["discount"], row["payable"]), (discount, payable))
        self.assertIn("Discount until", self.url_open("/my/credit").text)

    def test_paid_with_its_discount_it_is_settled(self):
        item = self._item(self._bought(11))
        page = self.url_open(f"/my/credit/pay?items={item.id}")
        self.assertIn("Discount taken off", page.text)
        self.assertIn("980.00", page.text)
        transaction = self._begin(item, 980.0)
        self._settle(transaction)
        self.assertTrue(item.reconciled)
        self.assertEqual(transaction.payment_id.amount, 980.0)
        lost = transaction.payment_id.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type in ("expense", "income_other", "income")
        )
        self.assertEqual(sum(lost.mapped("balance")), 20.0)

    def test_begun_in_time_it_is_earned_however_long_the_bank_takes(self):
        item = self._item(self._bought(20))
        transaction = self._begin(item, 980.0)
        transaction._set_pending()
        with freeze_time(self._day(3)):
            self._settle(transaction)
        self.assertTrue(item.reconciled)

    def test_with_another_invoice_and_with_a_dispute(self):
        item, other = self._item(self._bought(5)), self._item(self._late(200.0))
        self._settle(self._begin(item | other, 1170.0))
        self.assertTrue(item.reconciled and other.reconciled)
        contested = self._bought(5)
        self.env["credit.dispute"].with_user(self.collector).create(
            {
                "account_id": self._account().id,
                "move_line_id": self._item(contested).id,
                "amount": 100.0,
                "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
            }
        )
        [row] = self._account()._portal_rows(self._item(contested))
        self.assertEqual((row["discount"], row["payable"]), (0.0, 900.0))
        transaction = self._begin(self._item(contested), 900.0)
        self._settle(transaction)
        self.assertEqual(self._item(contested).amount_residual, 100.0, "no discount was granted")
        self.assertEqual(len(transaction.payment_id.move_id.line_ids), 2)
