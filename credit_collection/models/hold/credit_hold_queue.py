from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import decision

# Above any moment in seconds: what is decided stands below what waits.
DECIDED = 10**11


class CreditHold(models.Model):
    """The queue of whoever decides: mine first, by deadline; what I may not decide says who can."""

    _inherit = "credit.hold"

    for_me = fields.Boolean(
        "Waits for Me",
        compute="_compute_for_me",
        search="_search_for_me",
        help="It is on hold and I am to decide.",
    )
    queue_key = fields.Float(
        compute="_compute_queue_key",
        store=True,
        index=True,
        digits=(16, 0),
        aggregator=False,
        help="What waits by deadline, then what was decided, the latest first.",
    )
    age_days = fields.Integer("Days Waiting", compute="_compute_age_days", aggregator=None)
    may_decide = fields.Boolean("Within My Authority", compute="_compute_may_decide")
    who_can = fields.Char(compute="_compute_may_decide")
    earlier_refusal = fields.Char(
        compute="_compute_earlier_refusal",
        help="What was decided when a release of the same document was asked for before.",
    )
    by_hand = fields.Boolean(
        "Customer Held by Hand", compute="_compute_by_hand", search="_search_by_hand"
    )

    @api.depends("state", "responsible_id")
    @api.depends_context("uid")
    def _compute_for_me(self):
        for hold in self:
            hold.for_me = hold.state == "held" and hold.responsible_id == self.env.user

    def _search_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = fields.Domain("state", "=", "held") & fields.Domain(
            "responsible_id", "=", self.env.uid
        )
        return mine if True in value else ~mine

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        # EXTENDS 'base': whose hold it is depends on who looks
        if field_name != "for_me":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        self._check_field_access(self._fields["responsible_id"], "read")
        mine = SQL(
            "(%s = 'held' AND COALESCE(%s, 0) = %s)",
            SQL.identifier(alias, "state"),
            SQL.identifier(alias, "responsible_id"),
            self.env.uid,
        )
        return SQL("%s %s %s", mine, direction, nulls)

    @api.depends("state", "deadline", "decided_on")
    def _compute_queue_key(self):
        for hold in self:
            if hold.state == "held":
                moment = hold.deadline or hold.create_date or fields.Datetime.now()
                hold.queue_key = moment.timestamp()
            else:
                moment = hold.decided_on or hold.create_date or fields.Datetime.now()
                hold.queue_key = DECIDED - moment.timestamp()

    @api.depends("create_date", "state")
    def _compute_age_days(self):
        for hold in self:
            company = hold.sudo().company_id
            waits = hold.state == "held" and hold.create_date
            hold.age_days = (
                (company._credit_today() - company._credit_day(hold.create_date)).days
                if waits
                else 0
            )

    @api.depends("state", "exposure_after", "company_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        user = self.env.user
        for hold in self:
            evidence = hold.sudo()
            exposure, account = max(evidence.exposure_after, 0), evidence.account_id
            hold.may_decide = hold.state == "held" and user._has_credit_authority(
                exposure, evidence.currency_id, evidence.company_id
            )
            waits = hold.state == "held" and not hold.may_decide
            able = account._approvers(exposure)[:3] if waits else user.browse()
            hold.who_can = ", ".join(able.mapped("name")) or False

    @api.depends("order_id", "picking_id", "move_id")
    @api.depends_context("lang")
    def _compute_earlier_refusal(self):
        Words = self.env["credit.message"]
        asked = self.sudo()
        refused = asked.search(
            [
                ("state", "=", "refused"),
                "|",
                "|",
                ("order_id", "in", asked.order_id.ids),
                ("picking_id", "in", asked.picking_id.ids),
                ("move_id", "in", asked.move_id.ids),
            ],
            order="id",
        ).grouped(lambda hold: hold._document())
        for hold, evidence in zip(self, asked, strict=True):
            before = refused.get(evidence._document(), asked.browse()).filtered(
                lambda other, hold=hold: other.id < (hold._origin.id or 0)
            )[-1:]
            hold.earlier_refusal = Words._refused(before) if before else False

    @api.depends("kind")
    def _compute_by_hand(self):
        for hold in self:
            hold.by_hand = decision.MANUAL in (hold.finding_kinds or "").split(",")

    def _search_by_hand(self, operator, value):
        if operator != "in":
            return NotImplemented
        manual = fields.Domain("finding_kinds", "like", decision.MANUAL)
        return manual if True in value else ~manual

    def _deadline(self, company, hours):
        """When a hold made now should be decided: within so many working hours of the company."""
        start = fields.Datetime.now()
        calendar = company.sudo().resource_calendar_id
        planned = calendar.plan_hours(hours, start, compute_leaves=True) if calendar else None
        return planned or start + timedelta(hours=hours)

    # ------------------------------------------------------------------
    # Deciding on many: what cannot be decided here is left, and said
    # ------------------------------------------------------------------

    def _decidable(self, by_hand=False):
        """Those among these that I may decide in one go.

        :param by_hand: those of customers held by hand too; they ask for a word of their own
        """
        return self.filtered(lambda hold: hold.may_decide and (by_hand or not hold.by_hand))

    def _release_each(self, **terms):
        """Release these one after the other, as long as all together are within my authority.

        :return: those that were released
        """
        released = self.browse()
        for hold in self:
            exposure = hold.sudo()._exposure_released(hold._release_amount(None))
            if self.env.user._has_credit_authority(exposure, hold.currency_id, hold.company_id):
                hold.action_release(**terms)
                released |= hold
        return released

    def _left_out(self, decided):
        """One sentence for each of these that was not decided on."""
        sentences = []
        for hold in self - decided:
            if hold.state != "held":
                sentence = self.env._("%(document)s: decided already.")
            elif not hold.may_decide:
                sentence = self.env._("%(document)s: above your authority, within that of %(who)s.")
            elif hold.by_hand:
                sentence = self.env._(
                    "%(document)s: the customer is held by hand. Decide on it by itself."
                )
            else:
                sentence = self.env._(
                    "%(document)s: together with the others of this customer above your authority."
                )
            sentences.append(
                sentence
                % {
                    "document": hold.document_name,
                    "who": hold.who_can or self.env._("a credit manager"),
                }
            )
        return sentences

    def _came_out(self, title, lines, level="success", goes_on=None):
        """A notification on what came of a decision; the page behind it is read again, or the
        action ``goes_on`` follows."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": level,
                # The client puts a full stop behind the title.
                "title": title.rstrip(".。"),
                "message": "\n".join(lines),
                "sticky": bool(lines),
                "next": goes_on or {"type": "ir.actions.act_window_close"},
            },
        }

    def _next_to_decide(self):
        """The next hold that I may decide, mine first; empty when there is none."""
        waiting = self.search([("state", "=", "held"), ("id", "not in", self.ids)], limit=200)
        return waiting.filtered("may_decide")[:1]

    def action_next_hold(self):
        """Open the next hold that waits for me."""
        self.check_access("read")
        following = self._next_to_decide()
        if not following:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("Nothing else waits for you."),
                    # By name, so that the client reads its help as it should.
                    "next": "credit_collection.credit_hold_action",
                },
            }
        return following._credit_open()

    def _credit_open(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("credit_collection.credit_hold_action"),
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self.id,
        }
