"""State machines: one table of ``{(state, step): next state}`` per model, one way to read it."""

from odoo.exceptions import UserError


def state_title(record):
    """The state of the record in words, in the reader's language."""
    titles = dict(record._fields["state"]._description_selection(record.env))
    return titles.get(record.state, record.state)


def next_state(record, transitions, step):
    """The state that ``step`` leads the record to.

    :param transitions: ``{(state, step): next state}``
    :raises UserError: the record is in no state for the step
    """
    state = transitions.get((record.state, step))
    if not state:
        raise UserError(
            record.env._(
                "%(document)s is in the state “%(state)s”: this is not possible now.",
                document=record.display_name,
                state=state_title(record),
            )
        )
    return state
