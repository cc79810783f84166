"""Texts are written in the language of who reads them.

An activity is read by one person, so its words are made in that person's language.  What a
scheduled job writes for everybody is made in the language of the company that it works for.
"""

from odoo.tools.misc import get_lang

JOB = "credit_job"
# Unicode's marks around what keeps its own direction.
LEFT_TO_RIGHT, END = "\u2066", "\u2069"


def for_reader(records, user):
    """The records in the language of ``user``, and of nobody else's context."""
    return records.with_context(lang=user.sudo().lang or records.env.lang)


def start_of_line(env):
    """The side on which a line of the language begins, as mail programs know it."""
    return "right" if get_lang(env).direction == "rtl" else "left"


def isolated(env, text):
    """An amount or a range inside a text: in a language from right to left it keeps its direction.

    Without it "$ 1,000.00" is read as "1,000.00 $" there, and "1–30" as "30–1".
    """
    return f"{LEFT_TO_RIGHT}{text}{END}" if start_of_line(env) == "right" else text


def job_lang(records, company):
    """The language in which a decision for ``company`` is written down.

    Whoever decides writes in the own language; a job has none and takes the company's.
    """
    context = records.env.context
    own = company.sudo().partner_id.lang if context.get(JOB) else None
    return own or context.get("lang")


def in_company_languages(records):
    """The records of a job by company, each in the language of its company."""
    if not records.env.context.get(JOB):
        return [records]
    if records._name == "res.company":
        groups = [(company, company) for company in records]
    elif "company_id" in records._fields:
        groups = list(records.grouped("company_id").items())
    else:
        return [records]
    return [own.with_context(lang=job_lang(own, company)) for company, own in groups]
