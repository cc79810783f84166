"""Who may ask for a limit, who may decide, and what nobody gets past."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import MANAGER, OFFICER, CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestLimitRequest(CreditCase):
    def _request(self, amount=1000.0, user=None, **values):
        user = user or self.salesperson
        return (
            self.env["credit.limit"]
            .with_user(user)
            .create(
                {
                    "account_id": self._account().id,
                    "amount": amount,
                    "reason": "Bigger orders",
                    **values,
                }
            )
        )

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def test_asked_approved_superseded(self):
        first = self._request(1000.0)
        self.assertEqual((first.state, first.requested_by_id), ("requested", self.salesperson))
        self.assertTrue(self._position().unlimited)
        first.with_user(self.officer).action_approve()
        self.assertEqual((first.state, first.decided_by_id), ("approved", self.officer))
        self.assertTrue(first.decided_on)
        self.assertEqual(self._position().credit_limit, 1000.0)
        second = self._request(2000.0)
        second.with_user(self.officer).action_approve()
        self.assertEqual((first.state, second.state), ("superseded", "approved"))
        self.assertEqual(self._position().credit_limit, 2000.0)

    def test_refused_with_a_reason(self):
        limit = self._request()
        limit.with_user(self.officer).action_refuse("No accounts published")
        self.assertRecordValues(
            limit,
            [
                {
                    "state": "refused",
                    "refusal_reason": "No accounts published",
                    "decided_by_id": self.officer.id,
                }
            ],
        )
        self.assertTrue(self._position().unlimited)

    def test_refusing_needs_no_authority_over_the_amount(self):
        limit = self._request(1_000_000.0)
        limit.with_user(self.officer).action_refuse()
        self.assertEqual(limit.state, "refused")

    def test_decided_once(self):
        limit = self._request()
        limit.with_user(self.officer).action_approve()
        for again in ("action_approve", "action_refuse"):
            with self.assertRaisesRegex(UserError, "not possible now"):
                getattr(limit.with_user(self.officer), again)()

    def test_salesperson_asks_for_own_customers_only(self):
        other = self._user("sam", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._request(user=other)
        self.customer.user_id = other
        self.assertEqual(self._request(user=other).state, "requested")

    def test_request_needs_a_reason(self):
        for reason in (None, False, "", "  "):
            with self.assertRaisesRegex(ValidationError, "why"):
                self._request(reason=reason)

    def test_salesperson_cannot_change_or_decide(self):
        limit = self._request()
        for attack in (
            lambda: limit.write({"amount": 9e9}),
            lambda: limit.write({"reason": "Please"}),
            lambda: limit.action_approve(),
            lambda: limit.action_refuse(),
            lambda: limit.unlink(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attack()
        self.assertEqual((limit.state, limit.amount), ("requested", 1000.0))

    # ------------------------------------------------------------------
    # Forging the decision
    # ------------------------------------------------------------------

    FORGED = {
        "state": "approved",
        "amount_company": 9e9,
        "decided_on": "2020-01-01 00:00:00",
        "refusal_reason": "None",
    }

    def test_decision_in_the_values_is_left_out(self):
        forged = {
            **self.FORGED,
            "decided_by_id": self.manager.id,
            "requested_by_id": self.manager.id,
            "company_id": self.env["res.company"].create({"name": "Elsewhere"}).id,
        }
        self._assert_plain_request(self._request(**forged))

    def test_decision_in_the_context_is_left_out(self):
        forged = {f"default_{name}": value for name, value in self.FORGED.items()}
        forged["default_company_id"] = self.env["res.company"].create({"name": "Elsewhere"}).id
        forged["default_decided_by_id"] = self.manager.id
        limit = (
            self.env["credit.limit"]
            .with_user(self.salesperson)
            .with_context(**forged)
            .create({"account_id": self._account().id, "amount": 1000.0, "reason": "More"})
        )
        self._assert_plain_request(limit)

    def _assert_plain_request(self, limit):
        self.assertRecordValues(
            limit.sudo(),
            [
                {
                    "state": "requested",
                    "amount": 1000.0,
                    "amount_company": 1000.0,
                    "decided_by_id": False,
                    "decided_on": False,
                    "refusal_reason": False,
                    "requested_by_id": self.salesperson.id,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_officer_cannot_write_a_decision(self):
        limit = self._request().with_user(self.officer)
        other = self._account(self._customer("Other Ltd"))
        for values in (
            {"state": "approved"},
            {"amount_company": 9e9},
            {"company_id": self.company.id},
            {"decided_by_id": self.officer.id},
            {"requested_by_id": self.officer.id},
            {"account_id": other.id},
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                limit.write(values)
        limit.write({"amount": 900.0, "review_date": "2026-09-01"})
        self.assertEqual(limit.amount_company, 900.0)

    def test_decided_limit_does_not_change(self):
        limit = self._request().with_user(self.officer)
        limit.action_approve()
        for values in ({"amount": 9e9}, {"unlimited": True}, {"date_to": "2099-01-01"}):
            with self.assertRaisesRegex(UserError, "does not change"), self.cr.savepoint():
                limit.write(values)
        with self.assertRaisesRegex(UserError, "history"):
            limit.with_user(self.manager).unlink()
        limit.write({"review_date": "2026-09-01"})
        self.assertEqual(limit.amount, 1000.0)

    def test_through_the_file(self):
        account = self._account().with_user(self.officer)
        account.write(
            {"limit_ids": [Command.create({"amount": 9e9, "state": "approved", "reason": "x"})]}
        )
        self.assertEqual(account.limit_ids.state, "requested")

    # ------------------------------------------------------------------
    # Authority
    # ------------------------------------------------------------------

    def test_up_to_the_authority(self):
        with self.assertRaisesRegex(AccessError, "above your authority"):
            self._request(10_000.01).with_user(self.officer).action_approve()
        limit = self._request(10_000.0)
        limit.with_user(self.officer).action_approve()
        self.assertEqual(limit.state, "approved")

    def test_own_request_above_authority(self):
        limit = self._request(10_000.01, user=self.officer)
        with self.assertRaisesRegex(AccessError, "above your authority"):
            limit.action_approve()
        limit.with_user(self.manager).action_approve()

    def test_unlimited_is_for_managers(self):
        limit = self._request(0.0, unlimited=True)
        with self.assertRaises(AccessError):
            limit.with_user(self.officer).action_approve()
        limit.with_user(self.manager).action_approve()
        self.assertTrue(self._position().unlimited)

    def test_additions_count_together(self):
        """Ten additions of 1,000, each within an authority of 10,000, on top of 9,000."""
        self._limit(9000.0)
        dates = {"date_from": "2026-04-01", "date_to": "2026-04-30"}
        additions = [self._request(1000.0, kind="temporary", **dates) for _ in range(3)]
        additions[0].with_user(self.officer).action_approve()
        for addition in additions[1:]:
            with self.assertRaisesRegex(AccessError, "above your authority"):
                addition.with_user(self.officer).action_approve()
        with self.assertRaises(AccessError):
            self._request(9500.0).with_user(self.officer).action_approve()

    def test_additions_approved_at_once_count_together(self):
        self._limit(9000.0)
        both = self._request(1000.0, kind="temporary", date_to="2026-04-30")
        both |= self._request(1000.0, kind="temporary", date_to="2026-04-30")
        with self.assertRaises(AccessError), self.cr.savepoint():
            both.with_user(self.officer).action_approve()
        self.assertEqual(set(both.mapped("state")), {"requested"})

    def test_officer_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        limit = self._request()
        for login, group in (("olga", OFFICER), ("mila", MANAGER)):
            stranger = self._user(login, group)
            stranger.sudo().credit_authority = 1e9
            stranger.write(
                {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
            )
            for decide in ("action_approve", "action_refuse"):
                with self.assertRaises(AccessError):
                    getattr(limit.with_user(stranger), decide)()

    def test_collector_and_accountant_do_not_decide(self):
        limit = self._request()
        with self.assertRaises(AccessError):
            limit.with_user(self.accountant).action_approve()
        with self.assertRaises(AccessError):
            limit.with_user(self.accountant).action_refuse()

    def test_authority_is_not_taken(self):
        for user in (self.officer, self.salesperson, self.accountant):
            with self.assertRaises(AccessError):
                user.with_user(user).write({"credit_authority": 9e9})

    # ------------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------------

    def test_bad_values_are_refused_in_words(self):
        for values in (
            {"amount": -0.01},
            {"amount": "-5"},
            {"amount": "a lot"},
            {"amount": float("nan")},
            {"amount": float("inf")},
            {"date_to": "2026-03-09"},
            {"date_from": "2026-04-01", "date_to": "2026-03-31"},
            {"date_to": "soon"},
            {"date_from": False},
            {"kind": None},
            {"kind": "temporary"},
            {"kind": "temporary", "date_to": "2026-03-31", "unlimited": True},
        ):
            with self.subTest(values=values):
                before = self._account().limit_ids
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    self._request(**values)
                self.assertEqual(self._account().limit_ids, before)

    def test_bad_changes_are_refused_in_words(self):
        limit = self._request(date_to="2026-06-30")
        for values in (
            {"amount": -1.0},
            {"date_from": "2026-07-01"},
            {"date_to": "2026-03-01"},
            {"kind": "temporary", "unlimited": True},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                limit.with_user(self.officer).write(values)
        self.assertEqual((limit.amount, limit.kind), (1000.0, "permanent"))

    def test_ended_request_cannot_be_approved(self):
        limit = self._request(date_to="2026-03-15")
        with freeze_time("2026-03-16"), self.assertRaisesRegex(UserError, "ended on"):
            limit.with_user(self.officer).action_approve()
