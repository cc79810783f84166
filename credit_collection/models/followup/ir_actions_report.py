from odoo import models
from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.exceptions import AccessError
from odoo.tools.pdf import merge_pdf

MODELS = (
    "credit.followup",
    "credit.account",
    "credit.interest.claim",
    "credit.plan",
    "credit.netting",
    "credit.assignment",
)
PREFIX = "credit_collection."


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        # EXTENDS 'base': Odoo hides a report's menu, but renders it for whoever knows its name
        if report.report_name.startswith(PREFIX) and not self.env.su:
            report._credit_check_reader(self.env[report.model].browse(docids or ()))
        return super()._get_rendering_context(report, docids, data)

    def _credit_check_reader(self, documents):
        """Raise unless the user may read these documents and print this report (sudo)."""
        groups = self.group_ids
        user = documents.env.user
        if not user._is_internal() or (groups and not groups & user.all_group_ids):
            raise AccessError(documents.env._("You may not print %(report)s.", report=self.name))
        documents.check_access("read")

    def _run_wkhtmltopdf(self, bodies, report_ref=False, **kwargs):
        # EXTENDS 'base': many letters in one print job, also with the wkhtmltopdf of the
        # distributions, which takes one document at a time
        if (
            len(bodies) > 1
            and report_ref
            and not _wkhtml().is_patched_qt
            and self._get_report(report_ref).model in MODELS
        ):
            return merge_pdf(
                [self._run_wkhtmltopdf([body], report_ref=report_ref, **kwargs) for body in bodies]
            )
        return super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **kwargs)
