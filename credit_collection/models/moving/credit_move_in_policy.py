from collections import defaultdict

from lxml import html
from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import html_sanitize

MONTH = 30
# Our texts for the first, the following and the last level.
FIRST = "credit_collection.mail_template_followup_reminder"
NEXT = "credit_collection.mail_template_followup_second"
LAST = "credit_collection.mail_template_followup_final"
ITEMS = Markup('<t t-out="object._items_block()"/>')


class CreditMoveIn(models.Model):
    """Reading OCA's ``account_credit_control``: policies, levels, who has which, and history."""

    _inherit = "credit.move.in"

    def _read_oca_credit_control(self):
        Policy = self._source_model("credit.control.policy")
        policies = Policy.search([]).filtered(
            lambda policy: not policy.company_id or policy.company_id.root_id == self.company_id
        )
        found = [self._read_policy(policy) for policy in policies]
        taken = policies.filtered(lambda policy: not self._policy_left(policy))
        found += self._read_policy_users(taken)
        found += self._read_history(taken)
        return found + self._read_oca_people()

    # ------------------------------------------------------------------
    # Policies and levels
    # ------------------------------------------------------------------

    def _policy_left(self, policy):
        """Why a policy is not taken; ``False`` when it is."""
        if not policy.active:
            return self.env._("It is archived.")
        if not policy.level_ids and not policy.do_nothing:
            return self.env._("It has no levels.")
        return False

    def _read_policy(self, policy):
        levels = self._read_levels(policy)
        notes = [level["said"] for level in levels if level.get("said")]
        return self._found(
            "policy",
            self.env._(
                "Policy %(policy)s, levels: %(levels)s",
                policy=policy.name,
                levels=", ".join(level["name"] for level in levels) or "–",
            ),
            {
                "key": f"policy {policy.id}",
                "name": policy.name,
                "levels": levels,
            },
            why_not=self._policy_left(policy),
            note=" ".join(
                [
                    self.env._(
                        "Rules as in the company's policy; messages wait for approval until you "
                        "let the policy send by itself."
                    ),
                    *notes,
                ]
            ),
        )

    def _read_levels(self, policy):
        """The levels of a policy with their days from the due date.

        OCA can count from the previous reminder, or from the end of the due date's month; ours
        count from the due date. The days add up, and the end of a month is at most 30 days away.
        """
        if policy.do_nothing:
            return []
        levels, delay = [], 0
        ordered = policy.level_ids.sorted("level")
        for number, level in enumerate(ordered):
            said = False
            if level.computation_mode == "previous_date":
                delay += level.delay_days
                said = self.env._(
                    "%(level)s: %(days)s days from the due date instead of from the reminder "
                    "before.",
                    level=level.name,
                    days=delay,
                )
            elif level.computation_mode == "end_of_month":
                delay = level.delay_days + MONTH
                said = self.env._(
                    "%(level)s: %(days)s days from the due date instead of from the month's end.",
                    level=level.name,
                    days=delay,
                )
            else:
                delay = level.delay_days
            last = number == len(ordered) - 1
            levels.append(
                {
                    "key": f"level {level.id}",
                    "name": level.name,
                    "sequence": 10 * (number + 1),
                    "delay": delay,
                    "channel": level.channel,
                    "template": FIRST if not number else LAST if last else NEXT,
                    "body": self._level_body(level),
                    "said": said,
                }
            )
        return levels

    def _level_body(self, level):
        """The level's own words around our table of items; empty without words."""
        words = level.custom_mail_text or ""
        if not words.strip():
            return ""
        after = level.custom_text_after_details or ""
        return str(Markup("<div>%s%s<p>%s</p></div>") % (self._inert(words), ITEMS, after))

    @api.model
    def _inert(self, words):
        """Words of the other add-on as HTML in which nothing is run by the template."""
        root = html.fragment_fromstring(html_sanitize(words), create_parent="div")
        for node in root.iter():
            for name in [name for name in node.attrib if name.startswith("t-")]:
                del node.attrib[name]
        for node in root.xpath(".//t"):
            node.drop_tag()
        return Markup(html.tostring(root, encoding="unicode"))

    def _read_policy_users(self, policies):
        """The company's policy, that of single customers, and that of single invoices."""
        found = []
        companies = self.env["res.company"].sudo()
        for company in companies.search([("id", "child_of", self.company_id.id)]):
            policy = company.credit_policy_id
            if not policy:
                continue
            why = False
            if company != self.company_id:
                why = self.env._("Branches use the policy of their company.")
            elif policy not in policies:
                why = self.env._("The policy is not taken.")
            found.append(
                self._found(
                    "default_policy",
                    self.env._(
                        "%(company)s uses %(policy)s",
                        company=company.name,
                        policy=policy.name,
                    ),
                    {"policy": f"policy {policy.id}"},
                    why_not=why,
                )
            )
        partners = self.env["res.partner"].sudo().search([("credit_policy_id", "!=", False)])
        for partner in partners:
            policy, why = partner.credit_policy_id, False
            if partner != partner.commercial_partner_id:
                why = self.env._("A contact uses the policy of its customer.")
            elif not self._of_company(partner):
                why = self.env._("The customer belongs to another company.")
            elif policy not in policies:
                why = self.env._("The policy is not taken.")
            found.append(
                self._found(
                    "customer_policy",
                    self.env._(
                        "%(customer)s uses %(policy)s",
                        customer=partner.display_name,
                        policy=policy.name,
                    ),
                    {"policy": f"policy {policy.id}"},
                    why_not=why,
                    partner=partner,
                )
            )
        moves = (
            self.env["account.move"]
            .sudo()
            .search_count(
                [("credit_policy_id", "!=", False), ("company_id", "child_of", self.company_id.id)]
            )
        )
        if moves:
            found.append(
                self._found(
                    "other",
                    self.env._("Invoices with a policy of their own: %(count)s", count=moves),
                    why_not=self.env._(
                        "A policy is the customer's. Mark such invoices 'no follow-up', or give "
                        "the customer the policy."
                    ),
                )
            )
        return found

    # ------------------------------------------------------------------
    # History
    # ------------------------------------------------------------------

    def _read_history(self, policies):
        """What was sent about items still open, as levels reached.

        Ours let no level out; theirs could. An item that had a level has had those below it.
        """
        Line = self._source_model("credit.control.line")
        sent = Line.search(
            [("state", "=", "sent"), ("company_id", "child_of", self.company_id.id)],
            order="date, id",
        )
        is_open = sent.filtered(lambda line: not line.move_line_id.reconciled)
        known = is_open.filtered(lambda line: line.policy_id in policies)
        reached, days = {}, {}
        for line in known:
            key = line.move_line_id, line.policy_level_id
            days[key] = line.date_sent or line.date
            best = reached.get(line.move_line_id)
            if not best or line.policy_level_id.level > best.level:
                reached[line.move_line_id] = line.policy_level_id
        messages = defaultdict(list)
        for item, level in reached.items():
            for below in level.policy_id.level_ids.filtered(
                lambda other, level=level: other.level <= level.level
            ):
                day = days.get((item, below)) or days[item, level]
                customer = item.partner_id.commercial_partner_id
                messages[customer, below, day].append(item.id)
        found = [
            self._found(
                "history",
                self.env._(
                    "%(level)s on %(date)s, items: %(count)s",
                    level=level.name,
                    date=fields.Date.to_string(day),
                    count=len(items),
                ),
                {
                    "level": f"level {level.id}",
                    "date": fields.Date.to_string(day),
                    "item_ids": sorted(items),
                },
                partner=customer,
            )
            for (customer, level, day), items in sorted(
                messages.items(), key=lambda entry: (entry[0][2], entry[0][0].id, entry[0][1].level)
            )
        ]
        return found + self._history_left(Line, sent, is_open, known)

    def _history_left(self, Line, sent, is_open, known):
        """What of the history is not taken, counted with its reason."""
        waiting = Line.search_count(
            [
                ("state", "not in", ("sent", "ignored")),
                ("company_id", "child_of", self.company_id.id),
            ]
        )
        ignored = Line.search_count(
            [("state", "=", "ignored"), ("company_id", "child_of", self.company_id.id)]
        )
        reasons = (
            (len(sent - is_open), self.env._("The items are paid: nothing is asked for any more.")),
            (len(is_open - known), self.env._("Their policy is not taken.")),
            (waiting, self.env._("Never delivered: they are planned anew.")),
            (ignored, self.env._("Set aside by hand: mark the items 'no follow-up' instead.")),
        )
        return [
            self._found(
                "history",
                self.env._("Credit control lines: %(count)s", count=count),
                why_not=why,
            )
            for count, why in reasons
            if count
        ]

    # ------------------------------------------------------------------
    # People and notes
    # ------------------------------------------------------------------

    def _read_oca_people(self):
        found = []
        partners = (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    "|",
                    "|",
                    ("payment_responsible_id", "!=", False),
                    ("payment_note", "!=", False),
                    ("payment_next_action", "!=", False),
                ]
            )
        )
        for partner in partners.filtered(self._of_company):
            user = partner.payment_responsible_id
            if user:
                found.append(self._read_collector(partner, user))
            texts = filter(None, [partner.payment_note, partner.payment_next_action])
            text = " / ".join(texts)
            if text:
                found.append(
                    self._found(
                        "note",
                        text,
                        {"text": text},
                        partner=partner.commercial_partner_id,
                        note=self.env._("Into the customer's history."),
                    )
                )
        return found

    def _read_collector(self, partner, user):
        """A person who chases a customer, if that person may."""
        collector = self.env.ref("credit_collection.credit_collection_group_collector")
        why = False
        if not user.active or collector not in user.all_group_ids:
            why = self.env._("%(user)s is no collector.", user=user.name)
        elif self.company_id not in user.company_ids.root_id:
            why = self.env._("%(user)s does not work in the company.", user=user.name)
        return self._found(
            "collector",
            user.name,
            {"user_id": user.id},
            why_not=why,
            partner=partner.commercial_partner_id,
        )
