from odoo import models
from odoo.tools import SQL

# What else names a record by model and id.
BY_MODEL_AND_ID = (("mail_message", "model"), ("mail_activity", "res_model"))


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS 'base': merge the credit files first, or those of the merged contacts would be
        # deleted with their whole history
        accounts = (
            self.env["credit.account"]
            .sudo()
            .search([("partner_id", "in", (src_partners | dst_partner).ids)], order="id")
        )
        for files in accounts.grouped("company_id").values():
            kept = files.filtered(lambda file: file.partner_id == dst_partner)[:1] or files[0]
            (files - kept)._merge_into(kept)
        return super()._update_foreign_keys(src_partners, dst_partner)


class CreditAccount(models.Model):
    _inherit = "credit.account"

    def _merge_into(self, kept):
        """Move everything of these files (sudo) to another file of the company, and delete them.

        Messages that wait are cancelled: the next plan looks at the merged customer.
        """
        if not self:
            return
        waiting = self.followup_ids.filtered(lambda f: f.state in ("draft", "queued"))
        waiting.filtered(lambda f: not f.mail_message_id)._move(
            "cancel", {"cancel_reason": self.env._("The customer was merged with another.")}
        )
        waiting.filtered("mail_message_id")._move("deliver")
        self.env.flush_all()
        for table, column in self.env["base.partner.merge.automatic.wizard"]._get_fk_on(
            self._table
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s IN %s",
                    SQL.identifier(table), SQL.identifier(column), kept.id,
                    SQL.identifier(column), tuple(self.ids),
                )
            )  # fmt: skip
        for table, column in BY_MODEL_AND_ID:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET res_id = %s WHERE %s = %s AND res_id IN %s",
                    SQL.identifier(table), kept.id, SQL.identifier(column), self._name,
                    tuple(self.ids),
                )
            )  # fmt: skip
        self.env.invalidate_all()
        self.unlink()
