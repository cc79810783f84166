from odoo import models

from ...tools.groups import COLLECTOR, MANAGER, OFFICER
from ...tools.workbook import Column
from .credit_audit_export_books import SETTINGS

# What has a table of its own; other decisions are shown by what is sealed of them.
SHOWN = (
    *SETTINGS,
    "res.users",
    "credit.hold",
    "credit.limit",
    "credit.followup",
    "credit.promise",
    "credit.dispute",
    "credit.kpi.sheet",
)
PERSON = ("name", "login", "credit_authority", "credit_authority_currency_id")
BY_HAND = ("manual_hold", "manual_hold_reason")
HOLD = (
    "name",
    "partner_id",
    "document_name",
    "checkpoint",
    "state",
    "create_date",
    "requester_id",
    "requested_amount",
    "receivable",
    "overdue",
    "draft",
    "ordered",
    "exposure",
    "exposure_after",
    "limit_label",
    "available",
    "max_days_overdue",
    "reason",
    "policy_id",
    "responsible_id",
    "deadline",
    "decided_by_id",
    "decided_on",
    "reason_id",
    "decision_note",
)
RELEASE = (
    "name",
    "partner_id",
    "document_name",
    "state",
    "requested_amount",
    "exposure_after",
    "limit_label",
    "decided_by_id",
    "decided_on",
    "reason_id",
    "decision_note",
    "valid_until",
    "max_amount",
)
LIMIT = (
    "partner_id",
    "kind",
    "amount_label",
    "amount_company",
    "date_from",
    "date_to",
    "state",
    "reason",
    "requested_by_id",
    "create_date",
    "decided_by_id",
    "decided_on",
    "refusal_reason",
)


class CreditAuditExport(models.Model):
    """What was decided in the year, and who decides: holds, limits, losses, waivers, plans."""

    _inherit = "credit.audit.export"

    def _told_of(self, model, event=None):
        """What was decided of records of a model in the year, the oldest first (sudo)."""
        entries = self._of_year("credit.audit.entry", "at", "id")
        return entries.filtered(lambda one: one.model == model and event in (None, one.event))

    def _of_year_or_told_of(self, model, field):
        """The records of the year, and older ones of which something was decided in it."""
        told = self.env[model].sudo().browse({*self._told_of(model).mapped("res_id")}).exists()
        return (self._of_year(model, field) | told).sorted(lambda one: (one[field], one.id))

    def _decisions(self):
        return self._book(
            (self.env._("Holds"), self._of_year_or_told_of("credit.hold", "create_date"), HOLD),
            (self.env._("Limits"), self._of_year_or_told_of("credit.limit", "create_date"), LIMIT),
            more=[self._releases(), self._holds_by_hand()],
        )

    def _releases(self):
        """Each release with who gave it and when, whatever became of it."""
        entries = self._told_of("credit.hold", "released")
        given = {entry.res_id: entry for entry in entries}
        holds = self._of_year("credit.hold", "decided_on").filtered(
            lambda hold: hold.state == "released"
        )
        holds = (holds | holds.browse(given).exists()).sorted("id")
        columns, rows = self._rows_of(holds, RELEASE)
        who, when = RELEASE.index("decided_by_id"), RELEASE.index("decided_on")
        shown = []
        for hold, row in zip(holds, map(list, rows), strict=True):
            entry = given.get(hold.id)
            if entry and hold.state != "released":
                row[who], row[when] = entry.user_name, self._clock(entry.at)
            shown.append(tuple(row))
        return self.env._("Releases"), columns, shown

    def _holds_by_hand(self):
        """Customers held and let go by hand in the year, and those who are held."""
        first, end = self._moments()
        accounts = self.env["credit.account"].sudo().with_context(active_test=False)
        accounts = accounts.search([("company_id", "=", self.company_id.id)])
        traces = (
            self.env["mail.tracking.value"]
            .sudo()
            .search(
                [
                    ("field_id.model", "=", "credit.account"),
                    ("field_id.name", "in", BY_HAND),
                    ("mail_message_id.date", ">=", first),
                    ("mail_message_id.date", "<", end),
                    ("mail_message_id.res_id", "in", accounts.ids),
                ],
                order="id",
            )
        )
        rows = []
        for trace in traces:
            message = trace.mail_message_id
            account = accounts.browse(message.res_id)
            before, after = (
                self._said("credit.account", trace.field_id.name, value)
                for value in (
                    trace.old_value_char or bool(trace.old_value_integer),
                    trace.new_value_char or bool(trace.new_value_integer),
                )
            )
            label = self._field_label("credit.account", trace.field_id.name)
            who = message.author_id.name or ""
            rows.append(
                (self._clock(message.date), who, account.display_name, label, before, after)
            )
        label = self._field_label("credit.account", "manual_hold_reason")
        rows += [
            (None, "", account.display_name, label, "", account.manual_hold_reason or "")
            for account in accounts.filtered("manual_hold")
        ]
        columns = [
            Column(self.env._("Moment"), "moment"), Column(self.env._("User")),
            Column(self.env._("Customer")), Column(self.env._("Field")),
            Column(self.env._("Before")), Column(self.env._("After")),
        ]  # fmt: skip
        return self.env._("Held by Hand"), columns, rows

    def _others(self):
        """Every other decision of the year, with what is sealed of it: losses, waivers, plans …"""
        tables = []
        for Model in self.env["credit.audit.entry"]._audited_models():
            if Model._name not in SHOWN:
                told = {*self._told_of(Model._name).mapped("res_id")}
                records = Model.browse(sorted(told)).exists()
                name = self.env["ir.model"]._get(Model._name).name
                tables.append((name, records, ("display_name", *Model._audited)))
        return self._book(*(table for table in tables if table[1]))

    def _who_decides(self):
        """The people with a role in credit, as they are: those who decide have an authority."""
        groups = [self.env.ref(role).sudo() for role in (MANAGER, OFFICER, COLLECTOR)]
        users = self.env["res.users"].sudo().union(*(group.all_user_ids for group in groups))
        mine = users.filtered(lambda user: self.company_id in user.company_ids.root_id)
        columns, rows = self._rows_of(mine.sorted("name"), PERSON)
        columns.append(Column(self.env._("Role")))
        role = [
            next(group.name for group in groups if group in user.all_group_ids)
            for user in mine.sorted("name")
        ]
        rows = [(*row, name) for row, name in zip(rows, role, strict=True)]
        return self.env._("People"), columns, rows
