"""What every story needs: a company that sells on credit, its people and one customer."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

OFFICER = "credit_collection.credit_collection_group_officer"
MANAGER = "credit_collection.credit_collection_group_manager"
COLLECTOR = "credit_collection.credit_collection_group_collector"
SALESPERSON = "sales_team.group_sale_salesman_all_leads"


def speak(env, languages):
    """Make the database speak these languages, the add-on's own words with them."""
    for code in languages:
        env["res.lang"]._activate_lang(code)
    env.ref("base.module_credit_collection")._update_translations(list(languages))


@tagged("post_install", "-at_install")
class CreditCase(TransactionCase):
    """One company with generic accounts, 15 % tax, and people with clear roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                no_reset_password=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                mail_notrack=True,
            )
        )
        cls.company = cls.env.company
        cls.currency = cls.company.currency_id
        cls.policy = cls.company.credit_default_policy_id
        cls.tax = cls.env["account.tax"].create(
            {"name": "VAT 15 %", "amount": 15.0, "type_tax_use": "sale"}
        )
        cls.service = cls._product("Consulting", type="service", invoice_policy="order")
        cls.goods = cls._product("Pump", type="consu", invoice_policy="delivery")
        cls.salesperson = cls._user("sally", SALESPERSON)
        cls.officer = cls._user("olaf", OFFICER)
        cls.officer.credit_authority = 10_000.0
        cls.manager = cls._user("mona", MANAGER)
        cls.accountant = cls._user("anna", "account.group_account_invoice")
        cls.clerk = cls._user("walter", "stock.group_stock_user")
        cls.customer = cls._customer("Deco Ltd")

    @classmethod
    def _user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            login,
            groups=f"base.group_user,{groups}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    @classmethod
    def _product(cls, name, price=100.0, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "list_price": price,
                "taxes_id": [Command.set(cls.tax.ids)],
                **values,
            }
        )

    @classmethod
    def _customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": "accounts@example.com",
                "user_id": cls.salesperson.id,
                "property_payment_term_id": False,
                **values,
            }
        )

    @classmethod
    def _order(cls, amount=1000.0, partner=None, product=None, quantity=1.0, taxed=False, **values):
        """A quotation over ``amount`` before tax per unit; without tax unless asked."""
        partner = partner or cls.customer
        return cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": cls.salesperson.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.service).id,
                            "product_uom_qty": quantity,
                            "price_unit": amount,
                            "tax_ids": [Command.set(cls.tax.ids if taxed else [])],
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _on_account(cls, amount, day=None, currency=None):
        """Money of the customer, come today by default, that is matched with nothing."""
        journal = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        receivable = cls.customer.property_account_receivable_id
        day, currency = day or fields.Date.today(), currency or cls.currency
        balance = currency._convert(amount, cls.currency, cls.company, day)
        money = {"currency_id": currency.id, "amount_currency": amount, "balance": balance}
        owed = money | {"amount_currency": -amount, "balance": -balance}
        move = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": journal.default_account_id.id, **money}),
                    Command.create(
                        {"account_id": receivable.id, "partner_id": cls.customer.id, **owed}
                    ),
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _invoice(cls, amount=1000.0, partner=None, date=None, due=None, post=True, **values):
        """An invoice without tax, due on its date unless asked otherwise."""
        date = fields.Date.to_date(date) or fields.Date.today()
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": date,
                "invoice_date_due": fields.Date.to_date(due) or date,
                "invoice_payment_term_id": False,
                "invoice_user_id": cls.salesperson.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Delivery",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _pay(cls, moves, amount=None, date=None):
        """Pay invoices and match the payment with the bank's outstanding account."""
        values = {"payment_date": fields.Date.to_date(date) or fields.Date.today()}
        if amount is not None:
            values["amount"] = amount
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(values)
        )
        return wizard._create_payments()

    def _run_cron(self, name):
        """Run one of the module's scheduled actions as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"credit_collection.{name}").method_direct_trigger()

    @classmethod
    def _account(cls, partner=None):
        return cls.env["credit.account"]._get(partner or cls.customer, cls.company)

    @classmethod
    def _position(cls, partner=None):
        return cls._account(partner)._position()

    @classmethod
    def _limit(cls, amount, partner=None, **values):
        """An approved limit."""
        limit = cls.env["credit.limit"].create(
            {
                "account_id": cls._account(partner).id,
                "amount": amount,
                "reason": "Agreed",
                **values,
            }
        )
        limit.with_user(cls.manager).action_approve()
        return limit
