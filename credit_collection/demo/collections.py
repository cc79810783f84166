from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command

from . import customers as cast

LETTER_DAYS = (21, 14, 7)  # days ago on which letters went out


class CreditDemo(models.AbstractModel):
    """The last weeks at the collections desk of the demo company."""

    _inherit = "credit.demo"

    def _make_collections(self, partners, products):
        """Letters, talks, promises and a dispute, in the order in which they happened."""
        files = self._make_desk_files(partners)
        people = self._make_contact_persons(partners)
        self._make_letters(files)
        self._make_broken_promise(files[cast.BROKEN_PROMISE], people)
        self._make_kept_promise(files[cast.KEPT_PROMISE], products)
        self._make_open_promise(files[cast.OPEN_PROMISE], people)
        self._make_dispute(files[cast.DISPUTED], people)
        self._make_talks(files)
        self._plan_letters_of_today()

    def _make_desk_files(self, partners):
        """The accountant chases who is late; the credit officer keeps the insolvent one."""
        files = {
            name: self.env["credit.account"]._get(partners[name], self.env.company)
            for name in cast.CHASED
        }
        self.env["credit.account"].union(*files.values()).collector_id = self._user("belova")
        files[cast.INSOLVENT].collector_id = self._user("sokolova")
        return files

    def _make_contact_persons(self, partners):
        people = self.env["res.partner"].create(
            [
                {
                    "parent_id": partners[name].id,
                    "type": "contact",
                    "name": person,
                    "function": function,
                    "email": f"{person.split()[0].lower()}@{name.split()[0].lower()}.example.com",
                }
                for name, person, function in cast.PEOPLE
            ]
        )
        return {person.parent_id.name: person for person in people}

    def _make_letters(self, files):
        """Levels reached in the past: planned for those days, delivered on paper."""
        written = self.env["credit.account"].union(*(files[name] for name in cast.WRITTEN_TO))
        Followup = self.env["credit.followup"].sudo()
        for days_ago in LETTER_DAYS:
            day = self._day(days_ago)
            run = self.env["credit.followup.run"].sudo()._of_day(self.env.company, day)
            letters = Followup._plan(self.env.company, day, written, run)
            letters._print_waiting(day)
            letters.printed_on = self._at(days_ago)
            run.write({"started_on": self._at(days_ago), "ended_on": self._at(days_ago)})

    def _plan_letters_of_today(self):
        """What the night has planned: it waits for the director's approval."""
        Followup = self.env["credit.followup"].sudo()
        run = self.env["credit.followup.run"].sudo()._of_day(self.env.company, self._day(0))
        Followup._plan(self.env.company, self._day(0), run=run)
        run.ended_on = fields.Datetime.now()

    # ------------------------------------------------------------------
    # Promises and a dispute
    # ------------------------------------------------------------------

    def _make_broken_promise(self, file, people):
        promise = self._promise(
            file, 1_700.0, made=20, until=15, contact_partner_id=people[file.partner_id.name].id
        )
        promise._judge(self._day(12))
        self._talk(file, 20, "promised", "Pays after the trade fair.", promise_id=promise.id)
        self._talk(file, 11, "no_answer", "Promised money has not come.")

    def _make_kept_promise(self, file, products):
        invoice = self._invoice(
            file.partner_id, products["service"], 1_200.0, self._day(70), self._day(40)
        )
        lines = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        promise = self._promise(
            file, 1_200.0, made=13, until=8, move_line_ids=[Command.set(lines.ids)]
        )
        self._talk(file, 13, "promised", "The smaller invoice first.", promise_id=promise.id)
        self._pay([(invoice, self._day(9))])

    def _make_open_promise(self, file, people):
        promise = self._promise(
            file, 2_900.0, made=1, until=-5, contact_partner_id=people[file.partner_id.name].id
        )
        self._talk(file, 1, "promised", "Has the transfer signed.", promise_id=promise.id)

    def _promise(self, file, amount, made, until, **values):
        """A promise noted by the accountant so many days ago."""
        return self._as("belova", "credit.promise").create(
            {
                "account_id": file.id,
                "amount": amount,
                "made_on": self._day(made),
                "date": self._day(until),
                "user_id": self._user("belova").id,
                **values,
            }
        )

    def _make_dispute(self, file, people):
        item = file._open_items().filtered("is_overdue")[:1]
        note = "Two of the pumps came with a broken flange."
        dispute = self._as("belova", "credit.dispute").create(
            {
                "account_id": file.id,
                "move_line_id": item.move_line_id.id,
                "amount": 850.0,
                "reason_id": self.env.ref("credit_collection.credit_dispute_reason_quantity").id,
                "opened_on": self._day(4),
                "note": note,
            }
        )
        self._talk(
            file,
            4,
            "disputed",
            note,
            dispute_id=dispute.id,
            contact_partner_id=people[file.partner_id.name].id,
        )

    # ------------------------------------------------------------------
    # Talks
    # ------------------------------------------------------------------

    def _make_talks(self, files):
        for name, days_ago, kind, outcome, note, excuse in cast.TALKS:
            heard = excuse and self.env.ref(f"credit_collection.credit_excuse_{excuse}").id
            self._talk(files[name], days_ago, outcome, note, kind=kind, excuse_id=heard)

    def _talk(self, file, days_ago, outcome, note, **values):
        """A contact of the accountant so many days ago."""
        return self._as("belova", "credit.contact").create(
            {
                "account_id": file.id,
                "date": self._at(days_ago),
                "user_id": self._user("belova").id,
                "outcome": outcome,
                "note": note,
                **values,
            }
        )

    def _as(self, login, model):
        """A model in the name of a persona, for records of the past."""
        return self.env[model].with_user(self._user(login)).sudo()

    def _at(self, days_ago):
        return fields.Datetime.now() - timedelta(days=days_ago)
