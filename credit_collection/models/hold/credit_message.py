from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.tools import format_date, format_datetime

from ...core import decision
from ...core.decision import remedy
from ...tools.readers import isolated
from ..policy.rule_kinds import RULE_KINDS, RuleKind


class CreditMessage(models.AbstractModel):
    """Findings and remedies in the reader's language."""

    _name = "credit.message"
    _description = "Words of the Credit Check"

    @api.model
    def _amount(self, amount, currency):
        return isolated(self.env, currency.format(float(amount or 0)))

    @api.model
    def _limit_label(self, unlimited, amount, currency):
        """A limit in words: unlimited, an amount, or zero, which means no credit at all."""
        if unlimited:
            return self.env._("Unlimited")
        return (
            self._amount(amount, currency) if amount else self.env._("No credit: prepayment only")
        )

    @api.model
    def _finding(self, data, currency):
        """One finding as a sentence that a salesperson understands.

        :param dict data: what :meth:`core.decision.Finding.to_dict` wrote
        :param currency: ``res.currency`` of the amounts
        """
        finding = decision.Finding.from_dict(data)
        values = {
            "measured": self._value(finding.measured, currency),
            "allowed": self._value(finding.allowed, currency),
            "rule": finding.rule_name,
        }
        if finding.kind == decision.MANUAL:
            return self.env._("The customer is on hold: %s", values["measured"])
        kind = RULE_KINDS.get(finding.kind)
        sentence = self.env._(kind.sentence) if kind else "%(rule)s: %(measured)s"
        return sentence % values

    @api.model
    def _plain_finding(self, kind):
        """Why something is held, without a figure: what a warehouse clerk may read."""
        if kind == decision.MANUAL:
            return self.env._("The customer is on hold.")
        return self.env._(RULE_KINDS[kind].plain if kind in RULE_KINDS else RuleKind.plain)

    @api.model
    def _sees_figures(self):
        """Whether the user may read what a customer owes in the reason of a hold."""
        return (
            self.env.su
            or self._sees_ledger()
            or self.env.user.has_group("sales_team.group_sale_salesman")
        )

    @api.model
    def _findings(self, case):
        """What stops a case, one sentence a finding."""
        currency = case.document._credit_company().root_id.currency_id
        return [
            self._finding(finding.to_dict(), currency)
            for finding in case.decision.findings
            if finding.consequence == decision.HOLD
        ]

    @api.model
    def _plain_findings(self, case):
        """What stops a case, without figures."""
        kinds = [
            finding.kind
            for finding in case.decision.findings
            if finding.consequence == decision.HOLD
        ]
        return list(dict.fromkeys(self._plain_finding(kind) for kind in kinds))

    @api.model
    def _value(self, value, currency):
        if isinstance(value, Decimal):
            return self._amount(value, currency)
        if isinstance(value, date):
            return self.env["ir.qweb.field.date"].value_to_html(value, {})
        return str(value)

    @api.model
    def _remedy(self, data, currency, checkpoint=decision.CONFIRMATION):
        """One remedy as a sentence; invoices are named only to those who may see the ledger.

        :param checkpoint: where the document was asked about; it says what could be reduced
        """
        if data["kind"] == "release":
            return self.env._("A release by %(who)s.", who=", ".join(data["names"]))
        found = remedy.Remedy.from_dict(data)
        amount = self._amount(found.amount, currency)
        if found.kind == remedy.PAY and self._sees_ledger():
            return self.env._(
                "Payment of %(amount)s on the oldest items: %(items)s.",
                amount=amount,
                items=", ".join(
                    f"{name} ({self._amount(part, currency)})" for _id, name, part in found.items
                ),
            )
        sentences = {
            remedy.PAY: self.env._("Payment of %(amount)s on the oldest invoices.", amount=amount),
            remedy.PREPAY: self.env._("A prepayment of %(amount)s.", amount=amount),
            remedy.FIT: self.env._("Reducing the invoice to %(amount)s.", amount=amount)
            if checkpoint == decision.INVOICE
            else self.env._("Reducing the order to %(amount)s.", amount=amount),
            remedy.LIMIT: self.env._("A credit limit of %(amount)s.", amount=amount),
        }
        return sentences[found.kind]

    @api.model
    def _sees_ledger(self):
        return self.env.user.has_group("credit_collection.credit_collection_group_collector")

    @api.model
    def _banner(self, case):
        """What the quotation shows before it is confirmed, as plain values for the view.

        :return: dict of ``outcome`` (pass, warn, hold), ``title``, ``lines`` and ``remedies``
        """
        currency = case.document._credit_company().root_id.currency_id
        left = case.position.available
        outcome = case.decision.outcome if not case.release else decision.PASS
        told = self._left(None if left is None else left - case.request.amount, currency)
        stops = [found for found in case.decision.findings if found.consequence == decision.HOLD]
        if outcome == decision.HOLD and stops and all(found.kind != "limit" for found in stops):
            # The credit that is left is not what it is about.
            told = self._finding(stops[0].to_dict(), currency)
        remedies = []
        if case.holds:
            position = case.with_items()
            found = remedy.remedies(position, case.request, case.rules, case.today)
            remedies = [self._remedy(each.to_dict(), currency) for each in found]
        return {
            "outcome": outcome,
            "observe": case.observed,
            "title": self._banner_title(case, outcome),
            "left": told,
            "lines": [self._finding(f.to_dict(), currency) for f in case.decision.findings],
            "remedies": remedies,
            "decides": self._decides(case) if case.holds else "",
        }

    @api.model
    def _decides(self, case):
        """Who decides on a case that is or would be held, and until when."""
        last = case.document.credit_hold_ids.sudo().filtered(lambda hold: not hold.picking_id)
        last = last.sorted("id")[-1:]
        if last.state == "refused":
            return self._refused(last)
        if last.state == "held":
            sentence = self.env._("%(who)s decides by %(deadline)s.")
            if last.release_requested_on:
                sentence = self.env._("Release asked for: %(who)s decides by %(deadline)s.")
            return sentence % {
                "who": last.responsible_id.name or self.env._("A credit officer"),
                "deadline": format_datetime(self.env, last.deadline, dt_format="short"),
            }
        exposure = float(case.position.exposure + case.request.amount)
        Hold = self.env["credit.hold"]
        approvers = case.account._approvers(exposure) if case.account else self.env.user[:0]
        who = Hold._responsible(case, approvers)
        return self.env._(
            "%(who)s decides within %(hours)s hours.",
            who=who.name or self.env._("A credit officer"),
            hours=case.policy.answer_hours,
        )

    @api.model
    def _released(self, hold, amounts=True):
        """A release in words: by whom, why, until when and, to whom may know, up to how much.

        :param hold: ``credit.hold`` (sudo), released
        """
        why = self._why_decided(hold)
        values = {
            "who": hold.decided_by_id.name,
            "why": why,
            "day": format_date(self.env, hold.valid_until),
            "amount": self._amount(hold.max_amount, hold.currency_id),
        }
        said = (
            self.env._("Released by %(who)s: %(why)s.")
            if why
            else self.env._("Released by %(who)s.")
        )
        terms = (
            self.env._("Valid until %(day)s, up to %(amount)s.")
            if amounts
            else self.env._("Valid until %(day)s.")
        )
        return f"{said} {terms}" % values

    @api.model
    def _refused(self, hold):
        """A refusal in words: by whom, when and why."""
        why = self._why_decided(hold)
        day = hold.company_id._credit_day(hold.decided_on) if hold.decided_on else None
        values = {
            "who": hold.decided_by_id.name,
            "why": why,
            "day": format_date(self.env, day),
        }
        said = (
            self.env._("%(who)s refused the release on %(day)s: %(why)s.")
            if why
            else self.env._("%(who)s refused the release on %(day)s.")
        )
        return said % values

    @api.model
    def _why_decided(self, hold):
        """The reason and the note of a decision as one phrase, without its full stop; what the
        note only repeats is said once."""
        parts = [hold.reason_id.name, hold.decision_note]
        said = {}
        for part in parts:
            if words := (part or "").strip().rstrip("."):
                said.setdefault(words.casefold(), words)
        return ", ".join(said.values())

    @api.model
    def _left(self, amount, currency):
        if amount is None:
            return self.env._("Credit is unlimited.")
        if amount < 0:
            return self.env._("Over the credit limit by %s.", self._amount(-amount, currency))
        return self.env._("Credit left after this order: %s.", self._amount(amount, currency))

    @api.model
    def _banner_title(self, case, outcome):
        if case.release:
            return self._released(case.release.sudo())
        if outcome != decision.HOLD:
            return self.env._("The order will pass.")
        if case.document.credit_state == "held":
            return self.env._("The order is on credit hold.")
        if case.observed:
            return self.env._("The order would be held; the policy only observes.")
        return self.env._("The order will be held.")
