from collections import defaultdict
from datetime import timedelta

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ...core import aging
from ...tools import rooms
from ...tools.environment import without_caller_context

DUE_SOON_DAYS = 14
MOST_CONFIRMATIONS = 12
MAX_FILES = 5
MAX_FILE_SIZE = 10 * 1024 * 1024
FILE_TYPES = ("application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain")


class CreditAccount(models.Model):
    """The customer's own pages: what they see of their file, and what they can say there."""

    _inherit = "credit.account"

    @api.model
    def _portal_files(self, partner):
        """The files (sudo) of a person's company, with every company they deal with."""
        customer = partner.sudo().commercial_partner_id
        if not customer or partner.sudo().credit_portal_denied:
            return self.sudo().browse()
        files = self.sudo().search([("partner_id", "=", customer.id)], order="company_id, id")
        return files.filtered(lambda file: file.company_id.active)

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _portal_rows(self, lines=None, books=None):
        """What is open on these files (sudo), one dict per instalment, oldest first.

        What is asked is that of letter and statement: see ``_due_now``.

        :param lines: only these journal items
        :param books: what follow-up read of these files, see ``_followup_books``
        """
        rows = []
        for company, files in self.sudo().grouped("company_id").items():
            files = without_caller_context(files, company)
            items, shares = files._open_items(), files._portal_set_off(books)
            rows += self._portal_rows_of(company, items, lines, *shares)
        return rows

    def _portal_set_off(self, books=None):
        """What is asked of each item, and what credits take off it.

        What is free pays the items in the order of their due dates, those due first; what settles
        promised or muted parts is taken off those; a credit note pays first what is disputed.

        :param self: files (sudo)
        :param books: what follow-up read of these files, see ``_followup_books``
        :return: ``{line id: amount}`` asked now, ``{line id: amount}`` taken off,
            ``{line id: amount}`` that nobody promised, whatever is taken off it
        """
        asked, set_off, unpromised = {}, defaultdict(float), {}
        for groups in self._due_now(books=books).values():
            moves = self.env["account.move"].browse(
                credit["move_id"] for group in groups for credit in group["credits"]
            )
            moves.fetch(["move_type"])
            notes_among = {move.id for move in moves if move.move_type == "out_refund"}
            for group in groups:
                rows = sorted(group["rows"], key=lambda row: (row["days"] < 0, row["date_due"]))
                notes = -sum(
                    credit["amount_currency"]
                    for credit in group["credits"]
                    if credit["move_id"] in notes_among
                )
                contested = min(notes, sum(row["disputed"] for row in rows))
                alone = group["credit"] - group["credit_free"] - contested
                for row in rows:
                    spared = max(row["amount"] - row["disputed"] - row["asked"], 0.0)
                    taken = min(spared, max(alone, 0.0))
                    alone -= taken
                    set_off[row["move_line_id"]] += taken
                free = group["credit_free"]
                for row in rows:
                    taken = min(row["asked"], max(free, 0.0))
                    free -= taken
                    set_off[row["move_line_id"]] += taken
                    asked[row["move_line_id"]] = row["asked"] - taken
                    unpromised[row["move_line_id"]] = row["asked"]
        return asked, set_off, unpromised

    @api.model
    def _portal_rows_of(self, company, items, lines, asked, set_off, unpromised):
        """The rows of the open items of some files of a company; ``lines``: only of these."""
        today = company._credit_today()
        disputed = self.env["credit.dispute"]._amounts_left_alone(items.move_line_id)
        noted = self.env["credit.open.item"]._settled_by_notes(
            items.account_id, items.filtered("promised_until").move_line_id, items
        )
        if lines is not None:
            items = items.filtered(lambda item: item.move_line_id in lines)
        under_way = self._portal_under_way(items.move_line_id)
        claimed = self._portal_cases(items.account_id).move_line_ids
        rows = []
        for item in items:
            line, currency = item.move_line_id, item.currency_id
            residual = currency.round(item.amount_currency)
            if currency.is_zero(residual):
                continue
            withheld = min(disputed.get(line.id, 0.0), residual) if residual > 0 else 0.0
            paying = item.in_payment or line.id in under_way
            undisputed = max(currency.round(residual - withheld), 0.0)
            off = currency.round(min(set_off.get(line.id, 0.0), undisputed))
            discount, until = (0.0, False) if withheld or paying else line._credit_discount_now()
            discount = min(discount, currency.round(undisputed - off))
            promisable = unpromised.get(line.id, 0.0) if item.promised_until else undisputed
            # What a credit note will settle is not promised; money on account will count as paid.
            to_come = residual - noted.get(line.id, (0.0, 0.0))[0]
            promisable = min(promisable, undisputed, to_come)
            rows.append(
                {
                    "id": line.id,
                    "line": line,
                    "file": item.account_id,
                    "company": company,
                    "branch": line.company_id,
                    "currency": currency,
                    "receivable": line.account_id,
                    "name": item.name or "",
                    "instalment": self._portal_instalment(line),
                    "date": item.date,
                    "due": item.date_due,
                    "days": (today - item.date_due).days,
                    "overdue": item.is_overdue,
                    "total": currency.round(line.amount_currency),
                    "residual": residual,
                    "disputed": currency.round(withheld),
                    "asked": currency.round(asked.get(line.id, 0.0)),
                    "set_off": off,
                    "discount": discount,
                    "discount_until": until,
                    "promisable": 0.0 if paying else max(currency.round(promisable), 0.0),
                    "payable": 0.0 if paying else currency.round(undisputed - off - discount),
                    "promised": item.promised_until,
                    "paying": paying,
                    "legal": line in claimed,
                }
            )
        return rows

    @api.model
    def _portal_under_way(self, lines):
        """Ids of the journal items for which a payment online is being processed."""
        transactions = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("credit_line_ids", "in", lines.ids),
                    "|",
                    ("state", "in", ("pending", "authorized")),
                    "&",
                    ("state", "=", "done"),
                    ("is_post_processed", "=", False),
                ]
            )
        )
        return set(transactions.credit_line_ids.ids)

    @api.model
    def _portal_instalment(self, line):
        """Which instalment of its invoice a journal item is: (2, 3), or ``False`` for the only."""
        siblings = line.move_id.line_ids.filtered(
            lambda other: other.account_id.account_type == "asset_receivable"
        ).sorted(lambda other: (other.date_maturity or other.date, other.id))
        if not line.move_id.is_sale_document() or len(siblings) < 2:
            return False
        return siblings.ids.index(line.id) + 1, len(siblings)

    def _portal_sections(self):
        """What *My Account* shows of these files (sudo): per company, per currency.

        :return: list of dicts (file, company, currencies, limit, next_letter)
        """
        sections = []
        rows, books = defaultdict(list), self.sudo()._followup_books()
        for row in self._portal_rows(books=books):
            rows[row["file"]].append(row)
        for file in self.sudo():
            own = rows[file]
            sections.append(
                {
                    "file": file,
                    "company": file.company_id,
                    "currencies": file._portal_currencies(own, file._interest_shown()),
                    "cases": self._portal_cases(file),
                    "plans": file._portal_plans(),
                    "confirmations": file._portal_confirmations(),
                    "limit": file._portal_limit_left(),
                    "next_letter": file._followup_next_day(books) if own else False,
                    "promises": file.promise_ids.filtered(lambda p: p.state == "open"),
                    "disputes": file.dispute_ids.filtered(
                        lambda d, file=file: (
                            d.state == "open"
                            or (d.closed_on or d.opened_on)
                            >= file.company_id._credit_today() - timedelta(days=90)
                        )
                    ),
                }
            )
        shown = ("currencies", "promises", "disputes", "plans", "confirmations")
        return [section for section in sections if any(section[name] for name in shown)]

    @api.model
    def _portal_cases(self, files):
        """The open cases of files (sudo): others talk to the customer about what they claim."""
        cases = self.env["credit.case"].sudo()
        if not rooms.is_on(self.env, "cases"):
            return cases
        return cases.union(*files._with_lawyers().values())

    def _portal_plans(self):
        """What was agreed or is offered to the customer of this file (sudo)."""
        self.ensure_one()
        plans = self.env["credit.plan"].sudo()
        if not rooms.is_on(self.env, "plans"):
            return plans
        shown = ("offered", "accepted", "broken")
        return plans.search([("account_id", "=", self.id), ("state", "in", shown)])

    def _portal_confirmations(self):
        """The balance confirmations that the customer of this file (sudo) was sent."""
        self.ensure_one()
        confirmations = self.env["credit.balance.confirmation"].sudo()
        if not rooms.is_on(self.env, "confirmations"):
            return confirmations
        shown = ("sent", "no_answer", "contested", "confirmed")
        domain = [("account_id", "=", self.id), ("state", "in", shown)]
        return confirmations.search(domain, limit=MOST_CONFIRMATIONS)

    def _portal_currencies(self, rows, interest):
        """The totals of a file (sudo), currency by currency.

        :param interest: ``{currency: amount}`` of what is not billed yet
        """
        self.ensure_one()
        currencies = self.env["res.currency"].union(*interest, *(row["currency"] for row in rows))
        return [
            {
                **self._portal_currency(
                    self.company_id, currency, [row for row in rows if row["currency"] == currency]
                ),
                "interest": interest.get(currency, 0.0),
            }
            for currency in currencies.sorted("name")
        ]

    @api.model
    def _portal_currency(self, company, currency, rows):
        """The totals of one currency of a company; credits lower the balance."""
        owed = [row for row in rows if row["residual"] > 0]
        buckets = company._credit_buckets()
        ages = aging.totals([(row["residual"], row["days"]) for row in owed], buckets)
        total = sum(ages.values())
        return {
            "currency": currency,
            "rows": owed,
            "credits": [row for row in rows if row["residual"] < 0],
            "balance": currency.round(sum(row["residual"] for row in rows)),
            "overdue": currency.round(sum(row["residual"] for row in owed if row["overdue"])),
            "asked": currency.round(sum(row["asked"] for row in owed if row["days"] >= 0)),
            "discount": currency.round(sum(row["discount"] for row in owed)),
            "due_soon": currency.round(
                sum(row["residual"] for row in owed if -DUE_SOON_DAYS <= row["days"] <= 0)
            ),
            "ages": [
                {
                    "title": self._bucket_title(bucket),
                    "amount": ages[bucket.key],
                    "share": 100 * ages[bucket.key] / total if total else 0.0,
                }
                for bucket in buckets
            ],
        }

    def _portal_limit_left(self):
        """What may still be bought on credit, where the company shows it; else ``None``."""
        self.ensure_one()
        if not self.company_id.credit_portal_show_limit:
            return None
        position = without_caller_context(self.sudo(), self.company_id)._position()
        return None if position.unlimited else max(position.available, 0.0)

    # ------------------------------------------------------------------
    # Paying
    # ------------------------------------------------------------------

    @api.model
    def _portal_payments(self, rows):
        """The payments that settle these rows: one per branch, currency and receivable account.

        :return: list of dicts (company, currency, receivable, rows, amount)
        """
        groups = defaultdict(list)
        for row in rows:
            groups[row["branch"], row["currency"], row["receivable"]].append(row)
        return [
            {
                "company": company,
                "currency": currency,
                "receivable": receivable,
                "rows": group,
                "amount": currency.round(sum(row["payable"] for row in group)),
            }
            for (company, currency, receivable), group in groups.items()
        ]

    @api.model
    def _portal_check_payable(self, rows):
        """Refuse a payment that could not be matched as it is meant.

        :raises UserError: nothing to pay, under way, or two disputed in part
        """
        if not rows or any(row["payable"] <= 0 for row in rows):
            raise UserError(
                self.env._(
                    "Nothing is left to pay on one of these, or its payment is being processed. "
                    "Please look at your account again."
                )
            )
        if len(rows) > 1 and sum(1 for row in rows if row["disputed"]) > 1:
            raise UserError(
                self.env._("Please pay items that you dispute in part one after the other.")
            )

    # ------------------------------------------------------------------
    # Promising and contesting
    # ------------------------------------------------------------------

    def _portal_promise(self, rows, day, person):
        """Note the promise of a customer to pay these rows by a day, counted by the same judge.

        Of what is promised in part the rest is added to that promise.

        :param rows: of this file and of one currency
        :param day: ``date``
        :param person: ``res.partner`` who promises
        """
        self.ensure_one()
        company = self.sudo().company_id
        robot = without_caller_context(self.with_user(SUPERUSER_ID), company)
        if not rows or len({row["currency"] for row in rows}) != 1:
            raise UserError(self.env._("Choose what you will pay, in one currency."))
        if any(row["promisable"] <= 0 or row["payable"] <= 0 for row in rows):
            raise UserError(
                self.env._("One of these is promised, being paid, or nothing is left to pay.")
            )
        if any(row["legal"] for row in rows):
            raise UserError(
                self.env._("One of these is with our lawyers: please agree on a day with them.")
            )
        today, last = company._credit_today(), self._portal_last_promise_day()
        if not today <= day <= last:
            raise ValidationError(
                self.env._(
                    "Please choose a day until %(day)s; for a later one, call us.",
                    day=format_date(self.env, last),
                )
            )
        lines = self.env["account.move.line"].browse([row["id"] for row in rows])
        self._portal_check_unbroken(lines)
        promises = robot.env["credit.promise"].search(
            [("move_line_ids", "in", lines.ids), ("state", "=", "open")]
        )
        said = promises.move_line_ids.ids
        robot._portal_promise_more(promises, [row for row in rows if row["id"] in said], day)
        fresh = [row for row in rows if row["id"] not in said]
        if not fresh:
            return promises
        return promises | promises.create(
            {
                "account_id": self.id,
                "date": day,
                "amount": sum(row["promisable"] for row in fresh),
                "currency_id": fresh[0]["currency"].id,
                "move_line_ids": [(6, 0, [row["id"] for row in fresh])],
                "contact_partner_id": person.id,
                "channel": "portal",
            }
        )

    @api.model
    def _portal_promise_more(self, promises, rows, day):
        """Add what is left of rows that are promised in part to the promises about them."""
        rest = {row["id"]: row["promisable"] for row in rows}
        for promise in promises:
            if promise.plan_id or any(row["currency"] != promise.currency_id for row in rows):
                raise UserError(
                    self.env._(
                        "One of these is part of an agreement with us. Please call us to agree on "
                        "the rest."
                    )
                )
            own = [rest[line.id] for line in promise.move_line_ids if line.id in rest]
            promise._extend(day, promise.currency_id.round(sum(own)))

    def _portal_last_promise_day(self):
        """The last day that a customer may promise by themselves."""
        self.ensure_one()
        company = self.sudo().company_id
        policy = without_caller_context(self.sudo(), company).effective_policy_id
        return policy._promise_last_day(company._credit_today())

    def _portal_check_unbroken(self, lines):
        """What was promised and not kept is talked about, it does not wait once more."""
        broken = (
            self.env["credit.promise"]
            .sudo()
            .search_count([("move_line_ids", "in", lines.ids), ("broken_on", "!=", False)], limit=1)
        )
        if broken:
            raise UserError(
                self.env._(
                    "A promise about one of these was not kept. Please call us to agree on a "
                    "new day."
                )
            )

    def _portal_dispute(self, row, reason, amount, note, files, person):
        """Note what a customer contests of a row, with their files.

        :param files: list of (name, content, mimetype)
        """
        self.ensure_one()
        company = self.sudo().company_id
        robot = without_caller_context(self.with_user(SUPERUSER_ID), company)
        if not (note or "").strip():
            raise UserError(self.env._("Please say in a few words what is wrong."))
        self._portal_check_files(files)
        dispute = robot.env["credit.dispute"].create(
            {
                "account_id": self.id,
                "move_line_id": row["id"],
                "amount": amount,
                "reason_id": reason.id,
                "note": note.strip()[:2000],
            }
        )
        dispute.message_post(
            body=dispute.env._(
                "Contested by %(person)s on the customer's page.", person=person.display_name
            ),
            attachments=[(name, content) for name, content, _type in files],
            author_id=person.id,
        )
        return dispute

    @api.model
    def _portal_check_files(self, files):
        if len(files) > MAX_FILES:
            raise UserError(
                self.env._("Please send at most %(count)s files at a time.", count=MAX_FILES)
            )
        for name, content, mimetype in files:
            if len(content) > MAX_FILE_SIZE or mimetype not in FILE_TYPES:
                raise UserError(
                    self.env._(
                        "%(file)s cannot be taken: send a PDF, a picture or a text of up to 10 MB.",
                        file=name,
                    )
                )
