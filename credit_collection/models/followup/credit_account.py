from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...core import dunning
from ...tools.environment import without_caller_context
from ...tools.readers import for_reader
from ...tools.reasons import reason


class CreditAccount(models.Model):
    """What follow-up shows and changes on a credit file: queries, nothing is stored."""

    _inherit = "credit.account"

    followup_ids = fields.One2many("credit.followup", "account_id", string="Follow-up Messages")
    followup_letters = fields.Selection(
        [("one", "One letter"), ("address", "One for each invoice address")],
        "Letters",
        tracking=True,
        help="Empty: as the policy says. One for each invoice address: each plant or branch to "
        "which invoices are addressed is asked for its own.",
    )
    followup_level_id = fields.Many2one(
        "credit.followup.level",
        "Level Reached",
        compute="_compute_followup_level",
        search="_search_followup_level_id",
        help="The highest level that anything still open has reached.",
    )
    followup_responsible_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_followup_level",
        help="By the level reached; else the collector, else the salesperson.",
    )
    followup_next_level_id = fields.Many2one(
        "credit.followup.level", "Next Level", compute="_compute_followup_next"
    )
    followup_next_date = fields.Date("Next Message", compute="_compute_followup_next")
    followup_next_reason = fields.Char("Why Not Now", compute="_compute_followup_next")

    @api.depends("collector_id", "followup_ids.state")
    def _compute_followup_level(self):
        levels = self._reached_levels()
        for account in self:
            level = levels.get(account._origin.id, self.env["credit.followup.level"])
            account.followup_level_id = level
            user = level.responsible_role and account._followup_user(
                level.responsible_role, level.responsible_user_id
            )
            account.followup_responsible_id = user or account._person(
                account.collector_id, account.sudo().partner_id.user_id
            )

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS: the level is not stored, and files are grouped by it all the same
        if field_expr != "followup_level_id" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        reached = query.make_alias(alias, "reached")
        query.add_join(
            "LEFT JOIN",
            reached,
            SQL("(%s)", self.env["credit.followup.line"]._reached_sql()),
            SQL("%s = %s", SQL.identifier(reached, "account_id"), SQL.identifier(alias, "id")),
        )
        return SQL.identifier(reached, "level_id")

    def _search_followup_level_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        reached = self.env["credit.followup.line"]._reached_sql()
        levels = [level for level in value if level]
        found = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT account_id FROM (%s) reached WHERE level_id = ANY(%s))",
                SQL.identifier(alias, "id"),
                reached,
                levels,
            )
        )
        if False not in value:
            return found
        none = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s NOT IN (SELECT account_id FROM (%s) reached)",
                SQL.identifier(alias, "id"),
                reached,
            )
        )
        return found | none

    @api.depends_context("lang")
    def _compute_followup_next(self):
        for account in self:
            today = account.company_id._credit_today()
            explanation = account._followup_explanation(today)
            step = explanation.step
            account.followup_next_level_id = step.level_id if step else False
            account.followup_next_date = today if step else explanation.on
            account.followup_next_reason = (
                False if step else self.env["credit.followup"]._reason(explanation)
            )
            if not step and explanation.reason in (dunning.NOT_YET, dunning.QUIET):
                notes = [note for note in explanation.notes if note.on and note.level_id]
                first = min(notes, key=lambda note: note.on, default=None)
                account.followup_next_level_id = first.level_id if first else False

    def _followup_books(self):
        """What follow-up knows of these files (sudo), read once: ``{company: book}``."""
        books = {}
        for company, files in self.grouped("company_id").items():
            files = without_caller_context(files, company)
            books[company] = files.env["credit.followup"]._read_book(
                company, company._credit_today(), files
            )
        return books

    def _followup_next_day(self, books):
        """When the next message to the customer of this file goes out, by ``_followup_books``."""
        today = self.company_id._credit_today()
        explanation = self._followup_explanation(today, books[self.company_id])
        return today if explanation.step else explanation.on

    def _followup_explanation(self, today, book=None):
        """The core's answer to 'what would go out now, and why not?' for one file."""
        self.ensure_one()
        account = without_caller_context(self.sudo()._origin, self.company_id)
        Followup = account.env["credit.followup"]
        book = book or Followup._read_book(account.company_id, today, account)
        if account.id not in book.files:
            return dunning.Explanation(account.id, None, dunning.NOTHING_OPEN, None, ())
        return Followup._explain(account.company_id, book, account.id, today)

    # ------------------------------------------------------------------
    # What a level changes
    # ------------------------------------------------------------------

    def _reached_levels(self, stopping=False):
        """The highest level that open items of these files have reached.

        :param stopping: without the items of plans that let orders pass
        :return: {file id: credit.followup.level (sudo)}
        """
        accounts = self._origin.sudo()
        if not accounts.ids:
            return {}
        Line = self.env["credit.followup.line"]
        rows = self.env.execute_query(Line._reached_sql(accounts, stopping))
        Level = self.env["credit.followup.level"].sudo()
        return {account: Level.browse(level) for account, level in rows}

    def _followup_stops(self):
        """The highest level reached: its name, stops sales, stops shipments; gone as soon as the
        items are paid."""
        self.ensure_one()
        level = self._reached_levels(stopping=True).get(self.id)
        if not level:
            return ("", False, False)
        return (level.name, bool(level.stops_sales), bool(level.stops_shipments))

    def _followup_user(self, role, user=None):
        """Who plays a role for this customer; the collector steps in for what is missing.

        :return: ``res.users`` (sudo), perhaps empty
        """
        self.ensure_one()
        account = self.sudo()
        # A salesperson of another company leads no team here either.
        salesperson = account._person(account.partner_id.user_id)
        policy = account.effective_policy_id
        chosen = {
            "legal": policy.followup_legal_user_id,
            "salesperson": salesperson,
            "team_leader": salesperson.sale_team_id.user_id,
            "collector": account.collector_id,
            "user": user,
        }[role]
        return account._person(chosen, account.collector_id, salesperson, policy.responsible_id)

    def _schedule_followup(self, activity_type, summary, user, deadline, note=None):
        """Plan an activity on the file, once: an open one of the same words is enough.

        :param summary: words, or a function that makes them in the environment of their reader
        """
        self.ensure_one()
        user = user or self._followup_fallback_user()
        account = for_reader(self.sudo(), user)
        if callable(summary):
            summary = summary(account.env)
        same = account.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == activity_type
                and activity.summary == summary
                and activity.user_id == user
            )
        )
        if same:
            if note:
                same.note = note
            return same
        return account.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type_id=activity_type.id,
            summary=summary,
            note=note,
            user_id=user.id,
            date_deadline=deadline,
        )

    def _followup_fallback_user(self):
        """Somebody who works on follow-up, where the customer has nobody."""
        managers = self.env.ref("credit_collection.credit_collection_group_manager").sudo()
        return self._person(managers.all_user_ids.sorted("id")) or self.env.user

    def _tell_collector(self, summary, note):
        """An activity for the collector of each file: something did not arrive."""
        for account in self.sudo():
            account = without_caller_context(account, account.company_id)
            user = account._followup_user("collector")
            account._schedule_followup(
                self.env.ref("credit_collection.mail_activity_followup_failed"),
                summary,
                user,
                account.company_id._credit_today(),
                Markup("<p>%s</p>") % note,
            )

    def _end_waiting_messages(self):
        """Before a merge: only one message to a customer waits; the next plan looks at the merged
        one."""
        waiting = self.sudo().followup_ids.filtered(lambda f: f.state in ("draft", "queued"))
        with_the_server = waiting.filtered("mail_message_id")
        with_the_server._move("deliver")
        (waiting - with_the_server)._move("cancel", {"cancel_reason": reason("merged")})
        self.env.flush_all()

    def action_open_letter(self):
        """Open the message to this customer that waits, planned now when there is none."""
        return self._prepare_letter().with_env(self.env).get_formview_action()

    def _prepare_letter(self):
        """The message (sudo) to this customer that waits, planned now when there is none.

        :raises UserError: nothing is due, with the reason
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("credit_collection.credit_collection_group_collector"):
            raise AccessError(self.env._("Only a collector can plan follow-up messages."))
        account = without_caller_context(self.sudo(), self.company_id)
        today = account.company_id._credit_today()
        waiting = account.followup_ids.filtered(lambda f: f.state in ("draft", "queued"))
        if not waiting:
            waiting = account.env["credit.followup"]._plan(account.company_id, today, account)
        if not waiting:
            explanation = account._followup_explanation(today)
            why = explanation.reason and account.env["credit.followup"]._reason(explanation)
            raise UserError(why or self.env._("Today's message was tried or cancelled already."))
        return waiting.sorted("id")[:1]

    followup_planned_on = fields.Date(
        "Follow-up Looked At", readonly=True, copy=False, help="The last day of the daily run."
    )
