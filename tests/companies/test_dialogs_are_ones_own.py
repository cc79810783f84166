"""What somebody types into a dialog is read and changed by nobody else."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CreditCase


@tagged("post_install", "-at_install")
class TestDialogsAreOnesOwn(CreditCase):
    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_every_dialog_of_ours(self):
        colleague = new_test_user(
            self.env,
            "colleague",
            "base.group_user,"
            "credit_collection.credit_collection_group_manager,sales_team.group_sale_manager",
        )
        dialogs = [
            name
            for name, model in self.env.registry.items()
            if model._transient and model._original_module == "credit_collection"
        ]
        self.assertGreater(len(dialogs), 15)
        for name in dialogs:
            with self.subTest(name):
                [dialog] = self._raw(name)
                self.assertEqual(dialog.with_user(self.manager).search([]), dialog)
                other = dialog.with_user(colleague)
                self.assertFalse(other.search([]))
                for mode in ("read", "write", "unlink"):
                    with self.assertRaises(AccessError, msg=mode):
                        other.browse(dialog.id).check_access(mode)

    def _raw(self, name):
        """A row of the dialog that belongs to the manager, whatever its fields need."""
        Model = self.env[name]
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_nullable = 'NO' AND column_name != 'id'",
            (Model._table,),
        )
        needed = [column for (column,) in self.env.cr.fetchall()]
        for column in needed:  # in this transaction only
            self.env.cr.execute(f'ALTER TABLE "{Model._table}" ALTER "{column}" DROP NOT NULL')
        self.env.cr.execute(
            f'INSERT INTO "{Model._table}" (create_uid, write_uid) VALUES (%s, %s) RETURNING id',
            (self.manager.id, self.manager.id),
        )
        return Model.browse(self.env.cr.fetchone()[0])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_request_for_a_limit_is_not_changed_by_a_colleague(self):
        wizard = (
            self.env["credit.limit.request"]
            .with_user(self.salesperson)
            .create({"partner_id": self.customer.id, "amount": 999.0, "reason": "Grows"})
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.officer).write({"amount": 999_999.0})
        self.assertEqual(wizard.amount, 999.0)
