"""What installing does on a database in use; scripts/check_lifecycle.sh does the whole way."""

from freezegun import freeze_time
from odoo.addons.credit_collection.hooks import post_init_hook
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestInstall(CreditCase):
    """The hook on customers who have native limits, orders and invoices, but no credit file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Limited", "Boundless", "Sleeping", "Quiet")
        cls.limited, cls.boundless, cls.sleeping, cls.quiet = (
            cls._customer(name) for name in names
        )
        cls.contact = cls._customer("Carl", parent_id=cls.limited.id, is_company=False)
        cls.order = cls._order(400.0, partner=cls.boundless)
        cls.order.action_confirm()
        cls.invoice = cls._invoice(300.0, partner=cls.contact)
        cls.draft = cls._invoice(200.0, partner=cls.boundless, post=False)
        cls.limited.credit_limit = 5000.0
        cls.sleeping.write({"credit_limit": 700.0, "active": False})
        cls.env.flush_all()
        cls.env.cr.execute(
            "DELETE FROM credit_account WHERE partner_id IN %s",
            [(cls.limited | cls.boundless | cls.sleeping | cls.quiet)._ids],
        )
        cls.env.invalidate_all()

    def _rows(self):
        self.env.flush_all()
        result = []
        for table in ("sale_order", "sale_order_line", "account_move", "account_move_line"):
            self.env.cr.execute(f"SELECT row_to_json(d)::text FROM {table} d ORDER BY id")
            result.append(self.env.cr.fetchall())
        return result

    def _file(self, partner):
        return self.env["credit.account"].search([("partner_id", "=", partner.id)])

    def test_limits_files_and_policies(self):
        self.company.credit_default_policy_id = False
        before = self._rows()
        post_init_hook(self.env)
        self.assertEqual(self._rows(), before)
        self.assertTrue(self.company.credit_default_policy_id)
        self.assertRecordValues(
            self._file(self.limited).limit_ids,
            [{"amount": 5000.0, "state": "approved", "unlimited": False, "kind": "permanent"}],
        )
        self.assertEqual(self._file(self.sleeping).limit_ids.amount, 700.0)
        self.assertFalse(self._file(self.boundless).limit_ids)
        self.assertFalse(self._file(self.contact))
        self.assertFalse(self._file(self.quiet))
        self.assertEqual(self._position(self.limited).exposure, 300.0)
        self.assertEqual(self._position(self.boundless).exposure, 600.0)

    def test_second_run_changes_nothing(self):
        post_init_hook(self.env)
        policies = self.env["credit.policy"].search([])
        limits, files = self.env["credit.limit"].search([]), self.env["credit.account"].search([])
        before = self._rows()
        post_init_hook(self.env)
        self.assertEqual(self.env["credit.policy"].search([]), policies)
        self.assertEqual(self.env["credit.limit"].search([]), limits)
        self.assertEqual(self.env["credit.account"].search([]), files)
        self.assertEqual(self._rows(), before)

    def test_default_of_the_policy_is_no_native_limit(self):
        """Native limits that follow a policy are not taken for limits set on the customer."""
        self.policy.write({"default_unlimited": False, "default_limit": 250.0})
        post_init_hook(self.env)
        self._run_cron("credit_limit_cron")
        self.assertEqual(self.boundless.credit_limit, 250.0)
        post_init_hook(self.env)
        self.assertFalse(self._file(self.boundless).limit_ids)

    def test_default_for_all_customers_is_not_taken_over(self):
        self.env["ir.default"].set("res.partner", "credit_limit", 900.0, company_id=self.company.id)
        post_init_hook(self.env)
        self.assertFalse(self._file(self.boundless).limit_ids)
        self.assertEqual(self._file(self.limited).limit_ids.amount, 5000.0)
