"""A database in use before, with and after the module; fed to ``odoo shell``."""

from odoo.fields import Command

MODULE = "credit_collection"

# The rows of a database that a module may leave behind, each by a name that people know it by.
TRACES = {
    "columns": "SELECT table_name || '.' || column_name FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "selections": "SELECT field_id || '.' || value FROM ir_model_fields_selection",
    "constraints of models": "SELECT name FROM ir_model_constraint",
    "relations": "SELECT name FROM ir_model_relation",
    "access rights": "SELECT name FROM ir_model_access",
    "rules": "SELECT id || name FROM ir_rule",
    "groups": "SELECT id || name::text FROM res_groups",
    "implied groups": "SELECT gid || '>' || hid FROM res_groups_implied_rel",
    "privileges": "SELECT name::text FROM res_groups_privilege",
    "categories": "SELECT name::text FROM ir_module_category",
    "views": "SELECT id || name FROM ir_ui_view",
    "menus": "SELECT id || name::text FROM ir_ui_menu",
    "actions": "SELECT id || name::text FROM ir_actions",
    "scheduled actions": "SELECT id::text FROM ir_cron",
    "number sequences": "SELECT id || name FROM ir_sequence",
    "activity types": "SELECT id || name::text FROM mail_activity_type",
    "activities": "SELECT id::text FROM mail_activity",
    "templates": "SELECT id || name::text FROM mail_template",
    "subtypes": "SELECT id || name::text FROM mail_message_subtype",
    "reports": "SELECT id || report_name FROM ir_act_report_xml",
    "parameters": "SELECT key FROM ir_config_parameter",
    "defaults": "SELECT id::text FROM ir_default",
    "assets": "SELECT path FROM ir_asset",
    "external ids": "SELECT module || '.' || name FROM ir_model_data"
    f" WHERE module = '{MODULE}' OR model LIKE 'credit.%'",
    "messages": "SELECT id::text FROM mail_message WHERE model LIKE 'credit.%'",
    "followers": "SELECT id::text FROM mail_followers WHERE res_model LIKE 'credit.%'",
    "attachments": "SELECT id || name FROM ir_attachment WHERE res_model LIKE 'credit.%'",
}
# Odoo itself makes these when the registry is loaded or a menu is shown.
HARMLESS = {"base.module_install_token"}
DOCUMENTS = (
    "sale_order",
    "sale_order_line",
    "account_move",
    "account_move_line",
    "stock_picking",
    "stock_move",
    "account_payment",
    "account_partial_reconcile",
)


def rows(query):
    env.cr.execute(query)
    return {row[0] for row in env.cr.fetchall()} - HARMLESS


def traces():
    return {name: rows(query) for name, query in TRACES.items()}


def documents(columns):
    """Each document of the database, word for word, in the columns that it had at first."""
    return {
        table: rows(
            f"SELECT row_to_json(d)::text FROM (SELECT {', '.join(columns[table])} FROM {table}) d"
        )
        for table in DOCUMENTS
    }


def document_columns():
    return {
        table: sorted(
            f'"{column.split(".")[1]}"'
            for column in rows(TRACES["columns"])
            if column.split(".")[0] == table
        )
        for table in DOCUMENTS
    }


def fill():
    """Two customers, one with a limit; a quotation, a sale, an invoice, a part paid one."""
    pump = env["product.product"].create(
        {"name": "Pump", "type": "consu", "invoice_policy": "delivery", "list_price": 100}
    )
    customers = env["res.partner"].create(
        [{"name": name, "is_company": True} for name in ("Limited", "Boundless")]
    )
    customers[0].credit_limit = 5000.0
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customer.id,
                "order_line": [
                    Command.create({"product_id": pump.id, "product_uom_qty": quantity})
                ],
            }
            for customer in customers
            for quantity in (1, 3, 9)
        ]
    )
    sold = orders[1:3] | orders[4:6]
    sold.action_confirm()
    sold.picking_ids[:2].move_ids.write({"quantity": 1, "picked": True})
    sold.picking_ids[:2].with_context(skip_backorder=True).button_validate()
    invoices = sold._create_invoices()
    invoices[:1].action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoices[:1].ids
    ).create({"amount": 10.0})._create_payments()
    env.cr.commit()
    return customers


def module(button):
    """Install, update or uninstall as the Apps page does."""
    record = env["ir.module.module"].search([("name", "=", MODULE)])
    getattr(record, button)()
    env.transaction.reset()
    env.cr.commit()


def check(title, condition, detail=""):
    assert condition, f"{title}: {detail}"
    print("ok:", title)


def check_same(title, before, after):
    for name, old in before.items():
        more, less = sorted(after[name] - old)[:20], sorted(old - after[name])[:20]
        check(f"{title}: {name}", not more and not less, f"more {more}, less {less}")


def check_installed(customers):
    limited, boundless = (
        env["credit.position"].search([("partner_id", "=", customer.id)]) for customer in customers
    )
    check("native limit taken over", limited.credit_limit == 5000.0, limited.credit_limit)
    check("no limit is no limit", boundless.unlimited, boundless.credit_limit)
    check("exposure counted", limited.exposure > 0 and boundless.exposure > 0)
    native = env["res.partner"].browse(customers.ids).mapped("credit_limit")
    check("native limits kept", native == [5000.0, 0.0], native)


def change():
    """What people set up in the module's own records."""
    policy = env.company.credit_default_policy_id
    policy.write({"name": "Ours", "grace_days": 7, "default_limit": 123.0})
    policy.rule_ids[1:].unlink()
    policy.rule_ids.write({"tolerance_percent": 12.5})
    for name in ("credit_hold_cron", "credit_limit_cron"):
        env.ref(f"{MODULE}.{name}").interval_number = 3
    env.ref(f"{MODULE}.credit_hold_reason_paid").name = "Money in sight"
    env.ref(f"{MODULE}.credit_hold_reason_risk").unlink()
    env["mail.template"].search([("model", "like", "credit.")]).subject = "Ours"
    env.cr.commit()


def check_kept():
    policy = env.company.credit_default_policy_id
    kept = (policy.name, policy.grace_days, policy.default_limit, len(policy.rule_ids))
    check("policy kept", kept == ("Ours", 7, 123.0, 1), kept)
    check("rule kept", policy.rule_ids.tolerance_percent == 12.5)
    check("cron kept", env.ref(f"{MODULE}.credit_hold_cron").interval_number == 3)
    reason = env.ref(f"{MODULE}.credit_hold_reason_paid").name
    check("reason kept", reason == "Money in sight", reason)
    gone = env.ref(f"{MODULE}.credit_hold_reason_risk", raise_if_not_found=False)
    check("deleted reason stays deleted", not gone)
    subjects = env["mail.template"].search([("model", "like", "credit.")])
    check("templates kept", all(name == "Ours" for name in subjects.mapped("subject")))
    limits = env["credit.limit"].search([]).mapped("state")
    check("limits not taken over twice", limits == ["approved"], limits)


customers = fill()
columns = document_columns()
# Modules that came to the path since the base was made bring their categories.
env["ir.module.module"].update_list()
env.cr.commit()
before, papers = traces(), documents(columns)
module("button_immediate_install")
check_same("untouched by installing", papers, documents(columns))
check_installed(customers)
change()
module("button_immediate_upgrade")
check_same("untouched by updating", papers, documents(columns))
check_kept()
module("button_immediate_uninstall")
check_same("untouched by uninstalling", papers, documents(columns))
check_same("left behind", before, traces())
print("Installed, updated, uninstalled: the database is as it was.")
