from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

from ...core import signals as core
from ...tools import rooms
from ...tools.environment import without_caller_context
from ...tools.groups import COLLECTOR
from ...tools.jobs import each_safely, wake
from ...tools.states import next_state

TRANSITIONS = {
    ("open", "look"): "looked_at",
    ("open", "end"): "over",
    ("looked_at", "end"): "over",
}


class CreditSignalKind(models.Model):
    """A kind of danger signal: measured from the ledger, or noticed by people."""

    _name = "credit.signal.kind"
    _description = "Kind of Danger Signal"
    _inherit = "credit.bounded"
    _credit_bounds = {"weight": (0, 100), "threshold": (0, 1_000_000), "window": (1, 1095)}
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", help="Leave empty for all companies."
    )
    code = fields.Selection(
        selection="_selection_code",
        help="What is measured. Without it people report signals of this kind.",
    )
    weight = fields.Integer(default=2, required=True, help="How grave one such signal is.")
    threshold = fields.Float(digits=(16, 2), help="A signal fires from this value on.")
    window = fields.Integer(
        "Window (days)",
        default=90,
        required=True,
        help="How far back is looked; a reported signal is over after so many days.",
    )
    unit = fields.Char("Measured In", compute="_compute_unit")
    description = fields.Text("What It Means", translate=True)

    @api.model
    def _selection_code(self):
        titles = {
            "slower": self.env._("Pays later than before (days more)"),
            "broken_promises": self.env._("Promises broken"),
            "round_payments": self.env._("Round part payments"),
            "new_unpaid": self.env._("Large new items unpaid, small ones paid (times larger)"),
            "old_disputes": self.env._("Old invoices disputed (days after due)"),
            "order_above_habit": self.env._("Order far above habit (times)"),
            "orders_shrinking": self.env._("Orders shrinking (share lost)"),
            "returned_payment": self.env._("Payments returned"),
            "new_payer": self.env._("New bank accounts"),
            "no_answer": self.env._("Contacts without answer"),
        }
        return [(code, titles[code]) for code in core.MEASURED]

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_unit(self):
        units = {
            "days": self.env._("days"),
            "count": self.env._("number"),
            "times": self.env._("times"),
            "share": self.env._("share, 1 is all"),
        }
        for kind in self:
            kind.unit = units[core.KINDS[kind.code].unit] if kind.code else self.env._("reported")

    def _label(self, measured):
        """What was measured, in words."""
        self.ensure_one()
        if not self.code:
            return ""
        unit = core.KINDS[self.code].unit
        if unit == "share":
            return self.env._("%s %%", formatLang(self.env, 100 * measured, digits=0))
        if unit == "days":
            return self.env._("%s days", formatLang(self.env, measured, digits=0))
        if unit == "times":
            return self.env._("%s times", formatLang(self.env, measured, digits=1))
        return formatLang(self.env, measured, digits=0)


class CreditSignal(models.Model):
    """A danger signal of a customer: what was seen, when, by whom, and what was said to it."""

    _name = "credit.signal"
    _description = "Danger Signal"
    _inherit = ["mail.thread"]
    _order = "state, date desc, id desc"
    _rec_name = "kind_id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    kind_id = fields.Many2one(
        "credit.signal.kind", required=True, readonly=True, index=True, ondelete="restrict"
    )
    weight = fields.Integer(related="kind_id.weight", store=True, aggregator="sum")
    date = fields.Date("Since", required=True, readonly=True)
    measured = fields.Float(readonly=True, digits=(16, 2), aggregator=None)
    measured_label = fields.Char("Seen", compute="_compute_measured_label")
    source = fields.Selection(
        [("ledger", "Measured"), ("person", "Reported"), ("visit", "Visit")],
        required=True,
        readonly=True,
        default="person",
    )
    reported_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    note = fields.Text(readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("looked_at", "Looked at"), ("over", "Over")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        index=True,
    )
    word = fields.Text("What Was Said", readonly=True, copy=False)
    looked_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    looked_on = fields.Datetime(readonly=True, copy=False)
    over_on = fields.Date(readonly=True, copy=False)
    changed_on = fields.Datetime(readonly=True, copy=False, default=fields.Datetime.now)

    _measured_once = models.UniqueIndex(
        "(account_id, kind_id) WHERE source = 'ledger' AND state != 'over'",
        "This signal is open already.",
    )
    _open_idx = models.Index("(company_id, account_id) WHERE state != 'over'")

    @api.depends("kind_id", "measured", "note")
    @api.depends_context("lang")
    def _compute_measured_label(self):
        for signal in self:
            seen = signal.kind_id._label(signal.measured) if signal.source == "ledger" else ""
            signal.measured_label = seen or signal.note or ""

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Use Report a Signal."))
        signals = super().create(vals_list)
        signals._touch_ratings()
        return signals

    def write(self, vals):
        if not self.env.su and any(not name.startswith(("message_", "activity_")) for name in vals):
            raise AccessError(self.env._("Say a word to the signal, or end it; nothing else."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if not self.env.su:
            raise UserError(self.env._("A signal is part of the history: end it instead."))

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------

    def action_look(self, word=None):
        """Note that somebody has looked at the signals, with a word.

        :param str word: what was found, required
        """
        self._check_collector()
        if not (word or "").strip():
            raise UserError(self.env._("Say what you found."))
        self._move(
            "look", word=word.strip(), looked_by_id=self.env.uid, looked_on=fields.Datetime.now()
        )
        return True

    def action_end(self):
        """End signals that people reported; measured ones end by themselves."""
        self._check_collector()
        measured = self.filtered(lambda signal: signal.source == "ledger")
        if measured:
            raise UserError(
                self.env._(
                    "“%(signal)s” is measured: it ends by itself when it is over.",
                    signal=measured[:1].kind_id.name,
                )
            )
        for company, signals in self.grouped("company_id").items():
            signals._move("end", over_on=company._credit_today())
        return True

    def _check_collector(self):
        self.check_access("write")
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can answer a danger signal."))

    def _move(self, event, **values):
        """Move the signals through :data:`TRANSITIONS`."""
        for signal in self:
            target = next_state(signal, TRANSITIONS, event)
            signal.sudo().write({"state": target, "changed_on": fields.Datetime.now(), **values})
        if event == "end":
            self._touch_ratings()
        return self

    def _touch_ratings(self):
        """Look again at what is held, and let the ratings follow soon."""
        self.account_id.sudo()._wake_holds()
        if self.account_id.sudo().filtered("grade_id"):
            wake(self.env, "credit_rating_cron")

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    def _open_weights(self, accounts):
        """The sum of the weights of open signals: ``{account id: weight}``."""
        rows = self.sudo()._read_group(
            [("account_id", "in", accounts.ids), ("state", "!=", "over")],
            ["account_id"],
            ["weight:sum"],
        )
        return {account.id: weight for account, weight in rows}

    @api.model
    def _changed_since_rating(self, company):
        """Ids of rated files whose signals fired or ended since the rating in force was made."""
        rows = self.sudo()._read_group(
            [("company_id", "=", company.id), ("account_id.rating_id", "!=", False)],
            ["account_id"],
            ["changed_on:max"],
        )
        return [
            account.id
            for account, changed in rows
            # Moments are kept to the second: what changed in that of the rating is newer.
            if changed and account.rating_id.decided_on and changed >= account.rating_id.decided_on
        ]

    # ------------------------------------------------------------------
    # Measuring
    # ------------------------------------------------------------------

    @api.model
    def _measure(self, company):
        """Measure all kinds over all files of a company: open what fires, end what is over.

        :return: how many signals were opened and ended
        """
        today = company._credit_today()
        self = without_caller_context(self.sudo(), company)
        kinds = self.env["credit.signal.kind"].search(
            [("code", "!=", False), ("company_id", "in", (company.id, False))]
        )
        known = defaultdict(dict)
        open_now = self.search(
            [("company_id", "=", company.id), ("source", "=", "ledger"), ("state", "!=", "over")]
        )
        for signal in open_now:
            known[signal.kind_id.id][signal.account_id.id] = signal
        made, over = [], self.browse()
        Measure = self.env["credit.signal.measure"]
        for kind in kinds:
            fired = Measure._fired(kind, company, today)
            for account_id, measured in fired.items():
                signal = known[kind.id].pop(account_id, None)
                if signal is None:
                    made.append(
                        {
                            "account_id": account_id,
                            "kind_id": kind.id,
                            "date": today,
                            "measured": measured,
                            "source": "ledger",
                        }
                    )
                elif abs(signal.measured - measured) >= 0.01:
                    signal.measured = measured
        over |= self.union(*(s for left in known.values() for s in left.values()))
        over._move("end", over_on=today)
        self.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        ).create(made)
        return len(made), len(over)

    @api.model
    def _measure_one(self, account, code):
        """Measure one kind for one file at once: what just happened does not wait for the night.

        :param code: what is measured
        """
        if not rooms.is_on(self.env, "signals"):
            return
        company = account.company_id
        today = company._credit_today()
        kinds = self.env["credit.signal.kind"].sudo()
        for kind in kinds.search([("code", "=", code), ("company_id", "in", (False, company.id))]):
            self.env.flush_all()
            measured = self.env["credit.signal.measure"]._fired(kind, company, today)
            signal = self.sudo().search(
                [
                    ("account_id", "=", account.id),
                    ("kind_id", "=", kind.id),
                    ("source", "=", "ledger"),
                    ("state", "!=", "over"),
                ]
            )
            if account.id not in measured:
                continue
            if signal:
                signal.measured = measured[account.id]
                continue
            self.sudo().create(
                {
                    "account_id": account.id,
                    "kind_id": kind.id,
                    "date": today,
                    "measured": measured[account.id],
                    "source": "ledger",
                }
            )

    @api.model
    def _end_old_reports(self, company):
        """What people reported is over after its kind's window."""
        today = company._credit_today()
        reported = self.sudo().search(
            [("company_id", "=", company.id), ("source", "!=", "ledger"), ("state", "!=", "over")]
        )
        old = reported.filtered(
            lambda signal: fields.Date.add(signal.date, days=signal.kind_id.window) < today
        )
        old._move("end", over_on=today)

    @api.model
    def _cron_measure(self):
        """Measure every night; a company that fails does not stop the others."""
        if not rooms.is_on(self.env, "signals"):
            return

        def measure(company):
            self._measure(company)
            self._end_old_reports(company)

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, measure, "Danger signals")

    @api.model
    def _report(self, account, kinds, note, source="person"):
        """Keep what somebody noticed; a kind that is open already is not opened twice.

        :param account: ``credit.account``; whoever may write to the customer may report
        """
        today = account.company_id._credit_today()
        open_kinds = (
            self.sudo()
            .search(
                [
                    ("account_id", "=", account.id),
                    ("kind_id", "in", kinds.ids),
                    ("state", "=", "open"),
                ]
            )
            .kind_id
        )
        return self.sudo().create(
            [
                {
                    "account_id": account.id,
                    "kind_id": kind.id,
                    "date": today,
                    "note": note,
                    "source": source,
                    "reported_by_id": self.env.uid,
                }
                for kind in kinds - open_kinds
            ]
        )
