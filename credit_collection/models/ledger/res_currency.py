from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.registry_cache import clear_registry_cache


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': see _credit_decimals
        currencies = super().create(vals_list)
        clear_registry_cache(self.env)
        return currencies

    def write(self, vals):
        # EXTENDS 'base': see _credit_decimals and res.company._credit_facts
        result = super().write(vals)
        if "rounding" in vals:
            clear_registry_cache(self.env)
        return result

    def _credit_has_rate(self, company):
        """Whether anything says what this currency is worth in ``company``.

        Odoo counts a currency without a rate one to one.
        """
        self.ensure_one()
        company = company.sudo().root_id
        if self == company.currency_id:
            return True
        return bool(
            self.env["res.currency.rate"]
            .sudo()
            .search_count(
                [("currency_id", "=", self.id), ("company_id", "in", (False, company.id))],
                limit=1,
            )
        )

    def _credit_convert(self, amount, currency, company, day):
        """The amount in ``currency`` at the rate of ``day``.

        :raises UserError: no rate says what one of the two is worth
        """
        for one in self | currency:
            if not one._credit_has_rate(company):
                raise UserError(
                    self.env._(
                        "There is no exchange rate of %(currency)s in %(company)s: enter one "
                        "first.",
                        currency=one.name,
                        company=company.sudo().name,
                    )
                )
        return self._convert(amount, currency, company, day)

    @api.model
    def _credit_rate_sql(self, currency: SQL, company: SQL, day) -> SQL:
        """SQL of the rate of ``currency`` on ``day`` as Odoo reads it; NULL where there is none.

        :param company: SQL of a root company's id
        """
        return SQL(
            """COALESCE(
               (SELECT rate.rate FROM res_currency_rate rate
                 WHERE rate.currency_id = %(currency)s AND rate.name <= %(day)s
                   AND (rate.company_id IS NULL OR rate.company_id = %(company)s)
                 ORDER BY rate.company_id, rate.name DESC LIMIT 1),
               (SELECT rate.rate FROM res_currency_rate rate
                 WHERE rate.currency_id = %(currency)s
                   AND (rate.company_id IS NULL OR rate.company_id = %(company)s)
                 ORDER BY rate.company_id, rate.name LIMIT 1))""",
            currency=currency,
            company=company,
            day=day,
            to_flush=self.env["res.currency.rate"]._fields["rate"],
        )

    @api.model
    @tools.ormcache()
    def _credit_decimals(self):
        """``{currency id: decimal places}``, also of those that are used no more."""
        currencies = self.sudo().with_context(active_test=False).search([])
        return {currency.id: currency.decimal_places for currency in currencies}

    @api.model
    def _credit_decimals_sql(self, currency: SQL) -> SQL:
        """SQL of the decimal places of ``currency``, the SQL of a currency's id."""
        return self.env["res.company"]._credit_usual_sql(currency, self._credit_decimals())
