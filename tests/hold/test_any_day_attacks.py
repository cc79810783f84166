"""The keys ``as_of`` and ``compare_from`` come from whoever calls: they only choose a day."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import COLLECTOR, CreditCase

REPORTS = ("credit.open.item", "credit.position", "credit.aging", "credit.aging.move")
NO_DAYS = (
    "yesterday",
    "2026-13-01",
    "1; DROP TABLE account_move",
    "0001-01-01",
    "9999-12-31",
    True,
    5,
    ["2026-01-31"],
    {"day": 1},
)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestAnyDayAttacks(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("colin", COLLECTOR)

    def test_what_is_no_day_gets_a_clear_error(self):
        self._invoice(500.0, date="2026-02-01")
        for model in REPORTS:
            for value in NO_DAYS:
                report = self.env[model].with_user(self.collector).with_context(as_of=value)
                with self.subTest(model=model, value=value):
                    with self.assertRaisesRegex(UserError, "is not a day"):
                        report.search([])
        moves = self.env["credit.aging.move"].with_user(self.collector)
        for value in NO_DAYS:
            with self.subTest(compare_from=value), self.assertRaises(UserError):
                moves.with_context(compare_from=value).search([])

    def test_comparing_with_a_later_day_is_refused(self):
        moves = self.env["credit.aging.move"].with_user(self.collector)
        for earlier in ("2026-01-31", "2026-02-01"):
            days = {"as_of": "2026-01-31", "compare_from": earlier}
            with self.subTest(days), self.assertRaisesRegex(UserError, "the earlier one"):
                moves.with_context(**days).search([])

    def test_another_day_shows_no_other_company(self):
        self._invoice(500.0, date="2026-02-01")
        other = self.env["res.company"].create({"name": "Other Ltd"})
        self.collector.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        days = {"as_of": "2026-02-28", "compare_from": "2026-01-01"}
        env = self.env(user=self.collector, context={"allowed_company_ids": other.ids, **days})
        for model in REPORTS:
            with self.subTest(model):
                self.assertFalse(env[model].search([]))
                [(count,)] = env[model]._read_group([], [], ["__count"])
                self.assertEqual(count, 0)

    def test_another_day_shows_a_salesperson_own_customers_only(self):
        seller = self._user("steve", "sales_team.group_sale_salesman")
        mine = self._customer("Mine Ltd", user_id=seller.id)
        self._invoice(500.0, date="2026-02-01")
        self._invoice(300.0, date="2026-02-01", partner=mine, invoice_user_id=seller.id)
        positions = self.env["credit.position"].with_user(seller).with_context(as_of="2026-02-28")
        self.assertEqual(positions.search([]).partner_id, mine)
        # Who leads a team reads what its customers owe; this one leads nobody.
        aging = self.env["credit.aging"].with_user(seller).with_context(as_of="2026-02-28")
        self.assertFalse(aging.search([]))
        for model in ("credit.open.item", "credit.aging.move"):
            report = self.env[model].with_user(seller).with_context(as_of="2026-02-28")
            with self.subTest(model), self.assertRaises(AccessError):
                report.search([])

    def test_an_order_is_not_decided_on_another_day(self):
        self._limit(1000.0)
        self._invoice(900.0, date="2026-02-01")
        order = self._order(500.0).with_user(self.salesperson)
        order.with_context(as_of="2026-01-15").action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))
        with self.assertRaises(UserError):
            order.with_context(as_of="2026-01-15").write({"state": "sale"})

    def test_a_delivery_is_not_decided_on_another_day(self):
        order = self._order(100.0, product=self.goods)
        order.action_confirm()
        self._invoice(500.0, date="2026-01-05", due="2026-01-05")
        picking = order.picking_ids.with_user(self.clerk).with_context(as_of="2026-01-01")
        picking.button_validate()
        self.assertEqual((picking.credit_state, picking.state), ("held", "assigned"))

    def test_the_native_limit_is_that_of_today(self):
        self._limit(1000.0)
        account = self._account().with_context(as_of="2025-01-01")
        account._sync_native_limit()
        self.assertEqual(self.customer.credit_limit, 1000.0)
