from markupsafe import Markup
from odoo import models

# Where one begins when a list is empty: its model -> the menus of what fills it.
BEGINNINGS = {
    "credit.position": ("credit_onboarding_menu", "credit_collection_menu_policies"),
    "credit.hold": ("credit_onboarding_menu", "credit_collection_menu_policies"),
    "credit.limit": ("credit_collection_menu_customers", "credit_limit_propose_menu"),
    "credit.worklist": ("credit_collection_menu_customers",),
    "credit.followup": ("credit_collection_menu_followups_plan", "credit_collection_menu_policies"),
    "credit.followup.run": ("credit_collection_menu_followups_plan",),
    "credit.reply": ("credit_collection_menu_followups",),
    "credit.request": ("credit_collection_menu_to_do",),
    "credit.portal.link": ("credit_collection_menu_followups",),
    "credit.promise": ("credit_collection_menu_to_do",),
    "credit.promise.line": ("credit_collection_menu_to_do",),
    "credit.plan": ("credit_collection_menu_to_do",),
    "credit.dispute": ("credit_collection_menu_to_do",),
    "credit.contact": ("credit_collection_menu_to_do",),
    "credit.contact.effect": ("credit_collection_menu_to_do",),
    "credit.collector.activity": ("credit_collection_menu_to_do",),
    "credit.open.item": ("credit_collection_menu_customers",),
    "credit.aging": ("credit_collection_menu_customers",),
    "credit.rating": ("credit_collection_menu_customers", "credit_scorecard_menu"),
    "credit.early.warning": ("credit_signal_kind_menu",),
    "credit.signal": ("credit_signal_kind_menu",),
    "credit.checklist": ("credit_checklist_template_menu",),
    "credit.financials": ("credit_rating_import_menu",),
    "credit.agency.report": ("credit_rating_import_menu",),
    "credit.case": ("credit_collection_menu_to_do",),
    "credit.limitation": ("credit_collection_menu_limitation_laws",),
    "credit.limitation.event": ("credit_collection_menu_limitation",),
    "credit.cover.deadline": ("credit_collection_menu_collateral",),
    "credit.balance.confirmation": ("credit_collection_menu_confirmation_run",),
    "credit.interest.claim": ("credit_interest_mass_menu",),
    "credit.interest.line": ("credit_interest_claim_menu",),
    "credit.write.off": ("credit_collection_menu_open_items",),
    "credit.snapshot": ("credit_snapshot_rebuild_menu",),
    "credit.forecast": ("credit_forecast_now_menu",),
    "credit.forecast.line": ("credit_forecast_now_menu",),
    "credit.cash.plan": ("credit_cash_plan_month_menu",),
    "credit.kpi.sheet.line": ("credit_kpi_sheet_menu",),
    "credit.asset.share": ("credit_snapshot_rebuild_menu",),
    "credit.guide.result": ("credit_collection_menu_guide",),
}


class IrActionsActWindow(models.Model):
    _inherit = "ir.actions.act_window"

    def read(self, fields=None, load="_classic_read"):
        # EXTENDS 'base': an empty list of ours leads to where one begins
        result = super().read(fields, load=load)
        for values in result:
            menus = BEGINNINGS.get(values.get("res_model"))
            if menus and "help" in values:
                values["help"] = (values["help"] or "") + self._credit_beginnings(menus)
        return result

    def _credit_beginnings(self, names):
        """Links to these menus, as far as the user has them."""
        visible = self.sudo(False).env["ir.ui.menu"]._visible_menu_ids()
        links = Markup()
        for name in names:
            menu = self.env.ref(f"credit_collection.{name}", raise_if_not_found=False)
            menu = menu.sudo() if menu else self.env["ir.ui.menu"]
            # With all that it stands under.
            places = {int(place) for place in (menu.parent_path or "").split("/") if place}
            if menu.action and places <= visible:
                place = menu.action.path or f"action-{menu.action.id}"
                links += Markup('<a class="btn btn-link" href="/odoo/%s">%s</a>') % (
                    place,
                    menu.name,
                )
        return links and Markup("<p>%s</p>") % links
