from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import FiguresCase

MANAGER = "credit_collection.credit_collection_group_manager"


@freeze_time("2026-11-10")
class TestCostOfCredit(FiguresCase):
    """October has 31 days; at 12 % a year 1,000 cost 0.3288 a day per thousand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", MANAGER)
        cls.product = cls.env["product.product"].create({"name": "Pump", "list_price": 100})
        cls.product.with_company(cls.company).standard_price = 60

    def _ask(self, **values):
        return (
            self.env["credit.cost.ask"]
            .with_user(self.manager)
            .create({"date_from": "2026-10-01", "date_to": "2026-10-31", "rate": 0.12, **values})
        )

    def _lines(self, **values):
        action = self._ask(**values).action_show()
        lines = self.env[action["res_model"]].with_user(self.manager).search(action["domain"])
        return {line.partner_id.name: line for line in lines}

    def _sale(self, quantity, date, price=100, **values):
        line = {
            "product_id": self.product.id,
            "quantity": quantity,
            "price_unit": price,
            "account_id": self.income.id,
            "tax_ids": [Command.clear()],
        }
        return self._invoice(
            1 if quantity > 0 else -1,
            date,
            invoice_line_ids=[Command.create({**line, "quantity": abs(quantity)})],
            **values,
        )

    def test_balance_of_each_day_times_the_rate(self):
        # 365,000 owed on all 31 days, less 73,000 from the 22nd on (10 days), and 36,500 more from
        # the 31st on (1 day): 365,000 x 31 - 73,000 x 10 + 36,500 = 10,621,500 days.
        invoice = self._invoice(365_000, "2026-08-01")
        self._pay(invoice, "2026-10-22", 73_000)
        self._invoice(36_500, "2026-10-31")
        self._invoice(999_999, "2026-11-01")
        line = self._lines()["Alpha"]
        self.assertEqual(line.cost, 3_492)  # 10,621,500 x 0.12 / 365
        self.assertEqual(line.balance, 342_629.03)

    def test_days_add_up_to_what_is_open_at_the_end(self):
        self._pay(self._invoice(900, "2026-09-01"), "2026-10-10", 250)
        self._invoice(-40, "2026-10-12")
        self._entry(15, "2026-10-20", journal=self.misc, other=self.expense)
        last = self._lines(date_from="2026-10-31")["Alpha"]
        self.assertEqual(last.balance, sum(self._items("2026-10-31").mapped("amount")))
        self.assertEqual(last.balance, 595)

    def test_money_of_the_customer_counts_against_it(self):
        self._entry(365_000, "2026-10-01")
        self.assertEqual(self._lines()["Alpha"].cost, -3_720)  # 365,000 x 31 x 0.12 / 365

    def test_margin_of_the_period_beside_it(self):
        self._sale(10, "2026-10-05")
        self._sale(-2, "2026-10-06")
        self._sale(50, "2026-09-30")
        self._invoice(70, "2026-10-07")
        line = self._lines()["Alpha"]
        # 8 pumps at 100 that cost 60, and 70 for something without a product.
        self.assertEqual((line.sales, line.unknown_sales), (870, 70))
        self.assertEqual((line.goods, line.margin), (480, 320))
        self.assertEqual(line.margin_left, self.currency.round(320 - line.cost))

    def test_another_unit_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        invoice = self._sale(1, "2026-10-05", price=1_200)
        invoice.button_draft()
        invoice.invoice_line_ids.product_uom_id = dozen
        invoice.invoice_line_ids.price_unit = 1_200
        invoice.action_post()
        line = self._lines()["Alpha"]
        self.assertEqual((line.sales, line.goods, line.margin), (1_200, 720, 480))

    def test_cost_is_that_of_the_company(self):
        self.product.with_company(self.env["res.company"].create({"name": "X"})).standard_price = 1
        self._sale(1, "2026-10-05")
        self.assertEqual(self._lines()["Alpha"].goods, 60)

    def test_without_known_cost_there_is_no_margin(self):
        self._invoice(70, "2026-10-07")
        line = self._lines()["Alpha"]
        self.assertFalse(line.has_margin)
        self.assertEqual((line.unknown_sales, line.margin, line.margin_left), (70, 0, 0))

    def test_rate_comes_from_the_settings(self):
        self.company.credit_funding_rate = 0.09
        ask = self.env["credit.cost.ask"].with_user(self.manager).create({})
        self.assertEqual(ask.rate, 0.09)

    def test_bad_input_is_refused(self):
        for values in ({"date_to": "2026-09-30"}, {"rate": -0.1}, {"rate": 11}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._ask(**values)
        with self.assertRaises(UserError):
            self._ask(date_to="2026-11-30").action_show()

    def test_margins_are_for_managers_of_the_company(self):
        self._sale(1, "2026-10-05")
        self._lines()
        officer = self._user("officer", "credit_collection.credit_collection_group_officer")
        for user in (officer, self.ivanov):
            for model in ("credit.cost.ask", "credit.cost.line"):
                with self.subTest(user=user.name, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        other = self.env["res.company"].create({"name": "Other Ltd"})
        stranger = self._user("stranger", MANAGER)
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        there = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        self.assertFalse(there["credit.cost.line"].search([]))
        with self.assertRaises(AccessError):
            there["credit.cost.ask"].create({"company_id": self.company.id}).action_show()

    def test_same_queries_however_many_customers(self):
        self._sale(1, "2026-10-05")
        before = self._count()
        for number in range(10):
            self._invoice(100, "2026-10-05", partner_id=self._customer(f"C{number}").id)
        self.assertLessEqual(self._count(), before)

    def _count(self):
        ask = self._ask()
        ask.action_show()
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        ask.action_show()
        return self.env.cr.sql_log_count - start
