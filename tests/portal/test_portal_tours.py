"""Customers in the browser: one pays from a letter's link, one signs a plan."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..followup.common import TODAY
from .common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalTours(PortalCase):
    """On the real day: a browser forgets what a frozen clock of the past lets it remember."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "credit_collection.credit_room_plans"
        )
        cls.today = cls.company._credit_today()

    def _ago(self, days):
        """So many days before today, as the helpers count them."""
        return (TODAY - fields.Date.subtract(self.today, days=days)).days

    def test_customer_pays_three_instalments_in_two_currencies_from_a_letter(self):
        # The provider has the money at once and sends the browser back.
        self.provider.redirect_form_view_id.arch = (
            '<form t-att-action="page" method="get"><input t-if="items" type="hidden" '
            'name="items" t-att-value="items"/></form>'
        )
        invoice = self._in_instalments(900.0, [self._ago(5), self._ago(3), self._ago(-60)])
        first, second, third = self._parts(invoice)
        euro = self._item(self._late(70.0, days=self._ago(4), currency_id=self.euro.id))
        [letter] = self._sent(self.today)
        self.assertLessEqual(first | second | euro, letter.line_ids.move_line_id)

        def done(transaction, _values):
            self._settle(transaction)
            page, _mark, items = transaction.landing_route.partition("?items=")
            return {"page": page, "items": items}

        model = self.env.registry["payment.transaction"]
        with patch.object(model, "_get_specific_rendering_values", done):
            self.start_tour(self._path(letter), "credit_customer_pays_two_currencies")
        lines = first | second | third | euro
        lines.invalidate_recordset()
        left = lines.mapped("amount_residual_currency")
        self.assertEqual(left, [0.0, 0.0, 300.0, 0.0])
        self.assertFalse(self._plan(fields.Date.add(self.today, days=14)))

    def test_customer_signs_a_plan(self):
        due = fields.Date.subtract(self.today, days=20)
        self._invoice(1000.0, date=due, due=due)
        plan = (
            self.env["credit.plan"]
            .with_user(self.manager)
            .create({"account_id": self._account().id})
        )
        plan.action_generate()
        plan.action_offer()
        self.start_tour("/my/credit", "credit_customer_signs_a_plan", login="paula")
        self.assertEqual((plan.state, plan.customer_signed_by), ("accepted", self.paula.name))
        self.assertTrue(plan.customer_signature)
        self.assertFalse(self._plan(self.today))
