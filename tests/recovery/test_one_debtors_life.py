from odoo.fields import Command
from odoo.tests import freeze_time

from ..settlement.common import LossCase
from .common import day


class TestOneDebtorsLife(LossCase):
    """From the guarantee to the dividend: what one debtor leaves in every room."""

    def test_from_guarantee_to_dividend(self):
        with freeze_time("2025-01-10"):
            self.company.credit_limitation_law_id = self.env.ref(
                "credit_collection.credit_limitation_law_ru"
            )
            self._limit(10_000.0)
            self.officer.credit_authority = 12_000.0
            guarantee = self._collateral(
                4_000.0, raises_limit=True, raises_percent=50.0, kind="guarantee"
            )
            self.assertEqual(self._position().credit_limit, 12_000.0)
            invoice = self._invoice(9_000.0, date="2025-01-10", due="2025-02-10")
            self.assertEqual(self._position().uncovered, 5_000.0)

        with freeze_time("2025-04-02"):  # the balance is confirmed: the clock starts anew
            confirmation = (
                self.env["credit.balance.confirmation"]
                .with_user(self.collector)
                ._generate(self.company, day("2025-01-01"), day("2025-03-31"), self.account)
            )
            confirmation.action_send()
            self.assertEqual(self._clock(invoice), day("2028-02-10"))
            confirmation.sudo()._confirm(
                {"confirmed_by": "Anna Deco", "confirmed_authority": "Director by the register"}
            )
            self.assertEqual(self._clock(invoice), day("2028-04-02"))

        with freeze_time("2025-05-20"):  # the bank pays for the debtor
            guarantee.action_call()
            self._pay(invoice, 4_000.0, date="2025-05-20")
            guarantee.action_received()
            self.assertEqual((self._position().covered, self._position().uncovered), (0, 5_000.0))

        with freeze_time("2025-06-30"):  # month end
            allowance = self._allowance(0.5)
            self.assertEqual(allowance.to_book, 2_500.0)
            allowance.action_book()
            allowance.move_id.action_post()

        with freeze_time("2025-09-01"):  # insolvency
            case = (
                self.env["credit.case"]
                .with_user(self.officer)
                .create(
                    {
                        "account_id": self.account.id,
                        "road": "insolvency",
                        "move_line_ids": [Command.set(self._item(invoice).ids)],
                        "check_legality": "Confirmed by the debtor",
                        "check_evidence": "Signed confirmation",
                        "check_assets": "Administrator's list",
                        "check_authority": "Own lawyer",
                    }
                )
            )
            case.action_open()
            self.assertFalse(self.env["credit.followup"]._plan(self.company, None, self.account))
            case.action_done()
            case.action_done()  # registered: the clock stands still
            self.assertFalse(self._clock(invoice))
            allowance = self._allowance(0.5)
            self.assertEqual(allowance.line_ids.standing, "hopeless")

        with freeze_time("2026-02-01"):  # a dividend of a tenth, the rest is hopeless
            self._pay(invoice, 500.0, date="2026-02-01")
            case.action_record_recoveries()
            self.assertEqual((case.recovered, case.principal), (500.0, 4_500.0))
            case.outcome = "hopeless"
            case.action_close()
            write_off = (
                self.env["credit.write.off"]
                .with_user(self.collector)
                .create(
                    {
                        "account_id": self.account.id,
                        "date": "2026-02-01",
                        "reason_id": self.env.ref(
                            "credit_collection.credit_write_off_reason_liquidation"
                        ).id,
                        "line_ids": [Command.create({"move_line_id": self._item(invoice).id})],
                    }
                )
            )
            paper = self.env["ir.attachment"].create({"name": "court.pdf", "raw": b"%PDF"})
            write_off.sudo().document_ids.attachment_ids = paper
            write_off.action_ask()
            write_off.with_user(self.officer).action_approve()
            write_off.with_user(self.bookkeeper).action_post()
            self.assertEqual(self._balance(self.allowance_account), 0.0)
            self.assertEqual(self._balance(self.loss_account), 4_500.0)
            self.assertEqual(self._position().exposure, 0.0)

        with freeze_time("2027-03-01"):  # a last dividend, years after
            payment = self.env["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.customer.id,
                    "amount": 300.0,
                    "date": "2027-03-01",
                }
            )
            payment.action_post()
            write_off.with_user(self.bookkeeper).recovery_amount = 300.0
            write_off.with_user(self.bookkeeper).action_recovered()
            self.assertEqual(self._balance(self.income_account), -300.0)
            self.assertEqual(write_off.signs, "Payments since: 1")

    def _clock(self, invoice):
        self.env["credit.limitation"]._refresh(self.account)
        return self._limitation(invoice).last_day

    def _allowance(self, rate):
        allowance = (
            self.env["credit.allowance"]
            .with_user(self.bookkeeper)
            .create(
                {
                    "company_id": self.company.id,
                    "date": self.company._credit_today(),
                    "rate_ids": [Command.create({"after_days": -1, "rate": rate})],
                }
            )
        )
        allowance.action_compute()
        return allowance
