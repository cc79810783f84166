"""Graphs and pivots say amounts in a currency, converted where several are added up."""

from freezegun import freeze_time
from lxml import etree
from odoo.tests import tagged

from .common import CompaniesCase

# Figures that are no money: shares, days, points and counts.
NO_MONEY = (
    "share", "percent", "rate", "days", "hours", "score", "points", "chance", "published", "weight",
    "utilisation",
)  # fmt: skip


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestGraphs(CompaniesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for company, amount in ((cls.new_york, 700.0), (cls.warsaw, 800.0), (cls.tokyo, 30_000.0)):
            cls._invoice_in(company, amount, due="2026-02-01")
            cls.env["credit.snapshot"]._take(company, company._credit_today())
        cls.env.flush_all()

    def _views(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "credit_collection"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id")).exists()
        return views.filtered(lambda view: view.type in ("graph", "pivot"))

    def _measures(self, view):
        """What the page offers to measure: the fields of the view and all that can be added up."""
        shown = self.env[view.model].fields_get()
        named = {
            node.get("name")
            for node in etree.fromstring(view.arch).iterfind("field")
            if node.get("type") == "measure"
        }
        offered = {name for name, info in shown.items() if info.get("aggregator")}
        for name in sorted(named | offered):
            if shown[name]["type"] in ("integer", "float", "monetary"):
                yield name, shown[name]

    def test_every_amount_has_a_currency(self):
        views = self._views()
        self.assertGreater(len(views), 15)
        for view in views:
            for name, info in self._measures(view):
                with self.subTest(model=view.model, field=name):
                    if info["type"] == "monetary":
                        self.assertIn(info["currency_field"], self.env[view.model]._fields)
                    elif info["type"] == "float":
                        self.assertTrue([word for word in NO_MONEY if word in name], "is it money?")

    def test_every_amount_is_added_up_as_the_page_asks(self):
        manager = self.all_manager
        for view in self._views():
            Model = self._as(self.env[view.model], manager)
            if not Model.has_access("read"):
                continue
            for name, info in self._measures(view):
                if info["type"] == "monetary":
                    currency = info["currency_field"]
                    asked = [
                        "__count",
                        f"{currency}:array_agg_distinct",
                        f"{name}:sum_currency",
                        f"{name}:{info['aggregator']}",
                    ]
                    with self.subTest(model=view.model, field=name):
                        self.assertEqual(len(Model.formatted_read_group([], [], asked)), 1)

    def test_three_currencies_are_one_amount(self):
        """700 USD, 800 EUR at 0.8 and 30,000 JPY at 150 are 1,900 USD."""
        for model, name in (
            ("credit.open.item", "amount"),
            ("credit.aging", "amount"),
            ("credit.position", "exposure"),
            ("credit.snapshot", "receivable"),
        ):
            Model = self._as(self.env[model], self.all_manager)
            asked = ["currency_id:array_agg_distinct", f"{name}:sum_currency", f"{name}:sum"]
            with self.subTest(model=model):
                [total] = Model.formatted_read_group([], [], asked)
                self.assertEqual(total[asked[1]], 1_900.0)
                self.assertEqual(set(total[asked[0]]), set(self.companies.currency_id.ids))
                by_company = Model.formatted_read_group([], ["company_id"], asked)
                self.assertEqual(
                    {group["company_id"][1]: group[asked[2]] for group in by_company},
                    {"New York": 700.0, "Warsaw": 800.0, "Tokyo": 30_000.0},
                )
