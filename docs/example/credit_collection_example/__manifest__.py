{
    "name": "Credit & Collections: Example of a Rule of Your Own",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "summary": "Holds orders of customers who are too far away",
    "author": "Credit & Collections maintainers",
    "website": "https://github.com/credit-collection/credit_collection",
    "license": "LGPL-3",
    "depends": ["credit_collection"],
    "installable": True,
}
