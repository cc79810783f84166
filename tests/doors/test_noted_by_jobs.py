"""What scheduled work notes on a customer's file is nobody's to write."""

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..common import COLLECTOR, CreditCase

NOTED = {
    "newcomer_on": "2026-03-01",
    "newcomer_findings": "Nothing",
    "statement_sent_on": "2026-03-01",
    "check_count": 0,
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16")
class TestNotedByJobs(CreditCase):
    def test_nobody_writes_it(self):
        account = self._account()
        before = account.read(list(NOTED))
        collector = self._user("carla", COLLECTOR)
        for person in (collector, self.officer, self.manager):
            for name, value in NOTED.items():
                with (
                    self.subTest(person=person.login, name=name),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    account.with_user(person).write({name: value})
        account.invalidate_recordset()
        self.assertEqual(account.read(list(NOTED)), before)
