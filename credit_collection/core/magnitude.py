"""How big a unit of a currency is, roughly, for the amounts that a new company starts with.

Nothing is ever converted with these: they only turn "items up to 50 do not count", meant in
dollars, into 5,000 yen where a company has no exchange rates yet. Currencies about as big as a
dollar are not named.
"""

UNITS_PER_DOLLAR = {
    "AED": 4,
    "ARS": 1000,
    "BRL": 5,
    "CLP": 1000,
    "CNY": 7,
    "COP": 4000,
    "CZK": 20,
    "DKK": 7,
    "EGP": 50,
    "HKD": 8,
    "HUF": 400,
    "IDR": 15000,
    "ILS": 4,
    "INR": 80,
    "IRR": 500000,
    "ISK": 100,
    "JPY": 100,
    "KES": 100,
    "KRW": 1000,
    "KZT": 500,
    "MAD": 10,
    "MXN": 20,
    "MYR": 4,
    "NGN": 1500,
    "NOK": 10,
    "PHP": 50,
    "PKR": 300,
    "PLN": 4,
    "RON": 4,
    "RSD": 100,
    "RUB": 80,
    "SAR": 4,
    "SEK": 10,
    "THB": 30,
    "TRY": 40,
    "TWD": 30,
    "UAH": 40,
    "UZS": 12000,
    "VND": 25000,
    "ZAR": 20,
}


def scaled(amount, currency, rate=None):
    """An amount meant in dollars, as one round number in ``currency``.

    :param currency: its code
    :param rate: units per dollar where the company knows it
    """
    units = rate if rate is not None else UNITS_PER_DOLLAR.get(currency, 1)
    return float(f"{amount * units:.0e}")
