from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ...core import decision


class CreditShipment(models.AbstractModel):
    """Goods on their way to a customer, as a document of the credit check.

    A transfer is one, and so is a single move that no transfer of its own customer carries.  Each
    has ``_credit_moves()``, the moves whose goods go to the customer who pays, and
    ``_credit_pickings()``, the transfers whose own release covers it.
    """

    _name = "credit.shipment"
    _description = "Shipment Before the Credit Check"

    def _credit_orders(self):
        """The sale orders behind the shipment."""
        return self._credit_moves().sale_line_id.order_id

    def _credit_company(self):
        return self.company_id

    def _credit_prepaid(self, request):
        """The request, settled when it is goods of orders that are paid in full, nothing else.

        So is what replaces goods that came back.  Where only a part is paid, that counts where the
        order is looked at again, and nowhere else: the goods of an overdue customer are stopped.
        """
        orders = self._credit_orders()
        digits = self._credit_company().currency_id.decimal_places
        _worth, beyond = self._credit_moves()._credit_worth(digits)
        settled = bool(orders) and not beyond and all(order._credit_is_paid() for order in orders)
        return replace(request, settled=settled)

    def _credit_case(self, position, rules, checkpoint, today):
        """The request of a shipment: its order is in the exposure already, so it adds nothing.

        What was not checked when the order was confirmed is checked here, by the rules of
        confirmation: an order raised since, another paying customer, goods beyond the order.
        """
        self.ensure_one()
        worth, beyond = self._credit_moves()._credit_worth(position.digits)
        request = decision.Request(checkpoint=checkpoint, amount=beyond, document_amount=worth)
        if worth <= 0:
            return position, request, rules
        orders = self._credit_orders()._credit_unchecked()
        if not (orders or beyond):
            return position, request, rules
        rules = self._credit_confirmation_rules(rules, checkpoint)
        position = self._credit_position(position, rules, checkpoint)
        for order in orders:
            position, request = self._credit_ask_again(order, position, request, rules, today)
        total = sum((order._credit_worth_in_the_end() for order in orders), beyond)
        return position, replace(request, document_amount=max(worth, total)), rules

    def _credit_confirmation_rules(self, rules, checkpoint):
        """The rules of confirmation, in force at ``checkpoint`` too."""
        return tuple(
            replace(rule, checkpoints=rule.checkpoints | {checkpoint})
            if decision.CONFIRMATION in rule.checkpoints
            else rule
            for rule in rules
        )

    def _credit_position(self, position, rules, checkpoint):
        """The position with all that ``rules`` look at."""
        Account = self.env["credit.account"]
        payer, company = self._credit_partner(), self._credit_company()
        account = Account._of_pairs([(payer.commercial_partner_id.id, company.root_id.id)])
        if not account:
            return position
        at_checkpoint = [rule for rule in rules if checkpoint in rule.checkpoints]
        return account._core_position(account._position(), at_checkpoint)

    def _credit_ask_again(self, order, position, request, rules, today):
        """Take an order out of the exposure and ask for what it adds, less what is paid."""
        position, asked, _rules = order._credit_case(position, rules, request.checkpoint, today)
        paid, booked = order._credit_captured()
        return position, replace(
            request,
            amount=request.amount + asked.amount - (paid - booked),
            terms_days=asked.terms_days,
            customer_terms_days=asked.customer_terms_days,
        )

    def _credit_release(self, case):
        """The release that lets the shipment pass: its own, or one of each of its orders."""
        self.ensure_one()
        digits = case.position.digits
        moves, pickings = self._credit_moves(), self._credit_pickings().sudo()
        shipped, _beyond = (pickings._credit_shipped() - moves)._credit_worth(digits)
        own = pickings.credit_hold_ids._covering(
            self._credit_case_of(case, case.request.document_amount + shipped)
        )
        if own:
            return own
        _worth, beyond = moves._credit_worth(digits)
        releases = [
            order._credit_own_holds()._covering(
                self._credit_case_of(case, order._credit_worth_in_the_end() + beyond)
            )
            for order in self._credit_orders()
        ]
        return releases[0] if releases and all(releases) else own

    def _credit_case_of(self, case, amount):
        return replace(case, request=replace(case.request, document_amount=amount))

    def _credit_cases(self, binding=True):
        """The cases of these shipments, as :meth:`credit.check._judge` gives them.

        Goods that go to nobody in particular have no customer to be judged, see
        :meth:`_credit_refuse_nameless`.  What was paid at a till is no credit.
        """
        shipments = self.sudo().filtered(
            lambda shipment: shipment._credit_partner() and not shipment._credit_is_settled()
        )
        if not shipments:
            return []
        return self.env["credit.check"]._judge(shipments, decision.DELIVERY, binding=binding)

    def _credit_refuse_nameless(self):
        """Raise when goods are handed to a customer whom nobody names, and so nobody can judge."""
        for shipment in self.sudo():
            if shipment._credit_partner():
                continue
            policy = shipment._credit_company().root_id.credit_default_policy_id
            lax = not policy or policy.observe_only or policy.delivery_stop == "none"
            digits = shipment._credit_company().currency_id.decimal_places
            if lax or shipment._credit_is_settled():
                continue
            if shipment._credit_moves()._credit_worth(digits)[0] > 0:
                raise UserError(
                    self.env._(
                        "%(delivery)s takes goods to a customer and names none: choose who gets "
                        "them first, so that their credit can be looked at.",
                        delivery=shipment.display_name,
                    )
                )

    def _credit_is_settled(self):
        """Whether the goods were sold at a till: paid, or asked about there."""
        return self.env["credit.till"]._has_handed_over(self._credit_transfer())

    def _credit_raise_held(self):
        """Raise if the check holds one of these shipments; what held the others is over."""
        self._credit_refuse_nameless()
        cases = self._credit_cases()
        self._credit_raise([case for case in cases if case.holds])
        self._credit_clear(cases)

    @api.model
    def _credit_clear(self, cases):
        """No transfer is done while a hold on it still waits: of what passes, it is cleared."""
        transfers = self.env["stock.picking"].browse(
            [case.document._credit_transfer().id for case in cases]
        )
        transfers._credit_held()._move("clear")

    @api.model
    def _credit_raise(self, cases):
        """Refuse to hand over goods of cases that are held."""
        if not cases:
            return
        words = self.env["credit.message"]
        told = words._findings if words._sees_figures() else words._plain_findings
        raise UserError(
            "\n".join(
                self.env._(
                    "%(delivery)s cannot be delivered: %(reason)s Use Validate to put it on hold "
                    "and ask for a release.",
                    delivery=case.document.display_name,
                    reason=" ".join(told(case)),
                )
                for case in cases
            )
        )
