from collections import Counter, defaultdict
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...core.magnitude import scaled
from ...tools.bounds import AMOUNT, DAYS, refuse_out_of_bounds
from ...tools.registry_cache import clear_registry_cache

# Where amounts are kept in the currency of a company, and how each leads to it.
CURRENCY_AMOUNTS = {
    "res.company": "id",
    "credit.policy": "company_id",
    "credit.rule": "policy_id.company_id",
    "credit.followup.level": "policy_id.company_id",
    "credit.bonus.scheme": "company_id",
    "credit.limit.method": "company_id",
}


class CompanyColumns(NamedTuple):
    """What the queries say of a company, written into them: a join less for each."""

    root: int
    policy: int | None
    currency: int
    decimals: int
    price_include: str


class ResCompany(models.Model):
    _inherit = "res.company"
    _credit_bounds = {
        "credit_snapshot_months": (0, 1200),
        "credit_note_months": (0, 1200),
        "credit_overdue_target": (0, 1),
        "credit_statement_day": (0, 28),
        "credit_dso_target": (0, 1000),
        "credit_quadrant_amount": AMOUNT, "credit_quadrant_days": DAYS,
        "credit_funding_rate": (0, 100.0), "credit_portal_link_days": (1, 365),
        "credit_watch_years": (0, 100), "credit_write_off_second_amount": AMOUNT,
        "credit_interest_lookback_days": DAYS,
    }  # fmt: skip

    credit_default_policy_id = fields.Many2one(
        "credit.policy",
        string="Default Credit Policy",
        domain="[('company_id', '=', id)]",
        ondelete="restrict",
        help="Applies to every customer without a policy of their own or of one of their tags.",
        index="btree_not_null",
    )

    @api.constrains("credit_default_policy_id", "parent_id")
    def _check_credit_default_policy_id(self):
        for company in self:
            if (
                company.credit_default_policy_id
                and company.credit_default_policy_id.company_id != company
            ):
                raise ValidationError(
                    self.env._(
                        "%(policy)s is a policy of %(company)s; branches use their company's.",
                        policy=company.credit_default_policy_id.display_name,
                        company=company.credit_default_policy_id.company_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        clear_registry_cache(self.env)
        companies._create_default_credit_policies()
        return companies

    def write(self, vals):
        refuse_out_of_bounds(self, vals, {name for name in vals if name.startswith("credit_")})
        kept_in = {}
        if "currency_id" in vals:
            kept_in = {company: company.currency_id for company in self if not company.parent_id}
        result = super().write(vals)
        for company, currency in kept_in.items():
            company._credit_convert_amounts(currency)
        if self.cache_invalidation_fields() & vals.keys():
            clear_registry_cache(self.env)
        if "credit_default_policy_id" in vals:
            self.env["credit.account"]._sync_native_limits_soon()
        return result

    def _has_field_access(self, field, operation):
        # EXTENDS 'base': customers read the company they deal with, not how it measures credit
        if field.name.startswith("credit_") and not (self.env.su or self.env.user._is_internal()):
            return False
        return super()._has_field_access(field, operation)

    def _create_default_credit_policies(self):
        """Give every root company without a default policy one; branches use their root's."""
        # The source is English whoever makes the company; translations are added to it.
        Policy = self.env["credit.policy"].sudo().with_context(lang="en_US")
        missing = self.filtered(lambda c: c == c.root_id and not c.credit_default_policy_id)
        for company in missing:
            company.credit_default_policy_id = Policy.create(
                {
                    **Policy._prepare_default_policy(company),
                    "observe_only": company._credit_has_open_items(),
                }
            )
            company._credit_ship_rating()
            company._credit_scale_shipped_amounts()
        if missing:
            self.env["credit.shipped.text"]._translate_copies()

    def _credit_has_open_items(self):
        """Whether customers owe this company anything: then its first day must not stop it."""
        return bool(
            self.env["account.move.line"]
            .sudo()
            .search_count(
                [
                    ("company_id", "child_of", self.ids),
                    ("parent_state", "=", "posted"),
                    ("account_type", "=", "asset_receivable"),
                    ("reconciled", "=", False),
                ],
                limit=1,
            )
        )

    def _credit_scale_shipped_amounts(self):
        """The amounts that come with the add-on are meant in dollars, as an order of magnitude."""
        dollar, own = self.env.ref("base.USD"), self.currency_id
        rate = None
        if own != dollar and all(one._credit_has_rate(self) for one in own | dollar):
            rate = dollar._convert(1_000_000.0, own, self, self._credit_today()) / 1_000_000.0
        self._credit_change_amounts(lambda amount: scaled(amount, own.name, rate))

    def _credit_convert_amounts(self, currency):
        """Turn the amounts that are kept in the company's currency from ``currency`` into it.

        :raises UserError: somebody has set limits, and no rate says what they are worth now
        """
        self.ensure_one()
        company = self.sudo()
        own = company.currency_id
        if own == currency:
            return
        limits = self.env["credit.limit"].sudo().search([("company_id", "=", company.id)])
        if not all(one._credit_has_rate(company) for one in own | currency) and not limits:
            return
        day = company._credit_today()
        company._credit_change_amounts(
            lambda amount: currency._credit_convert(amount, own, company, day)
        )
        self.env.add_to_compute(limits._fields["amount_company"], limits)

    def _credit_change_amounts(self, change):
        """Apply a function to all that is kept in the currency of this company, settings alone."""
        own = self.sudo().currency_id
        for model, path in CURRENCY_AMOUNTS.items():
            records = self.env[model].sudo().with_context(active_test=False)
            for record in records.search([(path, "=", self.id)]):
                amounts = {
                    name: own.round(change(record[name]))
                    for name, field in record._fields.items()
                    if field.type == "monetary"
                    and field.store
                    and not field.compute
                    and record[name]
                    and record[field.get_currency_field(record)] == own
                }
                if any(amounts[name] != record[name] for name in amounts):
                    record.write(amounts)

    def cache_invalidation_fields(self):
        # EXTENDS 'base': see _credit_facts and _credit_tz_of
        kept = {
            "currency_id",
            "credit_default_policy_id",
            "resource_calendar_id",
            "account_price_include",
        }
        return super().cache_invalidation_fields() | kept

    def _credit_today(self):
        """The company's own day, whoever asks: decisions do not depend on the user's time zone."""
        return self._credit_day(fields.Datetime.now())

    def _credit_day(self, moment):
        """The company's day at ``moment``, a naive datetime in UTC."""
        return fields.Date.context_today(self.with_context(tz=self._credit_tz()), moment)

    def _credit_tz(self):
        """The time zone of the company's working hours; branches keep their root's."""
        return self._credit_tz_of(self._credit_root_id())

    @api.model
    @tools.ormcache("company_id")
    def _credit_tz_of(self, company_id):
        calendar = self.sudo().browse(company_id or ()).resource_calendar_id
        return calendar.tz or "UTC"

    @api.model
    @tools.ormcache()
    def _credit_facts(self):
        """What the queries say of each company: ``{company id: CompanyColumns}``."""
        companies = self.sudo().with_context(active_test=False).search([])
        return {
            company.id: CompanyColumns(
                company.root_id.id,
                company.credit_default_policy_id.id or None,
                company.currency_id.id,
                company.currency_id.decimal_places,
                company.account_price_include,
            )
            for company in companies
        }

    def _credit_root_id(self):
        """The id of the root of this company, without reading it; falsy without a company."""
        return self.id and self._credit_facts()[self.id].root

    @api.model
    def _credit_root_sql(self, company: SQL) -> SQL:
        """SQL of the id of the root of ``company``, the SQL of a company's id."""
        facts = self._credit_facts().items()
        branches = {id_: fact.root for id_, fact in facts if id_ != fact.root}
        return self._credit_case_sql(company, branches, company)

    @api.model
    def _credit_policy_sql(self, company: SQL) -> SQL:
        """SQL of the id of the default policy of ``company``, the SQL of a root company's id."""
        facts = self._credit_facts().values()
        policies = {fact.root: fact.policy for fact in facts if fact.policy}
        return self._credit_case_sql(company, policies, SQL("NULL::int"))

    @api.model
    def _credit_fact_sql(self, company: SQL, name: str) -> SQL:
        """SQL of one of the facts about ``company``, the SQL of a company's id."""
        facts = self._credit_facts().items()
        return self._credit_usual_sql(company, {id_: getattr(fact, name) for id_, fact in facts})

    @api.model
    def _credit_day_sql(self, company: SQL, moment: SQL) -> SQL:
        """SQL of the day of ``company``, the SQL of a company's id, at a moment stored in UTC."""
        facts = self._credit_facts().items()
        zones = {id_: self._credit_tz_of(fact.root) for id_, fact in facts}
        return SQL(
            "timezone(%s, timezone('UTC', %s))::date",
            self._credit_usual_sql(company, zones),
            moment,
        )

    @api.model
    def _credit_usual_sql(self, value: SQL, answers: dict) -> SQL:
        """SQL of the answer for the id ``value``; only what is not the usual one needs a case."""
        [(usual, _times)] = Counter(answers.values()).most_common(1) or [(None, 0)]
        unusual = {id_: answer for id_, answer in answers.items() if answer != usual}
        return self._credit_case_sql(value, unusual, SQL("%s", usual))

    @api.model
    def _credit_case_sql(self, value: SQL, cases: dict, other: SQL) -> SQL:
        """SQL that maps ``value`` by ``cases``; without cases simply ``other``."""
        if not cases:
            return other
        ids = defaultdict(list)
        for id_, answer in cases.items():
            ids[answer].append(id_)
        whens = SQL(" ").join(
            SQL("WHEN %s = ANY(%s) THEN %s", value, same, answer) for answer, same in ids.items()
        )
        return SQL("CASE %s ELSE %s END", whens, other)
