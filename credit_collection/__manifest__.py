{
    "name": "Credit & Collections",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "summary": "Credit limits, holds, follow-up, promises, aging and bonuses",
    "author": "Credit & Collections maintainers",
    "website": "https://github.com/credit-collection/credit_collection",
    "license": "LGPL-3",
    "depends": ["account", "sale_stock"],
    "data": [
        "security/credit_collection_groups.xml",
        "security/ir.model.access.csv",
        "security/credit_collection_rules.xml",
        "data/credit_collection_data.xml",
        "data/credit_shipment_data.xml",
        "wizards/credit_wizard_views.xml",
        "wizards/credit_policy_simulation_views.xml",
        "views/credit_account_views.xml",
        "views/credit_position_views.xml",
        "views/credit_open_item_views.xml",
        "views/credit_limit_views.xml",
        "views/credit_hold_reason_views.xml",
        "views/credit_hold_views.xml",
        "views/credit_policy_views.xml",
        "views/sale_order_views.xml",
<<<<<<< HEAD
        "views/sale_portal_templates.xml",
=======
        "views/stock_picking_views.xml",
>>>>>>> main
        "views/res_partner_views.xml",
        "views/res_users_views.xml",
        "views/res_config_settings_views.xml",
        "views/credit_collection_menus.xml",
    ],
    "demo": [
        "demo/credit_demo_people.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "credit_collection/static/src/credit_banner/**/*",
        ],
        "web.assets_tests": [
            "credit_collection/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
    "application": True,
}
