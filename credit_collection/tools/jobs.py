"""Scheduled work: one record that fails stops nobody else, and what is missing stops nothing."""

import logging

import psycopg2

from .readers import in_company_languages

_logger = logging.getLogger(__name__)


def each_safely(records, step, what):
    """Take a step for each record in a savepoint of its own.

    What fails is logged with its record and left as it was; the others go on.  Two transactions
    that met are left to whoever retries.

    :param step: called with one record at a time, in the language of its company
    :param str what: what is being done, for the log
    :return: the records that came through
    """
    done = records.browse()
    for record in records:
        try:
            with records.env.cr.savepoint():
                for spoken in in_company_languages(record):
                    step(spoken)
                records.env.flush_all()
        except psycopg2.OperationalError:
            raise
        except Exception:
            records.env.invalidate_all(flush=False)
            _logger.exception("%s: %s failed, the others go on", what, record)
        else:
            done |= record
    return done


def wake(env, name):
    """Let a scheduled action run soon.

    :param str name: its external id, that of the add-on may be left out

    Somebody may have deleted it: what it would have done waits until it is there again, and the
    payment or invoice that wakes it is not refused for it.
    """
    cron = env.ref(name if "." in name else f"credit_collection.{name}", raise_if_not_found=False)
    if cron:
        cron.sudo()._trigger()
    else:
        _logger.info("The scheduled action %s is missing: update the add-on to have it back", name)


def all_safely(records, step, what):
    """Take a step for all records at once, and one by one only where that fails.

    :param step: called with records of one company, in its language
    :return: the records that came through
    """
    try:
        with records.env.cr.savepoint():
            for spoken in in_company_languages(records):
                step(spoken)
            records.env.flush_all()
            return records
    except psycopg2.OperationalError:
        raise
    except Exception:
        records.env.invalidate_all(flush=False)
        _logger.info("%s: failed for one of %s, looking for it", what, len(records))
    return each_safely(records, step, what)
