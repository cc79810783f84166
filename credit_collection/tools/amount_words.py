"""Amounts in words, in any language that num2words knows."""

from num2words import num2words


def amount_words(amount, currency, lang):
    """Return an amount in words with its currency, whatever languages are installed.

    Currencies that the language has no words for are named by their code, their cents as a
    fraction: "twelve XAF 50/100".

    :param amount: not negative
    :param currency: code of ISO 4217
    :param lang: of Odoo, like ``ru_RU``
    """
    amount = round(abs(amount), 2)
    for code in (lang, (lang or "").split("_")[0], "en"):
        if not code:
            continue
        try:
            return num2words(amount, lang=code, to="currency", currency=currency)
        except NotImplementedError:
            plain = _plain(amount, currency, code)
            if plain:
                return plain
    return f"{amount:,.2f} {currency}"


def _plain(amount, currency, code):
    whole, cents = divmod(round(amount * 100), 100)
    try:
        return f"{num2words(whole, lang=code)} {currency} {cents:02d}/100"
    except NotImplementedError:
        return None
