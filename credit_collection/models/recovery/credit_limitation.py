from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...core import limitation as core
from ...tools.environment import without_caller_context
from ...tools.jobs import each_safely
from ...tools.rooms import is_on
from ...tools.sql import without_jit

ALARMS = (180, 90, 30)
# Kinds of contacts in which a promise is in writing, and so an acknowledgement.
WRITTEN = ("email", "letter")
# Where events of open items are read, one method each, and the kind that it reads; a kind that no
# law in use names changes nothing and is not read.
SOURCES = {
    "_read_letters": core.LETTER,
    "_read_part_payments": core.PART_PAYMENT,
    "_read_promises": core.ACKNOWLEDGEMENT,
    "_read_plans": core.ACKNOWLEDGEMENT,
    "_read_recorded": None,  # any kind
    "_read_confirmations": core.CONFIRMATION,
}


class CreditLimitation(models.Model):
    """The last day to sue for each open item, with the reason; worked out anew every night."""

    _name = "credit.limitation"
    _description = "Limitation"
    _order = "last_day, id"
    _rec_name = "move_line_id"

    move_line_id = fields.Many2one(
        "account.move.line", "Item", required=True, readonly=True, ondelete="cascade"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    law_id = fields.Many2one("credit.limitation.law", readonly=True, index=True)
    amount = fields.Monetary(related="move_line_id.amount_residual", string="Open")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due Date")
    last_day = fields.Date("Last Day to Sue", readonly=True, index=True)
    steps = fields.Json(readonly=True)
    because = fields.Char(compute="_compute_because")
    what_stops = fields.Char("What Would Stop the Clock", compute="_compute_because")
    days_left = fields.Integer(compute="_compute_days_left", search="_search_days_left")
    lapsed = fields.Boolean(compute="_compute_days_left", search="_search_lapsed")
    alarm = fields.Integer(readonly=True, help="The last alarm given, in days before the end.")

    _line_uniq = models.UniqueIndex("(move_line_id)", "An item has one clock.")

    @api.depends("steps", "law_id")
    @api.depends_context("lang")
    def _compute_because(self):
        for row in self:
            row.because = row._words()
            row.what_stops = (
                row.law_id._stopping_words(row.company_id._credit_today()) if row.law_id else ""
            )

    def _words(self):
        """The steps as sentences in the reader's language."""
        self.ensure_one()
        kinds = dict(
            self.env["credit.limitation.event"]._fields["kind"]._description_selection(self.env)
        )
        kinds |= dict(
            self.env["credit.limitation.effect"]._fields["kind"]._description_selection(self.env)
        )
        sentences = {
            "start": self.env._("Due on %(day)s: until %(last_day)s."),
            "restart": self.env._(
                "%(event)s on %(day)s starts the clock anew: until %(last_day)s."
            ),
            "pause": self.env._(
                "%(event)s on %(day)s stops the clock for a time: until %(last_day)s."
            ),
            "still": self.env._("%(event)s on %(day)s: the clock stands still."),
            "longest": self.env._("The law's longest period from %(day)s ends it: %(last_day)s."),
        }
        words = []
        for day, kind, effect, last_day in self.steps or ():
            effect = "still" if last_day is None else effect
            words.append(
                sentences[effect]
                % {
                    "event": kinds.get(kind, kind),
                    "day": format_date(self.env, day),
                    "last_day": format_date(self.env, last_day) if last_day else "",
                }
            )
        return " ".join(words)

    @api.depends("last_day")
    def _compute_days_left(self):
        for row in self:
            today = row.company_id._credit_today()
            row.days_left = (row.last_day - today).days if row.last_day else 0
            row.lapsed = bool(row.last_day and row.last_day < today)

    def _search_days_left(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        today = self.env.company._credit_today()
        return [("last_day", operator, today + timedelta(value))]

    def _search_lapsed(self, operator, value):
        if operator != "in":
            return NotImplemented
        lapsed = [("last_day", "<", self.env.company._credit_today())]
        return lapsed if True in value else ["!", *lapsed]

    def action_open_invoice(self):
        """Open the invoice."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.get_formview_action()

    # ------------------------------------------------------------------
    # Working it out
    # ------------------------------------------------------------------

    @api.model
    def _cron_daily(self):
        """Work out the clocks of all open items and give the alarms."""
        if not is_on(self.env, "cases"):
            return

        def refresh(company):
            limitations = without_caller_context(self.sudo(), company)
            limitations._refresh_company(company)
            limitations._give_alarms(company)

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, refresh, "Limitation")

    @api.model
    def _refresh(self, accounts):
        """Work out the clocks of some customers now."""
        for company, own in accounts.sudo().grouped("company_id").items():
            without_caller_context(self.sudo(), company)._refresh_company(company, own)

    @api.model
    def _refresh_company(self, company, accounts=None):
        if accounts is None:
            without_jit(self.env)
        items = self._read_items(company, accounts)
        found = {
            row.move_line_id.id: row
            for row in self.search(
                [("company_id", "=", company.id)]
                + ([("account_id", "in", accounts.ids)] if accounts is not None else [])
            )
        }
        partners = self.env["credit.account"].browse({account for account, _due in items.values()})
        partners = {account.id: account.partner_id.id for account in partners}
        laws = self._laws(company, {account for account, _due in items.values()})
        clocks = self._clocks(items, laws)
        new = []
        for line, (last_day, steps, law) in clocks.items():
            values = {"last_day": last_day or False, "steps": steps, "law_id": law.id}
            row = found.get(line)
            if not row:
                account = items[line][0]
                new.append(
                    {
                        **values,
                        "move_line_id": line,
                        "account_id": account,
                        # What is said is not worked out and stored row by row afterwards.
                        "partner_id": partners[account],
                        "company_id": company.id,
                    }
                )
            elif (row.last_day or None, row.steps, row.law_id) != (last_day, steps, law):
                moved = row.last_day != values["last_day"]
                row.write({**values, **({"alarm": 0} if moved else {})})
        self.create(new)
        self.union(*(row for line, row in found.items() if line not in clocks)).unlink()
        self.flush_model()

    @api.model
    def _read_items(self, company, accounts=None):
        """``{item: (credit file, due date)}`` of what is owed."""
        some = SQL("TRUE") if accounts is None else SQL("account_id = ANY(%s)", accounts.ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move_line_id, account_id, date_due FROM %(items)s AS item
                 WHERE company_id = %(company)s AND account_id IS NOT NULL AND amount > 0
                   AND %(some)s
                """,
                items=self.env["credit.open.item"].sudo().with_context(as_of=None)._posted_sql(),
                company=company.id,
                some=some,
            )
        )
        return {line: (account, due) for line, account, due in rows}

    @api.model
    def _laws(self, company, account_ids):
        """``{credit file: law}``: its own, else the company's."""
        usual = company._credit_law()
        own = self.env["credit.account"].browse(account_ids)
        return {account.id: account.limitation_law_id or usual for account in own}

    @api.model
    def _clocks(self, items, laws):
        """``{item: (last day, steps, law)}``; of a law that counts instalments from the last one
        all instalments of an invoice are due with the last."""
        rules = {law: law._to_core() for law in set(laws.values()) if law}
        named = {effect.kind for rule in rules.values() for effect in rule.effects}
        events = self._events(items, named)
        shared = any(law and law.from_last for law in laws.values())
        instalments = self._instalments(items) if shared else {}
        clocks = {}
        for line, (account, due) in items.items():
            law = laws[account]
            if not law:
                continue
            facts = [(due, core.DUE), *events.get(line, ())]
            if law.from_last:
                facts += [(day, core.DUE) for day in instalments.get(line, ())]
            last_day, steps = core.reasons(facts, rules[law])
            clocks[line] = (last_day, [self._plain(step) for step in steps], law)
        return clocks

    @api.model
    def _instalments(self, items):
        """``{item: due dates of all instalments of its invoice}``."""
        lines = self.env["account.move.line"].browse(items)
        by_move = lines.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).grouped("move_id")
        return {
            line.id: by_move[line.move_id].filtered("date_maturity").mapped("date_maturity")
            for line in lines
        }

    @api.model
    def _plain(self, step):
        last_day = step.last_day and step.last_day.isoformat()
        return [step.day.isoformat(), step.kind, step.effect, last_day]

    @api.model
    def _events(self, items, named):
        """What happened to each item: ``{item: [(day, kind)]}``, of the kinds that laws name."""
        events = defaultdict(list)
        if items and named:
            self.env.flush_all()
            for source, kind in SOURCES.items():
                if kind and kind not in named:
                    continue
                for line, day, kind in getattr(self, source)(items):
                    if day:
                        events[line].append((day, kind))
        return events

    @api.model
    def _read_letters(self, items):
        return self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, letter.date, %s
                  FROM credit_followup_line line
                  JOIN credit_followup letter ON letter.id = line.followup_id
                 WHERE line.state = 'sent' AND line.move_line_id = ANY(%s)
                """,
                core.LETTER,
                list(items),
            )
        )

    @api.model
    def _read_part_payments(self, items):
        Partial = self.env["account.partial.reconcile"]
        return self.env.execute_query(
            SQL(
                """
                SELECT paid.debit_move_id, settler.date, %s
                  FROM (%s) AS paid
                  JOIN account_move_line settler ON settler.id = paid.settler_id
                 WHERE paid.nature = 'cash'
                """,
                core.PART_PAYMENT,
                Partial._credit_natures_sql(SQL("partial.debit_move_id = ANY(%s)", list(items))),
            )
        )

    @api.model
    def _read_promises(self, items):
        return self.env.execute_query(
            SQL(
                """
                SELECT promised.move_line_id, promise.made_on, %s
                  FROM credit_promise_item_rel promised
                  JOIN credit_promise promise ON promise.id = promised.promise_id
                 WHERE promise.channel = ANY(%s) AND promise.state != 'cancelled'
                   AND promised.move_line_id = ANY(%s)
                """,
                core.ACKNOWLEDGEMENT,
                list(WRITTEN),
                list(items),
            )
        )

    @api.model
    def _read_plans(self, items):
        """Signed plans acknowledge what they are about."""
        found = self.env["credit.plan.item"].search(
            [("move_line_id", "in", list(items)), ("plan_id.accepted_on", "!=", False)]
        )
        signed = found.plan_id.with_context(bin_size=True).filtered(
            lambda plan: plan.signed_name or plan.signed_document
        )
        return [
            (item.move_line_id.id, item.plan_id.accepted_on, core.ACKNOWLEDGEMENT)
            for item in found
            if item.plan_id in signed
        ]

    @api.model
    def _read_recorded(self, items):
        """Events recorded by hand or by a case: of their items, else of all the customer's."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.account_id, event.date, event.kind, rel.move_line_id
                  FROM credit_limitation_event event
                  LEFT JOIN credit_limitation_event_item_rel rel ON rel.event_id = event.id
                 WHERE event.account_id = ANY(%s)
                """,
                list({account for account, _due in items.values()}),
            )
        )
        of_account = defaultdict(list)
        for line, (account, _due) in items.items():
            of_account[account].append(line)
        for account, day, kind, named in rows:
            for line in [named] if named else of_account[account]:
                yield line, day, kind

    @api.model
    def _read_confirmations(self, items):
        """Signed confirmations, for all that was open by their last day and not contested."""
        accounts = {account for account, _due in items.values()}
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, doc.confirmed_on, %s
                  FROM credit_balance_confirmation doc
                  JOIN res_partner contact ON contact.commercial_partner_id = doc.partner_id
                  JOIN account_move_line line
                    ON line.partner_id = contact.id AND line.currency_id = doc.currency_id
                   AND line.date <= doc.date_to AND line.id = ANY(%s)
                 WHERE doc.state = 'confirmed' AND doc.account_id = ANY(%s)
                   AND NOT EXISTS (SELECT FROM credit_balance_confirmation_line row
                                    WHERE row.confirmation_id = doc.id AND row.contested
                                      AND row.move_line_id = line.id)
                """,
                core.CONFIRMATION,
                list(items),
                list(accounts),
            )
        )

    # ------------------------------------------------------------------
    # Alarms
    # ------------------------------------------------------------------

    @api.model
    def _give_alarms(self, company):
        """Tell whoever chases a customer when 180, 90 and 30 days are left, once each."""
        today = company._credit_today()
        near = self.search(
            [
                ("company_id", "=", company.id),
                ("last_day", ">=", today),
                ("last_day", "<=", today + timedelta(ALARMS[0])),
            ]
        )
        due = self.browse()
        for row in near:
            level = min(days for days in ALARMS if (row.last_day - today).days <= days)
            if not row.alarm or level < row.alarm:
                row.alarm = level
                due |= row
        for account, rows in due.grouped("account_id").items():
            account._schedule_followup(
                self.env.ref("credit_collection.mail_activity_limitation"),
                lambda env, rows=rows: env._(
                    "Claims lapse on %(day)s: %(amount)s",
                    day=format_date(env, rows[0].last_day),
                    amount=company.with_env(env).currency_id.format(sum(rows.mapped("amount"))),
                ),
                account._responsible_collector(),
                today,
            )
        return due
