"""Branches are one customer relation, companies are two, whatever company a user works in."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import OFFICER, SALESPERSON, CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestCompanies(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch North", "parent_id": cls.company.id}
        )
        cls.env.cr.precommit.run()  # where Odoo gives a branch its accounts
        cls.other = cls.env["res.company"].create({"name": "Second Company"})
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.other, install_demo=False
        )
        cls.companies = cls.company | cls.branch | cls.other
        for user in cls.env.user | cls.manager | cls.accountant | cls.salesperson:
            user.company_ids |= cls.companies
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.companies.ids})

    def _invoice_in(self, company, amount):
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": self.customer.id,
                    "invoice_date": "2026-03-01",
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": amount, "tax_ids": [Command.clear()]}
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    def _order_in(self, company, amount):
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.service.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        order.action_confirm()
        return order

    def _file(self, company):
        return self.env["credit.account"]._get(self.customer, company)

    def test_branches_count_together(self):
        self._invoice_in(self.company, 100.0)
        self._invoice_in(self.branch, 200.0)
        self._order_in(self.branch, 400.0)
        self.assertEqual(self._file(self.branch), self._file(self.company))
        self.assertEqual(self._file(self.company)._position().exposure, 700.0)
        items = self.env["credit.open.item"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(items.company_id, self.company)
        self.assertEqual(
            sorted((item.branch_id.name, item.amount) for item in items),
            sorted(
                [
                    (self.company.name, 100.0),
                    ("Branch North", 200.0),
                    ("Branch North", 400.0),
                ]
            ),
        )

    def test_order_in_a_branch_is_held_by_what_the_whole_company_is_owed(self):
        self._limit(1000.0)
        self._invoice_in(self.company, 800.0)
        self.assertEqual(self._order_in(self.branch, 200.01).credit_state, "held")
        self.assertEqual(self._order_in(self.branch, 200.0).state, "sale")

    def test_two_companies_stay_apart(self):
        self._limit(1000.0)
        self._invoice_in(self.company, 800.0)
        self._invoice_in(self.other, 5000.0)
        self.assertNotEqual(self._file(self.other), self._file(self.company))
        self.assertEqual(self._file(self.company)._position().exposure, 800.0)
        self.assertEqual(self._file(self.other)._position().exposure, 5000.0)
        self.assertEqual(self._order_in(self.other, 900.0).state, "sale")
        self.assertEqual(self._order_in(self.company, 900.0).credit_state, "held")

    def test_the_document_s_company_counts_not_the_switcher(self):
        """Whatever companies are ticked, an order is judged by its own company's figures."""
        self._limit(1000.0)
        self._invoice_in(self.company, 800.0)
        self._invoice_in(self.other, 5000.0)
        sally = self._user("suzy", SALESPERSON)
        sally.company_ids = [Command.set(self.companies.ids)]
        order = self._order(200.0, company_id=self.company.id).with_user(sally)
        for ticked in (self.other.ids + self.company.ids, self.company.ids, self.companies.ids):
            banner = order.with_context(allowed_company_ids=ticked)._credit_banner()
            self.assertEqual(banner["outcome"], "pass")
        order.with_context(allowed_company_ids=(self.other | self.company).ids).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_checked_account_id, self._file(self.company))

    def test_partner_shows_the_current_company_s_figures(self):
        self._invoice_in(self.branch, 200.0)
        self._invoice_in(self.other, 5000.0)
        for company, exposure in (
            (self.company, 200.0),
            (self.branch, 200.0),
            (self.other, 5000.0),
        ):
            self.assertEqual(self.customer.with_company(company).credit_exposure, exposure)

    def test_every_company_has_a_policy_and_branches_use_their_root_s(self):
        self.assertTrue(self.other.credit_default_policy_id)
        self.assertEqual(self.other.credit_default_policy_id.company_id, self.other)
        self.assertFalse(self.branch.credit_default_policy_id)
        self.assertEqual(self._file(self.branch).effective_policy_id, self.policy)

    def test_nothing_of_a_branch_s_own(self):
        for make in (
            lambda: self.env["credit.policy"].create(
                {"name": "Northern", "company_id": self.branch.id}
            ),
            lambda: self.env["credit.account"].create(
                {"partner_id": self.customer.id, "company_id": self.branch.id}
            ),
            lambda: self.branch.write({"credit_default_policy_id": self.policy.id}),
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                make()

    def test_policy_of_another_company_is_refused(self):
        with self.assertRaises(ValidationError):
            self._file(self.company).policy_id = self.other.credit_default_policy_id
        with self.assertRaises(ValidationError):
            self.company.credit_default_policy_id = self.other.credit_default_policy_id

    def test_officer_sees_only_the_own_company(self):
        self._invoice_in(self.company, 100.0)
        self._invoice_in(self.other, 200.0)
        stranger = self._user("otis", OFFICER)
        for model in ("credit.account", "credit.position", "credit.open.item"):
            records = self.env[model].with_user(stranger).with_context(allowed_company_ids=None)
            self.assertEqual(
                records.search([("partner_id", "=", self.customer.id)]).company_id, self.company
            )
        with self.assertRaises(AccessError):
            self._file(self.other).with_user(stranger).with_context(allowed_company_ids=None).read(
                ["exposure"]
            )
