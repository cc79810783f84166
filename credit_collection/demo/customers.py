"""The customers of the demo company: who they are and how they pay.

Each customer is ``(name, salesperson, country, limit, habit)``.  A habit is a list of invoices
``(days ago, term, amount, days late or None)``: issued so many days ago, due after ``term`` days,
paid so many days after the due date (negative: early), or still open.
"""


def _regular(amount, late, count=4, term=30, step=45, first=200):
    """Invoices at a steady rhythm, all paid ``late`` days after they were due.

    A year before it was the same, a little smaller: the chance of payment is learnt from 200 items.
    """
    days = [first - number * step for number in range(count)]
    before = [(day + 365, term, round(0.9 * amount, 2), late) for day in days if count > 3]
    return before + [
        (day, term, amount + 35.5 * number, late)
        for number, day in enumerate(days)
        if day - term - late > 0
    ]


def _open(days_ago, term, amount):
    return [(days_ago, term, amount, None)]


CUSTOMERS = [
    # Pay on time, some before.
    ("Alder Workshops", "ivanov", "us", 20_000, _regular(2_400, 0) + _open(12, 30, 2_650)),
    ("Birch & Sons", "ivanov", "us", 15_000, _regular(1_150, -3) + _open(20, 30, 1_280)),
    ("Cedar Heating", "ivanov", "ca", 30_000, _regular(4_800, 0) + _open(5, 30, 5_100)),
    ("Dogwood Plumbing", "semenov", "us", 10_000, _regular(900, -1) + _open(28, 30, 940)),
    ("Elm Street Tools", "semenov", "us", 12_000, _regular(1_700, 1) + _open(15, 30, 1_820)),
    ("Fir Engineering", "petrov", "de", 40_000, _regular(6_300, 0) + _open(9, 30, 6_900)),
    ("Ginkgo Labs", "petrov", "us", 8_000, _regular(650, 0) + _open(25, 30, 700)),
    ("Hazel Retail", "petrov", "gb", 25_000, _regular(3_200, -5) + _open(3, 30, 3_350)),
    ("Ironwood Yachts", "ivanov", "us", 50_000, _regular(9_500, 0) + _open(18, 30, 10_200)),
    ("Juniper Clinics", "semenov", "us", 18_000, _regular(2_050, 0) + _open(11, 30, 2_200)),
    ("Koa Furniture", "semenov", "us", 9_000, _regular(780, 2) + _open(21, 30, 830)),
    ("Larch Logistics", "petrov", "us", 22_000, _regular(2_900, 0) + _open(8, 30, 3_050)),
    ("Maple Schools", "ivanov", "ca", 16_000, _regular(1_450, -2) + _open(26, 30, 1_510)),
    ("Nutmeg Foods", "petrov", "us", 14_000, _regular(1_320, 0) + _open(14, 30, 1_400)),
    # Pay late, always somehow.
    ("Oak Hill Motors", "ivanov", "us", 20_000, _regular(2_700, 14) + _open(48, 30, 2_900)),
    ("Pine Valley Hotels", "ivanov", "us", 12_000, _regular(1_900, 21) + _open(44, 30, 2_050)),
    ("Quince Catering", "semenov", "us", 6_000, _regular(520, 9) + _open(37, 30, 560)),
    ("Rowan Builders", "semenov", "gb", 35_000, _regular(5_600, 25) + _open(58, 30, 5_950)),
    ("Spruce Garages", "semenov", "us", 10_000, _regular(1_080, 12) + _open(41, 30, 1_150)),
    ("Teak Marine", "petrov", "us", 28_000, _regular(4_100, 18) + _open(52, 30, 4_350)),
    ("Ulmus Print", "petrov", "de", 9_000, _regular(840, 30) + _open(50, 30, 890)),
    ("Vine Estates", "petrov", "us", 11_000, _regular(990, 8) + _open(36, 30, 1_020)),
    ("Walnut Cinemas", "ivanov", "us", 13_000, _regular(1_560, 16) + _open(45, 30, 1_640)),
    ("Yew Gardens", "semenov", "us", 7_000, _regular(610, 11) + _open(39, 30, 655)),
    ("Zelkova Studios", "petrov", "us", 8_000, _regular(720, 19) + _open(47, 30, 760)),
    # Small ones without a limit of their own.
    ("Acacia Corner Shop", "ivanov", "us", None, _regular(180, 0, count=2) + _open(10, 14, 190)),
    ("Balsa Models", "semenov", "us", None, _regular(95, 3, count=2) + _open(6, 14, 105)),
    ("Cypress Cafe", "petrov", "us", None, _regular(130, 0, count=2) + _open(9, 14, 145)),
    ("Ebony Music", "ivanov", "us", None, _regular(240, 6, count=2) + _open(30, 14, 260)),
    ("Fig Tree Bakery", "semenov", "us", None, _regular(160, -1, count=2) + _open(4, 14, 175)),
    # Those one has to look at.
    ("Hemlock Mining", "semenov", "us", 10_000, _regular(3_900, 10) + _open(20, 30, 9_400)),
    ("Jacaranda Events", "petrov", "us", 15_000, _regular(2_300, 28) + _open(75, 30, 4_600)),
    ("Linden Textiles", "ivanov", "gb", 12_000, _regular(1_850, 5) + _open(55, 30, 3_200)),
    ("Mahogany Holdings", "petrov", "us", 20_000, _open(150, 30, 8_700) + _open(120, 30, 6_100)),
    ("Olive Trading", "semenov", "de", 30_000, _regular(2_600, 4)),
    ("Poplar Machines", "ivanov", "us", 60_000, _regular(7_200, 0, count=2)),
    ("Redwood Energy", "ivanov", "us", 0, _regular(1_000, 2, count=2)),
    ("Sequoia Public Works", "petrov", "us", "unlimited", _regular(11_000, 35, count=3)),
    ("Tamarack Mills", "semenov", "ca", 16_000, _regular(1_400, 7) + _open(65, 30, 2_900)),
    ("Willow Interiors", "petrov", "us", 9_000, _regular(1_250, 33) + _open(95, 30, 1_700)),
]

# Sued: (customer, salesperson, days ago, amount, stages done); all stages done: closed as paid.
SUED = [
    ("Obeche Flooring", "ivanov", 110, 1_480, 0),
    ("Padauk Stores", "ivanov", 140, 2_150, 1),
    ("Rosewood Rentals", "semenov", 170, 3_900, 2),
    ("Sapele Shipping", "semenov", 230, 5_200, 3),
    ("Tupelo Traders", "petrov", 340, 2_600, 4),
    ("Utile Upholstery", "petrov", 380, 1_950, 5),
]
# The last letter has prepared a case of this one.
HANDED_OVER = "Rowan Builders"

INSOLVENT = "Mahogany Holdings"
OVER_LIMIT = "Hemlock Mining"
OVERDUE = "Willow Interiors"
INVOICED_DIRECTLY = "Dogwood Plumbing"
FOREIGN = "Olive Trading"
INSTALMENTS = "Poplar Machines"
PREPAYMENT_ONLY = "Redwood Energy"
DELIVERY_HELD = "Linden Textiles"
# Two shops that get their own invoices, and letters.
BRANCHES = "Hazel Retail"
SHOPS = (("Leeds", "7 Briggate"), ("York", "22 Coney Street"))

# At the collections desk.
BROKEN_PROMISE = "Willow Interiors"
KEPT_PROMISE = "Teak Marine"
OPEN_PROMISE = "Tamarack Mills"
DISPUTED = "Oak Hill Motors"
# Who had letters in the last weeks.
WRITTEN_TO = [
    "Willow Interiors",
    "Tamarack Mills",
    "Oak Hill Motors",
    "Teak Marine",
    "Rowan Builders",
    "Pine Valley Hotels",
    "Ulmus Print",
    "Walnut Cinemas",
]
CHASED = [
    *WRITTEN_TO,
    "Quince Catering",
    "Spruce Garages",
    "Vine Estates",
    "Yew Gardens",
    "Zelkova Studios",
    "Ebony Music",
    "Jacaranda Events",
    DELIVERY_HELD,
    INSOLVENT,
    FOREIGN,
    INSTALMENTS,
    BRANCHES,
]
PEOPLE = [
    ("Willow Interiors", "Wendy Marsh", "Owner"),
    ("Tamarack Mills", "Tom Lavoie", "Accounts payable"),
    ("Oak Hill Motors", "Olivia Grant", "Workshop manager"),
]
# (customer, days ago, kind, outcome, what was said)
TALKS = [
    ("Rowan Builders", 16, "call", "no_answer", "Left a message with the switchboard.", None),
    (
        "Rowan Builders",
        6,
        "call",
        "refuses",
        "Pays only when their own customer has paid.",
        "own_customer",
    ),
    (
        "Pine Valley Hotels",
        9,
        "email",
        "call_back",
        "Their bookkeeper is back next week.",
        "signer_away",
    ),
    (
        "Ulmus Print",
        12,
        "call",
        "paid",
        "Says it was paid on Monday; nothing came.",
        "paid_already",
    ),
    ("Walnut Cinemas", 3, "call", "call_back", "Asks for a copy of the invoice.", "not_received"),
    (
        "Jacaranda Events",
        18,
        "visit",
        "refuses",
        "Short of cash until the season begins.",
        "no_money",
    ),
    ("Jacaranda Events", 5, "call", "no_answer", "Nobody picks up.", None),
    # Promised, did not pay, and answers no more: the night opens a danger signal.
    ("Willow Interiors", 7, "call", "no_answer", "The answering machine again.", None),
    ("Willow Interiors", 4, "call", "no_answer", "Rings out; the shop is said to be open.", None),
]
