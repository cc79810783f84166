"""A group of companies, and people who work in one, two or all of them.

New York keeps its books in dollars, Warsaw in euros with the branches Gdynia and Lodz, Tokyo in
yen.
One customer, Deco Ltd, buys in all of them; its salesperson, Sally, works in New York alone.
"""

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import COLLECTOR, MANAGER, OFFICER, SALESPERSON, CreditCase


class CompaniesCase(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_york = cls.company
        cls.new_york.name = "New York"
        cls.new_york.resource_calendar_id.tz = "America/New_York"
        cls.warsaw = cls._company("Warsaw", "EUR", "Europe/Warsaw")
        cls.tokyo = cls._company("Tokyo", "JPY", "Asia/Tokyo")
        cls.gdynia, cls.lodz = cls.env["res.company"].create(
            [{"name": name, "parent_id": cls.warsaw.id} for name in ("Gdynia", "Lodz")]
        )
        cls.env.cr.precommit.run()  # where Odoo gives a branch its accounts
        cls.companies = cls.new_york | cls.warsaw | cls.gdynia | cls.lodz | cls.tokyo
        cls.env["res.currency.rate"].search([]).unlink()
        for name, rate in (("USD", 1.0), ("EUR", 0.8), ("JPY", 150.0)):
            cls.env["res.currency.rate"].create(
                {
                    "name": "2020-01-01",
                    "rate": rate,
                    "currency_id": cls.env.ref(f"base.{name}").id,
                    "company_id": False,
                }
            )
        cls.env.user.company_ids = [Command.set(cls.companies.ids)]
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.companies.ids})
        everywhere = cls.companies
        cls.tokyo_seller = cls._works("takeshi", SALESPERSON, cls.tokyo)
        cls.tokyo_collector = cls._works("tomoko", COLLECTOR, cls.tokyo)
        cls.tokyo_officer = cls._works("toru", OFFICER, cls.tokyo)
        cls.warsaw_officer = cls._works("wanda", OFFICER, cls.warsaw)
        cls.gdynia_collector = cls._works("grazyna", COLLECTOR, cls.gdynia)
        cls.two_collector = cls._works("twan", COLLECTOR, cls.new_york | cls.tokyo)
        cls.all_manager = cls._works("amanda", MANAGER, everywhere)
        cls.env.flush_all()

    @classmethod
    def _company(cls, name, currency, zone):
        money = cls.env.ref(f"base.{currency}")
        money.active = True
        company = cls.env["res.company"].create({"name": name, "currency_id": money.id})
        cls.env.user.company_ids |= company
        cls.env["account.chart.template"].with_context(allowed_company_ids=company.ids).try_loading(
            "generic_coa", company=company, install_demo=False
        )
        company.currency_id = money  # the chart brings its own
        company.resource_calendar_id.tz = zone
        return company

    @classmethod
    def _works(cls, login, groups, companies, **values):
        """A person who works in these companies, the first being the one after log-in."""
        user = new_test_user(
            cls.env,
            login,
            groups=f"base.group_user,{groups}",
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
            email=f"{login}@example.com",
            **values,
        )
        if groups == OFFICER:
            user.credit_authority = 10_000_000.0
        return user

    @classmethod
    def _invoice_in(cls, company, amount, partner=None, due="2026-03-01", date=None, **values):
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": (partner or cls.customer).id,
                    "invoice_date": date or due,
                    "invoice_date_due": fields.Date.to_date(due),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": amount, "tax_ids": [Command.clear()]}
                        )
                    ],
                    **values,
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def _file(cls, company, partner=None):
        return cls.env["credit.account"]._get(partner or cls.customer, company)

    @classmethod
    def _as(cls, records, user, companies=None):
        """The records as a person sees them who has ticked these companies, else all of theirs."""
        ticked = companies or user.company_ids
        return records.with_user(user).with_context(allowed_company_ids=ticked.ids)
