from dataclasses import dataclass, replace
from typing import Any

from odoo import api, models
from odoo.exceptions import ValidationError

from ...core import decision
from ...core.decision import remedy
from ...core.money import ZERO, quantum, to_decimal
from ...core.verdict import BEYOND_ANY_ORDER, Verdict, verdict
from ...tools.environment import without_caller_context
from ..file.credit_account_figures import CHECKED

PASS, WARN, HOLD, OBSERVE = "pass", "warn", "hold", "observe"


@dataclass
class Said:
    """What the check says of one customer in one company, and what it was read from."""

    account: Any
    policy: Any
    position: decision.Position
    rules: tuple
    today: Any
    asked: bool
    verdict: Verdict

    @property
    def outcome(self):
        """``pass``, ``warn``, ``hold``, or ``observe``: held, were the policy in force."""
        if self.verdict.decision.holds:
            observed = self.policy.observe_only and not self.verdict.by_hand
            return OBSERVE if observed else HOLD
        if self.verdict.decision.outcome == decision.WARN or self.verdict.over_limit:
            return WARN
        return PASS


class CreditVerdict(models.AbstractModel):
    """May this customer buy, and for how much: the one answer before there is an order.

    The same figures, rules and :func:`core.decision.decide` as when an order is confirmed.
    """

    _name = "credit.verdict"
    _description = "Credit Verdict"

    @api.model
    def _selection_outcome(self):
        return [
            (PASS, self.env._("Free")),
            (WARN, self.env._("Warned")),
            (OBSERVE, self.env._("Observed")),
            (HOLD, self.env._("Held")),
        ]

    # ------------------------------------------------------------------
    # Reading and deciding
    # ------------------------------------------------------------------

    @api.model
    def _of_files(self, accounts, amount=ZERO):
        """The verdicts on the customers of these files, read at once.

        :param accounts: ``credit.account``
        :param Decimal amount: of the order asked about, in the companies' currency
        :return: ``{file id: Said}``
        """
        said = {}
        for company, files in accounts.sudo().grouped("company_id").items():
            said |= self._of_files_in(without_caller_context(files, company), company, amount)
        return said

    @api.model
    def _of_files_in(self, files, company, amount):
        today, Policy = company._credit_today(), files.env["credit.policy"]
        figures = {row.id: row for row in files._position(CHECKED)}
        cases = []
        for file in files:
            rules = self._at_confirmation(Policy._core_rules(figures[file.id].policy_id.id))
            cases.append((file, figures[file.id], rules))
        wanting = [
            file.id
            for file, row, rules in cases
            if any(file._needs_items(row, rule) for rule in rules)
        ]
        items = files.browse(wanting)._core_items_of_many()
        facts = files._rule_facts({rule for _file, _row, rules in cases for rule in rules})
        said = {}
        for file, row, rules in cases:
            position = file._core_position(
                row, rules, items=items.get(file.id, ()), facts=facts.get(file.id, ())
            )
            told = verdict(position, rules, today, amount)
            said[file.id] = Said(file, row.policy_id, position, rules, today, amount > 0, told)
        return said

    @api.model
    def _of_partners(self, partners, company, amount=ZERO):
        """The verdicts on these customers; who has no file is judged by the policy's default.

        :return: ``{commercial partner: Said}``
        """
        company = company.sudo().root_id
        customers = without_caller_context(partners.sudo().commercial_partner_id, company)
        files = customers.env["credit.account"]._of_pairs(
            {(customer.id, company.id) for customer in customers}
        )
        by_customer = {file.partner_id: file.id for file in files}
        said = self._of_files(files, amount)
        return {
            customer: said[by_customer[customer]]
            if customer in by_customer
            else self._without_file(customer.with_company(company), company, amount)
            for customer in customers
        }

    @api.model
    def _without_file(self, customer, company, amount):
        Check = customer.env["credit.check"]
        policy = Check._policy_without_file(customer)
        position = Check._position_without_file(customer, policy)
        rules = self._at_confirmation(customer.env["credit.policy"]._core_rules(policy.id))
        today = company._credit_today()
        told = verdict(position, rules, today, amount)
        account = customer.env["credit.account"]
        return Said(account, policy, position, rules, today, amount > 0, told)

    @api.model
    def _at_confirmation(self, rules):
        return tuple(rule for rule in rules if decision.CONFIRMATION in rule.checkpoints)

    @api.model
    def _amount_asked(self, amount, currency):
        """A typed amount, exact.

        :raise ValidationError: when it is no amount of an order
        """
        digits = currency.decimal_places
        try:
            exact = to_decimal(amount or 0, digits)
        except ValueError as error:
            raise ValidationError(
                self.env._("The amount of an order has to be a number.")
            ) from error
        largest = BEYOND_ANY_ORDER * quantum(digits)
        if not 0 <= exact <= largest:
            raise ValidationError(
                self.env._("The amount of an order has to lie between 0 and %s.", largest)
            )
        return exact

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------

    @api.model
    def _sentence(self, said, currency):
        """The verdict in one line."""
        reasons = self._reasons(said, currency)
        reason = reasons[0] if reasons else ""
        outcome = said.outcome
        if outcome == HOLD:
            return self.env._("Held: %s", reason)
        if outcome == OBSERVE:
            return self.env._("Would be held, but the policy only observes: %s", reason)
        if outcome == WARN:
            return self.env._("Passes with a warning: %s", reason)
        return self._free(said, currency)

    @api.model
    def _free(self, said, currency):
        if said.verdict.passes is None:
            return self.env._("Free to order: no limit applies.")
        amount = self.env["credit.message"]._amount(said.verdict.passes, currency)
        return self.env._("Free to order up to %s.", amount)

    @api.model
    def _reasons(self, said, currency):
        """Why it is held or warned of, one sentence a finding."""
        Words = self.env["credit.message"]
        told = said.verdict
        sentences = [
            self._used(said, currency)
            if finding.kind == "limit" and not said.asked
            else Words._finding(finding.to_dict(), currency)
            for finding in sorted(
                told.decision.findings, key=lambda found: found.consequence != decision.HOLD
            )
        ]
        if told.over_limit and not any(f.kind == "limit" for f in told.decision.findings):
            sentences.append(
                self.env._(
                    "%(used)s The policy “%(policy)s” holds no order for that.",
                    used=self._used(said, currency),
                    policy=said.policy.name or "",
                )
            )
        return sentences

    @api.model
    def _used(self, said, currency):
        Words = self.env["credit.message"]
        exposure = said.position.exposure + (said.verdict.request.amount if said.asked else 0)
        if not said.position.credit_limit:
            return self.env._(
                "No credit: prepayment only. Owed and ordered: %s.",
                Words._amount(exposure, currency),
            )
        return self.env._(
            "Owed and ordered: %(used)s; the limit is %(limit)s.",
            used=Words._amount(exposure, currency),
            limit=Words._amount(said.position.credit_limit, currency),
        )

    @api.model
    def _remedies(self, said, currency):
        """What would lift the hold, each by itself; one sentence each."""
        if not said.verdict.decision.holds:
            return []
        Words = self.env["credit.message"]
        position = said.position
        if not position.items and said.account:
            items = said.account._core_items(position.digits)
            position = replace(position, items=items)
        found = remedy.remedies(position, said.verdict.request, said.rules, said.today)
        if said.asked:
            return [Words._remedy(each.to_dict(), currency) for each in found]
        sentences = [
            Words._remedy(each.to_dict(), currency) for each in found if each.kind == remedy.PAY
        ]
        if not said.verdict.by_hand:
            sentences.append(self.env._("Payment of the order in advance."))
        elif said.account and (able := said.account._approvers(float(position.exposure))[:3]):
            sentences.append(
                Words._remedy({"kind": "release", "names": able.mapped("name")}, currency)
            )
        if any(each.kind == remedy.LIMIT for each in found):
            sentences.append(self.env._("A higher credit limit."))
        return sentences

    @api.model
    def _told(self, said, currency):
        """The verdict as plain values, for the banner and for other systems."""
        told = said.verdict
        return {
            "outcome": said.outcome,
            "sentence": self._sentence(said, currency),
            "reasons": self._reasons(said, currency),
            "remedies": self._remedies(said, currency),
            "passes_up_to": None if told.passes is None else float(told.passes),
            "bounded": told.passes is not None,
            "currency": currency.name,
            "observe_only": bool(said.policy.observe_only),
        }
