import logging

from odoo import models
from reportlab.graphics.utils import RenderPMError

_logger = logging.getLogger(__name__)

# A code to scan carries so many characters of text at most (the SEPA format is the shortest).
REFERENCE_LENGTH = 140


class CreditAccount(models.Model):
    """What a customer needs to pay: where to, with which reference; and who writes to them."""

    _inherit = "credit.account"

    def _payments(self, groups, moves=None):
        """How to pay what is due, a dict for each currency in which anything is.

        Where nothing is due yet, the letter announces: what will be is what is to be paid.

        :param groups: as :meth:`_group_by_currency` gives them
        :param moves: the invoices asked for; their own bank account comes first
        """
        self.ensure_one()
        account = self.sudo()
        found = []
        for group in groups:
            bank = account._bank_account(moves, group["currency"])
            due = any(row["days"] >= 0 for row in group["rows"])
            amount = group["to_pay"] if due else group["to_come"]
            if not bank or amount <= 0:
                continue
            found.append(account._payment(bank, amount, group["currency"], group["rows"]))
        return found

    def _payments_towards(self, moves, amount, currency):
        """How to pay an amount towards these invoices, as :meth:`_payments` says it."""
        self.ensure_one()
        account, moves = self.sudo(), moves.sudo()
        bank = account._bank_account(moves, currency)
        if not bank or amount <= 0:
            return []
        rows = [{"reference": move.payment_reference or move.name} for move in moves]
        return [account._payment(bank, amount, currency, rows)]

    def _payment(self, bank, amount, currency, rows):
        reference = self._pay_reference(rows)
        return {
            "currency": currency,
            "amount": amount,
            "account": bank.acc_number,
            "bank": bank.bank_id.name,
            "bic": bank.bank_bic,
            "holder": bank.acc_holder_name or bank.partner_id.name,
            "reference": reference,
            "qr": self._bank_code(bank, amount, currency, reference),
        }

    def _bank_account(self, moves, currency):
        """The company's bank account: the one of the invoices, else one in the currency, else the
        first."""
        of_moves = moves.partner_bank_id if moves else self.env["res.partner.bank"].sudo()
        own = self.company_id.partner_id.bank_ids.filtered("active")
        of_moves &= own
        in_currency = own.filtered(lambda bank: bank.currency_id == currency)
        return (of_moves or in_currency or own)[:1]

    def _pay_reference(self, rows):
        """The payment reference of one invoice; of several, the customer's number or name."""
        references = list(dict.fromkeys(row["reference"] for row in rows if row["reference"]))
        if len(references) == 1:
            return references[0]
        text = ", ".join(references)
        customer = self.partner_id.ref or self.partner_id.name or ""
        return text if len(text) <= REFERENCE_LENGTH else customer[:REFERENCE_LENGTH]

    def _bank_code(self, bank, amount, currency, reference):
        """A code for the bank's app, in the format that fits the account, or ``False``.

        Where the server cannot draw one, the letter goes out without it.
        """
        try:
            code = bank.build_qr_code_base64(
                amount, reference, False, currency, self.partner_id, silent_errors=True
            )
        except (RenderPMError, ValueError) as error:
            _logger.warning("No code to pay by could be drawn: %s", error)
            code = False
        return code or False

    def _sender_block(self, signer=None, signed=False):
        """Who writes: name, phone, e-mail and the company's address, as HTML.

        :param signed: the text above says who they are; only where to find them is told
        """
        self.ensure_one()
        account = self.sudo()
        company = account.company_id
        signer = signer or account._responsible_collector()
        place = " ".join(filter(None, (company.zip, company.city)))
        address = ", ".join(filter(None, (company.street, place, company.country_id.name)))
        person = (
            not signed and signer.name,
            signer.partner_id.phone or company.phone,
            signer.email or company.email,
        )
        home = (not signed and company.name, address, company.vat)
        lines = [[part for part in parts if part] for parts in (person, home)]
        return account.env["ir.qweb"]._render(
            "credit_collection.credit_sender_block", {"lines": list(filter(None, lines))}
        )

    def _assigned_debts(self):
        """What of these customers' debts is with a factor or buyer, for letters and statements:
        ``{file id: [{factor, bank, rows}]}``."""
        lines = (
            self.env["credit.assignment.line"]
            .sudo()
            .search([("account_id", "in", self.ids), ("state", "=", "open")], order="date_due, id")
        )
        found = {}
        for (account, factor), own in lines.grouped(
            lambda line: (line.account_id, line.factor_id)
        ).items():
            found.setdefault(account.id, []).append(
                {
                    "factor": factor.display_name,
                    "bank": factor.bank_ids[:1].acc_number,
                    "rows": [
                        {
                            "name": line.document,
                            "date_due": line.date_due,
                            "amount": line.amount,
                            "currency": line.currency_id,
                        }
                        for line in own
                    ],
                }
            )
        return found

    def _row_details(self, row):
        """What else a line of the table says of an item: invoiced, paid, which instalment."""
        line = self.env["account.move.line"].sudo().browse(row.get("move_line_id") or ())
        if not line:
            return {"invoiced": None, "paid": 0.0, "instalment": ""}
        siblings = line.move_id.line_ids.filtered(
            lambda other: other.account_id.account_type == "asset_receivable"
        ).sorted(lambda other: (other.date_maturity or other.date, other.id))
        invoiced, paid = line.amount_currency, line.amount_currency - line.amount_residual_currency
        instalment = ""
        if len(siblings) > 1:
            instalment = self.env._(
                "instalment %(number)s of %(count)s",
                number=siblings.ids.index(line.id) + 1,
                count=len(siblings),
            )
        return {
            "invoiced": invoiced,
            "paid": line.currency_id.round(paid),
            "instalment": instalment,
        }
