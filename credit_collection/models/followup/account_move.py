from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core import dunning
from ...tools.environment import without_caller_context


class AccountMove(models.Model):
    """What follow-up says about an invoice: the level reached, the next one and its day."""

    _inherit = "account.move"

    credit_followup_level_id = fields.Many2one(
        "credit.followup.level",
        "Follow-up Level",
        compute="_compute_credit_followup",
        search="_search_credit_followup_level_id",
        groups="credit_collection.credit_collection_group_collector",
        help="The highest level that reached the customer for this invoice.",
    )
    credit_followup_next_level_id = fields.Many2one(
        "credit.followup.level",
        "Next Follow-up Level",
        compute="_compute_credit_followup",
        groups="credit_collection.credit_collection_group_collector",
    )
    credit_followup_next_date = fields.Date(
        "Next Follow-up",
        compute="_compute_credit_followup",
        groups="credit_collection.credit_collection_group_collector",
        help="The first day on which the next level can come.",
    )
    credit_followup_next_reason = fields.Char(
        "Left Alone",
        compute="_compute_credit_followup",
        groups="credit_collection.credit_collection_group_collector",
    )
    credit_followup_line_ids = fields.One2many(
        "credit.followup.line",
        "move_id",
        string="Follow-up Messages",
        groups="credit_collection.credit_collection_group_collector",
    )

    @api.depends("line_ids.amount_residual", "line_ids.date_maturity", "state")
    def _compute_credit_followup(self):
        reached = self._followup_reached()
        notes = self._followup_notes()
        Level = self.env["credit.followup.level"]
        for move in self:
            note = notes.get(move._origin.id)
            move.credit_followup_level_id = reached.get(move._origin.id, False)
            move.credit_followup_next_level_id = Level.browse(note.level_id) if note else False
            move.credit_followup_next_date = note.on if note else False
            move.credit_followup_next_reason = (
                Level._note_reason(note.reason) if note and note.reason else False
            )

    def _followup_reached(self):
        """The highest level delivered for each invoice: ``{move id: level id}``."""
        ids = self._origin.ids
        if not ids:
            return {}
        query = self._followup_reached_sql(SQL("line.move_id IN %s", tuple(ids)))
        return dict(self.env.execute_query(query))

    @api.model
    def _followup_reached_sql(self, condition: SQL) -> SQL:
        """SQL of (move_id, level_id): the highest level delivered for each invoice."""
        self.env["credit.followup.line"].flush_model(
            ["state", "level_id", "move_id", "stepped_down"]
        )
        return SQL(
            """
            SELECT DISTINCT ON (line.move_id) line.move_id, line.level_id
              FROM credit_followup_line line
              JOIN credit_followup_level level ON level.id = line.level_id
             WHERE line.state = 'sent' AND line.stepped_down IS NOT TRUE AND %s
             ORDER BY line.move_id, level.delay DESC, level.sequence DESC, level.id DESC
            """,
            condition,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS: the level is not stored, and lists are grouped by it all the same
        if field_expr != "credit_followup_level_id":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        reached = self._followup_reached_sql(SQL("line.move_id = %s", SQL.identifier(alias, "id")))
        return SQL("(SELECT level_id FROM (%s) AS reached)", reached)

    def _search_credit_followup_level_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        reached = self._followup_reached_sql(SQL("line.move_id IS NOT NULL"))
        levels = [level for level in value if level]
        domain = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT move_id FROM (%s) reached WHERE level_id = ANY(%s))",
                SQL.identifier(alias, "id"),
                reached,
                levels,
            )
        )
        if False in value:
            domain |= Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s NOT IN (SELECT move_id FROM (%s) reached)",
                    SQL.identifier(alias, "id"),
                    reached,
                )
            )
        return domain

    def _followup_notes(self):
        """The core's note on the first open instalment of each invoice: ``{move id: Note}``."""
        moves = self._origin.filtered(
            lambda move: move.is_sale_document() and move.state == "posted"
        )
        Account = self.env["credit.account"]
        notes = {}
        for company, own in moves.sudo().grouped(lambda move: move.company_id.root_id).items():
            Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
            today = company._credit_today()
            pairs = {(move.commercial_partner_id.id, company.id) for move in own}
            book = Followup._read_book(company, today, Account._of_pairs(pairs))
            for account_id, situation in book.situations.items():
                settings = Followup._settings(book, account_id)
                owners = {row.move_line_id: row.move_id for row in book.rows[account_id]}
                for item in sorted(situation.items, key=lambda item: item.date_due):
                    if owners[item.id] in own._ids:
                        note = dunning.upcoming(settings, item, today)
                        notes.setdefault(owners[item.id], note)
        return notes

    def _followup_adopt_orphans(self):
        """Items made anew after a reset keep the levels that they had reached."""
        orphans = (
            self.env["credit.followup.line"]
            .sudo()
            .search([("move_id", "in", self.ids), ("move_line_id", "=", False)])
        )
        for move, lines in orphans.grouped("move_id").items():
            move._followup_adopt(lines)
        self._followup_spread()

    def _followup_spread(self):
        """Where an item has become smaller than what was asked for it, the invoice was split anew:
        its levels count for all parts."""
        sent = (
            self.env["credit.followup.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", self.ids),
                    ("level_id", "!=", False),
                    ("whole_move", "=", False),
                    ("move_line_id", "!=", False),
                ]
            )
        )
        sent.filtered(
            lambda line: (
                line.currency_id.compare_amounts(
                    line.amount_currency, line.move_line_id.amount_currency
                )
                > 0
            )
        ).whole_move = True

    def _followup_adopt(self, orphans):
        """Give lines of messages whose journal item was deleted to the invoice's first item; what
        was one item counts for all the parts that it was split into."""
        items = self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).sorted("date_maturity")
        had = set(
            self.env["credit.followup.line"]
            .sudo()
            .search([("move_line_id", "in", items.ids)])
            .level_id.ids
        )
        whole = len(set(orphans.mapped("date_due"))) == 1
        for line in orphans:
            if items and line.level_id.id not in had:
                line.write({"move_line_id": items[0].id, "whole_move": whole and len(items) > 1})
                had.add(line.level_id.id)

    # ------------------------------------------------------------------
    # Paying online
    # ------------------------------------------------------------------

    def _get_invoice_next_payment_values(self, custom_amount=None):
        # EXTENDS 'account': nobody is asked online for what is disputed or promised
        values = super()._get_invoice_next_payment_values(custom_amount=custom_amount)
        lines = self._credit_payable_lines()
        contested = sum(lines.mapped("credit_contested_amount"))
        asked = sum(lines.mapped("credit_asked_amount"))
        residual = sum(lines.mapped("amount_residual_currency"))
        if not values or not lines or not self.currency_id.compare_amounts(asked, residual):
            return values
        next_lines = self._credit_next_lines(lines, values)
        next_amount = sum(next_lines.mapped("credit_asked_amount"))
        if self.currency_id.compare_amounts(next_amount, 0) <= 0:
            # Whoever pays before the promised day may.
            next_amount = sum(next_lines.mapped("amount_residual_currency")) - sum(
                next_lines.mapped("credit_contested_amount")
            )
        if values["installment_state"] == "epd":
            if not contested:
                return values  # promised: paid at once, it still earns the discount
            values = {key: value for key, value in values.items() if "epd" not in key}
            values.pop("discount_date", None)
        payable = max(self.currency_id.round(residual - contested), 0.0)
        if custom_amount is not None and values["installment_state"] == "next":
            next_amount = min(custom_amount, payable)
        return {
            **values,
            "installment_state": values["installment_state"]
            if values["installment_state"] in ("next", "overdue")
            else "next",
            "amount_due": payable,
            "next_amount_to_pay": min(self.currency_id.round(next_amount), payable),
        }

    def _credit_payable_lines(self):
        """The open instalments (sudo) of a posted customer invoice."""
        self.ensure_one()
        lines = self.sudo().line_ids
        if self.move_type != "out_invoice" or self.state != "posted":
            return lines.browse()
        return lines.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        )

    def _credit_next_lines(self, lines, values):
        """Those of the open instalments that Odoo asks for next."""
        installments = values["not_reconciled_installments"]
        overdue = [row["line"].id for row in installments if row["type"] == "overdue"]
        if values["installment_state"] == "overdue":
            return lines.filtered(lambda line: line.id in overdue)
        if values["installment_state"] == "next" and installments:
            return lines.filtered(lambda line: line.id == installments[0]["line"].id)
        return lines

    def _has_to_be_paid(self):
        # EXTENDS 'account_payment'
        return super()._has_to_be_paid() and not self._credit_wholly_contested()

    def _credit_wholly_contested(self):
        lines = self._credit_payable_lines()
        contested = sum(lines.mapped("credit_contested_amount"))
        residual = sum(lines.mapped("amount_residual_currency"))
        return bool(contested) and self.currency_id.compare_amounts(contested, residual) >= 0

    def _get_online_payment_error(self):
        # EXTENDS 'account_payment'
        error = super()._get_online_payment_error()
        if self._credit_wholly_contested():
            contested = self.env._("You dispute this invoice. We are looking into it.")
            return "\n".join(filter(None, [error, contested]))
        return error
