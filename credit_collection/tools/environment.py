"""The environment in which decisions are made.

A caller's context can ask a report for another day (``as_of``), shift today (``tz``), bring back
what is archived (``active_test``), choose companies or give defaults.  That is good for reading and
must not reach a decision: whoever decides reads through :func:`without_caller_context`.
"""

from .readers import JOB, job_lang

# The id of the company that is decided for, beside its time zone; see credit.as.of.mixin.
DECIDED_FOR = "credit_decided_for"


def without_caller_context(records, company):
    """The records in an environment that no caller tilts: only the language is kept.

    :param company: ``res.company`` on whose day the decision is made, may be empty
    """
    context = {"tz": company._credit_tz(), DECIDED_FOR: company.id}
    if lang := job_lang(records, company):
        context["lang"] = lang
    if records.env.context.get(JOB):
        context[JOB] = True
    return records.with_env(records.env(context=context))
