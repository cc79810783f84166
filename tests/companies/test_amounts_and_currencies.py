"""Amounts carry their currency: the file's, at the rate of the day, and never one to one."""

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import OFFICER
from .common import CompaniesCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestAmountsAndCurrencies(CompaniesCase):
    def _rate(self, name, rate, day="2026-03-10"):
        return self.env["res.currency.rate"].create(
            {
                "name": day,
                "rate": rate,
                "currency_id": self.env.ref(f"base.{name}").id,
                "company_id": False,
            }
        )

    def _order_in(self, company, amount, **values):
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
                    **values,
                }
            )
        )
        order.action_confirm()
        return order

    def _limit_in(self, company, amount, currency=None, **values):
        limit = self.env["credit.limit"].create(
            {
                "account_id": self._file(company).id,
                "amount": amount,
                "reason": "Agreed",
                **({"currency_id": self.env.ref(f"base.{currency}").id} if currency else {}),
                **values,
            }
        )
        limit.with_user(self.all_manager).action_approve()
        return limit

    # C3

    def test_a_limit_is_asked_for_in_the_currency_of_the_file(self):
        Wizard = self.env["credit.limit.request"].with_context(
            allowed_company_ids=(self.tokyo | self.new_york).ids,
            default_account_id=self._file(self.new_york).id,
        )
        form = Form(Wizard)
        form.amount = 2000.0
        form.reason = "Grows"
        limit = self.env["credit.limit"].browse(form.save().action_request()["res_id"])
        self.assertEqual(limit.currency_id.name, "USD")
        self.assertEqual(limit.amount_company, 2000.0)

    def test_a_limit_of_a_customer_of_one_company_is_asked_for_there(self):
        self.customer.company_id = self.tokyo
        Wizard = self.env["credit.limit.request"].with_context(
            default_partner_id=self.customer.id,
        )
        wizard = Wizard.create({"amount": 300_000.0, "reason": "Grows"})
        self.assertEqual((wizard.company_id, wizard.currency_id.name), (self.tokyo, "JPY"))

    # C9: 8,000 euros are 10,000 dollars on the first day, and 8,889 dollars at 0.9

    def test_a_foreign_limit_is_judged_at_today_s_rate(self):
        limit = self._limit_in(self.new_york, 8000.0, "EUR", date_from="2026-03-01")
        file = self._file(self.new_york)
        self.assertEqual(file._position().credit_limit, 10_000.0)
        self._rate("EUR", 0.9)
        self.assertEqual(limit.amount_company, 10_000.0, "evidence of the first day")
        self.assertEqual(file._position().credit_limit, 8888.89)
        self.assertEqual(self._order_in(self.new_york, 8888.90).credit_state, "held")
        self.assertEqual(self._order_in(self.new_york, 8888.89).state, "sale")

    def test_a_past_day_has_its_own_rate(self):
        with freeze_time("2026-03-01"):
            self._limit_in(self.new_york, 8000.0, "EUR", date_from="2026-03-01")
        self._rate("EUR", 0.9)
        position = self.env["credit.position"].with_context(as_of="2026-03-05")
        position = position.search([("account_id", "=", self._file(self.new_york).id)])
        self.assertEqual(position.credit_limit, 10_000.0)

    def test_authority_is_measured_at_today_s_rate(self):
        self.officer.credit_authority = 9_500.0
        limit = self.env["credit.limit"].create(
            {
                "account_id": self._file(self.new_york).id,
                "amount": 8000.0,
                "currency_id": self.env.ref("base.EUR").id,
                "reason": "Agreed",
                "date_from": "2026-03-01",
            }
        )
        self.assertEqual(limit._resulting_limit(), 10_000.0)
        self._rate("EUR", 0.9)
        self.assertEqual(limit._resulting_limit(), 8888.89)

    # C7

    def test_a_missing_rate_is_a_sentence(self):
        pounds = self.env.ref("base.GBP")
        pounds.active = True
        with self.assertRaisesRegex(UserError, "no exchange rate of GBP in New York"):
            self.env["credit.limit"].create(
                {
                    "account_id": self._file(self.new_york).id,
                    "amount": 10.0,
                    "currency_id": pounds.id,
                    "reason": "Agreed",
                }
            )

    def test_authority_without_a_rate_is_none_and_the_chain_goes_on(self):
        pounds = self.env.ref("base.GBP")
        rich = self._works("rich", OFFICER, self.new_york)
        poor = self._works("poor", OFFICER, self.new_york)
        self.env.cr.execute(
            "UPDATE res_users SET credit_authority_currency_id = %s WHERE id = %s",
            (pounds.id, rich.id),
        )
        rich.invalidate_recordset()
        poor.credit_authority = 600.0
        dollars = self.new_york.currency_id
        self.assertFalse(rich._has_credit_authority(1.0, dollars, self.new_york))
        approvers = self._file(self.new_york)._approvers(500.0)
        self.assertEqual(approvers[0], poor)
        self.assertNotIn(rich, approvers)

    # C13

    def test_the_smallest_authority_is_not_the_smallest_number(self):
        self._works("ichiro", OFFICER, self.tokyo | self.new_york)  # 10,000,000 yen: 66,667 dollars
        dollar = self._works("donna", OFFICER, self.new_york | self.tokyo)
        dollar.credit_authority = 100_000.0
        names = self._file(self.new_york)._approvers(50_000.0)
        names = [name for name in names.mapped("login") if name in ("ichiro", "donna")]
        self.assertEqual(names, ["ichiro", "donna"])

    # C6, C8

    def test_shipped_amounts_are_of_the_same_order_everywhere(self):
        floor = self.tokyo.credit_default_policy_id.rule_ids.filtered(
            lambda rule: rule.kind == "overdue_days"
        ).amount
        self.assertGreater(floor, 2_000.0)
        self.assertGreater(self.tokyo.credit_quadrant_amount, 400_000.0)

    def test_a_company_that_changes_its_currency_takes_its_amounts_along(self):
        company = self.env["res.company"].create(
            {"name": "Oslo", "currency_id": self.env.ref("base.USD").id}
        )
        policy = company.credit_default_policy_id
        policy.default_limit = 1000.0
        limit = self._limit_in_dollars(company)
        company.currency_id = self.env.ref("base.JPY")
        self.assertEqual(policy.default_limit, 150_000.0)
        self.assertEqual(company.credit_quadrant_amount, 1_500_000.0)
        self.assertEqual((limit.amount, limit.currency_id.name), (500.0, "USD"))
        self.assertEqual(limit.amount_company, 75_000.0)

    def _limit_in_dollars(self, company):
        self.env.user.company_ids |= company
        return self.env["credit.limit"].create(
            {"account_id": self._file(company).id, "amount": 500.0, "reason": "Agreed"}
        )

    def test_a_shared_bonus_scheme_pays_the_same_everywhere(self):
        scheme = self.env["credit.bonus.scheme"].create(
            {
                "name": "All",
                "base_amount": 1_000.0,
                "currency_id": self.env.ref("base.USD").id,
                "criterion_ids": [
                    Command.create({"figure": "overdue_share", "norm": 0.15, "weight": 1.0})
                ],
            }
        )
        day = fields.Date.to_date("2026-02-28")
        results = dict.fromkeys(
            (
                "overdue_share",
                "weighted_days_overdue",
                "cash_plan_rate",
                "overdue_to_turnover",
                "dso",
            ),
            0.1,
        )
        paid = {
            company.name: float(scheme._statement(0.0, results, company, day).total)
            for company in (self.new_york, self.warsaw, self.tokyo)
        }
        self.assertEqual(paid, {"New York": 1_000.0, "Warsaw": 800.0, "Tokyo": 150_000.0})
        scheme.company_id = self.tokyo
        self.assertEqual(scheme.currency_id.name, "JPY")

    # C11, C12

    def test_the_figures_of_a_customer_are_those_of_their_company(self):
        self._invoice_in(self.tokyo, 50_000.0)
        self.customer.company_id = self.tokyo
        seen = self._as(self.customer, self.two_collector, self.new_york | self.tokyo)
        self.assertEqual(seen.credit_exposure, 50_000.0)
        self.assertEqual(seen.credit_currency_id.name, "JPY")
        action = seen.action_open_credit_account()
        self.assertEqual(action["res_id"], self._file(self.tokyo).id)
        files = self.env["credit.account"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(files.company_id, self.tokyo)

    def test_a_customer_record_of_another_company_breaks_no_list(self):
        self._invoice_in(self.new_york, 100.0)
        file = self._file(self.new_york)
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            (self.tokyo.id, self.customer.id),
        )
        self.env.invalidate_all()
        collector = self._works(
            "colin", "credit_collection.credit_collection_group_collector", self.new_york
        )
        for model in ("credit.account", "credit.position", "credit.open.item", "credit.worklist"):
            records = self._as(self.env[model], collector)
            view = records.get_view(view_type="list")
            found = records.search([("partner_id", "=", self.customer.id)])
            self.assertEqual(len(found), 1, model)
            spec = {name: {} for name in view["models"][model]}
            for name, field in records._fields.items():
                if field.type == "many2one" and name in spec:
                    spec[name] = {"fields": {"display_name": {}}}
            found.web_read(spec)
        self.assertEqual(self._as(file, collector).display_name, "Deco Ltd")

    # C5

    def test_a_handover_gives_away_what_is_this_company_s(self):
        taker = self._works("tim", "sales_team.group_sale_salesman_all_leads", self.new_york)
        invoice = self._invoice_in(self.new_york, 100.0, invoice_user_id=self.salesperson.id)
        abroad = self._invoice_in(self.tokyo, 9_000.0, invoice_user_id=self.salesperson.id)
        order = self._order_in(self.new_york, 10.0, user_id=self.salesperson.id)
        home_only = self._customer("Home Ltd")
        self._invoice_in(self.new_york, 50.0, home_only, invoice_user_id=self.salesperson.id)
        self._file(self.tokyo)
        wizard = self._as(self.env["credit.handover"], self.all_manager, self.new_york).create(
            {
                "from_user_id": self.salesperson.id,
                "to_user_id": taker.id,
                "with_customers": True,
                "reason": "Leaves",
            }
        )
        wizard.action_apply()
        self.assertEqual((invoice.invoice_user_id, order.user_id), (taker, taker))
        self.assertEqual(abroad.invoice_user_id, self.salesperson)
        self.assertEqual(self.customer.user_id, self.salesperson)
        self.assertEqual(home_only.user_id, taker)

    # C4

    def test_an_archived_company_writes_no_letters(self):
        self._invoice_in(self.tokyo, 50_000.0, due="2026-02-01")
        self._file(self.tokyo)
        self.env.user.company_id = self.new_york
        (self.tokyo_seller | self.tokyo_collector | self.tokyo_officer).active = False
        self.env.cr.execute("UPDATE res_company SET active = FALSE WHERE id = %s", (self.tokyo.id,))
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.enter_registry_test_mode():
            self.env.ref("credit_collection.credit_followup_cron").method_direct_trigger()
        self.assertFalse(self.env["credit.followup"]._plan(self.tokyo))
        self.assertFalse(
            self.env["credit.followup"].search_count([("company_id", "=", self.tokyo.id)])
        )

    # C10, C14

    def test_a_branch_sees_the_total_and_its_own_documents(self):
        own = self._invoice_in(self.gdynia, 100.0)
        self._invoice_in(self.lodz, 200.0)
        self._invoice_in(self.warsaw, 400.0)
        file = self._file(self.warsaw)
        self.assertEqual(self._as(file, self.gdynia_collector).exposure, 700.0)
        for model in ("credit.open.item", "credit.aging"):
            seen = self._as(self.env[model], self.gdynia_collector)
            seen = seen.search([("partner_id", "=", self.customer.id)])
            self.assertEqual(seen.move_id, own, model)
            head = self._as(self.env[model], self.warsaw_officer)
            self.assertEqual(
                sum(head.search([("partner_id", "=", self.customer.id)]).mapped("amount")), 700.0
            )

    def test_days_late_are_the_company_s_wherever_one_sits(self):
        invoice = self._invoice_in(self.tokyo, 9_000.0, due="2026-03-10")
        with freeze_time("2026-03-10 23:00:00"):  # the 11th in Tokyo
            for zone in ("America/Los_Angeles", "Asia/Tokyo"):
                self.tokyo_collector.tz = zone
                items = self._as(self.env["credit.open.item"], self.tokyo_collector)
                item = items.with_context(tz=zone).search([("move_id", "=", invoice.id)])
                self.assertEqual(item.days_overdue, 1, zone)
