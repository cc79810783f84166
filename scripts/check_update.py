"""Walks an updated database: every record is read whole; evidence still says what it said."""

company = env.company  # noqa: F821
read = 0
for name, model in sorted(env.registry.items()):  # noqa: F821
    if not name.startswith("credit.") or model._abstract or model._transient:
        continue
    records = env[name].search([])  # noqa: F821
    for field in records._fields.values():
        for record in records:
            record[field.name]
            read += 1
for hold in env["credit.hold"].search([]):  # noqa: F821
    message = hold.action_recompute()["params"]
    assert message["type"] == "success", (hold.name, message)
    assert hold.kind, hold.name
for sheet in env["credit.kpi.sheet"].search([]):  # noqa: F821
    env["credit.kpi.xlsx"]._build(sheet, evidence=True)  # noqa: F821
    html, _kind = env["ir.actions.report"]._render_qweb_html(  # noqa: F821
        "credit_collection.credit_bonus_statement", sheet.line_ids.ids
    )
    assert html
count, entry, why = env["credit.audit.entry"]._verify(company)  # noqa: F821
assert count and not why, why
# A corrected rule reached the database, and will again.
rules = env["ir.model.data"].search(  # noqa: F821
    [("module", "=", "credit_collection"), ("model", "=", "ir.rule")]
)
stale = rules.filtered("noupdate").mapped("name")
assert rules and not stale, stale
[domain] = env.ref("credit_collection.credit_open_item_rule_company").mapped("domain_force")  # noqa: F821
assert "branch_id" in domain, domain
# The day goes on: letters, promises, snapshots, sheets.
env["credit.promise"]._cron_judge()  # noqa: F821
env["credit.followup"]._plan(company)  # noqa: F821
env["credit.limit"]._cron_expire()  # noqa: F821
print(f"works: {read} values read, {count} audit entries verified")
