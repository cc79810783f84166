"""The attacker with a keyboard: an ordinary salesperson who calls the server directly."""

from unittest.mock import patch

from odoo.tests import tagged

from ..rpc_case import RpcCase


@tagged("post_install", "-at_install")
class TestOrderRpc(RpcCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000.0)
        cls.order = cls._order(1500.0)

    def _refused(self, model, method, *args, **kwargs):
        refusal = super()._refused(model, method, *args, **kwargs)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "draft")
        return refusal

    def test_confirm_ends_on_hold(self):
        action = self._call("sale.order", "action_confirm", [self.order.id])
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.order.credit_state, "held")

    def test_write_and_create_are_refused(self):
        state = {"state": "sale"}
        refusals = [
            self._refused("sale.order", "write", [self.order.id], state),
            self._refused("sale.order", "web_save", [self.order.id], state, specification={}),
        ]
        lines = [(0, 0, {"product_id": self.service.id, "price_unit": 5000.0})]
        values = {"partner_id": self.customer.id, "state": "sale", "order_line": lines}
        refusals.append(self._refused("sale.order", "create", [values]))
        self.assertEqual(set(refusals), {"odoo.exceptions.UserError"})

    def test_private_methods_are_refused(self):
        self._call("sale.order", "action_confirm", [self.order.id])
        hold = self.order.credit_hold_ids
        for model, method, ids in (
            ("credit.hold", "_move", [hold.id]),
            ("credit.hold", "_hold", []),
            ("credit.check", "_judge", []),
            ("credit.account", "_ensure", []),
            ("credit.limit", "_move", []),
            ("sale.order", "_credit_enforce", [self.order.id]),
        ):
            self.assertIn("AccessError", self._refused(model, method, ids))

    def test_releasing_is_refused(self):
        self._call("sale.order", "action_confirm", [self.order.id])
        hold = self.order.credit_hold_ids
        for method in ("action_release", "action_refuse"):
            self.assertIn("AccessError", self._refused("credit.hold", method, [hold.id]))
        self._refused("credit.hold", "write", [hold.id], {"state": "released"})
        self._refused("credit.hold", "create", [{"order_id": self.order.id, "state": "released"}])
        self.assertEqual(hold.state, "held")

    def test_context_keys_change_nothing(self):
        context = {"skip_credit_check": True, "bypass_risk": True, "install_mode": True}
        self._call("sale.order", "action_confirm", [self.order.id], context=context)
        self.assertEqual((self.order.state, self.order.credit_state), ("draft", "held"))

    def test_ledger_is_closed(self):
        self._refused("credit.open.item", "search_read", [])
        self._call("sale.order", "action_confirm", [self.order.id])
        hold = self.order.credit_hold_ids
        self._refused("credit.hold", "read", hold.ids, ["frozen"])
        self._refused("credit.hold", "read", hold.ids, ["remedies"])

    def test_signature_on_the_portal_becomes_a_hold(self):
        self.order.write({"require_signature": True, "require_payment": False, "state": "sent"})
        self.order._portal_ensure_token()
        self.authenticate(None, None)
        pdf = "odoo.addons.base.models.ir_actions_report.IrActionsReport._render_qweb_pdf"
        with patch(pdf, return_value=(b"%PDF", "pdf")):
            result = self.make_jsonrpc_request(
                f"/my/orders/{self.order.id}/accept",
                {
                    "access_token": self.order.access_token,
                    "name": "Joel",
                    "signature": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
                    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
                },
            )
        self.assertIn("redirect_url", result)
        self.assertEqual(self.order.signed_by, "Joel")
        self.assertEqual((self.order.state, self.order.credit_state), ("sent", "held"))
