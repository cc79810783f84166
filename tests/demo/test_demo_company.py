"""The demo company: who is in it, what is on hold, and the worked examples to the digit."""

from odoo import fields
from odoo.tests import HttpCase, TransactionCase, tagged

PERSONAS = (
    "ivanov",
    "semenov",
    "petrov",
    "orlova",
    "volkov",
    "sokolova",
    "belova",
    "director",
)


class DemoCase(TransactionCase):
    """The demo company and its people."""

    company_xmlid = "credit_collection.demo_company"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref(cls.company_xmlid)
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))

    def _user(self, login):
        return self.env.ref(f"credit_collection.demo_user_{login}")

    def _of_company(self, model, *domain):
        return self.env[model].search([("company_id", "=", self.company.id), *domain])

    def _check_aging(self):
        control = self.env["credit.open.item"]._control_total(self.company)
        rows = self._of_company("credit.aging")
        self.assertTrue(rows)
        self.assertAlmostEqual(sum(rows.mapped("amount")), control["ledger"], places=2)
        self.assertEqual(control["difference"], 0)


@tagged("post_install", "-at_install")
class TestDemoPeople(HttpCase):
    def test_everybody_can_log_in(self):
        for login in PERSONAS:
            with self.subTest(login=login):
                user = self.env.ref(f"credit_collection.demo_user_{login}")
                self.assertEqual(user.login, login)
                session = self.authenticate(login, login)
                self.assertEqual(session.uid, user.id)


@tagged("post_install", "-at_install")
class TestDemoCompany(DemoCase):
    """Northern Supply: holds of today and the work of the desk."""

    def test_holds_of_today(self):
        held = self._of_company("credit.hold", ("state", "=", "held"))
        self.assertEqual(
            set(held.partner_id.mapped("name")),
            {
                "Dogwood Plumbing",
                "Hemlock Mining",
                "Linden Textiles",
                "Mahogany Holdings",
                "Willow Interiors",
            },
        )

    def test_an_invoice_without_an_order_waits_in_the_same_queue(self):
        [hold] = self._of_company("credit.hold", ("checkpoint", "=", "invoice"))
        self.assertEqual((hold.state, hold.partner_id.name), ("held", "Dogwood Plumbing"))

    def test_a_spreadsheet_of_the_system_before_is_previewed(self):
        record = self._of_company("credit.move.in")
        self.assertEqual((record.state, record.taken_count, record.left_count), ("previewed", 4, 3))
        left = record.line_ids.filtered(lambda line: not line.taken)
        self.assertTrue(all(left.mapped("why_not")))

    def test_aging_agrees_with_the_ledger(self):
        self._check_aging()

    def test_levels_are_the_distributors(self):
        levels = self.company.credit_default_policy_id.followup_level_ids
        self.assertEqual(sorted(levels.mapped("delay")), [-1, 1, 2, 10])

    def test_promises(self):
        promises = self._of_company("credit.promise")
        self.assertEqual(
            {promise.partner_id.name: promise.state for promise in promises},
            {
                "Willow Interiors": "broken",
                "Teak Marine": "kept",
                "Tamarack Mills": "open",
                # In instalments, by payment plans.
                "Jacaranda Events": "open",
                "Walnut Cinemas": "open",
                "Zelkova Studios": "kept",
            },
        )

    def test_each_state_of_money_is_there_to_look_at(self):
        def states(model):
            return set(self._of_company(model).mapped("state"))

        self.assertEqual(states("credit.plan"), {"offered", "accepted", "kept"})
        self.assertEqual(states("credit.netting"), {"draft", "posted", "undone"})
        self.assertEqual(states("credit.assignment"), {"posted", "closed"})
        self.assertEqual(states("credit.assignment.line"), {"open", "paid", "charged_back"})
        self.assertEqual(
            states("credit.interest.claim"), {"draft", "claimed", "billed", "settled", "reversed"}
        )
        uses = self._of_company("credit.discount.use").mapped("use")
        self.assertEqual(sorted(uses), ["late", "missed", "open", "taken", "taken"])
        [with_fee] = self._of_company("credit.plan").filtered("fee_move_id")
        self.assertEqual((with_fee.fee, with_fee.planned), (40.0, 1680.0))
        self.assertEqual(with_fee.line_ids.mapped("amount"), [420.0] * 4)

    def test_two_shops_are_asked_each_for_its_own(self):
        letters = self._of_company("credit.followup", ("partner_id.name", "=", "Hazel Retail"))
        self.assertEqual(
            {letter.addressee_id.city: letter.amount for letter in letters},
            {"Leeds": 460.0, "York": 385.0},
        )

    def test_dispute_waits_for_the_salesperson(self):
        dispute = self._of_company("credit.dispute")
        self.assertEqual((dispute.partner_id.name, dispute.amount), ("Oak Hill Motors", 850.0))
        self.assertEqual((dispute.state, dispute.owner_id), ("open", self._user("ivanov")))

    def test_letters_of_the_past_and_of_today(self):
        messages = self._of_company("credit.followup")
        sent = messages.filtered(lambda message: message.state == "sent")
        reached = {
            message.partner_id.name: message.level_id.delay for message in sent.sorted("date")
        }
        self.assertEqual(reached["Rowan Builders"], 10)
        self.assertFalse(sent.mail_message_id)
        self.assertEqual(set((messages - sent).mapped("state")), {"draft"})

    def test_nothing_waits_to_be_mailed(self):
        self.assertFalse(self.env["mail.mail"].search([("model", "=like", "credit.%")]))

    def test_the_desk_has_work(self):
        belova = self._user("belova")
        work = self._of_company(
            "credit.worklist", ("collector_id", "=", belova.id), ("to_do", "=", True)
        ).with_user(belova)
        self.assertGreater(len(work), 8)
        self.assertEqual(work.mapped("score"), sorted(work.mapped("score"), reverse=True))
        names = work.partner_id.mapped("name")
        self.assertIn("Poplar Machines", names)
        self.assertNotIn("Tamarack Mills", names, "promised")
        self.assertNotIn("Willow Interiors", names, "with the legal department")

    def test_trend_of_half_a_year(self):
        days = set(self._of_company("credit.snapshot").mapped("date"))
        self.assertGreaterEqual(len(days), 26)


@tagged("post_install", "-at_install")
class TestDemoMonth(DemoCase):
    """Northern Wholesale: the month of the worked examples."""

    company_xmlid = "credit_collection.demo_wholesale_company"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.env["credit.kpi.sheet"].search([("company_id", "=", cls.company.id)])

    def _line(self, login, kind="salesperson"):
        return self.sheet.line_ids.filtered(
            lambda line: line.user_id == self._user(login) and line.kind == kind
        )

    def test_sheet_of_the_month_is_computed(self):
        self.assertEqual(self.sheet.state, "computed")
        self.assertEqual(self.sheet.date_from.day, 1)
        self.assertEqual(self.sheet.control_difference, 0)
        self.assertEqual(len(self.sheet.line_ids), 4)

    def test_two_days_overdue(self):
        line = self._line("ivanov")
        self.assertEqual((line.receivable, line.overdue), (2_100_000, 450_000))
        self.assertEqual(line._text("weighted_days_overdue"), "2.0")

    def test_overdue_is_fifteen_per_cent_of_the_turnover(self):
        line = self._line("ivanov")
        self.assertEqual(line.sales, 3_000_000)
        self.assertEqual(line._text("overdue_to_turnover", share=True), "15.0 %")
        self.assertEqual(line.bonus, 1_000)

    def test_thirty_per_cent_and_the_sales_that_would_dilute_it(self):
        line = self._line("semenov")
        self.assertEqual((line.overdue, line.receivable), (900_000, 3_000_000))
        self.assertEqual(line._text("overdue_share", share=True), "30.0 %")
        self.assertEqual(self.sheet.overdue_norm, 0.2)
        self.assertEqual(line.sales_to_dilute, 1_500_000)
        self.assertEqual(line.bonus, 0)

    def test_cash_plan(self):
        line = self._line("petrov")
        plan = self._of_company("credit.cash.plan", ("user_id", "=", self._user("petrov").id))
        self.assertEqual(
            (plan.due, plan.overdue, plan.sales_plan, plan.deferral_days, plan.prepaid),
            (1_750_000, 350_000, 3_000_000, 20, 200_000),
        )
        self.assertEqual((line.received, line.planned), (3_500_000, 4_300_000))
        self.assertEqual(line._text("cash_plan_rate", share=True), "81.4 %")

    def test_leader_of_the_team(self):
        line = self._line("orlova", "leader")
        self.assertEqual((line.received, line.planned), (10_500_000, 12_900_000))
        self.assertEqual(line._text("cash_plan_rate", share=True), "81.4 %")
        self.assertEqual(line.bonus, 500)

    def test_salespeople_see_their_own_line(self):
        lines = self.env["credit.kpi.sheet.line"].with_user(self._user("ivanov")).search([])
        self.assertEqual(lines, self._line("ivanov"))

    def test_snapshots_of_the_month(self):
        month = self._of_company(
            "credit.snapshot",
            ("date", ">=", self.sheet.date_from),
            ("date", "<=", self.sheet.date_to),
        )
        self.assertGreaterEqual(len(set(month.mapped("date"))), 4)

    def test_aging_agrees_with_the_ledger(self):
        self._check_aging()

    def test_month_ends_agree_with_the_ledger_and_today_with_today(self):
        Item = self.env["credit.open.item"]
        end = self.sheet.date_to
        for back in range(24):
            day = fields.Date.end_of(fields.Date.subtract(end, months=back), "month")
            with self.subTest(day=day):
                self.assertEqual(Item._control_total(self.company, day)["difference"], 0)
        names = ["amount", "days_overdue", "is_overdue", "bucket"]
        now = self._of_company("credit.aging").read(names)
        today = self.env["credit.aging"].with_context(as_of=self.company._credit_today())
        self.assertEqual(today.search([("company_id", "=", self.company.id)]).read(names), now)

    def test_cost_of_credit_beside_the_margin(self):
        ask = self.env["credit.cost.ask"].create({})
        lines = self.env["credit.cost.line"].search(ask.action_show()["domain"])
        self.assertEqual((ask.date_from, ask.rate), (self.sheet.date_from, 0.12))
        atlas = lines.filtered(lambda line: line.partner_id.name == "Atlas Building Markets")
        # Sold 1,250,000 and 750,000 at six per cent.
        self.assertEqual((atlas.sales, atlas.margin), (2_000_000, 120_000))
        self.assertEqual(sum(lines.mapped("sales")), self.sheet.sales)
