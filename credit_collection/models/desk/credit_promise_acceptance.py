from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from .credit_promise import ROLES


class CreditPromise(models.Model):
    """What makes a promise acceptable: its items, its amount, its dates, who accepts it."""

    _inherit = "credit.promise"

    def _check_files(self):
        """Serialize work on the files: two promises at once never cover the same item."""
        self.account_id._serialize()

    def _check_promise(self):
        """Refuse promises that cannot be kept, or that the user may not accept.

        :raises UserError, ValidationError: nothing is noted then
        """
        for promise in self:
            promise._check_items()
            promise._check_dates()
            promise._check_role()

    def _check_items(self, matched=0.0):
        """The items must be open, and owe what is promised less what was ``matched`` of it."""
        lines = self.sudo().move_line_ids
        if not lines:
            raise UserError(
                self.env._("%s owes nothing that could be promised.", self.partner_id.display_name)
            )
        items = self.account_id.sudo()._open_items().filtered(lambda item: item.amount > 0)
        own = {item.move_line_id: item for item in items}
        if matched:
            lines = lines.filtered(lambda line: not line.reconciled)
        for line in lines:
            self._check_line(line, own)
        if self.currency_id != self.company_id.currency_id and any(
            line.currency_id != self.currency_id for line in lines
        ):
            raise ValidationError(
                self.env._(
                    "Promise in the currency of the items or in %s.",
                    self.company_id.currency_id.name,
                )
            )
        owed = sum(self._in_promised_currency(own[line]) for line in lines)
        promised = self.amount - matched
        if self.currency_id.compare_amounts(promised, owed) > 0:
            raise ValidationError(
                self.env._(
                    "%(promised)s is more than the %(owed)s that is open on these items.",
                    promised=self.currency_id.format(promised),
                    owed=self.currency_id.format(owed),
                )
            )

    def _check_line(self, line, own):
        """One item must be open, of this customer and company, and not promised already."""
        if line not in own:
            if line.company_id.root_id != self.company_id:
                raise ValidationError(self.env._("An item belongs to another company."))
            if line.partner_id.commercial_partner_id != self.partner_id:
                raise ValidationError(self.env._("An item belongs to another customer."))
            raise ValidationError(
                self.env._("Nothing is open on %s.", line.move_id.name or line.display_name)
            )
        other = self.sudo().search(
            [
                ("move_line_ids", "in", line.ids),
                ("state", "=", "open"),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )
        if other:
            raise ValidationError(
                self.env._(
                    "%(item)s is promised already (%(promise)s). Cancel that promise first.",
                    item=line.move_id.name or line.display_name,
                    promise=other.display_name,
                )
            )

    def _check_dates(self):
        if any(line.date < self.made_on for line in self.line_ids):
            raise ValidationError(self.env._("A promise cannot be for a day that has passed."))

    def _check_role(self):
        """A long promise needs a higher role; superuser and jobs are checked like anybody."""
        policy = self.account_id.sudo().effective_policy_id
        # Who may accept a plan was asked when it was accepted: credit.plan._check_authority.
        if not policy or self.plan_id:
            return
        needed = policy._promise_role_needed(self.made_on, self.date)
        if self._has_role(needed):
            return
        titles = {
            "officer": self.env._("credit officer"),
            "manager": self.env._("credit manager"),
        }
        raise UserError(
            self.env._(
                "A promise until %(date)s (%(days)s days) needs a %(role)s. You may accept "
                "promises of up to %(limit)s days.",
                date=format_date(self.env, self.date),
                days=(self.date - self.made_on).days,
                role=titles.get(needed, needed),
                limit=self._days_allowed(policy),
            )
        )

    @api.model
    def _try(self, values):
        """Make a promise and take it back: raises what speaks against it, and leaves nothing."""
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            self.create(values)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    @api.model
    def _has_role(self, needed):
        """Whether the user has the role that a promise needs, or a higher one."""
        return any(
            self.env.user.has_group(f"credit_collection.credit_collection_group_{role}")
            for role in ROLES[ROLES.index(needed) :]
        )

    @api.model
    def _is_for_a_higher_role(self, account, day):
        """Whether a promise of today for ``day`` is longer than the user may accept."""
        policy = account.sudo().effective_policy_id
        if not policy or not day:
            return False
        today = account.sudo().company_id._credit_today()
        return not self._has_role(policy._promise_role_needed(today, day))

    def _days_allowed(self, policy):
        """The days that the user's own role may accept."""
        own = [
            days
            for role, days in policy._promise_limits()
            if self.env.user.has_group(f"credit_collection.credit_collection_group_{role}")
        ]
        return max(own, default=0)

    def _notify_made(self):
        """Say in the file what was promised."""
        for promise in self:
            promise._log(self.env._("Promise to pay noted"))

    def _log(self, title):
        """Write one line in the history of each file."""
        self.account_id.sudo()._message_log_batch(
            {
                promise.account_id.id: self.env._(
                    "%(title)s: %(amount)s by %(date)s (%(name)s)",
                    title=title,
                    amount=promise.currency_id.format(promise.amount),
                    date=format_date(self.env, promise.date),
                    name=promise.name,
                )
                for promise in self
            }
        )

    def _today(self, today=None):
        """The day, by default today in the company of these promises."""
        return (
            fields.Date.to_date(today) or (self.company_id[:1] or self.env.company)._credit_today()
        )
