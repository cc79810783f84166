from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.environment import without_caller_context

AWAITS_ANSWER = ("sent", "no_answer")


class CreditBalanceConfirmation(models.Model):
    """A balance confirmation on the customer's page: signed, or contested row by row."""

    _inherit = "credit.balance.confirmation"

    def _portal_awaits_answer(self):
        self.ensure_one()
        return self.state in AWAITS_ANSWER

    def _portal_answering(self):
        """The confirmation with the rights of the system, nobody else deciding on it meanwhile."""
        self.ensure_one()
        confirmation = without_caller_context(self.with_user(SUPERUSER_ID), self.company_id)
        confirmation.account_id._serialize()
        confirmation.invalidate_recordset()
        if not confirmation._portal_awaits_answer():
            raise UserError(self.env._("It is answered already. Please call us."))
        return confirmation

    def _portal_confirm(self, name, position, authority, signature, person):
        """Take the customer's signature under the balance.

        :param name: who signs, as ``position``, by which ``authority``
        :param signature: base64 of the picture
        :param person: ``res.partner`` whose log-in it is
        """
        confirmation = self._portal_answering()
        confirmation._confirm(
            {
                "confirmed_by": name,
                "confirmed_position": position,
                "confirmed_authority": authority,
                "signature": signature,
            }
        )
        confirmation.message_post(
            body=confirmation.env._(
                "Confirmed by %(name)s, %(position)s, on the customer's page.",
                name=name,
                position=position,
            ),
            author_id=person.id,
        )

    def _portal_contest(self, contested, theirs, their_closing, person):
        """Note what the customer does not accept; each contested document becomes a dispute.

        :param contested: ``{line id: (their amount, what they say)}`` of documents
        :param theirs: list of dicts (date, name, debit, credit) that only they have
        :param their_closing: their balance, or ``None`` for ours less what they contest
        """
        confirmation = self._portal_answering()
        documents = confirmation.line_ids.filtered(lambda line: line.kind == "document")
        if set(contested) - set(documents.ids):
            raise UserError(self.env._("Something changed meanwhile. Please look at it again."))
        for line in documents:
            amount, note = contested.get(line.id, (0.0, False))
            line.write(
                {"contested": line.id in contested, "their_amount": amount, "note": note or False}
            )
        confirmation.line_ids = [Command.create({"kind": "theirs", **row}) for row in theirs]
        if their_closing is None:
            their_closing = confirmation.closing - sum(confirmation.line_ids.mapped("explains"))
        confirmation.their_closing = their_closing
        confirmation._contest()
        confirmation.message_post(
            body=confirmation.env._(
                "Contested by %(person)s on the customer's page. Their balance: %(balance)s.",
                person=person.display_name,
                balance=confirmation.currency_id.format(their_closing),
            ),
            author_id=person.id,
        )
        confirmation.account_id._schedule_followup(
            confirmation.env.ref("credit_collection.mail_activity_confirmation"),
            confirmation.env._("%(name)s is contested: reconcile it", name=confirmation.name),
            confirmation.account_id._responsible_collector(),
            confirmation.company_id._credit_today(),
        )
