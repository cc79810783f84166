"""Money that came to the bank and lies on nobody's account: who paid, and for what."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
class TestIncoming(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        cls.birch = cls._customer("Birch & Daughters Ltd")
        cls._account(cls.birch)
        cls.env["res.partner.bank"].create(
            {"partner_id": cls.birch.id, "acc_number": "DE02 1203 0000 0000 2020 51"}
        )

    def _received(self, text="Payment", amount=250.0, **values):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journal.id,
                "date": "2026-03-20",
                "payment_ref": text,
                "amount": amount,
                **values,
            }
        )
        return self.env["credit.incoming"].search([("statement_line_id", "=", line.id)])

    def test_the_account_number_says_who_paid(self):
        money = self._received(account_number="DE02120300000000202051")
        self.assertEqual(money.proposed_id, self.birch)
        self.assertEqual(money.amount, 250.0)

    def test_the_number_of_an_invoice_says_who_paid_and_for_what(self):
        invoice = self._invoice(400, partner=self.birch, date="2026-03-01", due="2026-03-15")
        money = self._received(f"for {invoice.name}, thanks")
        self.assertEqual(money.proposed_id, self.birch)
        self.assertEqual(money.proposed_line_id.move_id, invoice)

    def test_the_name_says_who_paid(self):
        money = self._received("SEPA credit", partner_name="BIRCH AND DAUGHTERS")
        self.assertFalse(money.proposed_id)
        money = self._received("SEPA credit", partner_name="BIRCH + DAUGHTERS LIMITED")
        self.assertEqual(money.proposed_id, self.birch)

    def test_a_new_name_is_found_and_the_old_one_no_more(self):
        self.birch.name = "Élan Vital SA"
        money = self._received("SEPA credit", partner_name="ELAN VITAL")
        self.assertEqual(money.proposed_id, self.birch)
        self.assertFalse(self._received("Birch Daughters").proposed_id)

    def _queries(self, received):
        """How many queries say who paid these, read as by a page that is opened."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        received.mapped("proposed_id")
        return self.env.cr.sql_log_count - before

    def test_a_page_is_asked_as_a_set(self):
        """More lines and more customers cost no more queries; other names are not read."""
        one = self._received("Birch Daughters", amount=150.0)
        few = self._queries(one)
        for number in range(20):
            self._account(self._customer(f"Customer {number}"))
        many = one.union(
            *(self._received(f"{text} paid") for text in ["Birch Daughters", "Nobody"] * 5)
        )
        self.assertLessEqual(self._queries(many), few)
        self.assertLessEqual(few, 30)
        names = self.env["credit.account"]._names_in(["Birch Daughters paid"], self.company)
        self.assertEqual(list(names.items()), [(self.birch, ("birch", "daughters"))])

    def test_nobody_is_proposed_for_a_stranger(self):
        money = self._received("Transfer 4711", partner_name="Somebody Else")
        self.assertFalse(money.proposed_id)
        with self.assertRaises(UserError):
            money.action_assign()

    def test_assigned_and_matched_in_one_click(self):
        invoice = self._invoice(400, partner=self.birch, date="2026-03-01", due="2026-03-15")
        money = self._received(invoice.name, amount=400.0, account_number="GB33BUKB20201555555555")
        bank = money.statement_line_id
        money.with_user(self.accountant).action_assign()
        self.assertEqual(bank.partner_id, self.birch)
        self.assertTrue(bank.is_reconciled)
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(self._position(self.birch).exposure, 0.0)
        # The next payment from that account finds its payer without any text.
        money = self._received("Thanks", account_number="GB33 BUKB 2020 1555 5555 55")
        self.assertEqual(money.proposed_id, self.birch)

    def test_what_is_for_nothing_sure_lies_on_account(self):
        self._invoice(400, partner=self.birch, date="2026-03-01", due="2026-03-15")
        money = self._received("Birch Daughters", amount=150.0)
        money.with_user(self.accountant).action_assign()
        items = self.env["credit.open.item"].search([("partner_id", "=", self.birch.id)])
        self.assertEqual(sorted(items.mapped("amount")), [-150.0, 400.0])

    def test_somebody_else_is_chosen(self):
        money = self._received("Birch Daughters", amount=150.0)
        action = money.with_user(self.accountant).action_choose()
        form = Form(
            self.env["credit.incoming.payer"]
            .with_user(self.accountant)
            .with_context(**action["context"])
        )
        self.assertEqual(form.partner_id, self.birch)
        form.partner_id = self.customer
        payer = form.save()
        payer.action_assign()
        with self.assertRaisesRegex(UserError, "assigned this money already"):
            payer.action_assign()
        self.assertEqual(money.statement_line_id.partner_id, self.customer)
        self.assertFalse(self.env["credit.incoming"].search([("id", "=", money.id)]))

    def test_a_payment_without_customer(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "amount": 90.0,
                "memo": "Birch & Daughters",
                "journal_id": self.journal.id,
            }
        )
        payment.action_post()
        lines = payment.move_id.line_ids
        money = self.env["credit.incoming"].search([("id", "in", lines.ids)])
        self.assertEqual((money.amount, money.proposed_id), (90.0, self.birch))
        money.with_user(self.accountant).action_assign()
        self.assertEqual(payment.partner_id, self.birch)
        self.assertEqual(self._position(self.birch).exposure, -90.0)

    def test_lines_of_others_in_the_same_entry_stay_theirs(self):
        receivable = self.birch.property_account_receivable_id
        income = self.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", self.company.ids)], limit=1
        )
        other = self._customer("Other Ltd")
        shares = [(self.customer, 60.0), (other, 60.0), (self.env["res.partner"], -100.0)]
        entry = self.env["account.move"].create(
            {
                "date": "2026-03-10",
                "line_ids": [
                    Command.create(
                        {"account_id": receivable.id, "partner_id": owner.id, "balance": balance}
                    )
                    for owner, balance in shares
                ]
                + [Command.create({"account_id": income.id, "balance": -20.0})],
            }
        )
        entry.action_post()
        line = entry.line_ids.filtered(lambda line: line.balance == -100.0)
        money = self.env["credit.incoming"].search([("move_line_id", "=", line.id)])
        money.with_user(self.accountant)._assign(self.birch)
        self.assertEqual(line.partner_id, self.birch)
        self.assertEqual(
            (entry.line_ids - line).partner_id, self.customer | other, "their own debts"
        )

    def test_paid_twice_the_second_lies_on_account(self):
        invoice = self._invoice(250, partner=self.birch, date="2026-03-01", due="2026-03-15")
        both = self._received(invoice.name) | self._received(f"{invoice.name} again")
        both.with_user(self.accountant).action_assign()
        self.assertEqual(both.statement_line_id.partner_id, self.birch)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_what_went_out_or_is_booked_is_not_listed(self):
        self.assertFalse(self._received(amount=-80.0))
        self.assertFalse(self.env["credit.incoming"].search([("partner_name", "=", "nobody")]))

    def test_only_who_may_match(self):
        money = self._received("Birch Daughters")
        collector = self._user("carla", "credit_collection.credit_collection_group_collector")
        with self.assertRaises(AccessError):
            money.with_user(collector).action_assign()
        with self.assertRaises(AccessError):
            money.with_user(self.salesperson).action_assign()
