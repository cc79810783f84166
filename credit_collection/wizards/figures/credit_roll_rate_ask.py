from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...core import history
from ...models.ledger.account_move import PAID

MOST = 36


class CreditRollRateAsk(models.TransientModel):
    """How much of each age rolled on into the next one, month by month."""

    _name = "credit.roll.rate.ask"
    _description = "Roll Rates of Some Months"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "months": (1, 120),
    }

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
        index="btree_not_null",
    )
    date_to = fields.Date(
        "Last Month End",
        required=True,
        default=lambda self: self.env["credit.kpi.sheet"]._default_month()[1],
    )
    months = fields.Integer(required=True, default=6)
    line_ids = fields.One2many("credit.roll.rate", "ask_id", readonly=True)

    @api.constrains("months")
    def _check_months(self):
        if any(not 1 <= ask.months <= MOST for ask in self):
            raise ValidationError(self.env._("Choose between 1 and %(most)s months.", most=MOST))

    def action_show(self):
        """Work them out and show them by month and age."""
        self.ensure_one()
        self.env["credit.aging"].check_access("read")
        self.company_id._check_credit_mine()
        if self.date_to > self.company_id._credit_today():
            raise UserError(self.env._("The last month is not over yet."))
        self.sudo().line_ids.unlink()
        self.env["credit.roll.rate"].sudo().create(list(self._prepare_lines()))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_roll_rate_action"
        )
        action["domain"] = [("ask_id", "=", self.id)]
        return action

    def _prepare_lines(self):
        """One line per month and age, by ``core.history.roll_rates``."""
        last = fields.Date.end_of(self.date_to, "month")
        last = min(last, self.company_id._credit_today())
        buckets = self.company_id._credit_buckets()
        before = start = None
        for back in range(self.months, -1, -1):
            day = last
            if back:
                day = fields.Date.end_of(fields.Date.subtract(last, months=back), "month")
            now = self._totals(day, buckets)
            if before:
                settled = self._settled(start, day, buckets)
                yield from self._month(day, buckets, before, now, settled)
            before, start = now, day

    def _totals(self, day, buckets):
        """What the user sees of the debts of a day: {bucket key: amount}, youngest first.

        Unapplied credits are apart: they would make what is not due look small.
        """
        found = (
            self.env["credit.aging"]
            .with_context(as_of=day)
            ._read_group(self._debts(), ["bucket"], ["amount:sum"])
        )
        return {**dict.fromkeys((bucket.key for bucket in buckets), 0), **dict(found)}

    def _debts(self):
        return [("company_id", "=", self.company_id.id), ("amount", ">", 0)]

    def _settled(self, start, day, buckets):
        """What of the debts of ``start`` was settled until ``day`` without money, by their age
        then: {bucket key: amount}."""
        Partial = self.env["account.partial.reconcile"]
        query = self.env["credit.aging"].with_context(as_of=start)._search(self._debts())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.bucket, SUM(settled.amount)::float
                  FROM (%(items)s) AS item
                  JOIN (%(natures)s) AS settled ON settled.debit_move_id = item.move_line_id
                 WHERE settled.nature NOT IN %(paid)s AND settled.nature != 'exchange'
                 GROUP BY item.bucket
                """,
                items=query.select(
                    *(SQL.identifier(query.table, name) for name in ("bucket", "move_line_id"))
                ),
                natures=Partial._credit_natures_sql(
                    SQL("partial.max_date > %s AND partial.max_date <= %s", start, day)
                ),
                paid=PAID,
            )
        )
        return {**dict.fromkeys((bucket.key for bucket in buckets), 0), **dict(rows)}

    def _month(self, day, buckets, before, now, settled):
        """The lines of a month; an age that nothing could roll into has no rate and no line."""
        Bucket = self.env["credit.aging.bucket"]
        sources = [0, *(before[bucket.key] for bucket in buckets[:-1])]
        sources[-1] += before[buckets[-1].key]
        gone = [0, *(settled[bucket.key] for bucket in buckets[:-1])]
        gone[-1] += settled[buckets[-1].key]
        rates = history.roll_rates(before, now)
        for number, bucket in enumerate(buckets):
            if rates[bucket.key] is not None:
                yield {
                    "ask_id": self.id,
                    "company_id": self.company_id.id,
                    "date": day,
                    "sequence": number,
                    "bucket": f"{number}. {Bucket._title(bucket.lower, bucket.upper)}",
                    "amount_before": sources[number],
                    "amount": now[bucket.key],
                    "settled": gone[number],
                    "cured": sources[number] - gone[number] - now[bucket.key],
                    "rate": rates[bucket.key],
                }


class CreditRollRate(models.TransientModel):
    """One age at the end of one month, against what could have rolled into it."""

    _name = "credit.roll.rate"
    _description = "Roll Rate"
    _order = "date desc, sequence, id"
    _rec_name = "bucket"

    ask_id = fields.Many2one(
        "credit.roll.rate.ask",
        required=True,
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Month End", readonly=True)
    sequence = fields.Integer(readonly=True, aggregator=None)
    bucket = fields.Char("Age", readonly=True)
    amount_before = fields.Monetary(
        "Could Roll In",
        readonly=True,
        help="What stood in the age before a month earlier; the last age also keeps its own.",
    )
    amount = fields.Monetary("Stands There", readonly=True)
    settled = fields.Monetary(
        "Settled Without Money",
        readonly=True,
        help="Of what could roll in: credited, netted, written off, assigned. It is not cured.",
    )
    cured = fields.Monetary(
        readonly=True,
        help="Of what could roll in: neither standing there nor settled without money. Negative "
        "when other items came in.",
    )
    rate = fields.Float(
        "Roll Rate",
        readonly=True,
        aggregator="avg",
        help="What stands in this age ÷ what could have rolled into it. Above 100 % when other "
        "items came in, for example invoices entered late.",
    )

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS 'base': of several ages or months, what stands there ÷ what could roll in
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        stands, could = (
            self._field_to_sql(self._table, name, query) for name in ("amount", "amount_before")
        )
        return SQL("(SUM(%s) / NULLIF(SUM(%s), 0))::float", stands, could)
