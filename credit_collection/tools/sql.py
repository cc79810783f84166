from typing import NamedTuple

from odoo.tools import SQL

# Set in the cursor's cache while its transaction runs without compiling.
WITHOUT_JIT = "credit_without_jit"


class Join(NamedTuple):
    """A join, and the columns that it serves, those of joins that rest on it included.

    Each table that a query names costs PostgreSQL time to plan, used or not, and for one customer
    planning is most of the time: a join is left out when none of its columns is selected.
    """

    sql: SQL
    serves: tuple


def needed_joins(joins, columns) -> SQL:
    """Those of the joins, in their order, that serve one of the columns."""
    return SQL(" ").join(join.sql for join in joins if set(columns).intersection(join.serves))


def ids_sql(ids) -> SQL:
    """Ids as an array.

    Tens of thousands of them are read far faster from one text than as so many values.
    """
    return SQL("%s::int[]", f"{{{','.join(map(str, ids))}}}")


def without_jit(env):
    """Let this transaction run its queries as they are.

    What reads everybody has a long plan and an estimate above ``jit_above_cost``: compiling it
    takes longer than running it, seconds for the cash of a month. So does one customer's row while
    PostgreSQL guesses at tables that it has not counted yet.
    """
    cr = env.cr
    if WITHOUT_JIT not in cr.cache:
        cr.execute(SQL("SET LOCAL jit = off"))
        cr.cache[WITHOUT_JIT] = True
        for ended in (cr.postcommit, cr.postrollback):
            ended.add(lambda: cr.cache.pop(WITHOUT_JIT, None))
