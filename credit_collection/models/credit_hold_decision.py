import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..core import decision, remedy
from ..impartial import impartial
from .credit_hold import TRANSITIONS


class CreditHold(models.Model):
    """What happens to a hold: made, asked for, released, refused, cleared, cancelled."""

    _inherit = "credit.hold"

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    def _hold(self, cases):
        """Make the holds of cases that were decided against.

        A document that is on hold already for the same amount keeps its hold; another amount
        cancels it and makes a new one, because figures of a hold never change.

        :param cases: list of :class:`.credit_check.Case` whose decision holds
        :return: ``credit.hold`` of all cases (sudo)
        """
        holds = impartial(self.sudo(), self.env["res.company"])
        to_make = []
        for case in cases:
            current = case.document.credit_hold_ids.sudo().filtered(
                lambda hold, document=case.document: hold.state == "held"
                and hold._document() == document
            )
            values = self._prepare_hold(case)
            if current and current._is_same(values):
                holds |= current
                continue
            current._move("cancel", decision_note=self.env._("Replaced: the document changed."))
            to_make.append((case, values))
        made = holds.create([values for case, values in to_make])
        for hold, (case, _values) in zip(made, to_make, strict=True):
            hold._announce(case)
        return holds | made

    def _document(self):
        """The held document: the delivery, else the order."""
        self.ensure_one()
        return self.picking_id or self.order_id

    def _is_same(self, values):
        self.ensure_one()
        return (
            self.account_id.id == values["account_id"]
            and self.currency_id.compare_amounts(
                self.requested_amount, values["requested_amount"]
            )
            == 0
            and self.finding_kinds == values["finding_kinds"]
        )

    @api.model
    def _prepare_hold(self, case):
        """The frozen evidence of one case."""
        case.position = case.with_items()
        position, request = case.position, case.request
        found = remedy.remedies(position, request, case.rules, case.today)
        exposure_after = float(position.exposure + request.amount)
        approvers = self._approvers(case.account, exposure_after)
        responsible = case.policy.responsible_id or approvers[:1]
        holding = [f for f in case.decision.findings if f.consequence == decision.HOLD]
        return {
            **case.document._credit_hold_values(),
            "state": "observed" if case.observed else "held",
            "checkpoint": request.checkpoint,
            "account_id": case.account.id,
            "policy_id": case.policy.id,
            "requester_id": self.env.uid,
            "responsible_id": responsible.id,
            "deadline": fields.Datetime.now() + timedelta(hours=case.policy.answer_hours),
            "requested_amount": float(request.document_amount),
            "receivable": float(position.receivable),
            "overdue": float(position.overdue),
            "draft": float(position.draft),
            "ordered": float(position.ordered),
            "exposure": float(position.exposure),
            "exposure_after": exposure_after,
            "unlimited": position.credit_limit is None,
            "credit_limit": float(position.credit_limit or 0),
            "available": float(position.available or 0),
            "max_days_overdue": max(
                (item.days_overdue for item in position.items if item.is_overdue), default=0
            ),
            "frozen": case.freeze(),
            "findings": [f.to_dict() for f in case.decision.findings],
            "remedies": [r.to_dict() for r in found]
            + ([{"kind": "release", "names": approvers[:3].mapped("name")}] if approvers else []),
            "finding_kinds": ",".join(sorted({f.kind for f in holding})),
        }

    @api.model
    def _approvers(self, account, amount):
        """Who may release: officers with the smallest sufficient authority first, then managers."""
        company, currency = account.company_id, account.currency_id
        officers = self.env.ref("credit_collection.credit_collection_group_officer").sudo()
        users = impartial(self.env["res.users"].sudo(), company).search(
            [
                ("all_group_ids", "in", officers.ids),
                ("company_ids", "child_of", company.id),
                ("share", "=", False),
            ]
        )
        able = users.filtered(lambda user: user._has_credit_authority(amount, currency, company))
        manager = "credit_collection.credit_collection_group_manager"
        return able.sorted(lambda user: (user.has_group(manager), user.credit_authority, user.id))

    def _announce(self, case):
        """Tell the document, the file and whoever decides."""
        self.ensure_one()
        body = self.env._("On credit hold: %(reason)s", reason=self.reason)
        if self.state == "observed":
            body = self.env._("Would have been on credit hold: %(reason)s", reason=self.reason)
        case.document.message_post(body=body)
        self._post_on_file(body)
        if self.state == "held" and self.responsible_id:
            self.activity_schedule(
                "credit_collection.mail_activity_release_hold",
                date_deadline=self.company_id._credit_day(self.deadline),
                user_id=self.responsible_id.id,
                summary=self.env._("Decide on %(document)s", document=self.document_name),
            )

    # ------------------------------------------------------------------
    # Asking and deciding
    # ------------------------------------------------------------------

    def action_ask_release(self, note=None):
        """Ask the officer to release; for whoever may change the document.

        :param str note: what the officer should know
        """
        for hold in self:
            document = hold.sudo()._document().with_env(self.env)
            document.check_access("write")
            if hold.sudo().state != "held":
                raise UserError(self.env._("%(hold)s is not on hold.", hold=hold.sudo().name))
            hold.sudo().write(
                {
                    "request_note": note or False,
                    "release_requested_on": fields.Datetime.now(),
                    "requester_id": self.env.uid,
                }
            )
            body = self.env._("Release requested: %(note)s", note=note or "–")
            document.sudo().message_post(body=body, author_id=self.env.user.partner_id.id)
            hold.sudo().message_post(
                body=body,
                author_id=self.env.user.partner_id.id,
                partner_ids=hold.sudo().responsible_id.partner_id.ids,
            )
        return True

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
            hold._tell(self.env._("Released"), note)
            hold.sudo().picking_id._credit_resume()
        if confirm:
            self._confirm_orders()
        return True

    def action_refuse(self, reason_id=False, note=None):
        """Keep the documents from passing, and say so to whoever asked."""
        for hold in self:
            hold._check_may_decide(0)
            hold._move("refuse", reason_id=reason_id, decision_note=note or False)
            hold._tell(self.env._("Refused"), note)
        return True

    def action_reevaluate(self):
        """Look again with today's figures; what passes now is cleared."""
        self.check_access("read")
        self.sudo().filtered(lambda hold: hold.state == "held")._reevaluate()
        return True

    def action_recompute(self):
        """Decide again on the frozen figures and show the outcome."""
        self.ensure_one()
        self.check_access("read")
        again = decision.replay(self.sudo().frozen)
        same = [f.to_dict() for f in again.findings] == self.sudo().findings
        outcome = self.env._("hold") if again.holds else self.env._("pass")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "title": self.env._("Decided again on the frozen figures: %s", outcome),
                "message": "\n".join(
                    self.env["credit.words"]._finding(f.to_dict(), self.currency_id)
                    for f in again.findings
                ),
                "sticky": True,
            },
        }

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
        growth = max(amount - hold.requested_amount, 0)
        exposure = max(hold.exposure_after + growth, 0) if amount else 0
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

    def _move(self, event, **values):
        """Move the holds through :data:`TRANSITIONS`; an unknown step raises."""
        for hold in self.sudo():
            target = TRANSITIONS.get((hold.state, event))
            if not target:
                states = dict(hold._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(hold)s is %(state)s: that cannot be done any more.",
                        hold=hold.name,
                        state=states[hold.state],
                    )
                )
            hold.write(
                {
                    "state": target,
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                    **values,
                }
            )
            hold.activity_unlink(["credit_collection.mail_activity_release_hold"])

    def _tell(self, what, note):
        """Post the decision on the document and the file; whoever asked is notified."""
        self.ensure_one()
        hold = self.sudo()
        body = self.env._(
            "%(what)s by %(who)s. %(note)s", what=what, who=self.env.user.name, note=note or ""
        )
        people = hold.requester_id | hold.salesperson_id | hold.picking_id.user_id
        people = people.filtered("active").partner_id
        hold._document().message_post(body=body, partner_ids=people.ids)
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

    def _covering(self, case):
        """The release among these that covers ``case``, or an empty recordset."""
        kinds = {
            finding.kind
            for finding in case.decision.findings
            if finding.consequence == decision.HOLD
        }
        amount = case.request.document_amount
        return self.filtered(
            lambda hold: hold.state == "released"
            and hold.account_id == case.account
            and (not hold.valid_until or hold.valid_until >= case.today)
            and hold.currency_id.compare_amounts(float(amount), hold.max_amount) <= 0
            and kinds <= set((hold.finding_kinds or "").split(","))
        )[:1]

    # ------------------------------------------------------------------
    # Looking again
    # ------------------------------------------------------------------

    def _reevaluate(self):
        """Clear the holds whose cause is gone; by policy, confirm their orders."""
        for hold in self:
            document = hold._document()
            if not document or not document._credit_waits(hold.checkpoint):
                hold._move("cancel", decision_note=self.env._("Nothing is waiting any more."))
                continue
            [case] = self.env["credit.check"]._judge(document, hold.checkpoint)
            if case.holds:
                continue
            hold._move("clear")
            hold._tell(self.env._("Cleared: nothing speaks against it any more"), "")
            hold.picking_id._credit_resume()
            if case.policy.auto_confirm:
                hold._confirm_orders()

    @api.model
    def _cron_reevaluate(self):
        """Look at all held documents again; one that fails does not stop the others."""
        holds = self.sudo().search([("state", "=", "held")], order="id")
        remaining = len(holds)
        for hold in holds:
            remaining -= 1
            try:
                with self.env.cr.savepoint():
                    hold._reevaluate()
            except UserError as error:
                hold.message_post(body=self.env._("Could not look again: %s", error))
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break
