from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import dunning
from ...core.dunning import Level
from ...tools.bounds import AMOUNT, DAYS, MOST_DAYS

ROLES = [
    ("salesperson", "Salesperson"),
    ("team_leader", "Team Leader"),
    ("collector", "Collector"),
    ("legal", "Legal Department"),
    ("user", "Named User"),
]
SETS = [("distributor", "Distributor: −1, +1, +2, +10"), ("soft", "Soft: −7, +3 … +90")]


class CreditFollowupLevel(models.Model):
    """One rung of a policy's follow-up: when it comes, what goes out, what it changes.

    Levels without a policy are the shipped sets; loading a set copies them into a policy.
    """

    _name = "credit.followup.level"
    _description = "Follow-up Level"
    _inherit = ["credit.bounded", "credit.audited"]
    _audited = (
        "policy_id",
        "name",
        "active",
        "sequence",
        "delay",
        "send_email",
        "print_letter",
        "send_sms",
        "sms_text",
        "mail_template_id",
        "attach_statement",
        "attach_invoices",
        "make_activity",
        "activity_type_id",
        "activity_days",
        "role",
        "user_id",
        "responsible_role",
        "responsible_user_id",
        "stops_sales",
        "stops_shipments",
        "opens_case",
        "minimum_amount",
        "quiet_days",
        "automatic",
    )
    _order = "policy_id, delay, sequence, id"
    _credit_bounds = {
        "delay": (-MOST_DAYS, MOST_DAYS),
        "activity_days": DAYS,
        "quiet_days": DAYS,
        "answer_days": (0, 365),
        "minimum_amount": AMOUNT,
    }

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The order of levels that come on the same day.")
    policy_id = fields.Many2one("credit.policy", index=True, ondelete="cascade", copy=False)
    template_set = fields.Selection(SETS, "Shipped Set", readonly=True, copy=False)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    delay = fields.Integer(
        "Days from Due Date",
        required=True,
        help="Days after the due date; negative is before it. A level before the due date lapses "
        "once the item is due.",
    )
    send_email = fields.Boolean("Send an E-mail", default=True)
    print_letter = fields.Boolean("Print a Letter")
    send_sms = fields.Boolean(
        "Send a Text Message",
        help="By Odoo's SMS app, to the recipients' phone numbers; it costs credits.",
    )
    sms_text = fields.Char(
        "Text Message",
        size=320,
        translate=True,
        help="{company}, {customer} and {amount} are filled in. Empty: a short reminder.",
    )
    sms_available = fields.Boolean(compute="_compute_sms_available")
    mail_template_id = fields.Many2one(
        "mail.template",
        "Text",
        domain="[('model', '=', 'credit.followup')]",
        ondelete="restrict",
        help="The text of the e-mail and of the letter, in the customer's language.",
        index="btree_not_null",
    )
    attach_statement = fields.Boolean(help="Attach the statement of open items as a PDF.")
    attach_invoices = fields.Boolean(help="Attach the invoices that are asked for.")
    make_activity = fields.Boolean("Plan an Activity")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="[('res_model', 'in', (False, 'credit.account'))]",
        ondelete="restrict",
        index="btree_not_null",
    )
    activity_summary = fields.Char(translate=True)
    activity_days = fields.Integer("Activity Due In (days)")
    role = fields.Selection(
        ROLES,
        "Who Does It",
        required=True,
        default="collector",
        help="Signs the message and gets the activity. The collector steps in where the customer "
        "has no salesperson or team leader, or the policy names nobody for legal matters.",
    )
    user_id = fields.Many2one("res.users", domain="[('share', '=', False)]", index="btree_not_null")
    responsible_role = fields.Selection(
        ROLES,
        "Responsible From Here On",
        help="Who is responsible for the customer from this level on, until the items that "
        "reached it are paid. Empty leaves it as it is.",
    )
    responsible_user_id = fields.Many2one(
        "res.users", domain="[('share', '=', False)]", index="btree_not_null"
    )
    stops_sales = fields.Boolean(
        help="Once reached, rules of the kind 'follow-up level' hold new orders."
    )
    stops_shipments = fields.Boolean(
        help="Once reached, rules of the kind 'follow-up level' hold deliveries."
    )
    opens_case = fields.Boolean(
        "Prepare a Case",
        help="Once reached, a draft case over all that is overdue waits for whoever has the legal "
        "matters of the policy.",
    )
    minimum_amount = fields.Monetary(help="Less than this is not asked for at this level.")
    answer_days = fields.Integer(
        "Days Granted",
        help="Working days within which the customer is asked to pay or answer; the text names the "
        "day. Nothing further goes out before it has passed. 0: today.",
    )
    quiet_days = fields.Integer(
        help="Days since the last contact with the customer before this level goes out."
    )
    automatic = fields.Boolean(
        "Without Approval",
        default=True,
        help="Messages of this level go out by themselves; the others wait for a manager. Only "
        "where the policy sends without approval.",
    )

    _owner = models.Constraint(
        "CHECK((policy_id IS NULL) != (template_set IS NULL))",
        "A follow-up level belongs to a policy or to a shipped set.",
    )
    _days_positive = models.Constraint(
        "CHECK(COALESCE(quiet_days, 0) >= 0 AND COALESCE(activity_days, 0) >= 0)",
        "Quiet days and the days of an activity cannot be negative.",
    )
    _minimum_positive = models.Constraint(
        "CHECK(COALESCE(minimum_amount, 0) >= 0)", "The minimum amount cannot be negative."
    )

    @api.depends("send_sms")
    def _compute_sms_available(self):
        self.sms_available = self._has_sms()

    @api.model
    def _has_sms(self):
        """Whether Odoo's SMS app is installed."""
        return "sms.sms" in self.env

    @api.constrains(
        "send_email",
        "print_letter",
        "send_sms",
        "make_activity",
        "mail_template_id",
        "activity_type_id",
    )
    def _check_channels(self):
        for level in self:
            texts = level.send_sms and level._has_sms()
            if not (level.send_email or level.print_letter or level.make_activity or texts):
                raise ValidationError(
                    self.env._(
                        "%(level)s does nothing: choose an e-mail, a letter or an activity.",
                        level=level.name,
                    )
                )
            if (level.send_email or level.print_letter) and not level.mail_template_id:
                raise ValidationError(
                    self.env._("%(level)s needs a text to send or print.", level=level.name)
                )
            if level.make_activity and not level.activity_type_id:
                raise ValidationError(
                    self.env._("%(level)s needs a type of activity.", level=level.name)
                )

    @api.constrains("mail_template_id")
    def _check_template_model(self):
        for level in self:
            template = level.mail_template_id
            if template and template.model != "credit.followup":
                raise ValidationError(
                    self.env._(
                        "%(template)s is not a text for follow-up messages.",
                        template=template.name,
                    )
                )

    @api.constrains("role", "user_id", "responsible_role", "responsible_user_id")
    def _check_users(self):
        for level in self:
            if (
                level.role == "user"
                and not level.user_id
                or (level.responsible_role == "user" and not level.responsible_user_id)
            ):
                raise ValidationError(
                    self.env._("Choose the user who is named in %(level)s.", level=level.name)
                )
            if level.policy_id:
                people = level.user_id | level.responsible_user_id
                people._credit_check_works_in(level.policy_id.company_id)

    @api.depends("name", "delay")
    def _compute_display_name(self):
        for level in self:
            level.display_name = f"{level.name or ''} ({level.delay:+d})"

    # ------------------------------------------------------------------
    # CRUD: what is reached may stop documents
    # ------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if {"stops_sales", "stops_shipments", "delay", "sequence"}.intersection(vals):
            self._reached_accounts()._wake_holds()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.env["credit.followup.line"].sudo().search(
            [("level_id", "in", self.ids)], limit=1
        ) or self.env["credit.followup"].sudo().search([("level_id", "in", self.ids)], limit=1)
        if used:
            raise ValidationError(
                self.env._(
                    "%(level)s was used in messages: archive it instead.",
                    level=used.level_id.name,
                )
            )

    def _reached_accounts(self):
        """The files (sudo) with a message of these levels delivered."""
        lines = self.env["credit.followup.line"].sudo()
        groups = lines._read_group(
            [("level_id", "in", self.ids), ("state", "=", "sent")], ["account_id"]
        )
        return self.env["credit.account"].sudo().union(*(account for (account,) in groups))

    @api.model
    def _note_reason(self, reason):
        """Why an item is left alone, or is not at its next level yet, in a few words."""
        return {
            dunning.PROMISED: self.env._("Promised"),
            dunning.DISPUTED: self.env._("Disputed"),
            dunning.IN_PAYMENT: self.env._("In payment"),
            dunning.BLOCKED: self.env._("Blocked"),
            dunning.MUTED: self.env._("No follow-up"),
            dunning.NOT_YET: False,
            dunning.LAST_LEVEL: self.env._("Had the last level"),
        }[reason]

    # ------------------------------------------------------------------
    # For the core
    # ------------------------------------------------------------------

    def _granted_days(self):
        """Calendar days that surely contain the working days this level grants."""
        self.ensure_one()
        return self.answer_days + 2 * -(-self.answer_days // 5)

    def _to_core(self, policy):
        """These levels as plain values; those of other policies only say how high items are.

        A level keeps quiet at least as long as the one before it grants.
        """
        own = self.filtered(lambda level: level.active and level.policy_id == policy)
        own = own.sorted(lambda level: (level.delay, level.sequence, level.id))
        granted = {
            following: before._granted_days()
            for before, following in zip(own, own[1:], strict=False)
        }
        return tuple(
            Level(
                id=level.id,
                delay=level.delay,
                sequence=level.sequence,
                minimum_amount=level.minimum_amount,
                quiet_days=max(level.quiet_days, granted.get(level, 0)),
                active=level.active and level.policy_id == policy,
            )
            for level in self
        )
