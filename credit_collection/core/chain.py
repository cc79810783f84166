"""A chain of entries, each sealed with the one before it.

Like the hash chain of posted entries in Odoo's accounting: whoever changes, drops or inserts an
entry afterwards breaks the seals from there on.
"""

import hashlib
import json


def canonical(values):
    """One text for equal values: keys sorted, no spaces, numbers as JSON writes them."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(previous, content):
    """The seal of an entry.

    :param str previous: the seal of the entry before it, empty for the first
    :param dict content: all that the entry says, its number included
    """
    return hashlib.sha256(f"{previous or ''}\n{canonical(content)}".encode()).hexdigest()


def sealed(contents, previous="", number=0):
    """Number and seal entries: ``(number, previous seal, seal)`` for each content.

    :param contents: dicts without their number
    :param previous: the last seal so far
    :param number: its number
    """
    for content in contents:
        number += 1
        mark = seal(previous, {**content, "number": number})
        yield number, previous, mark
        previous = mark


def first_break(rows, previous="", number=0):
    """The number of the first entry whose seal does not fit, or ``None``.

    :param rows: ``(number, content without its number, previous seal, seal)`` in order
    :param previous: the seal before the first of them
    :param number: its number
    """
    for own, content, before, mark in rows:
        number += 1
        fits = own == number and before == previous
        if not fits or mark != seal(previous, {**content, "number": number}):
            return number
        previous = mark
    return None


def differences(then, now):
    """The names whose values differ, sorted: what was sealed against what is there."""
    return sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
