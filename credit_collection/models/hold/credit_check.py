from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ...core import decision
from ...core.money import ZERO, to_decimal
from ...tools.environment import without_caller_context
from ..file.credit_account_figures import CHECKED


@dataclass
class CheckedDocument:
    """One document before the check: what was read, and what was decided."""

    document: Any
    account: Any
    policy: Any
    position: decision.Position
    request: decision.Request
    rules: tuple
    today: date
    counted: Decimal = ZERO
    # Whether any of the documents decided on together is held itself; None when not known.
    held: bool | None = None
    decision: Any = None
    release: Any = None

    @property
    def growth(self):
        """What it adds to the exposure that was read: a confirmed order is part of that already."""
        return self.request.amount - self.counted

    @property
    def holds(self):
        """Whether the document is stopped: nobody released it and the policy is in force."""
        if not self.decision.holds:
            return False
        return not (self.release or self.observed) and self.in_force

    @property
    def in_force(self):
        """Whether the policy stops documents at this checkpoint at all."""
        at_delivery = self.request.checkpoint == decision.DELIVERY
        return not (at_delivery and self.policy.delivery_stop == "none")

    @property
    def observed(self):
        """Whether the policy only watches; a hold set by hand on the customer always counts."""
        manual = any(finding.kind == decision.MANUAL for finding in self.decision.findings)
        return self.policy.observe_only and not manual

    def decide(self):
        self.decision = decision.decide(self.position, self.request, self.rules, self.today)

    def freeze(self):
        return decision.freeze(self.position, self.request, self.rules, self.today)

    def with_items(self):
        """The same position with the open items, as the remedies need them."""
        if self.position.items or not self.account:
            return self.position
        digits = self.position.digits
        return replace(self.position, items=self.account._core_items(digits))


class CreditCheck(models.AbstractModel):
    """Reads the positions of a set of documents' customers and asks the core about each.

    Documents are those of :class:`.credit_document.CreditDocument`, and lone stock moves.
    """

    _name = "credit.check"
    _description = "Credit Check"

    @api.model
    def _judge(self, documents, checkpoint, binding=True):
        """Decide on documents in their order; each sees those that pass before it.

        :param documents: recordset, any companies
        :param checkpoint: one of the core's checkpoints
        :param binding: the documents will go through: make missing files and let only one
            transaction decide on each file at a time.  False only looks.
        :return: list of :class:`CheckedDocument`, one per document
        """
        by_company = documents.sudo().grouped(
            lambda document: document._credit_company()._credit_root_id() or 0
        )
        cases = {}
        for company_id in sorted(by_company):
            company = self.env["res.company"].browse(company_id or ())
            group = without_caller_context(by_company[company_id], company)
            judged = self.with_env(group.env)._judge_in_company(group, checkpoint, binding)
            cases |= {case.document: case for case in judged}
        return [cases[document] for document in documents]

    @api.model
    def _judge_in_company(self, documents, checkpoint, binding):
        """Decide on the documents of one company, on its day."""
        today = self.env["credit.open.item"]._clock()
        accounts, kinds, held = self._accounts(documents, binding)
        groups = self._groups(self._all(accounts), binding)
        positions = {
            position.id: position for position in self._all(accounts)._position(CHECKED, kinds)
        }
        facts = self._facts(self._all(accounts), positions.values(), checkpoint)
        passed = defaultdict(Decimal)
        cases = []
        for document in documents:
            account = accounts[document]
            figures = positions.get(account.id)
            known = facts.get(account.id, ())
            case = self._case(document, account, figures, known, checkpoint, today)
            case.position = replace(
                case.position, ordered=case.position.ordered + passed[account.id]
            )
            self._count_group(case, account, groups, passed)
            case.held = held
            self._decide(case, checkpoint)
            if not case.holds:
                passed[account.id] += max(case.growth, ZERO)
            cases.append(case)
        return cases

    @api.model
    def _all(self, accounts):
        return self.env["credit.account"].sudo().union(*accounts.values())

    @api.model
    def _accounts(self, documents, binding):
        """The credit file of each document, as a dict of records (empty when only looking), and
        as far as known: the kinds of items that the only file has, whether a document is held."""
        Account = self.env["credit.account"].sudo()
        if (
            binding
            and len(documents) == 1
            and documents._credit_partner()
            and documents._credit_company()
        ):
            found = self._claim_one(documents)
            [(file, (kinds, held))] = found.items()
            return {documents: file}, kinds, held
        pairs = {
            document: (
                document._credit_partner().commercial_partner_id.id,
                document._credit_company()._credit_root_id(),
            )
            for document in documents
        }
        wanted = {pair for pair in pairs.values() if all(pair)}
        if binding:
            found = Account._claim(wanted, documents._credit_held_sql())
        else:
            found = dict.fromkeys(Account._of_pairs(wanted), (None, None))
        by_pair = {(file.partner_id.id, file.company_id.id): file for file in found}
        accounts = {
            document: by_pair.get(pair, Account.browse()) for document, pair in pairs.items()
        }
        kinds, held = next(iter(found.values()), (None, None))
        return accounts, kinds if len(found) == 1 else None, held

    @api.model
    def _claim_one(self, document):
        """The file of a single document, found in the statement that claims it: what else would
        have to be read of the customer is not."""
        customer = SQL(
            "(SELECT commercial_partner_id FROM res_partner WHERE id = %s)",
            document._credit_partner().id,
        )
        pair = customer, document._credit_company()._credit_root_id()
        return self.env["credit.account"].sudo()._claim([pair], document._credit_held_sql())

    @api.model
    def _groups(self, accounts, binding):
        """The group of each file that shares a limit; claimed when the decision binds."""
        Group = self.env["credit.group"].sudo()
        return Group._claim_of(accounts) if binding else Group._of_many(accounts)

    @api.model
    def _count_group(self, case, account, groups, passed):
        """Count what passed before for others of the customer's group."""
        group = groups.get(account.id)
        beside = group and sum(
            amount for file_id, amount in passed.items() if groups.get(file_id) == group
        )
        if beside:
            facts = tuple(
                replace(fact, value=fact.value + beside) if fact.name == "group" else fact
                for fact in case.position.facts
            )
            case.position = replace(case.position, facts=facts)

    @api.model
    def _facts(self, accounts, positions, checkpoint):
        """What the rules ask other rooms of these files, read for all of them at once."""
        Policy = self.env["credit.policy"].sudo()
        policies = {position.policy_id.id for position in positions}
        rules = [rule for policy in policies for rule in Policy._core_rules(policy)]
        return accounts._rule_facts([rule for rule in rules if checkpoint in rule.checkpoints])

    @api.model
    def _case(self, document, account, figures, facts, checkpoint, today):
        Policy = self.env["credit.policy"].sudo()
        policy = figures.policy_id if figures else self._policy_without_file(document)
        rules = Policy._core_rules(policy.id)
        if figures:
            at_checkpoint = [rule for rule in rules if checkpoint in rule.checkpoints]
            position = account._core_position(figures, at_checkpoint, facts=facts)
        else:
            position = self._position_without_file(document, policy)
        read = position.ordered + position.draft
        position, request, rules = document._credit_case(position, rules, checkpoint, today)
        counted = read - position.ordered - position.draft
        return CheckedDocument(document, account, policy, position, request, rules, today, counted)

    @api.model
    def _decide(self, case, checkpoint):
        """Decide; what costs a query and can only help is asked only when it would be held."""
        case.decide()
        if not case.decision.holds:
            return
        request = case.document._credit_prepaid(case.request)
        if request != case.request:
            case.request = request
            case.decide()
        if case.decision.holds:
            case.release = case.document._credit_release(case)

    @api.model
    def _policy_without_file(self, document):
        """The policy of a customer who has no credit file yet."""
        partner = document._credit_partner().commercial_partner_id
        company = document._credit_company().root_id
        Policy = self.env["credit.policy"].sudo()
        if not (partner.id and company.id):
            return company.credit_default_policy_id
        [(policy_id,)] = self.env.execute_query(
            SQL(
                "SELECT %s",
                Policy._effective_policy_sql(
                    SQL("NULL::int"), SQL("%s", partner.id), SQL("%s", company.id)
                ),
            )
        )
        return Policy.browse(policy_id)

    @api.model
    def _position_without_file(self, document, policy):
        """What a customer without a credit file owes: as a rule nothing, or drafts only."""
        currency = document._credit_company().root_id.currency_id
        partner = document._credit_partner().commercial_partner_id
        exposure = 0.0
        if partner.id:
            [(exposure,)] = (
                self.env["credit.open.item"]
                .sudo()
                ._read_group(
                    [
                        ("partner_id", "=", partner.id),
                        ("company_id", "=", document._credit_company().root_id.id),
                    ],
                    [],
                    ["amount:sum"],
                )
            )
        digits = currency.decimal_places
        return decision.Position(
            draft=to_decimal(exposure or 0, digits),
            credit_limit=None
            if policy.default_unlimited or not policy
            else to_decimal(policy.default_limit, digits),
            digits=digits,
        )
