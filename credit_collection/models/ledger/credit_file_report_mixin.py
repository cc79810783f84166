from odoo import api, models
from odoo.fields import Domain

from ...tools.pinned_ids import pinned_ids
from ...tools.sql import without_jit

# In the context: the query will read all files, or a single one.  It changes the plan, never the
# result.
ALL_FILES = "credit_all_files"
ONE_FILE = "credit_one_file"


class CreditFileReportMixin(models.AbstractModel):
    """A report with one row per credit file, read in one of two ways.

    Certain files are read one by one through indexes; a search that does not name its files reads
    them all, which one grouped join serves best.
    """

    _name = "credit.file.report.mixin"
    _description = "Report per Credit File"

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        named = [pinned_ids(self, domain, name) for name in ("id", "account_id", "partner_id")]
        if all(ids is None for ids in named):
            self = self.with_context(**{ALL_FILES: True})
            without_jit(self.env)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _reads_all(self):
        """Whether to add up all customers' items at once rather than each file's by itself."""
        return bool(self.env.context.get(ALL_FILES) or self.env["credit.open.item"]._past_day())

    @api.model
    def _reads_one(self):
        """Whether to find the items of the only customer by the ids of the contacts.

        For one it is planned faster than a join; for many PostgreSQL takes ten contacts for each,
        thinks the query expensive and compiles it, which takes longer than running it.
        """
        return bool(self.env.context.get(ONE_FILE)) and not self._reads_all()
