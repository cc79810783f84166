from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...core import netting as core
from ...tools import sentences
from ...tools.bounds import AMOUNT

DRAFT, POSTED, UNDONE = "draft", "posted", "undone"
STATES = [(DRAFT, "Draft"), (POSTED, "Posted"), (UNDONE, "Undone")]
SIDES = [("receivable", "They owe us"), ("payable", "We owe them")]


class CreditNetting(models.Model):
    """What a partner owes us set off against what we owe them, in one currency.

    The act of offset is printed and signed first; the entry is made on confirmation, settles both
    sides, the oldest due first, and is undone as one.
    """

    _name = "credit.netting"
    _description = "Netting"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "credit.bounded",
        "credit.audited",
        "credit.settlement.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _credit_bounds = {"wanted": AMOUNT}
    _settlement = "netting"
    _transitions = {(DRAFT, "post"): POSTED, (POSTED, "undo"): UNDONE}
    _results = {
        "state",
        "move_id",
        "undo_move_id",
        "posted_by_id",
        "name",
        "undone_on",
        "line_ids",
    }
    _stays_free = {"note", "notice_on", "signed_document", "signed_name"}

    _audited = (
        "account_id",
        "currency_id",
        "date",
        "amount",
        "state",
        "move_id",
        "undo_move_id",
        "posted_by_id",
    )

    account_id = fields.Many2one(
        "credit.account", "Partner", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    wanted = fields.Monetary("At Most", help="Zero: as much as both sides allow.")
    line_ids = fields.One2many("credit.netting.line", "netting_id", readonly=True, copy=False)
    amount = fields.Monetary("Set Off", compute="_compute_amount", store=True)
    receivable = fields.Monetary("They Owe Us", compute="_compute_amount", store=True)
    payable = fields.Monetary("We Owe Them", compute="_compute_amount", store=True)
    notice_on = fields.Date("Notice Given On", help="The day on which the partner was told.")
    signed_document = fields.Binary("Signed Act", attachment=True, copy=False)
    signed_name = fields.Char(copy=False)
    state = fields.Selection(
        STATES, required=True, readonly=True, default=DRAFT, copy=False, index=True, tracking=True
    )
    undone_on = fields.Date(readonly=True, copy=False)

    @api.depends("line_ids.part", "line_ids.open_amount", "line_ids.side")
    def _compute_amount(self):
        for netting in self:
            for side in ("receivable", "payable"):
                own = netting.line_ids.filtered(lambda line, side=side: line.side == side)
                netting[side] = sum(own.mapped("open_amount"))
            ours = netting.line_ids.filtered(lambda line: line.side == "receivable")
            netting.amount = sum(ours.mapped("part"))

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for netting in self:
            netting.display_name = self.env._(
                "%(name)s, %(partner)s",
                name=netting.name,
                partner=netting.sudo().partner_id.display_name or "",
            )

    def _refusals(self):
        return {
            "new": self.env._("A new netting is a draft."),
            "result": self.env._("What is set off is worked out, not written by hand."),
            "booked": self.env._("A posted netting does not change: undo it instead."),
            "kept": self.env._("A posted netting is part of the books: undo it instead."),
        }

    @api.model_create_multi
    def create(self, vals_list):
        nettings = super().create(vals_list)
        for netting in nettings:
            netting._propose()
        return nettings

    def write(self, vals):
        result = super().write(vals)
        if {"wanted", "currency_id", "account_id"} & vals.keys():
            for netting in self.filtered(lambda netting: netting.state == DRAFT):
                netting._propose()
        return result

    # ------------------------------------------------------------------
    # Proposing
    # ------------------------------------------------------------------

    def action_propose(self):
        """Read both sides again and choose the oldest first."""
        self.check_access("write")
        for netting in self:
            if netting.state != DRAFT:
                raise UserError(self.env._("A posted netting does not change: undo it instead."))
            netting._propose()

    def _propose(self):
        self.ensure_one()
        sides = {side: self._open_lines(side) for side, _title in SIDES}
        rows = {
            side: [
                (line.id, line.date_maturity or line.date, abs(line.amount_residual_currency))
                for line in lines
            ]
            for side, lines in sides.items()
        }
        possible = min(sum(row[2] for row in side) for side in rows.values())
        wanted = min(self.wanted or possible, self.currency_id.round(possible))
        _amount, *parts = core.net(*rows.values(), self.currency_id.round(wanted))
        chosen = {side: dict(own) for side, own in zip(rows, parts, strict=True)}
        self.sudo().line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "side": side,
                        "move_line_id": id_,
                        "open_amount": amount,
                        "part": chosen[side].get(id_, 0.0),
                    }
                )
                for side, own in rows.items()
                for id_, _day, amount in own
            ),
        ]

    def _open_lines(self, side):
        """The open debts (sudo) of one side: of every contact, in every branch."""
        self.ensure_one()
        company = self.company_id.root_id
        Line = self.env["account.move.line"].sudo()
        sign = ">" if side == "receivable" else "<"
        domain = [
            ("company_id", "child_of", company.id),
            ("partner_id.commercial_partner_id", "=", self.partner_id.id),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("currency_id", "=", self.currency_id.id),
            ("amount_residual_currency", sign, 0),
        ]
        if side == "receivable":
            accounts = self.env["credit.open.item"]._receivable_account_ids()
            domain.append(("account_id", "in", accounts))
        else:
            domain += [
                ("account_id.account_type", "=", "liability_payable"),
                ("account_id.non_trade", "=", False),
            ]
        return Line.search(domain, order="date_maturity, id")

    # ------------------------------------------------------------------
    # Posting
    # ------------------------------------------------------------------

    def action_print(self):
        """The act of offset, to be signed."""
        self.check_access("read")
        return self.env.ref("credit_collection.credit_netting_report").report_action(self)

    def action_post(self):
        """Book the netting: one entry, matched with both sides."""
        self.check_access("write")
        self._check_bookkeeper()
        for netting in self:
            netting.account_id.sudo()._serialize()
            lines = netting.sudo().line_ids.filtered("part")
            if not lines:
                raise UserError(self.env._("There is nothing to set off on both sides."))
            for line in lines:
                netting._check_item(line.move_line_id, line.part, netting.partner_id)
            rows = [
                netting._settling_row(
                    line.move_line_id,
                    line.part,
                    self.env._(
                        "%(netting)s: %(document)s",
                        netting=netting.name,
                        document=line.move_line_id.move_id.name,
                    ),
                )
                for line in lines
            ]
            move = netting._book(rows, netting.date)
            netting._move("post", move_id=move.id, posted_by_id=self.env.uid)

    def action_undo(self):
        """Take the netting back on both sides."""
        self.check_access("write")
        self._check_bookkeeper()
        for netting in self:
            netting.account_id.sudo()._serialize()
            if netting.state != POSTED:
                netting._move("undo")
            undone = netting._undo_entry()
            netting._move(
                "undo", undo_move_id=undone.id, undone_on=netting.company_id._credit_today()
            )

    def _print_lang(self):
        self.ensure_one()
        netting = self.sudo()
        return self.env["credit.followup"]._language(netting.partner_id, netting.company_id)

    def _act_words(self):
        """The sentences of the act of offset."""
        self.ensure_one()
        company, partner = self.company_id.name, self.partner_id.name
        return {
            "opening": self.env._(
                "%(company)s and %(customer)s owe each other the amounts below. As of %(date)s "
                "they are set off against each other up to %(amount)s; what is left stays due.",
                company=sentences.name(company, strong=True),
                customer=sentences.name(partner, strong=True),
                date=sentences.day(self.env, self.date),
                amount=sentences.money(self.env, self.amount, self.currency_id, strong=True),
            ),
            "receivable": self.env._("Owed by %(party)s", party=sentences.name(partner)),
            "payable": self.env._("Owed by %(party)s", party=sentences.name(company)),
            "our_signature": sentences.signature(self.env, company),
            "their_signature": sentences.signature(self.env, partner),
        }

    def _filename(self):
        self.ensure_one()
        number = (self.name or "").replace("/", "-")
        return self.env._("Act of offset %s", number)


class CreditNettingLine(models.Model):
    _name = "credit.netting.line"
    _description = "Item of a Netting"
    _order = "side desc, date_due, id"
    _rec_name = "move_line_id"

    netting_id = fields.Many2one(
        "credit.netting", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="netting_id.company_id", store=True, index=True)
    account_id = fields.Many2one(related="netting_id.account_id", store=True, index=True)
    side = fields.Selection(SIDES, required=True, readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line", "Item", required=True, readonly=True, index=True, ondelete="restrict"
    )
    document = fields.Char(
        compute="_compute_document", help="Of what we owe, the number that the partner gave it."
    )
    date_due = fields.Date(related="move_line_id.date_maturity", store=True, string="Due Date")
    currency_id = fields.Many2one(related="netting_id.currency_id")
    open_amount = fields.Monetary("Open", readonly=True)
    part = fields.Monetary("Set Off", readonly=True)

    @api.depends("move_line_id", "side")
    def _compute_document(self):
        for line in self:
            move = line.sudo().move_line_id.move_id
            line.document = (line.side == "payable" and move.ref) or move.name

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("What is set off is worked out, not written by hand."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("What is set off is worked out, not written by hand."))
        return super().write(vals)
