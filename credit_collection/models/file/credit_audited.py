import json

from odoo import api, fields, models


class CreditAudited(models.AbstractModel):
    """A model whose decisions are sealed in the audit chain, see ``credit.audit.entry``.

    Whenever one of the fields named in ``_audited`` is written, an entry keeps the values of all of
    them, who wrote it and when.
    """

    _name = "credit.audited"
    _description = "Evidence in the Audit Chain"
    # The fields that are evidence.
    _audited = ()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._audit("made")
        return records

    def write(self, vals):
        result = super().write(vals)
        if not set(self._audited).isdisjoint(vals):
            state = vals.get("state")
            self._audit(state if isinstance(state, str) else "changed")
        return result

    def _write_each(self, values):  # pylint: disable=missing-return
        """Write other values on each of these records (sudo), and seal them together.

        :param values: ``{record id: field values}``
        """
        events = {}
        for record in self:
            vals = values.get(record.id)
            if not vals:
                continue
            # What is below seals each record by itself.
            super(CreditAudited, record).write(vals)  # pylint: disable=super-method-mismatch
            if not set(self._audited).isdisjoint(vals):
                event = vals.get("state") or "changed"
                events[event] = events.get(event, self.browse()) | record
        for event, records in events.items():
            records._audit(event)

    def _compute_field_value(self, field):
        result = super()._compute_field_value(field)
        if field.store and field.name in self._audited:
            self._audit_before_commit(field.name)
        return result

    def _audit_before_commit(self, name):
        """What follows from other records, a total from its lines, is kept when all is done."""
        hooks = self.env.cr.precommit
        if "credit.audited" not in hooks.data:
            hooks.data["credit.audited"] = {}
            hooks.add(self.env["credit.audit.entry"].sudo()._keep_recomputed)
        recomputed = hooks.data["credit.audited"].setdefault(self._name, {})
        for record_id in filter(None, self._origin.ids):
            recomputed.setdefault(record_id, set()).add(name)

    def unlink(self):
        self._audit("deleted")
        return super().unlink()

    def _audit(self, event):
        """Keep what these records say now."""
        counted = self.sudo().filtered(lambda record: record._is_audited())
        self.env["credit.audit.entry"].sudo()._keep(counted, event)

    def _is_audited(self):
        """Whether the record is evidence already: a message that waits is not."""
        self.ensure_one()
        return bool(self._audit_company())

    def _audit_company(self):
        """The company in whose chain the record stands."""
        return self.company_id.root_id

    def _audit_values(self):
        """What is sealed: plain values by name, those of many2one fields as ids."""
        self.ensure_one()
        return {name: self._audit_plain(name) for name in self._audited}

    def _audit_names(self):
        """The names, at this moment, of what the ids stand for; for readers, never compared."""
        names = {"": self.display_name or ""}
        for name in self._audited:
            if self._fields[name].type == "many2one" and self[name]:
                names[name] = self[name].display_name or ""
        return names

    def _audit_plain(self, name):
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            return value.id or None
        if field.type in ("one2many", "many2many"):
            return sorted(value.ids)
        if field.type == "boolean":
            return bool(value)
        if field.type in ("integer", "float", "monetary"):
            return round(value or 0, 9) + 0
        if field.type == "json":
            return json.loads(json.dumps(value)) if value else None
        if field.type == "date":
            return fields.Date.to_string(value) or None
        if field.type == "datetime":
            return fields.Datetime.to_string(value) or None
        return str(getattr(value, "kept", value)) if value else None
