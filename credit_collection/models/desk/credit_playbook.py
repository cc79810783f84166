from odoo import api, fields, models
from odoo.fields import Domain

SITUATIONS = [
    ("before_due", "A Week Before Due"),
    ("first_day", "First Days Late"),
    ("broken_promise", "Broken Promise"),
    ("long_delay", "Long Delay"),
    ("excuse", "Excuse"),
    ("refusal", "Refusal"),
    ("hand_over", "Hand-over"),
]
DEBTOR_KINDS = [
    ("willing_able", "Willing and able"),
    ("willing_unable", "Willing, short of money"),
    ("unwilling_able", "Able, plays for time"),
    ("unwilling_unable", "Neither willing nor able"),
]
MOODS = [
    ("calm", "Calm"),
    ("upset", "Upset"),
    ("hostile", "Hostile"),
]
PARTS = ("aim", "preparation", "opening", "questions", "concessions", "closing", "avoid")
# What is said on the phone itself: shown beside the call card.
WORDS = ("aim", "opening", "questions", "closing")


class CreditPlaybook(models.Model):
    """How to lead a call: by situation, kind of debtor and mood; what is left empty fits all."""

    _name = "credit.playbook"
    _description = "Playbook"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Empty: for all companies.",
    )
    situation = fields.Selection(SITUATIONS, index=True, help="Empty: in every situation.")
    debtor_kind = fields.Selection(
        DEBTOR_KINDS, "Kind of Debtor", help="Empty: for every kind of debtor."
    )
    mood = fields.Selection(MOODS, help="Empty: in every mood.")
    level_ids = fields.Many2many(
        "credit.followup.level",
        string="Levels",
        help="Only when one of these levels was reached last. Empty: whatever was reached.",
    )
    aim = fields.Html("Aim of the Call", translate=True)
    preparation = fields.Html("Have at Hand", translate=True)
    opening = fields.Html(translate=True)
    questions = fields.Html(translate=True)
    concessions = fields.Html(
        "What You May Give", translate=True, help="From the cheapest to the dearest."
    )
    closing = fields.Html("Close: Who, How Much, When, How", translate=True)
    avoid = fields.Html("Do Not", translate=True)

    @api.model
    def _pages(self, company, situation, debtor_kind=False, mood=False, level=None):
        """The pages (sudo) that fit, the situation's first.

        :param level: ``credit.followup.level`` reached last, perhaps empty
        """
        level = level or self.env["credit.followup.level"]
        chosen = {"situation": situation, "debtor_kind": debtor_kind, "mood": mood}
        domain = Domain("company_id", "in", (False, company.root_id.id))
        for name, value in chosen.items():
            domain &= Domain(name, "in", (False, value))
        domain &= Domain.OR(Domain(name, "!=", False) for name in chosen)
        pages = self.sudo().search(domain)
        return pages.filtered(lambda page: not page.level_ids or level in page.level_ids).sorted(
            lambda page: (not page.situation, not page.debtor_kind, page.sequence, page.id)
        )

    def _part_titles(self):
        """The titles of the parts of a page, in the reader's language: ``{field: title}``."""
        shown = self.fields_get(PARTS, ["string"])
        return {name: shown[name]["string"] for name in PARTS}
