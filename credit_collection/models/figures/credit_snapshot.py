import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.portfolio import DOUBTFUL_DAYS
from ...tools.jobs import each_safely, wake
from ...tools.sql import without_jit

_logger = logging.getLogger(__name__)
FIRST = 31  # days of which a new company gets snapshots by itself
SNAPSHOTS = 1_129_463  # names the advisory lock
LOOK_BACK = 400  # days that the daily job goes back when it was down; a rebuild goes further


class CreditSnapshot(models.Model):
    """The receivables of a day by customer and salesperson, kept for trends."""

    _name = "credit.snapshot"
    _inherit = "credit.named.by.day.mixin"
    _description = "Receivables Snapshot"
    _order = "date desc, receivable desc, id"
    _rec_name = "date"

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "credit.account", "Credit File", readonly=True, index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null", index="btree_not_null"
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null", index="btree_not_null"
    )
    receivable = fields.Monetary(readonly=True)
    overdue = fields.Monetary(readonly=True)
    doubtful = fields.Monetary(readonly=True, help="Overdue by more than 90 days.")
    weighted = fields.Float(
        "Overdue × Days", readonly=True, help="Each overdue item times its days overdue, summed up."
    )

    _company_date_idx = models.Index("(company_id, date)")
    _once_uniq = models.UniqueIndex(
        "(company_id, date, COALESCE(partner_id, 0), COALESCE(user_id, 0), COALESCE(team_id, 0))",
        "A day has one snapshot.",
    )

    @api.model
    def _take(self, company, day):
        """Replace the snapshot of ``day`` by what the ledger says of it.

        :param company: ``res.company``, a root company
        :return: how many rows it has
        """
        self.flush_model()
        # Two jobs at once: the one that comes second ends here, and is tried again.
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", SNAPSHOTS, company.id))
        without_jit(self.env)
        rows = self.env["credit.kpi"]._receivable_rows(company, day)
        self.env.execute_query(
            SQL(
                "DELETE FROM credit_snapshot WHERE company_id = %s AND date = %s RETURNING id",
                company.id,
                day,
            )
        )
        made = self.env.execute_query(
            SQL(
                """
                INSERT INTO credit_snapshot
                       (date, company_id, account_id, partner_id, user_id, team_id,
                        receivable, overdue, doubtful, weighted, create_uid, create_date)
                SELECT %(day)s, %(company)s, file.id, item.partner_id, item.user_id, item.team_id,
                       SUM(item.amount),
                       COALESCE(SUM(item.amount) FILTER (WHERE item.is_overdue), 0),
                       COALESCE(SUM(item.amount) FILTER (
                           WHERE item.is_overdue AND item.days > %(doubtful)s), 0),
                       COALESCE(SUM(item.amount * item.days), 0),
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(rows)s) AS item
                  LEFT JOIN credit_account file
                    ON file.partner_id = item.partner_id AND file.company_id = %(company)s
                 GROUP BY file.id, item.partner_id, item.user_id, item.team_id
                RETURNING id
                """,
                day=day,
                company=company.id,
                doubtful=DOUBTFUL_DAYS,
                uid=self.env.uid,
                rows=rows,
            )
        )
        self.invalidate_model(flush=False)
        return len(made)

    @api.model
    def _latest_days(self, company, before, number):
        """The last days before a day that have a snapshot, the latest first.

        Each step is one look into the index: the rows of other days are not read.
        """
        self.check_access("read")
        self.flush_model(["company_id", "date"])
        latest = "SELECT MAX(date) FROM credit_snapshot WHERE company_id = %s AND date < "
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE step (date, place) AS (
                     SELECT (%(first)s), 1
                      UNION ALL
                     SELECT (%(next)s), place + 1 FROM step
                      WHERE date IS NOT NULL AND place < %(number)s)
                SELECT date FROM step WHERE date IS NOT NULL
                """,
                first=SQL(latest + "%s", company.id, before),
                next=SQL(latest + "step.date", company.id),
                number=number,
            )
        )
        return [day for (day,) in rows]

    @api.model
    def _is_due(self, day):
        """Sundays and the last days of months are kept."""
        return day.isoweekday() == 7 or (day + timedelta(days=1)).day == 1

    @api.model
    def _missing_days(self, company, today):
        """The days to keep before ``today`` that the job has not come to yet."""
        last = self.search(
            [("company_id", "=", company.id), ("date", "<", today)], limit=1, order="date desc"
        ).date
        # A company without any starts with a month: the rest is asked for, by a rebuild.
        start = today - timedelta(days=LOOK_BACK if last else FIRST)
        if last and last < start - timedelta(days=1):
            self._rebuild_missed(company, last + timedelta(days=1), start - timedelta(days=1))
        if last and last >= start:
            start = last + timedelta(days=1)
        days = (start + timedelta(days=number) for number in range((today - start).days))
        return [day for day in days if self._is_due(day)]

    @api.model
    def _rebuild_missed(self, company, first, last):
        """Ask for the days that were missed longer ago than the daily job goes back: they are
        rebuilt in the background, and stand among the rebuilds with their progress."""
        Rebuild = self.env["credit.snapshot.rebuild"]
        there = Rebuild.search_count([("company_id", "=", company.id), ("date_to", "=", last)])
        if not there:
            _logger.warning("%s: no snapshots from %s to %s, rebuilding", company.name, first, last)
            Rebuild.create(
                {"company_id": company.id, "date_from": first, "date_to": last, "state": "running"}
            )
            wake(self.env, "credit_snapshot_rebuild_cron")

    @api.model
    def _cron_take(self):
        """Take the snapshots that are due; can be stopped and run again at any point."""
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            for day in self._missing_days(company, company._credit_today()):
                each_safely(
                    company, lambda one, day=day: self._take(one, day), f"Snapshot of {day}"
                )
                self.env["ir.cron"]._commit_progress(1)
        self._forget_old()
        self.env["credit.contact"].sudo()._forget_old_notes()

    @api.model
    def _forget_old(self):
        """Let the days go that are older than their company keeps them, but the ends of months."""
        for company in self.env["res.company"].search([("credit_snapshot_months", ">", 0)]):
            before = fields.Date.subtract(
                company._credit_today(), months=company.credit_snapshot_months
            )
            self.env.execute_query(
                SQL(
                    """
                    DELETE FROM credit_snapshot
                     WHERE company_id = %s AND date < %s
                       AND EXTRACT(DAY FROM date + 1) != 1
                    RETURNING id
                    """,
                    company.id,
                    before,
                )
            )
        self.invalidate_model(flush=False)

    @api.model
    def _series(self, company, date_from, date_to, by="user_id"):
        """Totals by day and group: {id or False: {date: (receivable, overdue)}}."""
        result = {}
        for day, group, receivable, overdue in self._read_group(
            [("company_id", "=", company.id), ("date", ">=", date_from), ("date", "<=", date_to)],
            ["date:day", by],
            ["receivable:sum", "overdue:sum"],
        ):
            day = fields.Date.to_date(day)
            result.setdefault(group.id, {})[day] = (receivable, overdue)
        return result
