"""What an attacker with a keyboard does: calls the server directly."""

from odoo.tests import HttpCase, JsonRpcException
from odoo.tools import mute_logger

from .common import CreditCase


class RpcCase(CreditCase, HttpCase):
    """Logged in as the salesperson, who calls any public method by JSON-RPC."""

    def setUp(self):
        super().setUp()
        self.authenticate("sally", "sally")

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    @mute_logger("odoo.http")
    def _refused(self, model, method, *args, **kwargs):
        """The error with which the server refuses the call."""
        with self.assertRaises(JsonRpcException) as caught:
            self._call(model, method, *args, **kwargs)
        return str(caught.exception)
