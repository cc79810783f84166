"""The figures of each customer: sortable, one query for a page."""

from ast import literal_eval

from freezegun import freeze_time
from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestPosition(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].union(
            *(cls._customer(f"Customer {number}") for number in range(1, 5))
        )
        for number, partner in enumerate(cls.customers, start=1):
            due = f"2026-03-0{number}"
            cls._invoice(100.0 * number, partner=partner, date="2026-02-01", due=due)
            cls._limit(250.0, partner=partner)
        cls.domain = [("partner_id", "in", cls.customers.ids)]

    def _names(self, *domain, order=None):
        found = self.env["credit.position"].search([*self.domain, *domain], order=order)
        return [position.partner_id.name[-1] for position in found]

    def test_sorted_by_any_figure(self):
        self.assertEqual(self._names(), ["4", "3", "2", "1"])
        for order, names in (
            ("exposure", "1234"),
            ("available desc", "1234"),
            ("utilisation desc", "4321"),
            ("oldest_due_date desc", "4321"),
            ("max_days_overdue", "4321"),
        ):
            self.assertEqual(self._names(order=order), list(names), order)

    def test_filtered_by_any_figure(self):
        for domain, names in (
            (("over_limit", "=", True), "43"),
            (("overdue", ">", 150), "432"),
            (("available", "<", 100), "432"),
            (("utilisation", ">=", 0.8), "432"),
            (("oldest_due_date", "<=", "2026-03-02"), "21"),
            (("max_days_overdue", "=", 9), "1"),
            (("on_hold", "=", True), ""),
        ):
            self.assertEqual(self._names(domain), list(names), domain)
        self._account(self.customers[0]).with_user(self.officer).action_set_manual_hold("Broke")
        self.assertEqual(self._names(("on_hold", "=", True)), ["1"])

    def test_grouped(self):
        [(user, exposure, days)] = self.env["credit.position"]._read_group(
            self.domain, ["user_id"], ["exposure:sum", "max_days_overdue:max"]
        )
        self.assertEqual((user, exposure, days), (self.salesperson, 1000.0, 9))

    def test_one_statement_serves_a_page(self):
        files = self.env["credit.account"].search(self.domain)
        self.env.flush_all()
        files._position()
        with self.assertQueryCount(1):
            positions = files._position()
            self.assertEqual(sum(positions.mapped("exposure")), 1000.0)

    def test_file_shows_the_position(self):
        files = self.env["credit.account"].search(self.domain, order="partner_id")
        self.assertEqual(files.mapped("exposure"), [100.0, 200.0, 300.0, 400.0])
        self.assertEqual(files.mapped("available"), [150.0, 50.0, -50.0, -150.0])

    def test_each_figure_opens_what_it_adds_up(self):
        self._invoice(700, date="2026-01-01", due="2026-02-25")
        self._invoice(300, date="2026-03-01", due="2026-04-30")
        self._invoice(50, date="2026-03-01", post=False)
        self._order(120).action_confirm()
        file = self._account()
        arch = etree.fromstring(self.env["credit.open.item"].get_view(view_type="search")["arch"])
        for name in ("overdue", "receivable", "draft", "ordered"):
            action = getattr(file, f"action_open_{name}")()
            [chosen] = action["context"]
            chosen = chosen.removeprefix("search_default_")
            [found] = arch.xpath(f"//filter[@name='{chosen}']")
            items = self.env[action["res_model"]].search(
                action["domain"] + literal_eval(found.get("domain"))
            )
            self.assertGreater(file[name], 0)
            self.assertAlmostEqual(sum(items.mapped("amount")), file[name], msg=name)

    def test_salesperson_sees_own_customers(self):
        sam = self._user("sam", "sales_team.group_sale_salesman")
        self.customers[1].user_id = sam
        positions = self.env["credit.position"].with_user(sam).search(self.domain)
        self.assertEqual(positions.partner_id, self.customers[1])
        with self.assertRaises(AccessError):
            self.env["credit.open.item"].with_user(sam).search(self.domain)

    def test_clerk_portal_and_public_see_nothing(self):
        portal = new_test_user(self.env, "paula", groups="base.group_portal")
        public = self.env.ref("base.public_user")
        for user in (self.clerk, portal, public):
            for model in ("credit.position", "credit.open.item", "credit.account", "credit.limit"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
