from odoo.tools import SQL


def post_init_hook(env):
    """Give each company its policy, each customer with anything open a file, and take over the
    native limits.  No order and no invoice is touched."""
    # Of a table that was never looked at PostgreSQL thinks that it has thousands of rows.
    tables = sorted(model._table for model in env.values() if _is_ours(model))
    env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(map(SQL.identifier, tables))))
    env["res.company"].search([])._create_default_credit_policies()
    env["credit.account"]._ensure_open()
    env["credit.limit"]._take_over_native()


def _is_ours(model):
    return model._auto and not model._abstract and model._module == "credit_collection"


def uninstall_hook(env):
    """Give the groups of Invoicing back as they were, and take our foreign keys off Odoo's list:
    it forgets those on its own tables when their columns go."""
    env.cr.execute(
        SQL(
            """
            DELETE FROM res_groups_implied_rel
             WHERE hid IN (SELECT res_id FROM ir_model_data
                            WHERE module = 'credit_collection' AND model = 'res.groups')
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_constraint
             WHERE type = 'f'
               AND module = (SELECT id FROM ir_module_module WHERE name = 'credit_collection')
            """
        )
    )
    # Levels keep their templates from being deleted; both go.
    env.cr.execute(SQL("UPDATE credit_followup_level SET mail_template_id = NULL"))
