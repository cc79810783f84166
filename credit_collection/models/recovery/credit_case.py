from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ...tools.bounds import AMOUNT
from ...tools.groups import COLLECTOR, OFFICER
from ...tools.jobs import each_safely
from ...tools.readers import for_reader
from ...tools.registry_cache import clear_registry_cache
from ...tools.rooms import is_on
from ...tools.write_guards import fields_outside
from .credit_case_template import ROADS

CHECKS = ("legality", "evidence", "assets", "authority")


class CreditCase(models.Model):
    """A claim on its road: court, agency or insolvency, stage by stage.

    While it is open no letter goes out, and what it is about counts as *legal* in the aging.
    """

    _name = "credit.case"
    _description = "Case"
    _inherit = ["credit.file.document", "credit.audited"]
    _order = "deadline, id desc"
    _audited = (
        "account_id",
        "road",
        "state",
        "opened_on",
        "opening_amount",
        "interest",
        "compensation",
        "agency_id",
        "handed_on",
        "recalled_on",
        "outcome",
        "closed_on",
    )
    _sequence = "credit.case"
    _credit_bounds = {
        "probability": (0, 1),
        "fee_percent": (0, 100),
        "expected_costs": AMOUNT,
        "interest": AMOUNT,
        "compensation": AMOUNT,
    }
    _results = frozenset({"opened_on", "closed_on", "handed_on", "recalled_on", "opening_amount"})
    _transitions = {
        ("draft", "open"): "open",
        ("open", "close"): "closed",
        ("closed", "reopen"): "open",
    }

    interest_to_date = fields.Monetary(
        related="account_id.interest_to_date",
        currency_field="company_currency_id",
        groups="credit_collection.credit_collection_group_collector",
    )
    plan_ids = fields.One2many(
        related="account_id.plan_ids",
        string="Payment Plans",
        groups="credit_collection.credit_collection_group_collector",
    )
    road = fields.Selection(ROADS, required=True, default="court", tracking=True)
    template_id = fields.Many2one(
        "credit.case.template",
        "Stages By",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('road', '=', road)]",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        tracking=True,
        index="btree_not_null",
        domain=[("share", "=", False)],
    )
    lawyer_id = fields.Many2one("res.partner", index="btree_not_null", tracking=True)
    court = fields.Char()
    court_number = fields.Char("Number at the Court", tracking=True)
    move_line_ids = fields.Many2many(
        "account.move.line", "credit_case_item_rel", "case_id", "move_line_id", string="Items"
    )
    # What is asked
    principal = fields.Monetary(
        compute="_compute_amounts", currency_field="company_currency_id", help="Still open."
    )
    opening_amount = fields.Monetary(
        "Principal at the Opening", readonly=True, copy=False, currency_field="company_currency_id"
    )
    interest = fields.Monetary(currency_field="company_currency_id", tracking=True)
    compensation = fields.Monetary(currency_field="company_currency_id")
    costs = fields.Monetary(compute="_compute_amounts", currency_field="company_currency_id")
    asked = fields.Monetary(compute="_compute_amounts", currency_field="company_currency_id")
    recovered = fields.Monetary(compute="_compute_amounts", currency_field="company_currency_id")
    cost_ids = fields.One2many("credit.case.cost", "case_id", "Costs Paid")
    recovery_ids = fields.One2many("credit.case.recovery", "case_id", "Recoveries")
    offer_ids = fields.One2many("credit.case.offer", "case_id", "Settlement Offers")
    # The road
    step_ids = fields.One2many("credit.case.step", "case_id", "Steps")
    step_id = fields.Many2one(
        "credit.case.step", "Now", compute="_compute_step", store=True, index="btree_not_null"
    )
    deadline = fields.Date(compute="_compute_step", store=True, index=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    # Before a step
    check_legality = fields.Char("Legality", help="Is the claim due, undisputed, not lapsed?")
    check_evidence = fields.Char("Evidence", help="Which papers prove it, which are missing?")
    check_assets = fields.Char("Assets", help="What does the debtor own?")
    check_authority = fields.Char("Power of Attorney", help="Who may act, until when?")
    missing_papers = fields.Char(
        compute="_compute_missing_papers", help="What the dossier would lack today."
    )
    probability = fields.Float(
        compute="_compute_probability",
        store=True,
        readonly=False,
        help="Chance to be paid: by default what closed cases brought, else what the age of the "
        "claim suggests.",
    )
    probability_basis = fields.Char("Rests On", compute="_compute_probability_basis")
    fee_percent = fields.Float("Fee (%)", help="Share of what comes in that others keep.")
    expected_costs = fields.Monetary("Costs of the Next Step", currency_field="company_currency_id")
    worth = fields.Monetary(
        "Gain Expected",
        compute="_compute_worth",
        currency_field="company_currency_id",
        help="Chance x amount x (1 - fee) - costs.",
    )
    is_worth_it = fields.Boolean("Worth It", compute="_compute_worth")
    last_day = fields.Date("First Claim Lapses", compute="_compute_last_day")
    # Insolvency
    claim_class = fields.Char("Class of the Claim")
    # Agency
    agency_id = fields.Many2one(
        "credit.collection.agency", index="btree_not_null", ondelete="restrict", tracking=True
    )
    handed_on = fields.Date("Handed Over On", readonly=True, copy=False)
    recalled_on = fields.Date(readonly=True, copy=False)
    opened_on = fields.Date(readonly=True, copy=False)
    closed_on = fields.Date(readonly=True, copy=False)
    outcome = fields.Selection(
        [
            ("paid", "Paid"),
            ("settled", "Settlement Reached"),
            ("lost", "Lost"),
            ("hopeless", "Hopeless"),
            ("withdrawn", "Withdrawn"),
        ],
        tracking=True,
    )
    note = fields.Html()
    dossier_ids = fields.One2many("credit.case.dossier", "case_id", "Dossiers")
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Open"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )

    _account_open_idx = models.Index("(account_id) WHERE state = 'open'")

    @api.depends("road")
    def _compute_template_id(self):
        Template = self.env["credit.case.template"]
        for case in self:
            if case.template_id.road != case.road:
                case.template_id = Template.search(
                    [("road", "=", case.road), ("company_id", "in", (False, case.company_id.id))],
                    limit=1,
                )

    @api.depends(
        "move_line_ids", "cost_ids.amount", "recovery_ids.amount", "interest", "compensation"
    )
    def _compute_amounts(self):
        for case in self:
            items = case.sudo().move_line_ids
            case.principal = sum(items.mapped("amount_residual"))
            case.costs = sum(case.cost_ids.mapped("amount"))
            case.recovered = sum(case.recovery_ids.mapped("amount"))
            charged = sum(case.cost_ids.filtered("charged").mapped("amount"))
            case.asked = case.principal + case.interest + case.compensation + charged

    @api.depends("step_ids.state", "step_ids.deadline", "step_ids.sequence", "state")
    def _compute_step(self):
        for case in self:
            waiting = case.step_ids.filtered(lambda step: step.state == "waiting")
            case.step_id = waiting.sorted("sequence")[:1] if case.state == "open" else False
            case.deadline = case.step_id.deadline

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        for case in self:
            today = (case.company_id or case.env.company)._credit_today()
            case.is_late = bool(case.state == "open" and case.deadline and case.deadline < today)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._credit_today()
        late = [("state", "=", "open"), ("deadline", "<", today)]
        return late if True in value else ["!", "&", *late]

    @api.depends("move_line_ids", "account_id")
    def _compute_missing_papers(self):
        Dossier = self.env["credit.case.dossier"].sudo()
        for case in self:
            draft = Dossier.new({"case_id": case._origin.id})
            case.missing_papers = ", ".join(draft._missing_names()) if case._origin else ""

    def _compute_last_day(self):
        for case in self:
            days = self.env["credit.limitation"].search(
                [("move_line_id", "in", case.move_line_ids.ids), ("last_day", "!=", False)],
                order="last_day",
                limit=1,
            )
            case.last_day = days.last_day

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.name} {case.partner_id.name or ''}"

    @api.constrains("move_line_ids", "account_id")
    def _check_items(self):
        for case in self:
            if case._own_items(case.move_line_ids) != case.move_line_ids.sudo():
                raise ValidationError(self.env._("A case is about what its own customer owes."))

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_open(self):
        """Open the case: its stages begin, letters stop."""
        self._check_role(OFFICER)
        for case in self:
            if not case.move_line_ids:
                raise UserError(self.env._("Say which items the case is about."))
            case._check_before_step()
            today = case.company_id._credit_today()
            case._move("open", {"opened_on": today, "opening_amount": case.principal})
            case.sudo()._plan_steps(today)
            case._follow()

    def _check_before_step(self):
        """Legality, evidence, assets, power of attorney: each has been looked at."""
        empty = [name for name in CHECKS if not (self[f"check_{name}"] or "").strip()]
        if empty:
            labels = [
                self._fields[f"check_{name}"].get_description(self.env)["string"] for name in empty
            ]
            raise UserError(self.env._("Look at these first: %s.", ", ".join(labels)))

    def _plan_steps(self, today):
        """The stages of the template as steps, each with its deadline."""
        day = today
        for number, stage in enumerate(self.template_id.stage_ids, 1):
            day += timedelta(stage.days)
            self.env["credit.case.step"].create(
                {
                    "case_id": self.id,
                    "stage_id": stage.id,
                    "name": stage.name,
                    "sequence": number,
                    "next_step": stage.next_step,
                    "deadline": day,
                }
            )

    def action_done(self):
        """The step is done; the next one begins."""
        self._check_role(COLLECTOR)
        for case in self:
            if not case.step_id:
                raise UserError(self.env._("There is no step left: close the case."))
            case.step_id.sudo()._done(case.company_id._credit_today())
            upcoming = case.step_id
            if upcoming.stage_id.weigh and not case.is_worth_it:
                case.message_post(
                    body=self.env._(
                        "Before “%(step)s”: %(gain)s expected. By these figures it is not "
                        "worth it.",
                        step=upcoming.name,
                        gain=case.company_currency_id.format(case.worth),
                    )
                )
            case._follow()

    def action_close(self):
        """Close it; its outcome has to be said."""
        self._check_role(OFFICER)
        for case in self:
            if not case.outcome:
                raise UserError(self.env._("Say what came of it."))
            case._move("close", {"closed_on": case.company_id._credit_today()})
            case.sudo().activity_unlink(["credit_collection.mail_activity_case"])
        self.account_id._wake_holds()

    def action_reopen(self):
        """Open it again."""
        self._check_role(OFFICER)
        self._move("reopen", {"closed_on": False})
        self._follow()

    def _follow(self):
        """Whoever is responsible has the next step as an activity; holds look again."""
        for case in self.sudo():
            case.activity_unlink(["credit_collection.mail_activity_case"])
            if case.step_id:
                responsible = case.responsible_id or self.env.user
                told = for_reader(case, responsible)
                told.activity_schedule(
                    "credit_collection.mail_activity_case",
                    date_deadline=case.deadline,
                    user_id=responsible.id,
                    summary=told.step_id.next_step or told.step_id.name,
                )
        self.sudo().account_id._wake_holds()

    def action_take_interest(self):
        """Ask for the customer's interest and compensation up to today."""
        self._check_role(COLLECTOR)
        for case in self:
            case.interest = case.account_id.interest_to_date

    def action_take_overdue(self):
        """Take all that is overdue into the case."""
        self._check_role(COLLECTOR)
        for case in self:
            items = case.account_id._open_items().filtered("is_overdue")
            case.move_line_ids = [Command.set(items.move_line_id.ids)]

    def action_build_dossier(self):
        """Build the dossier in the background."""
        self._check_role(COLLECTOR)
        self.ensure_one()
        dossier = self.env["credit.case.dossier"].sudo().create({"case_id": self.id})
        dossier._list_documents()
        self.env.ref("credit_collection.credit_case_dossier_cron").sudo()._trigger()
        return dossier.with_env(self.env).get_formview_action()

    # ------------------------------------------------------------------
    # What others ask
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        if not self._any():
            clear_registry_cache(self.env)
        return cases

    def write(self, vals):
        if not self.env.su and fields_outside(vals, {"note"}):
            if any(case.state == "closed" for case in self):
                raise UserError(self.env._("It is closed: reopen it before changing anything."))
        return super().write(vals)

    def _is_audited(self):
        """A draft is no decision yet."""
        return self.state != "draft" and super()._is_audited()

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there ever was a case: else no query asks for one."""
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _open_sql(self, account: SQL) -> SQL:
        """Whether a case of a credit file is open."""
        return SQL(
            "EXISTS (SELECT FROM credit_case legal WHERE legal.account_id = %s"
            " AND legal.state = 'open')",
            account,
        )

    @api.model
    def _legal_sql(self, line: SQL, past, road=None) -> SQL:
        """Whether a journal item is in a case, on the day for which items are read.

        :param past: see ``credit.open.item._past_day``
        :param road: only cases on this road
        """
        if not self._any():
            return SQL("FALSE")
        then = SQL("legal.state = 'open'")
        if past:
            then = SQL(
                "legal.opened_on <= %(day)s"
                " AND (legal.closed_on IS NULL OR legal.closed_on > %(day)s)",
                day=past,
            )
        return SQL(
            """EXISTS (SELECT FROM credit_case_item_rel rel
                         JOIN credit_case legal ON legal.id = rel.case_id
                        WHERE rel.move_line_id = %s AND %s AND %s)""",
            line,
            then,
            SQL("legal.road = %s", road) if road else SQL("TRUE"),
        )

    @api.model
    def _cron_daily(self):
        """Record what has come in of open cases."""
        if not is_on(self.env, "cases"):
            return
        cases = self.sudo().search([("state", "=", "open")])
        each_safely(cases, lambda case: case._record_recoveries(), "Recoveries of a case")
