from odoo import fields, models

ORDERS = [
    ("due", "The earliest due date first"),
    ("document", "The oldest invoice first"),
    ("interest", "Interest and costs first, then by due date"),
    ("principal", "Invoices first, interest and costs last"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_interest_rule_id = fields.Many2one(
        "credit.interest.rule",
        "Interest Rule",
        ondelete="restrict",
        help="What late payment costs where neither the customer nor the policy names another "
        "rule. Without a rule nothing is charged.",
        index="btree_not_null",
    )
    credit_interest_lookback_days = fields.Integer(
        "Charge Paid Invoices for (days)",
        default=365,
        help="Interest is still charged on an invoice that was paid late within this many days.",
    )
    credit_interest_booking = fields.Selection(
        [("invoice", "Customer invoice without tax"), ("entry", "Journal entry")],
        "Bill Interest As",
        default="invoice",
        required=True,
    )
    credit_interest_product_id = fields.Many2one(
        "product.product",
        "Interest Product",
        domain="[('type', '=', 'service')]",
        help="On the lines of interest invoices; no tax is taken from it.",
        index="btree_not_null",
    )
    credit_plan_fee_product_id = fields.Many2one(
        "product.product",
        "Fee Product",
        domain="[('type', '=', 'service')]",
        help="On the invoice of a payment plan's fee, with its account and taxes. Empty: booked "
        "like interest, without tax.",
        index="btree_not_null",
    )
    credit_settlement_order = fields.Selection(
        ORDERS,
        "Order of Settlement",
        required=True,
        default="due",
        help="Which debts money pays first when it does not say what it is for.",
    )
    credit_interest_account_id = fields.Many2one(
        "account.account",
        "Interest Income",
        check_company=True,
        index="btree_not_null",
    )
    credit_settlement_journal_id = fields.Many2one(
        "account.journal",
        "Settlement Journal",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Interest booked as entry, netting and assignments. Empty: the first journal for "
        "miscellaneous operations.",
        index="btree_not_null",
    )

    _credit_interest_lookback_days_bounds = models.Constraint(
        "CHECK(credit_interest_lookback_days BETWEEN 0 AND 3650)",
        "Interest is charged on invoices paid within the last 0 to 3,650 days.",
    )
