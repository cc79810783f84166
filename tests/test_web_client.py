from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestWebClient(HttpCase):
    def test_web_client_loads_without_error(self):
        """The backend starts in a real browser; an error on its console fails the test."""
        self.browser_js(
            "/odoo",
            "console.log('test successful')",
            ready="odoo.isReady === true",
            login="admin",
        )
