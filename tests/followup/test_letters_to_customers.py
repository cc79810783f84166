"""What the customer reads: who writes, what was invoiced and paid, where to pay, by which day."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged
from reportlab.graphics.utils import RenderPMError

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestLettersToCustomers(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"street": "1 Harbour Road", "city": "Bristol", "zip": "BS1", "phone": "+44 117 900"}
        )
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "GB33BUKB20201555555555",
                "partner_id": cls.company.partner_id.id,
                "company_id": cls.company.id,
            }
        )
        cls.collector.partner_id.phone = "+44 117 901"
        cls.first.answer_days = 5

    def _body(self):
        message = self._plan()
        return message, str(message._preview()[1])

    def test_who_writes_where_to_pay_by_when(self):
        self._late(1_000)
        message, body = self._body()
        self.assertEqual(message.answer_by, date(2026, 3, 23), "five working days after a Monday")
        for part in ("+44 117 901", "1 Harbour Road", "BS1 Bristol", "GB33BUKB20201555555555"):
            self.assertIn(part, body)
        self.assertEqual(body.count("o_credit_sender"), 1)
        self.assertIn(self._late_reference(message), body)

    def test_the_day_that_a_promise_may_name_is_a_date(self):
        self._late(1_000)
        self.policy.promise_max_days = 9
        message, _body = self._body()
        message.level_id.mail_template_id = self.env.ref(
            "credit_collection.mail_template_followup_demand"
        )
        self.assertIn("a day up to <b>03/25/2026</b>", str(message._preview()[1]))

    def test_a_text_that_is_signed_says_the_sender_once(self):
        self._late(1_000)
        message, _body = self._body()
        name = self.collector.name
        message.body = f"<p>Kind regards,<br/>{name}<br/>{self.company.name}</p>"
        body = str(message._preview()[1])
        self.assertEqual(body.count(name), 1)
        self.assertIn("+44 117 901", body)

    def test_a_statement_of_many_items_says_its_totals_at_the_end_alone(self):
        self._late(1_000)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "credit_collection.credit_statements", self._account().ids
        )[0]
        self.assertIn(b"Total due now", html)
        self.assertNotIn(b"<tfoot", html, "a foot is printed again on each page")

    def test_a_statement_of_what_is_not_due_yet_says_where_to_pay_too(self):
        file = self._account()
        [group] = groups = file._group_by_currency(
            [
                {
                    "currency": self.company.currency_id,
                    "amount": 750.0,
                    "days": -25,
                    "reference": "INV 17",
                }
            ],
            [],
        )
        self.assertEqual(group["to_pay"], 0.0)
        [pay] = file._payments(groups)
        self.assertEqual((pay["amount"], pay["account"]), (750.0, self.bank.acc_number))

    def test_what_is_not_due_yet_and_disputed_is_not_asked_for(self):
        row = {"currency": self.company.currency_id, "days": -25, "reference": "INV 17"}
        groups = self._account()._group_by_currency(
            [{**row, "amount": 1_000.0, "asked": 0.0}, {**row, "amount": 200.0}], []
        )
        self.assertEqual(groups[0]["balance"], 1_200.0)
        [pay] = self._account()._payments(groups)
        self.assertEqual(pay["amount"], 200.0)

    def _late_reference(self, message):
        return message.line_ids.move_id.payment_reference

    def test_edited_text_keeps_one_sender_and_one_table(self):
        self._late(1_000)
        message, body = self._body()
        message.body = body + "<p>See you soon.</p>"
        again = str(message._preview()[1])
        self.assertEqual(again.count("o_credit_sender"), 1)
        self.assertEqual(again.count("o_credit_items"), 1)
        self.assertIn("See you soon", again)

    def test_invoiced_paid_and_instalment(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "In two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 1}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        invoice = self._invoice(
            1_000, date="2026-03-01", post=False, invoice_payment_term_id=term.id
        )
        invoice.action_post()
        self._pay(invoice, amount=200)
        _message, body = self._body()
        self.assertIn("instalment 1 of 2", body)
        for amount in ("500.00", "200.00", "300.00"):
            self.assertIn(amount, body)

    def test_code_to_scan_where_the_account_has_a_format(self):
        self._late(1_000)
        with patch.object(
            self.registry["res.partner.bank"],
            "build_qr_code_base64",
            return_value="data:image/png;base64,AAAA",
        ) as built:
            _message, body = self._body()
        self.assertIn("data:image/png;base64,AAAA", body)
        self.assertEqual(built.call_args.args[0], 1_000.0)

    def test_letter_goes_out_where_no_code_can_be_drawn(self):
        self._late(1_000)
        message = self._plan()
        place = "odoo.addons.credit_collection.models.followup.credit_account_payment_data"
        for error in (RenderPMError("no backend"), ValueError("Cannot convert into barcode.")):
            with (
                patch.object(
                    self.registry["res.partner.bank"], "build_qr_code_base64", side_effect=error
                ),
                self.assertLogs(place, "WARNING"),
            ):
                body = str(message._preview()[1])
            self.assertIn("GB33BUKB20201555555555", body)
            self.assertNotIn("data:image/png", body)

    def test_statement_has_sender_and_account(self):
        self._late(1_000)
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "credit_collection.credit_statement_report", self.file.ids
        )
        text = html.decode()
        self.assertIn("GB33BUKB20201555555555", text)
        self.assertIn("1 Harbour Road", text)

    def test_shipped_ladders_hold_together(self):
        """No level comes before the days have passed that the one before it grants."""
        for shipped in ("distributor", "soft"):
            policy = self.env["credit.policy"].create({"name": shipped, "followup_set": shipped})
            if not policy.followup_level_ids:
                policy._copy_level_set(shipped)
            self.assertFalse(policy.ladder_warning, shipped)
            levels = policy.followup_level_ids.sorted("delay")
            for level, following in zip(levels, levels[1:], strict=False):
                gap = following.delay - level.delay
                self.assertGreaterEqual(gap, level._granted_days())

    def test_policy_warns_and_waits(self):
        """A second level after nine days, when the first grants ten working days."""
        self.first.answer_days = 10
        self.assertIn("First reminder", self.policy.ladder_warning)
        core = {level.id: level for level in self.policy._dunning_settings().levels}
        self.assertEqual(core[self.second.id].quiet_days, 14)

    def test_new_company_starts_softly(self):
        company = self.env["res.company"].create({"name": "Newcomer"})
        delays = company.credit_default_policy_id.followup_level_ids.sorted("delay").mapped("delay")
        self.assertEqual(delays, [-7, 3, 14, 30, 60, 90])
