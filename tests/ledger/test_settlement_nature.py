from freezegun import freeze_time
from odoo import Command
from odoo.tests import tagged

from ..figures.common import FiguresCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-31")
class TestSettlementNature(FiguresCase):
    """What a match was: money only when money came in."""

    @classmethod
    def _create_chart(cls):
        super()._create_chart()
        account = cls.env["account.account"].with_company(cls.company)
        cls.payable, cls.discount, cls.vat, cls.notes = account.create(
            [
                {"code": "401000", "name": "Vendors", "account_type": "liability_payable"},
                {"code": "665000", "name": "Cash discounts", "account_type": "expense"},
                {"code": "445000", "name": "VAT", "account_type": "liability_current"},
                {"code": "413000", "name": "Bills", "account_type": "asset_current"},
            ]
        )
        cls.company.account_journal_early_pay_discount_loss_account_id = cls.discount

    def _settle(self, invoice, journal=None, credit=None, partner=None, **lines):
        """A posted entry over an invoice: ``{name of an account: debit}``, and its match."""
        partner = partner or invoice.partner_id
        total = credit or sum(lines.values())
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": (journal or self.bank).id,
                "date": "2026-10-20",
                "line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "account_id": getattr(self, name).id,
                            "partner_id": partner.id,
                            "balance": amount,
                        }
                    )
                    for name, amount in lines.items()
                ]
                + [
                    Command.create(
                        {
                            "name": "customer",
                            "account_id": self.receivable.id,
                            "partner_id": invoice.partner_id.id,
                            "balance": -total,
                        }
                    )
                ],
            }
        )
        move.action_post()
        lines = move.line_ids.filtered(lambda line: line.name == "customer")
        (lines | self._due(invoice)).reconcile()
        return move

    def _due(self, move):
        return move.line_ids.filtered(lambda line: line.account_id == self.receivable)

    def _natures(self, move):
        line = self._due(move)
        partials = line.matched_credit_ids | line.matched_debit_ids
        found = partials._credit_settlement_nature()
        self.assertEqual(found.keys(), set(partials.ids))
        total = {}
        for natures in found.values():
            for nature, amount in natures.items():
                total[nature] = total.get(nature, 0) + amount
        return total

    def test_money(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._pay(invoice, "2026-10-05", 400)
        self.assertEqual(self._natures(invoice), {"cash": 400})

    def test_one_of_a_thousand_paid_and_the_rest_written_off(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._settle(invoice, bank_account=1, expense=999)
        self.assertEqual(self._natures(invoice), {"write_off": 999, "cash": 1})

    def test_discount_of_twenty_at_the_bank(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._settle(invoice, bank_account=980, discount=20)
        self.assertEqual(self._natures(invoice), {"cash": 980, "discount": 20})

    def test_tax_goes_with_the_discount_or_the_write_off(self):
        first, second = self._invoice(1200, "2026-09-01"), self._invoice(1200, "2026-09-01")
        self._settle(first, bank_account=1176, discount=20, vat=4)
        self.assertEqual(self._natures(first), {"cash": 1176, "discount": 24})
        self._settle(second, self.misc, expense=1000, vat=200)
        self.assertEqual(self._natures(second), {"write_off": 1200})

    def test_fee_of_the_bank_is_no_money(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._settle(invoice, bank_account=995, expense=5)
        self.assertEqual(self._natures(invoice), {"cash": 995, "write_off": 5})

    def test_income_beside_the_payment_takes_nothing_from_it(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._settle(invoice, credit=1000, bank_account=1050, income=-50)
        self.assertEqual(self._natures(invoice), {"cash": 1000})

    def test_credit_note(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._match(invoice, self._invoice(-1000, "2026-09-02"))
        self.assertEqual(self._natures(invoice), {"credit_note": 1000})

    def test_money_paid_back_for_a_credit_note(self):
        refund = self._invoice(-300, "2026-10-02")
        self._match(refund, self._entry(-300, "2026-10-05"))
        self.assertEqual(self._natures(refund), {"cash": 300})

    def test_bounced_money(self):
        payment = self._entry(500, "2026-10-05")
        self._match(payment, self._entry(-500, "2026-10-08"))
        self.assertEqual(self._natures(payment), {"cash": 500})

    def test_netting_with_what_we_owe(self):
        invoice = self._invoice(100, "2026-09-01")
        self._settle(invoice, self.misc, payable=100)
        self.assertEqual(self._natures(invoice), {"netting": 100})

    def test_written_off_by_an_entry(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._settle(invoice, self.misc, expense=1000)
        self.assertEqual(self._natures(invoice), {"write_off": 1000})

    def test_passed_to_another_customer_or_written_anew(self):
        first, second = self._invoice(70, "2026-09-01"), self._invoice(80, "2026-09-01")
        self._settle(first, self.misc, partner=self._customer("Factor"), receivable=70)
        self.assertEqual(self._natures(first), {"assignment": 70})
        self._settle(second, self.misc, receivable=80)
        self.assertEqual(self._natures(second), {"restructuring": 80})

    def test_bill_of_exchange_is_no_money_yet(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._settle(invoice, self.misc, notes=1000)
        self.assertEqual(self._natures(invoice), {"restructuring": 1000})

    def test_mark_of_the_entry_decides(self):
        invoice = self._invoice(1000, "2026-09-01")
        entry = self._settle(invoice, bank_account=1000)
        entry.credit_settlement = "assignment"
        self.assertEqual(self._natures(invoice), {"assignment": 1000})
        self.assertFalse(entry.copy().credit_settlement)

    def test_exchange_difference(self):
        # 1,000 dollars are 500 euros in September and 400 on the 5th of October.
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": dollar.id, "company_id": self.company.id, "name": day, "rate": rate}
                for day, rate in (("2026-09-01", 2), ("2026-10-05", 2.5))
            ]
        )
        invoice = self._invoice(1000, "2026-09-01", currency_id=dollar.id)
        move = self._entry(400, "2026-10-05")
        move.button_draft()
        for line in move.line_ids:
            sign = 1 if line.balance > 0 else -1
            line.write(
                {"currency_id": dollar.id, "amount_currency": sign * 1000, "balance": sign * 400}
            )
        move.action_post()
        self._match(invoice, move)
        self.assertTrue(self._due(invoice).reconciled)
        self.assertEqual(self._natures(invoice), {"cash": 400, "exchange": 100})

    def test_parts_are_rounded_to_their_sum(self):
        first, second = self._invoice(100, "2026-09-01"), self._invoice(200, "2026-09-01")
        entry = self._settle(first, credit=300, bank_account=100, expense=200)
        (self._due(entry) | self._due(second)).reconcile()
        self.assertEqual(self._natures(first), {"write_off": 66.67, "cash": 33.33})
        self.assertEqual(self._natures(second), {"write_off": 133.33, "cash": 66.67})
