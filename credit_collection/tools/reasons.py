"""Why something was decided, kept as a code with values and put into words by who reads it.

A field of this kind keeps ``reason:["merged", {}]`` and shows "The customer was merged with
another." in the reader's language.  Words that a person typed, a mail server said, or an earlier
release kept are shown as they are.
"""

import json

from odoo import fields
from odoo.orm.utils import SQL_OPERATORS
from odoo.tools import SQL
from odoo.tools.misc import format_date

MARK = "reason:"


def reason(code, **values):
    """A reason to keep: a code of ``SENTENCES`` and what its sentence names.

    :param values: texts, numbers, days and other reasons
    """
    plain = {name: fields.Date.to_string(v) if _is_day(v) else v for name, v in values.items()}
    return MARK + json.dumps([code, plain], ensure_ascii=False, sort_keys=True)


def own_words(text):
    """What a person typed, which is never taken for a code."""
    while text.startswith(MARK):
        text = text.removeprefix(MARK)
    return text


def say(env, kept):
    """A kept reason in the language of ``env``; what only looks like one is shown as it is."""
    if not kept or not kept.startswith(MARK):
        return kept
    try:
        code, values = json.loads(kept.removeprefix(MARK))
        sentence = SENTENCES[code]
    except (ValueError, KeyError, TypeError):
        return kept
    return sentence(env, **values)


def _is_day(value):
    return hasattr(value, "toordinal")


class Reason(fields.Text):
    """A text that keeps reasons as codes.  Who reads it gets a :class:`Said`, and who searches
    looks for words of the sentence, in the own language."""

    def _description_groupable(self, env):
        return False  # groups would be named by codes

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        if operator.startswith("not ") and operator.endswith("like"):
            sought = operator.removeprefix("not ")
            found = self.condition_to_sql(field_expr, sought, value, model, alias, query)
            return SQL("(%s) IS NOT TRUE", found)
        if operator in ("in", "not in"):
            said = self._said(model)
            value = {*value, *(kept for kept, words in said.items() if words in value)}
        typed = super().condition_to_sql(field_expr, operator, value, model, alias, query)
        if not operator.endswith("like"):
            return typed
        return SQL(
            "(CASE WHEN left(%(column)s, %(length)s) = %(mark)s THEN %(column)s IN (%(said)s)"
            " ELSE %(typed)s END)",
            column=model._field_to_sql(alias, field_expr, query),
            length=len(MARK),
            mark=MARK,
            said=self._said_like(model, operator, value),
            typed=typed,
        )

    def _said(self, model):
        """What is kept as a code, with the words that the reader sees."""
        name, env = SQL.identifier(self.name), model.env
        kept = env.execute_query(
            SQL(
                "SELECT DISTINCT %s FROM %s WHERE left(%s, %s) = %s",
                name,
                SQL.identifier(model._table),
                name,
                len(MARK),
                MARK,
                to_flush=self,
            )
        )
        return {one: say(env, one) for (one,) in kept}

    def _said_like(self, model, operator, value):
        """The codes whose words are like what is looked for."""
        said = self._said(model)
        words, like = SQL("said.words"), SQL("%s", value if "=" in operator else f"%{value}%")
        if operator.endswith("ilike"):
            words, like = map(model.env.registry.unaccent, (words, like))
        return SQL(
            "SELECT said.kept FROM unnest(%s::text[], %s::text[]) AS said(kept, words)"
            " WHERE %s%s%s",
            list(said),
            list(said.values()),
            words,
            SQL_OPERATORS[operator],
            like,
        )

    def convert_to_cache(self, value, record, validate=True):
        return super().convert_to_cache(getattr(value, "kept", value), record, validate)

    def convert_to_record(self, value, record):
        return Said.of(record.env, value) if value else False

    def convert_to_read(self, value, record, use_display_name=True):
        return str(value) if value else False

    def convert_to_write(self, value, record):
        return getattr(value, "kept", value)


class Said(str):
    """The words of a reason; ``kept`` is what stands in the database."""

    @classmethod
    def of(cls, env, kept):
        said = cls(say(env, kept))
        said.kept = kept
        return said

    def __str__(self):
        return str.__str__(self)


def _day(env, text):
    return format_date(env, text)


def _notices(env, notices):
    """Whom an e-mail did not reach, why, and what the mail server said."""
    labels = dict(env["mail.notification"]._fields["failure_type"]._description_selection(env))
    return "; ".join(
        ": ".join(part for part in (who, labels.get(kind), said) if part)
        for who, kind, said in notices
    )


# What a code says.  A code stays for ever: records of ten years ago keep it.
SENTENCES = {
    # why nothing goes out
    "promised": lambda env: env._("The customer promised to pay."),
    "disputed": lambda env: env._("The customer disputes what is open."),
    "in_payment": lambda env: env._("A payment is on its way."),
    "blocked": lambda env: env._("What is open is blocked for follow-up."),
    "muted": lambda env: env._("What is open is marked 'no follow-up'."),
    "nothing_open": lambda env: env._("Nothing is open any more."),
    "in_case": lambda env: env._("A case is open: lawyers, agency or court write now."),
    "paused": lambda env: env._("Follow-up is paused on the customer's file."),
    "reply": lambda env: env._("The customer replied, and nobody has read it yet."),
    "pending": lambda env: env._("Another message to the customer is waiting."),
    "not_yet": lambda env: env._("No open item has come to its next level."),
    "last_level": lambda env: env._("Every open item has had the last level."),
    "covered": lambda env: env._("Unapplied credits cover what is due."),
    "below_minimum": lambda env: env._("Less is due than the minimum."),
    "quiet": lambda env: env._("The customer was contacted too recently."),
    "again_from": lambda env, why, on: env._(
        "%(reason)s Again from %(date)s.", reason=say(env, why), date=_day(env, on)
    ),
    "merged": lambda env: env._("The customer was merged with another."),
    "moving_undone": lambda env: env._("Moving in was undone."),
    # why somebody gets the message
    "collections_of_address": lambda env: env._("Contact for collections of this invoice address."),
    "own_letter": lambda env: env._("Each invoice address gets a letter of its own."),
    "collections": lambda env: env._("Contact for collections."),
    "no_address": lambda env: env._("The customer: the invoice address has no e-mail address."),
    "invoice_address": lambda env: env._("Invoice address: there is no contact for collections."),
    "customer": lambda env: env._("The customer: there is no contact for collections or invoices."),
    "addressed": lambda env: env._("Whom the invoices are addressed to."),
    "passed_over": lambda env, contact, before: env._(
        "%(contact)s: %(before)s has no e-mail address.", contact=contact, before=before
    ),
    "chosen_by": lambda env, user: env._("Chosen by %(user)s.", user=user),
    "moved_in": lambda env: env._("Sent before moving in."),
    # why it did not arrive
    "interrupted": lambda env: env._("Interrupted while it was sent: it may have arrived or not."),
    "not_reached": _notices,
    # why a level steps down
    "due_now": lambda env, on: env._("due on %(date)s now", date=_day(env, on)),
    "taken_back": lambda env, who: env._("taken back by %(who)s", who=who),
    # why a run stopped
    "no_statement": lambda env, policy: env._(
        "%(policy)s: no bank statement was entered yet.", policy=policy
    ),
    "old_statement": lambda env, policy, on, days: env._(
        "%(policy)s: the latest bank statement is of %(date)s, older than %(days)s days.",
        policy=policy,
        date=_day(env, on),
        days=days,
    ),
    "several": lambda env, reasons: "\n".join(say(env, one) for one in reasons),
}
