"""Queries whose plan PostgreSQL keeps.

Planning the position of one customer costs several times as much as reading it.  A prepared
statement is planned once, as long as the cursor lives: Odoo discards what a connection has
prepared when it hands it to the next cursor.
"""

import re
from datetime import date
from itertools import count
from weakref import WeakKeyDictionary

from odoo.tools import SQL

# cursor -> {code: name}; names are never used twice, so that one left over does no harm.
_statements = WeakKeyDictionary()
_numbers = count(1)


def execute_prepared(env, query: SQL):
    """Like ``env.execute_query``; the rows as dicts.

    :param query: parameters are numbers, dates, texts or lists of ids; they should be all that
        differs from one call to the next
    """
    cr = env.cr
    env.flush_query(query)
    # In a test, cursors share the one that holds the connection.
    known = _statements.setdefault(getattr(cr, "_cursor", cr), {})
    name = known.get(query.code)
    if name:
        cr.execute(_execution(name, query.params))
    else:
        name = f"credit_{next(_numbers)}"
        places = count(1)
        code = re.sub(
            "%[s%]", lambda match: "%%" if match[0] == "%%" else f"${next(places)}", query.code
        )
        prepare = SQL(
            "PREPARE %s (%s) AS " + code,
            SQL.identifier(name),
            SQL(", ").join(SQL(_type(value)) for value in query.params),
        )
        cr.execute(SQL("%s; %s", prepare, _execution(name, query.params)))
        known[query.code] = name
    columns = [column.name for column in cr.description]
    return [dict(zip(columns, row, strict=True)) for row in cr.fetchall()]


def _execution(name, params):
    # PostgreSQL would plan each time anew: it expects a plan for one certain customer to be
    # cheaper, which it is not.  Nothing else in Odoo is prepared, so nobody notices the setting.
    return SQL(
        "SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE %s (%s)",
        SQL.identifier(name),
        SQL(", ").join(SQL("%s", value) for value in params),
    )


def _type(value):
    if isinstance(value, list):
        return "int[]"
    if isinstance(value, int):
        return "int"
    if isinstance(value, date):
        return "date"
    return "text"
