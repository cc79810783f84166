from odoo import fields, models
from odoo.fields import Command

from ...tools.reasons import reason

KINDS = [
    ("policy", "Policy"),
    ("default_policy", "Company's Policy"),
    ("customer_policy", "Customer's Policy"),
    ("grace", "Days of Grace"),
    ("history", "Levels Reached"),
    ("limit", "Limit"),
    ("collector", "Collector"),
    ("contact", "Contact"),
    ("note", "Note"),
    ("other", "Other"),
]


class CreditMoveInLine(models.Model):
    """One thing found elsewhere: taken or not and why, and what to put back when undone."""

    _name = "credit.move.in.line"
    _description = "Thing to Take Over"
    _order = "sequence, id"
    _rec_name = "what"

    move_in_id = fields.Many2one(
        "credit.move.in", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_in_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    what = fields.Char("What Is There", required=True, readonly=True)
    note = fields.Char("How It Is Taken", readonly=True)
    taken = fields.Boolean("Is Taken", readonly=True)
    why_not = fields.Char(readonly=True)
    values = fields.Json(readonly=True)
    before = fields.Json(readonly=True)
    made_model = fields.Char(readonly=True)
    made_id = fields.Many2oneReference(model_field="made_model", readonly=True)

    def _take(self, made):
        """Take this over (sudo).

        :param made: ``{key of a policy or level: record}``, shared by the lines of one run
        """
        self.ensure_one()
        record = getattr(self, f"_take_{self.kind}")(self.values, made)
        if record:
            self.write({"made_model": record._name, "made_id": record.id})

    def _undo(self):
        """Put back what this line changed (sudo)."""
        self.ensure_one()
        record = self.made_model and self.env[self.made_model].sudo().browse(self.made_id).exists()
        if record:
            getattr(self, f"_undo_{self.kind}")(record.with_context(active_test=False))

    # ------------------------------------------------------------------
    # Policies and levels
    # ------------------------------------------------------------------

    def _take_policy(self, values, made):
        """A copy of the company's policy with other levels, or with more rules."""
        company = self.company_id
        base = company.credit_default_policy_id
        policy = base.copy({"name": values["name"], "company_id": company.id})
        if "levels" in values:
            policy.followup_level_ids.unlink()
            # What goes out is looked at first: nobody knows yet how the texts fit.
            policy.followup_automatic = False
            for level in values["levels"]:
                made[level["key"]] = self._make_level(policy, level)
        policy.rule_ids = [Command.create(rule) for rule in values.get("rules", ())]
        made[values["key"]] = policy
        return policy

    def _make_level(self, policy, values):
        template = self.env.ref(values["template"])
        if values.get("body"):
            template = template.copy({"name": f"{policy.name}: {values['name']}"})
            subject = values["name"].replace("{", "(").replace("}", ")")
            template.write({"subject": subject, "body_html": values["body"]})
        call = self.env.ref("credit_collection.mail_activity_call_back")
        return self.env["credit.followup.level"].create(
            {
                "name": values["name"],
                "policy_id": policy.id,
                "sequence": values["sequence"],
                "delay": values["delay"],
                "send_email": values["channel"] == "email",
                "print_letter": values["channel"] == "letter",
                "make_activity": values["channel"] == "phone",
                "activity_type_id": call.id if values["channel"] == "phone" else False,
                "activity_summary": values["name"] if values["channel"] == "phone" else False,
                "mail_template_id": template.id,
            }
        )

    def _undo_policy(self, policy):
        """Archived, not deleted: messages and holds of the time between name it."""
        policy.followup_level_ids.active = False
        policy.active = False

    def _take_default_policy(self, values, made):
        self.before = {"policy_id": self.company_id.credit_default_policy_id.id}
        self.company_id.credit_default_policy_id = made[values["policy"]]
        return self.company_id

    def _undo_default_policy(self, company):
        company.credit_default_policy_id = self.before["policy_id"]

    def _take_customer_policy(self, values, made):
        file = self.move_in_id._file_of(self.partner_id)
        self.before = {"policy_id": file.policy_id.id}
        file.policy_id = made[values["policy"]]
        return file

    def _undo_customer_policy(self, file):
        file.policy_id = self.before["policy_id"]

    def _take_grace(self, values, made):
        policy = self.company_id.credit_default_policy_id
        self.before = {"grace_days": policy.grace_days}
        policy.grace_days = values["days"]
        return policy

    def _undo_grace(self, policy):
        policy.grace_days = self.before["grace_days"]

    # ------------------------------------------------------------------
    # History
    # ------------------------------------------------------------------

    def _take_history(self, values, made):
        """A message that was delivered elsewhere: its levels count as reached."""
        level = made.get(values["level"]) or self.env["credit.followup.level"].browse(
            values.get("level_id")
        )
        file = self.move_in_id._file_of(self.partner_id)
        lines = self.env["account.move.line"].browse(values["item_ids"])
        items = {item.move_line_id: item for item in file._open_items()}
        known = (
            self.env["credit.followup.line"]
            .search(
                [
                    ("move_line_id", "in", lines.ids),
                    ("level_id", "=", level.id),
                    ("state", "in", ("draft", "queued", "sent")),
                ]
            )
            .move_line_id
        )
        lines = (lines - known).filtered(lambda line: line in items)
        if not lines:
            return None
        message = self.env["credit.followup"].create(
            {
                "account_id": file.id,
                "level_id": level.id,
                "date": values["date"],
                "state": "sent",
                "amount": sum(items[line].amount for line in lines),
                "recipient_reason": reason("moved_in"),
            }
        )
        day = fields.Date.to_date(values["date"])
        self.env["credit.followup.line"]._insert(
            [
                {
                    "followup_id": message.id,
                    "move_line_id": line.id,
                    "move_id": line.move_id.id,
                    "name": line.move_id.name,
                    "level_id": level.id,
                    "date_due": items[line].date_due,
                    "days_overdue": (day - items[line].date_due).days,
                    "amount": items[line].amount,
                    "currency_id": line.currency_id.id,
                    "amount_currency": items[line].amount_currency,
                }
                for line in lines
            ]
        )
        return message

    def _undo_history(self, message):
        """Cancelled messages free their levels; they stay as evidence of what was done."""
        message.write({"state": "cancelled", "cancel_reason": reason("moving_undone")})

    # ------------------------------------------------------------------
    # Limits, people, contacts, notes
    # ------------------------------------------------------------------

    def _take_limit(self, values, made):
        limit = self.env["credit.limit"].create(
            {
                "account_id": self.move_in_id._file_of(self.partner_id).id,
                "amount": values["amount"],
                "currency_id": values["currency_id"],
                "reason": self.env._("Taken over when moving in."),
            }
        )
        limit._move("approve")
        return limit

    def _undo_limit(self, limit):
        """The limit before it is in force again."""
        if limit.state != "approved":
            return
        before = limit.account_id.limit_ids.filtered(
            lambda other: (
                other.state == "superseded" and other.id < limit.id and other.kind == "permanent"
            )
        ).sorted("id")[-1:]
        limit._move("supersede")
        before.state = "approved"
        before.flush_recordset()
        limit.account_id._sync_native_limit()

    def _take_collector(self, values, made):
        file = self.move_in_id._file_of(self.partner_id)
        self.before = {"collector_id": file.collector_id.id}
        file.collector_id = values["user_id"]
        return file

    def _undo_collector(self, file):
        if file.collector_id.id == self.values["user_id"]:
            file.collector_id = self.before["collector_id"]

    def _take_contact(self, values, made):
        return self.env["credit.contact"].create(
            {
                "account_id": self.move_in_id._file_of(self.partner_id).id,
                "date": values["date"],
                "outcome": "call_back",
                "note": values.get("note") or self.env._("Noted before moving in."),
            }
        )

    def _undo_contact(self, contact):
        contact.unlink()

    def _take_note(self, values, made):
        file = self.move_in_id._file_of(self.partner_id)
        return file._message_log(body=values["text"])

    def _undo_note(self, message):
        message.unlink()
