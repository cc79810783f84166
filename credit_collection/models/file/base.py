from odoo import api, models

from ...tools.write_guards import PREFIX

OURS = "credit."


class Base(models.AbstractModel):
    """What we work out is not typed: a field that views do not offer can still be written by a
    call from outside.

    Here, because a model that is added later cannot forget it.
    """

    _inherit = "base"
    # Fields that only steps and jobs of ours write, beside those that are worked out.
    _written_by_steps = frozenset()

    def _has_field_access(self, field, operation):
        # EXTENDS 'base'
        if operation == "write" and not self.env.su and self._is_written_by_steps(field):
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': what a caller's context says of other models is no value of these fields
        asked = self
        if self._name.startswith(OURS) and not self.env.su:
            context = {
                key: value
                for key, value in self.env.context.items()
                if not self._is_default_of_steps(key)
            }
            asked = self.with_env(self.env(context=context))
        return super(Base, asked).create(vals_list)

    @api.model
    def _is_written_by_steps(self, field):
        if field.name in self._written_by_steps:
            return True
        return bool(
            self._name.startswith(OURS) and field.store and field.compute and field.readonly
        )

    @api.model
    def _is_default_of_steps(self, key):
        field = key.startswith(PREFIX) and self._fields.get(key.removeprefix(PREFIX))
        return bool(field and self._is_written_by_steps(field))
