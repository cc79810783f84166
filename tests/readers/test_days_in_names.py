"""What is called by its day is called as the reader writes days."""

from datetime import date

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDaysInNames(TransactionCase):
    def test_no_name_is_a_day_as_a_computer_writes_it(self):
        called = {}
        for name, model in self.env.items():
            field = model._fields.get(model._rec_name or "")
            if name.startswith("credit.") and field and field.type == "date":
                record = model.new({model._rec_name: date(2026, 3, 31)})
                called[name] = record.display_name
        self.assertIn("credit.followup.run", called)
        self.assertFalse({name: shown for name, shown in called.items() if "2026-03" in shown})
        run = self.env["credit.followup.run"].new({"date": date(2026, 3, 31)})
        self.assertEqual(run.display_name, "03/31/2026")
