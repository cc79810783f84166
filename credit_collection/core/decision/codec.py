"""Frozen dataclasses to plain JSON and back, exactly.

Decimals travel as text and dates as ISO text, so nothing passes through a float. What is read
back is guided by the declared types; a field the text lacks takes its default, a field the class
no longer has is ignored.
"""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints


def dump(value):
    """Return ``value`` as dict, list, str, int, bool or None."""
    if is_dataclass(value):
        return {field.name: dump(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [dump(each) for each in value]
    return value


def load(hint, value):
    """Return the value of type ``hint`` that ``dump`` turned into ``value``."""
    if isinstance(hint, UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not NoneType)
    if value is None:
        return None
    if is_dataclass(hint):
        hints = _hints(hint)
        return hint(
            **{name: load(hints[name], each) for name, each in value.items() if name in hints}
        )
    if get_origin(hint) in (tuple, frozenset):
        return _load_many(get_origin(hint), get_args(hint), value)
    if hint is Decimal:
        return Decimal(value)
    return date.fromisoformat(value) if hint is date else value


def _load_many(collection, hints, values):
    if collection is tuple and hints[-1] is not Ellipsis:
        return tuple(load(hint, each) for hint, each in zip(hints, values, strict=True))
    return collection(load(hints[0], each) for each in values)


@cache
def _hints(cls):
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(cls)}
