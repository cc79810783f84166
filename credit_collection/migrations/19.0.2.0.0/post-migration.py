from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What was decided before there was an audit chain is its beginning."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["credit.audit.entry"]._take_over()
    # What was credited of open disputes is known by match and day from now on.
    env["credit.dispute"].search(
        [("state", "in", ("open", "accepted")), ("move_line_id", "!=", False)]
    )._share_credits()
