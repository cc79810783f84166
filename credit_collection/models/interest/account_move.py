from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...core import discount as core
from ...tools.jobs import each_safely

# Where the day is kept for which somebody asked last whether an invoice still earns a discount:
# Odoo asks for the entry right after that, without saying the day.
ASKED = "credit_collection.discount_day"


class AccountMove(models.Model):
    """Discount tiers by the day of payment, through Odoo's own hooks; due dates from an event."""

    _inherit = "account.move"

    credit_discount_text = fields.Char("Discounts", compute="_compute_credit_discount_text")
    credit_event_date = fields.Date(
        "Event On",
        copy=False,
        tracking=True,
        help="The day from which the payment term counts: delivery, signed act, receipt of the "
        "invoice, or the demand.",
    )
    credit_counted_from = fields.Selection(related="invoice_payment_term_id.credit_counted_from")
    credit_due_is_provisional = fields.Boolean(
        "Due Date Is Provisional", compute="_compute_credit_due_is_provisional"
    )

    @api.depends("invoice_payment_term_id", "invoice_date", "move_type")
    def _compute_credit_discount_text(self):
        for move in self:
            tiers = move._credit_discount_tiers()
            move.credit_discount_text = ", ".join(
                self.env._(
                    "%(percent)s %% until %(day)s",
                    percent=f"{percent:g}",
                    day=format_date(self.env, day),
                )
                for percent, day in tiers
            )

    @api.depends("invoice_payment_term_id", "credit_event_date", "move_type")
    def _compute_credit_due_is_provisional(self):
        for move in self:
            move.credit_due_is_provisional = move._credit_waits_for_event()

    # ------------------------------------------------------------------
    # Discounts
    # ------------------------------------------------------------------

    def _credit_discount_tiers(self):
        """``[(percent, last day)]``, the best first; none without a discount."""
        self.ensure_one()
        if self.move_type not in self._early_payment_discount_move_types():
            return []
        return self.invoice_payment_term_id._credit_tiers(self.invoice_date)

    def _credit_discount_on(self, day):
        """The percentage that a payment on ``day`` earns, 0 for none."""
        return core.tier_on(self._credit_discount_tiers(), fields.Date.to_date(day))

    def _is_eligible_for_early_payment_discount(self, currency, reference_date):
        # EXTENDS 'account': a later tier may still be open
        eligible = super()._is_eligible_for_early_payment_discount(currency, reference_date)
        if not eligible and reference_date and self.invoice_payment_term_id.credit_tier_ids:
            eligible = bool(
                self.invoice_date and self._credit_discount_on(reference_date)
            ) and super()._is_eligible_for_early_payment_discount(currency, False)
        if eligible and reference_date:
            self.env.cr.cache.setdefault(ASKED, {})[self.id] = reference_date
        return eligible

    def _get_invoice_counterpart_amls_for_early_payment_discount_per_payment_term_line(self):
        # EXTENDS 'account': the entry of the tier that the day of payment earns
        counterparts = (
            super()._get_invoice_counterpart_amls_for_early_payment_discount_per_payment_term_line
        )
        lines = counterparts()
        if not self.invoice_payment_term_id.credit_tier_ids:
            return lines
        day = self.env.cr.cache.get(ASKED, {}).get(self.id) or self.company_id._credit_today()
        percent = self._credit_discount_on(day)
        if percent and percent != self.invoice_payment_term_id.discount_percentage:
            term_line = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
            self._credit_scale_discount(lines, term_line, *term_line._credit_discount(percent))
        return lines

    @api.model
    def _credit_scale_discount(self, lines, term_line, amount_currency, balance):
        """Make the lines of Odoo's discount come to other amounts, in their proportions.

        What rounding leaves goes to the largest line that bears no tax itself.
        """
        values = [
            row
            for key in ("base_lines", "tax_lines", "term_lines")
            for row in lines[key].get(term_line, {}).values()
        ]
        for name, wanted, currency in (
            ("amount_currency", amount_currency, term_line.currency_id),
            ("balance", balance, term_line.company_currency_id),
        ):
            total = sum(row[name] for row in values)
            if not total:
                continue
            for row in values:
                row[name] = currency.round(row[name] * wanted / total)
            bases = [
                row
                for key in ("base_lines", "term_lines")
                for row in lines[key].get(term_line, {}).values()
            ]
            largest = max(bases or values, key=lambda row: abs(row[name]))
            rest = currency.round(wanted - sum(row[name] for row in values))
            largest[name] = currency.round(largest[name] + rest)

    def action_credit_part_payment(self):
        """Register a part payment that earns its share of the discount."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Part Payment With Discount"),
            "res_model": "credit.discount.part.payment",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    # ------------------------------------------------------------------
    # Due dates from an event
    # ------------------------------------------------------------------

    def _credit_event_written(self):
        """The event from which these invoices' terms count was recorded."""
        for move in self:
            if move.invoice_payment_term_id.credit_counted_from in (False, "invoice"):
                raise UserError(
                    self.env._("%s counts from the date of the invoice.", move.display_name)
                )
        self.filtered(lambda move: move.state == "posted")._credit_apply_event()

    def _credit_waits_for_event(self):
        """Whether the term counts from an event that nobody has recorded yet."""
        self.ensure_one()
        return (
            self.move_type in ("out_invoice", "out_receipt")
            and self.invoice_payment_term_id.credit_counted_from not in (False, "invoice")
            and not self.credit_event_date
        )

    def _credit_apply_event(self):
        """Let the items fall due by their event; before it, never earlier than after today."""
        for move in self.sudo():
            term = move.invoice_payment_term_id
            if (
                move.move_type not in ("out_invoice", "out_receipt")
                or term.credit_counted_from in (False, "invoice")
                or move.state != "posted"
            ):
                continue
            start = move.credit_event_date or max(
                move.invoice_date or move.date, move.company_id._credit_today()
            )
            lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
            if term.credit_counted_from == "demand":
                days = [fields.Date.add(start, days=term.credit_demand_days)] * len(lines)
            else:
                days = sorted(line._get_due_date(start) for line in term.line_ids)
            for line, day in zip(lines.sorted("date_maturity"), days, strict=False):
                if line.date_maturity != day:
                    line.date_maturity = day

    @api.model
    def _cron_credit_provisional_due_dates(self):
        """Move the due dates of invoices on that wait for their event: once a day is enough."""
        waiting = self.sudo().search(
            [
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("credit_event_date", "=", False),
                ("invoice_payment_term_id.credit_counted_from", "!=", "invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        each_safely(waiting, lambda move: move._credit_apply_event(), "Provisional due dates")
