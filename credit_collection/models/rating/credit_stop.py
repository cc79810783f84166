from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import OFFICER
from ...tools.jobs import each_safely
from ...tools.states import next_state
from ...tools.write_guards import fields_outside

TRANSITIONS = {("active", "lift"): "lifted"}


class CreditStop(models.Model):
    """The stop list: customers with whom no business is done on credit, and why.

    Whoever is on it is held at once, quotations included; never shown to customers.
    """

    _name = "credit.stop"
    _description = "Stop List"
    _inherit = ["mail.thread", "credit.audited"]
    _audited = (
        "account_id",
        "kind",
        "reason",
        "date_from",
        "date_to",
        "state",
        "user_id",
        "lifted_by_id",
        "lifted_on",
    )
    _order = "date_from desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [
            ("insolvent", "Insolvent"),
            ("sanctions", "Sanctions"),
            ("fraud", "Fraud or false papers"),
            ("conduct", "Conduct"),
            ("other", "Other"),
        ],
        required=True,
        default="conduct",
    )
    reason = fields.Char(required=True)
    source = fields.Char(help="Where it is known from.")
    date_from = fields.Date(
        "Since", required=True, default=lambda self: self.env.company._credit_today()
    )
    date_to = fields.Date("Until", help="Leave empty when it has no end.")
    state = fields.Selection(
        [("active", "Stopped"), ("lifted", "Lifted")],
        required=True,
        readonly=True,
        default="active",
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Put on the List By",
        readonly=True,
        default=lambda self: self.env.user,
        index="btree_not_null",
        ondelete="restrict",
    )
    lifted_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    lifted_on = fields.Date(readonly=True, copy=False)

    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "It cannot end before it begins."
    )
    _once = models.UniqueIndex(
        "(account_id) WHERE state = 'active'", "This customer is on the stop list already."
    )

    @api.depends("partner_id", "kind")
    def _compute_display_name(self):
        for stop in self:
            stop.display_name = stop.partner_id.display_name

    @api.model_create_multi
    def create(self, vals_list):
        self._check_officer()
        vals_list = [{**vals, "user_id": self.env.uid, "state": "active"} for vals in vals_list]
        stops = super().create(vals_list)
        for stop in stops:
            stop.account_id.action_set_manual_hold(
                self.env._("Stop list: %(reason)s", reason=stop.reason)
            )
        return stops

    def write(self, vals):
        if not self.env.su and fields_outside(vals, {"reason", "source", "date_to", "kind"}):
            raise AccessError(self.env._("Lift the stop, or put the customer on the list anew."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("The stop list is part of the history: lift the stop instead."))

    @api.model
    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can change the stop list."))

    def action_lift(self):
        """Take customers off the list and lift their hold."""
        self.check_access("write")
        self._check_officer()
        self._lift()
        return True

    def _lift(self):
        for stop in self:
            state = next_state(stop, TRANSITIONS, "lift")
            stop.sudo().write(
                {
                    "state": state,
                    "lifted_by_id": self.env.uid,
                    "lifted_on": stop.company_id._credit_today(),
                }
            )
            stop.account_id.sudo().action_lift_manual_hold()

    @api.model
    def _cron_lift(self):
        """Take those off whose time is over."""
        for company in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            over = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "active"),
                    ("date_to", "<", company._credit_today()),
                ]
            )
            each_safely(over, lambda stop: stop._lift(), "Stop list")

    @api.model
    def _alike(self, accounts):
        """Stopped or insolvent customers that look like these: same VAT number, bank account or
        address.

        :return: ``{account: files}``
        """
        avoided = self._avoided(accounts.company_id)
        marked = [(file, self._marks(file.partner_id)) for file in avoided]
        found = {}
        for account in accounts:
            marks = self._marks(account.partner_id)
            alike = avoided.browse(
                file.id
                for file, theirs in marked
                if file != account and file.company_id == account.company_id and marks & theirs
            )
            if alike:
                found[account] = alike
        return found

    @api.model
    def _alike_words(self, files):
        """The sentence on customers whose marks somebody shares."""
        return self.env._(
            "Same VAT number, bank account or address as %(customers)s: stopped or insolvent.",
            customers=", ".join(files.partner_id.mapped("display_name")),
        )

    @api.model
    def _avoided(self, companies):
        """The files on the stop list, and those whose insolvency is an open case."""
        mine = ("company_id", "in", companies.ids)
        stops = self.sudo().search([mine, ("state", "=", "active")])
        cases = (
            self.env["credit.case"]
            .sudo()
            .search([mine, ("state", "=", "open"), ("road", "=", "insolvency")])
        )
        return stops.account_id | cases.account_id

    @api.model
    def _marks(self, partner):
        """What tells a customer apart: VAT number, bank accounts, street and postcode."""
        partner = partner.sudo()
        marks = {("bank", bank.sanitized_acc_number) for bank in partner.bank_ids}
        if partner.vat and len(partner.vat) > 1:
            marks.add(("vat", partner.vat.replace(" ", "").upper()))
        if partner.street and partner.zip:
            marks.add(("address", partner.street.strip().lower(), partner.zip.strip()))
        return marks
