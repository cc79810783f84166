from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ...tools.groups import COLLECTOR
from ..ledger.account_move import PAID

# Whom to call, the best first: who does the collections, the invoices, the customer itself.
CALLED = ("collections", "invoice", "contact")
YEAR = 365


class CreditAccount(models.Model):
    """Before the call and right after it: whom to call, what they are like, what came of it."""

    _inherit = "credit.account"

    call_partner_id = fields.Many2one(
        "res.partner", "Contact Person", compute="_compute_call", groups=COLLECTOR
    )
    call_phone = fields.Char("Phone", compute="_compute_call", groups=COLLECTOR)
    call_email = fields.Char("E-mail", compute="_compute_call", groups=COLLECTOR)
    call_lang = fields.Char("Language", compute="_compute_call", groups=COLLECTOR)
    call_time = fields.Char("Local Time", compute="_compute_call", groups=COLLECTOR)
    call_delay = fields.Char(
        "Usually Pays",
        compute="_compute_call_history",
        groups=COLLECTOR,
        help="Days between the due date and the last payment of the invoices settled in the last "
        "twelve months, weighted by amount.",
    )
    call_last_payment = fields.Char(
        "Last Payment", compute="_compute_call_history", groups=COLLECTOR
    )
    call_last_promise = fields.Char(
        "Last Promise", compute="_compute_call_history", groups=COLLECTOR
    )
    call_owes = fields.Char(
        "Owes",
        compute="_compute_call_history",
        groups=COLLECTOR,
        help="Overdue and open, in the currencies of the invoices.",
    )
    for_desk = fields.Boolean("Collections", compute="_compute_for_desk")
    desk_place = fields.Char("Place in the List", compute="_compute_desk_place", groups=COLLECTOR)

    @api.depends_context("uid")
    def _compute_for_desk(self):
        """Whether who reads works on credit: others see no tab that has nothing for them."""
        self.for_desk = self.env.user.has_group(COLLECTOR)

    @api.depends("partner_id")
    def _compute_call(self):
        langs = dict(self.env["res.lang"].get_installed())
        for account in self:
            person = account._whom_to_call()
            account.call_partner_id = person
            account.call_phone = person.phone or account.partner_id.phone
            account.call_email = person.email or account.partner_id.email
            account.call_lang = langs.get(person.lang or account.partner_id.lang)
            account.call_time = account._local_time(person.tz or account.partner_id.tz)

    def _whom_to_call(self):
        """The person for payments, as far as there is one."""
        self.ensure_one()
        family = self.partner_id.child_ids | self.partner_id
        for kind in CALLED:
            found = family.filtered(lambda p, kind=kind: p.type == kind and p.phone)
            people = found.filtered(lambda p: not p.is_company) or found
            if people:
                return people[0]
        return self.partner_id

    @api.model
    def _local_time(self, tz):
        """The time at the customer's, to know whether anybody is in."""
        if not tz or tz not in pytz.all_timezones_set:
            return False
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(pytz.timezone(tz))
        return f"{now:%H:%M} ({tz})"

    @api.depends("partner_id")
    @api.depends_context("lang")
    def _compute_call_history(self):
        accounts = self._origin.sudo()
        delays = accounts._usual_delays()
        payments = accounts._last_payments()
        promises = accounts._last_promises()
        owed = accounts._open_items().grouped("account_id") if accounts else {}
        for account in self:
            key = account._origin.id
            account.call_delay = account._delay_in_words(delays.get(key))
            account.call_last_payment = payments.get(key, False)
            account.call_last_promise = promises.get(key, False)
            account.call_owes = account._owes_in_words(owed.get(account._origin.sudo(), ()))

    def _usual_delays(self):
        """Days late of what was paid in the last twelve months: ``{file id: days}``.

        Money and discounts only: what was credited or written off says nothing of how they pay.
        """
        if not self.ids:
            return {}
        since = self.env["credit.open.item"]._clock() - timedelta(days=YEAR)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id,
                       SUM(settled.amount * (settled.day - line.date_maturity))
                       / SUM(settled.amount)
                  FROM credit_account account
                  JOIN res_partner partner ON partner.commercial_partner_id = account.partner_id
                  JOIN account_move_line line ON line.partner_id = partner.id
                   AND line.account_id = ANY(%(receivable)s)
                   AND line.parent_state = 'posted' AND line.reconciled AND line.debit > 0
                  JOIN res_company company ON company.id = line.company_id
                   AND split_part(company.parent_path, '/', 1)::int = account.company_id
                  JOIN LATERAL (SELECT MAX(paid.date) AS day, SUM(paid.amount) AS amount
                                  FROM (%(natures)s) AS paid
                                 WHERE paid.nature IN %(paid)s) AS settled
                    ON settled.day >= %(since)s AND settled.amount > 0
                 WHERE account.id = ANY(%(ids)s)
                 GROUP BY account.id
                """,
                receivable=self.env["credit.open.item"]._receivable_account_ids(),
                natures=self.env["account.partial.reconcile"]._credit_natures_sql(
                    SQL("partial.debit_move_id = line.id")
                ),
                paid=PAID,
                since=since,
                ids=self.ids,
                to_flush=self.env["account.move.line"]._fields["reconciled"],
            )
        )
        return {account_id: float(days) for account_id, days in rows}

    def _delay_in_words(self, days):
        if days is None:
            return False
        rounded = round(days)
        if rounded > 0:
            return self.env._("%s days late", rounded)
        return self.env._("on time") if not rounded else self.env._("%s days early", -rounded)

    def _last_payments(self):
        """The last payment in each file's company, in words."""
        payments = self.env["account.payment"].search(
            [
                ("partner_id", "child_of", self.partner_id.ids),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
                ("company_id", "child_of", self.company_id.ids),
            ],
            order="date desc, id desc",
        )
        found = {}
        by_pair = {(file.partner_id, file.company_id): file.id for file in self}
        for payment in payments:
            customer = payment.partner_id.commercial_partner_id
            key = by_pair.get((customer, payment.company_id.root_id))
            if key and key not in found:
                found[key] = self.env._(
                    "%(amount)s on %(date)s",
                    amount=formatLang(self.env, payment.amount, currency_obj=payment.currency_id),
                    date=format_date(self.env, payment.date),
                )
        return found

    def _last_promises(self):
        promises = self.env["credit.promise"].search(
            [("account_id", "in", self.ids), ("state", "!=", "cancelled")], order="id desc"
        )
        states = dict(promises._fields["state"]._description_selection(self.env))
        found = {}
        for promise in promises:
            found.setdefault(
                promise.account_id.id,
                self.env._(
                    "%(amount)s by %(date)s: %(state)s",
                    amount=promise.currency_id.format(promise.amount),
                    date=format_date(self.env, promise.date),
                    state=states[promise.state],
                ),
            )
        return found

    def _owes_in_words(self, items):
        """Overdue of open, currency by currency: never added up."""
        totals = {}
        for item in items:
            currency = item.currency_id or item.company_currency_id
            open_, overdue = totals.get(currency, (0.0, 0.0))
            late = item.amount_currency if item.is_overdue else 0.0
            totals[currency] = (open_ + item.amount_currency, overdue + late)
        return "; ".join(
            self.env._(
                "%(overdue)s overdue of %(open)s",
                overdue=currency.format(overdue),
                open=currency.format(open_),
            )
            for currency, (open_, overdue) in totals.items()
        )

    @api.depends_context("credit_desk_total", "credit_desk_queue")
    def _compute_desk_place(self):
        total = self.env.context.get("credit_desk_total")
        queue = self.env.context.get("credit_desk_queue")
        known = isinstance(total, int) and isinstance(queue, list) and total >= len(queue) > -1
        place = (
            known
            and total
            and self.env._("%(place)s of %(total)s", place=total - len(queue), total=total)
        )
        for account in self:
            account.desk_place = place or False

    # ------------------------------------------------------------------
    # What came of the call, in one click
    # ------------------------------------------------------------------

    def action_no_answer(self):
        """Nobody answered: again on the next working day, and the next customer opens."""
        return self._log_attempt("no_answer")

    def action_left_message(self):
        """A message was left: again on the next working day, and the next customer opens."""
        return self._log_attempt("message")

    def _log_attempt(self, outcome):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can log a contact."))
        log = self.env["credit.contact.log"].create(
            {
                "account_id": self.id,
                "outcome": outcome,
                "next_date": self.company_id._credit_next_working_day(),
                "contact_partner_id": self._whom_to_call().id,
            }
        )
        return log.action_log_next()

    def web_read(self, specification):
        # EXTENDS 'web': what is shown of a letter is what would go out at this moment
        if "letter_id" in specification and len(self) == 1:
            self._renew_letter()
        return super().web_read(specification)

    # It may write, so it asks for a cursor that can.
    web_read._readonly = False

    def _renew_letter(self):
        """Bring the letter that waits up to now; when nothing is left, it goes with its reason."""
        if not self.env.user.has_group(COLLECTOR) or not self.has_access("read"):
            return
        self.sudo().followup_ids._renew_waiting()
