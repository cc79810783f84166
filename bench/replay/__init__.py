"""The replay of a real ledger: ``python -m bench.replay payments.csv``.

``driver`` goes through the days, ``sale`` sells and books what comes in, ``chase`` follows up, with
``sink`` in the place of the mail server, ``figures`` notes the month ends.  ``checks`` counts what
must never happen, from the data and from what went out, and knows nothing of the product.
"""
