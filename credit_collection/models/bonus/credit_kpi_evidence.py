from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.sql import without_jit
from ..figures.credit_kpi_rows import COLUMNS
from ..ledger.account_move import NATURES


class CreditKpiEvidence(models.Model):
    """The rows behind the numbers of a sheet, as they were when it was computed."""

    _name = "credit.kpi.evidence"
    _description = "Key Figures Evidence"
    _order = "kind, amount desc, id"

    sheet_id = fields.Many2one(
        "credit.kpi.sheet", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("receivable", "Receivable"),
            ("sales", "Sale"),
            ("received", "Cash"),
            ("settled", "Settled without money"),
            ("opening", "Receivable before"),
            ("history", "Earlier sales"),
        ],
        readonly=True,
    )
    nature = fields.Selection(NATURES, string="Settled With", readonly=True)
    name = fields.Char("Document", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, ondelete="set null", index="btree_not_null"
    )
    origin_id = fields.Many2one(
        "account.move", "Settles", readonly=True, ondelete="set null", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null", index="btree_not_null"
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null", index="btree_not_null"
    )
    partner_name = fields.Char("Customer Then", readonly=True)
    user_name = fields.Char("Salesperson Then", readonly=True)
    date = fields.Date(readonly=True)
    date_start = fields.Date("Invoice Date", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    days = fields.Integer("Days Overdue", readonly=True, aggregator="max")
    is_overdue = fields.Boolean("Overdue", readonly=True)
    amount = fields.Monetary(readonly=True)
    excused = fields.Monetary(
        "Disputed, No Fault of Sales", readonly=True, help="Schemes can leave this part out."
    )

    @api.model
    def _keep(self, sheet):
        """Replace the evidence of ``sheet`` by the rows of today's ledger."""
        self.flush_model()
        without_jit(self.env)
        Kpi, company = self.env["credit.kpi"], sheet.company_id
        rows = {
            "receivable": Kpi._receivable_rows(company, sheet._closing_day()),
            "sales": Kpi._sales_rows(company, sheet.date_from, sheet.date_to),
            "received": Kpi._cash_rows(company, sheet.date_from, sheet.date_to),
            "settled": Kpi._settled_rows(company, sheet.date_from, sheet.date_to),
            "opening": Kpi._opening_rows(company, sheet.date_from),
            "history": Kpi._history_rows(company, sheet.date_from),
        }
        self.env.execute_query(
            SQL("DELETE FROM credit_kpi_evidence WHERE sheet_id = %s RETURNING id", sheet.id)
        )
        columns = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        for kind, source in rows.items():
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO credit_kpi_evidence (sheet_id, company_id, kind, %(columns)s)
                    SELECT %(sheet)s, %(company)s, %(kind)s, %(columns)s FROM (%(rows)s) AS source
                    RETURNING id
                    """,
                    columns=columns,
                    sheet=sheet.id,
                    company=company.id,
                    kind=kind,
                    rows=source,
                )
            )
        # Customers are merged and renamed, people leave: what was closed says who it was.
        self.env.execute_query(
            SQL(
                """
                UPDATE credit_kpi_evidence evidence
                   SET partner_name = customer.name, user_name = person.name
                  FROM credit_kpi_evidence own
                  LEFT JOIN res_partner customer ON customer.id = own.partner_id
                  LEFT JOIN res_users seller ON seller.id = own.user_id
                  LEFT JOIN res_partner person ON person.id = seller.partner_id
                 WHERE own.id = evidence.id AND own.sheet_id = %s
                RETURNING evidence.id
                """,
                sheet.id,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _kept_rows(self, sheet) -> dict:
        """The rows that were kept for a sheet, by kind, as the SQL that read them gave them."""
        columns = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        return {
            kind: SQL(
                "SELECT %s FROM credit_kpi_evidence WHERE sheet_id = %s AND kind = %s",
                columns,
                sheet.id,
                kind,
            )
            for kind in ("receivable", "received", "opening", "sales", "history")
        }

    @api.model
    def _control_difference(self, sheet):
        """The open items that were kept less the balance of the trade accounts that day."""
        company = sheet.company_id
        [(items,)] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(amount), 0) FROM credit_kpi_evidence"
                " WHERE sheet_id = %s AND kind = 'receivable'",
                sheet.id,
            )
        )
        balance, _later = self.env["credit.open.item"]._control_ledger(
            company, sheet._closing_day()
        )
        return company.currency_id.round(items - balance)

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse()

    @api.model
    def _refuse(self):
        raise UserError(self.env._("Evidence is made by computing a sheet, never by hand."))

    def action_open_document(self):
        """Open the entry behind a row."""
        self.ensure_one()
        self.check_access("read")
        if not self.move_id.has_access("read"):
            raise AccessError(self.env._("You may not read this entry."))
        return self.move_id.get_formview_action()
