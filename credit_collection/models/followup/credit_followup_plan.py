from operator import itemgetter

from odoo import api, fields, models

from ...core import dunning
from ...tools.environment import without_caller_context

BATCH = 1000
MOST_DIGITS = 6  # amounts are rounded by their own currency when they are stored
NO_TRACES = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class CreditFollowup(models.Model):
    """Planning: which customers get which message today."""

    _inherit = "credit.followup"

    @api.model
    def _plan(self, company, today=None, accounts=None, run=None):
        """Plan the messages of a day; planning the same day twice changes nothing.

        :param company: ``res.company``; branches are planned with their root
        :param date today: the day, else the company's today
        :param accounts: only these files
        :param run: the ``credit.followup.run`` to which the messages belong
        :return: ``credit.followup`` made by this call, waiting for approval or to be sent
        """
        company = company.sudo().root_id
        if not company.active:
            # It is closed: nobody writes in its name.
            return self.browse()
        today = fields.Date.to_date(today) or company._credit_today()
        planner = without_caller_context(self.sudo(), company)
        book, steps = planner._decide(company, today, accounts)
        created = planner.browse()
        for start in range(0, len(steps), BATCH):
            part = steps[start : start + BATCH]
            created |= planner._create_planned(company, book, part, today, run)
        return created.with_env(self.env)

    @api.model
    def _decide(self, company, today, accounts=None):
        """Read and decide, writing nothing.

        :return: the book and the core's steps
        """
        book = self._read_book(company, today, accounts)
        return book, self._steps(company, book, today)

    @api.model
    def _steps(self, company, book, today):
        """The core's steps for everybody in the book, policy by policy, file by file."""
        policies = self._policies(company)
        stopped = policies._bank_data_stop(today)
        by_policy = {}
        for account_id, situation in sorted(book.situations.items(), key=itemgetter(0)):
            by_policy.setdefault(book.files[account_id].policy_id, []).append(situation)
        steps = []
        for policy in policies:
            situations = by_policy.get(policy.id)
            if situations and policy not in stopped:
                steps += dunning.plan(policy._dunning_settings(), situations, today)
        return self._leave_out_tried(book, steps)

    @api.model
    def _policies(self, company):
        return (
            self.env["credit.policy"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", company.id)])
        )

    @api.model
    def _leave_out_tried(self, book, steps):
        """Drop the steps of customers whose message failed or was cancelled the same day.

        A message that failed for its address is tried again as soon as the address changes.
        """
        files = book.files
        again = [step for step in steps if files[step.account_id].tried_today]
        if not again:
            return steps
        changed = self._with_new_address(
            files[step.account_id] for step in again if files[step.account_id].failed_at is not None
        )
        return [
            step
            for step in steps
            if not files[step.account_id].tried_today or step.account_id in changed
        ]

    @api.model
    def _with_new_address(self, files):
        """Ids of the files whose addresses are not those that the last message failed at."""
        files = {file.id: file for file in files}
        partners = self.env["res.partner"].sudo()
        recipients = self._recipients(partners.browse([file.partner_id for file in files.values()]))
        pairs = {
            file.id: (partners.browse(file.partner_id), partners.browse(file.failed_addressee))
            for file in files.values()
            if file.failed_addressee
        }
        apart = self._recipients_at(pairs.values())
        changed = set()
        for file in files.values():
            pair = pairs.get(file.id)
            to, _reason = apart[pair] if pair else recipients[file.partner_id]
            if self._addresses(to) != file.failed_at:
                changed.add(file.id)
        return changed

    @api.model
    def _letters(self, book, steps):
        """The messages of these steps: ``[(step, addressee's id or False)]``.

        Where a customer wants one for each invoice address, a step is taken apart.
        """
        Policy = self.env["credit.policy"].sudo()
        letters, settings = [], {}
        for step in steps:
            file = book.files[step.account_id]
            policy = Policy.browse(file.policy_id)
            apart = policy.followup_per_address
            if file.letters:
                apart = file.letters == "address"
            if not apart:
                letters.append((step, False))
                continue
            if policy not in settings:
                settings[policy] = policy._dunning_settings()
            parts = self._take_apart(book, step, settings[policy])
            letters += [(part, address) for address, part in parts]
        return letters

    @api.model
    def _take_apart(self, book, step, settings):
        """The letters of a step by invoice address: ``[(addressee's id, step)]``."""
        currencies = {row.move_line_id: row.currency_id for row in book.rows[step.account_id]}
        return dunning.by_address(settings, step, book.homes(step.account_id), currencies)

    @api.model
    def _recipients_of(self, book, letters):
        """Who gets each of these ``(step, addressee's id)`` and why: list of (people, sentence)."""
        partners = self.env["res.partner"].sudo()
        pairs = [
            (partners.browse(book.files[step.account_id].partner_id), partners.browse(addressee))
            for step, addressee in letters
        ]
        return self._recipients_by_pair(pairs, book)

    @api.model
    def _recipients_by_pair(self, pairs, book):
        """The same for (customer, addressee or none)."""
        customers = self.env["res.partner"].sudo().union(*(customer for customer, _at in pairs))
        chains = self._recipients(customers, book.addressees())
        apart = self._recipients_at([pair for pair in pairs if pair[1]])
        return [apart[pair] if pair[1] else chains[pair[0].id] for pair in pairs]

    @api.model
    def _create_planned(self, company, book, steps, today, run=None):
        """Make the messages of these steps and their lines, in one batch each."""
        Level = self.env["credit.followup.level"].sudo()
        letters = self._letters(book, steps)
        used = Level.browse({step.level_id for step, _addressee in letters})
        levels = {level.id: level for level in used}
        recipients = self._recipients_of(book, letters)
        suspects = self._suspects(book, steps)
        policies = {policy.id: policy for policy in self._policies(company)}
        vals_list = []
        for (step, addressee), (to, reason) in zip(letters, recipients, strict=True):
            file = book.files[step.account_id]
            free = (
                levels[step.level_id].automatic
                and policies[file.policy_id].followup_automatic
                and step.account_id not in suspects
            )
            vals_list.append(
                {
                    "account_id": step.account_id,
                    "addressee_id": addressee,
                    "level_id": step.level_id,
                    "date": today,
                    "state": "queued" if free else "draft",
                    "partner_ids": [fields.Command.set(to.ids)],
                    "recipient_reason": reason,
                    "lang": self._language(to, company),
                    "run_id": run.id if run else False,
                    **self._step_vals(book, step),
                }
            )
        followups = self.sudo().with_context(**NO_TRACES).create(vals_list)
        steps = [step for step, _addressee in letters]
        self._create_lines(book, dict(zip(followups.ids, steps, strict=True)))
        return followups

    @api.model
    def _suspects(self, book, steps):
        """Ids of the files whose last message did not arrive at the address they still have."""
        failed = [
            book.files[step.account_id]
            for step in steps
            if book.files[step.account_id].failed_at is not None
        ]
        return {file.id for file in failed} - self._with_new_address(failed)

    @api.model
    def _step_vals(self, book, step):
        """What a step says about the whole message, as field values."""
        credit_rows = book.credits(step)
        currencies = self.env["res.currency"].sudo()
        owned = {row.move_line_id: row.currency_id for row in book.rows[step.account_id]}
        entries = [(owned[line.item_id], line.amount) for line in step.lines]
        return {
            "level_id": step.level_id,
            "amount": dunning.credits.due(entries, step.credits, MOST_DIGITS),
            "credits": [
                {
                    "name": row.name or "",
                    "date": fields.Date.to_string(row.date),
                    "currency_id": row.currency_id,
                    "amount_currency": currencies.browse(row.currency_id).round(
                        row.amount_currency
                    ),
                }
                for row in credit_rows
            ],
        }

    @api.model
    def _create_lines(self, book, steps):
        """Make the lines of messages. ``steps``: {message id: step}."""
        currencies = self.env["res.currency"]
        vals_list = []
        for followup_id, step in steps.items():
            rows = {row.move_line_id: row for row in book.rows[step.account_id]}
            for line, own in zip(step.lines, step.own_amounts, strict=True):
                row = rows[line.item_id]
                vals_list.append(
                    {
                        "followup_id": followup_id,
                        "move_line_id": row.move_line_id,
                        "move_id": row.move_id,
                        "name": row.name,
                        "level_id": line.level_id,
                        "date_due": row.date_due,
                        "days_overdue": line.days_overdue,
                        "amount": line.amount,
                        "currency_id": row.currency_id,
                        "amount_currency": currencies.browse(row.currency_id).round(own),
                    }
                )
        self.env["credit.followup.line"].sudo()._insert(vals_list)

    @api.model
    def _explain(self, company, book, account_id, today, ceiling=None):
        """The core's ``Explanation`` for one file of the book."""
        return dunning.explain(
            self._settings(book, account_id), book.situations[account_id], today, ceiling
        )

    @api.model
    def _settings(self, book, account_id):
        """The settings of the policy that holds for a file of the book."""
        policy = book.files[account_id].policy_id
        if policy not in book.settings:
            book.settings[policy] = (
                self.env["credit.policy"].sudo().browse(policy)._dunning_settings()
            )
        return book.settings[policy]
