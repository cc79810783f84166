"""Numbers of documents, also where somebody has deleted their sequence."""

import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)
PADDING = 5
# code: (name, prefix) as they are shipped in data/
SHIPPED = {
    "credit.assignment": ("Assignment", "ASG"),
    "credit.balance.confirmation": ("Balance Confirmation", "BC"),
    "credit.case": ("Case", "CASE"),
    "credit.collateral": ("Security", "SEC"),
    "credit.hold": ("Credit Hold", "CH"),
    "credit.instrument": ("Cheque or Note", "INS"),
    "credit.interest.claim": ("Interest Claim", "IC"),
    "credit.netting": ("Netting", "NET"),
    "credit.plan": ("Payment Plan", "PLAN"),
    "credit.promise": ("Promise to Pay", "PP"),
    "credit.write.off": ("Write-off", "WO"),
}


def next_number(env, code):
    """The next number of the documents of model ``code``.

    A sequence that was deleted or archived is made anew and goes on after the highest number that
    there is: a document is never called "/", and no number comes twice.
    """
    sequences = env["ir.sequence"].sudo()
    number = sequences.next_by_code(code)
    if number:
        return number
    name, prefix = SHIPPED[code]
    _logger.warning("The sequence %s is missing and is made anew", code)
    sequences.create(
        {
            "name": name,
            "code": code,
            "prefix": f"{prefix}/%(year)s/",
            "padding": PADDING,
            "number_next": _highest(env, code) + 1,
            "company_id": False,
        }
    )
    return sequences.next_by_code(code)


def next_numbers(env, code, count):
    """So many next numbers, in their order; those of a sequence without gaps are drawn singly."""
    if not count:
        return []
    first = next_number(env, code)
    sequences = env["ir.sequence"].sudo()
    sequence = sequences.search(
        [("code", "=", code), ("company_id", "in", [env.company.id, False])],
        order="company_id",
        limit=1,
    )
    if sequence.implementation != "standard" or sequence.use_date_range:
        return [first, *(next_number(env, code) for _each in range(count - 1))]
    drawn = env.execute_query(
        SQL(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)",
            f"ir_sequence_{sequence.id:03d}",
            count - 1,
        )
    )
    prefix, suffix = sequence._get_prefix_suffix()
    return [first, *(f"{prefix}{number:0{sequence.padding}d}{suffix}" for (number,) in drawn)]


def _highest(env, code):
    env[code].flush_model(["name"])
    [(highest,)] = env.execute_query(
        SQL(
            r"SELECT MAX(SUBSTRING(name FROM '([0-9]{1,9})$')::int) FROM %s",
            SQL.identifier(env[code]._table),
        )
    )
    return highest or 0
