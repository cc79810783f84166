"""Every figure of the app: the one list behind the page *Formulas*, its copy in ``docs`` and the
help of the sheet's columns."""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

AMOUNT, SHARE, DAYS, TIMES = (
    _lt("Amount"), _lt("Share, in %"), _lt("Days"), _lt("Times"),
)  # fmt: skip
POINTS = _lt("Points")


class Formula(NamedTuple):
    """``title`` is None for a figure of the sheet: there the column has it."""

    key: str
    group: str
    formula: object
    unit: object
    source: object
    edges: object
    title: object = None


LEDGER = _lt("Open items (credit.open.item), posted only, on the last day of the period")
BOOKS = _lt("Textbooks of credit management")
CRF = _lt("Credit Research Foundation")
PRACTICE = _lt("Published practice of a distributor")
SCORECARD = _lt("Scorecard of the customer")
PAYMENTS = _lt("Payments in cash of a year")
PLAN = _lt("Inputs of the ceiling, dated")
NO_DZ = _lt("No value without receivables or when the customers are in credit (DZ ≤ 0).")
NO_T = _lt("No value without sales, or when credit notes outweigh them (T ≤ 0).")

FORMULAS = (
    Formula(
        "receivable", "amounts", _lt("DZ = Σ open posted items, unapplied payments negative"),
        AMOUNT, LEDGER,
        _lt("Each item belongs to the salesperson of its invoice, else to the customer's."),
    ),
    Formula(
        "overdue", "amounts", _lt("PDZ = Σ items later than due date + days of grace"),
        AMOUNT, LEDGER,
        _lt("Each instalment by its own due date. Credits are never overdue."),
    ),
    Formula(
        "sales", "amounts", _lt("T = Σ invoices − Σ credit notes, tax included"),
        AMOUNT, _lt("Posted customer invoices by accounting date"),
        _lt(
            "Can be negative when credit notes outweigh invoices. After a handover what was sold "
            "before its day stays with the salesperson who gave it away."
        ),
    ),
    Formula(
        "received", "amounts", _lt("F = Σ money on receivable accounts by its own date"),
        AMOUNT, _lt("Entries of bank, cash and card journals, shared out by what they settle"),
        _lt(
            "A payment belongs to the salespeople of the invoices that it settles, pro rata; what "
            "settles nothing to the customer's. Bounced money counts against the period in which "
            "it bounced and the salespeople who had been credited with it. Discount, write-off, "
            "netting, credit note, assignment and exchange difference are no money: they stand in "
            "the sheet's evidence as settled without money."
        ),
    ),
    Formula(
        "planned", "amounts",
        _lt("P = falling due + overdue + sales plan × deferral ÷ 30 + prepayments"),
        AMOUNT, _lt("Cash plans of the months; second method: sales plan × (30 − deferral) ÷ 30"),
        _lt("With the second method never below 0, and 0 from thirty days of deferral on."),
    ),
    Formula(
        "opening", "amounts", _lt("DZ of the day before the period"), AMOUNT, LEDGER,
        _lt("May differ from an earlier sheet when entries were posted later for that time."),
    ),
    Formula("overdue_share", "shares", _lt("%PDZ = PDZ ÷ DZ"), SHARE, BOOKS, NO_DZ),
    Formula(
        "weighted_days_overdue", "days", _lt("T_PDZ = Σ (overdue item × its days overdue) ÷ DZ"),
        DAYS, PRACTICE, _lt("0 when nothing is overdue; no value without receivables."),
    ),
    Formula(
        "cash_plan_rate", "shares", _lt("%VP = F ÷ P"), SHARE, PRACTICE,
        _lt(
            "No value when nothing was planned. Plans are for months: part of a month counts by "
            "its days; of several months what was overdue counts in the first alone, for later "
            "plans name the same invoices again. Negative when more bounced than came in."
        ),
    ),
    Formula(
        "overdue_to_turnover", "shares", _lt("%PDZ_T = PDZ ÷ T"), SHARE, PRACTICE, NO_T
    ),
    Formula(
        "dso", "days", _lt("DSO = DZ ÷ T × days of the period"), DAYS, CRF,
        _lt(
            "No value without sales or with a credit balance; 0 without receivables. In a period "
            "that is not over, the days so far."
        ),
    ),
    Formula(
        "dso_count_back", "days",
        _lt("Take the sales of the latest period, then of each month before, off DZ; count days"),
        DAYS, BOOKS,
        _lt("The last month counts in part. No value when DZ reaches back more than 24 months."),
    ),
    Formula(
        "dso_best", "days", _lt("(DZ − PDZ) ÷ T × days of the period"), DAYS, CRF,
        _lt("The DSO that would remain if everybody paid on time."),
    ),
    Formula(
        "days_delinquent", "days", _lt("DSO − best possible DSO"), DAYS, CRF,
        _lt("No value when one of the two has none."),
    ),
    Formula(
        "effectiveness", "shares",
        _lt("CEI = (opening + T − DZ) ÷ (opening + T − (DZ − PDZ))"), SHARE, CRF,
        _lt(
            "100 % when nothing is overdue; no value when nothing could have been collected. Over "
            "several months from the opening of the first to the end of the last, not their mean."
        ),
    ),
    Formula(
        "turnover", "shares", _lt("T ÷ ((opening + DZ) ÷ 2)"), TIMES, BOOKS,
        _lt("No value when the average is 0 or a credit."),
    ),
    Formula(
        "days_to_pay", "days", _lt("Average of payment date − invoice date"), DAYS,
        _lt("What the payments of the period settle"),
        _lt(
            "Money alone. Each payment of an invoice counts once, whatever its amount and however "
            "many instalments it settles. Prepaid invoices count negative."
        ),
    ),
    Formula(
        "days_late", "days", _lt("Average of payment date − due date, early ones as 0"), DAYS,
        _lt("What the payments of the period settle"),
        _lt(
            "Money alone. Each payment of an invoice counts once; of several instalments the days "
            "late are weighted by their amounts."
        ),
    ),
    Formula(
        "invoice_wait", "days", _lt("Average of invoice date − day of the last delivery before it"),
        DAYS, _lt("Invoices of 90 days that follow a delivery"),
        _lt("Part of the DSO that is ours, not theirs."), title=_lt("From Delivery to Invoice"),
    ),
    Formula(
        "doubtful_share", "shares", _lt("Overdue by more than 90 days ÷ DZ"), SHARE, BOOKS,
        _lt("Exactly 90 days is not doubtful yet. No value without receivables."),
    ),
    Formula(
        "concentration", "shares", _lt("The five largest debtors ÷ all debtors"), SHARE,
        _lt("Concentration ratio"), _lt("Customers in credit are left out."),
    ),
    Formula(
        "sales_to_dilute", "amounts", _lt("PDZ ÷ norm − DZ"), AMOUNT, PRACTICE,
        _lt("0 when the norm is met. PDZ 900,000, DZ 3,000,000, norm 20 %: 1,500,000."),
    ),
    Formula(
        "average_overdue_share", "dressing",
        _lt("Average of %PDZ over the snapshots of the period before its last day"), SHARE,
        _lt("Snapshots of Sundays and month ends"),
        _lt(
            "No value without snapshots. A missed one is rebuilt from the ledger of its day, with "
            "what was posted for it since; disputes and promises as they were then."
        ),
    ),
    Formula(
        "closing_ratio", "dressing", _lt("%PDZ of the last day ÷ that average"), TIMES,
        PRACTICE, _lt("1 is as usual; far below 1, the day may have been dressed up."),
    ),
    Formula(
        "late_deliveries_share", "dressing",
        _lt("Deliveries of the last five days ÷ all of the period"), SHARE,
        _lt("Transfers at their orders' prices, returns negative"),
        _lt("Steady selling gives about 17 %. No value without deliveries."),
    ),
    Formula(
        "bonus", "bonus",
        _lt("Σ base × weight × what the step pays for result ÷ norm"), AMOUNT,
        _lt("Bonus scheme; results and norms rounded to four digits"),
        _lt(
            "A seasonal norm is multiplied by the coefficient of the month in which the period "
            "ends. A figure without value pays nothing. A scheme can leave out what is disputed "
            "through no fault of sales, in DZ and in PDZ."
        ),
    ),
    Formula(
        "bucket", "customers", _lt("Lower bound < days overdue ≤ upper bound"), AMOUNT,
        _lt("Boundaries of the company, by default 30, 60, 90"),
        _lt("Exactly 30 days late is 1–30. Credits stand with what is not due."),
        title=_lt("Age"),
    ),
    Formula(
        "quadrant", "customers", _lt("Large: amount ≥ threshold. Old: days overdue > threshold"),
        AMOUNT, _lt("Thresholds of the company"), _lt("Credits belong to no quadrant."),
        title=_lt("Amount × Age"),
    ),
    Formula(
        "roll_rate", "customers",
        _lt("What stands in an age ÷ what stood a month earlier in the age before it"), SHARE,
        _lt("Net roll rates of portfolio analysis"),
        _lt(
            "Debts alone, unapplied credits are left out. The last age also keeps its own. No "
            "value where there was nothing to roll; above 100 % when other items came in. Several "
            "ages or months together: sum ÷ sum. What was settled without money is shown apart: "
            "it is not cured."
        ),
        title=_lt("Roll Rate"),
    ),
    Formula(
        "cost_of_credit", "customers",
        _lt("Σ balance of each day × funding rate ÷ 365"), AMOUNT,
        _lt("Open items when the period begins, then each entry from its own day"),
        _lt(
            "Money of the customer counts against it. Discounts and write-offs end the balance; "
            "they stand beside it as what they are."
        ),
        title=_lt("Cost of Credit"),
    ),
    Formula(
        "margin_left", "customers",
        _lt("Sales of known cost − their cost − cost of credit − discounts − write-offs"),
        AMOUNT,
        _lt(
            "Invoice lines before tax; cost of the order line where the app Margins is installed, "
            "else the product's cost of today in the company"
        ),
        _lt("No value when no cost is known. Sales of unknown cost are shown apart."),
        title=_lt("Margin After Credit"),
    ),
    Formula(
        "promise_rate", "contacts", _lt("Promises ÷ contacts"), SHARE, _lt("Contacts logged"),
        _lt("A promise counts for the contact that noted it first; cancelled ones do not."),
        title=_lt("Promises ÷ Contacts"),
    ),
    Formula(
        "kept_rate", "contacts", _lt("Promises kept ÷ promises"), SHARE, _lt("Promises judged"),
        _lt("One that is still open is not kept yet. No value without promises."),
        title=_lt("Kept ÷ Promises"),
    ),
    Formula(
        "cash_per_contact", "contacts", _lt("Paid on the promised items since ÷ contacts"),
        AMOUNT, _lt("Payments of the items promised"), _lt("Late payments count too."),
        title=_lt("Cash ÷ Contacts"),
    ),
    Formula(
        "score", "rating", _lt("Σ points × weight ÷ Σ weights"), POINTS, SCORECARD,
        _lt("Points of the band in which a value lies; its lower end belongs to it."),
        title=_lt("Score of a Rating"),
    ),
    Formula(
        "payment_index", "rating", _lt("Σ index of the days late × amount ÷ Σ amount"), POINTS,
        PAYMENTS, _lt("100 is 30 days early, 80 on time, 50 thirty days late, 20 from 120 on."),
        title=_lt("Payment Index"),
    ),
    Formula(
        "expected_late", "rating",
        _lt("(n × own mean + 5 × mean of the group) ÷ (n + 5)"), DAYS, PAYMENTS,
        _lt("n payments; the group is the tag with most payments, else the company."),
        title=_lt("Expected Days Late"),
    ),
    Formula(
        "chance", "rating", _lt("1 − unpaid in the end ÷ unpaid at this age"), SHARE,
        _lt("Product-limit estimate of the own ledger"),
        _lt("Until 200 items have come to their end, a published curve."),
        title=_lt("Chance of Payment"),
    ),
    Formula(
        "forecast_accuracy", "rating", _lt("1 − Σ |forecast − came| ÷ Σ came"), SHARE,
        _lt("Frozen forecasts, week by week"), _lt("Below 0 when it was wrong by more than came."),
        title=_lt("Accuracy of the Forecast"),
    ),
    Formula(
        "forecast_bias", "rating", _lt("(Σ forecast − Σ came) ÷ Σ came"), SHARE,
        _lt("Frozen forecasts, week by week"), _lt("Above 0: more was expected than came."),
        title=_lt("Bias of the Forecast"),
    ),
    Formula(
        "working_ceiling", "rating", _lt("Planned credit sales ÷ days × norm of days"), AMOUNT,
        PLAN, _lt("Above it: tighten."), title=_lt("Working Ceiling"),
    ),
    Formula(
        "critical_ceiling", "rating",
        _lt("Own working capital + committed lines − stocks and needs + payables"), AMOUNT, PLAN,
        _lt("Above it the credit is not paid for."), title=_lt("Critical Ceiling"),
    ),
    Formula(
        "credit_worth", "rating",
        _lt("Margin − sales × days ÷ 365 × rate − loss − discounts − chasing"), AMOUNT, BOOKS,
        _lt("4 million at 12 % a year cost 480,000: the days count once."),
        title=_lt("Is Credit Worth It?"),
    ),
    Formula(
        "uncovered", "recovery", _lt("Exposure − Σ min(share of the value, rest)"), AMOUNT,
        _lt("Securities in force, in their order of use"),
        _lt("Together at most the exposure; an own share stays with us."),
        title=_lt("Without Cover"),
    ),
    Formula(
        "case_worth", "recovery", _lt("Chance × amount × (1 − fee) − costs"), AMOUNT, BOOKS,
        _lt("Above 0 it is worth it."), title=_lt("Worth of a Case"),
    ),
    Formula(
        "allowance", "recovery", _lt("Σ (open − credits − cover) × rate"), AMOUNT,
        _lt("Rates by age, own roll rates, bands of the tax law, single assessments"),
        _lt("10 million at 1 % and 5 million at 10 %: 600,000."),
        title=_lt("Allowance"),
    ),
    Formula(
        "allowance_entry", "recovery", _lt("Target − allowance in the books"), AMOUNT,
        _lt("Balance of the allowance account"),
        _lt("Target 4,970: with 1,530 there 3,440; with 360 on the other side 5,330."),
        title=_lt("Allowance to Book"),
    ),
    Formula(
        "unexplained", "recovery", _lt("Our balance − theirs − explained rows"), AMOUNT,
        _lt("Balance confirmation"), _lt("0 when every difference has its row."),
        title=_lt("Unexplained Difference"),
    ),
)  # fmt: skip
