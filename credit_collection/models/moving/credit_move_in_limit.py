from odoo import models
from odoo.tools.misc import formatLang

UNPAID = "risk_invoice_unpaid_limit"
# Limits of single parts of the risk that a rule of ours knows, and that rule.
PARTS = {UNPAID: "overdue_amount", "risk_sale_order_limit": "ordered_amount"}


class CreditMoveIn(models.Model):
    """Reading limits: OCA's ``account_financial_risk`` and Odoo's own field."""

    _inherit = "credit.move.in"

    # ------------------------------------------------------------------
    # Odoo's own
    # ------------------------------------------------------------------

    def _read_native(self):
        Partner = self.env["res.partner"].sudo().with_company(self.company_id)
        partners = Partner.search([("credit_limit", ">", 0)]).filtered(self._of_company)
        found = [
            self._read_limit(
                partner,
                partner.credit_limit,
                self.company_id.currency_id,
                why_not=False
                if partner.use_partner_credit_limit
                else self.env._("The company's default, no limit of the customer's own."),
            )
            for partner in partners
        ]
        muted = (
            self.env["account.move.line"]
            .sudo()
            .search_count(
                [
                    ("no_followup", "=", True),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("company_id", "child_of", self.company_id.id),
                ]
            )
        )
        if muted:
            found.append(
                self._found(
                    "other",
                    self.env._("Items marked 'no follow-up': %(count)s", count=muted),
                    why_not=self.env._("Nothing to do: the mark is honoured where it is."),
                )
            )
        return found

    def _read_limit(self, partner, amount, currency, why_not=False):
        """A limit, compared with the one that is in force here."""
        shown = formatLang(self.env, amount, currency_obj=currency)
        if not why_not and partner != partner.commercial_partner_id:
            why_not = self.env._("A contact has the limit of its customer.")
        if not why_not and not self._of_company(partner):
            why_not = self.env._("The customer belongs to another company.")
        if not why_not and not 0 <= amount < 10.0**13:
            why_not = self.env._("A limit is an amount from 0 on.")
        if not why_not and not currency._credit_has_rate(self.company_id):
            why_not = self.env._("There is no exchange rate of the currency.")
        if not why_not:
            own = (
                self.env["credit.account"]
                .sudo()
                .search([("partner_id", "=", partner.id), ("company_id", "=", self.company_id.id)])
                .limit_ids.filtered(
                    lambda limit: limit.state == "approved" and limit.kind == "permanent"
                )
            )
            if own.filtered(
                lambda limit: (
                    not limit.unlimited
                    and limit.currency_id == currency
                    and not currency.compare_amounts(limit.amount, amount)
                )
            ):
                why_not = self.env._("This limit is in force here already.")
        return self._found(
            "limit",
            self.env._("Limit %(amount)s", amount=shown),
            {"amount": amount, "currency_id": currency.id},
            why_not=why_not,
            partner=partner,
        )

    # ------------------------------------------------------------------
    # OCA
    # ------------------------------------------------------------------

    def _read_oca_financial_risk(self):
        Partner = self.env["res.partner"].sudo().with_company(self.company_id)
        if UNPAID not in Partner._fields:
            self._source_model("account.financial.risk")
        found = self._read_margin()
        partners = Partner.search([("credit_limit", ">", 0)]).filtered(self._of_company)
        found += [
            self._read_limit(partner, partner.credit_limit, self._risk_currency(partner))
            for partner in partners
        ]
        return found + self._read_sub_limits(Partner)

    def _risk_currency(self, partner):
        return partner.risk_currency_id or self.company_id.currency_id

    def _read_margin(self):
        """Days after the due date from which an invoice counts as unpaid."""
        days = self.company_id.invoice_unpaid_margin
        if not days:
            return []
        same = days == self.company_id.credit_default_policy_id.grace_days
        return [
            self._found(
                "grace",
                self.env._("Maturity margin of %(days)s days", days=days),
                {"days": days},
                why_not=self.env._("The policy has the same days of grace.")
                if same
                else False
                if 0 <= days <= 3650
                else self.env._("More than ten years."),
                note=self.env._("Days of grace of the company's policy."),
            )
        ]

    def _read_sub_limits(self, Partner):
        """Limits of single parts of the risk.

        What is overdue and what is ordered have rules of their own here: customers with the same
        sub-limits get a policy with these rules. The other parts have none.
        """
        found, parts, groups = [], {}, {}
        names = [
            name
            for name, field in Partner._fields.items()
            if name.startswith("risk_") and name.endswith("_limit") and field.store
        ]
        for name in sorted(names):
            label = Partner._fields[name]._description_string(self.env)
            partners = Partner.search([(name, ">", 0)])
            for partner in partners.filtered(self._of_company):
                currency = self._risk_currency(partner)
                amount = partner[name]
                if name in PARTS and partner == partner.commercial_partner_id:
                    parts.setdefault(partner, []).append((name, amount))
                    continue
                shown = formatLang(self.env, amount, currency_obj=currency)
                found.append(
                    self._found(
                        "other",
                        f"{label}: {shown}",
                        why_not=self.env._(
                            "One exposure is compared with one limit; of its parts only what is "
                            "overdue and what is ordered have limits of their own."
                        ),
                        partner=partner,
                    )
                )
        for partner, own in parts.items():
            groups.setdefault((self._risk_currency(partner), tuple(own)), []).append(partner)
        for (currency, own), partners in groups.items():
            found += self._read_parts(currency, own, partners)
        return found

    def _read_parts(self, currency, parts, partners):
        """A policy with a rule for each of these parts of the risk, and who gets it.

        :param parts: ``((field of OCA's, amount), …)``
        """
        fields = self.env["res.partner"]._fields
        named = [
            (name, amount, fields[name]._description_string(self.env)) for name, amount in parts
        ]
        shown = ", ".join(
            f"{label} {formatLang(self.env, amount, currency_obj=currency)}"
            for _name, amount, label in named
        )
        foreign = currency != self.company_id.currency_id
        why = foreign and self.env._("The amounts of rules are in the company's currency.")
        key = f"parts {currency.id} {parts}"
        policy = self._found(
            "policy",
            self.env._(
                "%(limits)s, customers: %(count)s",
                limits=shown,
                count=len(partners),
            ),
            {
                "key": key,
                "name": shown,
                "rules": [
                    {
                        "name": label,
                        "kind": PARTS[name],
                        "amount": amount,
                        "consequence": "hold",
                    }
                    for name, amount, label in named
                ],
            },
            why_not=why,
            note=self.env._("The company's policy, and rules that hold above these amounts."),
        )
        users = [
            self._found(
                "customer_policy",
                shown,
                {"policy": key},
                why_not=why,
                partner=partner,
            )
            for partner in partners
        ]
        return [policy, *users]
