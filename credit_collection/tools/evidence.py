"""Who and what evidence speaks of stays: it is archived instead of deleted."""


def kept_by_evidence(records):
    """Those of ``records`` that something of ours refers to and must not lose, with its title.

    What that is follows from the fields themselves: a stored many2one with ``ondelete="restrict"``.

    :return: ``(records, title of the first model that refers to them)``
    """
    kept, title = records.browse(), ""
    for name, model in records.env.registry.items():
        if model._abstract or model._transient or not model._auto or not name.startswith("credit."):
            continue
        for field in model._fields.values():
            if (
                field.type == "many2one"
                and field.store
                and field.comodel_name == records._name
                and field.ondelete == "restrict"
                and not field.related
            ):
                Model = records.env[name].sudo().with_context(active_test=False)
                found = Model.search([(field.name, "in", records.ids)])[field.name]
                if found:
                    kept |= found.with_env(records.env)
                    title = title or Model._description
    return kept, title
