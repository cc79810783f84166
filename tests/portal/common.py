"""What the stories of the customers' pages need: a portal user, a provider, two currencies."""

import re
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from odoo.addons.credit_collection.controllers.portal import credit_portal
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

from ..followup.common import TODAY, FollowupCase


class PortalCase(FollowupCase, HttpCase):
    """Paula of Deco Ltd has a log-in; the bank's journal takes payments online."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._room(True)
        cls.paula = cls._person("Paula", "paula@deco.example.com")
        cls.portal_user = new_test_user(
            cls.env, "paula", groups="base.group_portal", partner_id=cls.paula.id
        )
        cls.euro = cls.env.ref("base.EUR")
        if cls.euro == cls.currency:
            cls.euro = cls.env.ref("base.USD")
        cls.euro.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.euro.id,
                "company_id": cls.company.id,
                "name": "2026-01-01",
                "rate": 0.5,
            }
        )
        cls.provider = cls._provider()

    @classmethod
    def _room(cls, on):
        """Switch the customers' pages on or off."""
        room = cls.env.ref("credit_collection.credit_room_portal")
        command = Command.link(room.id) if on else Command.unlink(room.id)
        cls.env.ref("base.group_user").implied_ids = [command]

    @classmethod
    def _person(cls, name, email, partner=None):
        """A contact of a customer who receives its letters."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "email": email,
                "type": "invoice",
                "parent_id": (partner or cls.customer).id,
            }
        )

    @classmethod
    def _provider(cls):
        """A provider without any service behind it, paid into the bank's journal."""
        cls.method = cls.env.ref("payment.payment_method_unknown")
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        form = cls.env["ir.ui.view"].create(
            {"name": "Form", "type": "qweb", "arch": '<form action="dummy" method="post"/>'}
        )
        provider = cls.env["payment.provider"].create(
            {
                "name": "Test Provider",
                "code": "none",
                "state": "test",
                "is_published": True,
                "company_id": cls.company.id,
                "payment_method_ids": [Command.set(cls.method.ids)],
                "redirect_form_view_id": form.id,
            }
        )
        cls.method.active = True
        outstanding = cls.env["account.account"].create(
            {
                "name": "Outstanding Receipts Online",
                "code": "105199",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        cls.env["account.payment.method.line"].create(
            {
                "name": "Online",
                "journal_id": cls.bank.id,
                "payment_method_id": cls.env.ref("account.account_payment_method_manual_in").id,
                "payment_provider_id": provider.id,
                "payment_account_id": outstanding.id,
            }
        )
        return provider

    @classmethod
    def _in_instalments(cls, amount, days, **values):
        """A posted invoice in equal parts, due on each of the ``days`` ago."""
        due = sorted(TODAY - timedelta(day) for day in days)
        start = due[0] - timedelta(30)
        share = round(100 / len(days), 6)
        shares = [share] * (len(days) - 1) + [100 - share * (len(days) - 1)]
        term = cls.env["account.payment.term"].create(
            {
                "name": "Parts",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": share,
                            "delay_type": "days_after",
                            "nb_days": (day - start).days,
                        }
                    )
                    for day, share in zip(due, shares, strict=True)
                ],
            }
        )
        return cls._invoice(
            amount, date=start, invoice_payment_term_id=term.id, invoice_date_due=False, **values
        )

    def _parts(self, invoice):
        return self._item(invoice).sorted("date_maturity")

    def _letter(self):
        """Plan and send what is to be said today."""
        [letter] = self._sent()
        return letter

    def _path(self, letter, partner=None):
        links = letter.portal_link_ids.filtered(
            lambda link: not partner or link.partner_id == partner
        )
        return "/my/letter/" + links[:1]._url().rsplit("/", 1)[1]

    def _csrf(self, page):
        return re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)

    def _post(self, path, page, **data):
        return self.url_open(path, data={"csrf_token": self._csrf(page), **data})

    def _begin(self, lines, amount, token=None, **values):
        """What the payment form sends; the transaction made."""
        before = self.env["payment.transaction"].search([])
        self.make_jsonrpc_request(
            "/my/credit/transaction/" + "-".join(map(str, lines.ids)),
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "amount": amount,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "/my/credit",
                "is_validation": False,
                "access_token": token,
                **values,
            },
        )
        return self.env["payment.transaction"].search([]) - before

    def _settle(self, transaction):
        """The provider reports the payment as done."""
        transaction._set_done()
        transaction._post_process()

    @contextmanager
    def _limit_of(self, name, value):
        """Another limit of requests than the shipped one."""
        with patch.object(credit_portal, name, value):
            yield

    @classmethod
    def _day(cls, number):
        return date.fromordinal(TODAY.toordinal() + number)
