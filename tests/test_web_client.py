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

    def test_days_left_are_said_in_days(self):
        """Three days before the first of a month are no "next month"."""
        self.browser_js(
            "/odoo",
            """
            const { CreditDaysField } = odoo.loader.modules.get(
                "@credit_collection/lists/credit_days"
            );
            const field = CreditDaysField.prototype;
            const { get } = Object.getOwnPropertyDescriptor(field, "diffString");
            const said = (days) => {
                const data = { day: luxon.DateTime.local().plus({ days }) };
                return get.call({ diffDays: days, props: { name: "day", record: { data } } });
            };
            const found = [0, 1, 3, 40, -40].map(said).join(", ");
            if (found !== "Today, Tomorrow, In 3 days, In 40 days, 40 days ago") {
                throw new Error(found);
            }
            console.log("test successful");
            """,
            ready="odoo.isReady === true",
            login="admin",
        )
