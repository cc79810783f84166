from odoo import api, fields, models
from odoo.tools import SQL

from ...core import ranking
from ...models.desk.credit_contact import UNANSWERED
from ...tools.segments import BEHAVIOURS, SEGMENTS, SIZES, TERMS
from ...tools.sql import without_jit

# Promises broken within this many days count in the ranking.
BROKEN_DAYS = 365

# What each part of the ranking measures; one entry for each of ranking.PARTS.
MEASURES = {
    "overdue": SQL("position.to_chase"),
    "days_overdue": SQL("position.max_days_overdue"),
    "broken_promises": SQL("promised.broken"),
    "days_since_contact": SQL("talk.days_since_contact"),
    "over_limit": SQL("CASE WHEN position.over_limit THEN 1 ELSE 0 END"),
    "worth": SQL("gain.worth"),
}


class CreditWorklist(models.Model):
    """The customers to chase, highest rank first; ``id`` is the credit file's id."""

    _name = "credit.worklist"
    _inherit = "credit.file.report.mixin"
    _description = "Customers to Chase"
    _auto = False
    _rec_name = "partner_id"
    _order = "score desc, id"

    account_id = fields.Many2one("credit.account", "Credit File", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    policy_id = fields.Many2one("credit.policy", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    grade_id = fields.Many2one("credit.grade", readonly=True)
    behaviour_class = fields.Selection(BEHAVIOURS, "How They Pay", readonly=True)
    size_class = fields.Selection(SIZES, "Size", readonly=True)
    contract_terms = fields.Selection(TERMS, "Contract", readonly=True)
    to_chase = fields.Monetary(
        readonly=True, help="Overdue and neither disputed, promised, in payment nor muted."
    )
    overdue = fields.Monetary(readonly=True)
    disputed = fields.Monetary(readonly=True)
    promised = fields.Monetary(readonly=True, help="Open promises, in the company's currency.")
    next_promise = fields.Date(readonly=True)
    max_days_overdue = fields.Integer("Days Overdue", readonly=True, aggregator="max")
    broken_promises = fields.Integer(readonly=True, help="Broken in the last 12 months.")
    over_limit = fields.Boolean(readonly=True)
    level_id = fields.Many2one(
        "credit.followup.level", readonly=True, help="The highest level reached."
    )
    last_contact = fields.Datetime(readonly=True)
    days_since_contact = fields.Integer(readonly=True, aggregator="max")
    call_back_on = fields.Date("Agreed For", readonly=True)
    paused_until = fields.Date(readonly=True)
    handled_today = fields.Boolean(readonly=True, help="There was a contact or a letter today.")
    to_do = fields.Boolean(
        readonly=True, help="To act on today: something to chase or a call agreed, and not done."
    )
    reason = fields.Selection(
        [
            ("call_back", "Call agreed"),
            ("broken", "Promise broken"),
            ("overdue", "Overdue"),
            ("legal", "With the lawyers"),
            ("none", "Nothing today"),
        ],
        readonly=True,
    )
    next_action = fields.Selection(
        [
            ("call", "Call"),
            ("letter", "Letter"),
            ("wait", "Wait"),
            ("legal", "Legal"),
        ],
        "Next",
        readonly=True,
        help="What comes next: a call, the letter that waits, waiting for a day that was agreed, "
        "or the lawyers, who have the customer already.",
    )
    next_action_on = fields.Date("Day", readonly=True)
    chance = fields.Float(
        "Chance of Payment",
        readonly=True,
        aggregator=None,
        help="That what is overdue is paid in the end, by the age of the oldest item.",
    )
    worth = fields.Monetary(
        "Worth of a Call",
        readonly=True,
        help="Chance of payment × amount to chase − cost of a call.",
    )
    score = fields.Float(
        "Rank", readonly=True, digits=(5, 1), aggregator="max", help=ranking.FORMULA
    )

    _depends = {
        "credit.position": ["overdue"],
        "credit.account": ["followup_paused_until", "collector_id", "grade_id", *SEGMENTS],
        "credit.case": ["account_id", "state"],
        "credit.contact": ["account_id", "date", "outcome", "next_date"],
        "credit.promise": [
            "account_id", "state", "broken_on", "next_date", "missing", "amount", "amount_company",
        ],
        "credit.followup": ["account_id", "state", "date"],
        "credit.followup.level": ["role"],
        "credit.policy": ["ranking_reference", "call_cost"],
        "credit.recovery.point": ["company_id", "age", "chance"],
    }  # fmt: skip

    @property
    def _table_query(self) -> SQL:
        without_jit(self.env)
        return SQL(
            """
            SELECT desk.*,
                   desk.reason NOT IN ('none', 'legal') AND NOT desk.handled_today AS to_do,
                   %(next_action)s AS next_action,
                   %(next_on)s AS next_action_on
              FROM (
                   SELECT position.id, position.account_id, position.partner_id,
                          position.company_id, position.currency_id, position.policy_id,
                          position.user_id, position.collector_id, position.country_id,
                          position.to_chase, position.overdue, position.disputed,
                          position.max_days_overdue, position.over_limit,
                          promised.open AS promised, promised.next AS next_promise,
                          promised.broken AS broken_promises,
                          talk.last_contact, talk.days_since_contact, talk.handled_today,
                          talk.call_back_on, account.followup_paused_until AS paused_until,
                          gain.chance, gain.worth, account.grade_id, %(segments)s,
                          reached.level_id, level.role = 'legal' AS is_legal,
                          letter.date AS letter_on,
                          %(reason)s AS reason,
                          %(score)s AS score
                     FROM (%(position)s) AS position
                     JOIN credit_account account ON account.id = position.id
                     LEFT JOIN credit_policy policy ON policy.id = position.policy_id
                     LEFT JOIN (%(levels)s) AS reached ON reached.account_id = account.id
                     LEFT JOIN credit_followup_level level ON level.id = reached.level_id
                     -- A customer with several addresses may have several letters.
                     LEFT JOIN (
                          SELECT account_id, MIN(date) AS date FROM credit_followup
                           WHERE state IN ('draft', 'queued') GROUP BY account_id
                          ) AS letter ON letter.account_id = account.id
                     CROSS JOIN LATERAL (%(promised)s) AS promised
                     CROSS JOIN LATERAL (%(talk)s) AS talk
                     CROSS JOIN LATERAL (%(gain)s) AS gain
                    WHERE position.overdue > 0 OR talk.call_back_on IS NOT NULL
                       OR promised.open > 0
                   ) AS desk
            """,
            next_action=self._next_action_sql(),
            next_on=self._next_action_on_sql(),
            levels=self.env["credit.followup.line"]._reached_sql(),
            reason=self._reason_sql(),
            score=self._score_sql(),
            position=self.env["credit.position"]._table_query,
            promised=self._promised_sql(),
            talk=self._talk_sql(),
            gain=self._gain_sql(),
            segments=SQL(", ").join(SQL.identifier("account", name) for name in SEGMENTS),
        )

    @api.model
    def _today(self):
        return self.env["credit.open.item"]._today()

    @api.model
    def _score_sql(self) -> SQL:
        """The formula of ``core.ranking.PARTS``, as SQL."""
        return SQL(
            "(%s)::float8",
            SQL(" + ").join(self._part_sql(part, MEASURES[part.key]) for part in ranking.PARTS),
        )

    @api.model
    def _part_sql(self, part, value: SQL) -> SQL:
        if part.full_at is None:
            return SQL(
                "%(points)s * (1.0 - %(reference)s / (GREATEST(%(value)s, 0.0) + %(reference)s))",
                points=part.points,
                value=value,
                reference=SQL("COALESCE(policy.ranking_reference, %s)", ranking.REFERENCE),
            )
        # GREATEST and LEAST pass over NULL, which stands for full points.
        return SQL(
            "CASE WHEN %(value)s IS NULL THEN %(points)s"
            " ELSE %(points)s * LEAST(GREATEST(%(value)s, 0.0), %(full)s) / %(full)s END",
            points=part.points,
            value=value,
            full=part.full_at,
        )

    @api.model
    def _gain_sql(self) -> SQL:
        """What a call to file ``account`` is worth: chance × amount − its cost."""
        return SQL(
            """
            SELECT odds.chance,
                   odds.chance * GREATEST(position.to_chase, 0)
                       - COALESCE(policy.call_cost, 0) AS worth
              FROM (SELECT (%s)::float8 AS chance) AS odds
            """,
            self.env["credit.behaviour"]._chance_sql(
                SQL("position.max_days_overdue"), SQL("position.company_id")
            ),
        )

    @api.model
    def _reason_sql(self) -> SQL:
        """Why the customer stands on today's list, the most pressing first."""
        return SQL(
            """
            CASE WHEN account.followup_paused_until >= %(today)s OR %(in_case)s THEN 'none'
                 WHEN talk.call_back_on <= %(today)s THEN 'call_back'
                 WHEN level.role = 'legal' THEN 'legal'
                 WHEN position.to_chase > 0
                      AND promised.last_broken >= COALESCE(talk.last_day, promised.last_broken)
                 THEN 'broken'
                 WHEN talk.call_back_on > %(today)s OR position.to_chase <= 0 THEN 'none'
                 ELSE 'overdue' END
            """,
            today=self._today(),
            in_case=self.env["credit.case"]._open_sql(SQL("account.id")),
        )

    @api.model
    def _next_action_sql(self) -> SQL:
        """What comes next for a customer of ``desk``."""
        return SQL(
            """
            CASE WHEN desk.reason = 'legal' THEN 'legal'
                 WHEN desk.reason IN ('call_back', 'broken') THEN 'call'
                 WHEN desk.paused_until >= %(today)s OR desk.call_back_on > %(today)s
                      OR desk.to_chase <= 0 THEN 'wait'
                 WHEN desk.letter_on IS NOT NULL THEN 'letter'
                 ELSE 'call' END
            """,
            today=self._today(),
        )

    @api.model
    def _next_action_on_sql(self) -> SQL:
        """The day of what comes next."""
        return SQL(
            """
            CASE WHEN desk.reason = 'legal' THEN NULL
                 WHEN desk.reason = 'call_back' THEN desk.call_back_on
                 WHEN desk.paused_until >= %(today)s THEN desk.paused_until
                 WHEN desk.call_back_on > %(today)s THEN desk.call_back_on
                 WHEN desk.to_chase <= 0 THEN desk.next_promise
                 WHEN desk.reason = 'overdue' AND desk.letter_on IS NOT NULL THEN desk.letter_on
                 ELSE %(today)s END
            """,
            today=self._today(),
        )

    @api.model
    def _promised_sql(self) -> SQL:
        """Open and broken promises of file ``account``."""
        return SQL(
            """
            SELECT COALESCE(SUM(promise.missing * promise.amount_company / promise.amount)
                            FILTER (WHERE promise.state = 'open'), 0) AS open,
                   MIN(promise.next_date) FILTER (WHERE promise.state = 'open') AS next,
                   COUNT(*) FILTER (WHERE promise.broken_on >= %(since)s
                                      AND promise.state != 'cancelled') AS broken,
                   MAX(promise.broken_on) FILTER (WHERE promise.state != 'cancelled')
                       AS last_broken
              FROM credit_promise promise
             WHERE promise.account_id = account.id
            """,
            since=fields.Date.subtract(self._today(), days=BROKEN_DAYS),
        )

    @api.model
    def _talk_sql(self) -> SQL:
        """The last contacts of file ``account``; an attempt without an answer reached nobody.

        A letter sent today is enough, unless another one, to another address, still waits.
        """
        day = self.env["res.company"]._credit_day_sql(
            SQL("contact.company_id"), SQL("contact.date")
        )
        return SQL(
            """
            SELECT reached.date AS last_contact, reached.day AS last_day,
                   %(today)s - reached.day AS days_since_contact,
                   COALESCE(latest.day = %(today)s, FALSE) OR EXISTS (
                       SELECT FROM credit_followup sent
                        WHERE sent.account_id = account.id AND sent.state = 'sent'
                          AND sent.date = %(today)s
                          AND (letter.date IS NULL OR letter.date > %(today)s)) AS handled_today,
                   latest.next_date AS call_back_on
              FROM (SELECT 1) AS one
              LEFT JOIN LATERAL (
                   SELECT contact.date, %(day)s AS day FROM credit_contact contact
                    WHERE contact.account_id = account.id AND contact.outcome NOT IN %(unanswered)s
                    ORDER BY contact.date DESC, contact.id DESC LIMIT 1) AS reached ON TRUE
              LEFT JOIN LATERAL (
                   SELECT contact.next_date, %(day)s AS day FROM credit_contact contact
                    WHERE contact.account_id = account.id
                    ORDER BY contact.date DESC, contact.id DESC LIMIT 1) AS latest ON TRUE
            """,
            today=self._today(),
            day=day,
            unanswered=UNANSWERED,
        )

    # ------------------------------------------------------------------
    # The rank in words
    # ------------------------------------------------------------------

    def _explanation(self):
        """The rank of one customer, part by part, in words."""
        self.ensure_one()
        names = {
            "overdue": self.env._("amount"),
            "days_overdue": self.env._("age"),
            "broken_promises": self.env._("broken promises"),
            "days_since_contact": self.env._("last contact"),
            "over_limit": self.env._("limit"),
            "worth": self.env._("worth of a call"),
        }
        score = self._core_score()
        return " + ".join(
            self.env._("%(points)s %(part)s", points=f"{points:.1f}", part=names[key])
            for key, _value, points, _most in score.parts
            if points
        )

    def _core_score(self):
        """The rank as the core works it out."""
        return ranking.score(
            self.to_chase,
            self.max_days_overdue,
            self.broken_promises,
            self.days_since_contact if self.last_contact else None,
            self.over_limit,
            self.worth,
            self.policy_id.ranking_reference or ranking.REFERENCE,
        )
