from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class CreditAllowance(models.Model):
    """The entry of an allowance, and its end."""

    _inherit = "credit.allowance"

    def action_book(self):
        """Make the draft entry that brings the allowance account to its target."""
        self._check_accountant()
        for allowance in self:
            allowance._step("book", {"move_id": allowance.sudo()._make_entry().id})

    def _make_entry(self):
        """The draft entry; none where nothing is to be booked."""
        journal, allowance, expense, income = self.company_id._credit_loss_setup()
        self.company_id._credit_check_unlocked(self.date, journal)
        amount = self.to_book
        if self.currency_id.is_zero(amount):
            return self.move_id
        other = expense if amount > 0 else income
        day = format_date(self.env, self.date)
        move = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "entry",
                    "company_id": self.company_id.id,
                    "journal_id": journal.id,
                    "date": self.date,
                    "ref": self.env._("Allowance for doubtful debts as of %s", day),
                    "line_ids": [
                        self._entry_line(other, amount),
                        self._entry_line(allowance, -amount),
                    ],
                }
            )
        )
        if self.booking == "reversal":
            move._reverse_moves([{"date": self.date + timedelta(1), "ref": move.ref}], cancel=False)
        return move

    def _entry_line(self, account, balance):
        return Command.create(
            {
                "account_id": account.id,
                "name": self.env._("Allowance as of %s", format_date(self.env, self.date)),
                "debit": max(balance, 0.0),
                "credit": max(-balance, 0.0),
            }
        )

    def action_cancel(self):
        """Give it up; a posted entry has to be reversed in the books first."""
        self._check_accountant()
        for allowance in self:
            moves = allowance.sudo().move_id
            moves |= moves.reversal_move_ids
            if any(move.state == "posted" for move in moves):
                raise UserError(
                    self.env._("Its entry is posted: set it to draft or reverse it first.")
                )
            allowance._step("cancel", {"move_id": False})
            moves.with_context(force_delete=True).unlink()

    def action_open_entry(self):
        """Open the entry and its reversal."""
        self.ensure_one()
        self.check_access("read")
        moves = self.move_id | self.move_id.reversal_move_ids
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
            "name": self.env._("Entries"),
        }

    def action_open_sheet(self):
        """Open the receivables as the balance sheet shows them: by term, less allowance."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_allowance_sheet_action"
        )
        return {**action, "domain": [("allowance_id", "=", self.id)]}

    def action_working_paper(self):
        """Download the working paper."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/allowance.xlsx?allowance={self.id}",
            "target": "download",
        }
