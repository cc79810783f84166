import re

from odoo.tools import SQL


def needed_joins(said: SQL, joins: dict) -> SQL:
    """Those of the joins whose aliases are used, in their order.

    Each table that a query names costs PostgreSQL time to plan, used or not, and for one customer
    planning is most of the time.

    :param said: the SQL that uses the aliases
    :param joins: ``{alias: SQL}``, each may use the aliases before it; the alias is a pattern
    """
    code, needed = said.code, []
    for alias, join in reversed(joins.items()):
        if re.search(rf"\b{alias}\"?\.", code):
            needed.insert(0, join)
            code += join.code
    return SQL(" ").join(needed)


def ids_sql(ids) -> SQL:
    """Ids as an array.

    Tens of thousands of them are read far faster from one text than as so many values.
    """
    return SQL("%s::int[]", f"{{{','.join(map(str, ids))}}}")


def named_columns(said: SQL, alias: str) -> list:
    """The columns of ``alias`` that are used, each once, in the order of the first use."""
    return list(dict.fromkeys(re.findall(rf'\b{alias}"?\."?(\w+)', said.code)))


def without_jit(env):
    """Let this transaction run its queries as they are.

    What reads everybody has a long plan and an estimate above ``jit_above_cost``: compiling it
    takes longer than running it, seconds for the cash of a month.
    """
    env.cr.execute(SQL("SET LOCAL jit = off"))
