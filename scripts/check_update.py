"""Walks an updated database: every record is read whole; evidence still says what it said."""

company = env.company
read = 0
for name, model in sorted(env.registry.items()):
    if not name.startswith("credit.") or model._abstract or model._transient:
        continue
    records = env[name].search([])
    for field in records._fields.values():
        for record in records:
            record[field.name]
            read += 1
for hold in env["credit.hold"].search([]):
    message = hold.action_recompute()["params"]
    assert message["type"] == "success", (hold.name, message)
    assert hold.kind, hold.name
for sheet in env["credit.kpi.sheet"].search([]):
    env["credit.kpi.xlsx"]._build(sheet, evidence=True)
    html, _kind = env["ir.actions.report"]._render_qweb_html(
        "credit_collection.credit_bonus_statement", sheet.line_ids.ids
    )
    assert html
count, entry, why = env["credit.audit.entry"]._verify(company)
assert count and not why, why
# A corrected rule reached the database, and will again.
rules = env["ir.model.data"].search(
    [("module", "=", "credit_collection"), ("model", "=", "ir.rule")]
)
stale = rules.filtered("noupdate").mapped("name")
assert rules and not stale, stale
[domain] = env.ref("credit_collection.credit_open_item_rule_company").mapped("domain_force")
assert "branch_id" in domain, domain
# The day goes on: letters, promises, snapshots, sheets.
env["credit.promise"]._cron_judge()
env["credit.followup"]._plan(company)
env["credit.limit"]._cron_expire()
print(f"works: {read} values read, {count} audit entries verified")
