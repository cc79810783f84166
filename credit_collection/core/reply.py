"""What a customer's answer seems to say, read by plain rules: a proposal, never a decision.

Pure: no Odoo, no clock.  The words stand in tables; whatever they do not know stays a question
for whoever reads the answer.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

PROMISE = "promised"
PAID = "paid"
DISPUTE = "disputed"
COPY = "copy_sent"
CALL_BACK = "call_back"
AUTOMATIC = "automatic"
NOTHING = "read"

# The first that is found says what is proposed.  English, German, Polish, Russian, Chinese.
AUTOMATIC_WORDS = (
    "out of office|automatic reply|auto-reply|on vacation until|abwesenheit|automatische antwort|"
    "nieobecno|autoodpowied|автоответ|вне офиса|自动回复|外出"
)
COPY_WORDS = (
    "copy|copies|resend|send (?:it|them|the invoice|us the invoice)s? again|"
    "(?:never|not) (?:got|received|have) (?:the|this|that|an|your) invoice|"
    "kopie|rechnung (?:fehlt|nicht erhalten)|noch einmal senden|kopi[ęia]|nie otrzymali|"
    "копи[юия]|не получили сч|副本|重发|没有收到发票"
)
DISPUTE_WORDS = (
    "dispute|wrong|incorrect|damaged|defective|broken|complain|not (?:delivered|ordered|agree)|"
    "never (?:arrived|ordered|delivered)|missing|returned|credit note|falsch|beschädigt|mangel|"
    "reklam|defekt|nicht (?:geliefert|bestellt)|uszkodz|błęd|niezgodn|брак|не согласн|"
    "неверн|поврежд|не достав|错误|损坏|不同意|投诉"
)
PAID_WORDS = (
    r"(?:was|were|is|are|been|already|have|has|we) paid|paid (?:on|by|it|this|the|already)|"
    "payment (?:was|has been|is) (?:made|sent|done)|transferred|transfer (?:was|has been) made|"
    "remitted|bezahlt|überwiesen|zapłac(?:ili|on|one)|przela|оплатили|оплачен|перевели|"
    "已付|已支付|已汇"
)
PROMISE_WORDS = (
    "will pay|shall pay|going to pay|pay (?:on|by|until|next|this|tomorrow|it on)|"
    "payment (?:will|on|by|is planned)|will (?:be paid|transfer|remit|settle)|promise|"
    "zahlen wir|werden (?:wir )?.{0,40}(?:zahlen|überweisen)|zapłacimy|"
    "przelejemy|оплатим|заплатим|переведем|переведём|将付|会付|付款日期|支付日期"
)
CALL_WORDS = (
    "call (?:me|us)|phone (?:me|us)|ring (?:me|us)|give (?:me|us) a (?:call|ring)|rufen sie|"
    "anrufen|zadzwo|позвони|перезвон|请致电|打电话"
)
RULES = (
    (AUTOMATIC, AUTOMATIC_WORDS),
    (COPY, COPY_WORDS),
    (DISPUTE, DISPUTE_WORDS),
    (PAID, PAID_WORDS),
    (PROMISE, PROMISE_WORDS),
    (CALL_BACK, CALL_WORDS),
)
PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in RULES)

# Where the answer ends and what it answers begins.
QUOTES = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original|forwarded|ursprüngliche)|_{5,}|(?:from|von|od|от|发件人)\s*:)"
    r"|^\s*(?:on|am|dnia|w dniu)\b.{4,120}(?:wrote|schrieb|napisał.{0,3})\s*:?\s*$",
    re.IGNORECASE,
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar stycznia января",
            "february feb februar lutego февраля",
            "march mar märz marca марта",
            "april apr kwietnia апреля",
            "may mai maja мая",
            "june jun juni czerwca июня",
            "july jul juli lipca июля",
            "august aug sierpnia августа",
            "september sep sept września сентября",
            "october oct oktober okt października октября",
            "november nov listopada ноября",
            "december dec dezember dez grudnia декабря",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday montag poniedziałek понедельник",
            "tuesday dienstag wtorek вторник",
            "wednesday mittwoch środę среду",
            "thursday donnerstag czwartek четверг",
            "friday freitag piątek пятницу",
            "saturday samstag sobotę субботу",
            "sunday sonntag niedzielę воскресенье",
        )
    )
    for name in names.split()
}
TOMORROW = re.compile(r"\b(?:tomorrow|morgen|jutro|завтра)\b|明天", re.IGNORECASE)
ISO = re.compile(r"\b(20\d\d)-(\d{1,2})-(\d{1,2})\b")
CHINESE = re.compile(r"(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})[日号]")
NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([./])(\d{1,2})(?:\2(20\d\d|\d\d))?(?![\d/])\.?")
NAMED = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?([^\W\d_]{3,12})\.?,?\s*(20\d\d)?\b", re.IGNORECASE
)
NAMED_FIRST = re.compile(
    r"\b([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+(20\d\d))?", re.IGNORECASE
)
AMOUNT = re.compile(
    r"(?<![\w.,/-])(\d{1,3}(?:[ \u00a0.,']\d{3})+|\d+)([.,]\d{2})?(?![\w/%]|[.,-]\d)"
)


@dataclass(frozen=True)
class Proposal:
    """What the answer seems to say; what was not found is ``None`` or empty."""

    kind: str
    day: date | None = None
    amount: Decimal | None = None
    documents: tuple = ()


def own_words(text):
    """The answer without what it answers."""
    lines = []
    for line in (text or "").splitlines():
        if QUOTES.search(line):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def read(text, today, documents=(), month_first=False):
    """What is proposed to be done about an answer.

    :param str text: the answer, as plain text
    :param date today: the day it came in
    :param documents: numbers of the customer's open invoices
    :param bool month_first: whether ``4/10`` is the tenth of April (as in the United States)
    :return: :class:`Proposal`
    """
    own = own_words(text)
    named = tuple(number for number in documents if number and _mentions(own, number))
    rest = own
    for number in named:
        rest = re.sub(re.escape(number), " ", rest, flags=re.IGNORECASE)
    kind = next((kind for kind, pattern in PATTERNS if pattern.search(rest)), None)
    days, rest = _days(rest, today, month_first)
    amount = _amount(rest)
    if kind is None:
        # A day to come and nothing else is what a promise sounds like.
        kind = PROMISE if any(day >= today for day in days) else NOTHING
    if kind in (AUTOMATIC, NOTHING):
        return Proposal(kind, documents=named)
    return Proposal(kind, _chosen(kind, days, today), amount, named)


def _mentions(text, number):
    """Whether a document's number stands in the text, however it is spaced or cased."""
    found = re.search(rf"(?<!\w){re.escape(number)}(?!\w)", text, re.IGNORECASE)
    return bool(found)


def _chosen(kind, days, today):
    """A promise is for a day to come, a payment was on a day that has passed."""
    if kind == PAID:
        return max((day for day in days if day <= today), default=None)
    return min((day for day in days if day >= today), default=None)


def _days(text, today, month_first):
    """The days named in a text, and the text without them."""
    days = []

    def take(build):
        def replaced(match):
            day = build(match)
            if day is None:
                return match.group(0)
            days.append(day)
            return " "

        return replaced

    text = ISO.sub(take(lambda m: _day(m[1], m[2], m[3])), text)
    text = CHINESE.sub(take(lambda m: _near(m[1], m[2], m[3], today)), text)
    text = NUMERIC.sub(take(lambda m: _numeric(m, today, month_first)), text)
    text = NAMED.sub(take(lambda m: _named(m[3], m[2], m[1], today)), text)
    text = NAMED_FIRST.sub(take(lambda m: _named(m[3], m[1], m[2], today)), text)
    for word in re.findall(r"[^\W\d_]{4,}", text.lower()):
        if word in WEEKDAYS:
            ahead = (WEEKDAYS[word] - today.weekday()) % 7 or 7
            days += [today + timedelta(ahead), today + timedelta(ahead - 7)]
    if TOMORROW.search(text):
        days.append(today + timedelta(1))
    return days, text


def _numeric(match, today, month_first):
    first, separator, second, year = match.groups()
    if month_first and separator == "/":
        first, second = second, first
    if not year and separator == "." and not match[0].endswith("."):
        # 3.50 is an amount; 3.5. is a day.
        return None
    return _near(year, second, first, today)


def _named(year, month, day, today):
    number = MONTHS.get(month.lower())
    return _near(year, number, day, today) if number else None


def _near(year, month, day, today):
    """A day; without a year the one that is nearest to today."""
    if year:
        return _day(int(year) + (2000 if int(year) < 100 else 0), month, day)
    around = [_day(today.year + shift, month, day) for shift in (-1, 0, 1)]
    return min((x for x in around if x), key=lambda x: abs((x - today).days), default=None)


def _day(year, month, day):
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _amount(text):
    """The largest amount in a text that holds no days and numbers of documents any more."""
    amounts = []
    for match in AMOUNT.finditer(text):
        whole, cents = match.groups()
        grouped = re.search(r"[ \u00a0.,']", whole)
        if not cents and not grouped and len(whole) < 3:
            continue
        digits = re.sub(r"[ \u00a0.,']", "", whole)
        try:
            amounts.append(Decimal(digits + ("." + cents[1:] if cents else "")))
        except InvalidOperation:
            continue
    return max((amount for amount in amounts if amount < 10**12), default=None)
