"""From the aging and its quadrants to what is done about them."""

from freezegun import freeze_time
from odoo.addons.credit_collection.models.file.ir_actions_act_window import BEGINNINGS
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import COLLECTOR, MANAGER, CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31")
class TestAgingActions(CreditCase):
    def setUp(self):
        super().setUp()
        self.company.write({"credit_quadrant_amount": 10_000, "credit_quadrant_days": 30})
        self.other = self._customer("Other Ltd")
        self._invoice(20_000, date="2026-01-01", due="2026-01-15")
        self._invoice(300, partner=self.other, date="2026-03-01", due="2026-03-20")
        self.carol = self._user("carol", COLLECTOR)

    def _items(self, user=None):
        partners = (self.customer | self.other).ids
        Aging = self.env["credit.aging"].with_user(user or self.carol)
        return Aging.search([("partner_id", "in", partners)], order="amount desc")

    def test_each_quadrant_says_what_is_usual(self):
        large_old, small_recent = self._items()
        self.assertEqual((large_old.quadrant, small_recent.quadrant), ("large_old", "small_recent"))
        self.assertIn("Call today", large_old.usual)
        self.assertEqual(small_recent.usual, "Letters by themselves")

    def test_assign_call_and_hold(self):
        files = self._account() | self._account(self.other)
        action = self._items().action_assign()
        self.assertEqual(set(action["context"]["default_account_ids"]), set(files.ids))
        action = self._items().action_call_list()
        found = self.env["credit.worklist"].with_user(self.carol).search(action["domain"])
        self.assertEqual(found.account_id, files)
        context = self._items(self.officer).action_hold()["context"]
        hold = self.env["credit.account.hold"].with_user(self.officer)
        hold.with_context(**context).create({"reason": "Too late"}).action_hold()
        self.assertEqual(files.mapped("manual_hold_reason"), ["Too late"] * 2)

    def test_plan_letters(self):
        self.policy.followup_level_ids.unlink()
        self.env["credit.followup.level"].create(
            {
                "name": "Reminder",
                "policy_id": self.policy.id,
                "delay": 1,
                "mail_template_id": self.env.ref(
                    "credit_collection.mail_template_followup_reminder"
                ).id,
            }
        )
        action = self._items().action_plan_letters()
        waiting = self.env["credit.followup"].search(action["domain"])
        self.assertEqual(waiting.partner_id, self.customer | self.other)
        self._items().action_plan_letters()
        self.assertEqual(self.env["credit.followup"].search(action["domain"]), waiting)

    def test_propose_a_plan_with_one_customer(self):
        with self.assertRaisesRegex(UserError, "one customer"):
            self._items().action_propose_plan()
        own = self._items().filtered(lambda item: item.partner_id == self.customer)
        context = own.action_propose_plan()["context"]
        plan = self.env["credit.plan"].with_user(self.carol).with_context(**context).create({})
        self.assertEqual((plan.account_id, plan.owed), (self._account(), 20_000.0))

    def test_salespeople_do_not(self):
        items = self.env["credit.aging"].browse(self._items().ids).with_user(self.salesperson)
        with self.assertRaises(AccessError):
            items.action_plan_letters()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31")
class TestTeamPeople(CreditCase):
    def test_figures_of_each_person_and_the_worst_five(self):
        salesman = "sales_team.group_sale_salesman"
        leader, member = self._user("lena", salesman), self._user("mark", salesman)
        self.env["crm.team"].create(
            {
                "name": "North",
                "user_id": leader.id,
                "crm_team_member_ids": [(0, 0, {"user_id": member.id})],
            }
        )
        for number in range(6):
            partner = self._customer(f"Late {number}", user_id=member.id)
            self._invoice(
                100 + number,
                partner=partner,
                date="2026-01-01",
                due="2026-02-01",
                invoice_user_id=member.id,
            )
        fresh = self._customer("Fresh", user_id=member.id)
        self._invoice(
            385, partner=fresh, date="2026-03-01", due="2026-05-01", invoice_user_id=member.id
        )
        paid = self._invoice(
            300, partner=fresh, date="2026-03-01", due="2026-03-10", invoice_user_id=member.id
        )
        self._pay(paid, date="2026-03-20")
        self.env["credit.cash.plan"].create(
            {
                "company_id": self.company.id,
                "user_id": member.id,
                "month": "2026-03-01",
                "due": 400,
            }
        )
        Person = self.env["credit.team.person"].with_user(leader)
        action = Person.action_open_team()
        [mark] = Person.search([("user_id", "=", member.id)])
        # 100 … 105 are overdue: 615 of 1,000; 300 of 400 planned came in.
        self.assertEqual((mark.receivable, mark.overdue), (1000.0, 615.0))
        self.assertAlmostEqual(mark.overdue_share, 0.615)
        self.assertAlmostEqual(mark.plan_reached, 0.75)
        self.assertEqual(
            [line.split(":")[0] for line in mark.worst.splitlines()],
            [f"Late {number}" for number in (5, 4, 3, 2, 1)],
        )
        self.assertEqual(action["res_model"], "credit.team.person")
        # From the whole list, as its buttons do: what the team's customers owe, promised, will pay.
        everybody = Person.browse()
        aging = everybody.action_open_aging()
        rows = self.env[aging["res_model"]].with_user(leader).search(aging["domain"])
        self.assertEqual(sum(rows.mapped("amount")), 1000.0)
        self.assertTrue(all(rows.mapped("bucket_id.name")))
        item = self.env["credit.open.item"].search([("partner_id", "=", fresh.id)])
        promise = self.env["credit.promise"].create(
            {
                "account_id": self._account(fresh).id,
                "date": "2026-04-03",
                "amount": 385,
                "move_line_ids": item.move_line_id.ids,
            }
        )
        promises = everybody.action_open_promises()
        found = self.env[promises["res_model"]].with_user(leader).search(promises["domain"])
        self.assertEqual(found, promise)
        plans = everybody.action_open_plans()
        planned = self.env[plans["res_model"]].with_user(leader).search(plans["domain"])
        self.assertEqual(planned.mapped("planned"), [400.0])
        # Members read no ledger, nor does whoever leads another team.
        Aging = self.env["credit.aging"]
        self.assertFalse(Aging.with_user(member).search([]))
        mark.action_ask_to_call()
        asked = self.env["mail.activity"].search(
            [("user_id", "=", member.id), ("res_model", "=", "credit.account")]
        )
        self.assertEqual(len(asked), 5)
        stranger = self._user("stan", salesman)
        self.assertFalse(Aging.with_user(stranger).search([]))
        self.env["credit.team.person"].with_user(stranger).action_open_team()
        self.assertFalse(
            self.env["credit.team.person"].with_user(stranger).search([("user_id", "=", member.id)])
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31")
class TestEmptyLists(CreditCase):
    def test_no_right_is_told_apart_from_nothing_there(self):
        stranger = self._user("stan", "sales_team.group_sale_salesman")
        Hold = self.env["credit.hold"].with_user(stranger)
        if not self.env["credit.hold"].search_count([]):
            self.assertNotIn("not for you", Hold.get_empty_list_help("<p>Nothing</p>"))
        self._limit(100)
        order = self._order(500)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        self.assertIn("not for you", Hold.get_empty_list_help("<p>Nothing</p>"))
        mine = self.env["credit.hold"].with_user(self.officer)
        self.assertNotIn("not for you", mine.get_empty_list_help("<p>Nothing</p>"))

    def _help(self, user, action):
        window = self.env["ir.actions.act_window"].with_user(user)
        return window._for_xml_id(f"credit_collection.{action}")["help"]

    def test_an_empty_list_leads_to_where_one_begins(self):
        told = self._help(self.manager, "credit_hold_action")
        self.assertIn('href="/odoo/credit-policies"', told)
        self.assertIn(
            'href="/odoo/credit-to-do"', self._help(self.manager, "credit_promise_action")
        )
        # Whoever has no such menu is led nowhere.
        self.assertNotIn("/odoo/", self._help(self.salesperson, "credit_promise_action"))

    def test_every_beginning_is_there(self):
        for model, names in BEGINNINGS.items():
            self.assertIn(model, self.env)
            for name in names:
                self.assertTrue(self.env.ref(f"credit_collection.{name}").action, name)

    def test_new_sheet_proposes_the_first_month_without_one(self):
        Sheet = self.env["credit.kpi.sheet"].with_user(self._user("boss", MANAGER))
        first, last = Sheet._default_period()
        self.assertEqual((str(first), str(last)), ("2026-02-01", "2026-02-28"))
        Sheet.create({"date_from": "2025-11-01", "date_to": "2025-11-30"})
        Sheet.create({"date_from": "2026-01-01", "date_to": "2026-01-31"})
        first, last = Sheet._default_period()
        self.assertEqual((str(first), str(last)), ("2025-12-01", "2025-12-31"))
        Sheet.create({"date_from": first, "date_to": last})
        # All that ended have one: the month after them, never one that is taken.
        Sheet.create({"date_from": "2026-02-01", "date_to": "2026-02-28"})
        first, last = Sheet._default_period()
        self.assertEqual((str(first), str(last)), ("2026-03-01", "2026-03-31"))

    def test_cost_of_credit_asks_for_the_rate(self):
        ask = self.env["credit.cost.ask"].with_user(self.manager).create({"rate": 0})
        with self.assertRaisesRegex(UserError, "what money costs"):
            ask.action_show()
