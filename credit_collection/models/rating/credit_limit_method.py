from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ...core import limit_methods as core
from ...core.scoring import BandFault, check_bands
from ...tools.bounds import AMOUNT
from ...tools.environment import without_caller_context

OFFICER = "credit_collection.credit_collection_group_officer"
HALF_YEAR, YEAR = 182, 365


class CreditLimitMethod(models.Model):
    """How limits are proposed: which methods, how they are combined, and what caps them."""

    _name = "credit.limit.method"
    _description = "Limit Proposal Method"
    _inherit = ["mail.thread", "credit.bounded"]
    _credit_bounds = {"cap_sales": (0, 100), "cap_amount": AMOUNT, "round_to": AMOUNT}
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_ids = fields.Many2many(
        "credit.policy",
        string="Customers of the Policies",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="The first set of methods that names a customer's policy applies. Empty: all.",
    )
    combination = fields.Selection(
        [
            ("smallest", "The smallest"),
            ("average", "The average"),
            ("weighted", "The weighted average"),
        ],
        required=True,
        default="smallest",
        tracking=True,
    )
    line_ids = fields.One2many("credit.limit.method.line", "method_id", "Methods", copy=True)
    use_grade = fields.Boolean("Times the Grade's Factor", default=True)
    use_market = fields.Boolean("Times the Market Factor", default=True)
    cap_sales = fields.Float(
        "Cap: % of Our Yearly Sales",
        digits=(6, 2),
        default=10.0,
        help="No customer above this share of what we sell in a year. 0: no cap.",
    )
    cap_amount = fields.Monetary("Cap: Amount", help="0: no cap.")
    cap_cover = fields.Boolean(
        "Cap: What Securities Cover", help="No more than insurance and other securities cover."
    )
    round_to = fields.Monetary("Round Down To", default=100.0, help="0: to the cent.")

    # ------------------------------------------------------------------
    # Proposing
    # ------------------------------------------------------------------

    @api.model
    def _propose(self, accounts, grades=None):
        """The proposal for each file, all inputs read together.

        :param grades: ``{account id: grade}`` to reckon with, by default the grades in force
        :return: ``{account id: core.limit_methods.Proposal}``; files without a method are left out
        """
        proposals = {}
        for company, files in accounts.sudo().grouped("company_id").items():
            if not company:
                continue
            files = without_caller_context(files, company)
            methods = self.sudo().search([("company_id", "=", company.id)])
            methods = methods.with_env(files.env)
            chosen = {account: methods._method_of(account) for account in files}
            used = methods.browse({method.id for method in chosen.values() if method})
            inputs = used._read_inputs(company, files)
            for account, method in chosen.items():
                if method:
                    grade = (grades or {}).get(account.id, account.grade_id)
                    proposals[account.id] = method._combine(account, grade, inputs[account.id])
        return proposals

    def _method_of(self, account):
        """The first of these methods that fits a file."""
        policy = account.effective_policy_id
        return self.filtered(lambda x: not x.policy_ids or policy in x.policy_ids)[:1]

    def _combine(self, account, grade, inputs):
        """One proposal by the methods of this set."""
        self.ensure_one()
        digits = self.currency_id.decimal_places
        lines = {f"{line.method}_{line.id}": line for line in self.line_ids}
        factors = []
        if self.use_grade and grade:
            factor = 0.0 if grade.prepayment_only else grade.limit_factor
            factors.append(("grade", factor))
        if self.use_market:
            market = inputs.get("market")
            if market:
                factors.append(("market", market.factor))
        caps = [
            ("sales", self.cap_sales / 100 * inputs["company_sales"] if self.cap_sales else None),
            ("amount", self.cap_amount or None),
            ("cover", inputs["cover"] if self.cap_cover else None),
        ]
        return core.combine(
            {key: line._proposal(inputs, digits) for key, line in lines.items()},
            self.combination,
            {key: line.weight for key, line in lines.items()},
            factors,
            caps,
            self.round_to,
            digits,
        )

    def _read_inputs(self, company, accounts):
        """What the methods need of each file: ``{account id: {input: value}}``."""
        today = company._credit_today()
        inputs = defaultdict(dict)
        figures = self.env["credit.figure.reading"]._read_figures(
            company,
            today,
            accounts,
            ["weighted_days_late", "payment_index", "sales_year", "margin"]
            if "weighted_need" in self.line_ids.mapped("method")
            else ["weighted_days_late", "sales_year"],
        )
        company_sales = self.env["credit.figure.reading"]._company_sales(company, today)
        margins = [f["margin"] for f in figures.values() if f.get("margin") is not None]
        usual_margin = sum(margins) / len(margins) if margins else None
        sold = self._read_sold(company, accounts, today)
        shipped = self._read_shipped(company, accounts, today)
        proven = self._read_proven(company, accounts, today)
        statements = self.env["credit.financials"]._newest(accounts, today)
        reports = self.env["credit.agency.report"]._newest(accounts, today)
        markets = self.env["credit.market.factor"]._of(accounts, company, today)
        covers = {}
        if any(self.mapped("cap_cover")):
            covers = self.env["credit.collateral"]._cover_values(accounts)
        for account in accounts:
            found = inputs[account.id]
            figure = figures.get(account.id, {})
            year, months, half, usual_term = sold.get(account.id, (None,) * 4)
            term = account.partner_id.with_company(company).property_payment_term_id
            late = figure.get("weighted_days_late")
            records = statements.get(account)
            statement = records._statement_in(company.currency_id) if records else {}
            found.update(
                company_sales=company_sales,
                monthly_sales=year / months if months else None,
                volume=half / 6 if half is not None else None,
                shipments=shipped.get(account.id),
                term_days=term._credit_days(today) if term else usual_term or 0,
                usual_delay=max(late, 0) if late is not None else 0,
                yearly_forecast=account.planned_sales or None,
                proven=proven.get(account.id),
                cover=covers.get(account.id, 0.0),
                market=markets.get(account.id),
                rating_score=account.rating_id.score if account.rating_id else None,
                **self._statement_inputs(statement),
                **self._report_inputs(reports.get(account), company, today),
                **self._factor_inputs(account, figure, usual_margin),
            )
        return inputs

    @api.model
    def _statement_inputs(self, statement):
        known = statement.get
        assets, liabilities = known("assets"), known("liabilities")
        current, short = known("current_assets"), known("current_liabilities")
        return {
            "net_assets": None if None in (assets, liabilities) else assets - liabilities,
            "working_capital": None if None in (current, short) else current - short,
            "yearly_cash_flow": known("cash_flow"),
            "turnover": known("sales"),
        }

    @api.model
    def _report_inputs(self, reports, company, today):
        naming = reports.filtered("has_recommendation")[:1] if reports else None
        if not naming:
            return {"recommended": None}
        return {
            "recommended": naming.currency_id._convert(
                naming.recommended_limit, company.currency_id, company, today
            )
        }

    @api.model
    def _factor_inputs(self, account, figure, usual_margin):
        """Potential, margin and reliability, each 1 where the customer is as usual, 0.5 to 2."""

        def factor(value, usual):
            if value is None or not usual or usual <= 0:
                return 1.0
            return min(max(value / usual, 0.5), 2.0)

        return {
            "potential": factor(account.planned_sales or None, figure.get("sales_year")),
            "margin_factor": factor(figure.get("margin"), usual_margin),
            "reliability": factor(figure.get("payment_index"), 80),
        }

    @api.model
    def _read_sold(self, company, accounts, today):
        """Sales with tax of a year, the months that they come from, those of half a year, and the
        days that invoices gave, on average: the term of a customer without an agreed one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, SUM(move.amount_total_signed),
                       LEAST(GREATEST(CEIL((%(today)s::date - MIN(move.invoice_date)) / 30.4), 1),
                             12),
                       COALESCE(SUM(move.amount_total_signed) FILTER (
                           WHERE move.invoice_date > %(half)s), 0),
                       ROUND(AVG(GREATEST(move.invoice_date_due - move.invoice_date, 0)) FILTER (
                           WHERE move.move_type = 'out_invoice'))
                  FROM account_move move
                  JOIN credit_account account ON account.partner_id = move.commercial_partner_id
                                             AND account.company_id = %(root)s
                 WHERE move.move_type IN ('out_invoice', 'out_refund') AND move.state = 'posted'
                   AND move.invoice_date > %(year)s AND move.invoice_date <= %(today)s
                   AND account.company_id = %(company)s AND %(only)s
                 GROUP BY account.id
                """,
                today=today,
                year=today - timedelta(YEAR),
                half=today - timedelta(HALF_YEAR),
                root=self.env["res.company"]._credit_root_sql(SQL("move.company_id")),
                company=company.id,
                only=self.env["credit.figure.reading"]._only_sql(accounts),
            )
        )
        return {
            row[0]: (
                max(float(row[1]), 0.0),
                float(row[2]),
                max(float(row[3]), 0.0),
                int(row[4] or 0),
            )
            for row in rows
        }

    @api.model
    def _read_shipped(self, company, accounts, today):
        """Deliveries a month, the mean of half a year."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, COUNT(*) / 6.0
                  FROM stock_picking picking
                  JOIN stock_picking_type type ON type.id = picking.picking_type_id
                  JOIN res_partner partner ON partner.id = picking.partner_id
                  JOIN credit_account account ON account.partner_id = partner.commercial_partner_id
                                             AND account.company_id = %(root)s
                 WHERE picking.state = 'done' AND type.code = 'outgoing'
                   AND picking.date_done > %(half)s
                   AND account.company_id = %(company)s AND %(only)s
                 GROUP BY account.id
                """,
                half=today - timedelta(HALF_YEAR),
                root=self.env["res.company"]._credit_root_sql(SQL("picking.company_id")),
                company=company.id,
                only=self.env["credit.figure.reading"]._only_sql(accounts),
            )
        )
        return {account_id: float(count) for account_id, count in rows}

    @api.model
    def _read_proven(self, company, accounts, today):
        """The largest receivable of two years on a day when nothing was overdue."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, MAX(owed)
                  FROM (SELECT snapshot.account_id, SUM(snapshot.receivable) AS owed
                          FROM credit_snapshot snapshot
                          JOIN credit_account account ON account.id = snapshot.account_id
                         WHERE snapshot.company_id = %(company)s AND %(only)s
                           AND snapshot.date BETWEEN %(since)s AND %(today)s
                         GROUP BY snapshot.account_id, snapshot.date
                        HAVING SUM(snapshot.overdue) <= 0) AS day
                 WHERE owed > 0
                 GROUP BY account_id
                """,
                today=today,
                since=today - timedelta(2 * YEAR),
                company=company.id,
                only=self.env["credit.figure.reading"]._only_sql(accounts),
            )
        )
        return {account_id: float(owed) for account_id, owed in rows}

    # ------------------------------------------------------------------
    # A calculation to follow
    # ------------------------------------------------------------------

    @api.model
    def _freeze(self, proposal):
        """The steps as plain JSON, to be kept with the limit."""
        return [
            {
                "code": step.code,
                "values": {
                    name: str(value) if isinstance(value, core.Decimal) else value
                    for name, value in step.values.items()
                },
            }
            for step in proposal.steps
        ]

    @api.model
    def _calculation(self, proposal, currency):
        """The steps of a proposal as a page."""
        return self._render_steps(self._freeze(proposal), currency)

    @api.model
    def _render_steps(self, steps, currency):
        return self.env["ir.qweb"]._render(
            "credit_collection.credit_limit_calculation",
            {"steps": [self._step_words(step["code"], step["values"], currency) for step in steps]},
        )

    @api.model
    def _step_words(self, code, values, currency):
        """One step in words, with the numbers that it used."""

        def money(name):
            return currency.format(float(values.get(name) or 0))

        def plain(name):
            return formatLang(self.env, float(values.get(name) or 0), digits=2)

        def percent(name):
            return formatLang(self.env, 100 * float(values.get(name) or 0), digits=1)

        titles = dict(self.env["credit.limit.method.line"]._selection_method())
        if code == "missing":
            return self.env._(
                "%(method)s: not known, left out.",
                method=titles.get(values["method"], values["method"]),
            )
        sentences = {
            "need_from_sales": lambda: self.env._(
                "Need: %(sales)s a month × (%(term)s + %(delay)s days) ÷ 30 = %(amount)s",
                sales=money("monthly_sales"),
                term=plain("term_days"),
                delay=plain("usual_delay"),
                amount=money("amount"),
            ),
            "from_shipments": lambda: self.env._(
                "Shipments: %(volume)s a month × %(growth)s × %(share)s %% on credit ÷ "
                "%(shipments)s a month = %(amount)s",
                volume=money("volume"),
                growth=plain("growth"),
                share=percent("share"),
                shipments=plain("shipments"),
                amount=money("amount"),
            ),
            "from_forecast": lambda: self.env._(
                "Plan: %(sales)s a year × (%(term)s + %(delay)s days) ÷ 365 = %(amount)s",
                sales=money("yearly_forecast"),
                term=plain("term_days"),
                delay=plain("usual_delay"),
                amount=money("amount"),
            ),
            "share_of_net_assets": lambda: self.env._(
                "Net assets: %(assets)s × %(share)s %% = %(amount)s",
                assets=money("net_assets"),
                share=percent("share"),
                amount=money("amount"),
            ),
            "share_of_turnover": lambda: self.env._(
                "Their turnover: %(turnover)s × %(share)s %% = %(amount)s",
                turnover=money("turnover"),
                share=percent("share"),
                amount=money("amount"),
            ),
            "ability_to_pay": lambda: self.env._(
                "Ability to pay: the smaller of working capital %(capital)s and cash flow "
                "%(flow)s a year for %(term)s days, × %(share)s %% = %(amount)s",
                capital=money("working_capital")
                if "working_capital" in values
                else self.env._("not known"),
                flow=money("yearly_cash_flow")
                if "yearly_cash_flow" in values
                else self.env._("not known"),
                term=plain("term_days"),
                share=percent("share"),
                amount=money("amount"),
            ),
            "own_exposure": lambda: self.env._(
                "Proven: %(owed)s owed with nothing overdue × %(growth)s = %(amount)s",
                owed=money("largest_paid_on_time"),
                growth=plain("growth"),
                amount=money("amount"),
            ),
            "agency": lambda: self.env._(
                "The agency recommends %(amount)s", amount=money("amount")
            ),
            "weighted_need": lambda: self.env._(
                "Need %(volume)s × potential %(potential)s × margin %(margin)s × reliability "
                "%(reliability)s = %(amount)s",
                volume=money("volume"),
                potential=plain("potential"),
                margin=plain("margin"),
                reliability=plain("reliability"),
                amount=money("amount"),
            ),
            "by_points": lambda: self.env._(
                "%(points)s points are worth %(amount)s",
                points=plain("points"),
                amount=money("amount"),
            ),
            "smallest": lambda: self.env._("The smallest: %s", money("amount")),
            "average": lambda: self.env._("The average: %s", money("amount")),
            "weighted": lambda: self.env._("The weighted average: %s", money("amount")),
            "factor_grade": lambda: self.env._(
                "× %(factor)s for the grade = %(amount)s",
                factor=plain("factor"),
                amount=money("amount"),
            ),
            "factor_market": lambda: self.env._(
                "× %(factor)s for the market = %(amount)s",
                factor=plain("factor"),
                amount=money("amount"),
            ),
            "cap_sales": lambda: self.env._(
                "No more than the share of our yearly sales: %s", money("amount")
            ),
            "cap_cover": lambda: self.env._("No more than is covered: %s", money("amount")),
            "cap_amount": lambda: self.env._("No more than the cap: %s", money("amount")),
            "rounded": lambda: self.env._("Rounded down: %s", money("amount")),
            "nothing": lambda: self.env._("Nothing is known from which a limit could follow."),
        }
        return sentences[code]()

    # ------------------------------------------------------------------
    # From a proposal to a request
    # ------------------------------------------------------------------

    @api.model
    def _request(self, accounts, proposals=None):
        """Requested limits with their frozen calculation; never a limit by itself.

        :param proposals: ``{account id: Proposal}``, by default worked out now
        """
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can propose limits."))
        accounts.check_access("read")
        proposals = proposals or self._propose(accounts)
        limits = self.env["credit.limit"]
        for account in accounts:
            proposal = proposals.get(account.id)
            if proposal is None or proposal.amount is None:
                raise UserError(
                    self.env._(
                        "Nothing is known from which a limit for %(customer)s could follow. Enter "
                        "accounts, an agency report or planned sales.",
                        customer=account.partner_id.display_name,
                    )
                )
            limits |= self._request_amount(account, float(proposal.amount), self._freeze(proposal))
        limits._ask_approver()
        return limits

    @api.model
    def _request_amount(self, account, amount, steps):
        """A requested limit over what was proposed, with the calculation as it was shown."""
        limit = (
            self.env["credit.limit"]
            .sudo()
            .create(
                {
                    "account_id": account.id,
                    "amount": amount,
                    "currency_id": account.currency_id.id,
                    "reason": self.env._("Proposed by the limit methods."),
                    "review_date": account.sudo().rating_id.review_date,
                    "calculation_data": steps,
                    "requested_by_id": self.env.uid,
                }
            )
        )
        return limit.with_env(self.env)


class CreditLimitMethodLine(models.Model):
    """One method with its parameters."""

    _name = "credit.limit.method.line"
    _description = "Method of a Limit Proposal"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "weight": (0, 1000), "share": (0, 1000), "growth": (-100, 1000),
        "power_potential": (0, 5), "power_margin": (0, 5), "power_reliability": (0, 5),
    }  # fmt: skip
    _order = "method_id, sequence, id"
    _rec_name = "method"

    method_id = fields.Many2one(
        "credit.limit.method", "Set of Methods", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="method_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    method = fields.Selection(selection="_selection_method", required=True)
    weight = fields.Float(default=1.0, digits=(6, 2), help="For the weighted average.")
    share = fields.Float(
        "Share (%)",
        default=35.0,
        digits=(6, 2),
        help="Of net assets, of their turnover, of what they can pay, on credit.",
    )
    growth = fields.Float("Growth (%)", digits=(6, 2), default=10.0)
    power_potential = fields.Float("Weight of Potential", default=1.0, digits=(4, 2))
    power_margin = fields.Float("Weight of Margin", default=1.0, digits=(4, 2))
    power_reliability = fields.Float("Weight of Reliability", default=1.0, digits=(4, 2))
    band_ids = fields.One2many("credit.limit.method.band", "line_id", "Points", copy=True)

    @api.model
    def _selection_method(self):
        titles = {
            "need_from_sales": self.env._("Need from sales"),
            "from_shipments": self.env._("Shipments"),
            "from_forecast": self.env._("Planned sales"),
            "share_of_net_assets": self.env._("Share of their net assets"),
            "share_of_turnover": self.env._("Share of their turnover"),
            "ability_to_pay": self.env._("Ability to pay"),
            "own_exposure": self.env._("Largest exposure paid on time"),
            "agency": self.env._("Agency's recommendation"),
            "weighted_need": self.env._("Need × potential × margin × reliability"),
            "by_points": self.env._("Points of the rating"),
        }
        return [(code, titles[code]) for code in core.METHODS]

    @api.constrains("method", "band_ids")
    def _check_bands(self):
        for line in self.filtered(lambda x: x.method == "by_points"):
            try:
                check_bands(line._points_table())
            except BandFault as fault:
                raise ValidationError(
                    self.env["credit.band.mixin"]._band_sentence(
                        self.env._("The table of points"), fault
                    )
                ) from fault

    def _points_table(self):
        return [
            (
                None if band.from_any else band.low,
                None if band.to_any else band.high,
                band.amount,
            )
            for band in self.band_ids
        ]

    def _proposal(self, inputs, digits):
        """What this method proposes from the inputs of a file."""
        self.ensure_one()
        need = (inputs["monthly_sales"], inputs["term_days"], inputs["usual_delay"])
        share, growth = self.share / 100, 1 + self.growth / 100
        if self.method == "weighted_need":
            volume = core.need_from_sales(*need, digits).amount
            return core.weighted_need(
                volume,
                inputs["potential"],
                inputs["margin_factor"],
                inputs["reliability"],
                (self.power_potential, self.power_margin, self.power_reliability),
                digits,
            )
        calls = {
            "need_from_sales": lambda: core.need_from_sales(*need, digits),
            "from_shipments": lambda: core.from_shipments(
                inputs["volume"], growth, share, inputs["shipments"], digits
            ),
            "from_forecast": lambda: core.from_forecast(
                inputs["yearly_forecast"], inputs["term_days"], inputs["usual_delay"], digits
            ),
            "share_of_net_assets": lambda: core.share_of_net_assets(
                inputs["net_assets"], share, digits
            ),
            "share_of_turnover": lambda: core.share_of_turnover(inputs["turnover"], share, digits),
            "ability_to_pay": lambda: core.ability_to_pay(
                inputs["working_capital"],
                inputs["yearly_cash_flow"],
                share,
                inputs["term_days"],
                digits,
            ),
            "own_exposure": lambda: core.own_exposure(inputs["proven"], growth, digits),
            "agency": lambda: core.agency(inputs["recommended"], digits),
            "by_points": lambda: core.by_points(
                inputs["rating_score"], self._points_table(), digits
            ),
        }
        return calls[self.method]()


class CreditLimitMethodBand(models.Model):
    """A band of points and the limit that it is worth."""

    _name = "credit.limit.method.band"
    _description = "Limit by Points"
    _inherit = "credit.bounded"
    _credit_bounds = {"amount": AMOUNT}
    _order = "line_id, from_any desc, low, id"
    _rec_name = "amount"

    line_id = fields.Many2one(
        "credit.limit.method.line", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    from_any = fields.Boolean("No Lower End")
    low = fields.Float("From", digits=(16, 2))
    high = fields.Float("To", digits=(16, 2))
    to_any = fields.Boolean("No Upper End")
    amount = fields.Monetary("Limit")


class CreditMarketFactor(models.Model):
    """How the market of a segment stands: limits of last year may not be reasonable any more."""

    _name = "credit.market.factor"
    _description = "Market Factor"
    _inherit = ["mail.thread", "credit.bounded"]
    _credit_bounds = {"factor": (0, 2)}
    _order = "date_from desc, id desc"
    _rec_name = "reason"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    date_from = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    date_to = fields.Date()
    category_id = fields.Many2one(
        "res.partner.category", "Customer Tag", ondelete="cascade", index="btree_not_null"
    )
    industry_id = fields.Many2one(
        "res.partner.industry", ondelete="cascade", index="btree_not_null"
    )
    country_id = fields.Many2one("res.country", ondelete="cascade", index="btree_not_null")
    factor = fields.Float(
        required=True,
        default=1.0,
        digits=(5, 2),
        tracking=True,
        help="Proposed limits are multiplied by this: 0.7 when demand fell by 30 %.",
    )
    reason = fields.Char(required=True, tracking=True)

    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "It cannot end before it begins."
    )

    @api.model
    def _of(self, accounts, company, today):
        """The factor of each file's market: ``{account id: factor}``; the lowest that fits."""
        factors = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", today),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        )
        found = {}
        for account in accounts if factors else ():
            fitting = factors.filtered(lambda x, p=account.partner_id: x._fits(p))
            if fitting:
                found[account.id] = min(fitting, key=lambda x: x.factor)
        return found

    def _fits(self, partner):
        self.ensure_one()
        return (
            (not self.category_id or self.category_id in partner.category_id)
            and (not self.industry_id or self.industry_id == partner.industry_id)
            and (not self.country_id or self.country_id == partner.country_id)
        )
