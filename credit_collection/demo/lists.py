from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command

PLANNED = {"ivanov": 24_000, "semenov": 15_000, "petrov": 16_000}  # sales of a month
DEFERRAL_DAYS = 30
FUNDING_RATE = 0.12  # what a year of credit costs
ON_ACCOUNT = ("Cypress Cafe", 145.0)
DELIVERED = ("Fig Tree Bakery", 1, 9)  # pumps, days ago
# Delivered and invoiced: customer, pumps, delivered and invoiced so many days ago.
INVOICED = (("Birch & Sons", 2, 20, 17), ("Fir Engineering", 3, 12, 7))
ACKNOWLEDGED = ("Mahogany Holdings", 60, "Letter of the administrator, signed, in the case's file")
# What came to the bank without a payer: text, who the bank says, amount, days ago.
RECEIVED = (
    ("Payment of {invoice}", "Koa Furn. Holding Co", 830.0, 2),
    ("SEPA credit transfer", "GINKGO LABS LTD", 300.0, 1),
    ("Transfer 0092-4417", "Harrow & Pine", 415.0, 1),
)
NAMED = "Koa Furniture"


class CreditDemo(models.AbstractModel):
    """A record for lists that the year of the demo company leaves empty."""

    _inherit = "credit.demo"

    def _make_lists(self, partners, products):
        self._make_plans_of_sales()
        self._deliver(partners, products, *DELIVERED)
        self._deliver_and_invoice(partners, products)
        self._receive_on_account(partners)
        self._receive_without_payer(partners)
        self._record_acknowledgement(partners)

    def _make_plans_of_sales(self):
        """Cash plans of last month and this one, and what money costs."""
        self.env.company.credit_funding_rate = FUNDING_RATE
        self.env["credit.cash.plan"].create(
            [
                {
                    "company_id": self.env.company.id,
                    "user_id": self._user(login).id,
                    "month": month,
                    "sales_plan": sales,
                    "deferral_days": DEFERRAL_DAYS,
                }
                for login, sales in PLANNED.items()
                for month in (self._month()[0], self._day(0).replace(day=1))
            ]
        ).action_prefill()

    def _deliver(self, partners, products, name, pumps, days_ago):
        order = self._quotation(partners[name], products["pump"], pumps)
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": pumps, "picked": True})
        picking.button_validate()
        left = fields.Datetime.now() - timedelta(days=days_ago)
        order.date_order = picking.date_done = picking.move_ids.date = left
        return order

    def _deliver_and_invoice(self, partners, products):
        """How many days pass between the two stands on the dashboard."""
        for name, pumps, delivered, invoiced in INVOICED:
            invoice = self._deliver(partners, products, name, pumps, delivered)._create_invoices()
            invoice.invoice_date = self._day(invoiced)
            invoice.invoice_date_due = self._day(invoiced - 30)
            invoice.action_post()

    def _receive_on_account(self, partners):
        """A payment of a known customer that was not matched yet."""
        name, amount = ON_ACCOUNT
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partners[name].id,
                "amount": amount,
                "date": self._day(3),
                "memo": "Advance",
            }
        ).action_post()

    def _receive_without_payer(self, partners):
        """Lines of the bank: one names an invoice, one a customer, one neither."""
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.env.company.id), ("type", "=", "bank")], limit=1
        )
        named = self._file(partners, NAMED)._open_items().filtered(lambda item: item.amount > 0)
        self.env["account.bank.statement.line"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": self._day(days_ago),
                    "payment_ref": text.format(invoice=named[:1].name),
                    "partner_name": payer,
                    "amount": amount,
                }
                for text, payer, amount, days_ago in RECEIVED
            ]
        )

    def _record_acknowledgement(self, partners):
        """The debtor wrote that they owe it: limitation starts anew."""
        name, days_ago, proof = ACKNOWLEDGED
        file = self._file(partners, name)
        items = file._open_items().filtered(lambda item: item.amount > 0)
        self.env["credit.limitation.event"].create(
            {
                "account_id": file.id,
                "date": self._day(days_ago),
                "kind": "acknowledgement",
                "move_line_ids": [Command.set(items.move_line_id.ids)],
                "note": proof,
            }
        )
