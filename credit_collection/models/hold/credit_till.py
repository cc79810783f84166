from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core import decision
from ...core.money import ZERO, to_decimal

# What customers took on account at a till and was found good in this transaction:
# order id -> (customer, amount).  It lives on the cursor, out of reach of any caller.
FOUND_GOOD = "credit_collection.till_found_good"
# The lines of till orders whose goods are being handed over in this transaction: the transfer gets
# its link to them only when it is done.
HANDING_OVER = "credit_collection.till_handing_over"
SOLD = ("paid", "done")


def _credit_check_pay_later(self):
    """What is sold at a till to be paid later is credit like any other."""
    self.env["credit.till"]._ask(self if self._name == "pos.order" else self.pos_order_id)


def _write_order(self, vals):
    """Posted is what was paid before: what was paid was asked about."""
    if vals.get("state") == "done" and any(order.state not in SOLD for order in self):
        raise UserError(self.env._("Only an order that is paid can be posted."))
    return self._credit_plain_write(vals)


def _hand_over(self, location_dest_id, lines, picking_type, partner=False):
    """Note what was sold while Odoo makes its transfer and validates it."""
    cache = self.env.cr.cache
    outer, cache[HANDING_OVER] = cache.get(HANDING_OVER), lines.ids
    try:
        return self._credit_plain_hand_over(location_dest_id, lines, picking_type, partner)
    finally:
        cache[HANDING_OVER] = outer


class TillOrder:
    """An order at a till as a document of the credit check, see :class:`.credit_check.CreditCheck`.

    The methods are put on ``pos.order`` where the point of sale is installed.
    """

    def _credit_partner(self):
        return self.partner_id

    def _credit_company(self):
        return self.company_id

    def _credit_later(self):
        """What is to be paid later, in the company's currency, exact."""
        payments = self.payment_ids.filtered(
            lambda payment: payment.payment_method_id.type == "pay_later"
        )
        digits = self.company_id.currency_id.decimal_places
        return to_decimal(sum(payments.mapped("amount")) / (self.currency_rate or 1.0), digits)

    def _credit_held_sql(self):
        return SQL("NULL")

    def _credit_case(self, position, rules, checkpoint, today):
        """Once the order is sold, what it adds is part of the exposure already."""
        asked = self._credit_later()
        counted = asked if self.state == "paid" and not self.account_move else ZERO
        request = decision.Request(checkpoint=checkpoint, amount=asked, document_amount=asked)
        return decision.without_draft(position, counted), request, rules

    def _credit_prepaid(self, request):
        return request

    def _credit_release(self, case):
        # A till asks at once and nothing waits: who may decide raises the limit.
        return self.env["credit.hold"]


class CreditTill(models.AbstractModel):
    """The point of sale, where it is installed, without depending on it.

    Money in hand is no credit and is never held.  What a customer takes on account is asked about
    when the order is paid, with a sentence for the cashier; it counts from then on, because its
    entry is made only when the session is closed.
    """

    _name = "credit.till"
    _description = "Credit at the Till"

    def _register_hook(self):
        # EXTENDS 'base': models of apps that may not be there cannot be inherited from
        super()._register_hook()
        if not self._is_there():
            return
        registry = self.env.registry
        for name, method in vars(TillOrder).items():
            if callable(method):
                setattr(registry["pos.order"], name, method)
        for model, names in (
            ("pos.order", ("state", "partner_id")),
            ("pos.payment", ("amount", "payment_method_id", "pos_order_id")),
        ):
            cls = registry[model]
            cls._credit_check_pay_later = api.constrains(*names)(
                lambda self: _credit_check_pay_later(self)
            )
            if "_constraint_methods" in vars(cls):
                del cls._constraint_methods  # Odoo remembers on the class which there are
        orders = self.env.registry.get("pos.order")
        if orders and "_credit_plain_write" not in vars(orders):
            orders._credit_plain_write = orders.write
            orders.write = _write_order
        transfers = self.env.registry["stock.picking"]
        if "_credit_plain_hand_over" not in vars(transfers):
            transfers._credit_plain_hand_over = transfers._create_picking_from_pos_order_lines
            transfers._create_picking_from_pos_order_lines = _hand_over

    @api.model
    def _is_there(self):
        return "pos.order" in self.env.registry

    # ------------------------------------------------------------------
    # Paying later
    # ------------------------------------------------------------------

    @api.model
    def _ask(self, orders):
        """Raise when one of these sold orders is to be paid later by who has no credit for it."""
        good = self.env.cr.cache.setdefault(FOUND_GOOD, {})
        asked = orders.sudo().browse()
        for order in orders.sudo().filtered(lambda order: order.state == "paid"):
            later = order._credit_later()
            customer = order.partner_id.commercial_partner_id
            before, amount = good.get(order.id, (None, ZERO))
            if later > 0 and (before != customer.id or later > amount):
                good[order.id] = (customer.id, later)
                asked |= order
        nameless = asked.filtered(lambda order: not order.partner_id)
        if nameless:
            raise UserError(self.env._("Choose the customer who will pay %s.", nameless[0].name))
        for case in self.env["credit.check"]._judge(asked, decision.CONFIRMATION):
            if case.holds:
                raise UserError(self._refusal(case))

    @api.model
    def _refusal(self, case):
        words = self.env["credit.message"]
        sees_figures = self.sudo(False).env["credit.message"]._sees_figures()
        told = words._findings if sees_figures else words._plain_findings
        exposure = float(case.position.exposure + case.request.amount)
        approvers = case.account._approvers(exposure)
        return self.env._(
            "%(customer)s cannot pay later: %(reason)s Take the money now, or ask %(who)s.",
            customer=case.document.partner_id.display_name,
            reason=" ".join(told(case)),
            who=approvers[:1].name or self.env._("a credit officer"),
        )

    @api.model
    def _later_sql(self, columns, customer=None) -> SQL:
        """What was sold at tills to be paid later, until its entry is made: as open items."""
        Item, Company = self.env["credit.open.item"], self.env["res.company"]
        owner, mine = Item._owner_sql(SQL("till.partner_id"), customer)
        return Item._kind_sql(
            columns,
            {
                "id": SQL("3000000000000 + later.id::bigint"),
                "kind": SQL("'draft'"),
                "name": SQL("till.name"),
                "partner_id": owner,
                "company_id": Company._credit_root_sql(SQL("till.company_id")),
                "branch_id": SQL("till.company_id"),
                "user_id": SQL("customer.user_id"),
                "currency_id": SQL(
                    "COALESCE(journal.currency_id, %s)",
                    Company._credit_fact_sql(SQL("till.company_id"), "currency"),
                ),
                "amount_currency": SQL("later.amount"),
                "amount": SQL(
                    "ROUND((later.amount / COALESCE(NULLIF(till.currency_rate, 0), 1))::numeric,"
                    " %s)",
                    Company._credit_fact_sql(SQL("till.company_id"), "decimals"),
                ),
                "date": Company._credit_day_sql(SQL("till.company_id"), SQL("till.date_order")),
            },
            SQL(
                """
                     pos_payment later
                JOIN pos_payment_method method ON method.id = later.payment_method_id
                JOIN pos_order till ON till.id = later.pos_order_id
                JOIN pos_session session ON session.id = till.session_id
                JOIN pos_config config ON config.id = session.config_id
                LEFT JOIN account_journal journal ON journal.id = config.journal_id
                """
            ),
            Item._owner_joins(
                SQL("LEFT JOIN res_partner partner ON partner.id = till.partner_id"), customer
            ),
            SQL(
                """method.journal_id IS NULL AND till.state = 'paid' AND till.account_move IS NULL
                   AND later.amount > 0 AND %s
                """,
                mine,
                to_flush=self._fields_read(),
            ),
        )

    @api.model
    def _fields_read(self):
        """The fields that the SQL reads of the tills' models."""
        return [
            self.env[model]._fields[name]
            for model, names in {
                "pos.order": ("state", "partner_id", "account_move", "currency_rate", "session_id"),
                "pos.payment": ("amount", "payment_method_id", "pos_order_id"),
                "pos.payment.method": ("journal_id",),
            }.items()
            for name in names
        ]

    # ------------------------------------------------------------------
    # What was paid at a till
    # ------------------------------------------------------------------

    @api.model
    def _paid_for(self, order):
        """What a sale order's goods and down payments were sold for at tills, in its currency.

        What of it is paid later was asked about there.
        """
        if "pos_order_line_ids" not in order._fields:
            return 0.0
        lines = order.sudo().pos_order_line_ids.filtered(lambda line: line.order_id.state in SOLD)
        return sum(lines.mapped("price_subtotal_incl"))

    @api.model
    def _down_payment_sql(self, money=False) -> SQL:
        """What was paid at tills on the down payment ``line`` of a sale order.

        :param money: only what was paid in money
        """
        if "sale_order_line_id" not in self.env.get("pos.order.line", self)._fields:
            return SQL("0")
        later = SQL(
            """- COALESCE((SELECT SUM(later.amount) FROM pos_payment later
                             JOIN pos_payment_method method
                               ON method.id = later.payment_method_id
                            WHERE later.pos_order_id = till.id AND method.journal_id IS NULL)
                          / NULLIF(till.amount_total, 0), 0)"""
        )
        return SQL(
            """COALESCE((SELECT SUM(sold.price_subtotal_incl * (1 %s))
                           FROM pos_order_line sold JOIN pos_order till ON till.id = sold.order_id
                          WHERE sold.sale_order_line_id = line.id
                            AND till.state IN ('paid', 'done')), 0)""",
            later if money else SQL(),
            to_flush=[
                *self._fields_read(),
                self.env["pos.order.line"]._fields["price_subtotal_incl"],
                self.env["pos.order.line"]._fields["sale_order_line_id"],
            ],
        )

    @api.model
    def _has_handed_over(self, transfer):
        """Whether the goods of a transfer were sold at a till: in hand, or asked about there."""
        if not self._is_there() or not transfer or transfer.sale_id:
            return False
        transfer = transfer.sudo()
        if handing := self.env.cr.cache.get(HANDING_OVER):
            lines = self.env["pos.order.line"].sudo().browse(handing)
            of_till = transfer.picking_type_id in lines.order_id.config_id.picking_type_id
            return of_till and self._brings_just(transfer, lines)
        if order := transfer.pos_order_id:
            customer = transfer._credit_partner().commercial_partner_id
            if order.partner_id.commercial_partner_id != customer:
                return False
            return self._brings_just(transfer, order.lines, order.picking_ids)
        session = transfer.pos_session_id
        if not session:
            return False
        at_once = session.order_ids.filtered(lambda order: not order.shipping_date)
        return self._brings_just(transfer, at_once.lines, session.picking_ids)

    @api.model
    def _brings_just(self, transfer, lines, transfers=()):
        """Whether a transfer brings nothing but what was sold with these lines at tills, after
        what the ``transfers`` of the same sale have brought."""
        sold = lines.filtered(lambda line: line.order_id.state in SOLD and line.qty > 0)
        brought = transfer.union(*transfers).filtered(
            lambda picking: picking == transfer or picking.state == "done"
        )
        quantities = sold.grouped("product_id")
        for product, moves in brought.move_ids._credit_leaving().grouped("product_id").items():
            asked = sum(line.qty for line in quantities.get(product, ()))
            sent = sum(
                move.product_uom._compute_quantity(
                    max(move.quantity, move.product_uom_qty), product.uom_id, round=False
                )
                for move in moves
            )
            if product.uom_id.compare(sent, asked) > 0:
                return False
        return True
