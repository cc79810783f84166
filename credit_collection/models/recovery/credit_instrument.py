from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ...tools.bounds import AMOUNT
from ...tools.groups import COLLECTOR
from ...tools.readers import for_reader
from ...tools.registry_cache import clear_registry_cache

OPEN = ("received", "deposited")


class CreditInstrument(models.Model):
    """A cheque, promissory note or bill of exchange that a customer gave.

    Until it clears, its money is not there: what it pays stays in the exposure (kind *uncleared*
    once it is booked as a payment), and no letter asks for it.
    """

    _name = "credit.instrument"
    _description = "Cheque or Note"
    _inherit = ["credit.file.document", "credit.audited"]
    _order = "date_due, id"
    _sequence = "credit.instrument"
    _audited = (
        "account_id",
        "kind",
        "number",
        "amount",
        "currency_id",
        "date_due",
        "counts_on_receipt",
        "payment_id",
        "state",
        "ended_on",
    )
    _results = frozenset(
        {
            "payment_id",
            "deposited_on",
            "ended_on",
            "fee_move_id",
            "amount_company",
            "counts_on_receipt",
        }
    )
    _credit_bounds = {"amount": AMOUNT, "fee": AMOUNT}
    _transitions = {
        ("received", "deposit"): "deposited",
        ("received", "clear"): "cleared",
        ("deposited", "clear"): "cleared",
        ("received", "return"): "returned",
        ("deposited", "return"): "returned",
        ("received", "endorse"): "endorsed",
    }

    kind = fields.Selection(
        [("cheque", "Cheque"), ("note", "Promissory Note"), ("bill", "Bill of Exchange")],
        required=True,
        default="cheque",
    )
    number = fields.Char(required=True)
    drawer_id = fields.Many2one("res.partner", index="btree_not_null", help="Who signed it.")
    bank = fields.Char()
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount_company = fields.Monetary(
        "Amount in Company Currency",
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
    )
    counts_on_receipt = fields.Boolean(
        compute="_compute_counts_on_receipt",
        store=True,
        precompute=True,
        help="Booked, it counts as paid before it clears: the policy said so when it was received.",
    )
    received_on = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    date_due = fields.Date("Due Date", required=True, index=True)
    move_line_ids = fields.Many2many(
        "account.move.line",
        "credit_instrument_item_rel",
        "instrument_id",
        "move_line_id",
        string="Pays Documents",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        index="btree_not_null",
        help="Where its payment is booked.",
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, copy=False, index="btree_not_null"
    )
    deposited_on = fields.Date(readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    endorsed_to_id = fields.Many2one("res.partner", index="btree_not_null")
    fee = fields.Monetary("Fee of the Return", help="Charged to the customer when it is returned.")
    fee_move_id = fields.Many2one(
        "account.move", "Fee Invoice", readonly=True, copy=False, index="btree_not_null"
    )
    return_reason = fields.Char()
    state = fields.Selection(
        [
            ("received", "Received"),
            ("deposited", "Deposited"),
            ("cleared", "Cleared by the Bank"),
            ("returned", "Returned"),
            ("endorsed", "Endorsed"),
        ],
        required=True,
        readonly=True,
        default="received",
        copy=False,
        tracking=True,
        index=True,
    )

    _amount_positive = models.Constraint("CHECK(amount > 0)", "An instrument needs an amount.")
    _open_idx = models.Index("(account_id) WHERE state IN ('received', 'deposited')")

    @api.depends("account_id")
    def _compute_currency_id(self):
        for instrument in self:
            instrument.currency_id = (
                instrument.currency_id or instrument.account_id.company_id.currency_id
            )

    @api.depends("account_id")
    def _compute_counts_on_receipt(self):
        for instrument in self:
            policy = instrument.account_id.sudo().effective_policy_id
            instrument.counts_on_receipt = policy.instruments_on_receipt

    @api.depends("amount", "currency_id", "account_id", "received_on")
    def _compute_amount_company(self):
        for instrument in self:
            company = instrument.account_id.company_id
            instrument.amount_company = (
                instrument.currency_id._convert(
                    instrument.amount,
                    company.currency_id,
                    company,
                    instrument.received_on or instrument.env.company._credit_today(),
                )
                if company
                else instrument.amount
            )

    @api.depends("kind", "number", "amount")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for instrument in self:
            instrument.display_name = self.env._(
                "%(kind)s %(number)s",
                kind=kinds.get(instrument.kind, ""),
                number=instrument.number or "",
            )

    @api.constrains("move_line_ids", "account_id")
    def _check_items(self):
        for instrument in self:
            if instrument._own_items(instrument.move_line_ids) != instrument.move_line_ids.sudo():
                raise ValidationError(
                    self.env._("An instrument pays only documents of its own customer.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        instruments = super().create(vals_list)
        if not self._any():
            clear_registry_cache(self.env)
        return instruments

    def write(self, vals):
        if not self.env.su and {"amount", "currency_id", "move_line_ids"} & vals.keys():
            if any(instrument.payment_id or instrument.state not in OPEN for instrument in self):
                raise UserError(self.env._("It is booked or ended: its amount does not change."))
        result = super().write(vals)
        self.sudo().account_id._wake_holds()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(instrument.payment_id for instrument in self):
            raise UserError(self.env._("It is booked or ended: its amount does not change."))

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_deposit(self):
        """It was given to the bank."""
        self._check_role(COLLECTOR)
        for instrument in self:
            today = instrument.company_id._credit_today()
            if instrument.date_due > today and instrument.kind == "cheque":
                raise UserError(
                    self.env._("A post-dated cheque goes to the bank on its day, not before.")
                )
            instrument._move("deposit", {"deposited_on": today})

    def action_book(self):
        """Book it as a payment of its items; its amount stays in the exposure until it clears."""
        self._check_role(COLLECTOR)
        self.env["account.payment"].check_access("create")
        for instrument in self.filtered(lambda i: i.state in OPEN and not i.payment_id):
            instrument._book()

    def _book(self):
        instrument = self.sudo()
        company = instrument.company_id
        journal = instrument.journal_id or self.env["account.journal"].sudo().search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        if not journal:
            raise UserError(self.env._("Choose the journal in which its payment is booked."))
        payment = (
            self.env["account.payment"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": instrument.partner_id.id,
                    "amount": instrument.amount,
                    "currency_id": instrument.currency_id.id,
                    "journal_id": journal.id,
                    "date": instrument.received_on,
                    "memo": instrument.display_name,
                    "invoice_ids": [Command.set(instrument.move_line_ids.move_id.ids)],
                }
            )
        )
        payment.action_post()
        lines = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        for account in lines.account_id:
            (lines + instrument.move_line_ids).filtered(
                lambda line, account=account: line.account_id == account and not line.reconciled
            ).reconcile()
        instrument.payment_id = payment

    def action_clear(self):
        """The money is there."""
        self._check_role(COLLECTOR)
        for instrument in self:
            instrument._move("clear", {"ended_on": instrument.company_id._credit_today()})

    def action_endorse(self):
        """It was passed on, to whom is said on it."""
        self._check_role(COLLECTOR)
        for instrument in self:
            if not instrument.endorsed_to_id:
                raise UserError(self.env._("Say to whom it was endorsed."))
            instrument._move("endorse", {"ended_on": instrument.company_id._credit_today()})

    def action_return(self):
        """The bank did not pay: what it paid is open again, with its fee."""
        self._check_role(COLLECTOR)
        if self.payment_id:
            self.env["account.payment"].check_access("write")
        for instrument in self:
            instrument._move("return", {"ended_on": instrument.company_id._credit_today()})
            instrument.sudo()._reopen()

    def _reopen(self):
        payment = self.payment_id
        if payment and payment.state not in ("draft", "canceled"):
            payment.move_id.line_ids.remove_move_reconcile()
            payment.action_draft()
            payment.action_cancel()
        if self.fee:
            self.fee_move_id = self._charge_fee()
        self.account_id._message_log(
            body=self.env._(
                "%(instrument)s over %(amount)s was returned. %(reason)s",
                instrument=self.display_name,
                amount=self.currency_id.format(self.amount),
                reason=self.return_reason or "",
            )
        )
        self.env["credit.signal"]._measure_one(self.account_id, "returned_payment")
        user = self.account_id._responsible_collector() or self.env.user
        told = for_reader(self, user)
        told.activity_schedule(
            "credit_collection.mail_activity_instrument",
            user_id=user.id,
            date_deadline=self.company_id._credit_today(),
            summary=told.env._("Returned by the bank: call the customer today"),
        )

    def _charge_fee(self):
        """A draft invoice over the fee of the return."""
        return (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_id.id,
                    "currency_id": self.currency_id.id,
                    "invoice_date": self.ended_on,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": self.env._("Fee for %s, returned", self.display_name),
                                "price_unit": self.fee,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )

    # ------------------------------------------------------------------
    # What others ask
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there was ever an instrument: else no query asks for one."""
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _protects_sql(self, line: SQL) -> SQL:
        """Whether an instrument that is on its way today pays a journal item."""
        if not self._any():
            return SQL("FALSE")
        return SQL(
            """EXISTS (SELECT FROM credit_instrument_item_rel rel
                         JOIN credit_instrument instrument ON instrument.id = rel.instrument_id
                        WHERE rel.move_line_id = %s
                          AND instrument.state IN ('received', 'deposited'))""",
            line,
        )
