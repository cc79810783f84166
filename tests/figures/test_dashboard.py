from datetime import date, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import FiguresCase

TODAY = date(2026, 10, 31)
COLLECTOR = "credit_collection.credit_collection_group_collector"
MANAGER = "credit_collection.credit_collection_group_manager"


@freeze_time(TODAY)
class TestDashboard(FiguresCase):
    """The number on a tile is the number of the list that it opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("collector", f"{COLLECTOR},account.group_account_invoice")

    def _data(self, user=None):
        return self.env["credit.dashboard"].with_user(user or self.collector).get_data()

    def _fill(self):
        self._invoice(900, "2026-09-01", "2026-10-10")
        self._invoice(2100, "2026-10-15", "2026-11-15")
        self._invoice(400, "2026-06-01", "2026-07-01", partner_id=self._customer("Beta").id)
        self._entry(150, "2026-10-20")

    def _records(self, action):
        Model = self.env[action["res_model"]].with_user(self.collector)
        return Model.with_context(**action["context"]).search(action["domain"])

    def _tiles(self):
        return {tile["key"]: tile for tile in self._data()["tiles"]}

    def test_each_tile_is_the_sum_of_its_list(self):
        self._fill()
        tiles = self._tiles()
        self.assertEqual(tiles["receivable"]["value"], 3250)
        self.assertEqual(tiles["overdue"]["value"], 1300)
        self.assertEqual(tiles["overdue_share"]["value"], 0.4)
        sums = {
            key: sum(self._records(tiles[key]["action"]).mapped(field))
            for key, field in (
                ("receivable", "amount"),
                ("overdue", "amount"),
                ("overdue_share", "amount"),
                ("dso", "amount_total_signed"),
                ("held", "requested_amount"),
            )
        }
        self.assertEqual(sums["receivable"], 3250)
        self.assertEqual(sums["overdue"], 1300)
        self.assertEqual(sums["overdue_share"] / sums["receivable"], 0.4)
        self.assertEqual(sums["dso"], 3000)
        self.assertEqual(tiles["dso"]["value"], 3250 * 90 / 3000)
        self.assertEqual(tiles["held"]["value"], sums["held"])
        for key in ("receivable", "overdue", "held"):
            records = self._records(tiles[key]["action"])
            self.assertEqual(tiles[key]["count"], len(records))

    def test_held_orders(self):
        self.env["credit.hold"].sudo().create(
            [
                {
                    "checkpoint": "confirmation",
                    "account_id": self.env["credit.account"]._get(self.customer, self.company).id,
                    "order_id": self.env["sale.order"].create({"partner_id": self.customer.id}).id,
                    "requested_amount": 700,
                    "responsible_id": self.collector.id,
                    "state": state,
                }
                for state in ("held", "released")
            ]
        )
        data = self._data()
        held = {tile["key"]: tile for tile in data["tiles"]}["held"]
        self.assertEqual((held["value"], held["count"]), (700, 1))
        self.assertEqual(sum(self._records(held["action"]).mapped("requested_amount")), 700)
        self.assertEqual([entry["count"] for entry in data["my_day"]], [1])

    def _promise(self, amount, day):
        invoice = self._invoice(amount, "2026-09-01", "2026-10-10")
        return (
            self.env["credit.promise"]
            .with_user(self.collector)
            .create(
                {
                    "account_id": self._file().id,
                    "amount": amount,
                    "date": day,
                    "move_line_ids": [
                        Command.set(
                            invoice.line_ids.filtered(
                                lambda line: line.account_id == self.receivable
                            ).ids
                        )
                    ],
                }
            )
        )

    def _file(self):
        return self.env["credit.account"]._get(self.customer, self.company)

    def test_promised_this_week(self):
        self._promise(900, "2026-10-31")
        self._promise(70, "2026-11-01")  # Sunday, the last day of the week
        self._promise(5000, "2026-11-02")
        tile = self._tiles()["promised"]
        records = self._records(tile["action"])
        self.assertEqual((tile["value"], tile["count"]), (970, 2))
        self.assertEqual((sum(records.mapped("amount_company")), len(records)), (970, 2))

    def test_each_entry_of_my_day_counts_its_list(self):
        self._file().collector_id = self.collector
        self._promise(900, "2026-10-31")
        self._promise(70, "2026-11-01")
        self._file().activity_schedule(
            "credit_collection.mail_activity_call_back",
            date_deadline=TODAY,
            user_id=self.collector.id,
        )
        self.env["credit.hold"].sudo().create(
            {
                "checkpoint": "confirmation",
                "account_id": self._file().id,
                "order_id": self.env["sale.order"].create({"partner_id": self.customer.id}).id,
                "responsible_id": self.collector.id,
            }
        )
        entries = self._data()["my_day"]
        self.assertEqual(
            {entry["title"]: entry["count"] for entry in entries},
            {
                "Holds to decide": 1,
                "My customers with overdue items": 1,
                "Activities due": 1,
                "Promises due": 1,
            },
        )
        for entry in entries:
            with self.subTest(entry["title"]):
                self.assertEqual(len(self._records(entry["action"])), entry["count"])

    def test_each_bar_is_the_sum_of_its_list(self):
        self._fill()
        bars = self._data()["aging"]
        self.assertEqual([bar["value"] for bar in bars], [1950, 900, 0, 0, 400])
        for bar in bars:
            with self.subTest(bar["title"]):
                self.assertEqual(sum(self._records(bar["action"]).mapped("amount")), bar["value"])

    def test_debtors_by_what_is_overdue(self):
        self._fill()
        debtors = self._data()["debtors"]
        self.assertEqual(
            [(d["name"], d["receivable"], d["overdue"], d["days"]) for d in debtors],
            [("Alpha", 2850, 900, 21), ("Beta", 400, 400, 122)],
        )
        self.assertEqual(sum(self._records(debtors[0]["action"]).mapped("amount")), 2850)

    def test_trend_is_that_of_the_snapshots(self):
        self._fill()
        for day in (TODAY - timedelta(days=30), TODAY - timedelta(days=6)):
            self.env["credit.snapshot"]._take(self.company, day)
        points = self._data()["trend"]["points"]
        self.assertEqual([p["date"] for p in points], ["2026-10-01", "2026-10-25", "2026-10-31"])
        self.assertEqual([p["overdue"] for p in points], [400, 1300, 1300])

    def test_tiles_are_compared_with_last_month_and_target(self):
        self._fill()
        self.company.write({"credit_overdue_target": 0.3, "credit_dso_target": 100})
        self.env["credit.snapshot"]._take(self.company, date(2026, 9, 30))
        tiles = self._tiles()
        # At the end of September 900 and 400 were owed, of that 400 was late since July.
        self.assertEqual(tiles["receivable"]["before"], 1300)
        self.assertEqual(tiles["overdue"]["before"], 400)
        self.assertAlmostEqual(tiles["overdue_share"]["before"], 400 / 1300)
        self.assertAlmostEqual(tiles["dso"]["before"], 1300 * 90 / 900)
        self.assertTrue(tiles["overdue_share"]["missed"], "40 % of at most 30 %")
        self.assertFalse(tiles["dso"]["missed"], "97.5 days of at most 100")
        self.assertNotIn(tiles["held"]["before"], (0, 1))

    def test_what_waits_for_a_decision(self):
        account = self._file()
        message = account.message_post(body="We pay tomorrow")
        self.env["credit.reply"]._take(account.sudo(), message)
        self.env["credit.limit"].create({"account_id": account.id, "amount": 5, "reason": "More"})
        entries = {e["title"]: e["count"] for e in self._data()["my_day"]}
        self.assertEqual(entries, {"Replies of customers": 1})
        boss = self._data(self._user("boss", MANAGER))["my_day"]
        self.assertEqual(
            {e["title"]: e["count"] for e in boss},
            {"Replies of customers": 1, "Limits to decide": 1},
        )

    def test_empty_company(self):
        data = self._data()
        self.assertTrue(data["empty"])
        self.assertEqual({tile["value"] for tile in data["tiles"]}, {0, None})
        self.assertEqual((data["debtors"], data["my_day"]), ([], []))

    def test_same_queries_however_many_customers(self):
        self._fill()
        self._data()
        with self.assertQueryCount(30):
            self._data()
        for number in range(12):
            partner = self._customer(f"Customer {number}")
            self._invoice(100 + number, "2026-09-01", partner_id=partner.id)
        self._data()
        with self.assertQueryCount(30):
            self._data()

    def test_others_are_refused(self):
        for user in (self.ivanov, self._user("clerk")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._data(user)

    def test_collector_without_invoicing_reads_the_invoices_behind_a_tile(self):
        plain = self._user("plain", COLLECTOR)
        self._fill()
        tiles = {tile["key"]: tile for tile in self._data(plain)["tiles"]}
        self.assertEqual(tiles["dso"]["action"]["res_model"], "account.move")
        self.assertTrue(
            self.env["account.move"].with_user(plain).search(tiles["dso"]["action"]["domain"])
        )
        self.assertEqual(tiles["dso"]["value"], 97.5)

    def test_a_ceiling_hides_nothing_from_those_who_may_not_read_it(self):
        plain, boss = self._user("plain", COLLECTOR), self._user("boss", MANAGER)
        self._fill()
        self.env["credit.ceiling"].create(
            {
                "company_id": self.company.id,
                "date_from": TODAY,
                "planned_sales": 90_000.0,
                "plan_days": 90,
                "norm_days": 30,
            }
        )
        keys = {tile["key"] for tile in self._data(plain)["tiles"]}
        self.assertIn("dso", keys)
        self.assertNotIn("ceiling", keys)
        self.assertIn("ceiling", {tile["key"] for tile in self._data(boss)["tiles"]})


@tagged("post_install", "-at_install")
class TestDashboardPage(HttpCase):
    """The page draws its tiles and opens a list, on an empty or a full database."""

    def test_page_opens_the_list_behind_a_tile(self):
        self.browser_js(
            "/odoo/credit-dashboard",
            """
            document.querySelector("[data-tile=overdue]").click();
            const wait = setInterval(() => {
                if (document.querySelector(".o_list_view")) {
                    clearInterval(wait);
                    console.log("test successful");
                }
            }, 100);
            """,
            "document.querySelectorAll('.o_credit_tile').length >= 5",
            login="admin",
        )
