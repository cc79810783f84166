"""Who paid: a customer's name in what the bank wrote."""

import re
import unicodedata

# Left out of names: the bank writes them otherwise than we do, or not at all.
LEGAL_FORMS = frozenset(
    "ab ag bv co company corp corporation gmbh inc kg limited llc llp ltd mbh nv ohg oy plc pte "
    "pty sa sarl se srl ooo oao zao pao ooo ао оао ооо зао пао spzoo".split()
)


def words(text):
    """The words of a name or a bank's text: small, without accents and legal forms."""
    plain = unicodedata.normalize("NFKD", text or "").casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"\bsp(?:olka)?\.?\s*z\s*o\.?\s*o\b\.?", " ", plain)
    return tuple(word for word in re.findall(r"[^\W_]+", plain) if word not in LEGAL_FORMS)


def payer(text, names):
    """The one customer whose name stands in the text.

    :param str text: what the bank wrote
    :param dict names: ``{customer: words of the name}``
    :return: the customer of the longest name that stands there word by word; ``None`` when no
        name does, or those of two customers are equally long
    """
    said = words(text)
    places = {}
    for place, word in enumerate(said):
        places.setdefault(word, []).append(place)
    best, found = 0, None
    for customer, name in names.items():
        # A name of one or two letters stands everywhere.
        if not name or len("".join(name)) < 3 or len(name) < best:
            continue
        if any(said[place : place + len(name)] == name for place in places.get(name[0], ())):
            found = customer if len(name) > best else None
            best = len(name)
    return found
