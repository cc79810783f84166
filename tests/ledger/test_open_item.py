"""What is open: whose it is, since when it is late, and what speaks against chasing it."""

from freezegun import freeze_time
from odoo.fields import Command, Date
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestOpenItem(CreditCase):
    def _items(self, partner=None, **context):
        self.env.flush_all()
        return (
            self.env["credit.open.item"]
            .with_context(**context)
            .search([("partner_id", "=", (partner or self.customer).id)])
        )

    def _entry(self, partner, amount, date="2026-03-01", **values):
        """A journal entry that makes ``partner`` owe ``amount`` (negative: we owe it)."""
        receivable = self.customer.property_account_receivable_id
        other = self.env["account.account"].search([("account_type", "=", "equity")], limit=1)
        entry = self.env["account.move"].create(
            {
                "date": date,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "name": "Opening balance",
                            "debit": max(debit, 0.0),
                            "credit": max(-debit, 0.0),
                            **(values if account == receivable else {}),
                        }
                    )
                    for account, debit in ((receivable, amount), (other, -amount))
                ],
            }
        )
        entry.action_post()
        return entry

    def _contact(self, **values):
        return self.env["res.partner"].create(
            {"name": "Carl", "parent_id": self.customer.id, **values}
        )

    # ------------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------------

    def test_contacts_and_addresses_are_the_customer(self):
        contact, shop = self._contact(), self._contact(type="delivery")
        self._invoice(100.0, partner=contact)
        self._invoice(200.0, partner=shop, post=False)
        order = self._order(400.0, partner=shop)
        order.action_confirm()
        self.assertEqual(sorted(self._items().mapped("amount")), [100.0, 200.0, 400.0])
        for partner in (self.customer, contact, shop):
            self.assertEqual(self._account(partner), self._account())
            self.assertEqual(partner.with_user(self.accountant).credit_exposure, 700.0)

    def test_order_counts_for_who_pays_it(self):
        payer = self._customer("Payer Ltd")
        self._order(100.0, partner_invoice_id=payer.id).action_confirm()
        self.assertFalse(self._items())
        self.assertEqual(self._items(payer).amount, 100.0)

    def test_entry_on_a_contact_counts_for_the_customer(self):
        self._entry(self._contact(), 70.0)
        self.assertEqual(self._items().amount, 70.0)

    def test_opening_balance_counts(self):
        self._entry(self.customer, 1000.0, date_maturity="2026-01-31")
        item = self._items()
        self.assertRecordValues(
            item,
            [
                {
                    "kind": "receivable",
                    "amount": 1000.0,
                    "date_due": Date.to_date("2026-01-31"),
                    "days_overdue": 38,
                    "is_overdue": True,
                    "user_id": self.salesperson.id,
                }
            ],
        )
        self.assertEqual(self._position().overdue, 1000.0)

    def test_item_without_partner_stays_for_the_control_total(self):
        before = self._receivable_balance()
        self._entry(self.env["res.partner"], 50.0)
        items = self.env["credit.open.item"].search([("kind", "=", "receivable")])
        self.assertEqual(sum(items.mapped("amount")), self._receivable_balance())
        self.assertEqual(self._receivable_balance(), before + 50.0)
        self.assertIn(50.0, items.filtered(lambda item: not item.partner_id).mapped("amount"))

    def _receivable_balance(self):
        self.env.flush_all()
        [(balance,)] = self.env["account.move.line"]._read_group(
            [("account_id.account_type", "=", "asset_receivable"), ("parent_state", "=", "posted")],
            [],
            ["balance:sum"],
        )
        return balance or 0.0

    # ------------------------------------------------------------------
    # What reduces it
    # ------------------------------------------------------------------

    def test_unapplied_payment_and_credit_note_reduce_the_exposure(self):
        self._invoice(1000.0)
        self._entry(self.customer, -300.0)
        self._invoice(200.0, move_type="out_refund")
        position = self._position()
        self.assertEqual((position.receivable, position.unallocated), (500.0, 500.0))
        self.assertEqual(position.exposure, 500.0)

    def test_credits_are_never_overdue(self):
        self._entry(self.customer, -300.0, date="2025-01-01", date_maturity="2025-01-01")
        self.assertFalse(self._items().is_overdue)
        self.assertEqual(self._position().overdue, 0.0)

    def test_payment_without_entry_keeps_the_exposure_and_marks_the_item(self):
        # With Odoo's accounting app a payment of such a journal makes no entry.
        self.patch(
            type(self.env["account.move"]), "_get_invoice_in_payment_state", lambda _: "in_payment"
        )
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        journal.inbound_payment_method_line_ids.payment_account_id = False
        invoice = self._invoice(500.0, date="2026-01-01")
        payment = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": journal.id})
            ._create_payments()
        )
        self.assertFalse(payment.move_id)
        self.assertEqual(invoice.payment_state, "in_payment")
        item = self._items()
        self.assertEqual((item.amount, item.in_payment), (500.0, True))
        position = self._position()
        self.assertEqual((position.exposure, position.overdue), (500.0, 500.0))

    def test_ordinary_open_invoice_is_not_in_payment(self):
        invoice = self._invoice(500.0)
        self.assertFalse(self._items().in_payment)
        self._pay(invoice, amount=200.0)
        item = self._items()
        self.assertEqual((item.amount, item.in_payment), (300.0, False))

    def test_not_to_be_followed_up(self):
        plain, muted, blocked = (self._invoice(amount) for amount in (1.0, 2.0, 4.0))
        muted.no_followup = True
        blocked.action_toggle_block_payment()
        self.assertEqual(blocked.payment_state, "blocked")
        flags = {item.move_id: item.no_followup for item in self._items()}
        self.assertEqual(flags, {plain: False, muted: True, blocked: True})
        self.assertEqual(self._position().exposure, 7.0)

    # ------------------------------------------------------------------
    # When it is late, when it counts
    # ------------------------------------------------------------------

    def test_overdue_from_the_day_after_the_due_date(self):
        for due, overdue, days in (
            ("2026-03-11", False, 0),
            ("2026-03-10", False, 0),
            ("2026-03-09", True, 1),
        ):
            with self.subTest(due=due):
                invoice = self._invoice(10.0, date="2026-01-01", due=due)
                item = self._items().filtered(lambda i, move=invoice: i.move_id == move)
                self.assertEqual((item.is_overdue, item.days_overdue), (overdue, days))

    def test_grace(self):
        self.policy.grace_days = 5
        late = self._invoice(10.0, date="2026-01-01", due="2026-03-04")
        within = self._invoice(20.0, date="2026-01-01", due="2026-03-05")
        items = {item.move_id: item for item in self._items()}
        self.assertTrue(items[late].is_overdue)
        self.assertFalse(items[within].is_overdue)
        self.assertEqual(items[within].days_overdue, 5)
        position = self._position()
        self.assertEqual((position.overdue, position.max_days_overdue), (10.0, 6))
        self.assertEqual(position.oldest_due_date, Date.to_date("2026-03-04"))

    def test_each_instalment_by_its_own_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (10, 40)
                ],
            }
        )
        self._invoice(1000.0, date="2026-02-20", invoice_payment_term_id=term.id)
        self.assertEqual(
            [(item.amount, item.is_overdue) for item in self._items().sorted("date_due")],
            [(500.0, True), (500.0, False)],
        )
        self.assertEqual(self._position().overdue, 500.0)

    def test_order_horizon(self):
        self.policy.order_horizon_days = 30
        goods = {"product": self.goods}
        near = self._order(10.0, commitment_date="2026-04-09 08:00:00", **goods)
        far = self._order(20.0, commitment_date="2026-04-10 08:00:00", **goods)
        (near | far).action_confirm()
        self.assertEqual(self._position().ordered, 10.0)
        self.assertEqual(self._items().order_id, near)
        self.policy.order_horizon_days = 0
        self.assertEqual(self._position().ordered, 30.0)

    # ------------------------------------------------------------------
    # As of another day
    # ------------------------------------------------------------------

    def test_as_of_a_past_day(self):
        invoice = self._invoice(1000.0, date="2026-01-10", due="2026-02-09")
        self._pay(invoice, amount=400.0, date="2026-02-20")
        self._pay(invoice, amount=600.0, date="2026-03-05")
        self.assertFalse(self._items())
        for day, amount, overdue in (
            ("2026-01-09", 0.0, 0.0),
            ("2026-02-09", 1000.0, 0.0),
            ("2026-02-10", 1000.0, 1000.0),
            ("2026-02-20", 600.0, 600.0),
            ("2026-03-05", 0.0, 0.0),
        ):
            with self.subTest(day=day):
                items = self._items(as_of=day)
                self.assertEqual(sum(items.mapped("amount")), amount)
                position = self._account().with_context(as_of=day)._position()
                self.assertEqual((position.receivable, position.overdue), (amount, overdue))

    # ------------------------------------------------------------------
    # The SQL against the ORM
    # ------------------------------------------------------------------

    def test_sums_equal_the_ledger(self):
        contact = self._contact()
        invoice = self._invoice(1000.0, date="2026-01-10")
        self._invoice(333.33, partner=contact)
        self._entry(contact, 77.7)
        self._entry(self.customer, -12.5)
        self._pay(invoice, amount=250.0)
        residuals = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", self.customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        receivable = self._position().receivable
        self.assertEqual(receivable, 1148.53)
        self.assertAlmostEqual(sum(residuals.mapped("amount_residual")), receivable, 2)
        people = (self.customer | contact).with_user(self.accountant)
        self.assertAlmostEqual(sum(people.mapped("credit")), receivable, 2)
