from collections import defaultdict

from odoo import models

from .rule_kinds import RULE_KINDS


class CreditAccount(models.Model):
    _inherit = "credit.account"

    def _rule_facts(self, rules):
        """What other rooms know of these files, as far as the rules ask; a query per kind.

        :param rules: the core's rules
        :return: ``{file id: tuple of core.decision.Fact}``
        """
        found = defaultdict(tuple)
        for kind in sorted({rule.kind for rule in rules}):
            if reads := RULE_KINDS[kind].reads:
                for file_id, fact in getattr(self, reads)().items():
                    found[file_id] += fact if isinstance(fact, tuple) else (fact,)
        return found
