from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core import decision
from ...tools import rooms
from ...tools.environment import without_caller_context
from ...tools.groups import COLLECTOR, OFFICER
from ...tools.jobs import each_safely

BATCH = 500


class CreditAccount(models.Model):
    """The rating of a customer: grade and score for everybody, the rest for credit people."""

    _inherit = "credit.account"

    rating_ids = fields.One2many("credit.rating", "account_id", "Ratings", groups=COLLECTOR)
    rating_id = fields.Many2one(
        "credit.rating",
        "Rating in Force",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=COLLECTOR,
    )
    grade_id = fields.Many2one(
        "credit.grade",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    grade_color = fields.Integer(related="grade_id.color")
    rating_score = fields.Float(
        "Rating Score", related="rating_id.score", digits=(5, 1), related_sudo=True
    )
    rating_trend = fields.Selection(related="rating_id.change", related_sudo=True)
    rating_count = fields.Integer(compute="_compute_rating_count", groups=COLLECTOR)
    planned_sales = fields.Monetary(
        "Planned Sales of a Year", tracking=True, help="For proposals of limits, with tax."
    )
    financials_ids = fields.One2many(
        "credit.financials", "account_id", "Financial Statements", groups=COLLECTOR
    )
    agency_report_ids = fields.One2many(
        "credit.agency.report", "account_id", "Agency Reports", groups=COLLECTOR
    )

    signal_ids = fields.One2many("credit.signal", "account_id", "Danger Signals", groups=COLLECTOR)
    signal_weight = fields.Integer(
        "Weight of Open Signals", compute="_compute_signal_weight", groups=COLLECTOR
    )
    checklist_ids = fields.One2many(
        "credit.checklist", "account_id", "Checklists", groups=COLLECTOR
    )
    stop_ids = fields.One2many("credit.stop", "account_id", "Stop List", groups=COLLECTOR)
    lookup_ids = fields.One2many("credit.lookup", "account_id", "Look-ups", groups=COLLECTOR)
    lookup_links = fields.Html(
        "Look Up", compute="_compute_lookup_links", sanitize=False, groups=COLLECTOR
    )
    alike = fields.Char(
        "Looks Like",
        compute="_compute_alike",
        groups=COLLECTOR,
        help="Stopped or insolvent customers with the same VAT number, bank account or address.",
    )
    group_total = fields.Char(
        "Customer Group",
        compute="_compute_group_total",
        compute_sudo=True,
        help="What all customers of the group owe together; who they are is seen by those who may "
        "read the group.",
    )

    def _compute_signal_weight(self):
        weights = self.env["credit.signal"]._open_weights(self)
        for account in self:
            account.signal_weight = weights.get(account.id, 0)

    @api.depends("partner_id")
    @api.depends_context("lang")
    def _compute_lookup_links(self):
        Link = self.env["credit.lookup.link"]
        for account in self:
            account.lookup_links = Link._links_of(account)

    def _compute_alike(self):
        Stop = self.env["credit.stop"]
        found = Stop._alike(self)
        for account in self:
            account.alike = account in found and Stop._alike_words(found[account])

    @api.depends_context("lang")
    def _compute_group_total(self):
        for account in self:
            group = self.env["credit.group"]._of(account)
            account.group_total = False
            if group:
                account.group_total = self.env._(
                    "%(group)s: %(used)s of %(limit)s used",
                    group=group.name,
                    used=group.currency_id.format(group.exposure),
                    limit=group.currency_id.format(group.amount),
                )

    def _compute_rating_count(self):
        counts = dict(
            self.env["credit.rating"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.rating_count = counts.get(account._origin, 0)

    # ------------------------------------------------------------------
    # Rating
    # ------------------------------------------------------------------

    def _scorecards(self):
        """The scorecard of each file: ``{account: scorecard}``."""
        chosen = {}
        for company, accounts in self.grouped("company_id").items():
            cards = self.env["credit.scorecard"]._in_use(company, company._credit_today())
            known = self.env["credit.figure.reading"]._known_ids(company, accounts)
            chosen |= cards._choose(accounts, known)
        return chosen

    def action_rate(self):
        """Make a draft rating of the customer, or open the one that is being worked on."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can rate a customer."))
        Rating = self.env["credit.rating"]
        rating = Rating.search(
            [("account_id", "=", self.id), ("state", "in", ("draft", "requested"))], limit=1
        )
        if not rating:
            rating = Rating.create({"account_id": self.id})
        return rating.get_formview_action()

    def action_rate_many(self):
        """Make draft ratings of the chosen customers, those that are being worked on left out."""
        self.check_access("read")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can rate a customer."))
        Rating = self.env["credit.rating"]
        waiting = Rating.search(
            [("account_id", "in", self.ids), ("state", "in", ("draft", "requested"))]
        )
        fitting = self.browse([account.id for account in self.sudo()._scorecards()])
        made = Rating.create([{"account_id": x.id} for x in fitting - waiting.account_id])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_rating_action"
        )
        return {**action, "domain": [("id", "in", (made | waiting).ids)], "context": {}}

    def action_ratings(self):
        """Open the ratings of the customer, the newest first."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_rating_action"
        )
        return {**action, "domain": [("account_id", "in", self.ids)], "context": {}}

    def _rate_again(self, trigger):
        """Rate files of one company anew: a worse grade counts at once, a better one waits.

        Set-based: the figures of all are read together, and only what changed is kept.

        :param trigger: a key of ``credit.rating.trigger``
        :return: the ratings made
        """
        made = self.env["credit.rating"].sudo()
        if not self:
            return made
        self.company_id.ensure_one()
        accounts = without_caller_context(self.sudo(), self.company_id)
        accounts = accounts.with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        Rating = accounts.env["credit.rating"]
        chosen = accounts._scorecards()
        accounts = accounts.browse([account.id for account in chosen])
        cards = self.env["credit.scorecard"].sudo().union(*chosen.values())
        cards = cards.with_env(accounts.env)
        values = Rating._read_values(cards, accounts, self.company_id)
        today = self.company_id._credit_today()
        vals_list = []
        for account in accounts:
            card = chosen[account].with_env(accounts.env)
            answers = {
                line.criterion_id.id: line
                for line in account.rating_id.line_ids
                if line.answer_id and line.criterion_id.scorecard_id == card
            }
            vals = Rating._prepare_result(card, values[account.id], answers)
            if vals["computed_grade_id"]:
                vals_list.append(
                    {
                        **vals,
                        "account_id": account.id,
                        "scorecard_id": card.id,
                        "date": today,
                        "trigger": trigger,
                        "entered_by_id": False,
                    }
                )
        for start in range(0, len(vals_list), BATCH):
            ratings = Rating.create(vals_list[start : start + BATCH])
            ratings._hold_down()
            ratings._take_effect()
            made |= ratings.sudo()
        return made

    def action_checklist(self):
        """Start a checklist of the kind in the context on this file, or open the unfinished one."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can fill a checklist."))
        kind = self.env.context.get("credit_checklist_kind") or "customer"
        template = self.env["credit.checklist"].search(
            [
                ("account_id", "=", False),
                ("kind", "=", kind),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            order="company_id, id",
            limit=1,
        )
        if not template:
            raise UserError(self.env._("There is no template of this kind of checklist."))
        return template._start(self).get_formview_action()

    # ------------------------------------------------------------------
    # What the rules ask
    # ------------------------------------------------------------------

    def _rule_signals(self):
        """The weight of open danger signals of each file."""
        weights = self.env["credit.signal"]._open_weights(self)
        return {
            account_id: decision.Fact("signals", value=Decimal(weight))
            for account_id, weight in weights.items()
        }

    def _rule_checklist(self):
        """The files whose checks for new customers are not complete or have expired."""
        unfinished = self.env["credit.checklist"]._unfinished(self)
        text = self.env._("open or expired")
        return {
            account_id: decision.Fact("checklist", value=Decimal(1), text=text)
            for account_id in unfinished
        }

    def _rule_grade(self):
        """The files whose grade gets no credit."""
        return {
            account.id: decision.Fact("grade", value=Decimal(1), text=account.grade_id.name)
            for account in self
            if account.grade_id.prepayment_only
        }

    def _rule_group(self):
        """What the group of each file owes and may owe, in the file's currency."""
        found = {}
        groups = self.env["credit.group"]._of_many(self)
        for account in self:
            group = groups.get(account.id)
            if group:
                found[account.id] = group._fact(account)
        return found

    @api.model
    def _cron_rate(self):
        """Rate again those whose review is due or whose signals changed since they were rated.

        A company that fails does not stop the others; what a run leaves behind is due again.
        """
        if not rooms.is_on(self.env, "rating"):
            return

        def rate(company):
            due, woken = self._due_for_rating(company)
            (due - woken)._rate_again("review")
            woken._rate_again("signal")

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, rate, "Rating")

    @api.model
    def _due_for_rating(self, company):
        """Files whose review is due, and those whose signals fired or ended since their rating."""
        today = company._credit_today()
        due = self.sudo().search(
            [("company_id", "=", company.id), ("rating_id.review_date", "<=", today)]
        )
        changed = self.env["credit.signal"].sudo()._changed_since_rating(company)
        woken = self.sudo().browse(changed)
        waiting = (
            self.env["credit.rating"]
            .sudo()
            .search([("company_id", "=", company.id), ("state", "in", ("draft", "requested"))])
            .account_id
        )
        return due - waiting, woken - waiting
