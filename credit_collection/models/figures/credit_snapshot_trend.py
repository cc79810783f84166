from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# From the finest: what is grouped by two of them goes by the first.
PERIODS = ("week", "month", "quarter", "year")
WHOLE = "whole"
MEASURES = ("receivable:sum", "overdue:sum", "doubtful:sum", "weighted:sum")


class CreditSnapshot(models.Model):
    """Trends: of a week, month or year the last snapshot counts, not the sum of all of them."""

    _inherit = "credit.snapshot"

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ):
        # EXTENDS 'base': receivables are a stock, so days of a period are never added up
        if any(aggregate in MEASURES for aggregate in aggregates):
            domain = self._last_of_each(domain, self._period(groupby))
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        # EXTENDS 'base': each set has the last snapshots of its own periods
        if not any(aggregate in MEASURES for aggregate in aggregates):
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        results = {}
        for period in dict.fromkeys(map(self._period, grouping_sets)):
            places = [
                place
                for place, groupby in enumerate(grouping_sets)
                if self._period(groupby) == period
            ]
            own = [grouping_sets[place] for place in places]
            last = self._last_of_each(domain, period)
            found = super()._read_grouping_sets(last, own, aggregates, order)
            results |= dict(zip(places, found, strict=True))
        return [results[place] for place in range(len(grouping_sets))]

    @api.model
    @api.readonly
    def web_read_group(self, domain, groupby, aggregates=(), *args, **kwargs):
        # EXTENDS 'web': an opened group lists the snapshots that its heading counts
        if not groupby:
            raise UserError(self.env._("Choose at least one field to group by."))
        if not any(aggregate in MEASURES for aggregate in aggregates):
            return super().web_read_group(domain, groupby, aggregates, *args, **kwargs)
        last = self._last_of_each(domain, self._period(groupby))
        result = super().web_read_group(last, groupby, aggregates, *args, **kwargs)
        levels = [result["groups"]]
        while levels:
            for group in levels.pop():
                group["__extra_domain"] = list(Domain(group["__extra_domain"]) & Domain(last))
                levels.append(group.get("__groups", {}).get("groups", []))
        return result

    @api.model
    def _period(self, groupby):
        """The period whose last snapshot counts; ``None`` where each day stands by itself."""
        dates = {spec.partition(":")[2] for spec in groupby if spec.split(":")[0] == "date"}
        if not dates:
            return WHOLE
        return next((period for period in PERIODS if period in dates), None)

    @api.model
    def _last_of_each(self, domain, period):
        """The domain less the snapshots that are not the last of their company and period."""
        if not period:
            return domain
        groupby = ["company_id"] + ([] if period == WHOLE else [f"date:{period}"])
        days = {}
        # The snapshots themselves, not the last ones again.
        read = super()._read_group  # pylint: disable=super-method-mismatch
        for company, *_period, day in read(domain, groupby, ["date:max"]):
            days.setdefault(company.id, []).append(day)
        return Domain(domain) & Domain.OR(
            Domain("company_id", "=", company) & Domain("date", "in", last)
            for company, last in days.items()
        )
