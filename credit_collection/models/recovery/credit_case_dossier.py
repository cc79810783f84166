import io
import re
import zipfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...tools import sentences
from ...tools.rooms import is_on

# The sections of a dossier in their order; of each the method that lists its papers.
SECTIONS = (
    ("contract", "_papers_contract"),
    ("orders", "_papers_orders"),
    ("deliveries", "_papers_deliveries"),
    ("invoices", "_papers_invoices"),
    ("statement", "_papers_statement"),
    ("interest", "_papers_interest"),
    ("letters", "_papers_letters"),
    ("plans", "_papers_plans"),
    ("confirmations", "_papers_confirmations"),
    ("history", "_papers_history"),
    ("checklists", "_papers_checklists"),
    ("steps", "_papers_steps"),
)


class CreditCaseDossier(models.Model):
    """All papers of a case in one ZIP with an index, built paper by paper in the background."""

    _name = "credit.case.dossier"
    _description = "Dossier of a Case"
    _order = "id desc"
    _rec_name = "case_id"

    case_id = fields.Many2one("credit.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    paper_ids = fields.One2many("credit.case.paper", "dossier_id", "Papers", readonly=True)
    missing = fields.Text(compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Papers ready, in percent.")
    attachment_id = fields.Many2one(
        "ir.attachment", "ZIP", readonly=True, index="btree_not_null", ondelete="set null"
    )
    built_on = fields.Datetime(readonly=True)
    state = fields.Selection(
        [("building", "Being Built"), ("done", "Ready")],
        required=True,
        readonly=True,
        default="building",
        index=True,
    )

    @api.depends("paper_ids.state")
    def _compute_progress(self):
        for dossier in self:
            papers = dossier.paper_ids
            ready = papers.filtered(lambda paper: paper.state != "waiting")
            dossier.progress = 100 * len(ready) / len(papers) if papers else 0.0
            gone = papers.filtered(lambda paper: paper.state == "missing")
            dossier.missing = "\n".join(paper.name for paper in gone)

    def action_download(self):
        """Download the ZIP."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/dossier.zip?dossier={self.id}",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # Building
    # ------------------------------------------------------------------

    def _list_documents(self):
        """Write down every paper that belongs into it, numbered; what is not there is missing."""
        self.ensure_one()
        number = 0
        values = []
        for section, method in SECTIONS:
            for name, record, attachment in getattr(self, method)():
                number += 1
                values.append(
                    {
                        "dossier_id": self.id,
                        "section": section,
                        "number": number,
                        "name": name,
                        "res_model": record._name if record else False,
                        "res_id": record.id if record else 0,
                        "attachment_id": attachment.id if attachment else False,
                        "state": "missing" if not record and not attachment else "waiting",
                    }
                )
        self.env["credit.case.paper"].create(values)

    def _missing_names(self):
        """What would be missing today."""
        return [
            name
            for _section, method in SECTIONS
            for name, record, attachment in getattr(self, method)()
            if not record and not attachment
        ]

    @api.model
    def _cron_build(self):
        """Render what waits, paper by paper; what dies in the middle goes on where it stood."""
        if not is_on(self.env, "cases"):
            return
        building = self.sudo().search([("state", "=", "building")], order="id")
        for dossier in building:
            waiting = dossier.paper_ids.filtered(lambda paper: paper.state == "waiting")
            for done, paper in enumerate(waiting, 1):
                paper._render()
                left = len(waiting) - done + 1
                if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                    return
            dossier._pack()
            self.env["ir.cron"]._commit_progress(1, remaining=0)

    def _pack(self):
        """The ZIP: the papers in folders by section, and the index."""
        self.ensure_one()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("000-index.pdf", self._index_pdf())
            for paper in self.paper_ids.filtered(lambda each: each.state == "ready"):
                archive.writestr(paper._path(), paper.attachment_id.raw or b"")
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.case_id.name.replace('/', '-')}.zip",
                "raw": stream.getvalue(),
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "state": "done",
                "attachment_id": attachment.id,
                "built_on": fields.Datetime.now(),
            }
        )
        self.case_id._message_log(
            body=self.env._(
                "The dossier is ready: %(papers)s papers, missing: %(missing)s.",
                papers=len(self.paper_ids),
                missing=len(self.paper_ids.filtered(lambda paper: paper.state == "missing")),
            )
        )

    def _index_words(self):
        """What the case asks for, in one sentence."""
        self.ensure_one()
        case = self.case_id

        def money(amount, strong=False):
            return sentences.money(self.env, amount, case.company_currency_id, strong)

        return self.env._(
            "Asked: %(asked)s, of it principal %(principal)s, interest %(interest)s, "
            "compensation %(compensation)s.",
            asked=money(case.asked, strong=True),
            principal=money(case.principal),
            interest=money(case.interest),
            compensation=money(case.compensation),
        )

    def _index_pdf(self):
        content, _kind = self.env["ir.actions.report"]._render(
            "credit_collection.credit_case_dossier_index", self.ids
        )
        return content

    # ------------------------------------------------------------------
    # The papers: (name, record to print or empty, attachment or empty)
    # ------------------------------------------------------------------

    def _moves(self):
        return self.case_id.sudo().move_line_ids.move_id

    def _papers_contract(self):
        """What is attached to the customer and the credit file."""
        Attachment = self.env["ir.attachment"].sudo()
        case = self.case_id
        found = Attachment.search(
            [
                "|",
                "&",
                ("res_model", "=", "res.partner"),
                ("res_id", "=", case.partner_id.id),
                "&",
                ("res_model", "=", "credit.account"),
                ("res_id", "=", case.account_id.id),
                ("res_field", "=", False),
            ]
        )
        if not found:
            return [(self.env._("Contract with the customer"), None, None)]
        return [(attachment.name, None, attachment) for attachment in found]

    def _orders(self):
        return self._moves().invoice_line_ids.sale_line_ids.order_id

    def _papers_orders(self):
        return [(self.env._("Order %s", order.name), order, None) for order in self._orders()]

    def _papers_deliveries(self):
        """The transfers of the orders; an invoice for goods without one lacks its proof."""
        pickings = self._orders().picking_ids.filtered(lambda picking: picking.state == "done")
        papers = [(self.env._("Delivery %s", picking.name), picking, None) for picking in pickings]
        for order in self._orders().filtered(lambda each: each.picking_ids):
            if not order.picking_ids & pickings:
                papers.append((self.env._("Proof of delivery of %s", order.name), None, None))
        return papers

    def _papers_invoices(self):
        return [
            (self.env._("Invoice %s", move.name), move, None)
            for move in self._moves().filtered(lambda each: each.is_sale_document())
        ]

    def _papers_statement(self):
        return [(self.env._("Statement of open items"), self.case_id.account_id, None)]

    def _papers_interest(self):
        """The interest claimed so far, and a sheet of all interest up to today."""
        case = self.case_id.sudo()
        claims = (
            self.env["credit.interest.line"]
            .sudo()
            .search([("move_line_id", "in", case.move_line_ids.ids), ("counts", "=", True)])
            .claim_id
        )
        papers = [
            (self.env._("Interest claim %s", claim.name), claim, None)
            for claim in claims.sorted("date")
        ]
        if case._interest_rows():
            papers.append((self.env._("Interest sheet"), case, None))
        return papers

    def _papers_plans(self):
        """What was agreed in instalments, as it was signed."""
        plans = (
            self.env["credit.plan"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.case_id.account_id.id),
                    ("accepted_on", "!=", False),
                    ("item_ids.move_line_id", "in", self.case_id.move_line_ids.ids),
                ]
            )
        )
        papers = []
        for plan in plans.sorted("accepted_on"):
            name = self.env._("Payment plan %s", plan.name)
            signed = self._attached(plan, "signed_document")
            papers += [(name, None, each) for each in signed] or [(name, plan, None)]
            papers += [
                (self.env._("%(plan)s: guarantee", plan=name), None, each)
                for each in plan.guarantee_ids
            ]
        return papers

    def _attached(self, record, field):
        """The attachment behind a binary field."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("res_field", "=", field),
                ]
            )
        )

    def _papers_checklists(self):
        """The papers that the checks of the customer and of the contract rest on."""
        checklists = (
            self.env["credit.checklist"]
            .sudo()
            .with_context(active_test=False)
            .search([("account_id", "=", self.case_id.account_id.id)], order="date, id")
        )
        papers = []
        for checklist in checklists:
            papers += [
                (f"{checklist.name}: {line.name}", None, line.attachment_id)
                for line in checklist.line_ids.filtered("attachment_id")
            ]
            papers += [(checklist.name, None, photo) for photo in checklist.photo_ids]
        return papers

    def _papers_letters(self):
        """The letters about these items, with the proof that they arrived."""
        lines = (
            self.env["credit.followup.line"]
            .sudo()
            .search(
                [("move_line_id", "in", self.case_id.move_line_ids.ids), ("state", "=", "sent")]
            )
        )
        letters = lines.followup_id.sorted("date")
        if not letters:
            return [(self.env._("Letters demanding payment"), None, None)]
        return [
            (self.env._("Letter of %s", format_date(self.env, letter.date)), letter, None)
            for letter in letters
        ]

    def _papers_confirmations(self):
        confirmed = (
            self.env["credit.balance.confirmation"]
            .sudo()
            .search([("account_id", "=", self.case_id.account_id.id), ("state", "=", "confirmed")])
        )
        papers = []
        for document in confirmed:
            name = self.env._("Balance confirmation %s", document.name)
            for attachment in document.signed_copy_ids or document.pdf_id:
                papers.append((name, None, attachment))
        return papers or [(self.env._("Signed balance confirmation"), None, None)]

    def _papers_history(self):
        """Promises, contacts, disputes and limitation on one sheet."""
        return [(self.env._("History and checks"), self.case_id, None)]

    def _papers_steps(self):
        """What belongs to the steps, and what is attached to the case: its letters as printed."""
        loose = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "credit.case"),
                    ("res_id", "=", self.case_id.id),
                    ("res_field", "=", False),
                ],
                order="id",
            )
        )
        return [
            (f"{step.name}: {attachment.name}", None, attachment)
            for step in self.case_id.sudo().step_ids
            for attachment in step.attachment_ids
        ] + [(attachment.name, None, attachment) for attachment in loose]


class CreditCasePaper(models.Model):
    """A paper of a dossier."""

    _name = "credit.case.paper"
    _description = "Paper of a Dossier"
    _inherit = "credit.bounded"
    _order = "dossier_id, number"

    dossier_id = fields.Many2one(
        "credit.case.dossier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dossier_id.company_id", store=True, index=True)
    section = fields.Selection(
        [
            ("contract", "Contract"),
            ("orders", "Orders"),
            ("deliveries", "Deliveries"),
            ("invoices", "Invoices"),
            ("statement", "Statement of Account"),
            ("interest", "Interest"),
            ("letters", "Letters"),
            ("plans", "Payment Plans"),
            ("confirmations", "Confirmations"),
            ("history", "History"),
            ("checklists", "Checklists"),
            ("steps", "Steps"),
        ],
        required=True,
    )
    number = fields.Integer()
    name = fields.Char(required=True)
    res_model = fields.Char()
    res_id = fields.Integer()
    attachment_id = fields.Many2one("ir.attachment", index="btree_not_null", ondelete="set null")
    state = fields.Selection(
        [("waiting", "Waiting"), ("ready", "Ready"), ("missing", "Missing")],
        required=True,
        default="waiting",
    )

    # The report by which a record of a model is printed; of a section, where there are two.
    _reports = {
        ("interest", "credit.case"): "credit_collection.credit_case_interest_report",
        "credit.interest.claim": "credit_collection.credit_interest_claim_report",
        "credit.plan": "credit_collection.credit_plan_report",
        "sale.order": "sale.action_report_saleorder",
        "stock.picking": "stock.action_report_delivery",
        "account.move": "account.account_invoices",
        "credit.account": "credit_collection.credit_statement_report",
        "credit.followup": "credit_collection.credit_followup_report",
        "credit.case": "credit_collection.credit_case_history_report",
    }

    def _render(self):
        """Print the record, unless there is a file; what cannot be printed is missing."""
        self.ensure_one()
        if self.attachment_id:
            self.state = "ready"
            return
        record = self.env[self.res_model].browse(self.res_id).exists()
        name = self._reports.get((self.section, self.res_model)) or self._reports[self.res_model]
        report = self.env.ref(name, raise_if_not_found=False)
        if not record or not report:
            self.state = "missing"
            return
        try:
            with self.env.cr.savepoint():
                content, kind = report._render(report.report_name, record.ids)
        except (UserError, ValueError, OSError) as error:
            self.write({"state": "missing", "name": f"{self.name}: {error}"})
            return
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": f"{self.number:03}.{'pdf' if kind == 'pdf' else 'html'}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.state = "ready"

    def _path(self):
        """Where it stands in the ZIP: section, number, name and the ending of its file."""
        safe = re.sub(r"[^\w .-]+", "-", self.name).strip()[:80]
        ending = (self.attachment_id.name or "").rpartition(".")[2][:5] or "bin"
        return f"{self.section}/{self.number:03}-{safe}.{ending}"
