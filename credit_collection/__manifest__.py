{
    "name": "Credit & Collections",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "summary": "Credit limits, holds, follow-up, promises, aging and bonuses",
    "author": "Credit & Collections maintainers",
    "website": "https://github.com/credit-collection/credit_collection",
    "license": "LGPL-3",
    "depends": ["account", "sale_stock"],
    "data": [],
    "installable": True,
    "application": True,
}
