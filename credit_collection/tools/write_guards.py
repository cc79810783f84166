"""Values that a caller did not write down: a ``default_x`` in the context sets any field ``x``
that the values leave out, also one that is worked out."""

PREFIX = "default_"


def without_defaults(records, allowed=()):
    """The records without the caller's defaults, those of the fields ``allowed`` kept."""
    context = {
        key: value
        for key, value in records.env.context.items()
        if not key.startswith(PREFIX) or key.removeprefix(PREFIX) in allowed
    }
    return records.with_env(records.env(context=context))


def reset_context(records):
    """The records without the caller's defaults, looking at what is owed today."""
    return without_defaults(records).with_context(as_of=None)


def fields_outside(vals, allowed):
    """The names of the fields in ``vals`` that are not allowed; the chatter's own always are."""
    return {
        name
        for name in vals
        if name not in allowed and not name.startswith(("message_", "activity_"))
    }


def given_fields(records, vals):
    """The names of the fields that a caller sets, by values or by defaults in the context."""
    defaults = (key for key in records.env.context if key.startswith(PREFIX))
    return vals.keys() | {key.removeprefix(PREFIX) for key in defaults}
