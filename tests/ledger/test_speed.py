"""What speed rests on: few queries, and plans that touch only what they must."""

from unittest.mock import patch

from odoo.addons.credit_collection.models.file.credit_account_figures import CHECKED
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from bench import plain_sql
from bench.generate import Generator

from ..common import CreditCase

LEDGER = ("account_move_line", "account_move", "sale_order", "sale_order_line", "stock_move")


@tagged("post_install", "-at_install")
class TestQueries(CreditCase):
    def _three_lines(self, product):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 10.0})
                    for _line in range(3)
                ],
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return order

    def _queries_to_confirm(self, product):
        order = self._three_lines(product)
        before = self.env.cr.sql_log_count
        order.action_confirm()
        self.env.flush_all()
        self.assertEqual(order.state, "sale")
        return self.env.cr.sql_log_count - before

    def _assert_two_more_at_most(self, product):
        """One that claims the file and says what it has, one that reads its position."""
        Order, Line = type(self.env["sale.order"]), type(self.env["sale.order.line"])
        for _order in ("finds nothing ordered", "finds an order"):
            self._queries_to_confirm(product)
        checked = self._queries_to_confirm(product)
        with (
            patch.object(Order, "_credit_judge", lambda orders: []),
            patch.object(Order, "_credit_enforce", lambda orders: None),
            patch.object(Line, "_credit_leave_others_bills", lambda lines: None),
        ):
            self._queries_to_confirm(product)
            plain = self._queries_to_confirm(product)
        self.assertLessEqual(checked, plain + 2)

    def test_check_adds_two_queries_to_an_order_of_services(self):
        self._limit(1_000_000)
        self._assert_two_more_at_most(self.service)

    def test_check_adds_two_queries_to_an_order_of_goods(self):
        self._limit(1_000_000)
        self._assert_two_more_at_most(self.goods)

    def test_check_adds_two_queries_for_a_customer_who_is_a_little_late(self):
        self._invoice(100.0, date="2020-01-01", due=self.env.cr.now().date())
        self.policy.rule_ids.filtered(lambda rule: rule.kind == "overdue_days").days = 5000
        self._assert_two_more_at_most(self.service)

    def test_page_of_80_positions_is_one_statement(self):
        partners = self.env["res.partner"].create([{"name": f"Shop {i}"} for i in range(80)])
        files = self.env["credit.account"]._ensure(
            [(partner.id, self.company.id) for partner in partners]
        )
        self.env.flush_all()
        files._position()
        with self.assertQueryCount(1):
            positions = files._position()
        self.assertEqual(len(positions), 80)

    def test_position_of_one_file_is_one_statement(self):
        file = self._account()
        file._position()
        self._invoice(250.0)
        with self.assertQueryCount(1):
            position = file._position()
        self.assertEqual(position.exposure, 250.0)


@tagged("post_install", "-at_install")
class TestPlans(CreditCase):
    """On some twenty thousand journal items of four hundred customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        generator = Generator(cls.env, 20_000, drop_indexes=False)
        generator.run()
        # A table just filled has no statistics: its queries run for minutes without them.
        cls.env.cr.execute("ANALYZE")
        cls.env["credit.account"]._ensure_open()
        cls.env.cr.execute("ANALYZE credit_account")
        cls.files = cls.env["credit.account"].search(
            [("partner_id", ">=", generator.first_customer)], order="partner_id"
        )

    def _plan(self, query):
        """The root of a query's plan, after running it."""
        [(plan,)] = self.env.execute_query(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query))[0]
        return plan["Plan"]

    def _scans(self, query):
        """The nodes of a query's plan that read one of the large tables."""
        nodes, scans = [self._plan(query)], []
        while nodes:
            node = nodes.pop()
            nodes += node.get("Plans", [])
            if node.get("Relation Name") in LEDGER and node["Actual Loops"]:
                scans.append(node)
        return scans

    def _assert_touches_only(self, file, query):
        """Every large table is read by an index, and no more rows than the customer has."""
        scans = self._scans(query)
        self.assertTrue(scans)
        mine = self.env["account.move.line"].search_count(
            [("partner_id", "child_of", file.partner_id.id)]
        )
        for scan in scans:
            with self.subTest(table=scan["Relation Name"]):
                self.assertNotEqual(scan["Node Type"], "Seq Scan", scan)
                rows = scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)
                # PostgreSQL rounds the average of all loops.
                loops = scan["Actual Loops"]
                self.assertLessEqual(rows * loops, mine + loops)

    def _statement(self, function):
        """The one statement by which a function reads positions."""
        sent = []
        Cursor = type(self.env.cr)
        execute = Cursor.execute

        def recording(cursor, query, *args, **kwargs):
            sent.append(query)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", recording):
            function()
        [statement] = [query for query in sent if "figure" in getattr(query, "code", "")]
        return statement

    def test_one_customer_touches_only_that_customers_rows(self):
        file = self.files[100]
        position = SQL(
            "SELECT * FROM %s AS p WHERE id = %s",
            self.env["credit.position"].sudo()._table_sql,
            file.id,
        )
        self._assert_touches_only(file, position)

    def test_orm_reads_one_position_by_its_customers_rows(self):
        file = self.files[100]
        Position = self.env["credit.position"]
        for read in (
            lambda: Position.search_fetch([("account_id", "=", file.id)], ["exposure", "overdue"]),
            lambda: Position.browse(file.id).read(["exposure", "overdue", "available"]),
            file._position,
        ):
            self.env.invalidate_all()
            self._assert_touches_only(file, self._statement(read))

    def test_decision_touches_only_that_customers_rows(self):
        """Whatever the customer has: nothing ordered, plain orders, orders that were invoiced."""
        seen = set()
        for file in self.files[:60]:
            pair = (file.partner_id.id, file.company_id.id)
            [(claimed, (kinds,))] = file._claim([pair]).items()
            if kinds not in seen:
                statement = self._statement(lambda f=claimed, k=kinds: f._position(CHECKED, k))
                self._assert_touches_only(file, statement)
                seen.add(kinds)
        self.assertGreaterEqual(len(seen), 2)

    def test_page_touches_only_its_customers_rows(self):
        page = self.files[100:180]
        statement = self._statement(page._position)
        # From there on PostgreSQL compiles the query, which takes a second.
        self.assertLess(self._plan(statement)["Total Cost"], 100_000)
        lines = self.env["account.move.line"].search_count(
            [("partner_id", "child_of", page.partner_id.ids)]
        )
        for scan in self._scans(statement):
            with self.subTest(table=scan["Relation Name"]):
                self.assertNotEqual(scan["Node Type"], "Seq Scan", scan)
                rows = scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)
                self.assertLessEqual(rows * scan["Actual Loops"], lines)

    def test_open_items_of_one_file_touch_only_that_customers_rows(self):
        Item = self.env["credit.open.item"]
        query = Item._search([("account_id", "=", self.files[100].id)])
        for scan in self._scans(query.select("*")):
            with self.subTest(table=scan["Relation Name"]):
                self.assertNotEqual(scan["Node Type"], "Seq Scan", scan)

    def test_both_ways_to_read_positions_agree(self):
        names = ["receivable", "overdue", "draft", "ordered", "unallocated", "exposure"]
        names += ["credit_limit", "unlimited", "oldest_due_date", "to_chase", "disputed"]
        Position = self.env["credit.position"].sudo()
        one_by_one = self.files._position().sorted("id").read(names)
        self.env.invalidate_all()
        together = Position.search([("exposure", "!=", False)]).filtered(
            lambda position: position.account_id in self.files
        )
        grouped = Position.with_context(credit_all_files=True).browse(together.ids)
        self.assertEqual(grouped.sorted("id").read(names), one_by_one)

    def test_positions_equal_what_the_orm_adds_up(self):
        Move, Line, Order = (
            self.env[name] for name in ("account.move", "account.move.line", "sale.order")
        )
        customer = [("commercial_partner_id", "in", self.files.partner_id.ids)]
        accounts = self.env["credit.open.item"]._receivable_account_ids()
        residuals = Line.search(
            [
                ("partner_id", "child_of", self.files.partner_id.ids),
                ("account_id", "in", accounts),
                ("parent_state", "=", "posted"),
            ]
        )
        drafts = Move.search([*customer, ("state", "=", "draft"), ("move_type", "!=", "entry")])
        orders = Order.search(
            [
                ("partner_id", "child_of", self.files.partner_id.ids),
                ("state", "=", "sale"),
                ("invoice_ids", "=", False),
            ]
        )
        positions = self.files._position()
        for name, expected in {
            "receivable": residuals.mapped("amount_residual"),
            "draft": drafts.mapped("amount_total_signed"),
            "ordered": orders.mapped("amount_total"),
        }.items():
            with self.subTest(figure=name):
                self.assertAlmostEqual(sum(positions.mapped(name)), sum(expected), places=2)

    def test_positions_equal_the_plain_sql_of_the_benchmark(self):
        plain = {
            partner: (float(exposure), float(overdue or 0))
            for partner, exposure, overdue in self.env.execute_query(
                plain_sql.exposure(self.env, self.files.partner_id.ids)
            )
        }
        for position in self.files._position():
            exposure, overdue = plain[position.partner_id.id]
            self.assertAlmostEqual(position.exposure, exposure, places=2)
            self.assertAlmostEqual(position.overdue, overdue, places=2)
