"""Limits decided with what there is to know; less than asked; many at once; from a file."""

import base64

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31")
class TestLimitDesk(CreditCase):
    def _request(self, amount, partner=None):
        return (
            self.env["credit.limit"]
            .with_user(self.salesperson)
            .create(
                {
                    "account_id": self._account(partner).id,
                    "amount": amount,
                    "reason": "They grow",
                }
            )
        )

    def test_what_there_is_to_know(self):
        self._limit(1_000)
        self._invoice(900, date="2026-01-31", due="2026-02-28")
        self.env["credit.snapshot"].sudo().create(
            {
                "date": "2025-06-30",
                "company_id": self.company.id,
                "account_id": self._account().id,
                "partner_id": self.customer.id,
                "receivable": 2_400,
            }
        )
        limit = self._request(5_000).with_user(self.officer)
        self.assertEqual(
            (limit.used, limit.peak, limit.overdue, limit.days_late), (900, 2_400, 900, 31)
        )
        self.assertIn("1,000.00", limit.present_label)
        self.assertIn("1,000.00", limit.earlier)
        self.assertNotIn("2026-", limit.earlier, "a day is written as the reader writes it")
        self.assertTrue(limit.may_approve)

    def test_less_than_asked_for(self):
        limit = self._request(50_000).with_user(self.officer)
        self.assertFalse(limit.may_approve)
        wizard = (
            self.env["credit.limit.approve"]
            .with_user(self.officer)
            .create({"limit_id": limit.id, "amount": 8_000, "note": "Let us see"})
        )
        wizard.action_approve()
        self.assertEqual((limit.state, limit.amount), ("approved", 8_000))
        self.assertEqual(self._position().credit_limit, 8_000)

    def test_never_more_than_asked_for_nor_above_authority(self):
        limit = self._request(5_000)
        with self.assertRaises(UserError):
            limit.with_user(self.officer).action_approve_less(5_001)
        large = self._request(50_000)
        with self.assertRaises(AccessError):
            large.with_user(self.officer).action_approve_less(20_000)
        with self.assertRaises(AccessError):
            limit.with_user(self.salesperson).action_approve_less(10)

    def test_on_a_selection(self):
        accounts = self._account() | self._account(self._customer("Second"))
        wizard = self.env["credit.limit.set"].with_user(self.officer)
        wizard = wizard.with_context(
            active_model="credit.position", active_ids=accounts.ids
        ).create({"amount": 3_000, "reason": "Yearly review"})
        said = wizard.action_set()["params"]
        self.assertIn("2 of 2", said["title"])
        self.assertEqual(accounts.mapped("credit_limit"), [3_000.0, 3_000.0])

    def test_from_a_file(self):
        self._customer("Second", ref="C-2")
        text = "Customer,Amount,Until\nDeco Ltd,2500,2026-12-31\nC-2,90000,\n"
        wizard = (
            self.env["credit.limit.set"]
            .with_user(self.officer)
            .create(
                {
                    "reason": "Insurer's list",
                    "file": base64.b64encode(text.encode()),
                    "filename": "limits.csv",
                }
            )
        )
        said = wizard.action_set()["params"]
        self.assertIn("1 of 2", said["title"])
        limits = self._account().limit_ids
        self.assertEqual((limits.amount, str(limits.date_to)), (2_500, "2026-12-31"))
        second = self.env["credit.limit"].search([("amount", "=", 90_000)])
        self.assertEqual(second.state, "requested")
        self.assertTrue(second.activity_ids)

    def test_a_file_that_cannot_be_read_says_where(self):
        wizard = (
            self.env["credit.limit.set"]
            .with_user(self.officer)
            .create(
                {
                    "reason": "List",
                    "file": base64.b64encode(b"Nobody at all,100,\n"),
                    "filename": "limits.csv",
                }
            )
        )
        with self.assertRaisesRegex(UserError, "Row 1: .*Nobody at all"):
            wizard.action_set()
        # The number is the one that the sheet shows, with its title and empty rows.
        titled = b"Customer,Amount,Valid until\n,,\nNobody at all,100,\n"
        wizard.file = base64.b64encode(titled)
        with self.assertRaisesRegex(UserError, "Row 3: .*Nobody at all"):
            wizard.action_set()
        wizard.write({"file": base64.b64encode(b"\x00\x01 nonsense"), "filename": "x.xlsx"})
        with self.assertRaisesRegex(UserError, "neither XLSX nor CSV"):
            wizard.action_set()
