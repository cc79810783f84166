from odoo import fields, models
from odoo.exceptions import AccessError

from ...core import decision
from ...core.money import to_decimal
from ...tools.groups import COLLECTOR


class CreditAccount(models.Model):
    """What secures a customer's debt, and until when it can be sued for."""

    _inherit = "credit.account"

    collateral_ids = fields.One2many(
        "credit.collateral", "account_id", "Securities", groups=COLLECTOR
    )
    instrument_ids = fields.One2many(
        "credit.instrument", "account_id", "Cheques and Notes", groups=COLLECTOR
    )
    limitation_ids = fields.One2many("credit.limitation", "account_id", groups=COLLECTOR)
    limitation_law_id = fields.Many2one(
        "credit.limitation.law",
        "Law of Limitation",
        tracking=True,
        groups=COLLECTOR,
        index="btree_not_null",
        help="The law of the contract. Leave empty to take the company's.",
    )
    case_ids = fields.One2many("credit.case", "account_id", "Cases", groups=COLLECTOR)
    confirmation_ids = fields.One2many(
        "credit.balance.confirmation", "account_id", "Balance Confirmations", groups=COLLECTOR
    )
    next_lapse = fields.Date("First Claim Lapses", compute="_compute_next_lapse", groups=COLLECTOR)

    def _compute_next_lapse(self):
        first = dict(
            self.env["credit.limitation"]
            .sudo()
            ._read_group([("account_id", "in", self.ids)], ["account_id"], ["last_day:min"])
        )
        first = {account.id: day for account, day in first.items()}
        for account in self:
            account.next_lapse = first.get(account._origin.id, False)

    # ------------------------------------------------------------------
    # What rules ask
    # ------------------------------------------------------------------

    def _rule_securities(self):
        """The securities that cover these files, for the rule on exposure without cover.

        Each fact says up to which amount one covers, and up to which percent of the exposure.
        """
        Collateral = self.env["credit.collateral"].sudo()
        if not Collateral._any():
            return {}
        found = {}
        for collateral in Collateral.search([("account_id", "in", self.ids)]):
            if not collateral.covers_exposure or not collateral._covers_today():
                continue
            account = collateral.account_id
            value, percent, own_share = collateral._security()
            fact = decision.Fact(
                "security",
                value=to_decimal(value * percent / 100, account.currency_id.decimal_places),
                allowed=to_decimal(100 - own_share, 4),
            )
            found[account.id] = (*found.get(account.id, ()), fact)
        return found

    def _rule_cover_lost(self):
        """Since when the insurer covers no new deliveries to these files."""
        lost = self.env["credit.cover.deadline"].sudo()._lost_on(self)
        return {account: decision.Fact("cover_lost", day=day) for account, day in lost.items()}

    def _rule_returned_instruments(self):
        """The days on which cheques and notes of each file were returned."""
        returned = (
            self.env["credit.instrument"]
            .sudo()
            .search([("account_id", "in", self.ids), ("state", "=", "returned")])
        )
        found = {}
        for instrument in returned:
            fact = decision.Fact("returned_instrument", day=instrument.ended_on)
            account = instrument.account_id.id
            found[account] = (*found.get(account, ()), fact)
        return found

    def _rule_case_open(self):
        """The open case of each file."""
        cases = (
            self.env["credit.case"]
            .sudo()
            .search([("account_id", "in", self.ids), ("state", "=", "open")], order="id desc")
        )
        return {case.account_id.id: decision.Fact("case_open", text=case.name) for case in cases}

    def _with_lawyers(self):
        """The journal items of these files that are in an open case: ``{item id: case}``.

        What the portal and letters say of them is up to the road: court, agency or insolvency.
        """
        cases = (
            self.env["credit.case"]
            .sudo()
            .search([("account_id", "in", self.ids), ("state", "=", "open")], order="opened_on, id")
        )
        return {line.id: case for case in cases for line in case.move_line_ids}

    # ------------------------------------------------------------------
    # Hand-over
    # ------------------------------------------------------------------

    def action_hand_over(self):
        """Make cases over what is overdue of these customers and open them."""
        self.check_access("write")
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can hand a customer over."))
        cases = self.env["credit.case"]._hand_over(self)
        if len(cases) == 1:
            return cases.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_case_action"
        )
        return {**action, "domain": [("id", "in", cases.ids)], "context": {}}
