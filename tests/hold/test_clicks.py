"""The click table of the desks, counted in a browser: a tour with more clicks fails."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
class TestClicks(CreditCase, HttpCase):
    def _held(self, number):
        partner = self._customer(f"Debtor {number}")
        self._limit(100.0, partner=partner)
        order = self._order(1_000.0 + number, partner=partner)
        order.with_user(self.salesperson).action_confirm()
        hold = order.credit_hold_ids
        # In the order of their numbers, which is that of their deadlines.
        hold.deadline = fields.Datetime.add(fields.Datetime.now(), hours=number)
        hold.responsible_id = self.officer
        return order

    def test_salesperson_sees_before_the_quotation(self):
        self._limit(1_000.0)
        self.start_tour("/odoo/credit-customers", "credit_clicks_salesperson", login="sally")

    def test_clerk_sees_what_is_held(self):
        order = self._order(100.0, product=self.goods)
        order.action_confirm()
        late = fields.Date.subtract(fields.Date.today(), days=60)
        self._invoice(500.0, date=late, due=late)
        order.picking_ids._credit_watch()
        self.assertEqual(order.picking_ids.credit_state, "held")
        self.start_tour("/odoo/inventory", "credit_clicks_clerk", login="walter")

    def test_officer_releases_five_at_once(self):
        orders = [self._held(number) for number in range(1, 6)]
        self.start_tour("/odoo/credit-holds", "credit_clicks_officer_five_at_once", login="olaf")
        self.assertEqual({order.state for order in orders}, {"sale"})

    def test_officer_releases_five_one_by_one(self):
        orders = [self._held(number) for number in range(1, 6)]
        self.start_tour("/odoo/credit-holds", "credit_clicks_officer_one_by_one", login="olaf")
        self.assertEqual({order.state for order in orders}, {"sale"})

    def test_collector_calls_and_goes_on(self):
        late = fields.Date.subtract(fields.Date.today(), days=60)
        files = []
        for name, amount in (("Alder Ltd", 9_000), ("Birch Ltd", 6_000)):
            partner = self._customer(name)
            self._invoice(amount, partner=partner, date=late, due=late)
            files.append(self._account(partner))
            files[-1].collector_id = self.accountant
        self.start_tour("/odoo/credit-to-do", "credit_clicks_collector", login="anna")
        self.assertEqual(files[0].contact_ids.outcome, "no_answer")

    def test_administrator_starts_holding(self):
        self._invoice(500.0)
        self.policy.observe_only = True
        self.start_tour("/odoo", "credit_clicks_administrator", login="mona")
        self.assertFalse(self.policy.observe_only)
