"""The second demo company: a month in which the published worked examples come out.

An invoice is ``(customer, amount, issued, due, paid)``; a day is counted from the first or the
last day of the month, ``("last", -21)``; ``None``: not paid.  At the month's end:

=========  =========  =========  =========  =========  =========  ==============================
           DZ         PDZ        T          F          P          shown
=========  =========  =========  =========  =========  =========  ==============================
Ivanov     2,100,000    450,000  3,000,000  3,900,000  4,100,000  2.0 days; 15 % of the turnover
Semenov    3,000,000    900,000  2,500,000  3,100,000  4,500,000  30 %; 1,500,000 would dilute it
Petrov     2,000,000    300,000  2,800,000  3,500,000  4,300,000  81.4 % of the cash plan
=========  =========  =========  =========  =========  =========  ==============================
"""

CUSTOMERS = [
    ("Atlas Building Markets", "ivanov"),
    ("Borealis Stores", "ivanov"),
    ("Continental Fixtures", "semenov"),
    ("Delta Housing Group", "semenov"),
    ("Eastgate Supermarkets", "petrov"),
    ("Fairway Projects", "petrov"),
]

# Falling due and overdue are read from the invoices below; 3,000,000 / 30 x 20 = 2,000,000.
_SALES = {"sales_plan": 3_000_000, "deferral_days": 20}
PLANS = {
    "ivanov": _SALES,
    "semenov": _SALES,
    "petrov": {**_SALES, "prepaid": 200_000},
}


def _first(days):
    return ("first", days)


def _last(days):
    return ("last", days)


INVOICES = [
    # Ivanov: 1,900,000 fall due, 200,000 are overdue, 900,000 are due later.
    ("Atlas Building Markets", 850_000, _first(-28), _first(4), _first(4)),
    ("Borealis Stores", 600_000, _first(-25), _first(9), _first(11)),
    ("Atlas Building Markets", 50_000, _first(-24), _last(-21), None),
    ("Atlas Building Markets", 150_000, _first(-20), _last(-14), None),
    ("Borealis Stores", 125_000, _first(-15), _last(-7), None),
    ("Borealis Stores", 125_000, _first(-10), _last(-1), None),
    ("Borealis Stores", 200_000, _first(-45), _first(-8), _first(6)),
    ("Atlas Building Markets", 900_000, _first(-6), _last(12), None),
    ("Atlas Building Markets", 1_250_000, _first(2), _first(16), _first(15)),
    ("Borealis Stores", 1_000_000, _first(8), _first(22), _first(22)),
    ("Atlas Building Markets", 750_000, _first(18), _last(20), None),
    # Semenov: 2,000,000 fall due, 500,000 are overdue, 1,100,000 are due later.
    ("Continental Fixtures", 1_000_000, _first(-27), _first(5), _first(8)),
    ("Delta Housing Group", 600_000, _first(-26), _first(12), _first(12)),
    ("Continental Fixtures", 400_000, _first(-18), _last(-10), None),
    ("Delta Housing Group", 500_000, _first(-50), _first(-14), None),
    ("Continental Fixtures", 1_100_000, _first(-5), _last(15), None),
    ("Delta Housing Group", 1_500_000, _first(3), _first(17), _first(19)),
    ("Continental Fixtures", 1_000_000, _first(15), _last(18), None),
    # Petrov: 1,750,000 fall due, 350,000 are overdue, 600,000 are due later; 200,000 are prepaid.
    ("Eastgate Supermarkets", 800_000, _first(-28), _first(3), _first(3)),
    ("Fairway Projects", 650_000, _first(-22), _first(10), _first(13)),
    ("Eastgate Supermarkets", 300_000, _first(-16), _last(-9), None),
    ("Fairway Projects", 350_000, _first(-40), _first(-7), _first(7)),
    ("Eastgate Supermarkets", 600_000, _first(-4), _last(14), None),
    ("Fairway Projects", 200_000, _first(5), _first(5), _first(5)),
    ("Eastgate Supermarkets", 1_500_000, _first(4), _first(18), _first(18)),
    ("Fairway Projects", 1_100_000, _first(17), _last(21), None),
    # The months before, all paid by then.
    ("Atlas Building Markets", 1_900_000, _first(-85), _first(-55), _first(-52)),
    ("Borealis Stores", 1_300_000, _first(-70), _first(-40), _first(-33)),
    ("Continental Fixtures", 1_700_000, _first(-80), _first(-50), _first(-41)),
    ("Delta Housing Group", 1_200_000, _first(-66), _first(-36), _first(-20)),
    ("Eastgate Supermarkets", 2_000_000, _first(-75), _first(-45), _first(-44)),
    ("Fairway Projects", 1_100_000, _first(-62), _first(-32), _first(-25)),
]
