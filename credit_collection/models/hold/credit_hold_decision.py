import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core import decision
from ...tools.environment import without_caller_context


class CreditHold(models.Model):
    """How a hold is decided on: asked for, released, refused; and what a release covers."""

    _inherit = "credit.hold"

    def action_ask_release(self, note=None):
        """Ask the officer to release; for whoever may change the document.

        :param str note: what the officer should know
        """
        for hold in self:
            document = hold.sudo()._document().with_env(self.env)
            document.check_access("write")
            if hold.sudo().state != "held":
                raise UserError(self.env._("%(hold)s is not on hold.", hold=hold.sudo().name))
            hold.sudo().write(hold._prepare_request(note))
            body = self.env._("Release requested: %(note)s", note=note or "–")
            document.sudo().message_post(body=body, author_id=self.env.user.partner_id.id)
            hold.sudo().message_post(
                body=body,
                author_id=self.env.user.partner_id.id,
                partner_ids=hold.sudo()
                .responsible_id._credit_working_in(hold.company_id)
                .partner_id.ids,
            )
        return True

    def _prepare_request(self, note):
        """What is kept of a request; another person's later one adds to the first."""
        self.ensure_one()
        hold = self.sudo()
        values = {"release_requested_on": fields.Datetime.now()}
        if hold.release_requested_on and hold.requester_id != self.env.user:
            notes = [hold.request_note, note and f"{self.env.user.name}: {note}"]
            return {**values, "request_note": "\n".join(filter(None, notes)) or False}
        return {**values, "request_note": note or False, "requester_id": self.env.uid}

    def action_release(
        self, reason_id=False, note=None, valid_until=None, max_amount=None, confirm=False
    ):
        """Let the documents pass, within the authority of whoever releases.

        :param int reason_id: ``credit.hold.reason``
        :param str note: kept with the decision
        :param valid_until: last day on which the release counts (default: the policy's days)
        :param float max_amount: released up to this amount (default: the amount held plus the
            policy's tolerance); for one hold only
        :param bool confirm: confirm released orders at once
        """
        valid_until = self._release_day(valid_until)
        for hold in self:
            today = hold.sudo().company_id._credit_today()
            if valid_until and valid_until < today:
                raise UserError(self.env._("A release cannot end on a day that has passed."))
            amount = hold._release_amount(max_amount)
            hold._check_may_decide(amount)
            policy = hold.sudo().policy_id
            hold._move(
                "release",
                reason_id=reason_id,
                decision_note=note or False,
                valid_until=valid_until or fields.Date.add(today, days=policy.release_days),
                max_amount=amount,
            )
            hold._notify_release()
            hold.sudo().picking_id._credit_resume()
        if confirm:
            self._confirm_orders()
        return True

    def action_refuse(self, reason_id=False, note=None):
        """Keep the documents from passing, and say so to whoever asked."""
        for hold in self:
            hold._check_may_decide(0)
            hold._move("refuse", reason_id=reason_id, decision_note=note or False)
            hold._notify_decision(self.env._("Refused"), note)
        return True

    def action_withdraw(self):
        """Take back releases of which nothing has left yet; the documents are judged again."""
        for hold in self:
            hold._check_may_decide(0)
            hold.sudo()._check_nothing_left()
            document = hold.sudo()._document()
            hold._move("withdraw", decision_note=self.env._("The release was withdrawn."))
            hold._notify_decision(self.env._("Release withdrawn"), "")
            document._credit_withdraw()
        return True

    def _check_nothing_left(self):
        """Raise when a release has been used already."""
        self.ensure_one()
        if self.move_id.state == "posted":
            raise UserError(
                self.env._(
                    "%(document)s was posted on this release: it cannot be withdrawn any more.",
                    document=self.document_name,
                )
            )
        pickings = self.picking_id or self.order_id.picking_ids
        outgoing = pickings.filtered(lambda p: p.picking_type_code == "outgoing")
        left = outgoing.filtered(lambda picking: picking.state == "done")
        waits = outgoing - left.browse(left.ids)
        waits = waits.filtered(lambda picking: picking.state != "cancel")
        confirmed = self.order_id.state == "sale" and not self.picking_id
        if left or (confirmed and not waits):
            raise UserError(
                self.env._(
                    "%(document)s was delivered or ordered on this release: it cannot be withdrawn "
                    "any more.",
                    document=self.document_name,
                )
            )

    @api.model
    def _release_day(self, value):
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("The last day of a release is written like 2026-12-31.")
            ) from error

    def _release_amount(self, max_amount):
        self.ensure_one()
        hold = self.sudo()
        if max_amount is None or max_amount is False:
            tolerance = 1 + hold.policy_id.release_tolerance / 100
            return hold.currency_id.round(hold.requested_amount * tolerance)
        try:
            max_amount = float(max_amount)
        except (TypeError, ValueError):
            max_amount = math.nan
        if not math.isfinite(max_amount):
            raise UserError(self.env._("The amount released has to be a number."))
        if hold.currency_id.compare_amounts(max_amount, hold.requested_amount) < 0:
            raise UserError(
                self.env._("The amount released is below the amount of %s.", hold.document_name)
            )
        return max_amount

    def _check_may_decide(self, amount):
        """Officers within their authority over the exposure that follows; managers always."""
        self.ensure_one()
        self.check_access("read")
        hold = self.sudo()
        exposure = hold._exposure_released(amount) if amount else 0
        if not self.env.user._has_credit_authority(exposure, hold.currency_id, hold.company_id):
            raise AccessError(
                self.env._(
                    "%(document)s brings the exposure of %(customer)s to %(amount)s: that is "
                    "above your authority. Ask a credit manager.",
                    document=hold.document_name,
                    customer=hold.partner_id.display_name,
                    amount=hold.currency_id.format(exposure),
                )
            )

    def _exposure_released(self, amount):
        """The exposure that follows when this hold (sudo) is released up to ``amount``.

        The larger of what was frozen and of what it would be today, with all that was released
        and is not in the exposure yet.
        """
        growth = max(amount - self.requested_amount, 0)
        frozen = self.exposure_after + growth
        account = self.account_id
        own = without_caller_context(account, account.company_id)
        today = account.company_id._credit_today()
        waiting = own.hold_ids.filtered(
            lambda hold: (
                hold != self
                and hold.state == "released"
                and (not hold.valid_until or hold.valid_until >= today)
                and not hold.picking_id
                and hold.order_id.state in ("draft", "sent")
            )
        )
        # One order counts once, with its largest release.
        released = {}
        for hold in waiting:
            order = hold.order_id
            if order != self.order_id:
                released[order] = max(released.get(order, 0.0), hold.max_amount)
        asks = not self.picking_id and self.order_id.state in ("draft", "sent")
        [position] = own._position(("exposure",))
        live = position.exposure + sum(released.values()) + (amount if asks else growth)
        return max(frozen, live, 0.0)

    def _notify_decision(self, what, note):
        """Post the decision on the document and the file; whoever asked is notified."""
        self._post_decision(
            self.env._(
                "%(what)s by %(who)s. %(note)s", what=what, who=self.env.user.name, note=note or ""
            )
        )

    def _notify_release(self):
        """Tell why it was released, until when and, where figures are shown, up to how much."""
        hold = self.sudo()
        Words = self.env["credit.message"]
        self._post_decision(Words._released(hold, amounts=not hold.picking_id))

    def _post_decision(self, body):
        self.ensure_one()
        hold = self.sudo()
        people = hold.requester_id | hold.salesperson_id | hold.picking_id.user_id
        people = people._credit_working_in(hold.company_id).partner_id
        hold._document().message_post(body=body, partner_ids=people.ids)
        if hold.picking_id and hold.order_id:
            # Whoever sold it looks at the order, not at its deliveries.
            hold.order_id.message_post(
                body=self.env._(
                    "%(document)s: %(message)s", document=hold.document_name, message=body
                )
            )
        hold._post_on_file(body)

    def _post_on_file(self, body):
        """Post on the credit file what was posted on the document."""
        document = self.document_name
        self.account_id.message_post(
            body=self.env._("%(document)s: %(message)s", document=document, message=body)
        )

    def _confirm_orders(self):
        """Confirm the orders that were released or cleared, one by one."""
        orders = self.sudo().filtered(lambda hold: not hold.picking_id).order_id
        for order in orders.filtered(lambda order: order.state in ("draft", "sent")):
            order.action_confirm()
        for move in self.sudo().move_id.filtered(lambda move: move.state == "draft"):
            move.action_post()

    def _covering(self, case):
        """The release among these that covers ``case``, or an empty recordset."""
        kinds = {
            finding.kind
            for finding in case.decision.findings
            if finding.consequence == decision.HOLD
        }
        amount = float(case.request.document_amount)
        return self.filtered(
            lambda hold: (
                hold.state == "released"
                and hold.account_id == case.account
                and (not hold.valid_until or hold.valid_until >= case.today)
                and hold._covers_amount(amount)
                and kinds <= set((hold.finding_kinds or "").split(","))
            )
        )[:1]

    def _covers_amount(self, amount):
        """Whether the release goes up to ``amount`` (in the company's currency).

        Of an order in another currency it goes up to the same amount in that, whatever becomes of
        the rate.
        """
        self.ensure_one()
        order, then = self.order_id, self.document_rate
        if not (order and then) or order.currency_id == self.currency_id:
            return self.currency_id.compare_amounts(amount, self.max_amount) <= 0
        now = order._credit_rate()
        return order.currency_id.compare_amounts(amount * now, self.max_amount * then) <= 0
