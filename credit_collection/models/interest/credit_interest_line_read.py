from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...core import interest as core
from ...tools.sql import ids_sql

ONE = timedelta(1)
MANY = 200  # files, for which all matches are read in one go


class Debt(NamedTuple):
    """An item that is or was paid late; amounts in its own currency."""

    id: int
    move_id: int
    partner_id: int
    currency_id: int
    date: date
    date_due: date
    amount: float
    untaxed_share: float


class Terms(NamedTuple):
    """What a rule says, read once: tens of thousands of items ask for it."""

    id: int
    starts: str
    grace_days: int
    base_with_tax: bool
    counts_payment_day: bool
    cap_percent: float
    day_count: str
    rates: object  # by start and last day, see ``credit.interest.rule._rates``


class History(NamedTuple):
    """What happened to items: ``{item id: rows}`` each."""

    payments: dict  # (day, amount)
    disputes: dict  # (id, amount, state, opened on, closed on)
    lines: dict  # (dispute id or None, first day, last day, claimed on, amount, base, rate)
    corrected: dict  # (amount taken back of what was charged too much,)
    compensated: set  # ids of invoices
    notices: dict  # {item id: day of the first letter}
    frozen: dict  # {item id: day from which a plan that is kept charges nothing}


class CreditInterestLine(models.Model):
    """The interest that is not charged yet, read from the ledger for many customers at once."""

    _inherit = "credit.interest.line"

    @api.model
    def _uncharged(self, accounts, date_to):
        """What the interest rules charge up to a day and no claim has charged yet.

        :param accounts: ``credit.account`` of one company
        :param date_to: the last day that counts; charges made after it are not looked at
        :return: list of values of lines, by item and day, ``account_id`` and ``rule_id`` included
        """
        found = []
        for rule, own in accounts.sudo()._by_interest_rule().items():
            by_partner = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT partner_id, id FROM credit_account WHERE id = ANY(%s)",
                        ids_sql(own.ids),
                    )
                )
            )
            # By itself: its company is that of all, and only it is read.
            company = own.browse(own.ids[0]).company_id
            debts = self._debts(company, list(by_partner), date_to, rule)
            history = self._history(debts, date_to)
            terms, digits = self._terms(rule, date_to), self._digits(debts)
            for debt in debts:
                lines = self._lines_of(debt, history, terms, date_to, digits[debt.currency_id])
                for values in lines:
                    values.update(
                        account_id=by_partner[debt.partner_id],
                        rule_id=terms.id,
                        currency_id=debt.currency_id,
                        move_line_id=debt.id,
                        move_id=debt.move_id,
                    )
                found += lines
            found += self._compensations(found, debts, history, rule, company, date_to)
        return found

    # ------------------------------------------------------------------
    # Deciding: one item
    # ------------------------------------------------------------------

    @api.model
    def _terms(self, rule, date_to):
        published = rule._published(date_to)

        def rates(start, last):
            return rule._rates(published, start, last)

        if rule.kind != "margin":  # one rate for all days, whatever the first of them
            [(_day, percent)] = rule._rates(published, date_to, date_to)

            def rates(start, _last):
                return [(start, percent)]

        return Terms(*(rule[name] for name in Terms._fields[:-1]), rates)

    @api.model
    def _digits(self, debts):
        """The decimals of the currencies of debts, by their ids."""
        currencies = self.env["res.currency"].browse({debt.currency_id for debt in debts})
        return {currency.id: currency.decimal_places for currency in currencies}

    @api.model
    def _lines_of(self, debt, history, rule, date_to, digits):
        """What one item is charged by a rule's ``Terms``, as values of lines."""
        start = self._first_day(debt, history, rule)
        if not start or start > date_to:
            return []
        rates = rule.rates(start, date_to)
        lines, charged = [], history.lines.get(debt.id, [])
        for dispute, balances, first, last in self._parts(
            debt, history, rule, start, date_to, digits
        ):
            covered = [(row[1], row[2]) for row in charged if row[0] == dispute]
            lines += [
                {
                    "kind": "interest",
                    "dispute_id": dispute,
                    "date_from": line.date_from,
                    "date_to": line.date_to,
                    "base": line.base,
                    "rate": line.rate,
                    "days": line.days,
                    "amount": line.amount,
                }
                for line in core.uncharged(
                    balances, rates, first, last, covered, rule.day_count, digits
                )
            ]
        kept = self._within_cap(lines, debt, charged, rule, digits)
        if not charged:
            return kept
        return kept + self._corrections(debt, history, rule, digits)

    @api.model
    def _corrections(self, debt, history, rule, digits):
        """What was charged too much, because money was entered later than it came: the days stay
        charged, the difference is a line of its own."""
        balances = sorted(self._balances(debt, history, rule, digits))
        days, too_much, most, rate = [], 0.0, 0.0, 0.0
        for dispute, first, last, _claimed, *charge in history.lines.get(debt.id, []):
            amount, base, percent, charged_by = charge
            # What another rule charged is not worked out again by this one.
            if dispute is not None or not amount or charged_by != rule.id:
                continue
            owed = [(day, min(value, base)) for day, value in balances]
            due = core.accrue(owed, [(first, percent)], first, last, rule.day_count, digits=digits)
            excess = round(amount - sum(line.amount for line in due), digits)
            before = [value for day, value in owed if day <= last]
            if excess <= 0 or not before or before[-1] >= base:
                continue
            too_much += excess
            rate, most = percent, max(most, base - before[-1])
            changed = [day for day, value in owed if value < base and day <= last]
            days += [max(first, changed[0]), last]
        rest = round(too_much - sum(row[0] for row in history.corrected.get(debt.id, [])), digits)
        if rest <= 0:
            return []
        return [
            {
                "kind": "correction",
                "dispute_id": None,
                "date_from": min(days),
                "date_to": max(days),
                "base": round(most, digits),
                "rate": rate,
                "days": (max(days) - min(days)).days + 1,
                "amount": -rest,
            }
        ]

    @api.model
    def _first_day(self, debt, history, rule):
        if rule.starts == "after_notice":
            notice = history.notices.get(debt.id)
            return notice and max(notice, debt.date_due) + ONE
        grace = rule.grace_days if rule.starts == "after_grace" else 0
        return debt.date_due + timedelta(grace + 1)

    @api.model
    def _parts(self, debt, history, rule, start, date_to, digits):
        """Yield ``(dispute id or None, balances, first day, last day)`` of what is charged.

        What is under dispute waits.  Was it rejected, that part is charged in lines of its own for
        the time that had to wait; was it accepted or settled, it is dropped.
        """
        balances = self._balances(debt, history, rule, digits)
        disputes = history.disputes.get(debt.id)
        last = min(date_to, history.frozen.get(debt.id, date_to))
        if not disputes:
            yield None, balances, start, last
            return
        yield None, self._less_disputed(balances, disputes, rule, debt, digits), start, last
        charged = [row for row in history.lines.get(debt.id, []) if row[0] is None]
        for id_, amount, state, opened, closed in disputes:
            if state != "rejected" or not closed:
                continue
            # Days that were charged in full before somebody disputed them do not come again.
            before = [row[2] for row in charged if row[3] < opened]
            first = max([start, *(day + ONE for day in before)])
            part = [(day, min(value, amount * self._share(debt, rule))) for day, value in balances]
            if first <= min(closed, last):
                yield id_, part, first, min(closed, last)

    @api.model
    def _share(self, debt, rule):
        return 1.0 if rule.base_with_tax else debt.untaxed_share

    @api.model
    def _balances(self, debt, history, rule, digits):
        """``[(day, what bears interest from that day on)]``"""
        share = self._share(debt, rule)
        left, rows = debt.amount, {debt.date: debt.amount}
        for day, amount in sorted(history.payments.get(debt.id, ())):
            left -= amount
            rows[max(day + ONE if rule.counts_payment_day else day, debt.date)] = left
        return [(day, max(round(value * share, digits), 0.0)) for day, value in rows.items()]

    @api.model
    def _less_disputed(self, balances, disputes, rule, debt, digits):
        """The balances without what is or was under dispute, until the day it was settled."""
        waiting = [
            (amount * self._share(debt, rule), closed)
            for _id, amount, _state, _opened, closed in disputes
        ]
        ends = {closed + ONE for _amount, closed in waiting if closed}
        days = sorted({day for day, _value in balances} | ends)
        steps, rows = sorted(balances), []
        for day in days:
            known = [value for begun, value in steps if begun <= day]
            if known:
                held = sum(amount for amount, closed in waiting if not closed or day <= closed)
                rows.append((day, max(round(known[-1] - held, digits), 0.0)))
        return rows

    @api.model
    def _within_cap(self, lines, debt, charged, rule, digits):
        if not rule.cap_percent:
            return lines
        cap = round(debt.amount * rule.cap_percent / 100, digits)
        left = round(max(cap - sum(row[4] for row in charged), 0.0), digits)
        kept = []
        for values in lines:
            if left <= 0:
                break
            values["amount"] = min(values["amount"], left)
            left = round(left - values["amount"], digits)
            kept.append(values)
        return kept

    @api.model
    def _compensations(self, lines, debts, history, rule, company, date_to):
        """One lump sum for each invoice that bears interest and has not had it."""
        if not rule.step_ids:
            return []
        bases, first = defaultdict(dict), {}
        for values in lines:
            if values["rule_id"] == rule.id and values["kind"] == "interest":
                bases[values["move_id"]].setdefault(values["move_line_id"], values["base"])
                first.setdefault(values["move_id"], values)
        due = {}
        for debt in debts:
            due[debt.move_id] = min(due.get(debt.move_id, debt.date_due), debt.date_due)
        found = []
        for move_id, values in first.items():
            if move_id in history.compensated:
                continue
            currency = self.env["res.currency"].browse(values["currency_id"])
            amount = rule._compensation(
                sum(bases[move_id].values()), currency, company, due[move_id], date_to
            )
            if amount:
                found.append(
                    {
                        **{key: values[key] for key in ("account_id", "rule_id", "currency_id")},
                        "kind": "compensation",
                        "move_line_id": values["move_line_id"],
                        "move_id": move_id,
                        "dispute_id": None,
                        "date_from": due[move_id] + ONE,
                        "date_to": due[move_id] + ONE,
                        "base": 0.0,
                        "rate": 0.0,
                        "days": 0,
                        "amount": amount,
                    }
                )
        return found

    # ------------------------------------------------------------------
    # Reading: one query for each kind of row
    # ------------------------------------------------------------------

    @api.model
    def _debts(self, company, partner_ids, date_to, rule):
        """The items of these customers that were open after their due day, oldest first."""
        for model in (
            "account.move.line",
            "account.move",
            "account.partial.reconcile",
            "credit.interest.claim",
            "credit.interest.line",
            "res.partner",
        ):
            self.env[model].flush_model()
        since = date_to - timedelta(company.credit_interest_lookback_days)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.move_id, partner.commercial_partner_id, line.currency_id,
                       line.date, COALESCE(line.date_maturity, line.date), line.amount_currency,
                       COALESCE(move.amount_untaxed / NULLIF(move.amount_total, 0), 1)
                  FROM account_move_line line
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN account_move move ON move.id = line.move_id
                  LEFT JOIN %(paid)s
                 WHERE line.account_id = ANY(%(accounts)s)
                   AND line.parent_state = 'posted'
                   AND line.amount_currency > 0
                   AND COALESCE(line.date_maturity, line.date) < %(date_to)s
                   AND move.move_type IN ('out_invoice', 'out_receipt', 'entry')
                   AND move.origin_payment_id IS NULL AND move.statement_line_id IS NULL
                   AND partner.commercial_partner_id = ANY(%(partners)s)
                   AND %(root)s = %(company)s
                   AND (line.reconciled IS NOT TRUE
                        OR paid.last > COALESCE(line.date_maturity, line.date)
                        OR line.id IN (
                           SELECT charged.move_line_id FROM credit_interest_line charged
                            WHERE charged.company_id = %(company)s AND charged.counts
                              AND charged.claimed_on >= %(since)s))
                   AND %(not_interest)s
                 ORDER BY COALESCE(line.date_maturity, line.date), line.id
                """,
                accounts=self.env["credit.open.item"]._receivable_account_ids(),
                date_to=date_to,
                partners=ids_sql(partner_ids),
                root=self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
                company=company.id,
                since=since,
                paid=self._last_paid_sql(since, len(partner_ids) > MANY),
                not_interest=SQL("TRUE")
                if rule.interest_on_interest
                else SQL(
                    "NOT EXISTS (SELECT FROM credit_interest_claim claim"
                    " WHERE claim.bill_move_id = line.move_id)"
                ),
            )
        )
        return [Debt(*row[:6], float(row[6]), float(row[7])) for row in rows]

    @api.model
    def _last_paid_sql(self, since, many) -> SQL:
        """The join ``paid``: the last day from ``since`` on at which ``line`` was matched.

        :param many: so many are asked for that all matches are read in one go
        """
        if many:
            return SQL(
                """(SELECT debit_move_id, MAX(max_date) AS last FROM account_partial_reconcile
                     WHERE max_date >= %s GROUP BY debit_move_id) AS paid
                   ON paid.debit_move_id = line.id""",
                since,
            )
        return SQL(
            """LATERAL (SELECT MAX(partial.max_date) AS last
                          FROM account_partial_reconcile partial
                         WHERE partial.debit_move_id = line.id AND partial.max_date >= %s
                       ) AS paid ON TRUE""",
            since,
        )

    @api.model
    def _history(self, debts, date_to):
        ids = ids_sql([debt.id for debt in debts])
        moves = ids_sql({debt.move_id for debt in debts})
        for model in (
            "credit.interest.line",
            "credit.interest.claim",
            "credit.dispute",
            "credit.followup.line",
        ):
            self.env[model].flush_model()
        lines = self._rows(
            SQL(
                """SELECT move_line_id, dispute_id, date_from, date_to, claimed_on, amount, base,
                          rate, (SELECT claim.rule_id FROM credit_interest_claim claim
                                  WHERE claim.id = line.claim_id)
                     FROM credit_interest_line line
                    WHERE move_line_id = ANY(%s) AND counts AND kind = 'interest'
                      AND claimed_on <= %s""",
                ids,
                date_to,
            )
        )
        return History(
            payments=self._rows(
                SQL(
                    """SELECT debit_move_id, max_date, SUM(debit_amount_currency)::float
                         FROM account_partial_reconcile
                        WHERE debit_move_id = ANY(%s) AND max_date <= %s GROUP BY 1, 2""",
                    ids,
                    date_to,
                )
            ),
            disputes=self._rows(
                SQL(
                    """SELECT move_line_id, id, amount::float, state, opened_on, closed_on
                         FROM credit_dispute WHERE move_line_id = ANY(%s) ORDER BY id""",
                    ids,
                )
            ),
            lines={
                key: [(*row[:4], *map(float, row[4:7]), row[7]) for row in rows]
                for key, rows in lines.items()
            },
            corrected=self._rows(
                SQL(
                    # What was waived of a claim was taken back as well.
                    """SELECT move_line_id, -amount::float FROM credit_interest_line
                        WHERE move_line_id = ANY(%(ids)s) AND counts AND kind = 'correction'
                          AND claimed_on <= %(until)s
                        UNION ALL
                       SELECT line.move_line_id, LEAST(SUM(line.amount), MAX(claim.waived))::float
                         FROM credit_interest_line line
                         JOIN credit_interest_claim claim ON claim.id = line.claim_id
                        WHERE line.move_line_id = ANY(%(ids)s) AND line.counts
                          AND line.kind = 'interest' AND line.claimed_on <= %(until)s
                          AND claim.waived > 0
                        GROUP BY line.move_line_id, claim.id""",
                    ids=ids,
                    until=date_to,
                )
            ),
            compensated={
                id_
                for (id_,) in self.env.execute_query(
                    SQL(
                        """SELECT DISTINCT move_id FROM credit_interest_line
                            WHERE move_id = ANY(%s) AND counts AND kind = 'compensation'
                              AND claimed_on <= %s""",
                        moves,
                        date_to,
                    )
                )
            },
            notices=dict(
                self.env.execute_query(
                    SQL(
                        """SELECT move_line_id, MIN(date) FROM credit_followup_line
                            WHERE move_line_id = ANY(%s) AND state = 'sent' GROUP BY 1""",
                        ids,
                    )
                )
            ),
            frozen=self._frozen(ids),
        )

    @api.model
    def _rows(self, query):
        """``{first column: [the other columns]}``"""
        rows = defaultdict(list)
        for key, *values in self.env.execute_query(query):
            rows[key].append(tuple(values))
        return rows

    @api.model
    def _frozen(self, ids):
        """``{item id: last day with interest}`` of items whose plan charges none while kept."""
        self.env["credit.plan"].flush_model(["state", "interest", "accepted_on"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT item.move_line_id, MIN(plan.accepted_on)
                         FROM credit_plan_item item JOIN credit_plan plan ON plan.id = item.plan_id
                        WHERE item.move_line_id = ANY(%s) AND plan.interest = 'frozen'
                          AND plan.state IN ('accepted', 'kept') GROUP BY 1""",
                    ids,
                )
            )
        )
