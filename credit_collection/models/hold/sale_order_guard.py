from contextlib import nullcontext

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...core import decision
from ...core.money import ZERO, to_decimal
from ...tools.write_guards import given_fields
from .sale_order_invoicing import GROWN
from .sale_order_watch import PAYING

# Orders that were found good in this transaction: id -> (file, amount, amount checked, whether no
# invoice lines of others are known to be on it).  It lives on the cursor, out of reach of any
# caller, and is emptied as soon as the confirmation that filled it is over.
FOUND_GOOD = "credit_collection.found_good"
# What the check and Odoo work out by themselves; Odoo lets anybody write stored computed fields.
RESULTS = {
    "credit_checked_amount",
    "credit_checked_account_id",
    "amount_total",
    "amount_untaxed",
    "amount_tax",
    "currency_rate",
    "invoice_status",
    "transaction_ids",
}


class SaleOrder(models.Model):
    """The guard: an order reaches the state ``sale`` only if the credit check lets it."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # The gate: confirming
    # ------------------------------------------------------------------

    def action_confirm(self):
        # EXTENDS 'sale': orders that pass are confirmed, the others go on hold
        self.check_access("write")
        cases = self.filtered(lambda order: order.state in ("draft", "sent"))._credit_judge()
        held = self._credit_apply(cases)
        passing = self - held
        try:
            result = super(SaleOrder, passing).action_confirm() if passing else True
        finally:
            self._credit_forget()
        return held._credit_held_notification() if held else result

    def _credit_judge(self):
        """The binding cases of quotations about to be confirmed, in their order."""
        return self.env["credit.check"]._judge(self, decision.CONFIRMATION) if self else []

    def _credit_apply(self, cases):
        """Hold the orders that do not pass, note those that do; returns the held orders."""
        held = self._credit_hold_stopped(cases)
        good = self.env.cr.cache.setdefault(FOUND_GOOD, {})
        passing = [case for case in cases if not case.holds]
        for case in passing:
            good[case.document.id] = (
                case.account.id,
                case.request.document_amount,
                self._credit_checked(case),
                case.held is False,
            )
        if any(case.held is not False for case in passing):
            orders = passing[0].document.union(*(case.document for case in passing))
            orders._credit_held_holds()._move("clear")
        return held

    @api.model
    def _credit_forget(self):
        self.env.cr.cache.pop(FOUND_GOOD, None)

    # ------------------------------------------------------------------
    # The guard: the state itself, whoever changes it
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._credit_refuse_forgery(vals)
        with self._credit_making():
            orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._credit_enforce()
        return orders

    def write(self, vals):
        self._credit_refuse_forgery(vals)
        entering = self.browse()
        if vals.get("state") == "sale":
            entering = self.filtered(lambda order: order.state != "sale")
        elif vals.get("state") in ("draft", "sent"):
            self._credit_refuse_reopening()
        entering._credit_bringing_bills().order_line._credit_leave_others_bills()
        noted = entering._credit_noted() if entering == self else {}
        with self._credit_watch() if PAYING & vals.keys() else nullcontext():
            result = super().write({**vals, **noted})
        entering._credit_enforce()
        if vals.get("state") == "cancel":
            self._credit_cancelled()
        return result

    def _credit_bringing_bills(self):
        """Those of these orders that may bring invoice lines of others along."""
        good = self.env.cr.cache.get(FOUND_GOOD, {})
        return self.filtered(lambda order: order.id not in good or not good[order.id][3])

    def _credit_held_sql(self):
        # EXTENDS 'credit.document': or whether there are invoice lines to be looked at
        return SQL(
            """%s OR EXISTS (SELECT FROM sale_order_line line
                               JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
                              WHERE line.order_id = ANY(%s))""",
            super()._credit_held_sql(),
            self.ids,
        )

    def _credit_refuse_reopening(self):
        """A sale becomes a quotation again only by way of cancelling, which looks at deliveries."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        if confirmed:
            raise UserError(
                self.env._(
                    "%(order)s is confirmed: cancel it before you make it a quotation again.",
                    order=confirmed[0].name,
                )
            )

    def _credit_noted(self):
        """What is noted of a single order that was found good, written along with its state."""
        known = self.env.cr.cache.get(FOUND_GOOD, {}).get(self.id) if len(self) == 1 else None
        return self._credit_note(known[0], known[2]) if known else {}

    @api.model
    def _credit_note(self, account_id, amount):
        return {"credit_checked_account_id": account_id, "credit_checked_amount": float(amount)}

    @api.model
    def _credit_refuse_forgery(self, vals):
        """What was worked out, by the check or for it, is not written by hand."""
        forged = set() if self.env.su else given_fields(self, vals) & RESULTS
        if forged:
            raise AccessError(
                self.env._(
                    "%(fields)s of an order are worked out and cannot be written.",
                    fields=", ".join(sorted(self._fields[name].string for name in forged)),
                )
            )

    def _credit_enforce(self):
        """Raise unless each of these orders, which have just become sales, may be one.

        The orders are confirmed already, so each is taken out of the exposure before it is added
        again; what raises here is rolled back with the rest of the transaction.
        """
        good = self.env.cr.cache.get(FOUND_GOOD, {})
        doubtful = self.browse()
        for order in self.sudo():
            known = good.pop(order.id, None)
            amount = order._credit_amount()
            if not known or known[1] != amount:
                doubtful |= order
                continue
            note = self._credit_note(known[0], known[2])
            noted = order.credit_checked_account_id.id, order.credit_checked_amount
            if noted != tuple(note.values()):
                order.write(note)
        cases = doubtful._credit_judge()
        stopped = [case for case in cases if case.holds]
        if stopped:
            words = self.env["credit.message"]
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(order)s cannot become a sales order: %(reason)s Use Confirm to put it "
                        "on hold and ask for a release.",
                        order=case.document.name,
                        reason=" ".join(words._findings(case)),
                    )
                    for case in stopped
                )
            )
        for case in cases:
            case.document.write(self._credit_note(case.account.id, self._credit_checked(case)))

    # ------------------------------------------------------------------
    # The order as a document of the credit check
    # ------------------------------------------------------------------

    def _credit_held_holds(self):
        """The holds (sudo) on which these orders themselves are, not their deliveries."""
        Hold = self.env["credit.hold"].sudo()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM credit_hold WHERE %s ORDER BY id",
                self._credit_held_condition_sql(),
                to_flush=(Hold._fields[name] for name in ("order_id", "state", "picking_id")),
            )
        )
        return Hold.browse(id_ for [id_] in rows)

    def _credit_partner(self):
        return self.partner_invoice_id or self.partner_id

    def _credit_company(self):
        return self.company_id

    def _credit_amount(self):
        """The order's total in the company's currency, exact."""
        self.ensure_one()
        digits = self.company_id.currency_id.decimal_places
        return to_decimal(self.amount_total / self._credit_rate(), digits)

    def _credit_rate(self):
        """The order's rate; of a quotation that which confirming it now would store."""
        self.ensure_one()
        own, companys = self.currency_id, self.company_id.currency_id
        if self.state not in ("draft", "sent") or not own or own == companys:
            return self.currency_rate or 1.0
        today = fields.Datetime.now().date()
        return self.env["res.currency"]._get_conversion_rate(companys, own, self.company_id, today)

    def _credit_case(self, position, rules, checkpoint, today):
        """The order's request; an order that is a sale already is not counted twice."""
        self.ensure_one()
        amount = left = self._credit_amount()
        sold = self.env["credit.till"]._paid_for(self) / self._credit_rate()
        if self.state == "sale":
            counted, rest = self._credit_open_amounts(position.digits)
            position = decision.without_order(position, counted)
            if self.credit_checked_account_id and (rest or self.invoice_status == "invoiced"):
                # What is invoiced already is in the position; what is being typed is in neither.
                left = rest + amount - self._origin._credit_amount()
            amount = max(amount, self._credit_worth_in_the_end())
            if grown := self.env.cr.cache.get(GROWN, {}).get(self.id):
                # It was invoiced for more than it came to.
                position, left = decision.without_draft(position, grown), counted + grown
        elif sold:
            # Handed over and paid at a till, or asked about there.
            left = max(left - to_decimal(sold, position.digits), ZERO)
        elif any(line.qty_delivered > line.qty_invoiced for line in self.order_line):
            # It was a sale before, and what has left counts all the time.  What is vouched for is
            # the order: its deliveries count anew when it is confirmed.
            gone = self._credit_open_amounts(position.digits)[0]
            if self.state == "cancel":
                amount = left = gone
            else:
                # Discounts count once it is a sale again, what has left counts now.
                left = max(left, self._credit_worth_in_the_end(), gone)
            position = decision.without_order(position, gone)
        terms = own_terms = None
        if any(rule.kind == "terms" for rule in rules):
            partner = self._credit_partner().commercial_partner_id.with_company(self.company_id)
            terms = self.payment_term_id._credit_days(today)
            own_terms = partner.property_payment_term_id._credit_days(today)
            own_terms = self.env["credit.grade"]._bounded_term(partner, self.company_id, own_terms)
        request = decision.Request(
            checkpoint=checkpoint,
            amount=left,
            document_amount=amount,
            terms_days=terms,
            customer_terms_days=own_terms,
            pays_up_front=self._credit_pays_up_front(),
        )
        return position, request, rules

    def _credit_open_amounts(self, digits):
        """What this order contributes to the exposure as an order, and what it would without the
        policy's horizon."""
        counted, rest = self.env["credit.open.item"].sudo()._read_order(self._origin.id)
        return to_decimal(counted, digits), to_decimal(rest, digits)

    def _credit_pays_up_front(self):
        """By its payment term.  That online payment is offered is no payment: what was captured
        is counted in :meth:`_credit_prepaid`."""
        self.ensure_one()
        return self.payment_term_id.credit_prepayment

    def _credit_prepaid(self, request):
        """The request with what the customer has paid online for this order."""
        paid, booked = self._credit_captured()
        return decision.with_prepayment(request, paid, booked) if paid else request

    def _credit_captured(self):
        """What was paid online for this order, and the part of it that is posted, exact.

        What was refunded since is taken off; what was paid for several orders is shared out.
        """
        self.ensure_one()
        captured = self.sudo().transaction_ids.filtered(lambda tx: tx.state == "done")
        refunds = captured.child_transaction_ids.filtered(
            lambda tx: tx.state == "done" and tx.operation == "refund"
        )
        company, today = self.company_id, self.company_id._credit_today()
        paid = booked = 0.0
        for transaction in captured | refunds:
            amount = transaction.currency_id._convert(
                transaction.amount, company.currency_id, company, today
            ) * self._credit_share_of(transaction)
            paid += amount
            if transaction.payment_id.move_id.state == "posted":
                booked += amount
        digits = company.currency_id.decimal_places
        return to_decimal(paid, digits), to_decimal(booked, digits)

    def _credit_share_of(self, transaction):
        """The part of a transaction that pays this order, by the orders' amounts."""
        orders = transaction.sale_order_ids or transaction.source_transaction_id.sale_order_ids
        amounts = {order: order._credit_amount() for order in orders if order.state != "cancel"}
        own, total = amounts.get(self, 0), sum(amounts.values())
        return float(own / total) if own > 0 else 0.0

    def _credit_release(self, case):
        """The release that lets this order pass: valid today, of this customer, high enough, and
        given in view of every kind of finding that holds now."""
        self.ensure_one()
        return self._credit_own_holds()._covering(case)

    def _credit_hold_values(self):
        self.ensure_one()
        return {
            "order_id": self.id,
            "document_name": self.name,
            "document_rate": self._credit_rate(),
            "salesperson_id": self.user_id.id,
        }

    def _credit_waits(self, checkpoint):
        """Whether the order still waits to be confirmed."""
        self.ensure_one()
        return self.state in ("draft", "sent")
