"""Amounts in words, in any language that num2words knows."""

from num2words import num2words

# Chinese as it is written on bills and vouchers, which num2words does not know.
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
UNITS = ((100_000_000, "亿"), (10_000, "万"))
CHINESE_NAMES = {
    "CNY": "人民币", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元", "PLN": "兹罗提",
    "RUB": "卢布", "USD": "美元",
}  # fmt: skip


def amount_words(amount, currency, lang):
    """Return an amount in words with its currency, whatever languages are installed.

    Currencies that the language has no words for are named by their code, their cents as a
    fraction: "twelve XAF 50/100".

    :param amount: not negative
    :param currency: code of ISO 4217
    :param lang: of Odoo, like ``ru_RU``
    """
    amount = round(abs(amount), 2)
    if (lang or "").startswith("zh"):
        return _chinese(amount, currency)
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


def _chinese(amount, currency):
    """Capital numerals: 6,007.14 is 陆仟零柒元壹角肆分."""
    whole, cents = divmod(round(amount * 100), 100)
    text = _chinese_whole(whole)
    if whole:
        text += "元"
    if not cents:
        return f"{CHINESE_NAMES.get(currency, currency)}{text or '零元'}整"
    tenths, hundredths = divmod(cents, 10)
    if tenths:
        text += f"{DIGITS[tenths]}角"
    elif whole:
        text += "零"
    if hundredths:
        text += f"{DIGITS[hundredths]}分"
    return f"{CHINESE_NAMES.get(currency, currency)}{text}"


def _chinese_whole(number):
    """Ten thousands within hundreds of millions: 10^12 is 壹万亿, 10^16 is 壹亿亿."""
    for unit, name in UNITS:
        if number >= unit:
            high, low = divmod(number, unit)
            # Zeros in between are said once, however many they are.
            zero = "零" if 0 < low < unit // 10 else ""
            return _chinese_whole(high) + name + zero + _chinese_whole(low)
    return _chinese_group(number)


def _chinese_group(group):
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + PLACES[place]
            zero = False
        else:
            zero = True
    return text
