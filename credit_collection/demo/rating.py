from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

WEAK = {"Mahogany Holdings": ("E", "Insolvency is expected"), "Jacaranda Events": ("D", "No cash")}
THREE_YEARS = (
    # assets, current, stocks, liabilities, short, equity, retained, sales, EBIT, interest, profit
    (820, 460, 190, 560, 330, 260, 150, 1_450, 96, 18, 61),
    (870, 470, 215, 620, 390, 250, 140, 1_390, 71, 24, 36),
    (905, 480, 240, 690, 455, 215, 105, 1_310, 38, 31, 6),
)
LINES = (
    "assets",
    "current_assets",
    "inventories",
    "liabilities",
    "current_liabilities",
    "equity",
    "retained_earnings",
    "sales",
    "ebit",
    "interest",
    "net_profit",
)


class CreditDemo(models.AbstractModel):
    """A rated portfolio, a new customer with open checks, warnings, a group, forecasts."""

    _inherit = "credit.demo"

    @api.model
    def _load_ratings(self, company_id):
        demo = self._in_company(company_id)
        company = demo.env.company
        files = demo.env["credit.account"].search([("company_id", "=", company.id)])
        files = {file.partner_id.name: file for file in files}
        cards = demo._make_scorecards(company)
        demo._make_reports(company, files)
        demo._make_grades(files, cards)
        demo._make_new_customer(company)
        demo._make_warnings(company, files)
        demo._make_group(company, files)
        demo._make_outlook(company)

    def _make_scorecards(self, company):
        """The shipped scorecards and limit methods, for this company."""
        cards = {}
        for audience in ("known", "new"):
            shipped = self.env.ref(f"credit_collection.credit_scorecard_{audience}")
            cards[audience] = shipped.copy({"company_id": company.id, "name": shipped.name})
        new = cards["new"]
        new.ceiling_grade_id = new.grade_ids.filtered(lambda grade: grade.name == "C")
        shipped = self.env.ref("credit_collection.credit_limit_method_trade")
        shipped.copy({"company_id": company.id, "name": shipped.name})
        return cards

    def _make_reports(self, company, files):
        """Two agencies with scales of their own, and the accounts of three years."""
        Agency = self.env["credit.agency"]
        scale = [
            ("Excellent", None, 150, 95), ("Good", 150, 250, 75), ("Average", 250, 350, 50),
            ("Weak", 350, 500, 20), ("Not to be supplied", 500, None, 0),
        ]  # fmt: skip
        north = Agency.create(
            {
                "name": "Northern Credit House",
                "company_id": company.id,
                "scale_ids": [self._band(*band) for band in scale],
            }
        )
        east = Agency.create(
            {
                "name": "Eastern Business Register",
                "company_id": company.id,
                "scale_ids": [
                    self._band("Risky", None, 30, 10),
                    self._band("Watch", 30, 60, 45),
                    self._band("Sound", 60, None, 85),
                ],
            }
        )
        Report = self.env["credit.agency.report"]
        for agency, name, score, limit in (
            (north, "Rowan Builders", 310, 25_000),
            (east, "Rowan Builders", 48, 20_000),
            (north, "Fir Engineering", 140, 60_000),
            (north, "Alder Workshops", 210, 18_000),
        ):
            Report.create(
                {
                    "account_id": files[name].id,
                    "agency_id": agency.id,
                    "date": self._day(40),
                    "score": score,
                    "has_recommendation": True,
                    "recommended_limit": limit,
                }
            )
        year = self.env.company._credit_today().year
        for number, amounts in enumerate(THREE_YEARS):
            self.env["credit.financials"].create(
                {
                    "account_id": files["Rowan Builders"].id,
                    "date": fields.Date.to_date(f"{year - 3 + number}-12-31"),
                    "source": "register",
                    "audited": number == 0,
                    "line_ids": [
                        Command.create({"code": code, "amount": 1000.0 * amount})
                        for code, amount in zip(LINES, amounts, strict=True)
                    ],
                }
            )

    @api.model
    def _band(self, name, low, high, points):
        return Command.create(
            {
                "name": name,
                "from_any": low is None,
                "low": low or 0,
                "to_any": high is None,
                "high": high or 0,
                "points": points,
            }
        )

    def _make_grades(self, files, cards):
        """Everybody with a history is rated; two are graded by hand."""
        accounts = self.env["credit.account"].union(*files.values())
        accounts._rate_again("person")
        officer = self._user("sokolova")
        for name, (letter, reason) in WEAK.items():
            card = cards["known"]
            rating = (
                self.env["credit.rating"]
                .sudo()
                .create(
                    {
                        "account_id": files[name].id,
                        "scorecard_id": card.id,
                        "entered_by_id": officer.id,
                    }
                )
            )
            grade = card.grade_ids.filtered(lambda x, letter=letter: x.name == letter)
            rating.write(
                {
                    "manual_grade_id": grade.id,
                    "manual_reason": reason,
                    "manual_by_id": officer.id,
                }
            )
            rating._move("approve")
        waiting = self.env["credit.rating"].search([("state", "=", "draft")])
        waiting.filtered(lambda rating: not rating.grade_id).unlink()

    def _make_new_customer(self, company):
        """A new customer: the checklist is half done, the rating waits for it."""
        partner = self.env["res.partner"].create(
            {
                "name": "Bamboo Interiors",
                "is_company": True,
                "company_id": company.id,
                "user_id": self._user("petrov").id,
                "country_id": self.env.ref("base.us").id,
                "email": "accounts@bamboo.example.com",
                "vat": False,
                "customer_rank": 1,
            }
        )
        account = self.env["credit.account"]._get(partner, company).sudo()
        account.planned_sales = 90_000
        template = self.env.ref("credit_collection.credit_checklist_new_customer")
        checklist = template._start(account)
        checklist.sudo().line_ids[:9].write({"answer": "yes", "source": "Register"})
        rating = self.env["credit.rating"].sudo().create({"account_id": account.id})
        answers = {"References": "Mixed", "Age of the firm": "Two to five years"}
        for line in rating.line_ids:
            wanted = answers.get(line.name)
            answer = line.criterion_id.band_ids.filtered(lambda x, name=wanted: x.name == name)
            if wanted and answer:
                line.write({"answer_id": answer.id, "source": "Sokolova"})
        rating._rescore()

    def _make_warnings(self, company, files):
        """What is measured, what a salesperson reported, and the stop list."""
        Signal = self.env["credit.signal"]
        Signal._measure(company)
        Signal.with_user(self._user("ivanov"))._report(
            files["Pine Valley Hotels"].with_user(self._user("ivanov")),
            self.env.ref("credit_collection.credit_signal_kind_longer_terms"),
            "Asked for sixty days at the fair",
        )
        partner = self.env["res.partner"].create(
            {
                "name": "Nightshade Imports",
                "is_company": True,
                "company_id": company.id,
                "user_id": self._user("semenov").id,
                "street": "9 Back Lane",
                "zip": "04101",
                "customer_rank": 1,
            }
        )
        account = self.env["credit.account"]._get(partner, company).sudo()
        self.env["credit.stop"].with_user(self._user("sokolova")).create(
            {
                "account_id": account.id,
                "kind": "fraud",
                "reason": "False papers",
                "source": "Colleague in the trade",
            }
        )

    def _make_group(self, company, files):
        self.env["credit.group"].create(
            {
                "name": "Cedar and Spruce Holding",
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "amount": 35_000,
                "partner_ids": [
                    Command.set((files["Cedar Heating"] | files["Spruce Garages"]).partner_id.ids)
                ],
            }
        )

    def _make_outlook(self, company):
        """Ceilings, and the forecast of this Monday."""
        today = company._credit_today()
        ceiling = self.env["credit.ceiling"].create(
            {
                "company_id": company.id,
                "date_from": today - timedelta(30),
                "planned_sales": 600_000,
                "plan_days": 365,
                "norm_days": 40,
                "own_working_capital": 70_000,
                "committed_lines": 40_000,
                "stocks_and_needs": 30_000,
                "payables": 20_000,
                "rate": 0.12,
                "margin": 0.25,
                "inflation": 0.04,
                "note": "Budget of the finance director",
            }
        )
        ceiling.action_plan_months()
        self.env["credit.forecast"]._freeze(company, today)
        self.env["credit.recovery.point"]._learn(company, today)
        self._make_segments(company, today)

    def _make_segments(self, company, today):
        """How customers pay, their size, and what was agreed with the largest."""
        Account = self.env["credit.account"]
        Account._segment(company, today)
        largest = Account.search([("company_id", "=", company.id), ("size_class", "=", "a")])
        largest[::2].contract_terms = "interest"
        largest[1::2].contract_terms = "agreed"
        self._make_policy_of_a_segment(company)

    def _make_policy_of_a_segment(self, company):
        """Who has not paid anything yet has terms of their own, whoever they are."""
        usual = company.credit_default_policy_id
        usual.copy(
            {
                "name": "Customers without payments yet",
                "behaviour_class": "new",
                "sequence": usual.sequence - 1,
                "company_id": company.id,
            }
        )
