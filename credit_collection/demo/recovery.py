from odoo import models
from odoo.fields import Command

from . import customers as cast


class CreditDemo(models.AbstractModel):
    """Securities, claims and losses of the demo company."""

    _inherit = "credit.demo"

    def _make_recovery(self, partners, products):
        """What secures, what is sued for, what is lost, and what both sides signed."""
        self._make_loss_accounts()
        self._make_securities(partners)
        self._make_cheque(partners, products)
        self._make_confirmations(partners)
        self._make_cases(partners)
        self._make_sued(products)
        self._prepare_a_case(partners)
        self._make_write_off(partners, products)
        self._make_allowance()
        self.env["credit.collateral"]._cron_daily()
        self.env["credit.limitation"]._refresh_company(self.env.company)

    def _file(self, partners, name):
        return self.env["credit.account"]._get(partners[name], self.env.company)

    def _make_loss_accounts(self):
        Account = self.env["account.account"]
        allowance, loss, income = Account.create(
            [
                {
                    "name": name,
                    "code": code,
                    "account_type": kind,
                    "company_ids": [Command.set(self.env.company.ids)],
                }
                for name, code, kind in (
                    ("Allowance for Doubtful Debts", "121900", "asset_current"),
                    ("Bad Debts", "651000", "expense"),
                    ("Recoveries of Bad Debts", "441900", "income_other"),
                )
            ]
        )
        self.env.company.write(
            {
                "credit_allowance_account_id": allowance.id,
                "credit_loss_account_id": loss.id,
                "credit_recovery_account_id": income.id,
                "credit_limitation_law_id": self.env.ref(
                    "credit_collection.credit_limitation_law_other"
                ).id,
            }
        )

    def _make_securities(self, partners):
        bank = self.env["res.partner"].create({"name": "First Harbour Bank", "is_company": True})
        insurer = self.env["res.partner"].create(
            {"name": "Nordic Credit Insurance", "is_company": True}
        )
        Collateral = self.env["credit.collateral"]
        made = Collateral.create(
            [
                {
                    "account_id": self._file(partners, "Ironwood Yachts").id,
                    "kind": "guarantee",
                    "provider_id": bank.id,
                    "number": "G-2291",
                    "value": 30_000.0,
                    "raises_limit": True,
                    "raises_percent": 50.0,
                    "date_from": self._day(120),
                    "date_to": self._day(-25),
                },
                {
                    "account_id": self._file(partners, "Linden Textiles").id,
                    "kind": "insurance",
                    "provider_id": insurer.id,
                    "number": "P-70315",
                    "value": 20_000.0,
                    "covers_percent": 100.0,
                    "own_share_percent": 10.0,
                    "date_from": self._day(300),
                    "extension_days": 45,
                    "notice_days": 90,
                    "handover_days": 30,
                    "warn_days": 30,
                },
                {
                    "account_id": self._file(partners, "Rowan Builders").id,
                    "kind": "surety",
                    "number": "Owner's surety",
                    "value": 10_000.0,
                    "date_from": self._day(60),
                },
            ]
        )
        made.action_accept()

    def _make_cheque(self, partners, products):
        file = self._file(partners, "Teak Marine")
        items = file._open_items().filtered(lambda item: item.amount > 0)[:1]
        self.env["credit.instrument"].create(
            {
                "account_id": file.id,
                "number": "004417",
                "bank": "First Harbour Bank",
                "amount": items.amount,
                "received_on": self._day(3),
                "date_due": self._day(-9),
                "fee": 35.0,
                "move_line_ids": [Command.set(items.move_line_id.ids)],
            }
        )

    def _make_confirmations(self, partners):
        """The last quarter: one signed, one contested, one waiting."""
        names = ("Alder Workshops", "Pine Valley Hotels", "Oak Hill Motors")
        files = self.env["credit.account"].union(*(self._file(partners, n) for n in names))
        Confirmation = self.env["credit.balance.confirmation"]
        made = Confirmation._generate(
            self.env.company, self._day(120), self._day(30), files, self._day(-10)
        )
        by_name = {document.partner_id.name: document for document in made}
        made.write({"state": "sent", "sent_on": self._at(20)})
        signed = by_name.get(names[0])
        if signed:
            signed._confirm(
                {
                    "confirmed_by": "Ada Alder",
                    "confirmed_position": "Managing director",
                    "confirmed_authority": "Register of companies",
                }
            )
        contested = by_name.get(names[1])
        rows = contested.line_ids.filtered(lambda line: line.debit > 0) if contested else ()
        if rows:
            row = rows[-1]
            row.write(
                {
                    "contested": True,
                    "their_amount": row.debit - 150.0,
                    "note": "A discount of 150 was agreed by phone.",
                }
            )
            contested.their_closing = contested.closing - 150.0
            contested._move("contest")

    def _make_cases(self, partners):
        insolvency = self.env["credit.case"].create(
            {
                **self._checked(self._file(partners, cast.INSOLVENT)),
                "road": "insolvency",
                "responsible_id": self._user("sokolova").id,
                "court": "County Court of Cumberland",
                "court_number": "INS 118",
                "expected_costs": 400.0,
            }
        )
        insolvency.action_open()
        insolvency.action_done()
        agency = self.env["credit.collection.agency"].create(
            {
                "partner_id": self.env["res.partner"]
                .create({"name": "Atlantic Collections", "is_company": True})
                .id,
                "company_id": self.env.company.id,
                "fee_ids": [
                    Command.create({"after_days": days, "from_amount": amount, "percent": fee})
                    for days, amount, fee in (
                        (0, 0.0, 25.0),
                        (0, 10_000.0, 15.0),
                        (181, 0.0, 35.0),
                        (366, 0.0, 50.0),
                    )
                ],
            }
        )
        self.env["credit.case"].create(
            {
                **self._checked(self._file(partners, "Ulmus Print")),
                "road": "agency",
                "agency_id": agency.id,
                "responsible_id": self._user("belova").id,
                "fee_percent": 25.0,
            }
        )

    def _make_sued(self, products):
        """On the road of the court, a case in each stage; the last one was won and paid."""
        partners = self._make_companies(row[:2] for row in cast.SUED)
        for partner, (_name, _user, days, amount, stages) in zip(partners, cast.SUED, strict=True):
            issued, due = self._day(days), self._day(days - 30)
            invoice = self._invoice(partner, products["service"], amount, issued, due)
            case = self.env["credit.case"].create(
                {
                    **self._checked(self.env["credit.account"]._get(partner, self.env.company)),
                    "responsible_id": self._user("sokolova").id,
                    "court": "District Court of Portland",
                    "court_number": f"CV {days}-26" if stages > 2 else False,
                    "expected_costs": 250.0,
                }
            )
            case.action_open()
            case.opened_on = self._day(7 * stages + 7)
            for number in range(stages):
                step = case.step_id
                case.action_done()
                step.done_on = self._day(7 * (stages - number))
            if stages > 2:
                self._make_money_of_a_case(case, amount)
            if not case.step_id:
                self._pay([(invoice, self._day(6))])
                case.action_record_recoveries()
                case.outcome = "paid"
                case.action_close()

    def _make_money_of_a_case(self, case, amount):
        """What it has cost, and what they offered."""
        self.env["credit.case.cost"].create(
            {"case_id": case.id, "date": self._day(20), "name": "Court fee", "amount": 120.0}
        )
        offer = self.env["credit.case.offer"].create(
            {
                "case_id": case.id,
                "date": self._day(15),
                "amount": round(0.6 * amount, 2),
                "pay_by": self._day(-30),
                "note": "In one sum, if the suit is withdrawn",
            }
        )
        if case.step_id.stage_id == case.template_id.stage_ids[-1:]:
            offer.action_refuse()

    def _prepare_a_case(self, partners):
        """The last level prepares a case of whoever reached it."""
        levels = self.env.company.credit_default_policy_id.followup_level_ids
        levels.sorted("delay")[-1:].opens_case = True
        self.env["credit.case"]._prepare_after_level(self._file(partners, cast.HANDED_OVER))

    def _checked(self, file):
        items = file._open_items().filtered("is_overdue")
        return {
            "account_id": file.id,
            "move_line_ids": [Command.set(items.move_line_id.ids)],
            "check_legality": "Due and undisputed",
            "check_evidence": "Contract, invoices, delivery papers",
            "check_assets": "Machines, receivables",
            "check_authority": "Power of attorney until the end of the year",
        }

    def _make_write_off(self, partners, products):
        """A small invoice of last year, given up and watched."""
        partner = partners["Balsa Models"]
        invoice = self._invoice(partner, products["service"], 84.0, self._day(390), self._day(370))
        line = invoice.line_ids.filtered(lambda row: row.account_type == "asset_receivable")
        write_off = self.env["credit.write.off"].create(
            {
                "account_id": self._file(partners, partner.name).id,
                "date": self._day(40),
                "reason_id": self.env.ref("credit_collection.credit_write_off_reason_trifle").id,
                "line_ids": [Command.create({"move_line_id": line.id})],
                "note": "Two letters and three calls; the claim is smaller than the court fee.",
            }
        )
        write_off.document_ids.attachment_ids = self.env["ir.attachment"].create(
            {"name": "note.txt", "raw": b"Two letters, three calls, no answer."}
        )
        write_off._move("ask", {"asked_by_id": self._user("belova").id})
        write_off._move("approve", {"approved_by_id": self._user("sokolova").id})
        write_off._post_entry()

    def _make_allowance(self):
        allowance = self.env["credit.allowance"].create({"company_id": self.env.company.id})
        allowance.action_compute()
