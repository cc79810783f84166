"""What another thread put into the caches before a commit is forgotten after it."""

from contextlib import closing

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
class TestCached(CreditCase):
    def _read_by_another_thread(self, read):
        """Read on a connection of its own, which sees nothing of this transaction."""
        with closing(db_connect(self.cr.dbname).cursor()) as cr:
            return read(api.Environment(cr, SUPERUSER_ID, {}))

    def _learns(self, change, read):
        """What ``read`` says after the commit of ``change``, read in between by another."""
        self.env.cr.postcommit.clear()
        change()
        self._read_by_another_thread(read)
        self.env.cr.postcommit.run()
        return read(self.env)

    def test_new_company_and_branch(self):
        Company = self.env["res.company"]
        for values in ({}, {"parent_id": self.company.id}):
            facts = self._learns(
                lambda values=values: Company.create({"name": f"New {values}", **values}),
                lambda env: env["res.company"]._credit_facts(),
            )
            new = Company.search([("name", "=", f"New {values}")])
            self.assertEqual(facts[new.id].root, values.get("parent_id", new.id))

    def test_new_receivable_account(self):
        values = {"name": "Export", "code": "RX1", "account_type": "asset_receivable"}
        known = self._learns(
            lambda: self.env["account.account"].create(values),
            lambda env: env["credit.open.item"]._receivable_account_ids(),
        )
        [new] = self.env["account.account"].search([("name", "=", "Export")]).ids
        self.assertIn(new, known)

    def test_changed_rule_and_time_zone(self):
        count = len(self.policy.rule_ids)
        rules = self._learns(
            lambda: self.policy.rule_ids[0].unlink(),
            lambda env: env["credit.policy"]._core_rules(self.policy.id),
        )
        self.assertEqual(len(rules), count - 1)
        zone = self._learns(
            lambda: self.company.resource_calendar_id.write({"tz": "Asia/Tokyo"}),
            lambda env: env["res.company"]._credit_tz_of(self.company.id),
        )
        self.assertEqual(zone, "Asia/Tokyo")

    def test_another_default_policy(self):
        policy = self.policy.copy({"name": "Laxer"})
        facts = self._learns(
            lambda: policy.action_make_default(),
            lambda env: env["res.company"]._credit_facts(),
        )
        self.assertEqual(facts[self.company.id].policy, policy.id)
