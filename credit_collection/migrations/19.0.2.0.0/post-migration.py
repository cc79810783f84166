from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What was decided before there was an audit chain is its beginning."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["credit.audit.entry"]._take_over()
    env["res.company"].search([("parent_id", "=", False)])._credit_ship_rating()
    # What was credited of disputed items is known by dispute, match and day from now on.
    disputes = env["credit.dispute"].search([("move_line_id", "!=", False)])
    open_ones = disputes.filtered(lambda dispute: dispute.state in ("open", "accepted"))
    items = set(open_ones.move_line_id.ids)
    disputes.filtered(lambda dispute: dispute.move_line_id.id in items)._share_credits()
