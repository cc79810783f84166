from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core import assignment as core
from ...tools import sentences
from ...tools.bounds import AMOUNT

DRAFT, POSTED, CLOSED, UNDONE = "draft", "posted", "closed", "undone"
STATES = [(DRAFT, "Draft"), (POSTED, "Assigned"), (CLOSED, "Closed"), (UNDONE, "Undone")]
KINDS = [("factoring", "Factoring"), ("sale", "Sale of debts")]


class CreditAssignment(models.Model):
    """Receivables handed to a factor, or sold.

    Without recourse they leave the books and the exposure.  With recourse they leave the books, and
    stay in the customer's exposure until the debtor has paid the factor: what the factor charges
    back is an open item again.
    """

    _name = "credit.assignment"
    _description = "Assignment of Receivables"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "credit.bounded",
        "credit.audited",
        "credit.settlement.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _credit_bounds = {
        "hold_back": (0, 100),
        "fee": (0, 100),
        "interest": AMOUNT,
        "recourse_liability": AMOUNT,
        "price": AMOUNT,
    }
    _settlement = "assignment"
    _transitions = {
        (DRAFT, "post"): POSTED,
        (POSTED, "undo"): UNDONE,
        (POSTED, "close"): CLOSED,
    }
    _results = {"state", "move_id", "undo_move_id", "close_move_id", "posted_by_id", "name"}
    _stays_free = {"note", "tax_note"}

    _audited = (
        "partner_id",
        "kind",
        "with_recourse",
        "currency_id",
        "date",
        "amount",
        "cash",
        "loss",
        "state",
        "move_id",
        "undo_move_id",
        "close_move_id",
        "posted_by_id",
    )

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    partner_id = fields.Many2one(
        "res.partner", "Factor or Buyer", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, default="factoring", tracking=True)
    with_recourse = fields.Boolean(
        tracking=True, help="The factor charges back what the debtor does not pay."
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    hold_back = fields.Float("Hold-back (%)", tracking=True)
    fee = fields.Float("Fee (%)", tracking=True)
    interest = fields.Monetary(help="Interest that the factor takes out of the advance.")
    recourse_liability = fields.Monetary(
        "Expected Recourse", help="What will probably be charged back: booked as a liability."
    )
    price = fields.Monetary(help="What the buyer pays for the debts.")
    tax_note = fields.Text(
        help="What the sale means for tax: relief for bad debts may be lost when a debt is sold."
    )
    line_ids = fields.One2many("credit.assignment.line", "assignment_id", copy=False)
    amount = fields.Monetary("Assigned", compute="_compute_terms", store=True)
    cash = fields.Monetary(compute="_compute_terms", store=True)
    held_back = fields.Monetary(compute="_compute_terms", store=True)
    fee_amount = fields.Monetary("Fee", compute="_compute_terms", store=True)
    loss = fields.Monetary("Cost or Loss", compute="_compute_terms", store=True)
    yearly_cost = fields.Float(
        "Cost a Year",
        compute="_compute_yearly_cost",
        help="Fee and interest as a share of the cash, for a year.",
    )
    funding_rate = fields.Float("Bank Money a Year", compute="_compute_yearly_cost")
    close_move_id = fields.Many2one(
        "account.move", "Closed By", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default=DRAFT, copy=False, index=True, tracking=True
    )

    @api.depends(
        "line_ids.amount",
        "hold_back",
        "fee",
        "interest",
        "recourse_liability",
        "price",
        "kind",
        "with_recourse",
        "currency_id",
    )
    def _compute_terms(self):
        for assignment in self:
            total = assignment.currency_id.round(sum(assignment.line_ids.mapped("amount")))
            terms = assignment._terms(total)
            assignment.amount = total
            assignment.cash = terms.cash
            assignment.held_back = terms.held_back
            assignment.fee_amount = terms.fee
            assignment.loss = terms.loss

    def _terms(self, total):
        """``core.assignment.Terms`` of assigning ``total``; none while they are impossible."""
        digits = self.currency_id.decimal_places
        if self.kind == "sale":
            cash, loss = core.sell(total, self.price, digits)
            return core.Terms(cash, 0.0, 0.0, 0.0, 0.0, loss)
        try:
            return core.assign(
                total,
                self.hold_back,
                self.fee,
                self.interest,
                self.recourse_liability if self.with_recourse else 0.0,
                digits,
            )
        except ValueError:
            return core.Terms(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    @api.depends("cash", "fee_amount", "interest", "date", "line_ids.date_due", "line_ids.amount")
    def _compute_yearly_cost(self):
        for assignment in self:
            total = sum(assignment.line_ids.mapped("amount"))
            days = sum(
                line.amount * max((line.date_due - assignment.date).days, 1)
                for line in assignment.line_ids
                if line.date_due and assignment.date
            )
            costs = assignment.fee_amount + assignment.interest
            assignment.yearly_cost = (
                core.yearly_cost(costs, assignment.cash, days / total if total else 0) or 0.0
            )
            assignment.funding_rate = assignment.company_id.sudo().credit_funding_rate

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = self.env._(
                "%(name)s, %(partner)s",
                name=assignment.name,
                partner=assignment.partner_id.display_name or "",
            )

    def _refusals(self):
        return {
            "new": self.env._("A new assignment is a draft."),
            "result": self.env._("The state follows from what is booked."),
            "booked": self.env._("A booked assignment does not change: undo it instead."),
            "kept": self.env._("A booked assignment stays in the books: undo it instead."),
        }

    # ------------------------------------------------------------------
    # Booking
    # ------------------------------------------------------------------

    def action_print_notice(self):
        """The notice of assignment, one page for each debtor."""
        self.check_access("read")
        return self.env.ref("credit_collection.credit_assignment_report").report_action(self)

    def action_post(self):
        """Book the assignment: the items leave the books."""
        self.check_access("write")
        self._check_bookkeeper()
        for assignment in self:
            lines = assignment.line_ids.sudo()
            if not lines:
                raise UserError(self.env._("Choose the items to assign."))
            lines.account_id._serialize()
            for line in lines:
                assignment._check_item(line.move_line_id, line.amount)
            move = assignment._book(assignment._rows(lines), assignment.date)
            lines.write({"state": "open"})
            assignment._move("post", move_id=move.id, posted_by_id=self.env.uid)

    def _rows(self, lines):
        """The lines of the entry: E2 and E3 of the worked examples."""
        self.ensure_one()
        company, terms = self.company_id.sudo(), self._terms(self.amount)
        if not terms.cash:
            raise UserError(
                self.env._("Hold-back, fee and interest leave no cash: check the terms.")
            )
        rows = [("credit_assignment_cash_account_id", terms.cash)]
        if self.kind == "sale":
            rows.append(("credit_sale_loss_account_id", terms.loss))
        else:
            rows += [
                ("credit_holdback_account_id", terms.held_back),
                ("credit_factoring_cost_account_id", terms.loss),
                ("credit_recourse_account_id", -terms.liability),
            ]
        return [
            {
                "account_id": company._credit_account_for(name).id,
                "partner_id": self.partner_id.id,
                "name": self.name,
                "amount_currency": amount,
            }
            for name, amount in rows
            if amount
        ] + [
            self._settling_row(
                line.move_line_id,
                line.amount,
                self.env._(
                    "%(assignment)s: %(document)s",
                    assignment=self.name,
                    document=line.move_line_id.move_id.name,
                ),
            )
            for line in lines
        ]

    def action_undo(self):
        """Take the whole assignment back: the items are open again."""
        self.check_access("write")
        self._check_bookkeeper()
        for assignment in self:
            lines = assignment.line_ids.sudo()
            lines.account_id._serialize()
            if any(line.state != "open" for line in lines) and assignment.state == POSTED:
                raise UserError(
                    self.env._("Some debts are paid or charged back: those cannot be undone.")
                )
            if assignment.state != POSTED:
                assignment._move("undo")
            undone = assignment._undo_entry()
            lines.write({"state": "undone"})
            assignment._move("undo", undo_move_id=undone.id)

    def action_close(self):
        """The factor pays the hold-back out; a liability that is not needed is released."""
        self.check_access("write")
        self._check_bookkeeper()
        for assignment in self:
            if any(line.state == "open" for line in assignment.line_ids):
                raise UserError(
                    self.env._("Some debts are neither paid to the factor nor charged back yet.")
                )
            company, terms = assignment.company_id.sudo(), assignment._terms(assignment.amount)
            rows = [
                ("credit_assignment_cash_account_id", terms.held_back),
                ("credit_holdback_account_id", -terms.held_back),
                ("credit_recourse_account_id", terms.liability),
                ("credit_factoring_cost_account_id", -terms.liability),
            ]
            rows = [(name, amount) for name, amount in rows if amount]
            move = self.env["account.move"]
            if rows:
                move = assignment._book(
                    [
                        {
                            "account_id": company._credit_account_for(name).id,
                            "partner_id": assignment.partner_id.id,
                            "name": assignment.name,
                            "amount_currency": amount,
                        }
                        for name, amount in rows
                    ],
                    company._credit_today(),
                )
            assignment._move("close", close_move_id=move.id)

    def _notices(self):
        """``[(customer, lines)]``: what each debtor is told."""
        self.ensure_one()
        return list(self.line_ids.grouped("partner_id").items())

    def _notice_lang(self, partner):
        return self.env["credit.followup"]._language(partner.sudo(), self.company_id.sudo())

    def _notice_words(self):
        """The sentences of the notice: what was assigned, and where to pay."""
        self.ensure_one()
        factor = self.partner_id
        bank = factor.bank_ids[:1]
        return {
            "opening": self.env._(
                "On %(date)s %(company)s assigned the debts below to %(factor)s. From now on "
                "please pay them to %(factor)s only; a payment to us does not settle them.",
                date=sentences.day(self.env, self.date),
                company=sentences.name(self.company_id.name, strong=True),
                factor=sentences.name(factor.name, strong=True),
            ),
            "account": bank
            and self.env._(
                "Account of %(party)s: %(account)s",
                party=sentences.name(factor.name),
                account=sentences.account(bank),
            ),
        }

    def _filename(self):
        self.ensure_one()
        number = (self.name or "").replace("/", "-")
        return self.env._("Notice of assignment %s", number)
