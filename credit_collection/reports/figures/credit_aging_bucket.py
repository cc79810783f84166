from odoo import api, fields, models
from odoo.tools import SQL

from ...core import aging
from ...models.ledger.credit_as_of_mixin import DATED
from ...tools.readers import isolated


class CreditAgingBucket(models.Model):
    """The buckets that companies configured, one row for each pair of bounds.

    Nothing is stored: the rows come from the companies' boundaries, and so do the SQL, the
    columns and the titles of everything that shows ages.
    """

    _name = "credit.aging.bucket"
    _description = "Aging Bucket"
    _inherit = "credit.as.of.mixin"
    _auto = False
    _order = "id"

    # An id is made of the bounds, so that ids sort by age and companies share what is equal.
    MAX_DAYS = 3653
    _RADIX = 10000

    name = fields.Char(compute="_compute_name")
    key = fields.Char(**DATED)
    lower = fields.Integer(help="Later than this many days; -1 is not due.", **DATED)
    upper = fields.Integer(help="Up to this many days; 0 is without end.", **DATED)

    @property
    def _table_query(self) -> SQL:
        rows = {
            self._id_of(bucket): bucket
            for boundaries in self._all_boundaries()
            for bucket in aging.buckets(boundaries)
        }
        values = [
            SQL(
                "(%s, %s, %s, %s)",
                bucket_id,
                bucket.key,
                -1 if bucket.lower is None else bucket.lower,
                bucket.upper or 0,
            )
            for bucket_id, bucket in sorted(rows.items())
        ]
        return SQL(
            "SELECT * FROM (VALUES %s) AS bucket (id, key, lower, upper)", SQL(", ").join(values)
        )

    @api.model
    def _all_boundaries(self):
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        texts = companies.mapped("credit_aging_boundaries")
        return {aging.parse_boundaries(text) for text in texts}

    @api.model
    def _id_of(self, bucket):
        lower = 0 if bucket.lower is None else bucket.lower + 1
        upper = self._RADIX - 1 if bucket.upper is None else bucket.upper
        return lower * self._RADIX + upper + 1

    @api.depends_context("lang")
    def _compute_name(self):
        for bucket in self:
            bucket.name = self._title(bucket.lower, bucket.upper)

    @api.model
    def _title(self, lower, upper):
        """The title of the bucket ``lower < days <= upper`` in the user's language."""
        if lower is None or lower < 0:
            return self.env._("Not due")
        if not upper:
            return self.env._("Over %(days)s", days=lower)
        title = self.env._("%(first)s–%(last)s", first=lower + 1, last=upper)
        return isolated(self.env, title)

    @api.model
    def _case_sql(self, days: SQL, company: SQL, *values):
        """SQL of what names the bucket of an item ``days`` overdue, by its company's boundaries.

        :param values: functions of a ``core.aging.Bucket``, as its id or its key
        :return: one SQL for each of them
        """
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        alike = [
            (tuple(same.ids), same[:1]._credit_buckets())
            for same in companies.grouped("credit_aging_boundaries").values()
        ]
        for value in values:
            whens = [
                SQL("WHEN %s IN %s THEN %s", company, ids, self._bucket_sql(days, buckets, value))
                for ids, buckets in alike
            ]
            yield SQL("CASE %s END", SQL(" ").join(whens))

    @api.model
    def _bucket_sql(self, days: SQL, buckets, value) -> SQL:
        whens = [
            SQL("WHEN %s <= %s THEN %s", days, bucket.upper, value(bucket))
            for bucket in buckets
            if bucket.upper is not None
        ]
        return SQL("CASE %s ELSE %s END", SQL(" ").join(whens), value(buckets[-1]))
