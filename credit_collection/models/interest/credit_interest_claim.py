from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ...tools import sentences
from ...tools.groups import COLLECTOR, OFFICER
from ...tools.numbering import next_number
from ...tools.states import next_state
from ...tools.write_guards import fields_outside

DRAFT, CLAIMED, BILLED, SETTLED, REVERSED = "draft", "claimed", "billed", "settled", "reversed"
STATES = [
    (DRAFT, "Draft"),
    (CLAIMED, "Claimed"),
    (BILLED, "Billed"),
    (SETTLED, "Paid"),
    (REVERSED, "Reversed"),
]
TRANSITIONS = {
    (DRAFT, "claim"): CLAIMED,
    (CLAIMED, "bill"): BILLED,
    (DRAFT, "bill"): BILLED,
    (CLAIMED, "settle"): SETTLED,
    (BILLED, "settle"): SETTLED,
    (SETTLED, "unsettle_bill"): BILLED,
    (SETTLED, "unsettle_claim"): CLAIMED,
    (CLAIMED, "reverse"): REVERSED,
    (BILLED, "reverse"): REVERSED,
    (SETTLED, "reverse"): REVERSED,
}
FREE_TO_CHANGE = {"note", "deadline"}


class CreditInterestClaim(models.Model):
    """Interest and compensation claimed from a customer, in one currency, up to a day.

    Nothing is in the books before it is billed.  *Waive* lets the customer off a part and keeps the
    claim, *reinstate* takes a waiver back, *reverse* says that the claim was wrong: its days may be
    charged again.
    """

    _name = "credit.interest.claim"
    _description = "Interest Claim"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.bounded", "credit.audited"]
    _order = "date desc, id desc"
    _check_company_auto = True

    _audited = (
        "account_id",
        "currency_id",
        "date",
        "date_to",
        "state",
        "rule_id",
        "total",
        "waived",
        "bill_move_id",
        "reverse_reason",
    )

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="account_id.partner_id", store=True, index=True, string="Customer"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    collector_id = fields.Many2one(related="account_id.collector_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    rule_id = fields.Many2one(
        "credit.interest.rule",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    date = fields.Date("Claimed On", required=True, readonly=True)
    date_to = fields.Date("Interest Up To", required=True, readonly=True)
    deadline = fields.Date("To Be Paid By", tracking=True)
    line_ids = fields.One2many("credit.interest.line", "claim_id", readonly=True)
    waiver_ids = fields.One2many("credit.interest.waiver", "claim_id", readonly=True)
    interest = fields.Monetary(compute="_compute_amounts", store=True)
    compensation = fields.Monetary(compute="_compute_amounts", store=True)
    total = fields.Monetary(compute="_compute_amounts", store=True)
    waived = fields.Monetary(compute="_compute_waived", store=True)
    to_pay = fields.Monetary(compute="_compute_waived", store=True)
    bill_move_id = fields.Many2one(
        "account.move",
        "Billed By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default=DRAFT, copy=False, index=True, tracking=True
    )
    reverse_reason = fields.Char(readonly=True, copy=False, tracking=True)
    user_id = fields.Many2one("res.users", "Claimed By", readonly=True, index="btree_not_null")
    note = fields.Text()

    @api.depends("line_ids.amount", "line_ids.kind")
    def _compute_amounts(self):
        for claim in self:
            sums = {"interest": 0.0, "compensation": 0.0}
            for line in claim.line_ids:
                sums["interest" if line.kind == "correction" else line.kind] += line.amount
            claim.interest = sums["interest"]
            claim.compensation = sums["compensation"]
            claim.total = sum(sums.values())

    @api.depends("total", "waiver_ids.amount", "waiver_ids.reinstated_on", "currency_id")
    def _compute_waived(self):
        for claim in self:
            claim.waived = sum(
                waiver.amount for waiver in claim.waiver_ids if not waiver.reinstated_on
            )
            claim.to_pay = claim.currency_id.round(claim.total - claim.waived)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for claim in self:
            claim.display_name = self.env._(
                "%(name)s, %(customer)s",
                name=claim.name,
                customer=claim.sudo().partner_id.display_name,
            )

    # ------------------------------------------------------------------
    # Only made by the rules
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Interest is claimed from a credit file, not written by hand.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and fields_outside(vals, FREE_TO_CHANGE):
            raise AccessError(
                self.env._("A claim is what the rule says: waive a part or reverse it instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(claim.state != DRAFT for claim in self):
            raise UserError(self.env._("Only a draft can be deleted: reverse the claim instead."))

    def _is_audited(self):
        # EXTENDS credit.audited: a draft is no decision yet
        return super()._is_audited() and self.state != DRAFT

    @api.model
    def _make(self, accounts, date_to=None):
        """Make draft claims of what is not charged yet, one per file, currency and rule.

        Drafts of these files are made anew.

        :param date_to: the last day that counts, default each company's today; never later
        :return: the claims, with the rights of the caller
        """
        self._check_group(COLLECTOR)
        accounts.check_access("read")
        made = self.sudo().browse()
        for company, own in accounts.sudo().grouped("company_id").items():
            today = company._credit_today()
            day = min(fields.Date.to_date(date_to) or today, today)
            own._serialize()
            self.sudo().search([("account_id", "in", own.ids), ("state", "=", DRAFT)]).unlink()
            found = defaultdict(list)
            for values in self.env["credit.interest.line"].sudo()._uncharged(own, day):
                key = (
                    values.pop("account_id"), values.pop("currency_id"), values.pop("rule_id")
                )  # fmt: skip
                values.pop("move_id")
                found[key].append(values)
            made |= self._make_drafts(found, day, today)
        return made.with_env(self.env)

    @api.model
    def _make_drafts(self, found, day, today):
        """Make the drafts that reach the least amount of their rule."""
        values = []
        for (account_id, currency_id, rule_id), lines in found.items():
            rule = self.env["credit.interest.rule"].sudo().browse(rule_id)
            currency = self.env["res.currency"].browse(currency_id)
            account = self.env["credit.account"].sudo().browse(account_id)
            total = currency._convert(
                sum(line["amount"] for line in lines), rule.currency_id, account.company_id, day
            )
            if total <= 0 or total < rule.minimum_amount:
                continue
            values.append(
                {
                    "name": next_number(self.env, "credit.interest.claim"),
                    "account_id": account_id,
                    "currency_id": currency_id,
                    "rule_id": rule_id,
                    "date": today,
                    "date_to": day,
                    "user_id": self.env.uid,
                    "line_ids": [fields.Command.create(line) for line in lines],
                }
            )
        return self.sudo().create(values)

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def _check_group(self, *groups):
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            titles = [self.env.ref(group).sudo().display_name for group in groups]
            raise AccessError(self.env._("This needs the role %s.", " / ".join(titles)))

    def _check_authority(self, amount):
        """Letting a customer off is a decision on money: within one's authority.

        :raises AccessError: nobody asked who may
        """
        self.ensure_one()
        if not self.env.user._has_credit_authority(amount, self.currency_id, self.company_id):
            raise AccessError(
                self.env._(
                    "%(amount)s is above what you may decide. Ask a credit manager.",
                    amount=self.currency_id.format(amount),
                )
            )

    def _move(self, event, **values):
        """Take a step of ``TRANSITIONS``.

        :raises UserError: the claim's state has no such step
        """
        for claim in self:
            state = next_state(claim, TRANSITIONS, event)
            claim.sudo().write({"state": state, **values})

    def action_claim(self):
        """Say to the customer what is owed: the letter is printed, nothing is booked."""
        self.check_access("write")
        self._check_group(COLLECTOR)
        self._move("claim")
        return self.action_print()

    def action_print(self):
        """The letter with the calculation."""
        self.check_access("read")
        report = self.env.ref("credit_collection.credit_interest_claim_report")
        return report.report_action(self)

    def action_send(self):
        """Write to the customer with the letter attached."""
        self.ensure_one()
        self.check_access("write")
        self._check_group(COLLECTOR)
        if self.state == DRAFT:
            self._move("claim")
        template = self.env.ref("credit_collection.mail_template_interest_claim")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
            },
        }

    def action_waive(self):
        """Ask how much of the claim is let off, and why."""
        self.ensure_one()
        self.check_access("write")
        self._check_group(OFFICER)
        return self._dialog("credit.interest.waive", self.env._("Waive"))

    def action_ask_reverse(self):
        """Ask why the claim was wrong."""
        self.ensure_one()
        self.check_access("write")
        self._check_group(OFFICER)
        return self._dialog("credit.interest.reverse", self.env._("Reverse"))

    def _dialog(self, model, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    def _waive(self, amount, reason):
        """Let the customer off a part; what was billed is credited.

        :raises UserError: no reason, more than is left, or a claim that was reversed
        """
        self.ensure_one()
        self._check_group(OFFICER)
        self._check_authority(amount)
        self.account_id.sudo()._serialize()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the interest is waived."))
        if self.state not in (CLAIMED, BILLED):
            raise UserError(self.env._("Only what was claimed and is not settled can be waived."))
        left = self._left_to_pay()
        amount = self.currency_id.round(amount)
        if amount <= 0 or self.currency_id.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "Between %(cent)s and %(left)s can be waived.",
                    cent=self.currency_id.format(self.currency_id.rounding),
                    left=self.currency_id.format(left),
                )
            )
        waiver = (
            self.env["credit.interest.waiver"]
            .sudo()
            .create(
                {
                    "claim_id": self.id,
                    "amount": amount,
                    "reason": reason.strip(),
                    "user_id": self.env.uid,
                    "date": self.company_id._credit_today(),
                }
            )
        )
        if self.state == BILLED:
            waiver._credit_bill()
        self.sudo().message_post(
            body=self.env._(
                "Waived %(amount)s: %(reason)s",
                amount=self.currency_id.format(amount),
                reason=reason.strip(),
            )
        )
        self._follow_settlement()
        return waiver

    def _left_to_pay(self):
        """What the customer still owes of the claim."""
        self.ensure_one()
        return self.sudo().bill_move_id.amount_residual if self.bill_move_id else self.to_pay

    def _reverse(self, reason):
        """The claim was wrong: take the bill back; its days may be charged again."""
        self.ensure_one()
        self._check_group(OFFICER)
        self._check_authority(self.total)
        self.account_id.sudo()._serialize()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the claim is reversed."))
        if self.bill_move_id:
            self._reverse_bill()
        self._move("reverse", reverse_reason=reason.strip())
        self.sudo().line_ids.counts = False

    def _follow_settlement(self):
        """Take over whether what was claimed is paid or waived in full."""
        for claim in self.sudo():
            done = claim.currency_id.is_zero(claim._left_to_pay()) and (
                not claim.bill_move_id or claim.bill_move_id.state == "posted"
            )
            if done and claim.state in (CLAIMED, BILLED):
                claim._move("settle")
            elif not done and claim.state == SETTLED:
                claim._move("unsettle_bill" if claim.bill_move_id else "unsettle_claim")

    @api.model
    def _follow_payments(self, lines):
        """The matching of these journal items changed: perhaps a bill is paid, or no longer."""
        claims = self.sudo().search(
            [("bill_move_id", "in", lines.move_id.ids), ("state", "in", (BILLED, SETTLED))]
        )
        claims._follow_settlement()

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    def _opened(self):
        """Open these claims, or say that there is nothing to claim."""
        if not self:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._(
                        "Nothing to claim: no interest is open, or no rule says what it costs."
                    ),
                },
            }
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Interest Claims"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action |= {"view_mode": "form", "res_id": self.id}
        return action

    def _letter_lang(self):
        self.ensure_one()
        claim = self.sudo()
        return self.env["credit.followup"]._language(claim.partner_id, claim.company_id)

    def _letter_lines(self):
        """The lines of the letter by invoice, the oldest first."""
        self.ensure_one()
        return self.line_ids.sorted(
            lambda line: (line.move_id.id, line.kind != "interest", line.date_from)
        )

    def _letter_words(self):
        """The sentences of the letter."""
        self.ensure_one()
        amount = sentences.money(self.env, self.to_pay, self.currency_id, strong=True)
        reference = sentences.name(self.name, strong=True)
        if self.deadline:
            pay = self.env._(
                "Please pay %(amount)s by %(date)s with the reference %(reference)s.",
                amount=amount,
                date=sentences.day(self.env, self.deadline, strong=True),
                reference=reference,
            )
        else:
            pay = self.env._(
                "Please pay %(amount)s without delay with the reference %(reference)s.",
                amount=amount,
                reference=reference,
            )
        bank = self.company_id.partner_id.bank_ids[:1]
        return {
            "opening": self.env._(
                "The invoices below were or are paid after their due date. By %(rule)s we claim "
                "interest up to %(date)s; interest on what is still open runs on.",
                rule=sentences.name(self.rule_id.name),
                date=sentences.day(self.env, self.date_to),
            ),
            "pay": pay,
            "account": bank
            and self.env._("Our account: %(account)s.", account=sentences.account(bank)),
        }

    def _filename(self):
        self.ensure_one()
        number = (self.name or "").replace("/", "-")
        return self.env._("Interest claim %s", number)

    def _signer(self):
        """Who signs the letter: whoever claimed it, else the customer's collector."""
        self.ensure_one()
        account = self.account_id
        return account._person(self.sudo().user_id, account.sudo().collector_id)

    def _deadline_text(self):
        self.ensure_one()
        return format_date(self.env, self.deadline) if self.deadline else ""
