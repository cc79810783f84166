"""Moving in from OCA's add-ons, in a database where they are installed."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..followup.common import TODAY, FollowupCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMoveInOca(FollowupCase):
    def _move_in(self, source):
        record = (
            self.env["credit.move.in"]
            .with_user(self.manager)
            .create({"source": source, "company_id": self.company.id})
        )
        record.action_preview()
        return record

    def _oca_policy(self):
        """Three levels: 7 days late, 14 days after the first, 60 days late."""
        Policy = self.env["credit.control.policy"]
        template = self.env["mail.template"].search(
            [("model", "=", "credit.control.communication")], limit=1
        )
        level = {
            "email_template_id": template.id,
            "custom_text": "Please pay.",
            "custom_mail_text": "<p t-out='object.id'>Kindly pay.</p>",
        }
        account = self._item(self._late(1.0)).account_id
        return Policy.create(
            {
                "name": "Ours of old",
                "company_id": self.company.id,
                "account_ids": [Command.set(account.ids)],
                "level_ids": [
                    Command.create(
                        {
                            "name": "One",
                            "level": 1,
                            "computation_mode": "net_days",
                            "delay_days": 7,
                            "channel": "email",
                            **level,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Two",
                            "level": 2,
                            "computation_mode": "previous_date",
                            "delay_days": 14,
                            "channel": "letter",
                            **level,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Three",
                            "level": 3,
                            "computation_mode": "net_days",
                            "delay_days": 60,
                            "channel": "phone",
                            **level,
                        }
                    ),
                ],
            }
        )

    def _oca_line(self, invoice, level, days, state="sent"):
        item = self._item(invoice)
        return self.env["credit.control.line"].create(
            {
                "date": TODAY - timedelta(days),
                "date_due": item.date_maturity,
                "date_sent": TODAY - timedelta(days),
                "state": state,
                "channel": level.channel,
                "invoice_id": invoice.id,
                "partner_id": invoice.partner_id.id,
                "amount_due": 1000.0,
                "balance_due": 1000.0,
                "move_line_id": item.id,
                "policy_level_id": level.id,
            }
        )

    def test_a_year_of_credit_control_goes_on_at_the_right_levels(self):
        if "credit.control.policy" not in self.env:
            self.skipTest("needs a database with OCA's account_credit_control")
        old = self._oca_policy()
        one, two, _three = old.level_ids.sorted("level")
        self.company.credit_policy_id = old
        self.env["credit.control.policy"].search([]).filtered(lambda p: p != old).active = False
        fresh = self._late(100.0, days=8, partner=self._customer("Fresh Ltd"))
        first = self._late(200.0, days=25, partner=self._customer("First Ltd"))
        second = self._late(300.0, days=61, partner=self._customer("Second Ltd"))
        paid = self._late(400.0, days=300, partner=self._customer("Paid Ltd"))
        self._oca_line(first, one, 17)
        self._oca_line(second, two, 30)  # straight to the second: theirs may leave levels out
        self._oca_line(paid, one, 290)
        self._oca_line(fresh, one, 1, state="draft")
        self._pay(paid)
        self.customer.credit_policy_id = old
        self.customer.payment_responsible_id = self.collector
        record = self._move_in("oca_credit_control")
        why = record.line_ids.filtered("why_not").mapped("why_not")
        self.assertIn("The items are paid: nothing is asked for any more.", why)
        self.assertIn("Never delivered: they are planned anew.", why)
        before = self.company.credit_default_policy_id
        record.action_take()
        policy = self.company.credit_default_policy_id
        self.assertEqual(policy.name, "Ours of old")
        self.assertRecordValues(
            policy.followup_level_ids.sorted("delay"),
            [
                {"name": "One", "delay": 7, "send_email": True, "print_letter": False},
                {"name": "Two", "delay": 21, "send_email": False, "print_letter": True},
                {"name": "Three", "delay": 60, "send_email": False, "print_letter": False},
            ],
        )
        self.assertTrue(policy.followup_level_ids.sorted("delay")[2].make_activity)
        words = policy.followup_level_ids.sorted("delay")[0].mail_template_id.body_html
        self.assertIn("Kindly pay.", words)
        self.assertNotIn("object.id", words)
        self.assertFalse(policy.followup_automatic)
        self.assertEqual(self._account().policy_id, policy)
        self.assertEqual(self._account().collector_id, self.collector)
        planned = self._plan(TODAY + timedelta(1))
        levels = {message.partner_id.name: message.level_id.name for message in planned}
        self.assertEqual(
            {
                name: levels.get(name)
                for name in ("Fresh Ltd", "First Ltd", "Second Ltd", "Paid Ltd")
            },
            {"Fresh Ltd": "One", "First Ltd": "Two", "Second Ltd": "Three", "Paid Ltd": None},
        )
        planned._move("cancel", {"cancel_reason": "Tried"})
        record.action_undo()
        self.assertEqual(self.company.credit_default_policy_id, before)
        self.assertFalse(policy.active)
        self.assertFalse(self._account(second.partner_id).followup_level_id)
        self.assertFalse(self._account().policy_id)

    def test_financial_risk_gives_limits_and_a_rule_for_what_is_unpaid(self):
        if "risk_invoice_unpaid_limit" not in self.env["res.partner"]._fields:
            self.skipTest("needs a database with OCA's account_financial_risk")
        euro = self.env.ref("base.EUR") if self.currency.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 0.5,
            }
        )
        other, foreign = self._customer("Other Ltd"), self._customer("Foreign Ltd")
        self.customer.write({"credit_limit": 5000.0, "risk_invoice_unpaid_limit": 800.0})
        other.write({"risk_invoice_unpaid_limit": 800.0, "risk_invoice_draft_limit": 50.0})
        foreign.write(
            {
                "credit_limit": 300.0,
                "credit_currency": "manual",
                "manual_credit_currency_id": euro.id,
            }
        )
        self.company.invoice_unpaid_margin = 4
        record = self._move_in("oca_financial_risk")
        mine = record.line_ids.filtered(
            lambda line: not line.partner_id or line.partner_id in self.customer | other | foreign
        )
        self.assertEqual(
            mine.filtered("taken").mapped("kind"),
            ["grace", "limit", "limit", "policy", "customer_policy", "customer_policy"],
        )
        left = " ".join(mine.filtered("why_not").mapped("why_not"))
        self.assertIn("One exposure is compared", left)
        grace = self.policy.grace_days
        record.action_take()
        self.assertEqual(self.company.credit_default_policy_id.grace_days, 4)
        self.assertEqual(self._position().credit_limit, 5000.0)
        self.assertEqual(self._account(foreign).limit_ids.currency_id, euro)
        policy = self._account().policy_id
        self.assertEqual(self._account(other).policy_id, policy)
        rule = policy.rule_ids.filtered(
            lambda rule: rule.kind == "overdue_amount" and rule.amount == 800
        )
        self.assertEqual(len(rule), 1)
        # theirs asks in action_post
        self._late(900.0, days=30, partner=other, post=False)._post()
        order = self._order(10.0, partner=other)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_state, "held")
        record.action_undo()
        self.assertFalse(self._account(other).policy_id)
        self.assertEqual(self.company.credit_default_policy_id.grace_days, grace)

    def test_financial_risk_gives_one_policy_with_the_rules_of_both_parts(self):
        if "risk_sale_order_limit" not in self.env["res.partner"]._fields:
            self.skipTest("needs a database with OCA's sale_financial_risk")
        other = self._customer("Other Ltd")
        for partner in self.customer | other:
            partner.write({"risk_invoice_unpaid_limit": 800.0, "risk_sale_order_limit": 200.0})
        record = self._move_in("oca_financial_risk")
        mine = record.line_ids.filtered(
            lambda line: not line.partner_id or line.partner_id in self.customer | other
        )
        self.assertEqual(
            mine.filtered("taken").mapped("kind"), ["policy", "customer_policy", "customer_policy"]
        )
        record.action_take()
        policy = self._account().policy_id
        self.assertEqual(self._account(other).policy_id, policy)
        rules = {rule.kind: rule.amount for rule in policy.rule_ids if rule.amount}
        self.assertEqual((rules["overdue_amount"], rules["ordered_amount"]), (800.0, 200.0))
        passing = self._order(200.0, partner=other)
        passing.with_user(self.salesperson).action_confirm()
        self.assertNotEqual(passing.credit_state, "held")
        order = self._order(0.01, partner=other)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_state, "held")
        record.action_undo()
        self.assertFalse(self._account(other).policy_id)
