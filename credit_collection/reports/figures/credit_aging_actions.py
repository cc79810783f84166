from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.environment import without_caller_context
from ...tools.groups import COLLECTOR


class CreditAging(models.Model):
    """From the aging and its quadrants to what is done about them, customer by customer."""

    _inherit = "credit.aging"

    usual = fields.Char(
        "Usually",
        compute="_compute_usual",
        help="What is usual for items of this amount and age; the settings have the thresholds.",
    )

    @api.depends("quadrant")
    @api.depends_context("lang")
    def _compute_usual(self):
        usual = {
            "large_old": self.env._("Call today, hold new orders, propose a plan, then legal"),
            "large_recent": self.env._("Call: ask for a day"),
            "small_old": self.env._("Letters, then collect in one go or write off"),
            "small_recent": self.env._("Letters by themselves"),
        }
        for item in self:
            item.usual = usual.get(item.quadrant, False)

    def _files(self):
        """The credit files behind these items, as the user."""
        self.check_access("read")
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can work on customers from the aging."))
        files = self.account_id
        if not files:
            raise UserError(self.env._("Choose items of customers first."))
        return files

    def _open_action(self, xmlid, **values):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"credit_collection.{xmlid}")
        return {**action, **values}

    def action_assign(self):
        """Give the customers of these items to a collector."""
        files = self._files()
        return self._open_action(
            "credit_collector_assign_action", context={"default_account_ids": files.ids}
        )

    def action_call_list(self):
        """The customers of these items as a list of calls, the highest rank first."""
        files = self._files()
        return self._open_action(
            "credit_worklist_action", domain=[("id", "in", files.ids)], context={}
        )

    def action_plan_letters(self):
        """Plan today's messages to the customers of these items and open all that wait."""
        files = self._files()
        files.check_access("write")
        for company, own in files.grouped("company_id").items():
            fresh = without_caller_context(own.sudo(), company)
            waiting = fresh.followup_ids.filtered(lambda f: f.state in ("draft", "queued"))
            fresh.env["credit.followup"]._plan(
                company, company._credit_today(), fresh - waiting.account_id
            )
        return self._open_action(
            "credit_followup_action",
            domain=[("account_id", "in", files.ids), ("state", "in", ("draft", "queued"))],
        )

    def action_hold(self):
        """Put the customers of these items on hold, with one reason."""
        files = self._files()
        return self._open_action(
            "credit_account_hold_action",
            context={"default_account_id": files[:1].id, "default_account_ids": files.ids},
        )

    def action_propose_plan(self):
        """Begin a payment plan over these items, of one customer."""
        files = self._files()
        if len(files) > 1:
            raise UserError(self.env._("A plan is made with one customer: choose their items."))
        lines = self.filtered(lambda item: item.amount > 0).move_line_id
        if len(lines.currency_id) > 1:
            raise UserError(self.env._("A plan is in one currency: choose items of one."))
        items = [fields.Command.create({"move_line_id": line.id}) for line in lines]
        return self._open_action(
            "credit_plan_action",
            view_mode="form",
            views=[(False, "form")],
            context={"default_account_id": files.id, "default_item_ids": items},
        )
