from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...core import allowance as core
from ...core import history, segments
from ...tools.bounds import AMOUNT, DAYS
from ...tools.bulk import insert_rows
from ...tools.groups import MANAGER
from ...tools.states import next_state
from .credit_allowance_line import RATE_DIGITS, RATES, STORED

ACCOUNTANT = "account.group_account_invoice"
TRANSITIONS = {
    ("draft", "compute"): "computed",
    ("computed", "compute"): "computed",
    ("computed", "book"): "booked",
    ("draft", "cancel"): "cancelled",
    ("computed", "cancel"): "cancelled",
    ("booked", "cancel"): "cancelled",
}
RESULTS = {
    "state",
    "target",
    "balance",
    "to_book",
    "move_id",
    "computed_on",
    "uncapped",
    "line_ids",
}
# The segments of a credit file by which items are grouped, and the field that has them.
OF_FILES = {"grade": "grade_id", "behaviour": "behaviour_class", "size": "size_class"}
# Rates by age of a new allowance, from the worked example of IFRS 9.
EXAMPLE = ((None, 0.003), (0, 0.016), (30, 0.036), (60, 0.066), (90, 0.106))
MONTHS = 12


class CreditAllowance(models.Model):
    """What will not be paid of the receivables of a day, item by item, and its entry."""

    _name = "credit.allowance"
    _description = "Allowance for Doubtful Debts"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.bounded", "credit.audited"]
    _audited = ("date", "method", "uncapped", "target", "balance", "to_book", "move_id", "state")
    _order = "date desc, id desc"
    _credit_bounds = {
        "cap_percent": (0, 100),
        "doubtful_days": DAYS,
        "revenue": AMOUNT,
        "revenue_before": AMOUNT,
    }

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("As Of", required=True, default=lambda self: self._default_date())
    method = fields.Selection(
        [
            ("matrix", "Rates by age"),
            ("roll", "Own roll rates"),
            ("tax", "Bands of the tax law"),
        ],
        required=True,
        default="matrix",
        tracking=True,
    )
    segment = fields.Selection(
        [
            ("none", "All together"),
            ("team", "Sales team"),
            ("salesperson", "Salesperson"),
            ("country", "Country"),
            ("grade", "Grade"),
            ("behaviour", "How they pay"),
            ("size", "Size"),
        ],
        "Grouped By",
        required=True,
        default="country",
    )
    less_cover = fields.Boolean(default=True, help="What is secured needs none.")
    rate_ids = fields.One2many("credit.allowance.rate", "allowance_id", copy=True)
    doubtful_days = fields.Integer(
        "Doubtful After",
        default=lambda self: self.env.company.root_id.credit_doubtful_days,
        help="Days overdue.",
    )
    cap_percent = fields.Float(
        "Cap (% of Revenue)",
        default=0.0,
        help="Tax bands: at most this share of the larger of the two revenues. Zero: no cap.",
    )
    revenue = fields.Monetary("Revenue of the Period")
    revenue_before = fields.Monetary("Revenue of the Period Before")
    booking = fields.Selection(
        [
            ("top_up", "Top up to the target"),
            ("reversal", "Book in full, reverse next day"),
        ],
        required=True,
        default="top_up",
    )
    previous_id = fields.Many2one(
        "credit.allowance", compute="_compute_previous_id", help="The last one booked before."
    )
    line_ids = fields.One2many("credit.allowance.line", "allowance_id", "Items", readonly=True)
    line_count = fields.Integer(compute="_compute_line_count")
    uncapped = fields.Monetary("Before the Cap", readonly=True, copy=False)
    target = fields.Monetary(readonly=True, copy=False, help="What the allowance should be.")
    previous_target = fields.Monetary("Last Time", compute="_compute_previous_id")
    balance = fields.Monetary(
        "In the Books", readonly=True, copy=False, help="Credit balance of the allowance account."
    )
    to_book = fields.Monetary(readonly=True, copy=False, help="Negative: to release.")
    move_id = fields.Many2one(
        "account.move",
        "Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    computed_on = fields.Datetime(readonly=True, copy=False)
    note = fields.Text("Notes")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computed", "Computed"),
            ("booked", "Booked"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )

    @api.model
    def _default_date(self):
        return self.env["credit.kpi.sheet"]._default_month()[1]

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        if "rate_ids" in names and "rate_ids" not in values:
            values["rate_ids"] = [
                fields.Command.create({"after_days": -1 if days is None else days, "rate": rate})
                for days, rate in EXAMPLE
            ]
        return values

    @api.depends("company_id", "date")
    def _compute_name(self):
        for allowance in self:
            allowance.name = f"{allowance.company_id.name} {allowance.date or ''}"

    @api.depends("company_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for allowance in self:
            day = format_date(self.env, allowance.date)
            allowance.display_name = f"{allowance.company_id.name} {day}"

    @api.depends("company_id", "date", "state")
    def _compute_previous_id(self):
        for allowance in self:
            allowance.previous_id = self.search(
                [
                    ("company_id", "=", allowance.company_id.id),
                    ("state", "=", "booked"),
                    ("date", "<", allowance.date),
                ],
                order="date desc, id desc",
                limit=1,
            )
            allowance.previous_target = allowance.previous_id.target

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["credit.allowance.line"]._read_group(
                [("allowance_id", "in", self.ids)], ["allowance_id"], ["__count"]
            )
        )
        for allowance in self:
            allowance.line_count = counts.get(allowance._origin, 0)

    @api.constrains("company_id", "date")
    def _check_day(self):
        for allowance in self:
            if allowance.company_id.parent_id:
                raise ValidationError(self.env._("An allowance belongs to a whole company."))
            if allowance.date > allowance.company_id._credit_today():
                raise ValidationError(self.env._("The day of an allowance cannot come."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_by_hand(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_by_hand(vals)
        free = {"note"} | {name for name in vals if name.startswith(("message_", "activity_"))}
        if not self.env.su and vals.keys() - free and any(a.state == "booked" for a in self):
            raise UserError(self.env._("It is booked: cancel it before changing anything."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_booked(self):
        if any(allowance.move_id for allowance in self):
            raise UserError(self.env._("It has an entry: cancel it instead."))

    @api.model
    def _check_by_hand(self, vals):
        if not self.env.su and RESULTS & vals.keys():
            raise AccessError(self.env._("Use Compute and Book: results are not written by hand."))

    def _is_audited(self):
        """What is not booked yet may still be worked out anew."""
        return bool(self.move_id) and super()._is_audited()

    def _check_accountant(self):
        self.check_access("write")
        if not (self.env.user.has_group(MANAGER) or self.env.user.has_group(ACCOUNTANT)):
            raise AccessError(self.env._("Accountants and credit managers work on allowances."))

    def _step(self, step, vals=None):
        for allowance in self.sudo():
            state = next_state(allowance, TRANSITIONS, step)
            allowance.write({**(vals or {}), "state": state})

    # ------------------------------------------------------------------
    # Working it out
    # ------------------------------------------------------------------

    def action_compute(self):
        """Work out what each open item of the day needs; individual assessments are kept."""
        self._check_accountant()
        for allowance in self:
            allowance._step("compute", {"computed_on": fields.Datetime.now()})
            allowance.sudo()._compute_lines()
            allowance.sudo()._add_up()

    def _compute_lines(self):
        Line = self.env["credit.allowance.line"]
        assessed = {
            line.move_line_id.id: (line.individual_rate, line.assessment)
            for line in self.line_ids
            if line.individual
        }
        self.line_ids.unlink()
        before = dict(
            Line._read_group(
                [("allowance_id", "=", self.previous_id.id)], ["move_line_id"], ["final:sum"]
            )
        )
        before = {line.id: amount for line, amount in before.items()}
        rates, digits = self._rates(), self.currency_id.decimal_places
        rows = self._read_rows()
        for row in rows:
            single = assessed.get(row["move_line_id"])
            row["individual"] = bool(single)
            row["individual_rate"], row["assessment"] = single or (0.0, None)
            row["rate"] = single[0] if single else core.rate_at(rates, row["days_overdue"])
            left = round(row["amount"] - row["credited"] - row["covered"], digits)
            row["base"] = max(left, 0.0)
            row["previous"] = before.get(row["move_line_id"], 0.0)
        parts = core.by_matrix([row["base"] for row in rows], [row["rate"] for row in rows], digits)
        for row, part in zip(rows, parts, strict=True):
            row["calculated"] = row["final"] = part
            row["moved"], row["net"] = part - row["previous"], row["amount"] - part
        self._insert_lines(rows)

    def _insert_lines(self, rows):
        """Store the lines, dicts of ``STORED``, with one statement."""
        Line, digits = self.env["credit.allowance.line"], self.currency_id.decimal_places
        columns = {"allowance_id": self.id, "company_id": self.company_id.id, "date": self.date}
        for name in STORED:
            columns[name] = [row[name] for row in rows]
            if Line._fields[name].type == "monetary":
                columns[name] = [round(value, digits) for value in columns[name]]
            elif name in RATES:
                columns[name] = [round(value, RATE_DIGITS[1]) for value in columns[name]]
        insert_rows(Line, columns)
        self.invalidate_recordset(["line_ids", "line_count"], flush=False)

    def _rates(self):
        """``[(more days overdue than this, fraction)]``, the highest first."""
        self.ensure_one()
        if self.method == "roll":
            return self._roll_rates()
        if self.method == "tax" and not self.rate_ids:
            return list(core.TAX_RATES)
        if not self.rate_ids:
            raise UserError(self.env._("Say at least one rate."))
        return [(rate.after_days, rate.rate) for rate in self.rate_ids.sorted("after_days")[::-1]]

    def _roll_rates(self):
        """The loss rates of the company's own last twelve months, by its aging buckets.

        Of each age the money that rolled on, month by month; an age that nothing could roll into
        takes the rate of the next one.
        """
        buckets = self.company_id._credit_buckets()
        sums = {bucket.key: [0.0, 0.0] for bucket in buckets}
        before = None
        for back in range(MONTHS, -1, -1):
            day = fields.Date.end_of(fields.Date.subtract(self.date, months=back), "month")
            now = self._bucket_totals(min(day, self.date), buckets)
            for number, bucket in enumerate(buckets if before else ()):
                source = before[buckets[number - 1].key] if number else 0.0
                source += before[bucket.key] if bucket.upper is None else 0.0
                rate = history.roll_rates(before, now)[bucket.key]
                if rate is not None:
                    sums[bucket.key][0] += float(rate) * float(source)
                    sums[bucket.key][1] += float(source)
            before = now
        rolls = [moved / source if source else None for moved, source in sums.values()]
        # Rolling from each age into the next; the last one is as good as lost by its own rate.
        losses = core.chained([*rolls[1:], rolls[-1]])
        usual, found = 0.0, []
        for bucket, loss in reversed(list(zip(buckets, losses, strict=True))):
            usual = usual if loss is None else min(loss, 1.0)
            found.append((-1 if bucket.lower is None else bucket.lower, usual))
        return found

    def _bucket_totals(self, day, buckets):
        found = (
            self.env["credit.aging"]
            .with_context(as_of=day)
            ._read_group([("company_id", "=", self.company_id.id)], ["bucket"], ["amount:sum"])
        )
        return {**dict.fromkeys((bucket.key for bucket in buckets), 0), **dict(found)}

    def _read_rows(self):
        """The items of the day as dicts: oldest first, credits and cover used on the oldest."""
        Item = self.env["credit.open.item"].with_context(as_of=self.date)
        rows = Item.env.execute_query_dict(
            SQL(
                """
                SELECT move_line_id, account_id, partner_id, country_id, user_id, team_id,
                       amount::float8, date_due, days_overdue
                  FROM %s AS item WHERE company_id = %s ORDER BY date_due, move_line_id
                """,
                Item._posted_sql(),
                self.company_id.id,
            )
        )
        credits = {}
        for row in rows:
            if row["amount"] < 0:
                credits[row["partner_id"]] = credits.get(row["partner_id"], 0.0) - row["amount"]
        covers = self._covers({row["account_id"] for row in rows if row["account_id"]})
        kept = [row for row in rows if row["amount"] > 0]
        hopeless = self._hopeless_lines()
        limit, segment = fields.Date.add(self.date, years=1), self._segment_names(kept)
        for row in kept:
            row["credited"] = self._use(credits, row["partner_id"], row["amount"])
            rest = row["amount"] - row["credited"]
            row["covered"] = self._use(covers, row["account_id"], rest)
            row["term"] = "long" if row["date_due"] and row["date_due"] > limit else "short"
            row["segment_name"] = segment(row)
            row["standing"] = self._standing(row, hopeless)
        return kept

    def _use(self, stock, key, most):
        if key not in stock:
            return 0.0
        part = self.currency_id.round(min(stock.get(key, 0.0), most))
        if part:
            stock[key] -= part
        return part

    def _covers(self, account_ids):
        if not self.less_cover or not self.env["credit.collateral"]._any():
            return {}
        Position = self.env["credit.position"].with_context(as_of=self.date, active_test=False)
        rows = Position.search_fetch([("account_id", "in", list(account_ids))], ["covered"])
        return {row.id: row.covered for row in rows if row.covered}

    def _segment_names(self, rows):
        """A function that tells the segment of a row, each name looked up once."""
        if self.segment in OF_FILES:
            return self._file_segments(rows)
        model, column = {
            "none": (None, None),
            "team": ("crm.team", "team_id"),
            "salesperson": ("res.users", "user_id"),
            "country": ("res.country", "country_id"),
        }[self.segment]
        if not model:
            everybody = self.env._("All")
            return lambda row: everybody
        names = {None: self.env._("None")}

        def name(row):
            key = row[column]
            if key not in names:
                names[key] = self.env[model].browse(key).name
            return names[key]

        return name

    def _file_segments(self, rows):
        """The same for the segments that stand on credit files, as they are today."""
        nothing = self.env._("None")
        field = self.env["credit.account"]._fields[OF_FILES[self.segment]]
        files = (
            self.env["credit.account"].sudo().browse({row["account_id"] for row in rows} - {None})
        )
        titles = dict(field._description_selection(self.env)) if field.type == "selection" else {}
        found = {
            file.id: titles.get(file[field.name]) if titles else file[field.name].name
            for file in files
        }
        return lambda row: found.get(row["account_id"]) or nothing

    def _standing(self, row, hopeless):
        """Doubtful or hopeless by rule: limitation, insolvency, age, no cover."""
        days = row["days_overdue"]
        found = segments.standing(
            days,
            is_overdue=days > 0,
            secured=row["amount"] - row["credited"] - row["covered"] <= 0,
            hopeless=row["move_line_id"] in hopeless,
            doubtful_after=self.doubtful_days,
        )
        return found if found in (segments.DOUBTFUL, segments.HOPELESS) else "performing"

    def _hopeless_lines(self):
        """Ids of the items whose claim has lapsed, or whose debtor is insolvent."""
        lapsed = self.env["credit.limitation"].search(
            [("company_id", "=", self.company_id.id), ("last_day", "<", self.date)]
        )
        insolvent = self.env["credit.case"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("road", "=", "insolvency"),
                ("opened_on", "<=", self.date),
                "|",
                ("closed_on", "=", False),
                ("closed_on", ">", self.date),
            ]
        )
        return set(lapsed.move_line_id.ids) | set(insolvent.move_line_ids.ids)

    def _add_up(self):
        """The target, capped by the tax law's share, and what is in the books."""
        [(total,)] = self.env["credit.allowance.line"]._read_group(
            [("allowance_id", "=", self.id)], [], ["calculated:sum"]
        )
        total = total or 0.0
        fraction = self.cap_percent / 100
        target = core.capped(total, fraction, self.revenue, self.revenue_before)
        if target < total:
            lines, digits = self.line_ids, self.currency_id.decimal_places
            parts = core.shared(target, lines.mapped("calculated"), digits)
            for line, part in zip(lines, parts, strict=True):
                line.final = part
        balance = self.company_id._credit_allowance_held(self.date)
        booked = target if self.booking == "reversal" else core.top_up(target, balance)
        self.write(
            {
                "uncapped": total,
                "target": target,
                "balance": balance,
                "to_book": self.currency_id.round(booked),
            }
        )

    def action_open_lines(self):
        """Open the items."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_allowance_line_action"
        )
        return {**action, "domain": [("allowance_id", "=", self.id)]}
