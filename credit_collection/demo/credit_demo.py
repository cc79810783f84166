from datetime import timedelta

from odoo import api, models
from odoo.fields import Command
from odoo.tools import mute_logger

from . import customers as cast


class CreditDemo(models.AbstractModel):
    """Makes the demo company's year; every date is relative to the day of installation."""

    _name = "credit.demo"
    _description = "Demo Company of Credit & Collections"

    @api.model
    def _load_chart(self, company_id):
        """Generic accounts and taxes for the demo company."""
        company = self.env["res.company"].browse(company_id)
        # It warns that modules loaded later may miss their part; none of them has one here.
        with mute_logger("odoo.addons.account.models.chart_template"):
            self.env["account.chart.template"].try_loading(
                "generic_coa", company, install_demo=False
            )

    @api.model
    def _leave_greeting_out(self, company_id):
        """No chat of OdooBot's opens over the first page that somebody looks at."""
        people = self.env["res.users"].search([("company_id", "=", company_id)])
        if "odoobot_state" in people._fields:
            people.odoobot_state = "disabled"

    @api.model
    def _load(self, company_id):
        """Customers, invoices and payments, what is on hold today, and the collections desk."""
        demo = self._in_company(company_id)
        demo._leave_greeting_out(company_id)
        demo._make_policy()
        products = demo._make_products()
        partners = demo._make_customers()
        demo._make_history(partners, products)
        demo._make_limits(partners)
        demo._make_special_cases(partners, products)
        demo._make_holds(partners, products)
        demo._make_addresses(partners)
        demo._make_collections(partners, products)
        demo._make_money(partners, products)
        demo._make_desk_examples(partners, products)
        demo._make_recovery(partners, products)
        demo._make_portal(partners)
        demo._make_invoice_hold(partners, products)
        demo._make_move_in(partners)
        demo._make_lists(partners, products)
        demo._make_snapshots()
        demo._make_sheet()
        demo._drop_mails()

    def _drop_mails(self):
        """Nobody is written to: a hold tells its officer whatever the context asks."""
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search(
                [("model", "in", ("credit.hold", "credit.account", "credit.request", "sale.order"))]
            )
        )
        mails.filtered(lambda mail: mail.state == "outgoing").unlink()

    def _in_company(self, company_id):
        """The same in one company, without traces and mails."""
        company = self.env["res.company"].browse(company_id)
        return self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_notify_force_send=False,
            mail_activity_quick_update=True,
        )

    def _day(self, days_ago):
        return self.env.company._credit_today() - timedelta(days=days_ago)

    def _user(self, login):
        return self.env.ref(f"credit_collection.demo_user_{login}")

    def _make_policy(self):
        policy = self.env.company.credit_default_policy_id
        policy.responsible_id = self._user("sokolova")
        policy.followup_set = "distributor"
        policy.action_load_followup_levels()

    def _make_products(self):
        pump, service = self.env["product.product"].create(
            [
                {
                    "name": "Circulation Pump",
                    "type": "consu",
                    "is_storable": True,
                    "list_price": 480.0,
                    "invoice_policy": "delivery",
                    "taxes_id": [Command.clear()],
                    "company_id": self.env.company.id,
                },
                {
                    "name": "Installation Day",
                    "type": "service",
                    "list_price": 650.0,
                    "invoice_policy": "order",
                    "taxes_id": [Command.clear()],
                    "company_id": self.env.company.id,
                },
            ]
        )
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Portland", "code": "PTL", "company_id": self.env.company.id}
        )
        self.env["stock.quant"]._update_available_quantity(pump, warehouse.lot_stock_id, 500.0)
        return {"pump": pump, "service": service}

    def _make_customers(self):
        customers = self._make_companies(row[:2] for row in cast.CUSTOMERS)
        for number, (customer, row) in enumerate(zip(customers, cast.CUSTOMERS, strict=True)):
            country = "uk" if row[2] == "gb" else row[2]
            customer.country_id = self.env.ref(f"base.{country}")
            customer.phone = f"+1 207 555 {1000 + number}"
        return {customer.name: customer for customer in customers}

    def _make_companies(self, rows):
        """Customers of the salespeople: rows of (name, login)."""
        return self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "company_id": self.env.company.id,
                    "user_id": self._user(salesperson).id,
                    "country_id": self.env.ref("base.us").id,
                    "email": f"accounts@{name.split()[0].lower()}.example.com",
                    "customer_rank": 1,
                }
                for name, salesperson in rows
            ]
        )

    # ------------------------------------------------------------------
    # The past
    # ------------------------------------------------------------------

    def _make_history(self, partners, products):
        """Invoices of the past and the payments that came, each in one batch."""
        values, paid_on = [], []
        for name, _salesperson, _country, _limit, habit in cast.CUSTOMERS:
            for days_ago, term, amount, late in habit:
                issued = self._day(days_ago)
                due = issued + timedelta(days=term)
                values.append(
                    self._prepare_invoice(partners[name], products["service"], amount, issued, due)
                )
                paid_on.append(due + timedelta(days=late) if late is not None else None)
        invoices = self.env["account.move"].create(values)
        invoices.action_post()
        self._pay([(invoice, day) for invoice, day in zip(invoices, paid_on, strict=True) if day])

    def _prepare_invoice(self, partner, product, amount, issued, due, quantity=1, **values):
        return {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_user_id": partner.user_id.id,
            "invoice_date": issued,
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "quantity": quantity,
                        "price_unit": amount / quantity,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
            **values,
        }

    def _invoice(self, *args, **values):
        invoice = self.env["account.move"].create(self._prepare_invoice(*args, **values))
        invoice.action_post()
        return invoice

    def _pay(self, invoices_and_days):
        """Pay invoices in full, each on its day, and match them."""
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": invoice.partner_id.id,
                    "amount": invoice.amount_total,
                    "date": day,
                    "memo": invoice.name,
                }
                for invoice, day in invoices_and_days
            ]
        )
        payments.action_post()
        for payment, (invoice, _day) in zip(payments, invoices_and_days, strict=True):
            lines = (payment.move_id + invoice).line_ids
            lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()

    def _make_limits(self, partners):
        accounts = self.env["credit.account"]
        for name, _salesperson, _country, limit, _habit in cast.CUSTOMERS:
            if limit is None:
                continue
            self.env["credit.limit"].create(
                {
                    "account_id": accounts._get(partners[name], self.env.company).id,
                    "unlimited": limit == "unlimited",
                    "amount": 0 if limit == "unlimited" else limit,
                    "date_from": self._day(200),
                    "reason": "Yearly review",
                    "requested_by_id": self._user("sokolova").id,
                    "state": "approved",
                }
            )

    # ------------------------------------------------------------------
    # What is special
    # ------------------------------------------------------------------

    def _make_special_cases(self, partners, products):
        insolvent = self.env["credit.account"]._get(partners[cast.INSOLVENT], self.env.company)
        insolvent.action_set_manual_hold("Insolvency proceedings opened")
        self._make_foreign_invoice(partners[cast.FOREIGN], products)
        self._make_instalments(partners[cast.INSTALMENTS], products)
        self._make_branches(partners[cast.BRANCHES], products)
        request = self.env["credit.limit"].create(
            {
                "account_id": self.env["credit.account"]
                ._get(partners[cast.OVER_LIMIT], self.env.company)
                .id,
                "amount": 20_000.0,
                "reason": "Framework contract for the new shaft",
            }
        )
        request.sudo().requested_by_id = self._user("semenov")

    def _make_foreign_invoice(self, partner, products):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.env.company.id,
                "name": self._day(365),
                "rate": 0.9,
            }
        )
        self._invoice(
            partner,
            products["service"],
            3_400.0,
            self._day(40),
            self._day(10),
            currency_id=euro.id,
        )

    def _make_instalments(self, partner, products):
        thirds = self.env["account.payment.term"].create(
            {
                "name": "Three monthly instalments",
                "company_id": self.env.company.id,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": days})
                    for share, days in ((34, 0), (33, 30), (33, 60))
                ],
            }
        )
        issued = self._day(35)
        self._invoice(
            partner,
            products["service"],
            18_000.0,
            issued,
            issued,
            invoice_payment_term_id=thirds.id,
        )

    def _make_branches(self, partner, products):
        """A customer whose shops get their own invoices: each is asked for its own."""
        shops = self.env["res.partner"].create(
            [
                {
                    "name": f"{partner.name}, {town}",
                    "type": "invoice",
                    "parent_id": partner.id,
                    "street": street,
                    "city": town,
                    "country_id": partner.country_id.id,
                    "email": f"{town.lower()}@hazel.example.com",
                }
                for town, street in cast.SHOPS
            ]
        )
        file = self.env["credit.account"]._get(partner, self.env.company)
        file.followup_letters = "address"
        for shop, amount, days_ago in zip(shops, (460.0, 385.0), (36, 34), strict=True):
            self._invoice(
                shop,
                products["service"],
                amount,
                self._day(days_ago),
                self._day(days_ago - 30),
                invoice_user_id=partner.user_id.id,
            )

    # ------------------------------------------------------------------
    # Today
    # ------------------------------------------------------------------

    def _make_holds(self, partners, products):
        """Quotations that pass, orders on hold, deliveries to make."""
        pump = products["pump"]
        self._quotation(partners["Alder Workshops"], pump, 4)
        self._quotation(partners[cast.PREPAYMENT_ONLY], pump, 2)
        self._quotation(partners["Cedar Heating"], pump, 6).action_confirm()
        self._quotation(partners[cast.OVER_LIMIT], pump, 5).with_user(
            self._user("semenov")
        ).action_confirm()
        self._quotation(partners[cast.OVERDUE], pump, 3).with_user(
            self._user("petrov")
        ).action_confirm()
        self._quotation(partners[cast.INSOLVENT], pump, 1).with_user(
            self._user("petrov")
        ).action_confirm()
        # Confirmed while all was well; an old invoice that was found since is overdue now.
        self._quotation(partners[cast.DELIVERY_HELD], pump, 2).action_confirm()
        self._invoice(
            partners[cast.DELIVERY_HELD],
            products["service"],
            1_900.0,
            self._day(90),
            self._day(60),
        )

    def _quotation(self, partner, product, quantity):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": partner.user_id.id,
                "company_id": self.env.company.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                ],
            }
        )
