"""What was promised, disputed and said cannot be invented by a caller, nor by the context."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import Form, freeze_time

from .common import TODAY, DeskCase


@freeze_time(TODAY)
class TestDeskForgery(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.other = cls._customer("Other")

    def _with(self, model, values, **context):
        return self.env[model].with_user(self.collector).with_context(**context).create(values)

    def _promise_values(self, invoice, **values):
        return {
            "account_id": self._account().id,
            "date": "2026-03-15",
            "amount": 400.0,
            "move_line_ids": [Command.set(self._item(invoice).ids)],
            **values,
        }

    def test_promise_takes_no_judgement_from_the_context(self):
        promise = self._with(
            "credit.promise",
            self._promise_values(self._late()),
            default_state="kept",
            default_judged_on="2026-03-01",
            default_broken_on="2026-03-01",
            default_paid=400.0,
            default_missing=1.0,
            default_partial_floor=10**6,
            default_partner_id=self.other.id,
            default_company_id=self.elsewhere.id,
            default_collector_id=self.manager.id,
        )
        self.assertRecordValues(
            promise,
            [
                {
                    "state": "open",
                    "judged_on": False,
                    "broken_on": False,
                    "paid": 0.0,
                    "missing": 400.0,
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "collector_id": False,
                    "made_on": Date.to_date(TODAY),
                    "next_date": Date.to_date("2026-03-15"),
                }
            ],
        )
        self.assertRecordValues(
            promise.line_ids,
            [{"state": "open", "company_id": self.company.id, "partner_id": self.customer.id}],
        )

    def test_promise_takes_no_judgement_from_the_values(self):
        invoice = self._late()
        for forged in (
            {"state": "kept"},
            {"judged_on": "2026-03-01"},
            {"broken_on": False},
            {"paid": 400.0},
            {"missing": 0.0},
            {"partial_floor": 1},
            {"matched_before": -400.0},
            {"amount_company": 1.0},
            {"partner_id": self.other.id},
            {"name": "PTP/1"},
            {"company_id": self.elsewhere.id},
            {"next_date": "2026-04-01"},
        ):
            with self.subTest(forged=forged), self.assertRaises(AccessError), self.cr.savepoint():
                self._with("credit.promise", self._promise_values(invoice, **forged))
        self.assertFalse(self._account().promise_ids)

    def test_paid_item_is_not_promised_or_disputed_by_looking_back(self):
        """A past day in the context does not make paid items open again."""
        invoice = self._late()
        self._pay(invoice, date=TODAY)
        self.env.flush_all()
        reason = self.env.ref("credit_collection.credit_dispute_reason_price")
        with self.assertRaisesRegex(ValidationError, "Nothing is open"), self.cr.savepoint():
            self._with("credit.promise", self._promise_values(invoice), as_of="2026-03-01")
        with self.assertRaisesRegex(ValidationError, "Nothing is open"), self.cr.savepoint():
            self._with(
                "credit.dispute",
                {
                    "account_id": self._account().id,
                    "move_line_id": self._item(invoice).id,
                    "reason_id": reason.id,
                },
                as_of="2026-03-01",
            )

    def _dispute_values(self, invoice, **values):
        return {
            "account_id": self._account().id,
            "move_line_id": self._item(invoice).id,
            "amount": 200.0,
            "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
            **values,
        }

    def test_dispute_takes_nothing_from_the_context(self):
        dispute = self._with(
            "credit.dispute",
            self._dispute_values(self._late()),
            default_state="rejected",
            default_closed_on="2026-03-01",
            default_escalated=True,
            default_outcome="Settled",
            default_partner_id=self.other.id,
            default_company_id=self.elsewhere.id,
        )
        self.assertRecordValues(
            dispute,
            [
                {
                    "state": "open",
                    "closed_on": False,
                    "escalated": False,
                    "outcome": False,
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "opened_on": Date.to_date(TODAY),
                }
            ],
        )

    def test_dispute_takes_no_results_from_the_values(self):
        invoice = self._late()
        for forged in (
            {"state": "closed"},
            {"closed_on": "2026-03-01"},
            {"escalated": True},
            {"opened_on": "2026-01-01"},
            {"partial_floor": 10**6},
            {"amount_company": 1.0},
            {"partner_id": self.other.id},
            {"company_id": self.elsewhere.id},
        ):
            with self.subTest(forged=forged), self.assertRaises(AccessError), self.cr.savepoint():
                self._with("credit.dispute", self._dispute_values(invoice, **forged))
        self.assertFalse(self._account().dispute_ids)

    def test_contact_takes_nothing_from_the_context(self):
        contact = self._with(
            "credit.contact",
            {"account_id": self._account().id, "outcome": "refuses"},
            default_user_id=self.manager.id,
            default_partner_id=self.other.id,
            default_company_id=self.elsewhere.id,
            default_note="They said they would pay",
        )
        self.assertRecordValues(
            contact,
            [
                {
                    "user_id": self.collector.id,
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "note": False,
                }
            ],
        )
        for forged in ({"partner_id": self.other.id}, {"company_id": self.elsewhere.id}):
            with self.subTest(forged=forged), self.assertRaises(AccessError), self.cr.savepoint():
                self._with(
                    "credit.contact",
                    {"account_id": self._account().id, "outcome": "refuses", **forged},
                )

    def test_button_of_the_page_leaves_no_trace_in_the_dispute(self):
        """The page's button says ``default_outcome``; a dispute's outcome is something else."""
        self._late()
        account = self._account().with_user(self.collector)
        action = account.with_context(default_outcome="disputed").action_log_contact()
        form = Form(
            self.env["credit.contact.log"]
            .with_user(self.collector)
            .with_context(**action["context"])
        )
        form.dispute_reason_id = self.env.ref("credit_collection.credit_dispute_reason_price")
        form.save().with_context(**action["context"]).action_log()
        self.assertRecordValues(account.dispute_ids, [{"outcome": False, "amount": 1000.0}])

    def test_dispute_is_settled_by_somebody_who_can_see_it(self):
        """Neither a portal user nor somebody of another company gets a dispute to settle."""
        portal = self.env["res.users"].create(
            {
                "name": "Porta",
                "login": "porta",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        stranger = self._user("eve", "account.group_account_invoice")
        stranger.write(
            {"company_ids": [Command.set(self.elsewhere.ids)], "company_id": self.elsewhere.id}
        )
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        for user in (portal, stranger):
            with self.assertRaisesRegex(UserError, "cannot settle"), self.cr.savepoint():
                self._dispute(invoice, 100.0, owner_id=user.id)
            with self.assertRaisesRegex(UserError, "cannot settle"), self.cr.savepoint():
                dispute.owner_id = user
        self.assertEqual(dispute.owner_id, self.salesperson)

    def test_deadline_of_a_dispute_lies_ahead(self):
        invoice = self._late()
        dispute = self._dispute(invoice, 200.0)
        with self.assertRaisesRegex(UserError, "has passed"), self.cr.savepoint():
            self._dispute(invoice, 100.0, deadline="2026-03-09")
        with self.assertRaisesRegex(UserError, "has passed"), self.cr.savepoint():
            dispute.deadline = "2026-03-09"
        dispute.deadline = TODAY

    def test_promise_that_is_due_to_break_cannot_be_cancelled_away(self):
        promise = self._promise(self._late())
        with freeze_time("2026-03-18"):
            with self.assertRaisesRegex(UserError, "Only an open promise"):
                promise.action_cancel()
        with freeze_time("2026-03-17"):
            promise.action_cancel()
