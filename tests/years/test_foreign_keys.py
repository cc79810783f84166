"""Deleting or merging a record asks every table that refers to it: each has an index for that."""

from odoo.tests import TransactionCase, tagged

# Nobody deletes a currency: an index on each amount's currency would only slow writing.
NEVER_DELETED = ("res_currency",)


@tagged("post_install", "-at_install")
class TestForeignKeys(TransactionCase):
    def test_every_foreign_key_of_ours_has_an_index(self):
        self.env.cr.execute(
            """
            SELECT con.conrelid::regclass::text, att.attname
              FROM pg_constraint con
              JOIN pg_attribute att
                ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
             WHERE con.contype = 'f' AND array_length(con.conkey, 1) = 1
               AND (con.conrelid::regclass::text LIKE 'credit\\_%%'
                    OR att.attname LIKE 'credit\\_%%')
               AND con.confrelid::regclass::text NOT IN %s
               AND att.attname NOT IN ('create_uid', 'write_uid')
               AND NOT EXISTS (SELECT FROM pg_index idx
                                WHERE idx.indrelid = con.conrelid AND idx.indkey[0] = att.attnum)
             ORDER BY 1, 2
            """,
            (NEVER_DELETED,),
        )
        # Dialogs are few rows, swept every day.
        dialogs = {model._table for model in self.env.registry.values() if model._transient}
        missing = [
            f"{table}.{column}" for table, column in self.env.cr.fetchall() if table not in dialogs
        ]
        self.assertFalse(missing, 'Give these many2one fields index=True or index="btree_not_null"')
