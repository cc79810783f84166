"""A month's close, a step of a case and a write-off in a browser."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..settlement.common import LossCase


@tagged("post_install", "-at_install")
class TestRecoveryTours(LossCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        day = fields.Date.today() - timedelta(days=200)
        cls.invoice = cls._invoice(1_000.0, date=day, due=day)

    def test_the_accountant_closes_the_month(self):
        self.start_tour(
            "/odoo/credit-allowances", "credit_accountant_closes_the_month", login="berta"
        )
        paper = self.env["credit.allowance"].search([("company_id", "=", self.company.id)])
        self.assertEqual((paper.state, paper.target), ("booked", 106.0))
        self.assertEqual(paper.move_id.state, "draft")

    def test_the_lawyer_goes_a_step(self):
        case = (
            self.env["credit.case"]
            .with_user(self.officer)
            .create(
                {
                    "account_id": self.account.id,
                    "move_line_ids": [Command.set(self._item(self.invoice).ids)],
                    **{
                        f"check_{name}": "Looked at"
                        for name in ("legality", "evidence", "assets", "authority")
                    },
                }
            )
        )
        case.action_open()
        self.start_tour("/odoo/credit-cases", "credit_lawyer_goes_a_step", login="olaf")
        self.assertEqual(case.step_id.name, "Pre-trial")
        self.assertEqual(case.dossier_ids.state, "building")

    def test_the_lawyer_sees_why(self):
        self.company.credit_limitation_law_id = self.env.ref(
            "credit_collection.credit_limitation_law_fr"
        )
        self._pay(self.invoice, 100.0, date=fields.Date.today() - timedelta(days=9))
        self.env["credit.limitation"]._refresh(self.account)
        self.start_tour(
            "/odoo/credit-limitation", "credit_lawyer_sees_why_a_debt_lapses", login="olaf"
        )

    def test_the_accountant_sends_a_confirmation(self):
        today = fields.Date.today()
        document = self.env["credit.balance.confirmation"]._generate(
            self.company,
            today - timedelta(days=90),
            today,
            self.account,
            today + timedelta(days=14),
        )
        self.start_tour(
            "/odoo/credit-confirmations", "credit_accountant_sends_a_confirmation", login="berta"
        )
        self.assertEqual((document.state, document.confirmed_by), ("sent", "Anna Deco"))
        self.assertTrue(document.pdf_hash)

    def test_a_write_off_from_the_accountant_to_the_director_and_back(self):
        """With its documents; then the books that the director reads."""
        write_off = self._write_off(self.bookkeeper)
        url = f"/odoo/credit-write-offs/{write_off.id}"
        self.start_tour(url, "credit_accountant_asks_for_a_write_off", login="berta")
        self.assertEqual((write_off.state, write_off.asked_by_id), ("asked", self.bookkeeper))
        write_off.with_user(self.manager).action_approve()
        self.start_tour(url, "credit_accountant_books_a_write_off", login="berta")
        self.assertEqual(write_off.state, "posted")
        self.start_tour(
            "/odoo/credit-write-offs", "credit_director_reads_the_register", login="mona"
        )

    def test_the_director_reads_the_allowance(self):
        paper = self.env["credit.allowance"].create({"company_id": self.company.id})
        paper.action_compute()
        self.start_tour(
            "/odoo/credit-allowances", "credit_director_reads_the_allowance", login="mona"
        )

    def test_the_director_approves_a_write_off(self):
        write_off = self._write_off(self.collector)
        write_off.action_ask()
        self.start_tour(
            "/odoo/credit-write-offs", "credit_director_approves_a_write_off", login="mona"
        )
        self.assertEqual((write_off.state, write_off.approved_by_id), ("approved", self.manager))

    def _write_off(self, user):
        """A draft with the documents that its reason demands."""
        write_off = (
            self.env["credit.write.off"]
            .with_user(user)
            .create(
                {
                    "account_id": self.account.id,
                    "reason_id": self.env.ref(
                        "credit_collection.credit_write_off_reason_trifle"
                    ).id,
                    "line_ids": [Command.create({"move_line_id": self._item(self.invoice).id})],
                }
            )
        )
        write_off.sudo().document_ids.attachment_ids = self.env["ir.attachment"].create(
            {"name": "note.txt", "raw": b"tried"}
        )
        return write_off
