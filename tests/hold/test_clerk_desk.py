"""The warehouse clerk learns before picking, sees no money, and prints no slip that hides it."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31")
class TestClerkDesk(CreditCase):
    def _ready(self, partner=None):
        """A delivery of a customer who was fine when ordering and is late since."""
        partner = partner or self.customer
        order = self._order(500, partner=partner, product=self.goods)
        order.action_confirm()
        self._invoice(8_960, partner=partner, date="2026-01-31", due="2026-02-10")
        picking = order.picking_ids
        picking.action_assign()
        return picking

    def _look(self, *pickings):
        self.env["stock.picking"].browse([p.id for p in pickings])._credit_watch()

    def test_looked_at_as_soon_as_it_is_ready(self):
        cron = self.env.ref("credit_collection.credit_shipment_cron")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        picking = self._ready()
        self.assertEqual(picking.state, "assigned")
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertGreater(after, before)

    def test_marked_before_anybody_validates(self):
        picking = self._ready()
        self._look(picking)
        self.assertEqual(picking.credit_state, "held")
        type_ = picking.picking_type_id
        self.assertEqual(type_.with_user(self.clerk).credit_count_held, 1)
        action = type_.with_user(self.clerk).action_credit_held()
        self.assertIn("search_default_credit_held", action["context"])
        groups = (
            self.env["stock.picking"]
            .with_user(self.clerk)
            ._read_group([("id", "=", picking.id)], ["credit_state"], ["__count"])
        )
        self.assertEqual(groups, [("held", 1)])

    def test_no_money_for_the_clerk(self):
        picking = self._ready()
        self._look(picking)
        seen = picking.with_user(self.clerk)
        self.assertEqual(seen.credit_hold_reason, "Invoices are overdue for too long.")
        self.assertIn("49 days", picking.with_user(self.salesperson).credit_hold_reason)
        said = seen.button_validate()["params"]["message"]
        self.assertIn("overdue for too long", said)
        self.assertFalse([char for char in said.split("Approver")[0] if char == "$"])
        self.assertNotIn("49", said.split("Approver")[0].replace(picking.name, ""))
        for message in picking.message_ids:
            self.assertNotRegex(html2plaintext(message.body or ""), r"\b49\b")
        with self.assertRaisesRegex(UserError, "overdue for too long"):
            seen._action_done()

    def test_officer_without_a_right_in_inventory_opens_the_delivery(self):
        picking = self._ready()
        self._look(picking)
        self.assertFalse(self.officer.has_group("stock.group_stock_user"))
        hold = picking.credit_hold_ids.with_user(self.officer)
        action = hold.action_open_picking()
        form = Form(self.env[action["res_model"]].with_user(self.officer).browse(action["res_id"]))
        self.assertEqual(form.name, picking.name)

    def test_slips_say_do_not_ship(self):
        picking = self._ready()
        for report in ("stock.action_report_picking", "stock.action_report_delivery"):
            html = self._printed(report, picking)
            self.assertNotIn(b"do not ship", html)
        self._look(picking)
        for report in ("stock.action_report_picking", "stock.action_report_delivery"):
            html = self._printed(report, picking)
            self.assertIn(b"On credit hold: do not ship", html)

    def _printed(self, report, picking):
        Report = self.env["ir.actions.report"]
        # A drawn barcode needs libraries that say nothing about slips.
        with patch.object(self.registry["ir.actions.report"], "barcode", return_value=b""):
            return Report._render_qweb_html(report, picking.ids)[0]

    def test_payment_frees_it(self):
        picking = self._ready()
        self._look(picking)
        self._pay(self.env["account.move"].search([("partner_id", "=", self.customer.id)]))
        self._run_cron("credit_hold_cron")
        self.assertEqual(picking.credit_state, "none")
