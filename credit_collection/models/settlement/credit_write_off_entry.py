from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.groups import COLLECTOR


class CreditWriteOff(models.Model):
    """The entries: of the write-off, against the allowance first, and of what comes later."""

    _inherit = "credit.write.off"

    def action_post(self):
        """Make the entry and match it with the items."""
        self._check_role(COLLECTOR)
        self.env["account.move"].check_access("create")
        for write_off in self:
            write_off.sudo()._post_entry()

    def _post_entry(self):
        company = self.company_id
        journal, allowance, expense, _income = company._credit_loss_setup()
        company._credit_check_unlocked(self.date, journal)
        for line in self.line_ids:
            item = line.move_line_id
            if item.currency_id.compare_amounts(line.amount, item.amount_residual_currency) > 0:
                raise UserError(
                    self.env._(
                        "Less is open of %s now: ask for the decision again.", item.move_id.name
                    )
                )
        credits = [self._credit_line(line) for line in self.line_ids]
        total = sum(line.amount_company for line in self.line_ids)
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "journal_id": journal.id,
                    "date": self.date,
                    "ref": f"{self.name}: {self.reason_id.name}",
                    "credit_settlement": "write_off",
                    "line_ids": [*credits, *self._debit_lines(total, allowance, expense)],
                }
            )
        )
        move.action_post()
        made = move.line_ids.filtered(lambda each: each.account_type == "asset_receivable")
        for line, credit in zip(self.line_ids, made, strict=True):
            (line.move_line_id + credit).reconcile()
        self._move("post", {"move_id": move.id, "watch_until": self._watch_end(self.date)})
        self.account_id._message_log(
            body=self.env._(
                "%(amount)s written off: %(reason)s",
                amount=self.company_currency_id.format(total),
                reason=self.reason_id.name,
            )
        )

    def _credit_line(self, line):
        item = line.move_line_id
        return Command.create(
            {
                "account_id": item.account_id.id,
                "partner_id": item.partner_id.id,
                "name": self.env._("Write-off of %s", item.move_id.name or item.name or ""),
                "currency_id": item.currency_id.id,
                "amount_currency": -line.amount,
                "balance": -line.amount_company,
            }
        )

    def _debit_lines(self, total, allowance, expense):
        """The allowance takes what it holds, the expense the rest."""
        currency = self.company_currency_id
        held = max(self.company_id._credit_allowance_held(self.date), 0.0)
        against = currency.round(min(held, total))
        parts = ((allowance, against), (expense, currency.round(total - against)))
        return [
            Command.create(
                {
                    "account_id": account.id,
                    "name": f"{self.name}: {self.reason_id.name}",
                    "partner_id": self.partner_id.id,
                    "balance": part,
                }
            )
            for account, part in parts
            if not currency.is_zero(part)
        ]

    def action_recovered(self):
        """Money came after all: book *Recovered Now* as income against the unapplied payment."""
        self._check_role(COLLECTOR)
        self.env["account.move"].check_access("create")
        for write_off in self:
            write_off.sudo()._book_recovery()

    def _book_recovery(self):
        amount, currency = self.recovery_amount, self.company_currency_id
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Say how much was recovered."))
        left = self.amount - self.recovered
        if currency.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._("More than the %s that were written off.", currency.format(left))
            )
        company = self.company_id
        journal, _allowance, _expense, income = company._credit_loss_setup()
        credits = self._unapplied_credits()
        free = -sum(credits.mapped("amount_residual"))
        if currency.compare_amounts(free, amount) < 0:
            raise UserError(
                self.env._(
                    "Register the payment first: only %s of this customer are not applied yet.",
                    currency.format(free),
                )
            )
        account = credits[0].account_id
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "journal_id": journal.id,
                    "date": company._credit_today(),
                    "ref": self.env._("Recovery of %s", self.name),
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "partner_id": self.partner_id.id,
                                "name": self.env._("Recovery of %s", self.name),
                                "balance": amount,
                            }
                        ),
                        Command.create(
                            {
                                "account_id": income.id,
                                "partner_id": self.partner_id.id,
                                "name": self.env._("Recovery of %s", self.name),
                                "balance": -amount,
                            }
                        ),
                    ],
                }
            )
        )
        move.action_post()
        debit = move.line_ids.filtered(lambda line: line.account_id == account)
        (debit + credits.filtered(lambda line: line.account_id == account)).reconcile()
        self._move(
            "recover",
            {
                "recovered": self.recovered + amount,
                "recovery_amount": 0.0,
                "recovery_move_ids": [Command.link(move.id)],
            },
        )

    def _unapplied_credits(self):
        """The customer's unapplied payments, oldest first."""
        items = self.account_id._open_items().filtered(lambda item: item.amount < 0)
        return items.move_line_id.sorted("date")

    def action_open_entries(self):
        """Open the entries of the write-off and of what was recovered."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", (self.move_id | self.recovery_move_ids).ids)],
            "name": self.env._("Entries"),
        }
