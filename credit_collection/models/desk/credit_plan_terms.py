from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ...core import schedule
from ...tools.faults import said

INVOICING = "account.group_account_invoice"


class CreditPlan(models.Model):
    """What a plan is about and how it is paid: its items, its payments, interest and fee."""

    _inherit = "credit.plan"

    def _add_overdue_items(self):
        """Propose what is due, in the currency that most of it is in."""
        self.ensure_one()
        today = self.company_id._credit_today()
        items = (
            self.account_id.sudo()
            ._open_items()
            .filtered(
                lambda item: item.amount > 0 and item.date_due <= today and not item.promised_until
            )
        )
        if not items:
            return
        totals = {
            currency: sum(own.mapped("amount"))
            for currency, own in items.grouped("currency_id").items()
        }
        currency = max(totals, key=totals.get)
        self.item_ids = [
            Command.create({"move_line_id": item.move_line_id.id})
            for item in items
            if item.currency_id == currency
        ]

    def action_generate(self):
        """Work the payments out: the down payment, then equal instalments from the first day."""
        self.check_access("write")
        self._check_collector()
        for plan in self:
            plan._check_unsigned()
            plan._check_open()
            today = plan.company_id._credit_today()
            start = plan.first_date or schedule.add_months(today, plan.months)
            rest = plan.currency_id.round(plan.owed - plan.down_payment)
            rows = []
            if plan.down_payment:
                rows.append((plan.down_date or today, plan.down_payment))
            if rest > 0:
                try:
                    rows += schedule.instalments(
                        rest,
                        plan.instalment_count,
                        start,
                        plan.months,
                        plan.currency_id.decimal_places,
                    )
                except ValueError as problem:
                    raise UserError(said(self.env, problem)) from problem
            elif rest < 0:
                raise UserError(self.env._("The down payment is more than what is owed."))
            plan.line_ids = [
                Command.clear(),
                *(Command.create({"date": day, "amount": amount}) for day, amount in rows),
            ]

    def action_add_interest(self):
        """Bill the interest to date and make it an item of the plan."""
        self.ensure_one()
        self.check_access("write")
        self._check_unsigned()
        self._check_open()
        claims = self.env["credit.interest.claim"]._make(self.account_id)
        claims = claims.filtered(lambda claim: claim.currency_id == self.currency_id)
        if not claims:
            raise UserError(self.env._("No interest is open in this currency."))
        claims.action_bill()
        self._add_bills(claims.sudo().bill_move_id)
        self.interest = "included"
        self.action_generate()

    def action_bill_fee(self):
        """Bill the fee and make it an item of the plan."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        if not self.env.su and not self.env.user.has_group(INVOICING):
            raise AccessError(self.env._("Only who does the invoicing can bill a fee."))
        if self.currency_id.compare_amounts(self.fee, 0) <= 0 or self.fee_move_id:
            raise UserError(self.env._("Enter a fee that is not billed yet."))
        company = self.company_id.sudo()
        bill = self.env["account.move"].sudo().with_company(company).create(self._prepare_fee())
        company._credit_check_open_period(bill.date, bill.journal_id)
        bill.action_post()
        self.sudo().fee_move_id = bill
        self._add_bills(bill)
        self.action_generate()

    def _prepare_fee(self):
        """The invoice of the fee: by the company's product with its taxes, else like interest."""
        company, today = self.company_id.sudo(), self.company_id._credit_today()
        product = company.credit_plan_fee_product_id
        line = {
            "name": self.env._("Fee for payment plan %s", self.name),
            "quantity": 1,
            "price_unit": self.fee,
        }
        if product:
            line["product_id"] = product.id
        else:
            account = company._credit_account_for("credit_interest_account_id")
            line |= {"account_id": account.id, "tax_ids": [Command.clear()]}
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": today,
            "invoice_date_due": today,
            "invoice_payment_term_id": False,
            "invoice_origin": self.name,
            "invoice_line_ids": [Command.create(line)],
        }

    def _add_bills(self, moves):
        bills = moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.item_ids = [Command.create({"move_line_id": line.id}) for line in bills]

    def _check_complete(self):
        """Refuse what nobody could keep or sign.

        :raises ValidationError: naming what is missing
        """
        for plan in self:
            if not plan.item_ids or not plan.line_ids:
                raise ValidationError(
                    self.env._("A plan needs items and payments: choose items, then Generate.")
                )
            if plan.currency_id.compare_amounts(plan.planned, plan.owed):
                raise ValidationError(
                    self.env._(
                        "The payments come to %(planned)s, and %(owed)s are acknowledged.",
                        planned=plan.currency_id.format(plan.planned),
                        owed=plan.currency_id.format(plan.owed),
                    )
                )
            items = plan.item_ids.sudo()
            for item in items:
                item._check_item()
