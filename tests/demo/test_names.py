"""What stands in breadcrumbs, links and titles of the demo company, as people read it."""

import re

from odoo.tests import tagged

from .test_demo_company import DemoCase

# Words that only a program writes, and days as the database writes them.
RAW = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b|\bFalse\b|\bNone\b")


@tagged("post_install", "-at_install")
class TestNames(DemoCase):
    def test_every_record_has_a_name_that_people_read(self):
        read = 0
        for name, model in self.env.items():
            if not name.startswith("credit.") or model._abstract or model._transient:
                continue
            for record in model.sudo().with_context(active_test=False).search([], limit=40):
                read += 1
                with self.subTest(model=name, record=record.id):
                    self.assertNotRegex(record.display_name or "", RAW)
        self.assertGreater(read, 500)
