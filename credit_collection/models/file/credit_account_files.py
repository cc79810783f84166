from odoo import api, models
from odoo.tools import SQL

from ...tools.environment import without_caller_context
from ...tools.sql import without_jit


class CreditAccount(models.Model):
    """Finding and making files, and letting one transaction decide on a file at a time."""

    _inherit = "credit.account"

    @api.model
    def _get(self, partner, company):
        """The credit file of the commercial partner in the root company, made when missing.

        :param partner: ``res.partner`` (one record, any contact of the customer)
        :param company: ``res.company`` (one record, root or branch)
        :return: ``credit.account`` (one record, sudo as the environment given)
        """
        partner, company = partner.sudo().commercial_partner_id, company.sudo().root_id
        account = self.sudo().search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)], limit=1
        )
        if not account:
            account = self._ensure([(partner.id, company.id)])
        return account.with_env(self.env)

    @api.model
    def _ensure(self, pairs):
        """Make the missing files of ``pairs`` (commercial partner id, root company id).

        A file made by somebody else at the same moment ends in a serialization failure, which
        the web layer retries; it never ends in two files.

        :return: the files of all pairs (sudo)
        """
        return self.sudo().union(*self._upsert(pairs))

    @api.model
    def _claim(self, pairs, *also):
        """:meth:`_ensure` for a decision: also says what each customer has open.

        Nothing waits to be written to the database afterwards, but what a new file works out.

        :param also: what else to read in the same statement, as SQL
        :return: ``{file (sudo): (kinds of open items, *what else was read)}``
        """
        Item = self.env["credit.open.item"]
        self.env.flush_all()
        orders = Item._orders_sql(SQL("credit_account.partner_id"))
        return {
            account: (Item._kinds_of(ordered), *more)
            for account, (ordered, *more) in self._upsert(pairs, orders, *also).items()
        }

    @api.model
    def _upsert(self, pairs, *also: SQL):
        """Make the missing files and raise the counter of the others.

        :param also: what else to read of each, in the same statement
        :return: ``{file (sudo): [what was read]}``
        """
        pairs = sorted(set(pairs))
        if not pairs:
            return {}
        self.sudo().flush_model(["partner_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO credit_account
                       (partner_id, company_id, check_count,
                        create_uid, write_uid, create_date, write_date)
                VALUES %(values)s
                ON CONFLICT (partner_id, company_id)
                DO UPDATE SET check_count = COALESCE(credit_account.check_count, 0) + 1
                RETURNING %(read)s
                """,
                values=SQL(", ").join(
                    SQL(
                        "(%s, %s, 0, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')",
                        partner_id,
                        company_id,
                        self.env.uid,
                        self.env.uid,
                    )
                    for partner_id, company_id in pairs
                ),
                read=SQL(", ").join([SQL("id, partner_id, company_id, check_count"), *also]),
            )
        )
        accounts = self.sudo().browse([row[0] for row in rows])
        accounts.invalidate_recordset(["check_count"], flush=False)
        for account, (_id, partner_id, company_id, *_also) in zip(accounts, rows, strict=True):
            # Known from the database at this moment: not worth another query.
            self._fields["partner_id"]._update_cache(account, partner_id)
            self._fields["company_id"]._update_cache(account, company_id)
        made = accounts.browse([row[0] for row in rows if not row[3]])
        for field in self._fields.values() if made else ():
            if field.store and field.compute:
                self.env.add_to_compute(field, made)
        return dict(zip(accounts, (row[4:] for row in rows), strict=True))

    @api.model
    def _of_pairs(self, pairs):
        """The files (sudo) that exist among ``pairs`` (partner id, root company id)."""
        found = self.sudo().search(
            [
                ("partner_id", "in", [partner for partner, _company in pairs]),
                ("company_id", "in", [company for _partner, company in pairs]),
            ]
        )
        return found.filtered(lambda file: (file.partner_id.id, file.company_id.id) in pairs)

    @api.model
    def _ensure_missing(self, pairs):
        """Like :meth:`_ensure`, without touching the files that exist."""
        known = self._of_pairs(pairs)
        missing = pairs - {(file.partner_id.id, file.company_id.id) for file in known}
        return known | self._ensure(missing)

    @api.model
    def _wake_pairs(self, pairs):
        """Look again at what is held of the customers ``pairs``, soon and in the background."""
        if pairs:
            self._of_pairs(pairs)._wake_holds()

    @api.model
    def _ensure_open(self):
        """Make the files of all customers who have anything open and none yet."""
        Item = without_caller_context(self.env["credit.open.item"].sudo(), self.env.company)
        without_jit(self.env)
        self.env.flush_all()
        missing = self.env.execute_query(
            SQL(
                """
                SELECT item.partner_id, item.company_id
                  FROM (SELECT DISTINCT partner_id, company_id FROM (%s) AS every
                         WHERE partner_id IS NOT NULL) AS item
                 WHERE NOT EXISTS (SELECT FROM credit_account file
                                    WHERE file.partner_id = item.partner_id
                                      AND file.company_id = item.company_id)
                """,
                Item._items_sql("partner_id", "company_id"),
            )
        )
        return self._ensure(missing)

    def _serialize(self):
        """Raise the files' counters, so that only one transaction decides on each at a time.

        Odoo runs in REPEATABLE READ: a second transaction that comes here while the first is
        open waits, is then refused by PostgreSQL, and is retried by Odoo with fresh figures.
        """
        if self:
            self.env.execute_query(
                SQL(
                    """
                    UPDATE credit_account SET check_count = COALESCE(check_count, 0) + 1
                     WHERE id IN (SELECT id FROM credit_account WHERE id IN %s ORDER BY id
                                     FOR UPDATE)
                    RETURNING id
                    """,
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["check_count"], flush=False)
