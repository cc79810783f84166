from odoo import models
from odoo.fields import Command


class CreditInterestWaiver(models.Model):
    """What was billed and is waived is credited, and charged again when that is taken back."""

    _inherit = "credit.interest.waiver"

    def _credit_bill(self):
        """Credit the waived part against the bill."""
        self.ensure_one()
        claim, Move = self.claim_id.sudo(), self.env["account.move"].sudo()
        company, bill = claim.company_id, claim.bill_move_id
        today = company._credit_today()
        company._credit_check_open_period(today, bill.journal_id)
        values = {
            "company_id": company.id,
            "journal_id": bill.journal_id.id,
            "ref": claim.name,
        }
        spoken = self.with_context(lang=claim._letter_lang()).env
        text = spoken._("Interest waived: %s", self.reason)
        income = bill.line_ids.filtered(lambda line: line.balance < 0)[:1].account_id
        if bill.move_type == "entry":
            receivable = claim._receivable_of(bill).account_id
            values |= {
                "move_type": "entry",
                "date": today,
                "line_ids": company._credit_entry_lines(
                    [
                        {
                            "account_id": income.id,
                            "name": text,
                            "partner_id": claim.partner_id.id,
                            "amount_currency": self.amount,
                        },
                        {
                            "account_id": receivable.id,
                            "name": text,
                            "partner_id": claim.partner_id.id,
                            "amount_currency": -self.amount,
                        },
                    ],
                    claim.currency_id,
                    today,
                ),
            }
        else:
            values |= {
                "move_type": "out_refund",
                "partner_id": claim.partner_id.id,
                "currency_id": claim.currency_id.id,
                "invoice_date": today,
                "reversed_entry_id": bill.id,
                "fiscal_position_id": False,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": company.credit_interest_product_id.id,
                            "name": text,
                            "quantity": 1,
                            "price_unit": self.amount,
                            "tax_ids": [Command.clear()],
                            "account_id": income.id,
                        }
                    )
                ],
            }
        move = Move.with_company(company).create(values)
        move.credit_settlement = "credit_note"
        move.action_post()
        claim._receivable_of(bill | move).filtered(lambda line: not line.reconciled).reconcile()
        self.credit_move_id = move

    def _take_back_credit(self):
        """Undo the credit of a waiver by its reversal."""
        self.ensure_one()
        company, move = self.company_id, self.credit_move_id
        today = company._credit_today()
        company._credit_check_open_period(today, move.journal_id)
        move.line_ids.remove_move_reconcile()
        move._reverse_moves([{"date": today, "invoice_date": today}], cancel=True)
