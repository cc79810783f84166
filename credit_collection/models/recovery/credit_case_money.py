from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ...tools.bounds import AMOUNT
from ...tools.groups import COLLECTOR, OFFICER
from ...tools.write_guards import without_defaults

# What follows from the payment, the agency's table and its statement.
FOLLOWS = {"fee", "fee_percent", "partial_id", "stated_fee", "reconciled"}


class CreditCaseCost(models.Model):
    """Money spent on a case."""

    _name = "credit.case.cost"
    _description = "Cost of a Case"
    _inherit = "credit.bounded"
    _order = "date, id"
    _credit_bounds = {"amount": AMOUNT}

    case_id = fields.Many2one("credit.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    kind = fields.Selection(
        [
            ("court", "Court fee"),
            ("lawyer", "Lawyer"),
            ("bailiff", "Bailiff"),
            ("agency", "Agency"),
            ("other", "Other"),
        ],
        required=True,
        default="court",
    )
    name = fields.Char("For What")
    amount = fields.Monetary(required=True)
    charged = fields.Boolean("Asked of the Debtor", default=True)


class CreditCaseRecovery(models.Model):
    """Money that came in: read from the payments of its items, or noted (dividend, bailiff)."""

    _name = "credit.case.recovery"
    _description = "Recovery of a Case"
    _inherit = "credit.bounded"
    _order = "date, id"
    _credit_bounds = {"amount": AMOUNT}

    case_id = fields.Many2one("credit.case", required=True, index=True, ondelete="cascade")
    agency_id = fields.Many2one(
        "credit.collection.agency", related="case_id.agency_id", store=True, index=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    source = fields.Selection(
        [
            ("direct", "Paid to us"),
            ("agency", "Paid to the agency"),
            ("court", "By the bailiff"),
            ("dividend", "Dividend"),
        ],
        required=True,
        default="direct",
    )
    amount = fields.Monetary(required=True)
    fee_percent = fields.Float(readonly=True, aggregator=None)
    fee = fields.Monetary("Agency's Fee", readonly=True)
    partial_id = fields.Integer("Matching Number", readonly=True)
    stated_fee = fields.Monetary("Fee by Their Statement", readonly=True)
    reconciled = fields.Boolean("In Their Statement", readonly=True)
    note = fields.Char()

    _partial_uniq = models.UniqueIndex(
        "(case_id, partial_id) WHERE partial_id > 0", "A payment counts once."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, {"case_id", "date", "source", "amount", "note"})
            if any(FOLLOWS & vals.keys() for vals in vals_list):
                raise AccessError(self.env._("Fees follow the agency's table."))
        recoveries = super().create(vals_list)
        recoveries.sudo()._earn_fee()
        return recoveries

    def write(self, vals):
        if not self.env.su and (FOLLOWS | {"case_id"}) & vals.keys():
            raise AccessError(self.env._("Fees follow the agency's table."))
        result = super().write(vals)
        if {"amount", "date"} & vals.keys():
            self.sudo()._earn_fee()
        return result

    def _earn_fee(self):
        """What comes after the hand-over earns the agency's fee, wherever it was paid."""
        for recovery in self:
            case = recovery.case_id
            earns = (
                case.agency_id
                and case.handed_on
                and recovery.date >= case.handed_on
                and not (case.recalled_on and recovery.date > case.recalled_on)
            )
            percent = case.agency_id._fee_percent(case) if earns else 0.0
            recovery.fee_percent = percent
            recovery.fee = recovery.currency_id.round(recovery.amount * percent / 100)


class CreditCaseOffer(models.Model):
    """A settlement: less than is owed, paid at once or until a day, decided by authority."""

    _name = "credit.case.offer"
    _description = "Settlement Offer"
    _inherit = ["credit.bounded", "credit.audited"]
    _audited = ("case_id", "amount", "given_up", "state", "decided_by_id")
    _order = "date desc, id desc"
    _credit_bounds = {"amount": AMOUNT}

    case_id = fields.Many2one("credit.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    by = fields.Selection(
        [("us", "Ours"), ("them", "Theirs")], "Made By", required=True, default="them"
    )
    amount = fields.Monetary("They Pay", required=True)
    pay_by = fields.Date()
    given_up = fields.Monetary(
        compute="_compute_given_up", store=True, help="What is asked, less what they pay."
    )
    note = fields.Char("Conditions")
    decided_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    state = fields.Selection(
        [("open", "Open"), ("accepted", "Accepted"), ("refused", "Refused")],
        default="open",
        required=True,
        readonly=True,
    )

    def _is_audited(self):
        """An open offer is no decision yet."""
        return self.state != "open" and super()._is_audited()

    @api.depends("amount", "case_id.interest", "case_id.compensation", "case_id.move_line_ids")
    def _compute_given_up(self):
        for offer in self:
            offer.given_up = max(offer.case_id.asked - offer.amount, 0.0)

    @api.constrains("amount")
    def _check_amount(self):
        if any(offer.amount <= 0 for offer in self):
            raise ValidationError(self.env._("An offer needs an amount."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, {"case_id", "by", "date", "amount", "pay_by", "note"})
            if any({"state", "decided_by_id", "given_up"} & vals.keys() for vals in vals_list):
                raise AccessError(self.env._("Use Accept and Refuse."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and {"state", "decided_by_id", "given_up", "case_id"} & vals.keys():
            raise AccessError(self.env._("Use Accept and Refuse."))
        if not self.env.su and any(offer.state != "open" for offer in self):
            raise UserError(self.env._("It is decided already."))
        return super().write(vals)

    def action_accept(self):
        """Accept: what is given up has to be within the user's authority."""
        self._decide("accepted")

    def action_refuse(self):
        """Refuse the offer."""
        self._decide("refused")

    def _decide(self, state):
        self.check_access("write")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("A credit officer decides on settlements."))
        for offer in self:
            if offer.state != "open":
                raise UserError(self.env._("It is decided already."))
            company = offer.company_id
            if state == "accepted" and not self.env.user._has_credit_authority(
                offer.given_up, company.currency_id, company
            ):
                raise AccessError(
                    self.env._(
                        "Giving up %s is beyond your authority.",
                        company.currency_id.format(offer.given_up),
                    )
                )
            offer.sudo().write({"state": state, "decided_by_id": self.env.uid})
            offer.case_id.message_post(
                body=self.env._(
                    "Settlement over %(amount)s: %(state)s",
                    amount=company.currency_id.format(offer.amount),
                    state=dict(self._fields["state"]._description_selection(self.env))[state],
                )
            )


class CreditCase(models.Model):
    """Recoveries and the agency of a case."""

    _inherit = "credit.case"

    def _interest_rows(self):
        """The interest on the case's items, claimed or not, up to today, as dicts by invoice.

        Keys: invoice, currency, kind, date_from, date_to, days, base, rate, claim, amount.
        """
        self.ensure_one()
        case = self.sudo()
        Line = self.env["credit.interest.line"].sudo()
        claimed = Line.search(
            [("move_line_id", "in", case.move_line_ids.ids), ("counts", "=", True)]
        )
        rows = [
            {
                "invoice": line.move_id.name,
                "currency": line.currency_id,
                "claim": line.claim_id.name,
                **{name: line[name] for name in ("kind", "date_from", "date_to", "days")},
                **{name: line[name] for name in ("base", "rate", "amount")},
            }
            for line in claimed
        ]
        today = case.company_id._credit_today()
        for values in Line._uncharged(case.account_id, today):
            if values["move_line_id"] in case.move_line_ids.ids:
                rows.append(
                    {
                        "invoice": self.env["account.move"].sudo().browse(values["move_id"]).name,
                        "currency": self.env["res.currency"].browse(values["currency_id"]),
                        "claim": False,
                        **{name: values[name] for name in ("kind", "date_from", "date_to")},
                        **{name: values[name] for name in ("days", "base", "rate", "amount")},
                    }
                )
        return sorted(rows, key=lambda row: (row["invoice"] or "", row["date_from"], row["kind"]))

    @api.model
    def _interest_totals(self, rows):
        """``[(currency, sum)]`` of such rows."""
        totals = {}
        for row in rows:
            totals[row["currency"]] = totals.get(row["currency"], 0.0) + row["amount"]
        return list(totals.items())

    def action_record_recoveries(self):
        """Read what was paid on its items since it was opened."""
        self._check_role(COLLECTOR)
        self.sudo()._record_recoveries()

    def _record_recoveries(self):
        """One recovery for each payment in money on the items since the opening."""
        for case in self.filtered(lambda each: each.opened_on and each.move_line_ids):
            there = set(case.recovery_ids.mapped("partial_id"))
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT paid.id, settler.date, SUM(paid.amount)
                      FROM (%s) AS paid
                      JOIN account_move_line settler ON settler.id = paid.settler_id
                     WHERE paid.nature = 'cash' AND settler.date >= %s
                     GROUP BY paid.id, settler.date
                    """,
                    self.env["account.partial.reconcile"]._credit_natures_sql(
                        SQL("partial.debit_move_id = ANY(%s)", case.move_line_ids.ids)
                    ),
                    case.opened_on,
                )
            )
            case.recovery_ids = [
                Command.create(
                    {
                        "partial_id": partial,
                        "date": day,
                        "amount": case.company_currency_id.round(float(amount)),
                    }
                )
                for partial, day, amount in rows
                if partial not in there
            ]

    def action_hand_to_agency(self):
        """Hand the case over: from now on what comes in earns the agency's fee."""
        self._check_role(OFFICER)
        for case in self:
            if not case.agency_id:
                raise UserError(self.env._("Choose the agency first."))
            if case.state != "open":
                raise UserError(self.env._("Open the case first."))
            if case.handed_on and not case.recalled_on:
                raise UserError(self.env._("It is with the agency already."))
            case.sudo().write({"handed_on": case.company_id._credit_today(), "recalled_on": False})
            case.fee_percent = case.agency_id._fee_percent(case)

    def action_recall(self):
        """Take the case back from the agency."""
        self._check_role(OFFICER)
        for case in self:
            if not case.handed_on or case.recalled_on:
                raise UserError(self.env._("It is with no agency."))
            case.sudo().recalled_on = case.company_id._credit_today()
