"""Compiles what the browser loads; fed to ``odoo shell``.

Without it the first page of every test worker takes so long that other requests time out.
"""

for bundle in ("web.assets_web", "web.assets_frontend_minimal", "web.assets_frontend_lazy"):
    env["ir.qweb"]._get_asset_bundle(bundle, css=False, js=True).js()
for bundle in ("web.assets_web", "web.assets_frontend"):
    env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False).css()
env.cr.commit()
