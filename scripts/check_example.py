"""Run in Odoo's shell: an order of a customer abroad is held by the example's rule."""

from odoo.fields import Command

company = env.company
company.country_id = env.ref("base.be")
rule = {"name": "Abroad", "kind": "abroad", "amount": 100.0, "consequence": "hold"}
company.credit_default_policy_id.write({"observe_only": False, "rule_ids": [Command.create(rule)]})
product = env["product.product"].create({"name": "Pump", "list_price": 500.0, "taxes_id": False})


def confirm(country):
    customer = env["res.partner"].create({"name": country, "country_id": env.ref(country).id})
    line = Command.create({"product_id": product.id, "product_uom_qty": 1})
    order = env["sale.order"].create({"partner_id": customer.id, "order_line": [line]})
    order.action_confirm()
    return order


assert confirm("base.be").state == "sale"
held = confirm("base.fr")
assert held.credit_state == "held", held.state
assert held.sudo().credit_hold_ids.reason == "The customer is in France: somebody has to look."
print("Example add-on: its rule holds an order of a customer abroad.")
