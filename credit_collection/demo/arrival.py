import io
from base64 import b64encode

import openpyxl
from odoo import models

from . import customers as cast

TITLES = ("Customer", "Limit", "Currency", "Collector", "Last Contact", "Note", "Invoice")


class CreditDemo(models.AbstractModel):
    """What other systems bring: invoices without orders, data from before."""

    _inherit = "credit.demo"

    def _make_invoice_hold(self, partners, products):
        """A service that is invoiced without an order, above the limit: it waits in the queue."""
        rules = self.env.company.credit_default_policy_id.rule_ids
        rule = rules.filtered(lambda rule: (rule.kind, rule.consequence) == ("limit", "hold"))[:1]
        rule.on_invoice = True
        partner = partners[cast.INVOICED_DIRECTLY]
        invoice = self.env["account.move"].create(
            self._prepare_invoice(
                partner, products["service"], 9_600.0, self._day(0), self._day(-30)
            )
        )
        invoice.with_user(self._user("belova")).action_post()

    def _make_move_in(self, partners):
        """A spreadsheet of the system before: previewed, nothing taken yet."""
        book = openpyxl.Workbook()
        for row in (
            TITLES,
            ("Acacia Corner Shop", 1_500, None, "belova", None, "Pays on the tenth", None),
            ("Balsa Models", 800, None, None, None, None, None),
            ("Cypress Cafe", 1_200, "XYZ", None, None, None, None),
            ("Kapok Upholstery", 2_000, None, None, None, None, None),
            ("Ebony Music", 2_500, None, "nobody", None, None, None),
        ):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        record = self.env["credit.move.in"].create(
            {
                "source": "xlsx",
                "company_id": self.env.company.id,
                "file": b64encode(stream.getvalue()),
                "file_name": "customers of the old system.xlsx",
            }
        )
        record.action_preview()
