import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from .stock_move import SHIPPABLE, VALIDATING

_logger = logging.getLogger(__name__)
WATCHED_AT_ONCE = 100


class StockPicking(models.Model):
    """The gate of deliveries: those that pass are done, the others go on hold."""

    _inherit = "stock.picking"

    # ------------------------------------------------------------------
    # Validating
    # ------------------------------------------------------------------

    def button_validate(self):
        # EXTENDS 'stock': deliveries that pass are validated, the others go on hold
        self.check_access("write")
        waiting = self.filtered(lambda picking: picking.state not in ("done", "cancel"))
        held = self & waiting._credit_apply(waiting._credit_judge())
        passing = self - held
        held._credit_leave_batch_of(passing)
        outer = self._credit_validating(True)
        try:
            result = super(StockPicking, passing).button_validate() if passing else True
        finally:
            self._credit_validating(outer)
            self._credit_forget()
        if not held:
            return result
        return held._credit_held_notification(result if isinstance(result, dict) else None)

    def _credit_leave_batch_of(self, others):
        """Take these held transfers out of the batches in which the others go through.

        A batch is done or not: left in it, they would push out what is done.
        """
        if "batch_id" not in self._fields:
            return
        for picking in self.sudo().filtered(lambda picking: picking.batch_id & others.batch_id):
            picking.batch_id.message_post(
                body=self.env._(
                    "%s is on credit hold and was taken out of the batch.", picking.name
                )
            )
            picking.batch_id = False

    def _action_done(self):
        # EXTENDS 'stock': whoever comes here without asking is refused
        good = self.env.cr.cache.get(SHIPPABLE, {})
        unknown = self.filtered(lambda picking: (picking._name, picking.id) not in good)
        cases = unknown._credit_judge()
        self._credit_raise([case for case in cases if case.holds])
        self._credit_note(cases)
        self._credit_clear(cases)
        outer = self._credit_validating(True)
        try:
            return super()._action_done()
        finally:
            self._credit_validating(outer)
            self._credit_forget()

    def write(self, vals):
        if vals.get("state") == "done":
            open_moves = self.move_ids.filtered(lambda move: move.state != "done")
            open_moves._credit_enforce()
        return super().write(vals)

    def _credit_judge(self):
        """The binding cases of all that these transfers hand over to customers."""
        strays = self.env["stock.move"]
        own = self.browse()
        for picking in self.sudo():
            leaving = picking.move_ids._credit_leaving()
            mixed = len(leaving.sale_line_id.order_id) > 1
            foreign = leaving.filtered(lambda move: move._credit_is_stray()) if mixed else strays
            strays |= foreign
            if leaving - foreign:
                own |= picking
        own._credit_refuse_nameless()
        strays._credit_refuse_nameless()
        return own._credit_cases() + strays._credit_cases()

    def _credit_apply(self, cases):
        """Hold the transfers that do not pass and note the others; returns those held."""
        Hold = self.env["credit.hold"].sudo()
        stopped = self._credit_of_pickings([case for case in cases if case.holds])
        Hold._hold(stopped)
        Hold._hold(self._credit_of_pickings(case for case in cases if self._credit_observes(case)))
        held = self.browse([case.document.id for case in stopped])
        free = [case for case in cases if not case.holds]
        self._credit_note(free)
        self._credit_clear(case for case in free if case.document._credit_transfer() not in held)
        return held

    @api.model
    def _credit_observes(self, case):
        """Whether to record, once per transfer, that a policy in force would have held it."""
        if not (case.decision.holds and case.observed and case.in_force) or case.release:
            return False
        holds = case.document._credit_transfer().sudo().credit_hold_ids
        return "observed" not in holds.mapped("state")

    @api.model
    def _credit_of_pickings(self, cases):
        """One case per transfer: a move that is stopped stops the transfer it is in."""
        found = {}
        for case in cases:
            case.document = case.document._credit_transfer()
            found.setdefault(case.document.id, case)
        return list(found.values())

    def _credit_transfer(self):
        return self

    @api.model
    def _credit_note(self, cases):
        """Remember what may be shipped now, and that the orders were looked at as they are."""
        good = self.env.cr.cache.setdefault(SHIPPABLE, {})
        for case in cases:
            document = case.document
            good[document._name, document.id] = case.request.document_amount
            if not case.decision.holds or case.release:
                document._credit_orders()._credit_mark_checked(case.account)

    @api.model
    def _credit_validating(self, validating):
        """Note whether a validation is going on; returns whether one was."""
        cache = self.env.cr.cache
        outer, cache[VALIDATING] = cache.get(VALIDATING), validating
        return outer

    def _credit_forget(self):
        good = self.env.cr.cache.get(SHIPPABLE, {})
        for record in (*self, *self.move_ids):
            good.pop((record._name, record.id), None)

    # ------------------------------------------------------------------
    # Reservation
    # ------------------------------------------------------------------

    def action_assign(self):
        # EXTENDS 'stock': say so when nothing was reserved because of a hold
        result = super().action_assign()
        held = self.filtered(
            lambda picking: picking.credit_state == "held" and picking.state != "assigned"
        )
        return held._credit_held_notification() if held else result

    def _credit_stop_reservation(self):
        """Put on hold those transfers whose customers get nothing reserved; returns them."""
        stopped = [
            case
            for case in self._credit_cases()
            if case.holds and case.policy.delivery_stop == "reserve"
        ]
        self.env["credit.hold"]._hold(stopped)
        return self.browse([case.document.id for case in stopped])

    def _credit_resume(self):
        """Reserve what waited for the decision."""
        moves = self.move_ids.filtered(lambda move: move.state in ("confirmed", "waiting"))
        if moves and self.env["credit.policy"]._stops_reservation():
            moves.filtered(lambda move: move._should_assign_at_confirm())._action_assign()

    # ------------------------------------------------------------------
    # Looking at what is ready, before anybody picks it
    # ------------------------------------------------------------------

    @api.model
    def _cron_credit_holds(self):
        """Put ready deliveries of customers who are held now on hold, and clear the others.

        All of them, even when the scheduler's time is up: the next run would begin with the same.
        """
        ready = self.sudo().search(
            [
                ("state", "=", "assigned"),
                ("location_dest_id.usage", "in", ("customer", "transit")),
            ],
            order="id",
        )
        remaining = len(ready)
        for ids in split_every(WATCHED_AT_ONCE, ready.ids):
            remaining -= len(ids)
            self.sudo().browse(ids)._credit_watch()
            self.env["ir.cron"]._commit_progress(len(ids), remaining=remaining)

    def _credit_watch_soon(self):
        """Look at these transfers soon and in the background: somebody is about to pick them."""
        leaving = self.sudo().filtered(lambda picking: picking.state == "assigned")
        if leaving.move_ids._credit_leaving():
            self.env.ref("credit_collection.credit_shipment_cron").sudo()._trigger()

    def _credit_watch(self):
        """Place and clear the holds of these deliveries; one that fails leaves the others be."""
        moves = self.move_ids._credit_leaving()
        suspects = self.browse()
        for case in moves.picking_id._credit_cases(binding=False):
            if case.holds or case.document._credit_held():
                suspects |= case.document
        for picking in suspects:
            try:
                with self.env.cr.savepoint():
                    picking._credit_watch_one()
            except UserError as error:
                _logger.warning("Credit check of %s failed: %s", picking.name, error)

    def _credit_watch_one(self):
        held = self._credit_held()
        if held:
            held._reevaluate()
        else:
            cases = [case for case in self._credit_judge() if case.holds]
            self.env["credit.hold"]._hold(self._credit_of_pickings(cases))
