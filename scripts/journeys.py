"""Run in Odoo's shell: how often a reader turns to another file on three journeys.

The path of one order, one overdue item and one payment through the add-on is followed with
Python's profiler: each call of a function that stands in another of the add-on's files than the
function called before is one turn.  What Odoo does in between is passed over.
"""

import sys
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.fields import Command
from odoo.modules import get_module_path

OURS = get_module_path("credit_collection")
# Pairs of files that are named, those turned between most.
PAIRS = 8


class Turns:
    """Counts the turns while it is entered, and between which files most of them are made."""

    def __init__(self):
        self.number, self.file, self.files, self.pairs = 0, None, set(), Counter()

    def __enter__(self):
        sys.setprofile(self._follow)
        return self

    def __exit__(self, *_exc):
        sys.setprofile(None)

    def _follow(self, frame, event, _arg):
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(OURS) and name != self.file:
            if self.file:
                self.pairs[frozenset((self.file, name))] += 1
            self.number, self.file = self.number + 1, name
            self.files.add(name)

    def tell(self, title):
        print(f"{title}: {self.number} turns, {len(self.files)} files")
        for pair, number in self.pairs.most_common(PAIRS):
            print(f"{number:6}  {'  '.join(sorted(name[len(OURS) + 1 :] for name in pair))}")


company = env.company
company.country_id = env.ref("base.be")
company.credit_default_policy_id.write(
    {"observe_only": False, "default_unlimited": False, "default_limit": 1000.0}
)
today = company._credit_today()
first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
product = env["product.product"].create(
    {"name": "Pump", "list_price": 100.0, "taxes_id": False, "type": "consu"}
)
seller = env["res.users"].create({"name": "Seller", "login": "seller"})


def customer(name):
    values = {"name": name, "email": f"{name}@example.com", "user_id": seller.id}
    return env["res.partner"].create(values)


def invoice(partner, day):
    line = {"product_id": product.id, "quantity": 5, "price_unit": 100.0, "tax_ids": False}
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_user_id": seller.id,
            "invoice_date": day,
            "invoice_date_due": day,
            "invoice_line_ids": [Command.create(line)],
        }
    )
    move.action_post()
    env.flush_all()
    return move


line = Command.create({"product_id": product.id, "product_uom_qty": 20})
order = env["sale.order"].create({"partner_id": customer("above").id, "order_line": [line]})
env.flush_all()
with Turns() as turns:
    order.action_confirm()
    env.flush_all()
assert order.credit_state == "held"
turns.tell("An order above the limit goes on hold")

debtor = customer("late")
invoice(debtor, today - timedelta(days=20))
with (
    Turns() as turns,
    patch.object(IrMail_Server, "send_email", lambda *_args, **_kwargs: "<1@example.com>"),
    patch.object(IrMail_Server, "_connect__", lambda *_args, **_kwargs: None),
):
    env["credit.followup"].sudo()._plan(company, today)
    message = env["credit.followup"].sudo().search([("partner_id", "=", debtor.id)])
    message.action_send()
    env.flush_all()
assert len(message) == 1
turns.tell("An overdue item becomes a mail")

bill = invoice(debtor, first)
pay = env["account.payment.register"].with_context(active_model="account.move", active_ids=bill.ids)
with Turns() as turns:
    pay.create({"payment_date": first + timedelta(days=2)}).action_create_payments()
    sheet = env["credit.kpi.sheet"].create(
        {"date_from": first, "date_to": today.replace(day=1) - timedelta(days=1)}
    )
    sheet.action_compute()
    env.flush_all()
assert 500.0 in sheet.line_ids.mapped("received")
turns.tell("A payment becomes a line of a sheet")
env.cr.rollback()
