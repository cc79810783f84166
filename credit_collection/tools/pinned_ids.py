from collections.abc import Collection

from odoo.orm.domains import DomainAnd, DomainCondition

SOME = 1000


def pinned_ids(model, domain, name):
    """The ids that a domain allows for a field, when it lists them and they are not too many.

    :return: collection of ids, or None when the domain does not say
    """
    domain = domain.optimize(model)
    for condition in domain.children if isinstance(domain, DomainAnd) else [domain]:
        if (
            isinstance(condition, DomainCondition)
            and condition.field_expr == name
            and condition.operator == "in"
            and isinstance(condition.value, Collection)
            and len(condition.value) <= SOME
        ):
            return condition.value
    return None
