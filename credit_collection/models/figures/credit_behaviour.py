from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from odoo import api, models, tools
from odoo.tools import SQL

from ...core import behaviour, forecast
from ...tools.sql import without_jit

YEAR = 365
RECENT = 90
LEARNING = 730  # days of payments that expectations are learnt from


class Course(NamedTuple):
    """How items of a kind end: how late they are paid, and the share that is paid at all."""

    delays: forecast.Delays
    chance: float


class CreditBehaviour(models.AbstractModel):
    """How customers pay, learnt from settlements in cash; what that lets us expect.

    What is learnt of a whole company is kept for the day: it is the same for every page.
    """

    _name = "credit.behaviour"
    _description = "Payment Behaviour"

    @api.model
    def _experiences(self, company, since, until, accounts=None):
        """``{account id: [(late, amount, day)]}`` of payments from ``since`` to ``until``."""
        Reading = self.env["credit.figure.reading"]
        self.env.flush_all()
        if accounts is None:
            without_jit(self.env)
        found = defaultdict(list)
        for account_id, late, amount, day in self.env.execute_query(
            SQL(
                "SELECT account_id, late, amount::float8, date FROM (%s) AS paid",
                Reading._settlements_sql(company, since, until, accounts),
            )
        ):
            found[account_id].append((late, amount, day))
        return found

    @api.model
    def _of(self, accounts, company, today):
        """``{account id: (Behaviour or None, trend or None)}`` of files of one company."""
        experiences = self._experiences(company, today - timedelta(YEAR + RECENT), today, accounts)
        recent, found = today - timedelta(RECENT), {}
        for account in accounts:
            rows = experiences.get(account.id, [])
            year = [(late, amount) for late, amount, day in rows if day > today - timedelta(YEAR)]
            found[account.id] = (
                behaviour.describe(year),
                behaviour.trend(
                    [(late, amount) for late, amount, day in rows if day > recent],
                    [(late, amount) for late, amount, day in rows if day <= recent],
                ),
            )
        return found

    @api.model
    def _expectations(self, accounts, company, today, known=None):
        """``{account id: Expectation or None}``: own payments, shrunk to tag and company.

        :param known: what :meth:`_of` said, when it was asked already
        """
        tags, whole = self._groups(company.id, today)
        known = known or self._of(accounts, company, today)
        found = {}
        for account in accounts:
            account_id, (described, _trend) = account.id, known[account.id]
            own = (described.count, described.weighted_mean) if described else None
            mine = account.partner_id.category_id.ids
            # Of several tags the one with most payments says most.
            tag = max((tags[tag] for tag in mine if tag in tags), default=None)
            found[account_id] = behaviour.expected_days(own, tag, whole)
        return found

    @api.model
    @tools.ormcache("company_id", "today")
    def _groups(self, company_id, today):
        """``{tag id: (payments, days late)}`` and the same of the whole company."""
        company = self.env["res.company"].browse(company_id)
        paid = self.env["credit.figure.reading"]._settlements_sql(
            company, today - timedelta(YEAR), today
        )
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT tag.category_id, COUNT(*),
                       SUM(paid.late * paid.amount) / NULLIF(SUM(paid.amount), 0)
                  FROM (%(paid)s) AS paid
                  JOIN credit_account account ON account.id = paid.account_id
                  LEFT JOIN res_partner_res_partner_category_rel tag
                    ON tag.partner_id = account.partner_id
                 GROUP BY GROUPING SETS ((tag.category_id), ())
                """,
                paid=paid,
            )
        )
        tags = {row[0]: (row[1], float(row[2])) for row in rows if row[0] and row[2] is not None}
        [(count, mean)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*), SUM(late * amount) / NULLIF(SUM(amount), 0) FROM (%s) AS paid",
                paid,
            )
        )
        return tags, (count, None if mean is None else float(mean))

    # ------------------------------------------------------------------
    # When open items will be paid
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache("company_id", "today")
    def _company_delays(self, company_id, today):
        """How late payments of the whole company came, as the core's ``Delays``."""
        company = self.env["res.company"].browse(company_id)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT late, COUNT(*) FROM (%s) AS paid GROUP BY late",
                self.env["credit.figure.reading"]._settlements_sql(
                    company, today - timedelta(LEARNING), today
                ),
            )
        )
        return forecast.Delays(Counter(dict(rows)))

    @api.model
    def _delays(self, company, today, accounts):
        """``{account id: Delays}`` with the company's as the group; others have the group's."""
        return self._delays_of(
            self._late_counts(company, today, accounts), self._company_delays(company.id, today)
        )

    @api.model
    def _all_delays(self, company, today):
        """The same of all customers, and the company's own, from one reading."""
        without_jit(self.env)
        counts = self._late_counts(company, today)
        everybody = Counter()
        for own in counts.values():
            everybody.update(own)
        group = forecast.Delays(everybody)
        return self._delays_of(counts, group), group

    @api.model
    def _late_counts(self, company, today, accounts=None):
        """``{account id: {days late: payments}}``"""
        self.env.flush_all()
        counts = defaultdict(Counter)
        for account_id, late, count in self.env.execute_query(
            SQL(
                "SELECT account_id, late, COUNT(*) FROM (%s) AS paid GROUP BY account_id, late",
                self.env["credit.figure.reading"]._settlements_sql(
                    company, today - timedelta(LEARNING), today, accounts
                ),
            )
        ):
            counts[account_id][late] = count
        return counts

    @api.model
    def _delays_of(self, counts, group):
        found = defaultdict(lambda: forecast.Delays((), group))
        found.update(
            (account_id, forecast.Delays(count, group)) for account_id, count in counts.items()
        )
        return found

    @api.model
    def _recovery_curve(self, company_id):
        """``(curve, own)``: chance of payment by age, and whether it is the company's own."""
        own = self.env["credit.recovery.point"]._curves().get(company_id)
        return own or behaviour.PUBLISHED_RECOVERY, own is not None

    @api.model
    def _chance_sql(self, days: SQL, company: SQL) -> SQL:
        """The chance that an item so many days late is paid in the end, by its company's curve."""

        def lines(points):
            """Straight lines between the points, held beyond both ends."""
            (first, start), (_last, end) = points[0], points[-1]
            whens = [SQL("WHEN %s <= %s THEN %s", days, first, start)] + [
                SQL(
                    "WHEN %(days)s <= %(right)s THEN %(low)s + (%(days)s - %(left)s) * %(slope)s",
                    days=days,
                    left=left,
                    right=right,
                    low=low,
                    slope=(high - low) / (right - left),
                )
                for (left, low), (right, high) in pairwise(points)
            ]
            return SQL("CASE %s ELSE %s END", SQL(" ").join(whens), end)

        published = lines(behaviour.PUBLISHED_RECOVERY)
        whens = [
            SQL("WHEN %s = %s THEN %s", company, company_id, lines(points))
            for company_id, points in self.env["credit.recovery.point"]._curves().items()
        ]
        return SQL("CASE %s ELSE %s END", SQL(" ").join(whens), published) if whens else published

    @api.model
    def _learnt_curve(self, company, today):
        """The company's own curve of recovery, None until 200 items have come to their end."""
        self.env.flush_all()
        ended = self.env.execute_query(
            SQL(
                """
                SELECT ended.lost, ended.late, COUNT(*)
                  FROM (SELECT settled.debit_move_id,
                               MAX(settled.date) - COALESCE(item.date_maturity, item.date) AS late,
                               bool_or(settled.nature = 'write_off') AS lost,
                               bool_or(settled.nature IN ('cash', 'discount')) AS paid
                          FROM (%(settled)s) AS settled
                          JOIN account_move_line item ON item.id = settled.debit_move_id
                         WHERE item.reconciled AND item.account_id = ANY(%(receivable)s)
                           AND %(root)s = %(company)s
                         GROUP BY settled.debit_move_id, item.date_maturity, item.date) AS ended
                 WHERE ended.lost OR ended.paid
                 GROUP BY ended.lost, ended.late
                """,
                settled=self.env["account.partial.reconcile"]._credit_natures_sql(
                    SQL(
                        "partial.max_date BETWEEN %s AND %s AND debtor.move_type = 'out_invoice'",
                        today - timedelta(LEARNING),
                        today,
                    )
                ),
                receivable=self.env["credit.open.item"]._receivable_account_ids(),
                root=self.env["res.company"]._credit_root_sql(SQL("item.company_id")),
                company=company.id,
            )
        )
        waiting = self.env.execute_query(
            SQL(
                """
                SELECT %(today)s::date - item.date_due, COUNT(*) FROM (%(items)s) AS item
                 WHERE item.amount > 0 AND item.company_id = %(company)s
                   AND item.date_due <= %(today)s
                 GROUP BY 1
                """,
                today=today,
                items=self.env["credit.open.item"]
                .sudo()
                ._items_sql("kind", "company_id", "amount", "date_due", kinds=("receivable",)),
                company=company.id,
            )
        )
        settled = [late for lost, late, count in ended if not lost for _one in range(count)]
        lost = sum(count for is_lost, _late, count in ended if is_lost)
        return behaviour.own_curve(
            settled, [age for age, count in waiting for _one in range(count)], lost
        )

    # ------------------------------------------------------------------
    # What is disputed or with the lawyers takes its own course
    # ------------------------------------------------------------------

    @api.model
    def _courses(self, company, today):
        """How what is ``disputed`` and what is ``legal`` ends: ``{kind: Course}``.

        A kind without enough of one's own endings is left out.
        """
        found = {}
        for kind, items, chance in (
            (
                "disputed",
                SQL(
                    "SELECT move_line_id FROM credit_dispute WHERE state IN ('rejected', 'closed')"
                ),
                self.env["credit.dispute"]._own_chance(company),
            ),
            (
                "legal",
                SQL("SELECT move_line_id FROM credit_case_item_rel"),
                self.env["credit.case"]._own_chance(company),
            ),
        ):
            if chance is not None:
                found[kind] = Course(self._delays_among(company, today, items), chance)
        return found

    @api.model
    def _delays_among(self, company, today, items: SQL):
        """How late payments of some items came, mixed with everybody's while there are few."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT late, COUNT(*) FROM (%s) AS paid WHERE item_id IN (%s) GROUP BY late",
                self.env["credit.figure.reading"]._settlements_sql(
                    company, today - timedelta(LEARNING), today
                ),
                items,
            )
        )
        return forecast.Delays(Counter(dict(rows)), self._company_delays(company.id, today))
