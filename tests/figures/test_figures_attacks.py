"""Whoever works on the figures of one company learns nothing about those of another."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..bonus.test_sheet import MANAGER, SheetCase

WIZARDS = ("credit.bonus.simulation", "credit.bonus.simulation.line")


@freeze_time("2026-10-31")
class TestFiguresAttacks(SheetCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["res.company"].create({"name": "Other Ltd"})
        cls.stranger = cls._user("stranger", MANAGER)
        cls.stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        cls.there = cls.env(user=cls.stranger, context={"allowed_company_ids": other.ids})

    def test_control_total_of_another_company(self):
        ask = self.there["credit.aging.ask"]
        with self.assertRaises(AccessError):
            ask.create({"company_id": self.company.id}).read(["items", "ledger"])
        with self.assertRaises(AccessError):
            ask.new({"company_id": self.company.id}).items  # noqa: B018

    def test_simulation_of_another_companys_sheet(self):
        self.sheet.action_compute()
        simulations = self.there["credit.bonus.simulation"]
        for name in ("line_ids", "total_now", "total_then"):
            with self.subTest(name), self.assertRaises(AccessError), self.env.cr.savepoint():
                simulations.create({"sheet_id": self.sheet.id}).read([name])

    def test_simulation_that_somebody_else_has_made(self):
        self.sheet.action_compute()
        simulation = self.env["credit.bonus.simulation"].with_user(self.manager)
        self.assertTrue(simulation.create({"sheet_id": self.sheet.id}).line_ids)
        for model in WIZARDS:
            with self.subTest(model):
                self.assertTrue(self.env[model].with_user(self.manager).search([]))
                self.assertFalse(self.there[model].search([]))

    def test_public_methods_of_another_companys_records(self):
        self.sheet.action_compute()
        line, plan = self._line(self.ivanov), self.env["credit.cash.plan"].search([], limit=1)
        attacks = {
            (record._name, name): record
            for record, names in (
                (
                    self.sheet,
                    (
                        "compute",
                        "close",
                        "reopen",
                        "simulate",
                        "export",
                        "open_reopen",
                        "open_evidence",
                    ),
                ),
                (
                    line,
                    (
                        "open_receivable",
                        "open_overdue",
                        "open_sales",
                        "open_received",
                        "open_planned",
                        "print_statement",
                    ),
                ),
                (plan, ("prefill",)),
            )
            for name in names
        }
        for (model, name), record in attacks.items():
            for env in (self.there, self.env(user=self.semenov)):
                with self.subTest(model=model, action=name, user=env.user.name):
                    with self.assertRaises(AccessError):
                        getattr(record.with_env(env), f"action_{name}")()
