from odoo import models
from odoo.exceptions import AccessError

KINDS = ("receivable", "overdue", "sales", "received", "settled", "opening")


class CreditKpiSheetLine(models.Model):
    """Each number of a line opens the records behind it."""

    _inherit = "credit.kpi.sheet.line"

    def action_open_receivable(self):
        """The open items behind DZ."""
        return self._open_evidence("receivable")

    def action_open_overdue(self):
        """The overdue items behind PDZ."""
        return self._open_evidence("overdue")

    def action_open_sales(self):
        """The invoices and credit notes behind T."""
        return self._open_evidence("sales")

    def action_open_received(self):
        """The payments behind F."""
        return self._open_evidence("received")

    def action_open_settled(self):
        """What was settled in the period without money, which F leaves out."""
        return self._open_evidence("settled")

    def action_open_opening(self):
        """The open items of the day before the period."""
        return self._open_evidence("opening")

    def action_open_planned(self):
        """The cash plans behind P."""
        self.ensure_one()
        self.check_access("read")
        mine = ("user_id", "=", self.user_id.id)
        if self.kind == "leader":
            mine = ("team_id", "=", self.team_id.id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cash Plan: %(who)s", who=self.display_name),
            "res_model": "credit.cash.plan",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("month", ">=", str(self.date_from.replace(day=1))),
                ("month", "<=", str(self.date_to)),
                mine,
            ],
        }

    def action_print_statement(self):
        """The bonus statement of each person as PDF."""
        self.check_access("read")
        return self.env.ref("credit_collection.credit_bonus_statement_report").report_action(self)

    def _evidence_domain(self, kind):
        """The evidence that adds up to a number of this line.

        :param kind: one of ``KINDS``
        """
        self.ensure_one()
        owner = ("user_id", "=", self.user_id.id)
        if self.kind == "leader":
            owner = ("team_id", "=", self.team_id.id)
        domain = [("sheet_id", "=", self.sheet_id.id), owner]
        if kind == "overdue":
            return [*domain, ("kind", "=", "receivable"), ("is_overdue", "=", True)]
        return [*domain, ("kind", "=", kind)]

    def _open_evidence(self, kind):
        self.ensure_one()
        self.check_access("read")
        if not self.env["credit.kpi.evidence"].has_access("read"):
            raise AccessError(self.env._("You may not read the documents behind this number."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(who)s: %(number)s",
                who=self.display_name,
                number=self._fields[kind]._description_string(self.env)
                if kind in self._fields
                else self.env._("Settled Without Money"),
            ),
            "res_model": "credit.kpi.evidence",
            "view_mode": "list,pivot",
            "domain": self._evidence_domain(kind),
        }
