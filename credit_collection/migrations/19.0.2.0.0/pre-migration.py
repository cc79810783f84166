from odoo.tools import SQL
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
    _rename_levels_in_favourites(cr)
    _drop_merged_views(cr)
    _let_rules_follow_releases(cr)
    _one_snapshot_a_day(cr)
    _name_the_kind_of_old_holds(cr)


def _rename_default_policy(cr):
    """The company's default policy had the name of a field of OCA's ``account_credit_control``.

    Where that add-on was installed, ours could not be: the column of an earlier version of this
    add-on is ours.
    """
    old, new = "credit_policy_id", "credit_default_policy_id"
    if column_exists(cr, "res_company", old) and not column_exists(cr, "res_company", new):
        rename_column(cr, "res_company", old, new)


def _rename_levels_in_favourites(cr):
    """What invoices say of follow-up bears our prefix now, in people's favourite searches too."""
    for column in ("domain", "context", "sort"):
        cr.execute(
            SQL(
                "UPDATE ir_filters SET %(name)s = regexp_replace(%(name)s,"
                " '\\mfollowup_(level_id|next_|line_ids)', 'credit_followup_\\1', 'g')"
                " WHERE model_id = 'account.move' AND %(name)s ~ '\\mfollowup_'",
                name=SQL.identifier(column),
            )
        )
    # By way of an item of the ledger, and in lists of fields to export.
    for column in ("domain", "context", "sort"):
        cr.execute(
            SQL(
                "UPDATE ir_filters SET %(name)s = regexp_replace(%(name)s,"
                " '\\mmove_id\\.followup_(level_id|next_|line_ids)',"
                " 'move_id.credit_followup_\\1', 'g')"
                " WHERE model_id = 'account.move.line' AND %(name)s ~ 'move_id\\.followup_'",
                name=SQL.identifier(column),
            )
        )
    cr.execute(
        """
        UPDATE ir_exports_line line
           SET name = regexp_replace(line.name,
               '^followup_(level_id|next_|line_ids)', 'credit_followup_\\1')
          FROM ir_exports export
         WHERE export.id = line.export_id AND export.resource = 'account.move'
           AND line.name ~ '^followup_'
        """
    )


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


def _let_rules_follow_releases(cr):
    """Record rules were written once and never again: a corrected one did not reach a database."""
    cr.execute(
        "UPDATE ir_model_data SET noupdate = FALSE"
        " WHERE module = 'credit_collection' AND model = 'ir.rule'"
    )


def _one_snapshot_a_day(cr):
    """Two jobs at once had doubled days; the unique index needs each row once."""
    cr.execute(
        """
        DELETE FROM credit_snapshot twice USING credit_snapshot kept
         WHERE kept.id < twice.id AND kept.company_id = twice.company_id AND kept.date = twice.date
           AND kept.partner_id IS NOT DISTINCT FROM twice.partner_id
           AND kept.user_id IS NOT DISTINCT FROM twice.user_id
           AND kept.team_id IS NOT DISTINCT FROM twice.team_id
        """
    )


def _name_the_kind_of_old_holds(cr):
    """Holds made before there was a kind say it in their findings."""
    cr.execute(
        """
        UPDATE credit_hold hold SET kind = found.kind
          FROM (SELECT DISTINCT ON (hold.id) hold.id, finding.value ->> 'kind' AS kind
                  FROM credit_hold hold,
                       jsonb_array_elements(hold.findings::jsonb) WITH ORDINALITY
                       AS finding(value, position)
                 WHERE hold.kind IS NULL AND jsonb_typeof(hold.findings::jsonb) = 'array'
                   AND finding.value ->> 'consequence' = 'hold'
                 ORDER BY hold.id, finding.position) AS found
         WHERE found.id = hold.id
        """
    )
