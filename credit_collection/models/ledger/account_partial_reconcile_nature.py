from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

MONEY = ("bank", "cash", "credit")
SALES = ("out_invoice", "out_refund", "out_receipt")
# What it also depends on where the point of sale is installed.
TILL = {"pos.payment": ["account_move_id"], "pos.payment.method": ["receivable_account_id"]}
# What the reading depends on besides the reconciliations.
READ = {
    "account.account": ["account_type"],
    "account.journal": ["suspense_account_id", "type"],
    "account.move": ["credit_settlement", "move_type"],
    "account.move.line": [
        "account_id", "balance", "journal_id", "move_id", "partner_id", "tax_line_id",
        "tax_repartition_line_id",
    ],
    "account.partial.reconcile": [
        "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency",
        "debit_move_id", "exchange_move_id", "max_date",
    ],
    "account.payment.method.line": ["payment_account_id"],
    "res.company": [
        "account_journal_early_pay_discount_gain_account_id",
        "account_journal_early_pay_discount_loss_account_id",
        "expense_currency_exchange_account_id", "income_currency_exchange_account_id",
    ],
    "res.partner": ["commercial_partner_id"],
}  # fmt: skip


class AccountPartialReconcile(models.Model):
    """What each match was: money, discount, credit note, netting, write-off, assignment,
    restructuring or exchange difference.

    The entry that settles says it: by its mark (``credit_settlement``), else by its type, else by
    its lines on the other side.  One entry may be several: of 1 from the bank and 999 written off,
    a thousandth of what it settles is money.
    """

    _inherit = "account.partial.reconcile"

    def _credit_settlement_nature(self):
        """What these matches were.

        :return: ``{partial id: {nature: amount in the company's currency}}``, the natures those of
            ``account.move.credit_settlement``, the largest first; the amounts of a match add up
            to its amount
        """
        found = defaultdict(dict)
        if self.ids:
            rows = self.env.execute_query(
                SQL(
                    "SELECT id, nature, amount FROM (%s) AS settled"
                    " ORDER BY id, amount DESC, nature",
                    self._credit_natures_sql(SQL("partial.id = ANY(%s)", self.ids)),
                )
            )
            for partial_id, nature, amount in rows:
                found[partial_id][nature] = float(amount)
        for partial in self.sudo():
            natures, currency = found[partial.id], partial.company_id.currency_id
            for nature, amount in natures.items():
                natures[nature] = currency.round(amount)
            if natures:
                rest = partial.amount - sum(natures.values())
                first = next(iter(natures))
                natures[first] = currency.round(natures[first] + rest)
        return dict(found)

    @api.model
    def _credit_natures_sql(self, where: SQL) -> SQL:
        """The matches by what they were, one row for each nature of each.

        Columns: ``id`` of the match, ``debit_move_id``, ``credit_move_id``, ``settler_id`` (the
        journal item that settles), ``date``, ``nature`` and its part of ``amount``,
        ``debit_amount_currency`` and ``credit_amount_currency``, not rounded.

        :param where: which, as a condition on ``partial``
        """
        return SQL(
            """
            SELECT partial.id, partial.debit_move_id, partial.credit_move_id,
                   settler.id AS settler_id, partial.max_date AS date, settled.nature,
                   partial.amount * settled.part AS amount,
                   partial.debit_amount_currency * settled.part AS debit_amount_currency,
                   partial.credit_amount_currency * settled.part AS credit_amount_currency
              FROM account_partial_reconcile partial
              JOIN account_move_line debit ON debit.id = partial.debit_move_id
              JOIN account_move debtor ON debtor.id = debit.move_id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN account_move payer ON payer.id = credit.move_id
              JOIN account_move_line settler
                ON settler.id = CASE WHEN debtor.move_type = 'entry' AND (
                                          payer.move_type != 'entry' OR %(difference)s)
                                     THEN debit.id ELSE credit.id END
              CROSS JOIN LATERAL (%(natures)s) AS settled
             WHERE %(where)s
            """,
            difference=self._credit_is_exchange_sql(SQL("debtor.id")),
            natures=self._credit_line_natures_sql("settler"),
            where=where,
        )

    @api.model
    def _credit_line_natures_sql(self, line: str) -> SQL:
        """By what the journal item under the alias ``line`` settles: (nature, part), parts of 1.

        To be joined laterally; the alias has the columns of ``account_move_line``.
        """
        self._credit_flush_read()
        item = {
            name: SQL.identifier(line, name)
            for name in ("move_id", "balance", "partner_id", "journal_id")
        }
        return SQL(
            """
            SELECT weighed.nature, SUM(weight) / SUM(SUM(weight)) OVER () AS part
              FROM (%(said)s) AS said
              CROSS JOIN LATERAL (
                   SELECT said.nature, 1 AS weight WHERE said.nature IS NOT NULL
                    UNION ALL
                   SELECT CASE WHEN nature != 'rest' THEN nature
                               WHEN bool_or(nature = 'discount') OVER () THEN 'discount'
                               WHEN bool_or(nature = 'write_off') OVER () THEN 'write_off'
                               ELSE 'restructuring' END, weight
                     FROM (%(lines)s OFFSET 0) AS counterpart) AS weighed
             GROUP BY weighed.nature
            """,
            said=self._credit_said_sql(item["move_id"]),
            lines=self._credit_counterparts_sql(item),
        )

    @api.model
    def _credit_flush_read(self):
        till = TILL if "pos.payment" in self.env else {}
        for model, names in {**READ, **till}.items():
            self.env[model].flush_model(names)

    @api.model
    def _credit_cash_sql(self, where: SQL) -> SQL:
        """The matches of customers' invoices that were money, with the part that was.

        As :meth:`_credit_natures_sql` says of an invoice, for who asks for nothing else: read in
        one go for all entries, not entry by entry.  Columns: ``item_id``, ``partner_id`` (the
        commercial partner), ``company_id``, ``reconciled``, ``date_due``, ``date`` of the match,
        ``amount`` of the part that is money.

        :param where: which, as a condition on ``partial``, ``debit`` and ``debtor``
        """
        self._credit_flush_read()
        by_till = self._credit_by_till_sql(SQL("payer.id"))
        return SQL(
            """
            SELECT debit.id AS item_id, debtor.commercial_partner_id AS partner_id,
                   debit.company_id, debit.reconciled,
                   COALESCE(debit.date_maturity, debit.date) AS date_due, partial.max_date AS date,
                   partial.amount * CASE
                   WHEN payer.credit_settlement = 'cash' OR %(by_till)s THEN 1
                   ELSE SUM(ABS(other.balance)) FILTER (WHERE %(kind)s = 'cash')
                        / SUM(ABS(other.balance)) END AS amount
              FROM account_partial_reconcile partial
              JOIN account_move_line debit ON debit.id = partial.debit_move_id
              JOIN account_move debtor ON debtor.id = debit.move_id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN account_move payer ON payer.id = credit.move_id
              LEFT JOIN account_move_line other
                ON other.move_id = payer.id AND payer.credit_settlement IS NULL
               AND SIGN(other.balance) = -SIGN(credit.balance) AND other.balance != 0
              LEFT JOIN account_account account ON account.id = other.account_id
              LEFT JOIN account_journal journal ON journal.id = other.journal_id
             WHERE debtor.move_type = 'out_invoice'
               AND (payer.credit_settlement = 'cash'
                    OR payer.credit_settlement IS NULL AND payer.move_type = 'entry'
                       AND NOT %(difference)s)
               AND %(where)s
             GROUP BY partial.id, debit.id, debtor.id, payer.id
            """,
            by_till=by_till,
            # Whose a receivable is says what else it is, never whether it is money.
            kind=self._credit_kind_sql(SQL("FALSE")),
            difference=self._credit_is_exchange_sql(SQL("payer.id")),
            where=where,
        )

    @api.model
    def _credit_said_sql(self, move: SQL) -> SQL:
        """The nature of a whole entry: its mark, its type, or NULL when its lines must say it."""
        return SQL(
            """
            SELECT COALESCE(said.credit_settlement,
                            CASE WHEN said.move_type IN %(sales)s THEN 'credit_note'
                                 WHEN said.move_type != 'entry' THEN 'netting'
                                 WHEN %(difference)s THEN 'exchange'
                                 WHEN %(till)s THEN 'cash' END) AS nature
              FROM account_move said WHERE said.id = %(move)s
            """,
            sales=SALES,
            difference=self._credit_is_exchange_sql(SQL("said.id")),
            till=self._credit_by_till_sql(SQL("said.id")),
            move=move,
        )

    @api.model
    def _credit_by_till_sql(self, move: SQL) -> SQL:
        """Whether the point of sale booked an entry for an invoice: that is money, though in a
        journal of its own."""
        if "pos.payment" not in self.env:
            return SQL("FALSE")
        return SQL(
            "EXISTS (SELECT FROM pos_payment till WHERE till.account_move_id = %s)",
            move,
            to_flush=self.env["pos.payment"]._fields["account_move_id"],
        )

    @api.model
    def _credit_money_elsewhere_sql(self, move: SQL) -> SQL:
        """Whether an entry in a journal that is no money's may be money: marked, or of a till."""
        return SQL(
            "%s = ANY(ARRAY(SELECT id FROM account_move WHERE credit_settlement = 'cash')) OR %s",
            move,
            self._credit_by_till_sql(move),
        )

    @api.model
    def _credit_is_till_sql(self, account: SQL) -> SQL:
        """Whether a receivable account is a till's own: what lies there came from customers before,
        and goes to the bank when the session is closed."""
        if "pos.payment" not in self.env:
            return SQL("FALSE")
        return SQL(
            "%s IN (SELECT account_default_pos_receivable_account_id FROM res_company"
            " WHERE account_default_pos_receivable_account_id IS NOT NULL"
            " UNION SELECT receivable_account_id FROM pos_payment_method"
            " WHERE receivable_account_id IS NOT NULL)",
            account,
        )

    @api.model
    def _credit_is_exchange_sql(self, move: SQL) -> SQL:
        return SQL(
            "EXISTS (SELECT FROM account_partial_reconcile cause"
            " WHERE cause.exchange_move_id = %s)",
            move,
        )

    @api.model
    def _credit_counterparts_sql(self, item: dict) -> SQL:
        """The other side of an entry whose lines must say what it is: (nature, weight).

        ``said`` is :meth:`_credit_said_sql`; ``rest`` goes with the others, like the tax of a
        discount or of a write-off.
        """
        return SQL(
            """
            SELECT %(kind)s AS nature, ABS(other.balance) AS weight
              FROM account_move_line other
              JOIN account_account account ON account.id = other.account_id
              LEFT JOIN account_journal journal ON journal.id = other.journal_id
              LEFT JOIN res_partner owner ON owner.id = other.partner_id
              LEFT JOIN res_partner debtor ON debtor.id = %(partner)s
             WHERE said.nature IS NULL AND other.move_id = %(move)s
               AND SIGN(other.balance) = -SIGN(%(balance)s) AND other.balance != 0
            """,
            kind=self._credit_kind_sql(
                SQL(
                    "owner.id IS NOT NULL"
                    " AND owner.commercial_partner_id = debtor.commercial_partner_id"
                )
            ),
            partner=item["partner_id"],
            move=item["move_id"],
            balance=item["balance"],
        )

    @api.model
    def _credit_kind_sql(self, same_customer: SQL) -> SQL:
        """What a line ``other`` on the other side says, by its ``account`` and ``journal``.

        :param same_customer: whether a receivable is owed by the customer who is settled with
        """
        return SQL(
            """
            CASE WHEN account.id = ANY(ARRAY(%(discounts)s)) THEN 'discount'
                 WHEN account.id = ANY(ARRAY(%(differences)s)) THEN 'exchange'
                 WHEN other.tax_line_id IS NOT NULL
                      OR other.tax_repartition_line_id IS NOT NULL THEN 'rest'
                 WHEN account.account_type = 'liability_payable' THEN 'netting'
                 WHEN account.account_type = 'asset_receivable' AND %(same_customer)s
                      THEN 'restructuring'
                 WHEN account.account_type = 'asset_receivable' THEN 'assignment'
                 WHEN account.account_type IN ('asset_cash', 'liability_credit_card') THEN 'cash'
                 WHEN split_part(account.account_type, '_', 1) IN ('income', 'expense')
                      THEN 'write_off'
                 WHEN account.account_type = 'asset_current' AND journal.type IN %(money)s
                      THEN 'cash'
                 WHEN account.id = ANY(ARRAY(%(outstanding)s)) THEN 'cash'
                 ELSE 'rest' END
            """,
            same_customer=same_customer,
            discounts=self._credit_company_accounts_sql(
                "account_journal_early_pay_discount_loss_account_id",
                "account_journal_early_pay_discount_gain_account_id",
            ),
            differences=self._credit_company_accounts_sql(
                "income_currency_exchange_account_id", "expense_currency_exchange_account_id"
            ),
            outstanding=SQL(
                "SELECT payment_account_id FROM account_payment_method_line"
                " WHERE payment_account_id IS NOT NULL"
                " UNION SELECT suspense_account_id FROM account_journal"
                " WHERE suspense_account_id IS NOT NULL AND type IN %s",
                MONEY,
            ),
            money=MONEY,
        )

    @api.model
    def _credit_company_accounts_sql(self, *names) -> SQL:
        """The accounts that companies have chosen under these fields."""
        return SQL(" UNION ").join(
            SQL(
                "SELECT %(name)s FROM res_company WHERE %(name)s IS NOT NULL",
                name=SQL.identifier(name),
            )
            for name in names
        )
