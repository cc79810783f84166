"""Which policy a customer has, and what a policy may not be."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestPolicy(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.retail, cls.export = cls.env["res.partner.category"].create(
            [{"name": "Retail"}, {"name": "Export"}]
        )
        cls.soft = cls._policy("Soft", 20, cls.retail)
        cls.hard = cls._policy("Hard", 10, cls.retail | cls.export)

    @classmethod
    def _policy(cls, name, sequence, tags=(), **values):
        return cls.env["credit.policy"].create(
            {
                "name": name,
                "sequence": sequence,
                "company_id": cls.company.id,
                "category_ids": [Command.set(tags.ids if tags else [])],
                **values,
            }
        )

    def assertPolicy(self, policy):
        self.env.flush_all()
        self.assertEqual(self._position().policy_id, policy)
        account = self._account()
        account.invalidate_recordset(["effective_policy_id"])
        self.assertEqual(account.effective_policy_id, policy)

    def test_own_before_tags_before_default(self):
        self.assertPolicy(self.policy)
        self.customer.category_id = self.retail
        self.assertPolicy(self.hard)
        self._account().policy_id = self.soft
        self.assertPolicy(self.soft)
        self._account().policy_id = False
        self.assertPolicy(self.hard)
        self.customer.category_id = False
        self.assertPolicy(self.policy)

    def test_first_matching_by_sequence(self):
        self.customer.category_id = self.retail
        self.soft.sequence = 5
        self.assertPolicy(self.soft)

    def test_archived_policy_applies_to_nobody(self):
        self.customer.category_id = self.retail
        self._account().policy_id = self.soft
        self.soft.active = False
        self.assertPolicy(self.hard)
        self.hard.active = False
        self.assertPolicy(self.policy)
        self.soft.active = True
        self.assertPolicy(self.soft)

    def test_customer_without_a_file(self):
        stranger = self._customer("Stranger", category_id=[Command.set(self.export.ids)])
        order = self._order(100.0, partner=stranger)
        [case] = self.env["credit.check"]._judge(order, "confirmation", binding=False)
        self.assertEqual(case.policy, self.hard)
        self.assertFalse(self.env["credit.account"].search([("partner_id", "=", stranger.id)]))

    def test_default_cannot_be_archived_moved_or_deleted(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        for change in ({"active": False}, {"company_id": other.id}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.policy.write(change)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.policy.unlink()

    def test_policy_in_use_stays_in_its_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._account().policy_id = self.soft
        with self.assertRaises(ValidationError):
            self.soft.company_id = other

    def test_thresholds_are_not_negative(self):
        for values in (
            {"grace_days": -1},
            {"order_horizon_days": -1},
            {"default_limit": -0.01},
            {"release_days": -1},
            {"release_tolerance": -1.0},
            {"answer_hours": 0},
        ):
            with self.subTest(values=values):
                with self.assertRaisesRegex(ValidationError, "has to be a number from"):
                    self.policy.write(values)

    def test_only_managers_change_policies_and_choose_them(self):
        account = self._account()
        for user in (self.salesperson, self.accountant, self.officer):
            for attack in (
                lambda user=user: self.policy.with_user(user).write({"grace_days": 99}),
                lambda user=user: self.policy.rule_ids.with_user(user).write({"active": False}),
                lambda user=user: account.with_user(user).write({"policy_id": self.soft.id}),
                lambda user=user: self.company.with_user(user).write(
                    {"credit_default_policy_id": self.soft.id}
                ),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attack()
        account.with_user(self.manager).policy_id = self.soft
        self.policy.with_user(self.manager).grace_days = 3

    def test_new_company_gets_the_default_policy(self):
        company = self.env["res.company"].create({"name": "Newcomer"})
        policy = company.credit_default_policy_id
        self.assertTrue(policy.default_unlimited)
        self.assertEqual(
            [
                (rule.kind, rule.consequence, sorted(rule._checkpoints()))
                for rule in policy.rule_ids.sorted("sequence")
            ],
            [
                ("limit", "warn", ["quotation"]),
                ("limit", "hold", ["confirmation"]),
                ("overdue_days", "hold", ["confirmation", "delivery"]),
                ("limit_expired", "warn", ["confirmation", "quotation"]),
            ],
        )
