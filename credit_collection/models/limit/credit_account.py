from odoo import models


class CreditAccount(models.Model):
    """What a file looks back on when its limit is decided."""

    _inherit = "credit.account"

    def _peaks_since(self, day):
        """The highest receivable of each file among the snapshots since ``day``."""
        rows = self.env["credit.snapshot"]._read_group(
            [("account_id", "in", self.ids), ("date", ">=", day)],
            ["account_id", "date:day"],
            ["receivable:sum"],
        )
        peaks = {}
        for file, _date, amount in rows:
            peaks[file.id] = max(peaks.get(file.id, 0.0), amount)
        return peaks

    def _broken_since(self, day):
        """How many promises of each file were broken since ``day``."""
        rows = self.env["credit.promise"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("broken_on", ">=", day),
                ("state", "!=", "cancelled"),
            ],
            ["account_id"],
            ["__count"],
        )
        return {file.id: count for file, count in rows}

    def _holds_since(self, day):
        """How many documents of each file were held since ``day``."""
        rows = self.env["credit.hold"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("create_date", ">=", day),
                ("state", "!=", "observed"),
            ],
            ["account_id"],
            ["__count"],
        )
        return {file.id: count for file, count in rows}
