from odoo.tools.sql import column_exists, rename_column

# Views that patched our own forms; what they showed stands in the one form of each model now.
MERGED_VIEWS = (
    "credit_account_desk_view_form",
    "credit_account_view_form_followup",
    "credit_account_view_list_followup",
    "credit_account_view_search_followup",
    "credit_policy_desk_view_form",
    "credit_policy_view_form_followup",
)


def migrate(cr, version):
    _rename_default_policy(cr)
    _drop_merged_views(cr)


def _rename_default_policy(cr):
    """The company's default policy had the name of a field of OCA's ``account_credit_control``.

    Where that add-on was installed, ours could not be: the column of an earlier version of this
    add-on is ours.
    """
    old, new = "credit_policy_id", "credit_default_policy_id"
    if column_exists(cr, "res_company", old) and not column_exists(cr, "res_company", new):
        rename_column(cr, "res_company", old, new)


def _drop_merged_views(cr):
    """They would be applied to the merged forms, whose parts they look for are gone."""
    cr.execute(
        """
        DELETE FROM ir_ui_view WHERE id IN (
            SELECT res_id FROM ir_model_data
             WHERE module = 'credit_collection' AND model = 'ir.ui.view' AND name IN %s)
        """,
        [MERGED_VIEWS],
    )
    cr.execute(
        "DELETE FROM ir_model_data"
        " WHERE module = 'credit_collection' AND model = 'ir.ui.view' AND name IN %s",
        [MERGED_VIEWS],
    )
