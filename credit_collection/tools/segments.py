"""The segments of customers and of debts: codes and titles, for files, policies and lists alike."""

from ..core import segments

BEHAVIOURS = [
    (segments.PROMPT, "Pays on time"),
    (segments.SLOW, "Pays slowly"),
    (segments.LATE, "Pays late"),
    (segments.NEW, "No payments yet"),
]
SIZES = [("a", "A"), ("b", "B"), ("c", "C")]
TERMS = [
    ("none", "No written contract"),
    ("agreed", "Written contract"),
    ("interest", "Contract with interest"),
]
STANDINGS = [
    (segments.CURRENT, "Current"),
    (segments.OVERDUE, "Overdue"),
    (segments.DOUBTFUL, "Doubtful"),
    (segments.HOPELESS, "Hopeless"),
]
# What a policy may choose its customers by, beside their tags: fields of file and policy alike.
SEGMENTS = ("behaviour_class", "size_class", "contract_terms")
