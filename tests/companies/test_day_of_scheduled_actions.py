"""Every scheduled action goes by the company's day, wherever the company and its users are."""

from datetime import date, timedelta

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..followup.common import FollowupCase

# The company's zone; a moment in UTC; the company's day, which is another one than that of UTC.
PLACES = {
    "Pacific/Auckland": ("2026-03-15 12:30:00", date(2026, 3, 16)),
    "Asia/Vladivostok": ("2026-03-15 15:30:00", date(2026, 3, 16)),
    "America/Los_Angeles": ("2026-03-16 06:30:00", date(2026, 3, 15)),
}
SUNDAY = date(2026, 3, 15)


@tagged("post_install", "-at_install")
class TestDayOfScheduledActions(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = cls.env["res.groups"]
        for room in ("rating", "signals", "interest", "plans", "netting", "cover", "cases"):
            groups |= cls.env.ref(f"credit_collection.credit_room_{room}")
        groups |= cls.env.ref("credit_collection.credit_room_confirmations")
        cls.env.ref("base.group_user").implied_ids += groups
        cls.policy.promise_tolerance_days = 0

    def _due(self, name, day):
        """A customer of that name with an invoice that fell due on ``day``."""
        customer = self._customer(name)
        customer.email = f"{name.split()[0].lower()}@example.com"
        return customer, self._invoice(100.0, customer, date(2026, 2, 1), due=day)

    def _set_up(self, day):
        """Pairs of records: the first is over on the company's ``day``, the second ends on it."""
        before = day - timedelta(1)
        pairs = {"promise": [], "limit": [], "stop": [], "dispute": [], "security": []}
        pairs["letter"] = []
        for name, end in (("Over Ltd", before), ("Last Day Ltd", day)):
            customer, invoice = self._due(f"{name} pays", end)
            pairs["letter"].append(self._account(customer))
            customer, invoice = self._due(f"{name} promised", date(2026, 3, 9))
            account = self._account(customer)
            line = invoice.line_ids.filtered(lambda x: x.display_type == "payment_term")
            pairs["promise"].append(
                self.env["credit.promise"].create(
                    {
                        "account_id": account.id,
                        "amount": 100.0,
                        "date": end,
                        "move_line_ids": [Command.set(line.ids)],
                    }
                )
            )
            customer, invoice = self._due(f"{name} disputes", date(2026, 3, 9))
            account = self._account(customer)
            line = invoice.line_ids.filtered(lambda x: x.display_type == "payment_term")
            reason = self.env.ref("credit_collection.credit_dispute_reason_price")
            dispute = self.env["credit.dispute"].create(
                {"account_id": account.id, "move_line_id": line.id, "reason_id": reason.id}
            )
            dispute.sudo().deadline = end
            pairs["dispute"].append(dispute)
            pairs["limit"].append(self._limit(10.0, customer, kind="temporary", date_to=end))
            pairs["stop"].append(
                self.env["credit.stop"]
                .with_user(self.manager)
                .create({"account_id": account.id, "reason": "Asked to", "date_to": end})
            )
            security = self.env["credit.collateral"].create(
                {"account_id": account.id, "value": 50.0, "date_to": end}
            )
            security.with_user(self.manager).action_accept()
            pairs["security"].append(security)
        return pairs

    def _run_all(self):
        """Run every scheduled action of the module, follow-up last."""
        actions = self.env["ir.model.data"].search(
            [("module", "=", "credit_collection"), ("model", "=", "ir.cron")]
        )
        names = sorted(
            actions.mapped("name"), key=lambda name: (name == "credit_followup_cron", name)
        )
        self.assertGreater(len(names), 18)
        for name in names:
            with self.subTest(action=name), mute_logger("odoo.addons.mail.models.mail_mail"):
                self._run_cron(name)

    def _check_zone(self, zone):
        moment, day = PLACES[zone]
        self.company.resource_calendar_id.tz = zone
        self.env.user.tz = "UTC"
        with freeze_time("2026-03-10 12:00:00"):
            pairs = self._set_up(day)
            self.env.flush_all()
        with freeze_time(moment):
            self.assertEqual(self.company._credit_today(), day)
            with self._mail_server():
                self._run_all()
            self.env.invalidate_all()
            states = {
                kind: [record.state for record in records]
                for kind, records in pairs.items()
                if kind in ("promise", "limit", "stop", "security")
            }
            letters = [
                account.followup_ids.mapped(lambda letter: str(letter.date))
                for account in pairs["letter"]
            ]
            snapshots = self.env["credit.snapshot"].search(
                [("company_id", "=", self.company.id), ("date", "=", SUNDAY)]
            )
            forecast = self.env["credit.forecast"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            states,
            {
                "promise": ["broken", "open"],
                "limit": ["expired", "approved"],
                "stop": ["lifted", "active"],
                "security": ["expired", "in_force"],
            },
        )
        self.assertEqual([dispute.escalated for dispute in pairs["dispute"]], [True, False])
        self.assertEqual(letters, [[str(day)], []])
        self.assertEqual(bool(snapshots), day > SUNDAY)
        self.assertEqual(forecast[:1].date, day)

    def test_auckland(self):
        self._check_zone("Pacific/Auckland")

    def test_los_angeles(self):
        self._check_zone("America/Los_Angeles")

    def test_vladivostok(self):
        self._check_zone("Asia/Vladivostok")
