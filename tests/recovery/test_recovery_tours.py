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

    def test_the_director_approves_a_write_off(self):
        write_off = (
            self.env["credit.write.off"]
            .with_user(self.collector)
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
        write_off.action_ask()
        self.start_tour(
            "/odoo/credit-write-offs", "credit_director_approves_a_write_off", login="mona"
        )
        self.assertEqual((write_off.state, write_off.approved_by_id), ("approved", self.manager))
