"""What stands inside a printed sentence: amounts, days, numbers and names as the reader writes
them, each isolated from the direction of the text around it."""

from markupsafe import Markup
from odoo.tools.misc import format_date, formatLang


def name(text, strong=False):
    """A name in a sentence."""
    shown = Markup("<bdi>%s</bdi>") % (text or "")
    return Markup("<b>%s</b>") % shown if strong else shown


def money(env, amount, currency, strong=False):
    """An amount in a sentence."""
    return name(formatLang(env, amount, currency_obj=currency), strong)


def day(env, value, strong=False):
    """A day in a sentence."""
    return name(format_date(env, value) if value else "", strong)


def number(env, value, most=4):
    """A number with as many digits as it has, up to ``most``: 12.5, 8, 0.0417."""
    digits = len(f"{float(value):.{most}f}".rstrip("0").partition(".")[2])
    return formatLang(env, value, digits=digits)


def decimal(env, text):
    """A decimal that is kept as text, with the digits that it was kept with."""
    return formatLang(env, float(text), digits=len(str(text).partition(".")[2]))


def percent(env, share, digits=1):
    """A share as percent: 0.214 is 21.4 %, with the comma of the language."""
    return f"{formatLang(env, 100 * share, digits=digits)} %"


def signature(env, party):
    """The line under which a party signs."""
    return env._("Date, for %(party)s", party=name(party))


def account(bank):
    """A bank account (``res.partner.bank``) and its bank."""
    number = name(bank.acc_number, strong=True)
    return Markup("%s, %s") % (number, name(bank.bank_id.name)) if bank.bank_id else number
