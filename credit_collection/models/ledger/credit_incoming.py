import re

from odoo import api, fields, models
from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...core.payer import payer
from .credit_open_item_match import BOOKKEEPER


class CreditIncoming(models.Model):
    """Money that came in and lies on no customer's account; ``id`` is the journal item's.

    Lines of the bank that nothing was booked against, and payments without a customer.
    """

    _name = "credit.incoming"
    _description = "Money of an Unknown Payer"
    _auto = False
    _rec_name = "name"
    _order = "date, id"

    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    statement_line_id = fields.Many2one("account.bank.statement.line", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    date = fields.Date(readonly=True)
    name = fields.Char("Text", readonly=True)
    account_number = fields.Char("From Account", readonly=True)
    partner_name = fields.Char("Payer at the Bank", readonly=True)
    amount_currency = fields.Monetary("Amount in Currency", readonly=True)
    amount = fields.Monetary(readonly=True, currency_field="company_currency_id")
    proposed_id = fields.Many2one("res.partner", "May Be From", compute="_compute_proposed")
    proposed_reason = fields.Char("Because", compute="_compute_proposed")
    proposed_line_id = fields.Many2one(
        "account.move.line", "May Be For", compute="_compute_proposed"
    )

    _depends = {
        "account.move": ["journal_id"],
        "account.move.line": [
            "parent_state", "reconciled", "balance", "amount_currency", "currency_id", "account_id",
            "partner_id", "date", "name", "statement_line_id", "company_id",
        ],
        "account.bank.statement.line": [
            "payment_ref", "account_number", "partner_name", "partner_id", "move_id",
        ],
        "account.journal": ["suspense_account_id"],
    }  # fmt: skip

    @property
    def _table_query(self) -> SQL:
        receivable = self.env["credit.open.item"]._receivable_account_ids()
        journals = self.env["account.journal"].sudo().with_context(active_test=False).search([])
        suspense = journals.suspense_account_id.ids
        return SQL(
            """
            SELECT line.id, line.id AS move_line_id, line.move_id, line.statement_line_id,
                   line.company_id, line.currency_id, line.date,
                   COALESCE(bank.payment_ref, line.name, move.ref, move.name) AS name,
                   bank.account_number, bank.partner_name, line.partner_id AS named_id,
                   -line.amount_currency AS amount_currency, -line.balance AS amount
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              LEFT JOIN account_bank_statement_line bank ON bank.id = line.statement_line_id
             WHERE line.reconciled IS NOT TRUE AND line.account_id = ANY(%(accounts)s)
               AND line.parent_state = 'posted' AND line.balance < 0
               AND CASE WHEN line.account_id = ANY(%(receivable)s) THEN line.partner_id IS NULL
                        ELSE bank.id IS NOT NULL END
            """,
            accounts=receivable + suspense,
            receivable=receivable,
        )

    @api.depends("move_line_id")
    def _compute_proposed(self):
        for root, incoming in self.grouped(lambda money: money.company_id.sudo().root_id).items():
            incoming._propose(root)

    def _propose(self, root):
        """Who paid each of these, all of one company, and for what."""
        found = self._payers(root)
        customers = self.env["res.partner"].union(
            *(customer for customer, _reason in found.values())
        )
        debts = self.env["credit.open.item"].sudo()
        debts = debts.search(
            [
                ("company_id", "=", root.id),
                ("partner_id", "in", customers.ids),
                ("kind", "=", "receivable"),
                ("amount", ">", 0),
            ],
            order="date_due, id",
        )
        by_owner = debts.grouped(lambda item: (item.partner_id, item.currency_id))
        for money in self:
            own = money.sudo()
            customer, reason = found.get(money, (customers.browse(), False))
            owed = by_owner.get((customer, own.currency_id), debts.browse())
            item, _reason = owed._paid_by(own.name or "", own.amount_currency)
            money.proposed_id = customer
            money.proposed_reason = reason
            money.proposed_line_id = item.move_line_id

    def _payers(self, root):
        """``{money: (customer, why)}`` of those of one company that are known.

        The bank's own word for who it is beats the account's owner, who beats the number of an
        invoice in the text, which beats the customer's name.
        """
        owners, numbered, found = self._account_owners(root), self._numbered(root), {}
        for money in self:
            own = money.sudo()
            named = own.move_line_id.partner_id.commercial_partner_id
            owner = owners.get(sanitize_account_number(own.account_number or ""))
            by_number = next(filter(None, map(numbered.get, own._tokens())), None)
            if named:
                found[money] = named, self.env._("the bank's line names the customer")
            elif owner:
                found[money] = owner, self.env._("the customer's account number")
            elif by_number:
                found[money] = by_number, self.env._("an invoice's number stands in the text")
        unknown = self.filtered(lambda money: money not in found)
        texts = {
            money: " ".join(filter(None, (money.sudo().partner_name, money.sudo().name)))
            for money in unknown
        }
        names = self.env["credit.account"]._names_in(texts.values(), root) if texts else {}
        for money, text in texts.items():
            customer = payer(text, names)
            if customer:
                found[money] = customer, self.env._("the name stands in the text")
        return found

    def _tokens(self):
        """What in the bank's text may be the number of an invoice."""
        return [word for word in re.split(r"[\s,;:()]+", self.name or "") if len(word) > 3]

    def _numbered(self, root):
        """``{number or reference of an unpaid invoice in these texts: customer}``"""
        tokens = list({token for money in self.sudo() for token in money._tokens()})
        moves = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("company_id", "child_of", root.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("amount_residual", ">", 0),
                    "|",
                    ("name", "in", tokens),
                    ("payment_reference", "in", tokens),
                ]
            )
        )
        return {
            number: move.commercial_partner_id
            for move in moves
            for number in (move.payment_reference, move.name)
            if number
        }

    def _account_owners(self, root):
        """``{account number: customer}`` where it is one customer's alone."""
        numbers = [sanitize_account_number(money.account_number or "") for money in self.sudo()]
        banks = (
            self.env["res.partner.bank"]
            .sudo()
            .search(
                [
                    ("sanitized_acc_number", "in", list(filter(None, numbers))),
                    ("company_id", "in", [False, root.id]),
                ]
            )
        )
        owners = {}
        for number, accounts in banks.grouped("sanitized_acc_number").items():
            owner = accounts.partner_id.commercial_partner_id
            if len(owner) == 1 and owner != root.partner_id:
                owners[number] = owner
        return owners

    def action_assign(self):
        """Put these on the account of who is proposed, and match what it is surely for."""
        known = self.filtered("proposed_id")
        if not known:
            raise UserError(self.env._("Nobody is proposed for what you chose."))
        matched = sum(money._assign(money.proposed_id) for money in known)
        return self._said(len(known), matched)

    def _said(self, assigned, matched):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Assigned: %(assigned)s. Matched: %(matched)s.",
                    assigned=assigned,
                    matched=matched,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_choose(self):
        """Ask who paid."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Paid?"),
            "res_model": "credit.incoming.payer",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_move_line_id": self.move_line_id.id,
                "default_partner_id": self.proposed_id.id,
            },
        }

    def _assign(self, customer):
        """Put the money on the customer's account; whether it was matched with an invoice too.

        The account number is kept with the customer, so that the next payment finds its payer.
        """
        self.ensure_one()
        if not self.env.user.has_group(BOOKKEEPER):
            raise AccessError(self.env._("Only a bookkeeper can match payments."))
        self.check_access("read")
        line, invoice = self.move_line_id, self.proposed_line_id
        for_customer = self.proposed_id == customer
        line.check_access("write")
        customer = customer.commercial_partner_id
        bank = line.statement_line_id.sudo()
        if bank:
            others = bank._seek_for_lines()[2]
            if not others and bank.partner_id.commercial_partner_id != customer:
                bank.partner_id = customer
            account = customer.with_company(line.company_id).property_account_receivable_id
            line.sudo().write({"partner_id": customer.id, "account_id": account.id})
            if bank.account_number:
                bank._find_or_create_bank_account()
        elif line.payment_id:
            line.payment_id.sudo().partner_id = customer
            line.move_id.line_ids.sudo().partner_id = customer
        else:
            line.sudo().partner_id = customer
        if not (invoice and for_customer) or invoice.account_id != line.account_id:
            return False
        if line.reconciled or invoice.reconciled:
            return False
        (line | invoice).reconcile()
        return True
