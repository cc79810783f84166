from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...core import promise as core
from ...tools.environment import without_caller_context
from ...tools.jobs import all_safely
from ...tools.readers import for_reader
from ...tools.sql import ids_sql
from ..ledger.account_move import PAID

ENDED = (core.KEPT, core.PARTLY, core.BROKEN)
# Who takes money on account first; what has come to its end comes last.
TAKES = {core.KEPT: 0, core.OPEN: 1}
BATCH = 500


def _turn(promise):
    """Whose turn it is at money on account, see ``TAKES``."""
    return TAKES.get(promise.state, len(TAKES)), promise.date, promise.id


class CreditPromise(models.Model):
    """Whether promises were kept, and what follows when they were not.

    The rule itself, when a promise breaks, is ``core.promise.judge``; here are the payments that it
    is given, and what its verdict does.
    """

    _inherit = "credit.promise"

    # ------------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------------

    def _judge(self, today=None):
        """Judge promises from the payments: these ones, or all whose verdict may change by itself.

        :param today: the day as of which they are judged, else each company's own
        :return: the promises whose state changed (sudo)
        """
        promises = self.sudo() or self.sudo().search(self._to_judge_domain())
        changed = promises.browse()
        for company, own in promises.grouped("company_id").items():
            day = fields.Date.to_date(today) or company._credit_today()
            changed |= without_caller_context(own, company)._judge_on(day).with_env(changed.env)
        return changed

    @api.model
    def _to_judge_domain(self):
        """Open promises, and those kept by money that is not matched: it may still be taken back
        or settle something else."""
        resting = Domain("state", "=", core.KEPT) & Domain("unmatched", ">", 0)
        return (Domain("state", "=", core.OPEN) | resting) & Domain("company_id.active", "=", True)

    def _judge_on(self, today):
        """Judge these promises (sudo) of a company; return those whose state changed.

        A customer's promises are judged together: money on account keeps one of them only.
        """
        # Drafts that are split anew have no items for a while: their promises wait for them.
        promises = (self | self._sharing()).filtered(
            lambda p: p.state != "cancelled" and "draft" not in p.lost_move_ids.mapped("state")
        )
        changed = self.browse()
        settled = promises._settlement_rows()
        payments = promises._payments(settled)
        owed = promises._still_owed(payments, settled)
        matched = {
            promise.id: (sum(amount for _day, amount in payments[promise.id]), owed[promise.id])
            for promise in promises
        }
        promises._add_credits_on_account(payments, owed)
        for promise in promises:
            paid, most = matched[promise.id]
            rest = max(promise.currency_id.round(min(promise.amount, most) - max(paid, 0.0)), 0.0)
            day = max(today, promise.judged_on or today)
            if promise._waits_for_notes(payments[promise.id], owed[promise.id], most):
                continue
            if promise._is_void(payments[promise.id], most):
                promise._become_void(today)
                changed |= promise
            elif promise._apply(
                promise._verdict(payments[promise.id], day, owed[promise.id]), day, rest
            ):
                changed |= promise
        return changed

    def _sharing(self):
        """The promises of the same customers that money on account is shared with."""
        return self.search(
            [
                ("account_id", "in", self.account_id.ids),
                ("state", "in", (core.OPEN, core.KEPT)),
                ("move_line_ids.reconciled", "=", False),
            ]
        )

    def _verdict(self, payments, today, owed=None):
        self.ensure_one()
        return core.judge(
            [(line.date, line.amount) for line in self.line_ids],
            payments,
            today,
            self.account_id.effective_policy_id.promise_tolerance_days,
            self.currency_id.decimal_places,
            owed,
        )

    def _is_void(self, payments, owed):
        """Whether every item was cancelled or credited: there was nothing to pay."""
        if self.state != core.OPEN or not self.move_line_ids:
            return self.state == core.OPEN
        return self.currency_id.compare_amounts(owed, 0) <= 0 and not any(
            amount > 0 for _day, amount in payments
        )

    def _waits_for_notes(self, payments, owed, most):
        """Whether credit notes will settle all of it: once matched, there was nothing to pay."""
        nothing_paid = not any(amount > 0 for _day, amount in payments)
        return (
            self.state == core.OPEN
            and nothing_paid
            and self.currency_id.compare_amounts(most, 0) > 0
            and self.currency_id.compare_amounts(owed, 0) <= 0
        )

    def _become_void(self, today):
        self.write({"state": "cancelled", "judged_on": today})
        self._log(self.env._("Promise cancelled, its items no longer exist"))

    def _apply(self, verdict, today, unmatched):
        """Take over the verdict; return whether the state changed.

        :param unmatched: what of the promise nothing is matched with
        """
        self.ensure_one()
        values = {
            "state": verdict.state,
            "paid": verdict.paid,
            "missing": verdict.missing,
            "unmatched": unmatched,
            "broken_on": verdict.broken_on or False,
        }
        before = self.state
        if all(self[name] == value for name, value in values.items()):
            return False
        changed = before != verdict.state
        if changed:
            values["judged_on"] = False if verdict.state == core.OPEN else today
        self.write(values)
        if changed:
            self._notify_verdict(verdict)
        return changed

    def _notify_verdict(self, verdict):
        """Tell the file and the collector what became of the promise."""
        self.activity_unlink(["credit_collection.mail_activity_broken_promise"])
        titles = dict(self._fields["state"]._description_selection(self.env))
        self._log(self.env._("Promise: %s", titles[verdict.state]))
        self.plan_id._follow_promise()
        self.account_id._wake_holds()
        if verdict.state not in (core.PARTLY, core.BROKEN):
            return
        responsible = self._responsible()
        told = for_reader(self, responsible)
        told.activity_schedule(
            "credit_collection.mail_activity_broken_promise",
            date_deadline=self._today(),
            user_id=responsible.id,
            summary=told.env._(
                "%(customer)s did not pay %(missing)s as promised by %(date)s",
                customer=told.partner_id.display_name,
                missing=told.currency_id.format(verdict.missing),
                date=format_date(told.env, self.date),
            ),
        )

    def _responsible(self):
        """Who hears of it: the collector, else whoever noted the promise and still works here."""
        account = self.account_id
        return account._person(account._responsible_collector(), self.user_id) or self.env.user

    # ------------------------------------------------------------------
    # Payments
    # ------------------------------------------------------------------

    def _remember_matched(self):
        """Remember what was matched with the items when the promise was made."""
        self.env["account.partial.reconcile"].flush_model()
        (floor,) = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile")
        )[0]
        promises = self.sudo()
        promises.write({"partial_floor": floor, "matched_before": 0.0})
        payments = promises._payments(promises._settlement_rows())
        for promise in promises:
            # Nothing is newer than the floor yet: what is there now was taken as given back.
            promise.matched_before = sum(amount for _day, amount in payments[promise.id])
            promise.missing = promise.unmatched = promise.amount
            promise.amount_company = promise._in_company_currency()

    def _in_company_currency(self):
        """The promised amount in the company's currency, at the rate of the items."""
        self.ensure_one()
        own, company = self.currency_id, self.company_id.currency_id
        if own == company:
            return self.amount
        lines = self.move_line_ids
        rate = sum(lines.mapped("balance")) / (sum(lines.mapped("amount_currency")) or 1.0)
        return company.round(self.amount * rate)

    def _payments(self, settled):
        """What was paid on each promise's items since it was made: money and discounts.

        Matchings newer than the promise count at their date.  Older ones count only as far as
        they were taken back since: undone and matched again, a payment counts once.

        :param settled: the rows of :meth:`_settlement_rows`
        :return: ``{promise id: [(date, amount)]}`` in the promise's currency
        """
        found = defaultdict(list)
        before = {promise.id: promise.matched_before for promise in self}
        for promise_id, day, is_new, nature, amount in settled:
            if nature not in PAID:
                continue
            if is_new:
                found[promise_id].append((day, float(amount)))
            else:
                before[promise_id] -= float(amount)
        for promise in self:
            taken_back = promise.currency_id.round(before[promise.id])
            if taken_back:
                found[promise.id].append((promise.made_on, -taken_back))
        return found

    def _settlement_rows(self):
        """What settled the items of these promises, in the promises' currencies.

        In the company's currency money counts as what it was worth when it came in.

        :return: tuples (promise id, day, newer than the promise, nature, amount)
        """
        if not self.ids:
            return []
        self.env["account.move.line"].flush_model(["amount_currency", "balance", "currency_id"])
        self.flush_model(["currency_id", "partial_floor", "move_line_ids"])
        Partial = self.env["account.partial.reconcile"]
        return self.env.execute_query(
            SQL(
                """
                WITH item AS (
                     SELECT promised.promise_id, promised.move_line_id
                       FROM credit_promise_item_rel promised
                      WHERE promised.promise_id IN %(promises)s)
                SELECT promise.id, paid.date, paid.id > promise.partial_floor, paid.nature,
                       CASE WHEN line.currency_id = promise.currency_id
                            THEN paid.debit_amount_currency
                            WHEN paid.settler_id = paid.credit_move_id
                                 AND settler.amount_currency != 0
                            THEN paid.credit_amount_currency
                                 * settler.balance / settler.amount_currency
                            ELSE paid.amount END
                  FROM item
                  JOIN credit_promise promise ON promise.id = item.promise_id
                  JOIN account_move_line line ON line.id = item.move_line_id
                  JOIN (%(natures)s) AS paid ON paid.debit_move_id = line.id
                  JOIN account_move_line settler ON settler.id = paid.settler_id
                """,
                promises=tuple(self.ids),
                natures=Partial._credit_natures_sql(
                    SQL("partial.debit_move_id = ANY(ARRAY(SELECT move_line_id FROM item))")
                ),
            )
        )

    def _still_owed(self, payments, settled):
        """What can be paid of each promise's items at all: what was paid since, what is open, and
        what was settled otherwise. What was credited or cancelled is owed no more.

        :return: ``{promise id: amount}`` in the promise's currency
        """
        owed = {
            promise.id: sum(amount for _day, amount in payments[promise.id]) for promise in self
        }
        for promise_id, _day, is_new, nature, amount in settled:
            if is_new and nature not in (*PAID, "credit_note"):
                owed[promise_id] += float(amount)
        for promise in self:
            for line in promise.move_line_ids:
                if line.parent_state != "posted":
                    continue
                own = line.currency_id == promise.currency_id
                owed[promise.id] += line.amount_residual_currency if own else line.amount_residual
        return owed

    def _add_credits_on_account(self, payments, owed):
        """Take into account what is matched with nothing yet, as it will count once it is.

        Money counts as paid, the oldest first: it stays with the promise that it kept, then come
        open ones by their day; what has come to its end takes what they leave.  What a credit note
        will settle is owed no more.
        """
        files = self.account_id
        items = self.env["credit.open.item"].with_context(as_of=None)._posted_of(files)
        credits = items.filtered(lambda item: item.amount < 0)
        credits = credits.sorted(lambda item: (item.date, item.id))
        if not credits:
            return
        natures = credits.move_line_id._credit_natures()
        settled = {}
        if any("credit_note" in parts for parts in natures.values()):
            settled = credits._settled_by_notes(files, self.sorted(_turn).move_line_ids, items)
        for promise in self:
            own = promise.currency_id
            for line in promise.move_line_ids:
                amount, amount_company = settled.get(line.id, (0.0, 0.0))
                owed[promise.id] -= amount if line.currency_id == own else amount_company
        # Money whose match was undone has bounced, or is about to.
        undone = (
            self.env["credit.undone.match"]
            .sudo()
            .search([("credit_move_id", "in", credits.move_line_id.ids)])
        )
        free = defaultdict(list)
        for item in credits:
            part = sum(natures[item.move_line_id.id].get(nature, 0.0) for nature in PAID)
            if part > 0 and item.move_line_id not in undone.credit_move_id:
                money = [
                    item.currency_id,
                    item.date,
                    -item.amount_currency * part,
                    -item.amount * part,
                ]
                free[item.account_id].append(money)
        for promise in self.sorted(_turn):
            promise._take_money(free[promise.account_id], payments[promise.id], owed[promise.id])

    def _take_money(self, free, payments, owed):
        """Let this promise have what it misses of the free money; both lists change."""
        missing = min(self.amount, owed) - sum(amount for _day, amount in payments)
        for money in free:
            at = 2 if money[0] == self.currency_id else 3
            if at == 3 and self.currency_id != self.company_id.currency_id:
                continue
            taken = min(max(missing, 0), money[at])
            if self.currency_id.compare_amounts(taken, 0) > 0:
                payments.append((max(money[1], self.made_on), taken))
                missing -= taken
                share = 1 - taken / money[at]
                money[2], money[3] = money[2] * share, money[3] * share

    @api.model
    def _rejudge(self, lines):
        """Judge again the promises on items whose matching changed: paid, or taken back.

        Money on account may have kept another promise of the customer and now settles something
        else: those are judged along, see :meth:`_sharing`.
        """
        customers = lines.sudo().partner_id.commercial_partner_id
        resting = Domain("partner_id", "in", customers.ids) & (
            Domain("state", "=", core.OPEN)
            | Domain("state", "=", core.KEPT) & Domain("move_line_ids.reconciled", "=", False)
        )
        promises = self.sudo().search(
            (Domain("move_line_ids", "in", lines.ids) & Domain("state", "!=", "cancelled"))
            | resting
        )
        if promises:
            promises._judge()

    # ------------------------------------------------------------------
    # What others ask
    # ------------------------------------------------------------------

    @api.model
    def _broken_on(self, move_line_ids):
        """When the last promise on each item broke: ``{journal item id: date}``."""
        self.flush_model(["broken_on", "move_line_ids", "state"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT item.move_line_id, MAX(promise.broken_on)
                      FROM credit_promise_item_rel item
                      JOIN credit_promise promise ON promise.id = item.promise_id
                     WHERE item.move_line_id = ANY(%s) AND promise.broken_on IS NOT NULL
                       AND promise.state != 'cancelled'
                     GROUP BY item.move_line_id
                    """,
                    ids_sql(move_line_ids),
                )
            )
        )

    @api.model
    def _cron_judge(self):
        """Judge the promises whose verdict may change, in batches that are kept one by one."""
        ids = self.sudo().search(self._to_judge_domain(), order="account_id, id").ids
        for start in range(0, len(ids), BATCH):
            promises = self.browse(ids[start : start + BATCH])
            all_safely(promises, lambda some: some._judge(), "Judging promises")
            self.env["ir.cron"]._commit_progress(
                min(BATCH, len(ids) - start), remaining=max(len(ids) - start - BATCH, 0)
            )
