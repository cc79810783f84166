"""What views do not offer is not written by a call from outside either.

What there is is found by introspection, in a company where everything occurs.
"""

import psycopg2
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_demo_company import DemoCase

LOGGED = ("id", "create_uid", "create_date", "write_uid", "write_date")
ROLES = {
    "salesperson": "sales_team.group_sale_manager,base.group_partner_manager",
    "clerk": "stock.group_stock_manager",
    "bookkeeper": "account.group_account_invoice",
    "officer": "credit_collection.credit_collection_group_officer",
    "manager": "credit_collection.credit_collection_group_manager,account.group_account_manager",
}
SAMPLES = {
    "integer": 7,
    "float": 7.0,
    "monetary": 7.0,
    "boolean": True,
    "date": "2026-01-01",
    "datetime": "2026-01-01 00:00:00",
    "json": {"a": 1},
    "char": "x",
    "text": "x",
    "html": "<p>x</p>",
    "many2one_reference": 1,
}
# What may be written all the same, and why it does no harm.
HARMLESS = {
    ("credit.group", "check_count"): "counts up so that two cannot decide at once; nobody reads it",
    ("credit.ceiling", "told_status"): "at worst a crossing is told again",
    ("credit.case.step", "sequence"): "collectors put the steps of a case in their order",
}


@tagged("post_install", "-at_install")
class TestWrittenBySteps(DemoCase):
    def _closed_fields(self):
        """(model, field) of all that views do not offer, of ours and ours on Odoo's models."""
        for name, model in sorted(self.env.items()):
            if model._abstract or not (model._auto or model._transient):
                continue
            for field in model._fields.values():
                if (field._modules or ("",))[0] != "credit_collection" or field.inherited:
                    continue
                typed = field.type in SAMPLES or field.type in ("selection", "many2one")
                if field.store and field.readonly and typed and field.name not in LOGGED:
                    yield name, field

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.models")
    def test_no_role_writes_what_steps_write(self):
        companies = self.env["res.company"].search([])
        users = [
            new_test_user(
                self.env,
                f"by_{role}",
                groups=f"base.group_user,{groups}",
                company_id=self.company.id,
                company_ids=[Command.set(companies.ids)],
            )
            for role, groups in ROLES.items()
        ]
        written, tried = set(), 0
        for name, field in self._closed_fields():
            for user in users:
                Model = self.env[name].with_user(user)
                Model = Model.with_context(allowed_company_ids=companies.ids)
                if not Model.has_access("write"):
                    continue
                record = Model.search([], limit=1)
                tried += bool(record)
                if record and self._is_written(record, field):
                    written.add((name, field.name))
        self.assertGreater(tried, 500)
        self.assertEqual(sorted(written ^ HARMLESS.keys()), [])

    def _is_written(self, record, field):
        before = record.sudo()[field.name]
        try:
            with self.cr.savepoint():
                record.write({field.name: self._sample(field)})
                self.env.flush_all()
                after = record.sudo()[field.name]
        except (AccessError, MissingError, UserError, psycopg2.IntegrityError):
            after = before
        self.env.invalidate_all(flush=False)
        return after != before

    def _sample(self, field):
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        if field.type == "many2one":
            return self.env[field.comodel_name].sudo().search([], limit=1, order="id desc").id
        return SAMPLES[field.type]
