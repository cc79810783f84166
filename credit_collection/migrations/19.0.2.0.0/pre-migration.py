from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    """The company's default policy had the name of a field of OCA's ``account_credit_control``.

    Where that add-on was installed, ours could not be: the column of an earlier version of this
    add-on is ours.
    """
    old, new = "credit_policy_id", "credit_default_policy_id"
    if column_exists(cr, "res_company", old) and not column_exists(cr, "res_company", new):
        rename_column(cr, "res_company", old, new)
