from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .common import TODAY, DeskCase


@freeze_time(TODAY)
class TestNextCustomer(DeskCase):
    """*Next Customer* keeps the place in the list."""

    def test_ten_customers_without_going_back_to_the_list(self):
        partners = self._ten()
        worklist = self.env["credit.worklist"].with_user(self.collector)
        action = worklist.search([("to_do", "=", True)], limit=1).action_open()
        visited = []
        for _number in partners:
            account = self.env["credit.account"].with_user(self.collector).browse(action["res_id"])
            visited.append(account.partner_id)
            self._contact(partner=account.partner_id)
            self.env.flush_all()
            account = account.with_context(**action["context"])
            if len(visited) < 10:
                action = account.action_next()
        self.assertEqual(visited, partners)
        self.assertIn("last customer", account.action_next()["params"]["message"])

    def test_last_one_is_logged_and_the_list_comes_back(self):
        self._late()
        log = (
            self.env["credit.contact.log"]
            .with_user(self.collector)
            .create({"account_id": self._account().id, "outcome": "refuses"})
        )
        end = log.action_log_next()["params"]["next"]["params"]
        self.assertEqual(end["next"], "credit_collection.credit_worklist_action")
        self.assertEqual(self._account().contact_ids.outcome, "refuses")

    def test_next_passes_over_who_was_skipped(self):
        first, second, third = self._ten()[:3]
        file = self._account(first).with_user(self.collector)
        action = file.action_next()
        self.assertEqual(action["res_id"], self._account(second).id)
        file = self._account(second).with_user(self.collector).with_context(**action["context"])
        self.assertEqual(file.action_next()["res_id"], self._account(third).id)

    def test_next_stays_in_the_list_it_came_from(self):
        first, second, third = self._ten()[:3]
        self._account(third).collector_id = self.collector
        domain = [["collector_id", "=", self.collector.id]]
        file = self._account(first).with_user(self.collector)
        action = file.with_context(credit_desk_domain=domain).action_next()
        self.assertEqual(action["res_id"], self._account(third).id)
        self.assertNotEqual(action["res_id"], self._account(second).id)

    def test_next_keeps_the_place_and_order_of_the_list(self):
        """A list sorted by the customer's name, opened in the middle."""
        files = [self._account(partner) for partner in self._ten()]
        order = [files[index] for index in (7, 2, 5, 0)]
        action = (
            self.env["credit.worklist"]
            .with_user(self.collector)
            .with_context(credit_desk_queue=[file.id for file in order[1:]])
            .browse(order[0].id)
            .action_open()
        )
        self._contact(partner=order[2].partner_id)  # somebody else called meanwhile
        visited = []
        for _step in range(3):
            file = self.env["credit.account"].with_user(self.collector).browse(action["res_id"])
            visited.append(file.id)
            action = file.with_context(**action["context"]).action_next()
        self.assertEqual(visited, [order[0].id, order[1].id, order[3].id])
        self.assertEqual(action["res_id"], files[1].id)  # the end of the list: those above

    def test_a_forged_list_shows_nothing_more(self):
        self._ten()
        file = self._account().with_user(self.collector)
        for domain in ([["no_such_field", "=", 1]], ["nonsense"], [["id", "bad", 1]]):
            with self.assertRaises(UserError):
                file.with_context(credit_desk_domain=domain).action_next()
        with self.assertRaises(AccessError):
            self._account().with_user(self.salesperson).action_next()
