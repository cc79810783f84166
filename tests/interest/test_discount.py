"""Discount tiers by the day of payment, through Odoo's own ways to pay."""

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import InterestCase


@freeze_time("2026-03-10 12:00:00")
@tagged("post_install", "-at_install")
class TestDiscount(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._term()
        cls.loss = cls.env["account.account"].create(
            {"name": "Discounts given", "code": "99980", "account_type": "expense"}
        )
        cls.company.account_journal_early_pay_discount_loss_account_id = cls.loss

    @classmethod
    def _term(cls, tiers=((2.0, 14),), computation="included", **values):
        return cls.env["account.payment.term"].create(
            {
                "name": "3/7, 2/14, net 30",
                "early_discount": True,
                "discount_percentage": 3.0,
                "discount_days": 7,
                "early_pay_discount_computation": computation,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
                "credit_tier_ids": [
                    Command.create({"percent": percent, "days": days}) for percent, days in tiers
                ],
                **values,
            }
        )

    def _sold(self, amount=1000.0, taxed=False, term=None, **values):
        """An invoice of 1 March."""
        invoice = self._invoice(
            amount,
            date="2026-03-01",
            post=False,
            **values,
        )
        invoice.invoice_line_ids.tax_ids = self.tax if taxed else False
        invoice.invoice_payment_term_id = term or self.term
        invoice.action_post()
        return invoice

    def _paid(self, invoice, day):
        """Register a payment as proposed; return what came in."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day})
        )
        payment = wizard._create_payments()
        return payment.amount

    def test_the_day_of_payment_chooses_the_tier(self):
        for day, paid in (
            ("2026-03-08", 970.0),
            ("2026-03-09", 980.0),
            ("2026-03-15", 980.0),
            ("2026-03-16", 1000.0),
        ):
            invoice = self._sold()
            self.assertEqual(self._paid(invoice, day), paid, day)
            self.assertEqual(invoice.amount_residual, 0, day)

    def test_the_discount_goes_to_its_account(self):
        invoice = self._sold()
        self._paid(invoice, "2026-03-10")
        lines = self.env["account.move.line"].search([("account_id", "=", self.loss.id)])
        self.assertEqual(sum(lines.mapped("balance")), 20.0)
        natures = self._item(invoice).matched_credit_ids._credit_settlement_nature()
        [parts] = natures.values()
        self.assertEqual(parts, {"cash": 980.0, "discount": 20.0})

    def test_the_tax_is_reduced_with_it(self):
        invoice = self._sold(taxed=True)
        self.assertEqual(invoice.amount_total, 1150.0)
        self.assertEqual(self._paid(invoice, "2026-03-10"), 1127.0)
        self.assertEqual(invoice.amount_residual, 0)
        lines = self.env["account.move.line"].search([("account_id", "=", self.loss.id)])
        self.assertEqual(sum(lines.mapped("balance")), 20.0)
        entry = lines.move_id
        tax = entry.line_ids.filtered("tax_repartition_line_id")
        self.assertEqual(sum(tax.mapped("balance")), 3.0)

    def test_or_never_touches_the_tax(self):
        term = self._term(computation="excluded")
        invoice = self._sold(taxed=True, term=term)
        self.assertEqual(self._paid(invoice, "2026-03-10"), 1130.0)
        self.assertEqual(invoice.amount_residual, 0)

    def test_mixed_is_refused_with_several_tiers(self):
        with self.assertRaises(ValidationError):
            self._term(computation="mixed")
        self._term(computation="mixed", tiers=())

    def test_tiers_get_later_and_lower(self):
        for tiers in (((2.0, 7),), ((3.0, 14),), ((2.0, 14), (2.5, 20))):
            with self.assertRaises(ValidationError):
                self._term(tiers)
        with self.assertRaises(ValidationError):
            self._term(early_discount=False)

    def test_yearly_cost_stands_beside_each_tier(self):
        """D5: 2/14 net 30 costs 46.6 % a year."""
        self.assertAlmostEqual(self.term.credit_tier_ids.yearly_cost, 0.466, 3)
        self.assertAlmostEqual(self.term.credit_yearly_cost, 0.4908, 3)

    def test_in_another_currency(self):
        euro = self.env.ref("base.EUR") if self.currency.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2026-01-01", "rate": 0.8}
        )
        invoice = self._sold(currency_id=euro.id)
        self.assertEqual(self._paid(invoice, "2026-03-10"), 980.0)
        self.assertTrue(self._item(invoice).reconciled)

    def test_d6_a_part_payment_earns_its_share(self):
        invoice = self._sold()
        wizard = (
            self.env["credit.discount.part.payment"]
            .with_user(self.biller)
            .create({"move_id": invoice.id, "amount": 485.0, "date": "2026-03-10"})
        )
        self.assertEqual((wizard.discount, wizard.left), (9.90, 505.10))
        wizard.action_pay()
        self.assertEqual(invoice.amount_residual, 505.10)

    def test_d6_with_its_tax(self):
        invoice = self._sold(taxed=True)
        wizard = (
            self.env["credit.discount.part.payment"]
            .with_user(self.biller)
            .create({"move_id": invoice.id, "amount": 563.5, "date": "2026-03-10"})
        )
        wizard.action_pay()
        self.assertEqual(invoice.amount_residual, 575.0)
        lines = self.env["account.move.line"].search([("account_id", "=", self.loss.id)])
        self.assertEqual(sum(lines.mapped("balance")), 10.0)

    def test_a_part_payment_after_the_last_day_is_refused(self):
        invoice = self._sold()
        wizard = (
            self.env["credit.discount.part.payment"]
            .with_user(self.biller)
            .create({"move_id": invoice.id, "amount": 485.0, "date": "2026-03-16"})
        )
        with self.assertRaises(UserError):
            wizard.action_pay()

    def test_a_credit_note_earns_no_discount(self):
        invoice = self._sold()
        self.assertFalse(self._sold(move_type="out_refund")._credit_discount_tiers())
        self.assertEqual(len(invoice._credit_discount_tiers()), 2)

    def test_shown_on_the_invoice(self):
        invoice = self._sold()
        self.assertEqual(invoice.credit_discount_text, "3 % until 03/08/2026, 2 % until 03/15/2026")
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html("account.report_invoice", invoice.ids)
        self.assertIn("2 % until 03/15/2026", html[0].decode())

    def test_taken_missed_and_taken_too_late(self):
        taken, missed, late, possible = (self._sold() for _ in range(4))
        self._paid(taken, "2026-03-08")
        self._pay(missed, 1000.0, "2026-03-20")
        self._pay(late, 970.0, "2026-03-20")
        self.env.flush_all()
        uses = {
            row.move_id: row.use
            for row in self.env["credit.discount.use"].search(
                [("partner_id", "=", self.customer.id)]
            )
        }
        self.assertEqual(
            [uses[invoice] for invoice in (taken, missed, late, possible)],
            ["taken", "missed", "late", "open"],
        )
        row = self.env["credit.discount.use"].search([("move_id", "=", late.id)])
        row.with_user(self.collector).action_dispute()
        dispute = self.env["credit.dispute"].search([("move_id", "=", late.id)])
        self.assertEqual(dispute.amount, 30.0)


@freeze_time("2026-03-10 12:00:00")
@tagged("post_install", "-at_install")
class TestEvent(InterestCase):
    def _sold(self, counted_from="delivery", days=10):
        term = self.env["account.payment.term"].create(
            {
                "name": "After delivery",
                "credit_counted_from": counted_from,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": days})
                ],
            }
        )
        invoice = self._invoice(1000.0, date="2026-02-01", post=False)
        invoice.invoice_payment_term_id = term
        invoice.action_post()
        return invoice

    def test_provisional_until_the_event_and_never_overdue(self):
        invoice = self._sold()
        self.assertTrue(invoice.credit_due_is_provisional)
        self.assertEqual(str(self._item(invoice).date_maturity), "2026-03-20")
        with freeze_time("2026-04-10 12:00:00"):
            self.env["account.move"]._cron_credit_provisional_due_dates()
            self.assertEqual(str(self._item(invoice).date_maturity), "2026-04-20")
            self.assertFalse(self._open_item(invoice).is_overdue)
            self.assertEqual(self._total("2026-04-10"), 0)

    def test_the_event_fixes_the_due_date(self):
        invoice = self._sold()
        invoice.credit_event_date = "2026-02-20"
        self.assertFalse(invoice.credit_due_is_provisional)
        self.assertEqual(str(self._item(invoice).date_maturity), "2026-03-02")
        self.assertTrue(self._open_item(invoice).is_overdue)
        self.assertEqual(self._total("2026-03-10"), 8.0)

    def test_without_a_day_a_reasonable_time_after_the_demand(self):
        invoice = self._sold("demand")
        invoice.credit_event_date = "2026-02-20"
        self.assertEqual(str(self._item(invoice).date_maturity), "2026-02-27")

    def test_a_plain_term_has_no_event(self):
        with self.assertRaises(UserError):
            self._sold("invoice").credit_event_date = "2026-02-20"
