from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from . import customers as cast

# Streets and towns of the customers, in turn, each at a number of its own: an address that two
# share speaks against both when one is insolvent.
TOWNS = (
    ("Commercial Street", "Portland", "04101"),
    ("Congress Street", "Portsmouth", "03801"),
    ("Water Street", "Hallowell", "04347"),
    ("Exchange Place", "Boston", "02109"),
    ("Main Street", "Bangor", "04401"),
)
# Who answers the phone about payments.
CONTACTS = {
    "Linden Textiles": ("Laura Linden", "+1 207 555 2001", "America/New_York"),
    "Jacaranda Events": ("Jack Andersen", "+1 207 555 2002", "America/New_York"),
    "Willow Interiors": ("Wilma Rowe", "+1 207 555 2003", "America/New_York"),
    "Olive Trading": ("Olivia Tran", "+49 30 555 2004", "Europe/Berlin"),
    "Oak Hill Motors": ("Oscar Hill", "+1 207 555 2005", "America/New_York"),
}
# Decisions of the last three months: customer, pumps, days ago, hours until it was decided, what.
DECISIONS = (
    ("Hemlock Mining", 4, 85, 3, "release"),
    ("Poplar Machines", 2, 71, 30, "refuse"),
    ("Linden Textiles", 3, 64, 5, "release"),
    ("Redwood Energy", 2, 52, 2, "refuse"),
    ("Hemlock Mining", 3, 43, 20, "release"),
    ("Tamarack Mills", 5, 36, 4, "release"),
    ("Willow Interiors", 2, 22, 7, "refuse"),
    ("Poplar Machines", 4, 15, 3, "release"),
    ("Willow Interiors", 1, 8, 26, "release"),
)
TRIAL = "Yew Gardens"
REFUSED = ("Redwood Energy", 2)
# What customers answered, hours ago: one of each kind that the rules read.
REPLIES = (
    ("Linden Textiles", 3, "We will pay {amount} of {invoice} by {soon}. Regards, Laura"),
    ("Jacaranda Events", 26, "Please send us a copy of {invoice}, we never received the invoice."),
    ("Willow Interiors", 50, "Two of the pumps of {invoice} arrived damaged. We wait for others."),
    ("Olive Trading", 1, "I am out of office until Monday."),
)
ASKS = ("Pine Valley Hotels", 25, "The season begins next month; they always paid after it.")
MONTHLY = ("Linden Textiles", "Olive Trading", "Willow Interiors")


class CreditDemo(models.AbstractModel):
    """What the desks show: people to call, decisions of the past, holds of every kind."""

    _inherit = "credit.demo"

    def _make_desk_examples(self, partners, products):
        self._make_sender()
        self._make_decisions(partners, products)
        self._make_cleared(partners, products)
        self._make_observed(partners, products)
        self._ask_for_release(partners)
        self._hold_ready_deliveries()
        self._make_refused(partners, products)
        self._make_replies(partners)
        self._ask_for_a_longer_promise(partners)
        self._set_wishes(partners)
        self.env["credit.limit"].search(
            [("state", "=", "requested"), ("company_id", "=", self.env.company.id)]
        ).with_user(self._user("semenov"))._ask_approver()

    def _make_sender(self):
        """Address, phone and bank account: they stand on every letter."""
        company = self.env.company
        company.write(
            {
                "street": "1 Harbour Road",
                "city": "Portland",
                "zip": "04101",
                "phone": "+1 207 555 0100",
                "email": "accounts@northern-supply.example.com",
            }
        )
        bank = self.env["res.bank"].create({"name": "Casco Bay Bank", "bic": "CASCUS33"})
        self.env["res.partner.bank"].create(
            {
                "acc_number": "DE89370400440532013000",
                "bank_id": bank.id,
                "partner_id": company.partner_id.id,
                "company_id": company.id,
                "allow_out_payment": True,
            }
        )
        for number, login in enumerate(("ivanov", "semenov", "petrov", "sokolova", "belova")):
            self._user(login).partner_id.phone = f"+1 207 555 {110 + number:04d}"

    def _make_addresses(self, partners):
        for number, partner in enumerate(partners.values()):
            street, city, code = TOWNS[number % len(TOWNS)]
            street = f"{number + 7} {street}"
            if partner.country_id.code not in (False, "US"):
                # The towns are American; of the others the street is enough.
                partner.street = street
                continue
            partner.write({"street": street, "city": city, "zip": code})
        self.env["res.partner"].create(
            [
                {
                    "parent_id": partners[customer].id,
                    "type": "collections",
                    "name": name,
                    "phone": phone,
                    "tz": tz,
                    "email": f"{name.split()[0].lower()}@{customer.split()[0].lower()}.example.com",
                }
                for customer, (name, phone, tz) in CONTACTS.items()
            ]
        )

    def _make_decisions(self, partners, products):
        """Orders held and decided on, dated back for the history of decisions."""
        Reason = self.env["credit.hold.reason"]
        officer = self._user("sokolova")
        for customer, pumps, days_ago, hours, decided in DECISIONS:
            order = self._quotation(partners[customer], products["pump"], pumps)
            order.with_user(partners[customer].user_id).action_confirm()
            hold = order.credit_hold_ids.filtered(lambda hold: hold.state == "held")
            reason = Reason.search([("decision", "=", decided)], limit=1)
            note = "Their bank confirms it" if decided == "release" else "Please ask for prepayment"
            getattr(hold.with_user(officer), f"action_{decided}")(reason_id=reason.id, note=note)
            if decided == "release":
                hold.sudo().valid_until = self._day(days_ago - 7)
            self._date_back(hold, days_ago, hours)
            order._action_cancel()

    def _date_back(self, hold, days_ago, hours):
        """Move a hold, made and decided today, into the past."""
        self.env.flush_all()
        made = fields.Datetime.now() - timedelta(days=days_ago)
        decided = made + timedelta(hours=hours)
        self.env.execute_query(
            SQL(
                """
                UPDATE credit_hold
                   SET create_date = %s, decided_on = %s, deadline = %s
                 WHERE id = %s RETURNING id
                """,
                made,
                decided,
                made + timedelta(hours=24),
                hold.id,
            )
        )
        hold.invalidate_recordset()
        hold._audit("changed")  # the demo's past is no tampering
        self.env.add_to_compute(hold._fields["queue_key"], hold)

    def _make_cleared(self, partners, products):
        """A hold whose reason went away: the limit was raised."""
        partner = partners["Spruce Garages"]
        order = self._quotation(partner, products["pump"], 40)
        order.action_confirm()
        account = self.env["credit.account"]._get(partner, self.env.company)
        self.env["credit.limit"].create(
            {
                "account_id": account.id,
                "amount": 40_000.0,
                "kind": "temporary",
                "date_from": self._day(0),
                "date_to": self._day(-30),
                "reason": "Large order of the season",
                "state": "approved",
            }
        )
        order.credit_hold_ids.filtered(lambda hold: hold.state == "held")._reevaluate()

    def _make_observed(self, partners, products):
        """A policy on trial: what it would have held is recorded, and the order goes through."""
        policy = self.env["credit.policy"].create(
            {
                "name": "Stricter, on trial",
                "company_id": self.env.company.id,
                "observe_only": True,
                "default_unlimited": False,
                "default_limit": 500.0,
                "responsible_id": self._user("sokolova").id,
                "followup_set": "distributor",
            }
        )
        account = self.env["credit.account"]._get(partners[TRIAL], self.env.company)
        account.sudo().limit_ids.filtered(lambda limit: limit.state == "approved")._move("expire")
        account.policy_id = policy
        self._quotation(partners[TRIAL], products["pump"], 3).action_confirm()

    def _ask_for_release(self, partners):
        """One of the holds was asked about, one is late."""
        held = self.env["credit.hold"].search(
            [("state", "=", "held"), ("company_id", "=", self.env.company.id)]
        )
        asked = held.filtered(lambda hold: hold.partner_id == partners[cast.OVERDUE])[:1]
        asked.with_user(self._user("petrov")).action_ask_release(
            "They say the transfer left yesterday; the fair is on Friday."
        )
        late = held.filtered(lambda hold: hold.partner_id == partners[cast.OVER_LIMIT])[:1]
        late.sudo().deadline = fields.Datetime.now() - timedelta(hours=5)

    def _make_refused(self, partners, products):
        """A quotation whose release was refused today keeps its mark."""
        customer, pumps = REFUSED
        order = self._quotation(partners[customer], products["pump"], pumps)
        order.with_user(partners[customer].user_id).action_confirm()
        held = order.credit_hold_ids.filtered(lambda hold: hold.state == "held")
        reason = self.env["credit.hold.reason"].search([("decision", "=", "refuse")], limit=1)
        held.with_user(self._user("sokolova")).action_refuse(
            reason_id=reason.id, note="Please ask for prepayment"
        )

    def _make_replies(self, partners):
        """Answers to letters, as they come in by mail."""
        for name, hours, text in REPLIES:
            file, partner = self._file(partners, name), partners[name]
            items = file._open_items().filtered("is_overdue") or file._open_items()
            item = items.filtered(lambda item: item.amount > 0)[:1]
            writer = partner.child_ids.filtered(lambda child: child.type == "collections")
            message = file.with_user(self.env.ref("base.user_root")).message_post(
                body=text.format(
                    amount=f"{item.amount_currency:,.2f}",
                    invoice=item.name,
                    soon=self._day(-3),
                ),
                subject=self.env._("Re: payment overdue"),
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                author_id=(writer[:1] or partner).id,
                email_from=(writer[:1] or partner).email,
            )
            came = fields.Datetime.now() - timedelta(hours=hours)
            self.env["credit.reply"].sudo().search(
                [("message_id", "=", message.id)]
            ).received_on = came

    def _ask_for_a_longer_promise(self, partners):
        """A promise that is too long for the collector waits for the officer."""
        name, days, why = ASKS
        file = self._file(partners, name)
        items = file._open_items().filtered(
            lambda item: item.amount > 0 and item.is_overdue and not item.promised_until
        )
        if not items:
            return
        log = self.env["credit.contact.log"].with_user(self._user("belova"))
        log.create(
            {
                "account_id": file.id,
                "outcome": "promised",
                "kind": "email",
                "promise_date": self._day(-days),
                "promise_amount": items[0].amount_currency,
                "item_ids": [fields.Command.set(items[0].move_line_id.ids)],
                "note": why,
            }
        ).action_log()

    def _set_wishes(self, partners):
        """Who wants monthly statements, and what the dashboard is measured by."""
        for name in MONTHLY:
            self._file(partners, name).statement_monthly = "yes"
        self.env.company.write({"credit_overdue_target": 0.2, "credit_dso_target": 45})

    def _hold_ready_deliveries(self):
        """What is ready is looked at before anybody picks it."""
        ready = (
            self.env["stock.picking"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("state", "=", "assigned"),
                    ("picking_type_code", "=", "outgoing"),
                ]
            )
        )
        ready._credit_watch()
