"""Texts are written in the language of who reads them.

An activity is read by one person, so its words are made in that person's language.  What a
scheduled job writes for everybody is made in the language of the company that it works for.
"""

JOB = "credit_job"


def for_reader(records, user):
    """The records in the language of ``user``, and of nobody else's context."""
    return records.with_context(lang=user.sudo().lang or records.env.lang)


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
