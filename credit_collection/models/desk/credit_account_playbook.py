from odoo import fields, models
from odoo.tools.misc import format_date, formatLang

from ...core import conduct, playbook
from ...tools.environment import without_caller_context
from ...tools.groups import COLLECTOR
from .credit_contact import UNANSWERED
from .credit_playbook import DEBTOR_KINDS, PARTS, SITUATIONS, WORDS

ROLE = "credit_collection.credit_collection_group_%s"
LIMITED_KINDS = ("call", "visit")


class CreditAccount(models.Model):
    """The playbook on the page of the customer, and what may lawfully be done today."""

    _inherit = "credit.account"

    debtor_kind = fields.Selection(
        DEBTOR_KINDS,
        "Kind of Debtor",
        tracking=True,
        groups=COLLECTOR,
        help="Chosen by who knows the customer; the playbook adds what is special about it.",
    )
    playbook_situation = fields.Selection(
        SITUATIONS, "Situation", compute="_compute_playbook", groups=COLLECTOR
    )
    playbook = fields.Html(compute="_compute_playbook", sanitize=False, groups=COLLECTOR)
    playbook_words = fields.Html(
        "Call", compute="_compute_playbook", sanitize=False, groups=COLLECTOR
    )

    def _compute_playbook(self):
        for account in self:
            file = account._origin
            situation = playbook.situation(file._playbook_facts())
            pages = file._playbook_pages(situation, account.debtor_kind)
            account.playbook_situation = situation
            account.playbook = file._playbook_box(pages, PARTS, at_hand=file._at_hand())
            account.playbook_words = file._words_of(pages)

    def _playbook_facts(self):
        """What the playbook goes by: see ``core.playbook.Facts``."""
        self.ensure_one()
        account = without_caller_context(self.sudo(), self.company_id)
        overdue = account._open_items().filtered("is_overdue")
        level = account.followup_level_id
        last = account.contact_ids.filtered(lambda contact: contact.outcome not in UNANSWERED)
        last = last.sorted(lambda contact: (contact.date, contact.id))[-1:]
        broken = account.promise_ids.filtered(
            lambda promise: (
                promise.state in ("partly", "broken")
                and promise.move_line_ids & overdue.move_line_id
            )
        )
        legal = level.responsible_role == "legal" or level.role == "legal"
        return playbook.Facts(
            days_late=max(overdue.mapped("days_overdue"), default=0),
            ladder_ended=bool(level and legal),
            broken=bool(broken),
            last_outcome=last.outcome or None,
            excused=bool(last.excuse_id),
        )

    def _render_playbook(self, situation, debtor_kind=False, mood=False):
        """The pages that fit, with what to have at hand from the file itself."""
        pages = self._playbook_pages(situation, debtor_kind, mood)
        return self._playbook_box(pages, PARTS, at_hand=self._at_hand())

    def _playbook_pages(self, situation, debtor_kind=False, mood=False):
        self.ensure_one()
        account = self.sudo()
        return self.env["credit.playbook"]._pages(
            account.company_id, situation, debtor_kind, mood, account.followup_level_id
        )

    def _words_of(self, pages):
        """What the pages say on the phone, for beside the call card; ``False`` for nothing."""
        told = pages.filtered(lambda page: any(page[part] for part in WORDS))
        return bool(told) and self._playbook_box(told, WORDS, narrow=True)

    def _playbook_box(self, pages, parts, at_hand=(), narrow=False):
        """The parts of the pages as HTML; ``narrow`` for half a page, one part under the other."""
        return self.env["ir.qweb"]._render(
            "credit_collection.credit_playbook_box",
            {
                "pages": pages,
                "parts": parts,
                "titles": self.env["credit.playbook"]._part_titles(),
                "at_hand": at_hand,
                "narrow": narrow,
            },
        )

    def _at_hand(self):
        """What to have at hand for a call: sentences from the file, in the reader's language."""
        self.ensure_one()
        account = without_caller_context(self.sudo(), self.company_id)
        return [
            sentence
            for sentence in (
                account._at_hand_overdue(),
                account._at_hand_promise(),
                account._at_hand_dispute(),
                account._at_hand_contact(),
                self._at_hand_authority(),
            )
            if sentence
        ]

    def _at_hand_overdue(self):
        overdue = self._open_items().filtered("is_overdue")
        if not overdue:
            return self.env._("Nothing is overdue.")
        oldest = overdue.sorted(lambda item: (item.date_due, item.id))[0]
        return self.env._(
            "Overdue: %(amount)s, items: %(count)s; the oldest %(document)s since %(date)s.",
            amount=formatLang(
                self.env, sum(overdue.mapped("amount")), currency_obj=self.currency_id
            ),
            count=len(overdue),
            document=oldest.name,
            date=format_date(self.env, oldest.date_due),
        )

    def _at_hand_promise(self):
        promise = self.promise_ids.filtered(lambda promise: promise.state != "cancelled")
        promise = promise.sorted(lambda promise: (promise.made_on, promise.id))[-1:]
        if not promise:
            return False
        states = dict(promise._fields["state"]._description_selection(self.env))
        return self.env._(
            "Last promise: %(promise)s (%(state)s).",
            promise=promise.display_name,
            state=states[promise.state],
        )

    def _at_hand_dispute(self):
        disputes = self.dispute_ids.filtered(lambda dispute: dispute.state == "open")
        return disputes and self.env._(
            "Contested: %(disputes)s.", disputes=", ".join(disputes.mapped("display_name"))
        )

    def _at_hand_contact(self):
        contact = self.contact_ids.sorted(lambda contact: (contact.date, contact.id))[-1:]
        return contact and self.env._(
            "Last contact on %(date)s: %(contact)s",
            date=format_date(self.env, self.company_id._credit_day(contact.date)),
            contact=" / ".join(filter(None, [contact.display_name, contact.note])),
        )

    def _at_hand_authority(self):
        """Up to which day the user may accept a promise."""
        policy = self.sudo().effective_policy_id
        own = (
            [
                days
                for role, days in policy._promise_limits()
                if self.env.user.has_group(ROLE % role)
            ]
            if policy
            else []
        )
        if not own or None in own:
            return False
        return self.env._(
            "You may accept a promise until %(date)s.",
            date=format_date(
                self.env,
                fields.Date.add(self.sudo().company_id._credit_today(), days=max(own)),
            ),
        )

    # ------------------------------------------------------------------
    # Lawful conduct
    # ------------------------------------------------------------------

    def _conduct_broken(self, moment):
        """What a call or visit at ``moment`` (UTC) would break: see ``core.conduct.broken``."""
        self.ensure_one()
        account = without_caller_context(self.sudo(), self.company_id)
        policy = account.effective_policy_id
        if not policy:
            return []
        zone = account.partner_id.tz or account.company_id._credit_tz()
        clock = account.with_context(tz=zone)
        earlier = account.contact_ids.filtered(
            lambda contact: contact.kind in LIMITED_KINDS and not contact.inbound
        )

        def local(when):
            return fields.Datetime.context_timestamp(clock, when).replace(tzinfo=None)

        limits = policy._conduct_limits()
        return conduct.broken(local(moment), [local(call.date) for call in earlier], limits)

    def _conduct_sentence(self, codes):
        """Why a call is not allowed now, as a sentence; ``False`` when it is."""
        policy = self.sudo().effective_policy_id
        words = {
            conduct.HOUR: self.env._(
                "Calls only from %(first)s to %(last)s of the customer's clock.",
                first=policy._conduct_clock(policy.call_hour_first),
                last=policy._conduct_clock(policy.call_hour_last),
            ),
            conduct.WEEKEND: self.env._("No calls on weekends."),
            conduct.OFTEN: self.env._(
                "At most %(count)s calls in seven days.", count=policy.calls_per_week
            ),
        }
        return " ".join(words[code] for code in codes) or False
