"""A database of an earlier version keeps what it knew."""

import importlib.util

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.sql import column_exists, rename_column


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    def _migrate(self, version, stage):
        path = f"{get_module_path('credit_collection')}/migrations/{version}/{stage}-migration.py"
        spec = importlib.util.spec_from_file_location(f"migration_{stage}", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")

    def test_default_policy_moves_to_its_new_column(self):
        cr, company = self.env.cr, self.env.company
        policy = company.credit_default_policy_id
        rename_column(cr, "res_company", "credit_default_policy_id", "credit_policy_id")
        for _time in range(2):
            self._migrate("19.0.2.0.0", "pre")
        self.assertFalse(column_exists(cr, "res_company", "credit_policy_id"))
        company.invalidate_recordset()
        self.assertEqual(company.credit_default_policy_id, policy)
        self.assertTrue(policy)
