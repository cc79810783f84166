from odoo import api, models

from ...core import decision
from ...core.decision import remedy
from ...tools.environment import without_caller_context
from ...tools.readers import for_reader
from .credit_hold import TRANSITIONS


class CreditHold(models.Model):
    """How a hold is made: the evidence is frozen, and whoever decides is told."""

    _inherit = "credit.hold"

    @api.model
    def _hold(self, cases):
        """Make the holds of cases that were decided against.

        A document that is on hold already for the same amount keeps its hold; another amount
        cancels it and makes a new one, because figures of a hold never change.

        :param cases: list of :class:`.credit_check.CheckedDocument` whose decision holds
        :return: ``credit.hold`` of all cases (sudo)
        """
        if not cases:
            return self.sudo()
        holds = without_caller_context(self.sudo(), self.env["res.company"])
        to_make = []
        for case in cases:
            current = case.document.credit_hold_ids.sudo().filtered(
                lambda hold, document=case.document: (
                    hold.state == "held" and hold._document() == document
                )
            )
            values = self._prepare_hold(case)
            if current and current._is_same(values):
                holds |= current
                continue
            current._move("cancel", decision_note=self.env._("Replaced: the document changed."))
            to_make.append((case, values))
        made = holds.create([values for case, values in to_make])
        for hold, (case, _values) in zip(made, to_make, strict=True):
            hold._notify_made(case)
        return holds | made

    def _document(self):
        """The held document: the delivery, the invoice, else the order."""
        self.ensure_one()
        return self.picking_id or self.move_id or self.order_id

    def _is_same(self, values):
        self.ensure_one()
        currency, then, now = self.currency_id, 1.0, 1.0
        if values.get("document_rate") and self.document_rate:
            # A moved rate is no change of the document.
            currency = self.order_id.currency_id
            then, now = self.document_rate, values["document_rate"]
        return (
            self.account_id.id == values["account_id"]
            and currency.compare_amounts(
                self.requested_amount * then, values["requested_amount"] * now
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
        approvers = case.account._approvers(exposure_after)
        responsible = self._responsible(case, approvers)
        holding = [f for f in case.decision.findings if f.consequence == decision.HOLD]
        return {
            **case.document._credit_hold_values(),
            "state": TRANSITIONS[False, "observe" if case.observed else "hold"],
            "checkpoint": request.checkpoint,
            "account_id": case.account.id,
            "policy_id": case.policy.id,
            "requester_id": self.env.uid,
            "responsible_id": responsible.id,
            "deadline": self._deadline(case.account.company_id, case.policy.answer_hours),
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
            "kind": holding[0].kind,
            "finding_kinds": ",".join(sorted({f.kind for f in holding})),
        }

    @api.model
    def _responsible(self, case, approvers):
        """The policy's officer if theirs is authority enough, else the first who may release."""
        officer = case.policy.responsible_id
        return officer if officer in approvers or not approvers else approvers[:1]

    def _notify_made(self, case):
        """Tell the document, the file and whoever decides."""
        self.ensure_one()
        body = self.env._("On credit hold: %(reason)s", reason=self.reason)
        if self.state == "observed":
            body = self.env._("Would have been on credit hold: %(reason)s", reason=self.reason)
        self._post_on_file(body)
        if self.picking_id:  # a clerk reads it, who is told no figures
            body = self.env._("On credit hold: %(reason)s", reason=self.plain_reason)
            if self.state == "observed":
                body = self.env._(
                    "Would have been on credit hold: %(reason)s", reason=self.plain_reason
                )
        case.document.message_post(body=body)
        if self.state == "held" and self.responsible_id:
            told = for_reader(self, self.responsible_id)
            told.activity_schedule(
                "credit_collection.mail_activity_release_hold",
                date_deadline=self.company_id._credit_day(self.deadline),
                user_id=self.responsible_id.id,
                summary=told.env._("Decide on %(document)s", document=told.document_name),
            )
