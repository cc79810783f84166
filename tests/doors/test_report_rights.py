"""Nobody prints what they may not read: every report of the add-on, whoever knows its name."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CreditCase

STATEMENTS = "credit_collection.credit_statements"


@tagged("post_install", "-at_install")
class TestReportRights(CreditCase, HttpCase):
    """The statement of a customer with an open invoice, asked for by its address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(1_234.0)
        cls.file = cls._account()
        cls.collector = cls._user("carl", "credit_collection.credit_collection_group_collector")
        new_test_user(cls.env, "porta", groups="base.group_portal")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_actions_report")
    def _get(self, login, kind):
        self.authenticate(login, login)
        return self.url_open(f"/report/{kind}/{STATEMENTS}/{self.file.id}")

    def test_statement_is_for_collectors(self):
        for login in ("porta", "walter", "sally"):
            for kind in ("html", "pdf"):
                with self.subTest(login=login, kind=kind):
                    answer = self._get(login, kind)
                    self.assertNotEqual(answer.status_code, 200)
                    self.assertNotIn("1,234", answer.text)
        answer = self._get("carl", "html")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("1,234", answer.text)

    def test_statement_of_another_company_is_refused(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.collector.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        Report = self.env["ir.actions.report"].with_user(self.collector)
        with self.assertRaises(AccessError):
            Report._render_qweb_html(STATEMENTS, self.file.ids)

    def test_jobs_print_for_everybody(self):
        html, _type = (
            self.env["ir.actions.report"].sudo()._render_qweb_html(STATEMENTS, self.file.ids)
        )
        self.assertIn(b"1,234", html)
