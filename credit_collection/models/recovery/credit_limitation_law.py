from odoo import fields, models

from ...core import limitation as core

KINDS = [
    (core.DUE, "Due date"),
    (core.LETTER, "Letter delivered"),
    (core.PART_PAYMENT, "Part payment"),
    (core.ACKNOWLEDGEMENT, "Written acknowledgement"),
    (core.CONFIRMATION, "Signed balance confirmation"),
    (core.SUIT, "Suit filed"),
    (core.ENFORCEMENT, "Enforcement"),
    (core.MEDIATION_START, "Talks or mediation begin"),
    (core.MEDIATION_END, "Talks or mediation end"),
    (core.OBSTACLE_START, "Obstacle to suing begins"),
    (core.OBSTACLE_END, "Obstacle to suing ends"),
]
NAMED_BY_LAW = [
    kind for kind in KINDS if kind[0] not in (core.DUE, core.MEDIATION_END, core.OBSTACLE_END)
]


class CreditLimitationLaw(models.Model):
    """Until when a claim can be sued for in one law; shipped rows are to be checked before use."""

    _name = "credit.limitation.law"
    _description = "Law of Limitation"
    _inherit = ["mail.thread", "credit.bounded"]
    _credit_bounds = {"years": (1, 100), "longest_years": (0, 100), "obstacle_months": (0, 120)}
    _order = "sequence, code"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    country_id = fields.Many2one("res.country", index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Leave empty for all companies."
    )
    years = fields.Integer(required=True, default=3, tracking=True)
    counting = fields.Selection(
        [
            (core.BY_DAY, "From day to day"),
            (core.YEAR_END, "Runs on to 31 December"),
            (core.FROM_YEAR_END, "Starts at the end of the year"),
        ],
        required=True,
        default=core.BY_DAY,
        tracking=True,
    )
    longest_years = fields.Integer(
        "At Most (Years)", help="From the due date, whatever restarts the clock. Zero: no limit."
    )
    from_last = fields.Boolean(
        "From the Last Instalment", help="All instalments lapse together, from the last one."
    )
    obstacle_months = fields.Integer(
        "Obstacle (Months)", help="An obstacle within so many last months puts the end off."
    )
    effect_ids = fields.One2many("credit.limitation.effect", "law_id", "Events", copy=True)
    source = fields.Char(help="Where the rule stands.")
    checked_on = fields.Date(tracking=True, help="When somebody who knows the law checked it.")
    note = fields.Text()

    _code_uniq = models.UniqueIndex("(code, company_id)", "A law has one code.")

    def _to_core(self):
        """The law as :class:`core.limitation.Law`."""
        self.ensure_one()
        return core.Law(
            code=self.code,
            years=self.years,
            counting=self.counting,
            longest_years=self.longest_years,
            effects=tuple(
                core.Effect(
                    effect.kind, effect.effect, effect.date_from or None, effect.date_to or None
                )
                for effect in self.effect_ids
            ),
            revives=frozenset(self.effect_ids.filtered("revives").mapped("kind")),
            from_last=self.from_last,
            obstacle_months=self.obstacle_months,
        )

    def _stopping_words(self, today):
        """What would restart or stop the clock today, in words."""
        self.ensure_one()
        kind = self.env["credit.limitation.effect"]._fields["kind"]
        names = dict(kind._description_selection(self.env))
        named = [
            names[effect.kind]
            for effect in self.effect_ids
            if (not effect.date_from or effect.date_from <= today)
            and (not effect.date_to or effect.date_to >= today)
        ]
        return ", ".join(dict.fromkeys(named)) or self.env._("Nothing but filing a suit in time")


class CreditLimitationEffect(models.Model):
    """What an event does to the clock in a law."""

    _name = "credit.limitation.effect"
    _description = "Effect on Limitation"
    _order = "law_id, kind, date_from"

    law_id = fields.Many2one("credit.limitation.law", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(NAMED_BY_LAW, "Event", required=True)
    effect = fields.Selection(
        [(core.RESTART, "Restarts the clock"), (core.PAUSE, "Pauses the clock")], required=True
    )
    revives = fields.Boolean("After the End Too", help="It restarts a claim that had lapsed.")
    date_from = fields.Date("Since", help="Events from this day on.")
    date_to = fields.Date("Until", help="Events up to this day.")

    _dates_ordered = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_to >= date_from)",
        "The effect ends after it begins.",
    )
