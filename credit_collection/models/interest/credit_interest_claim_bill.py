from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

INVOICING = "account.group_account_invoice"


class CreditInterestClaim(models.Model):
    """Interest in the books: only when somebody bills it."""

    _inherit = "credit.interest.claim"

    def action_bill(self):
        """Book the claims: as customer invoices without tax, or as entries."""
        self.check_access("write")
        self._check_group(INVOICING)
        for claim in self:
            claim.account_id.sudo()._serialize()
            if claim.currency_id.compare_amounts(claim.to_pay, 0) <= 0:
                raise UserError(self.env._("Nothing of %s is left to bill.", claim.name))
            company = claim.company_id.sudo()
            if company.credit_interest_booking == "invoice":
                values = claim._prepare_invoice(company)
            else:
                values = claim._prepare_entry(company)
            move = self.env["account.move"].sudo().with_company(company).create(values)
            company._credit_check_open_period(move.date, move.journal_id)
            move.action_post()
            claim._move("bill", bill_move_id=move.id)
            # What was waived before is credited, so that each waiver can be taken back by itself.
            for waiver in claim.sudo().waiver_ids.filtered(lambda w: not w.reinstated_on):
                waiver._credit_bill()
        return self._open_bills()

    def _open_bills(self):
        bills = self.bill_move_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Interest Bills"),
            "res_model": "account.move",
            "view_mode": "form" if len(bills) == 1 else "list,form",
            "res_id": bills.id if len(bills) == 1 else False,
            "domain": [("id", "in", bills.ids)],
        }

    def _bill_parts(self):
        """``[(text, amount)]`` of the bill, line by line."""
        claim = self.with_context(lang=self._letter_lang())
        return [(line._text(), line.amount) for line in claim._letter_lines() if line.amount]

    def _prepare_invoice(self, company):
        self.ensure_one()
        account = company._credit_account_for("credit_interest_account_id")
        product = company.credit_interest_product_id
        invoices = self.line_ids.move_id
        values = {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.company_id._credit_today(),
            "invoice_date_due": self.deadline or self.company_id._credit_today(),
            "invoice_payment_term_id": False,
            "invoice_origin": self.name,
            "ref": self.name,
            "fiscal_position_id": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "name": text,
                        "quantity": 1,
                        "price_unit": amount,
                        "tax_ids": [Command.clear()],
                        "account_id": account.id,
                    }
                )
                for text, amount in self._bill_parts()
            ],
        }
        # With Odoo's debit notes installed the bill is one of the invoice that it is for.
        if "debit_origin_id" in self.env["account.move"]._fields and len(invoices) == 1:
            values["debit_origin_id"] = invoices.id
        return values

    def _prepare_entry(self, company):
        self.ensure_one()
        income = company._credit_account_for("credit_interest_account_id")
        partner = self.partner_id.with_company(company)
        today = self.company_id._credit_today()
        parts = self._bill_parts()
        rows = [(income, text, -amount) for text, amount in parts]
        receivable = partner.property_account_receivable_id
        rows.append((receivable, self.name, sum(amount for _text, amount in parts)))
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company._credit_misc_journal().id,
            "date": today,
            "ref": self.name,
            "line_ids": company._credit_entry_lines(
                [
                    {
                        "account_id": account.id,
                        "name": text,
                        "partner_id": partner.id,
                        "amount_currency": amount,
                        "date_maturity": (self.deadline or today)
                        if account == receivable
                        else False,
                        # Odoo leaves entries out of follow-up unless told otherwise.
                        "no_followup": account != receivable,
                    }
                    for account, text, amount in rows
                ],
                self.currency_id,
                today,
            ),
        }

    def _reverse_bill(self):
        """Take the bill and its credits back, each by an entry that is matched with it."""
        self._check_group(INVOICING)
        company, today = self.company_id.sudo(), self.company_id._credit_today()
        bill = self.sudo().bill_move_id
        if bill.payment_state in ("paid", "in_payment", "partial") and self._was_paid():
            raise UserError(
                self.env._(
                    "%s is paid at least in part. Undo the payment's matching first, or give the "
                    "money back with a credit note.",
                    bill.name,
                )
            )
        company._credit_check_open_period(today, bill.journal_id)
        for waiver in self.sudo().waiver_ids.filtered("credit_move_id"):
            waiver._take_back_credit()
        bill.line_ids.remove_move_reconcile()
        bill._reverse_moves([{"date": today, "invoice_date": today, "ref": self.name}], cancel=True)

    def _was_paid(self):
        """Whether anything but our own credits is matched with the bill."""
        credits = self.sudo().waiver_ids.credit_move_id
        term = self.sudo()._receivable_of(self.sudo().bill_move_id)
        others = term.matched_credit_ids.credit_move_id.move_id - credits
        return bool(others)

    @api.model
    def _receivable_of(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
