"""Everybody walks through every list, letter, job and download of a group of companies."""

from freezegun import freeze_time
from lxml import etree
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CompaniesCase

ROOMS = "rating signals interest plans netting cover cases allowance confirmations portal"
# Lists whose records belong to no company, or to the one that is being set up.
WITHOUT_COMPANY = {"credit.move.in.line"}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestCrawl(CompaniesCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env["res.groups"].union(
            *(cls.env.ref(f"credit_collection.credit_room_{room}") for room in ROOMS.split())
        )
        multi = cls.env.ref("base.group_multi_company")
        people = (
            cls.tokyo_collector,
            cls.tokyo_officer,
            cls.warsaw_officer,
            cls.gdynia_collector,
            cls.two_collector,
            cls.all_manager,
        )
        for person in people:
            person.group_ids += multi
        cls.people = people
        reason = cls.env.ref("credit_collection.credit_dispute_reason_price")
        for company in cls.new_york | cls.warsaw | cls.tokyo:
            late = cls._invoice_in(company, 50_000.0, due="2026-02-01")
            other = cls._invoice_in(company, 700.0, due="2026-02-10")
            file = cls._file(company)
            item, second = (
                move.line_ids.filtered(lambda line: line.display_type == "payment_term")
                for move in (late, other)
            )
            cls.env["credit.promise"].create(
                {
                    "account_id": file.id,
                    "date": "2026-03-12",
                    "amount": 400.0,
                    "move_line_ids": [Command.set(second.ids)],
                }
            )
            cls.env["credit.dispute"].create(
                {
                    "account_id": file.id,
                    "move_line_id": item.id,
                    "amount": 300.0,
                    "reason_id": reason.id,
                    "owner_id": cls.all_manager.id,
                }
            )
            cls.env["credit.contact"].create({"account_id": file.id, "outcome": "refuses"})
            cls.env["credit.limit"].create(
                {"account_id": file.id, "amount": 900.0, "reason": "Agreed"}
            )
            cls.env["credit.plan"].create({"account_id": file.id})
            cls.env["credit.snapshot"]._take(company, file.company_id._credit_today())
            cls.env["credit.followup"]._plan(company)
        cls.env.flush_all()

    def _lists(self):
        """``{model: arch of its list}`` of every action of ours."""
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "=like", "credit.%"), ("view_mode", "like", "list")]
        )
        models = {
            action.res_model
            for action in actions
            if action.get_external_id().get(action.id, "").startswith("credit_collection.")
            and action.res_model in self.env
            and not self.env[action.res_model]._transient
        }
        return sorted(models)

    def test_every_list_shows_ones_own_companies_alone_and_opens(self):
        walked = 0
        for person in self.people:
            roots = person.company_ids.root_id
            for name in self._lists():
                Model = self._as(self.env[name], person)
                if not Model.has_access("read"):
                    continue
                with self.subTest(person=person.login, model=name):
                    arch = etree.fromstring(Model.get_view(view_type="list")["arch"])
                    fields_shown = {node.get("name") for node in arch.iterfind("field")}
                    records = Model.search([], limit=80)
                    if "company_id" in Model._fields:
                        self.assertLessEqual(
                            records.sudo().mapped("company_id").root_id, roots, name
                        )
                    spec = {
                        field: {"fields": {"display_name": {}}}
                        if Model._fields[field].type == "many2one"
                        else {}
                        for field in fields_shown
                        if field in Model._fields
                    }
                    records.web_read(spec)
                    walked += len(records)
        self.assertGreater(walked, 200)

    def test_every_list_can_say_the_company(self):
        for name in self._lists():
            Model = self._as(self.env[name], self.all_manager)
            if "company_id" not in Model._fields or name in WITHOUT_COMPANY:
                continue
            with self.subTest(model=name):
                arch = etree.fromstring(Model.get_view(view_type="list")["arch"])
                self.assertTrue(arch.xpath("//field[@name='company_id']"), name)

    def test_jobs_leave_work_to_people_of_the_company(self):
        crons = self.env["ir.cron"].search([("cron_name", "=like", "Credit%")])
        self.assertGreater(len(crons), 10)
        with self.enter_registry_test_mode(), mute_logger("odoo.addons.base.models.ir_cron"):
            for cron in crons:
                cron.method_direct_trigger()
        checked = 0
        for activity in self.env["mail.activity"].search([("res_model", "=like", "credit.%")]):
            record = self.env[activity.res_model].browse(activity.res_id)
            company = record.company_id if "company_id" in record._fields else None
            if company and activity.user_id != self.env.ref("base.user_root"):
                checked += 1
                self.assertIn(
                    company.root_id,
                    activity.user_id.company_ids.root_id,
                    f"{activity.user_id.login}: {activity.summary}",
                )
        self.assertTrue(checked)

    def test_letters_ask_for_what_is_owed_to_their_company(self):
        letters = self.env["credit.followup"].search([])
        self.assertEqual(letters.company_id, self.new_york | self.warsaw | self.tokyo)
        for letter in letters:
            with self.subTest(company=letter.company_id.name):
                self.assertEqual(letter.line_ids.move_line_id.company_id.root_id, letter.company_id)
                body = str(letter._preview()[1])
                others = (self.new_york | self.warsaw | self.tokyo) - letter.company_id
                for other in others:
                    self.assertNotIn(other.name, body)

    def test_downloads_of_another_company_are_refused(self):
        foreign, own = self._file(self.new_york), self._file(self.tokyo)
        self.tokyo_collector.password = "tomoko"
        self.authenticate("tomoko", "tomoko")
        path = "/credit_collection/statement.xlsx?ids="
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(f"{path}{own.id}").status_code, 200)
            for ids in (foreign.id, f"{own.id},{foreign.id}"):
                self.assertIn(self.url_open(f"{path}{ids}").status_code, (403, 404))
