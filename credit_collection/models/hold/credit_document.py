from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CreditDocument(models.AbstractModel):
    """What an order, a delivery and an invoice share before the credit check.

    A document has ``credit_hold_ids`` and says in ``_credit_hold_link`` which field of a hold
    leads back to it.  The check asks each for

    * ``_credit_partner()``, who pays, and ``_credit_company()``, to whom;
    * ``_credit_case(position, rules, checkpoint, today)``: position, request and rules;
    * ``_credit_prepaid(request)``: the request less what is paid already;
    * ``_credit_release(case)``: the release that lets it pass, if there is one;
    * ``_credit_hold_values()``: what a hold on it is made of;
    * ``_credit_waits(checkpoint)``: whether it still waits to pass;
    * ``_credit_withdraw()``: what follows when a release is taken back.
    """

    _name = "credit.document"
    _description = "Document Before the Credit Check"

    _credit_hold_link = None

    def _credit_own_holds(self):
        """The holds (sudo) of these documents themselves: of an order, not of its deliveries."""
        holds = self.sudo().credit_hold_ids
        if self._credit_hold_link == "order_id":
            return holds.filtered(lambda hold: not hold.picking_id)
        return holds

    def _credit_held(self):
        """The holds (sudo) of these documents that wait for a decision."""
        return self._credit_own_holds().filtered(lambda hold: hold.state == "held")

    def _credit_held_sql(self):
        """SQL of whether one of these documents waits for a decision."""
        return SQL("EXISTS (SELECT FROM credit_hold WHERE %s)", self._credit_held_condition_sql())

    def _credit_held_condition_sql(self):
        own = SQL(" AND picking_id IS NULL") if self._credit_hold_link == "order_id" else SQL()
        link = SQL.identifier(self._credit_hold_link)
        return SQL("%s = ANY(%s) AND state = 'held'%s", link, self.ids, own)

    @api.model
    def _search_credit_hold_state(self, operator, value):
        """The domain of deliveries and invoices that are held, were released, or are neither."""
        if operator != "in":
            return NotImplemented
        if not (self.env.su or self.env.user._is_internal()):
            return fields.Domain("none" in value)
        Hold, link = self.env["credit.hold"].sudo(), self._credit_hold_link

        def on_hold(state):
            holds = Hold._search([("state", "=", state), (link, "!=", False)])
            return fields.Domain("id", "in", holds.subselect(link))

        held, released = on_hold("held"), on_hold("released")
        domains = {"held": held, "released": released & ~held, "none": ~held & ~released}
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _credit_hold_stopped(self, cases):
        """Hold what does not pass, and record what a policy that only observes would have held.

        :param cases: list of :class:`.credit_check.CheckedDocument`
        :return: the documents that are held
        """
        Hold = self.env["credit.hold"]
        stopped = [case for case in cases if case.holds]
        Hold._hold(stopped)
        Hold._hold(
            [case for case in cases if case.decision.holds and case.observed and not case.release]
        )
        return self.browse([case.document.id for case in stopped])

    def _credit_held_notification(self, goes_on=None):
        """Tell whoever confirmed these documents what is held, and who decides on it.

        Whoever ships may not read figures: they are told the reason without them.

        :param goes_on: the action to go on with; without one the page is read again
        """
        ships = self._credit_hold_link == "picking_id"
        plain = ships and not self.env["credit.message"]._sees_figures()
        lines = [
            self.env._(
                "%(document)s: %(reason)s Approver: %(who)s.",
                document=hold.document_name,
                reason=hold.plain_reason if plain else hold.reason,
                who=hold._decides(),
            )
            for hold in self._credit_held()
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("On credit hold"),
                "message": "\n".join(lines),
                "sticky": True,
                "next": goes_on or {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credit_hold(self):
        self.env["credit.hold"]._refuse_deletion(self)

    def action_ask_credit_release(self):
        """Open the note to the officer who decides."""
        self.ensure_one()
        self.check_access("write")
        return self.env["credit.hold.ask"]._open(**{self._credit_hold_link: self.id})

    def action_release_credit_hold(self):
        """Open the release of the holds of these documents, for who may read them."""
        self.check_access("read")
        self.env["credit.hold"].check_access("read")
        holds = self._credit_held()
        if not holds:
            raise UserError(self.env._("Not on credit hold any more: read the page again."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_hold_release_action"
        )
        return {**action, "context": {"default_hold_ids": holds.ids}}

    def action_view_credit_holds(self):
        """Open the holds of these documents with their frozen figures."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_hold_action"
        )
        return {**action, "domain": [(self._credit_hold_link, "in", self.ids)], "context": {}}
