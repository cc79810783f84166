"""What the pure rules of ``core`` refuse, said in the language of who reads it: the one place."""

from ..core.fault import Fault


def said(env, error, **labels):
    """The sentence of an error of ``core`` in the language of ``env``.

    :param labels: ``{hole: {value: what the reader calls it}}``
    """
    if not isinstance(error, Fault):
        return str(error)
    values = {name: labels.get(name, {}).get(value, value) for name, value in error.values.items()}
    return env._(error.sentence, **values)  # pylint: disable=translation-not-lazy
