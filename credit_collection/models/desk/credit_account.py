from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.misc import formatLang

from ...core import aging, ranking
from ...core import promise as promise_core
from ...reports.desk.credit_worklist_next import ids_of
from ...tools.groups import COLLECTOR
from ...tools.readers import isolated

COLOURS = ("bg-success", "bg-info", "bg-warning", "bg-danger opacity-50", "bg-danger")


class CreditAccount(models.Model):
    """The page of one customer at the collections desk."""

    _inherit = "credit.account"

    promise_ids = fields.One2many("credit.promise", "account_id", "Promises", groups=COLLECTOR)
    dispute_ids = fields.One2many("credit.dispute", "account_id", "Disputes", groups=COLLECTOR)
    plan_ids = fields.One2many("credit.plan", "account_id", "Payment Plans", groups=COLLECTOR)
    contact_ids = fields.One2many("credit.contact", "account_id", "Contacts", groups=COLLECTOR)
    open_item_ids = fields.One2many(
        "credit.open.item",
        "account_id",
        "Open Items",
        groups=COLLECTOR,
        readonly=True,
        domain=[("kind", "=", "receivable")],
    )
    to_chase = fields.Monetary(compute="_compute_to_chase", groups=COLLECTOR)
    aging_bar = fields.Html("Aging", compute="_compute_aging_bar", sanitize=False, groups=COLLECTOR)
    promise_kept_share = fields.Float(
        "Promises Kept",
        compute="_compute_promise_kept_share",
        groups=COLLECTOR,
        help="Share of the promises that came to their end which were kept in full.",
    )
    promise_judged = fields.Integer(compute="_compute_promise_kept_share", groups=COLLECTOR)
    score = fields.Float(compute="_compute_score", groups=COLLECTOR)
    score_explanation = fields.Char(
        "Why This Rank", compute="_compute_score", groups=COLLECTOR, help=ranking.FORMULA
    )

    def _compute_to_chase(self):
        positions = {position.id: position for position in self._position()}
        for account in self:
            position = positions.get(account._origin.id)
            account.to_chase = position.to_chase if position else 0.0

    def _compute_aging_bar(self):
        items = self._open_items().grouped("account_id")
        for account in self:
            buckets = account.company_id._credit_buckets()
            amounts = aging.totals(
                [
                    (item.amount, item.days_overdue)
                    for item in items.get(account._origin.sudo(), ())
                    if item.amount > 0
                ],
                buckets,
            )
            account.aging_bar = account._render_aging(buckets, amounts)

    def _render_aging(self, buckets, amounts):
        """A bar of the positive items by age, with its legend."""
        total = sum(amounts.values())
        if not total:
            return Markup("<span class='o_credit_quiet'>%s</span>") % self.env._("Nothing is open.")
        bars, legend = Markup(), Markup()
        said = []
        for number, bucket in enumerate(buckets):
            colour = COLOURS[min(number, len(COLOURS) - 1)]
            title, amount = self._bucket_title(bucket), amounts[bucket.key]
            text = formatLang(self.env, amount, currency_obj=self.currency_id)
            said.append(f"{title}: {text}")
            bars += Markup(
                "<div class='progress-bar border-end border-dark %s' style='width: %.2f%%'"
                " title='%s'></div>"
            ) % (colour, 100 * amount / total, said[-1])
            # Names and money keep their own direction, also in a page from right to left.
            legend += Markup(
                "<span class='me-3 text-nowrap'><span class='badge border border-dark %s me-1'"
                " aria-hidden='true'>&#160;</span><bdi>%s</bdi>: <b><bdi>%s</bdi></b></span>"
            ) % (colour, title, text)
        # The bar is a picture of what the legend says: read out once, never by colour alone.
        return Markup(
            "<div class='progress mb-1' style='height: 14px' role='img' aria-label='%s'>%s</div>%s"
        ) % ("; ".join(said), bars, legend)

    def _bucket_title(self, bucket):
        if bucket.lower is None:
            return self.env._("Not due")
        if bucket.upper is None:
            return self.env._("Over %s days", bucket.lower)
        days = isolated(self.env, f"{bucket.first_day}–{bucket.upper}")
        return self.env._("%s days", days)

    @api.depends("promise_ids.state")
    def _compute_promise_kept_share(self):
        states = dict.fromkeys(self._origin.ids, ())
        for account, state, count in (
            self.env["credit.promise"]
            .sudo()
            ._read_group(
                [("account_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
                ["account_id", "state"],
                ["__count"],
            )
        ):
            states[account.id] += (state,) * count
        for account in self:
            found = states.get(account._origin.id, ())
            account.promise_kept_share = promise_core.kept_share(found) or 0.0
            account.promise_judged = sum(state != promise_core.OPEN for state in found)

    def _compute_score(self):
        rows = self.env["credit.worklist"].sudo().search_fetch([("id", "in", self._origin.ids)])
        found = {row.id: row for row in rows}
        for account in self:
            row = found.get(account._origin.id)
            account.score = row.score if row else 0.0
            account.score_explanation = row._explanation() if row else False

    # ------------------------------------------------------------------
    # The collector
    # ------------------------------------------------------------------

    @api.model
    def _collector_domain(self):
        """Who can be given customers to chase."""
        group = self.env.ref(COLLECTOR, raise_if_not_found=False)
        return [("share", "=", False), ("all_group_ids", "in", group.ids if group else [])]

    @api.constrains("collector_id")
    def _check_collector(self):
        for account in self.sudo().filtered("collector_id"):
            user = account.collector_id
            if not user._works_in(account.company_id) or not user.has_group(COLLECTOR):
                raise ValidationError(
                    self.env._(
                        "%(user)s is no collector in %(company)s.",
                        user=user.name,
                        company=account.company_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # What others ask
    # ------------------------------------------------------------------

    def _broken_promises(self):
        """The days on which promises were broken or only partly kept, oldest first."""
        broken = (
            self.env["credit.promise"]
            .sudo()
            .search(
                [
                    ("account_id", "in", self.ids),
                    ("broken_on", "!=", False),
                    ("state", "!=", "cancelled"),
                ],
                order="broken_on",
            )
        )
        return tuple(broken.mapped("broken_on"))

    def _open_items(self):
        """The posted open items of these files (sudo), credits too, oldest first."""
        return self.env["credit.open.item"].sudo()._posted_of(self.sudo())

    def _person(self, *candidates):
        """The first of the people who works in the company of this file (sudo), or nobody."""
        self.ensure_one()
        return self.env["res.users"]._credit_first_in(self.sudo().company_id, *candidates)

    def _responsible_collector(self):
        """Who chases the customer: the collector, else the salesperson, else the officer."""
        file = self.sudo()
        officer = file.effective_policy_id.responsible_id
        return file._person(file.collector_id, file.salesperson_id, officer)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_log_contact(self):
        """Open *Log a contact*; the context's ``default_outcome`` says what comes of it."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can log a contact."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_contact_log_action"
        )
        outcome = self.env.context.get("default_outcome")
        action["context"] = {"default_account_id": self.id, "default_outcome": outcome or False}
        return action

    def action_next(self):
        """Open the next customer of the list from which this one was opened.

        The list's filter, what stood below this customer in it and the customers already seen
        travel in the context.  Who was contacted today is passed over; after the end of the
        list come those above who were not seen, by rank.
        """
        self.check_access("read")
        context = self.env.context
        sent = context.get("credit_desk_domain")
        seen = [*ids_of(context.get("credit_desk_seen")), *self.ids]
        row, queue = self.env["credit.worklist"]._next(
            sent, ids_of(context.get("credit_desk_queue")), seen
        )
        total = context.get("credit_desk_total")
        if not row:
            return self._end_of_list()
        return row._open(sent, seen, queue, total if isinstance(total, int) else 0)

    def _end_of_list(self):
        """Say that all are worked, and go back to the list."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("That was the last customer of this list for today."),
                # By name, so that the client reads its help as it should.
                "next": "credit_collection.credit_worklist_action",
            },
        }
