from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class FiguresCase(TransactionCase):
    """A company of its own with a small chart, two salespeople and entries made to measure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, no_reset_password=True)
        )
        cls.currency = cls.env.ref("base.EUR")
        cls.currency.active = True
        cls.company = cls.env["res.company"].create(
            {
                "name": "Figures Ltd",
                "currency_id": cls.currency.id,
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.env.user.company_ids += cls.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.company = cls.company.with_env(cls.env)
        cls._create_chart()
        cls.team = cls.env["crm.team"].create(
            {"name": "North", "company_id": cls.company.id, "user_id": cls._user("head").id}
        )
        cls.ivanov, cls.semenov = (cls._seller(name) for name in ("ivanov", "semenov"))
        cls.customer = cls._customer("Alpha", cls.ivanov)

    @classmethod
    def _create_chart(cls):
        account = cls.env["account.account"].with_company(cls.company)
        cls.receivable, cls.income, cls.bank_account, cls.expense, cls.exchange = account.create(
            [
                {"code": "411000", "name": "Customers", "account_type": "asset_receivable"},
                {"code": "701000", "name": "Sales", "account_type": "income"},
                {"code": "512000", "name": "Money", "account_type": "asset_cash"},
                {"code": "654000", "name": "Bad debts", "account_type": "expense"},
                {"code": "666000", "name": "Exchange differences", "account_type": "expense"},
            ]
        )
        cls.company.account_journal_suspense_account_id = account.create(
            {"code": "471000", "name": "Suspense", "account_type": "asset_current"}
        )
        cls.sales, cls.misc, cls.bank = cls.env["account.journal"].create(
            [
                {"name": "Sales", "code": "SAL", "type": "sale", "company_id": cls.company.id},
                {"name": "Misc", "code": "MSC", "type": "general", "company_id": cls.company.id},
                {
                    "name": "Bank",
                    "code": "BNK",
                    "type": "bank",
                    "company_id": cls.company.id,
                    "default_account_id": cls.bank_account.id,
                },
            ]
        )
        cls.company.write(
            {
                "currency_exchange_journal_id": cls.misc.id,
                "income_currency_exchange_account_id": cls.exchange.id,
                "expense_currency_exchange_account_id": cls.exchange.id,
            }
        )

    @classmethod
    def _user(cls, login, groups="base.group_user"):
        return new_test_user(
            cls.env,
            f"figures_{login}",
            groups,
            name=login.capitalize(),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _seller(cls, login):
        user = cls._user(login, "sales_team.group_sale_salesman")
        cls.env["crm.team.member"].create({"crm_team_id": cls.team.id, "user_id": user.id})
        return user

    @classmethod
    def _customer(cls, name, user=None, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "company_type": "company",
                "user_id": user.id if user else False,
                "property_account_receivable_id": cls.receivable.id,
                **values,
            }
        )

    @classmethod
    def _invoice(cls, amount, date, due=None, **values):
        """A posted invoice, or credit note for a negative amount, of one line without tax."""
        day = fields.Date.to_date(date)
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice" if amount >= 0 else "out_refund",
                "partner_id": cls.customer.id,
                "journal_id": cls.sales.id,
                "invoice_date": day,
                "invoice_date_due": due or day + timedelta(days=30),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "price_unit": abs(amount),
                            "account_id": cls.income.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _entry(cls, amount, date, journal=None, other=None, partner=None):
        """A posted entry that takes ``amount`` off the customer; negative gives it back."""
        partner = cls.customer if partner is None else partner
        counterpart = {"account_id": (other or cls.bank_account).id, "balance": amount}
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": (journal or cls.bank).id,
                "date": date,
                "line_ids": [
                    Command.create({"name": "in", **counterpart}),
                    Command.create(
                        {
                            "name": "customer",
                            "account_id": cls.receivable.id,
                            "partner_id": partner.id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _match(cls, *moves):
        lines = cls.env["account.move.line"].union(*(move.line_ids for move in moves))
        lines = lines.filtered(lambda line: line.account_id == cls.receivable)
        lines.reconcile()
        return lines

    @classmethod
    def _pay(cls, invoice, date, amount=None):
        """Money from the bank for an invoice, matched with it."""
        payment = cls._entry(
            amount or invoice.amount_residual, date, partner=invoice.commercial_partner_id
        )
        cls._match(invoice, payment)
        return payment

    @classmethod
    def _items(cls, as_of=None, **context):
        Item = cls.env["credit.open.item"].with_context(as_of=as_of, **context)
        return Item.search([("company_id", "=", cls.company.id), ("kind", "=", "receivable")])
