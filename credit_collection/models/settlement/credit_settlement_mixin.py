from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.numbering import next_number
from ...tools.states import next_state

DRAFT = "draft"
INVOICING = "account.group_account_invoice"


class CreditSettlementMixin(models.AbstractModel):
    """A settlement without money: one entry that is matched with items, undone as one.

    A model that uses it has ``company_id``, ``currency_id``, ``state`` that begins with ``draft``,
    and says

    * in ``_settlement`` what became of the items, in ``_transitions`` how it moves;
    * in ``_results`` what follows from booking and nobody writes, in ``_stays_free`` what may be
      written on a booked document;
    * in ``_refusals()`` what is said to who tries otherwise: ``new`` one begins as a draft,
      ``result`` is not written by hand, ``booked`` does not change, ``kept`` is not deleted.
    """

    _name = "credit.settlement.mixin"
    _description = "Settlement Without Money"

    _settlement = None
    _transitions = {}
    _results = {"state", "move_id", "undo_move_id", "posted_by_id", "name"}
    _stays_free = {"note"}

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today(), tracking=True
    )
    posted_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    note = fields.Text()

    move_id = fields.Many2one(
        "account.move",
        "Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    undo_move_id = fields.Many2one(
        "account.move",
        "Undone By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and self._results & vals.keys():
                raise AccessError(self._refusals()["new"])
            vals["name"] = next_number(self.env, self._name)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if self._results & vals.keys():
                raise AccessError(self._refusals()["result"])
            fixed = {
                name
                for name in vals
                if name not in self._stays_free and not name.startswith(("message_", "activity_"))
            }
            if fixed and any(document.state != DRAFT for document in self):
                raise UserError(self._refusals()["booked"])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(document.state != DRAFT for document in self):
            raise UserError(self._refusals()["kept"])

    def _is_audited(self):
        # EXTENDS credit.audited: a draft is no decision yet
        return super()._is_audited() and self.state != DRAFT

    def action_open_entry(self):
        """The entry of the document."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.get_formview_action()

    def _check_bookkeeper(self):
        if not self.env.su and not self.env.user.has_group(INVOICING):
            raise AccessError(self.env._("Only who does the invoicing can book this."))

    def _move(self, event, **values):
        """Take a step of ``_transitions``; an unknown one is refused."""
        for document in self:
            state = next_state(document, self._transitions, event)
            document.sudo().write({"state": state, **values})

    def _book(self, rows, day):
        """Post one entry and match its lines with the items that they settle.

        :param rows: values of lines with ``amount_currency``; ``item`` is the journal item (sudo)
            that the line settles
        :return: the entry (sudo)
        """
        self.ensure_one()
        company = self.company_id.sudo()
        journal = company._credit_misc_journal()
        company._credit_check_open_period(day, journal)
        items = [row.pop("item", None) for row in rows]
        move = (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "journal_id": journal.id,
                    "date": day,
                    "ref": self.name,
                    "credit_settlement": self._settlement,
                    "line_ids": company._credit_entry_lines(rows, self.currency_id, day),
                }
            )
        )
        lines = move.line_ids.sorted("id")
        move.action_post()
        for line, item in zip(lines, items, strict=True):
            if item:
                (line | item).reconcile()
        return move

    def _settling_row(self, item, amount, text):
        """The line that settles ``amount`` of an item: on its account, for its partner."""
        sign = -1 if item.balance > 0 else 1
        return {
            "item": item,
            "account_id": item.account_id.id,
            "partner_id": item.partner_id.id,
            "name": text,
            "amount_currency": sign * amount,
        }

    def _undo_entry(self):
        """Take the entry back: its matching, then the entry by its reversal."""
        self.ensure_one()
        move, company = self.sudo().move_id, self.company_id.sudo()
        today = self.company_id._credit_today()
        company._credit_check_open_period(today, move.journal_id)
        move.line_ids.remove_move_reconcile()
        undone = move._reverse_moves(
            [{"date": today, "ref": self.env._("Undone: %s", self.name)}], cancel=True
        )
        undone.credit_settlement = self._settlement
        return undone

    def _check_item(self, item, amount, partner=None):
        """An item (sudo) must still be open by ``amount``, and be the partner's.

        :raises UserError: naming the document
        """
        name = item.move_id.name or ""
        if item.parent_state != "posted" or item.currency_id != self.currency_id:
            raise UserError(
                self.env._("%s is not posted, or not in the currency of this document.", name)
            )
        if partner and item.partner_id.commercial_partner_id != partner:
            raise UserError(
                self.env._(
                    "%(item)s does not belong to %(partner)s.",
                    item=name,
                    partner=partner.display_name,
                )
            )
        left = abs(item.amount_residual_currency)
        if self.currency_id.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "Of %(item)s only %(left)s is open, not %(amount)s.",
                    item=name,
                    left=self.currency_id.format(left),
                    amount=self.currency_id.format(amount),
                )
            )
