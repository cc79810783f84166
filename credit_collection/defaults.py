def without_defaults(records, allowed=()):
    """The records without the defaults of a caller's context, those of fields ``allowed`` kept.

    A ``default_x`` in the context sets any field that a caller's values leave out.
    """
    context = {
        key: value
        for key, value in records.env.context.items()
        if not key.startswith("default_") or key.removeprefix("default_") in allowed
    }
    return records.with_env(records.env(context=context))
