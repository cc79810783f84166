"""Many rows stored by one statement, where each record by itself would take most of the time."""

from odoo import fields
from odoo.tools import SQL


def insert_rows(model, columns):
    """Store rows as the ORM would: ids and who made them when are filled in.

    For what the add-on works out itself and nobody types: defaults, computed fields, rules, bounds
    and what follows from creating are the caller's business.

    :param model: the recordset's environment says who; what waits in it is flushed before
    :param columns: ``{stored field: list of values, or one value for all}``; amounts are rounded
        by the caller, absent is ``None`` or ``False``
    :return: the records, in the order of the values
    """
    numbers = {len(values) for values in columns.values() if isinstance(values, list)}
    if len(numbers) != 1:
        raise ValueError("The columns are not of one length.")
    (number,) = numbers
    if not number:
        return model.browse()
    model.flush_model()
    made = {"create_uid": model.env.uid, "write_uid": model.env.uid}
    made |= dict.fromkeys(("create_date", "write_date"), fields.Datetime.now())
    lists, names, values = [], [], []
    for name, given in {**made, **columns}.items():
        names.append(SQL.identifier(name))
        kind = model._fields[name].column_type[0]
        if isinstance(given, list):
            array = SQL(f"%s::{kind}[]", _array(given, kind))
            lists.append((SQL.identifier(name), array))
            values.append(SQL.identifier("row", name))
        else:
            values.append(SQL(f"(%s::{kind}[])[1]", _array([given], kind)))
    rows = model.env.execute_query(
        SQL(
            """
            INSERT INTO %(table)s (%(names)s)
            SELECT %(values)s FROM unnest(%(arrays)s) WITH ORDINALITY AS row(%(columns)s, place)
             ORDER BY row.place
            RETURNING id
            """,
            table=SQL.identifier(model._table),
            names=SQL(", ").join(names),
            values=SQL(", ").join(values),
            arrays=SQL(", ").join(array for _name, array in lists),
            columns=SQL(", ").join(name for name, _array in lists),
        )
    )
    # Ids come from one sequence in the order of the rows.
    return model.browse(sorted(row[0] for row in rows))


def _array(values, kind):
    """A list as PostgreSQL's text of an array: one text is read far faster than many values."""
    if kind == "bool":
        return _braced("t" if value else "f" for value in values)
    return _braced(map(_element, values))


def _braced(texts):
    return "{" + ",".join(texts) + "}"


def _element(value):
    if value is None or value is False:
        return "NULL"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
