from odoo import models
from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.tools.pdf import merge_pdf

MODELS = ("credit.followup", "credit.account")


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

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
