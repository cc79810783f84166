from decimal import Decimal

from odoo import models
from odoo.addons.credit_collection.core.decision import Fact, Measure
from odoo.addons.credit_collection.core.decision.rules import KINDS, Kind
from odoo.addons.credit_collection.models.policy.rule_kinds import RULE_KINDS, RuleKind
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


def _abroad(rule, position, request, today):
    """Violated by a customer in another country, for documents above the rule's amount."""
    country = position.fact("abroad").text
    return Measure(country, "", "text", bool(country) and request.document_amount > rule.amount)


KINDS["abroad"] = Kind(_abroad)
RULE_KINDS["abroad"] = RuleKind(
    title=_lt("Customer abroad"),
    sentence=_lt("The customer is in %(measured)s: somebody has to look."),
    threshold=lambda rule: rule.currency_id.format(rule.amount),
    reads="_example_countries",
)


class CreditAccount(models.Model):
    _inherit = "credit.account"

    def _example_countries(self):
        """The country of each customer who is in another one than the company."""
        facts = {}
        for account in self.sudo():
            country = account.partner_id.country_id
            if country and country != account.company_id.country_id:
                facts[account.id] = Fact("abroad", value=Decimal(1), text=country.name)
        return facts
