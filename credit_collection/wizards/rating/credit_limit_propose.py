from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.limit_methods import bound_by
from ...tools.groups import OFFICER

BATCH = 100


class CreditLimitPropose(models.TransientModel):
    """Propose limits for many customers: now, proposed, difference, and which cap bound."""

    _name = "credit.limit.propose"
    _description = "Propose Limits"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_ids = fields.Many2many("credit.account", string="Credit Files")
    who = fields.Selection(
        [
            ("chosen", "The chosen customers"),
            ("review", "Whose review is due"),
            ("all", "All customers of the company"),
        ],
        "For Whom",
        required=True,
        default=lambda self: "chosen" if self._chosen() else "review",
    )
    line_ids = fields.One2many("credit.limit.propose.line", "propose_id", "Proposals")
    state = fields.Selection(
        [("ask", "Ask"), ("shown", "Shown"), ("done", "Done")], default="ask", readonly=True
    )
    total = fields.Integer(readonly=True)
    done = fields.Integer(readonly=True)
    progress = fields.Float(compute="_compute_progress")
    without = fields.Char("Nothing Known", readonly=True)

    def _compute_display_name(self):
        self.display_name = self.env._("Propose Limits")

    @api.depends("done", "total")
    def _compute_progress(self):
        for wizard in self:
            wizard.progress = 100 * wizard.done / wizard.total if wizard.total else 0.0

    @api.model
    def _chosen(self):
        """The files that the wizard was opened on."""
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids")
        if model not in ("credit.account", "credit.position", "credit.worklist") or not ids:
            return self.env["credit.account"]
        return self.env["credit.account"].browse(ids)

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        if "account_ids" in names and not values.get("account_ids"):
            values["account_ids"] = [fields.Command.set(self._chosen().ids)]
        return values

    def _check_officer(self):
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can propose limits."))

    def _accounts(self):
        """The files to propose for, in this company, as far as the user may read them."""
        domain = [("company_id", "=", self.company_id.root_id.id)]
        if self.who == "chosen":
            domain.append(("id", "in", self.account_ids.ids))
        elif self.who == "review":
            domain.append(("review_date", "<=", self.company_id._credit_today()))
        return self.env["credit.account"].search(domain)

    def action_propose(self):
        """Work the proposals out, all at once."""
        self.ensure_one()
        self._check_officer()
        accounts = self._accounts()
        if not accounts:
            raise UserError(self.env._("There is no customer to propose a limit for."))
        Method = self.env["credit.limit.method"]
        proposals = Method._propose(accounts)
        positions = {
            position.id: position
            for position in accounts.sudo()._position(
                ("unlimited", "credit_limit", "exposure", "currency_id")
            )
        }
        lines, without = [], accounts.browse()
        for account in accounts:
            proposal, position = proposals.get(account.id), positions[account.id]
            if proposal is None or proposal.amount is None:
                without |= account
                continue
            now = 0.0 if position.unlimited else position.credit_limit
            amount = float(proposal.amount)
            lines.append(
                {
                    "propose_id": self.id,
                    "account_id": account.id,
                    "now": now,
                    "unlimited": position.unlimited,
                    "exposure": position.exposure,
                    "proposed": amount,
                    "difference": amount - now,
                    "bound": bound_by(proposal) or False,
                    "steps": Method._freeze(proposal),
                    "chosen": position.unlimited or amount != now,
                }
            )
        self.line_ids.unlink()
        self.line_ids.sudo().create(lines)
        self.write(
            {
                "state": "shown",
                "total": len(lines),
                "done": 0,
                "without": ", ".join(without[:20].mapped("display_name"))
                + (" …" if len(without) > 20 else ""),
            }
        )
        return self._open()

    def action_request(self):
        """Ask for the chosen limits, a batch at a time; *Continue* goes on."""
        return self._work(approve=False)

    def action_approve(self):
        """Ask for the chosen limits and approve those within the user's authority."""
        return self._work(approve=True)

    def _work(self, approve):
        self.ensure_one()
        self._check_officer()
        if self.state != "shown":
            raise UserError(self.env._("Work the proposals out first."))
        waiting = self.line_ids.filtered(lambda line: line.chosen and line.outcome == "waiting")
        if not waiting:
            raise UserError(self.env._("Nothing is chosen that still waits."))
        for line in waiting[:BATCH]:
            line._request(approve)
        left = len(waiting) - BATCH
        self.total = len(self.line_ids.filtered("chosen"))
        self.done = len(self.line_ids.filtered(lambda line: line.outcome != "waiting"))
        if left <= 0:
            self.state = "done"
        return self._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose Limits"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }


class CreditLimitProposeLine(models.TransientModel):
    _name = "credit.limit.propose.line"
    _description = "Proposed Limit"
    _order = "id"

    propose_id = fields.Many2one("credit.limit.propose", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="propose_id.currency_id")
    account_id = fields.Many2one("credit.account", "Customer", readonly=True)
    grade_id = fields.Many2one(related="account_id.grade_id")
    chosen = fields.Boolean("Take")
    unlimited = fields.Boolean(readonly=True)
    now = fields.Monetary("Limit Now", readonly=True)
    exposure = fields.Monetary("Used", readonly=True)
    proposed = fields.Monetary(readonly=True)
    difference = fields.Monetary(readonly=True)
    bound = fields.Selection(
        [
            ("cap_sales", "Share of our sales"),
            ("cap_amount", "Cap of the policy"),
            ("cap_cover", "Cover"),
        ],
        "Bound By",
        readonly=True,
    )
    steps = fields.Json(readonly=True)
    calculation = fields.Html(compute="_compute_calculation", sanitize=False)
    outcome = fields.Selection(
        [
            ("waiting", "Waits"),
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("above", "Requested: above your authority"),
        ],
        default="waiting",
        readonly=True,
    )

    @api.depends("steps")
    def _compute_calculation(self):
        Method = self.env["credit.limit.method"]
        for line in self:
            line.calculation = Method._render_steps(line.steps or [], line.currency_id)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Choose which proposals to take; nothing else."))
        return super().create(vals_list)

    def write(self, vals):
        # What was worked out is not typed over: it goes into the request's evidence.
        if not self.env.su and vals.keys() - {"chosen"}:
            raise AccessError(self.env._("Choose which proposals to take; nothing else."))
        return super().write(vals)

    def _request(self, approve):
        """Make the requested limit with the calculation that was shown; approve it if allowed."""
        self.ensure_one()
        limit = self.env["credit.limit.method"]._request_amount(
            self.account_id, self.proposed, self.steps
        )
        self.sudo().outcome = "requested"
        if approve:
            try:
                with self.env.cr.savepoint():
                    limit.action_approve()
                    self.sudo().outcome = "approved"
            except AccessError:
                limit._ask_approver()
                self.sudo().outcome = "above"
        else:
            limit._ask_approver()
