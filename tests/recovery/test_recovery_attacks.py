"""What somebody with a role tries over RPC against claims, papers and results that steps write."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import TODAY, RecoveryCase


@freeze_time(TODAY)
class TestRecoveryAttacks(RecoveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._late(1_000.0)
        cls.case = (
            cls.env["credit.case"]
            .with_user(cls.officer)
            .create(
                {
                    "account_id": cls.account.id,
                    "move_line_ids": [Command.set(cls._item(cls.invoice).ids)],
                    **dict.fromkeys(
                        ("check_legality", "check_evidence", "check_assets", "check_authority"),
                        "Looked at",
                    ),
                }
            )
        )
        cls.case.action_open()

    def _refused(self, *attacks):
        for attack in attacks:
            with self.assertRaises(UserError), self.cr.savepoint():
                attack()

    def test_an_offer_is_decided_by_its_buttons_alone(self):
        Offer = self.env["credit.case.offer"].with_user(self.collector)
        values = {"case_id": self.case.id, "amount": 1.0}
        self._refused(
            lambda: Offer.create({**values, "state": "accepted"}),
            lambda: Offer.create({**values, "decided_by_id": self.manager.id}),
            lambda: Offer.create({**values, "given_up": 0.0}),
            lambda: Offer.create(values).write({"given_up": 0.0}),
            lambda: Offer.create(values).action_accept(),
        )
        offer = Offer.with_context(default_state="accepted").create(values)
        self.assertEqual((offer.state, offer.given_up), ("open", 999.0))

    def test_a_recovery_earns_what_the_table_says(self):
        Recovery = self.env["credit.case.recovery"].with_user(self.collector)
        values = {"case_id": self.case.id, "amount": 10.0}
        self._refused(
            lambda: Recovery.create({**values, "partial_id": 7}),
            lambda: Recovery.create({**values, "reconciled": True, "stated_fee": 5.0}),
            lambda: Recovery.create(values).write({"fee": 5.0}),
        )
        made = Recovery.with_context(default_reconciled=True).create(values)
        self.assertFalse(made.reconciled)

    def test_a_closed_case_stays_as_it_was(self):
        self.case.outcome = "lost"
        self.case.action_close()
        mine = self.case.with_user(self.collector)
        self._refused(
            lambda: mine.write({"outcome": "paid"}),
            lambda: mine.write({"move_line_ids": [Command.clear()]}),
            lambda: mine.write({"interest": 500.0}),
            lambda: mine.action_take_overdue(),
        )
        mine.note = "Seen again at the fair"

    def test_a_booked_cheque_is_not_deleted(self):
        cheque = self._instrument(self.invoice)
        cheque.action_book()
        exposure = self._position().exposure
        self._refused(lambda: cheque.with_user(self.collector).unlink())
        self.assertEqual(self._position().exposure, exposure)

    def test_an_event_is_about_its_own_customer(self):
        other = self._late(partner=self._customer("Other"))
        with self.assertRaises(ValidationError):
            self.env["credit.limitation.event"].with_user(self.collector).create(
                {
                    "account_id": self.account.id,
                    "kind": "acknowledgement",
                    "move_line_ids": [Command.set(self._item(other).ids)],
                }
            )

    def test_the_strangers_of_a_room_see_nothing_of_it(self):
        """A salesperson: no case, security, clock, confirmation, write-off or allowance."""
        self.env["credit.limitation"]._refresh(self.account)
        seller = self.env(user=self.salesperson)
        for model in (
            "credit.case", "credit.case.offer", "credit.case.recovery", "credit.case.dossier",
            "credit.collateral", "credit.instrument", "credit.limitation",
            "credit.balance.confirmation", "credit.write.off", "credit.allowance",
            "credit.collection.agency", "credit.collection.agency.cohort",
        ):  # fmt: skip
            self._refused(
                lambda model=model: seller[model].search([]),
                lambda model=model: seller[model].name_search(""),
                lambda model=model: seller[model].formatted_read_group([], [], ["__count"]),
            )
        account = seller["credit.account"].browse(self.account.id)
        self._refused(
            lambda: account.read(["case_ids"]),
            lambda: account.read(["collateral_ids"]),
            lambda: account.read(["next_lapse"]),
            lambda: account.export_data(["limitation_ids/last_day"]),
            lambda: account.search([("case_ids.road", "=", "court")]),
            lambda: account.search([("confirmation_ids.closing", ">", 0)]),
            lambda: account.action_hand_over(),
            lambda: self.case.with_user(self.salesperson).action_build_dossier(),
        )
