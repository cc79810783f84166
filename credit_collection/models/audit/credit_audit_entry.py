import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...core import chain
from ...tools.bulk import insert_rows
from ...tools.groups import MANAGER
from ...tools.jobs import wake

SEALING = 1_129_464  # names the advisory lock: one chain grows at one end
BATCH = 5_000


def _place(finding):
    """Findings by their entry, the oldest first; those that no entry tells of come last."""
    entry, _why = finding
    return (not entry, entry.id or 0)


class CreditAuditEntry(models.Model):
    """What was decided, by whom and when, sealed with what was decided before it.

    An entry is kept in the transaction that decides, and sealed soon after by one job for all:
    a seal needs the one before it, and people who decide at the same time need not wait for each
    other.
    """

    _name = "credit.audit.entry"
    _description = "Audit Entry"
    _order = "id desc"
    _rec_name = "record_name"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    number = fields.Integer(readonly=True, help="Its place in the chain; 0 until it is sealed.")
    at = fields.Datetime("Moment", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    user_name = fields.Char("Name Then", readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="model", readonly=True)
    record_name = fields.Char("Record", readonly=True)
    kind = fields.Char("Of", compute="_compute_kind")
    event = fields.Char(required=True, readonly=True)
    content = fields.Text(required=True, readonly=True, help="The values sealed, as JSON.")
    previous_seal = fields.Char(readonly=True)
    seal = fields.Char(readonly=True)

    _place_uniq = models.UniqueIndex(
        "(company_id, number) WHERE number > 0", "A place in the chain is taken once."
    )
    _record_idx = models.Index("(model, res_id, id DESC)")
    _unsealed_idx = models.Index("(company_id, id) WHERE number = 0 OR number IS NULL")

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_kind(self):
        Model = self.env["ir.model"].sudo()
        names = {name: Model._get(name).name for name in set(self.mapped("model"))}
        for entry in self:
            entry.kind = names[entry.model]

    # ------------------------------------------------------------------
    # Nobody writes them
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Audit entries are made by what they tell of."))
        return super().create(vals_list)

    def write(self, vals):
        if self:
            raise UserError(self.env._("An audit entry does not change."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An audit entry does not go."))

    # ------------------------------------------------------------------
    # Keeping and sealing
    # ------------------------------------------------------------------

    @api.model
    def _keep(self, records, event):
        """Keep what these audited records (sudo) say now."""
        if not records:
            return self
        source, user = records.with_context(lang=None), self.env.user
        entries = insert_rows(
            self,
            {
                "company_id": [record._audit_company().id for record in source],
                "at": fields.Datetime.now(),
                "user_id": user.id,
                "user_name": user.name,
                "model": records._name,
                "res_id": source.ids,
                "record_name": [record.display_name for record in source],
                "event": event,
                "content": [
                    chain.canonical(
                        {"values": record._audit_values(), "names": record._audit_names()}
                    )
                    for record in source
                ],
                "number": 0,
            },
        )
        wake(self.env, "credit_audit_cron")
        return entries

    @api.model
    def _keep_recomputed(self):
        """Keep the evidence that was worked out anew in this transaction, where it differs.

        A record of which more differs than that is left as it is told of: *Verify* finds it.
        """
        recomputed = self.env.cr.precommit.data.pop("credit.audited", {})
        for name, fields_of in recomputed.items():
            records = self.env[name].sudo().with_context(lang=None).browse(fields_of).exists()
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (res_id) res_id, content FROM credit_audit_entry
                     WHERE model = %s AND res_id = ANY(%s) ORDER BY res_id, id DESC
                    """,
                    name,
                    records.ids,
                )
            )
            changed = records.browse()
            for res_id, content in rows:
                record = records.browse(res_id)
                names = self._fields_that_differ(json.loads(content)["values"], record)
                if names and fields_of[res_id].issuperset(names) and record._is_audited():
                    changed |= record
            self._keep(changed, "changed")

    @api.model
    def _fields_that_differ(self, then, record):
        """The names of the fields whose values are not those that were kept."""
        now = record._audit_values()
        # A field that an update brought or took away since says nothing of this record.
        known = then.keys() & now.keys()
        now = json.loads(chain.canonical({name: now[name] for name in known}))
        return chain.differences({name: then[name] for name in known}, now)

    @api.model
    def _take_over(self):
        """Entries for what was decided before there was a chain."""
        for Model in self._audited_models():
            found = self._without_entry(Model)
            for start in range(0, len(found), BATCH):
                some = Model.browse(found[start : start + BATCH])
                self._keep(some.filtered(lambda record: record._is_audited()), "taken_over")

    @api.model
    def _audited_models(self):
        """The models in the chain (sudo, archived records too), by name."""
        return [
            self.env[name].sudo().with_context(active_test=False, lang=None)
            for name, model in sorted(self.env.registry.items())
            if model._auto and not model._abstract and getattr(model, "_audited", ())
        ]

    @api.model
    def _without_entry(self, Model):
        """Ids of the records that no entry tells of."""
        Model.flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT record.id FROM %(table)s record
                 WHERE NOT EXISTS (SELECT FROM credit_audit_entry entry
                                    WHERE entry.model = %(model)s AND entry.res_id = record.id)
                 ORDER BY record.id
                """,
                table=SQL.identifier(Model._table),
                model=Model._name,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _cron_seal(self):
        """Seal what was kept since; whoever comes second leaves it to the first."""
        while left := self._seal():
            self.env["ir.cron"]._commit_progress(BATCH, remaining=left)

    @api.model
    def _seal(self):
        """Number and seal the next entries; return how many are left."""
        self.flush_model()
        [(mine,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", SEALING))
        if not mine:
            return 0
        waiting = self.sudo().search([("number", "in", (0, False))], order="id", limit=BATCH + 1)
        for company, entries in waiting[:BATCH].grouped("company_id").items():
            entries._seal_of(company)
        self.invalidate_model(["number", "previous_seal", "seal"], flush=False)
        return max(len(waiting) - BATCH, 0)

    def _seal_of(self, company):
        last = self.search(
            [("company_id", "=", company.id), ("number", ">", 0)], order="number desc", limit=1
        )
        marks = chain.sealed((entry._sealed() for entry in self), last.seal or "", last.number)
        self.env.cr.execute_values(
            """
            UPDATE credit_audit_entry entry
               SET number = given.number, previous_seal = given.previous, seal = given.seal
              FROM (VALUES %s) AS given(id, number, previous, seal)
             WHERE entry.id = given.id
            """,
            [(entry.id, *mark) for entry, mark in zip(self, marks, strict=True)],
        )

    def _sealed(self):
        """All that the entry says but its number."""
        self.ensure_one()
        return {
            "company": self.company_id.id,
            "at": fields.Datetime.to_string(self.at),
            "by": self.user_id.id or None,
            "name": self.user_name or None,
            "model": self.model,
            "record": self.res_id,
            "event": self.event,
            "content": self.content,
        }

    # ------------------------------------------------------------------
    # Verifying
    # ------------------------------------------------------------------

    @api.model
    def _verify(self, company):
        """Compare the chain with itself, and what it says last with what is there.

        :return: ``(entries looked at, entry that differs first or none, why)``
        """
        self.flush_model()
        self.invalidate_model(flush=False)
        entries = self.sudo().search([("company_id", "=", company.id)], order="id")
        broken = self._broken_seal(company)
        found = [broken] if broken else []
        for Model in self._audited_models():
            difference = self._first_difference(Model, company)
            if difference:
                found.append(difference)
        if not found:
            return len(entries), self.browse(), ""
        entry, why = min(found, key=_place)
        return len(entries), entry, why

    @api.model
    def _broken_seal(self, company):
        previous, number = "", 0
        sealed_ones = [("company_id", "=", company.id), ("number", ">", 0)]
        while entries := self.sudo().search(
            [*sealed_ones, ("number", ">", number)], order="number", limit=BATCH
        ):
            rows = [
                (entry.number, entry._sealed(), entry.previous_seal or "", entry.seal)
                for entry in entries
            ]
            wrong = chain.first_break(rows, previous, number)
            if wrong:
                after = entries.filtered(lambda one, wrong=wrong: one.number >= wrong)
                entry = after[:1] or entries[-1]
                return entry, self.env._(
                    "The seal of entry %(number)s does not fit: it, or what came before it, was "
                    "changed, dropped or put in.",
                    number=wrong,
                )
            previous, number = entries[-1].seal, entries[-1].number
        return None

    @api.model
    def _last_entries(self, model, company):
        """``{record id: its last entry}`` (sudo)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (res_id) res_id, id FROM credit_audit_entry
                 WHERE model = %s AND company_id = %s ORDER BY res_id, id DESC
                """,
                model,
                company.id,
            )
        )
        return {res_id: self.sudo().browse(entry_id) for res_id, entry_id in rows}

    @api.model
    def _first_difference(self, Model, company):
        last = self._last_entries(Model._name, company)
        self.sudo().union(*last.values()).mapped("content")  # read at once
        Model.invalidate_model()
        records = {record.id: record for record in Model.browse(last).exists()}
        found = []
        for res_id, entry in last.items():
            why = entry._difference(records.get(res_id))
            if why:
                found.append((entry, why))
        for record in Model.browse(self._without_entry(Model)):
            if record._is_audited() and record._audit_company() == company:
                found.append(
                    (
                        self.browse(),
                        self.env._(
                            "%(record)s: nothing tells how it came to be.",
                            record=self._title(record),
                        ),
                    )
                )
                break
        return min(found, key=_place, default=None)

    def _difference(self, record):
        """Why a record is not what its last entry says, or an empty text."""
        self.ensure_one()
        if not record:
            if self.event == "deleted":
                return ""
            return self.env._("%(record)s is gone.", record=self.record_name or self.res_id)
        then, now = json.loads(self.content)["values"], record._audit_values()
        names = self._fields_that_differ(then, record)
        if not names:
            return ""
        field = record._fields.get(names[0])
        label = field._description_string(self.env) if field else names[0]
        return self.env._(
            "%(record)s: %(field)s was %(then)s when it was sealed and is %(now)s.",
            record=self._title(record),
            field=label,
            then=then.get(names[0]),
            now=now.get(names[0]),
        )

    @api.model
    def _title(self, record):
        return f"{self.env['ir.model'].sudo()._get(record._name).name} {record.display_name}"

    @api.model
    def _difference_of(self, record):
        """Why one record is not what was sealed of it last, or an empty text."""
        entry = self.sudo().search(
            [("model", "=", record._name), ("res_id", "=", record.id)], limit=1
        )
        if not entry:
            return self.env._(
                "%(record)s: nothing tells how it came to be.", record=self._title(record)
            )
        return entry._difference(record.sudo().with_context(lang=None))

    def action_verify(self):
        """Verify the chains of the companies the user has chosen, and say the first difference."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager verifies the audit chain."))
        total, problems = 0, []
        for company in self.env.companies.root_id:
            count, entry, why = self._verify(company)
            total += count
            if why:
                problems.append(
                    self.env._(
                        "%(company)s, entry %(number)s: %(why)s",
                        company=company.name,
                        number=entry.number or "–",
                        why=why,
                    )
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "title": self.env._("The first record that differs")
                if problems
                else self.env._("Nothing was changed"),
                "message": "\n".join(problems)
                or self.env._("Entries compared: %(number)s", number=total),
                "sticky": bool(problems),
            },
        }

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def action_open_record(self):
        """Open what the entry tells of."""
        self.ensure_one()
        record = self.env[self.model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The record is gone."))
        return record.get_formview_action()

    @api.model
    def _changes(self, company, models, date_from, date_to):
        """What changed between two moments: ``[(entry, field, before, after)]``.

        Values of many2one fields are shown by the names they had.
        """
        entries = self.sudo().search(
            [("company_id", "=", company.id), ("model", "in", models)], order="id"
        )
        before, result = defaultdict(dict), []
        for entry in entries:
            content = json.loads(entry.content)
            key, now = (entry.model, entry.res_id), self._readable(content)
            if date_from <= entry.at < date_to:
                changed = chain.differences(before[key], now)
                if entry.event == "deleted":
                    result.append((entry, "", entry.record_name, None))
                else:
                    result += [
                        (entry, name, before[key].get(name), now.get(name)) for name in changed
                    ]
            before[key] = now
        return result

    @api.model
    def _readable(self, content):
        return {**content["values"], **{k: v for k, v in content["names"].items() if k}}
