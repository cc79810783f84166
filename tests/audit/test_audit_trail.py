"""Who changes a decision past the application is found, and the first record is named."""

import io
import zipfile
from unittest.mock import patch

import openpyxl
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestAuditTrail(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Entry = cls.env["credit.audit.entry"]
        cls._limit(1000.0)
        cls._invoice(800.0, date="2026-02-01", due="2026-02-10")
        cls.order = cls._order(500.0)
        cls.order.action_confirm()
        cls.hold = cls.order.credit_hold_ids
        cls.hold.with_user(cls.manager).action_release(note="Payment is on its way")
        cls.Entry._take_over()
        while cls.Entry._seal():
            pass

    def _why(self):
        self.env.flush_all()
        _count, entry, why = self.Entry._verify(self.company)
        return entry, why

    def _sql(self, query, *params):
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    # Nothing changed

    def test_a_chain_that_nobody_touched_fits(self):
        entry, why = self._why()
        self.assertFalse(why)
        self.assertFalse(entry)
        events = self.Entry.search([("model", "=", "credit.hold")], order="id").mapped("event")
        self.assertEqual(events, ["made", "released"])

    def test_entries_are_numbered_without_a_gap(self):
        numbers = self.Entry.search([("company_id", "=", self.company.id)], order="number")
        numbers = numbers.mapped("number")
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

    def test_a_later_decision_goes_on_with_the_chain(self):
        self._limit(2000.0)
        self.assertGreater(self.Entry.search_count([("number", "=", 0)]), 0)
        self._run_cron("credit_audit_cron")
        self.assertFalse(self.Entry.search_count([("number", "=", 0)]))
        self.assertFalse(self._why()[1])

    def test_who_was_given_which_authority_is_told(self):
        told = [("model", "=", "res.users"), ("res_id", "=", self.officer.id)]
        self.assertEqual(self.Entry.search(told).mapped("event"), ["changed"])
        boss = self.env.ref("base.user_admin")
        self.officer.with_user(boss).credit_authority = 50_000.0
        last = self.Entry.search(told, limit=1)
        self.assertEqual((last.user_id, last.company_id), (boss, self.company))
        self.assertIn('"credit_authority":50000.0', last.content)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.officer.write({"company_ids": [Command.link(elsewhere.id)]})
        self.officer.company_id = elsewhere
        self.officer.with_user(boss).credit_authority = 0.0
        entries = self.Entry.search(told)
        self.assertEqual((len(entries), entries.company_id), (3, self.company))
        self.assertFalse(self.Entry.search([("res_id", "=", self.clerk.id), *told[:1]]))
        self.assertFalse(self._why()[1])
        self._sql("UPDATE res_users SET credit_authority = 9e6 WHERE id = %s", self.officer.id)
        self.assertIn("Credit Authority was 0", self._why()[1])

    def test_an_authority_from_before_there_was_a_chain_is_taken_over(self):
        self._sql("UPDATE res_users SET credit_authority = 70 WHERE id = %s", self.clerk.id)
        self.assertIn("nothing tells", self._why()[1])
        self.Entry._take_over()
        self.assertFalse(self._why()[1])

    # Tampering by SQL

    def test_a_changed_figure_is_found(self):
        self._sql("UPDATE credit_hold SET exposure = 1 WHERE id = %s", self.hold.id)
        entry, why = self._why()
        self.assertEqual((entry.model, entry.res_id), ("credit.hold", self.hold.id))
        self.assertIn(self.hold.name, why)
        self.assertIn("Exposure was 800", why)
        message = self.hold.with_user(self.manager).action_recompute()["params"]
        self.assertEqual(message["type"], "danger")

    def test_who_decided_cannot_be_swapped(self):
        self._sql(
            "UPDATE credit_hold SET decided_by_id = %s WHERE id = %s",
            self.officer.id,
            self.hold.id,
        )
        self.assertIn(self.hold.name, self._why()[1])

    def test_a_changed_limit_and_a_changed_rule_are_found(self):
        self._sql("UPDATE credit_limit SET amount = 9999")
        self.assertIn("Amount was 1000", self._why()[1])
        self._sql("UPDATE credit_limit SET amount = 1000")
        self.assertFalse(self._why()[1])
        self._sql("UPDATE credit_rule SET active = FALSE WHERE policy_id = %s", self.policy.id)
        self.assertIn("Active was True", self._why()[1])

    def test_an_entry_that_is_made_to_fit_breaks_its_seal(self):
        self._sql("UPDATE credit_hold SET exposure = 1 WHERE id = %s", self.hold.id)
        self._sql(
            """UPDATE credit_audit_entry
                  SET content = REPLACE(content, '"exposure":800.0', '"exposure":1.0')
                WHERE model = 'credit.hold'"""
        )
        entry, why = self._why()
        first = self.Entry.search([("model", "=", "credit.hold")], order="id", limit=1)
        self.assertEqual(entry, first)
        self.assertIn("seal", why)

    def test_a_field_that_an_update_brings_is_no_tampering(self):
        Hold = self.registry["credit.hold"]
        with patch.object(Hold, "_audited", (*Hold._audited, "create_date")):
            self.assertFalse(self._why()[1])

    def test_a_dropped_entry_is_missed(self):
        middle = self.Entry.search([("model", "=", "credit.hold")], order="number")[0]
        number = middle.number
        self._sql("DELETE FROM credit_audit_entry WHERE id = %s", middle.id)
        self.assertIn(f"entry {number} does not fit", self._why()[1])

    def test_a_dropped_last_entry_is_missed_too(self):
        last = self.Entry.search([("model", "=", "credit.hold")], limit=1)
        self.assertEqual(last.event, "released")
        self._sql("DELETE FROM credit_audit_entry WHERE number >= %s", last.number)
        self.assertIn("Decided By was None", self._why()[1])

    def test_a_record_put_in_or_taken_away_is_found(self):
        limit = self._limit(50.0, self._customer("Other Ltd"))
        self.assertFalse(self._why()[1])
        self._sql(
            "DELETE FROM credit_audit_entry WHERE model = 'credit.limit' AND res_id = %s", limit.id
        )
        self.assertIn("nothing tells how it came to be", self._why()[1])

    def test_a_message_that_was_sent_is_sealed_with_its_text(self):
        messages = self.env["credit.followup"]._plan(self.company)
        messages.sudo().action_send()
        sent = messages.filtered("mail_message_id")
        self.assertTrue(sent)
        sent._move("deliver")
        self.assertFalse(self._why()[1])
        self._sql(
            "UPDATE mail_message SET body = body || 'P.S.' WHERE id = %s",
            sent[:1].mail_message_id.id,
        )
        entry, _why = self._why()
        self.assertEqual((entry.model, entry.res_id), ("credit.followup", sent[:1].id))

    # Nobody writes entries

    def test_entries_are_neither_made_nor_changed_by_hand(self):
        entry = self.Entry.search([], limit=1)
        for user in (self.manager, self.officer):
            with self.assertRaises(AccessError):
                self.Entry.with_user(user).create({"model": "credit.hold", "res_id": 1})
        with self.assertRaises(UserError):
            entry.sudo().write({"event": "made"})
        with self.assertRaises(UserError):
            entry.sudo().unlink()
        with self.assertRaises(AccessError):
            self.Entry.with_user(self.officer).search([])
        with self.assertRaises(AccessError):
            self.Entry.with_user(self.officer).action_verify()

    def test_merging_customers_and_deleting_a_rule_are_no_tampering(self):
        twin = self._customer("Deco Limited")
        self._limit(100.0, twin)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | twin).ids, self.customer)
        self.policy.rule_ids[:1].unlink()
        self.assertFalse(self._why()[1])

    # The year

    def test_the_year_in_one_file(self):
        self.policy.with_user(self.manager).grace_days = 3
        messages = self.env["credit.followup"]._plan(self.company)
        messages.sudo().action_send()
        export = self.env["credit.audit.export"].with_user(self.manager).create({"year": 2026})
        self.assertEqual(export.action_export()["res_id"], export.id)
        with self.assertRaisesRegex(UserError, "not ready"):
            export.action_download()
        self._run_cron("credit_audit_export_cron")
        self.assertEqual((export.state, export.progress), ("done", 100.0))
        file = export.attachment_id
        self.assertIn(f"/web/content/{file.id}", export.action_download()["url"])
        self.assertEqual(self.env["ir.attachment"].search(self._files_of(export)), file)
        archive = zipfile.ZipFile(io.BytesIO(file.raw))
        self.assertLessEqual(
            {
                "index.xlsx",
                "decisions.xlsx",
                "messages.xlsx",
                "promises.xlsx",
                "sheets.xlsx",
                "policies.xlsx",
                "chain.xlsx",
            },
            set(archive.namelist()),
        )
        books = {
            name: openpyxl.load_workbook(io.BytesIO(archive.read(name)))
            for name in archive.namelist()
            if name.endswith(".xlsx") and "/" not in name
        }
        holds = list(books["decisions.xlsx"]["Holds"].values)
        [row] = [dict(zip(holds[3], row, strict=True)) for row in holds[4:]]
        self.assertEqual(row["Document Amount"], 500)
        self.assertEqual(row["Exposure With Document"], 1300)
        self.assertEqual(row["Customer"], "Deco Ltd")
        releases = list(books["decisions.xlsx"]["Releases"].values)
        self.assertIn("mona (", " ".join(map(str, releases[4])))
        changes = list(books["policies.xlsx"]["Changes"].values)[4:]
        self.assertIn(
            ("Days of Grace", "0", "3"),
            [("Days of Grace", row[5] or "0", row[6]) for row in changes if row[4] == "Grace Days"],
        )
        summary = dict(list(books["index.xlsx"]["Summary"].values)[4:])
        self.assertEqual(summary["Verification"], "Nothing was changed.")
        proof = list(books["messages.xlsx"]["Proof of Delivery"].values)[4:]
        self.assertEqual(proof[0][2], "accounts@example.com")

    def _files_of(self, export):
        return [("res_model", "=", export._name), ("res_id", "=", export.id)]

    def test_an_export_that_dies_goes_on_where_it_stood(self):
        export = self.env["credit.audit.export"].with_user(self.manager).create({"year": 2026})
        export.action_export()
        with self.assertRaisesRegex(UserError, "running already"):
            export.action_export()
        export.sudo()._step()
        export.sudo()._step()
        self.assertEqual(export.steps_done, 2)
        self.assertAlmostEqual(export.progress, 200 / 8)
        self._run_cron("credit_audit_export_cron")
        self.assertEqual(export.state, "done")
        names = zipfile.ZipFile(io.BytesIO(export.attachment_id.raw)).namelist()
        self.assertIn("decisions.xlsx", names)
        self.assertEqual(len(names), len(set(names)))

    def test_an_export_that_fails_says_why_and_can_be_repeated(self):
        export = self.env["credit.audit.export"].with_user(self.manager).create({"year": 2026})
        export.action_export()
        with (
            patch.object(type(export), "_sheets", side_effect=ValueError("no such sheet")),
            mute_logger("odoo.addons.credit_collection.models.audit.credit_audit_export"),
        ):
            self._run_cron("credit_audit_export_cron")
        self.assertEqual((export.state, export.failure), ("failed", "no such sheet"))
        export.action_export()
        self._run_cron("credit_audit_export_cron")
        self.assertEqual((export.state, export.failure), ("done", False))

    def test_what_building_writes_is_not_written_by_hand(self):
        Export = self.env["credit.audit.export"].with_user(self.manager)
        for vals in ({"state": "done"}, {"attachment_id": 1}, {"steps_done": 7}):
            with self.assertRaises(AccessError):
                Export.create({"year": 2026, **vals})
            with self.assertRaises(AccessError):
                Export.create({"year": 2026}).write(vals)
        with self.assertRaises(AccessError):
            Export.with_context(default_state="done").create({"year": 2026})
        export = Export.create({"year": 2026})
        export.action_export()
        with self.assertRaisesRegex(UserError, "ask for a new one"):
            export.year = 2025

    def test_only_managers_export_and_only_their_companies(self):
        export = self.env["credit.audit.export"].with_user(self.manager).create({"year": 2026})
        with self.assertRaises(AccessError):
            export.with_user(self.officer).action_export()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        export.sudo().company_id = other
        with self.assertRaises(AccessError):
            export.action_export()
