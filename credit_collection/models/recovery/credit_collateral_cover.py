from odoo import api, models, tools
from odoo.tools import SQL

from ...core import cover
from .credit_collateral import COVERS


class CreditCollateral(models.Model):
    """What securities are worth: how much they cover, by how much they raise a limit."""

    _inherit = "credit.collateral"

    def _compute_used(self):
        accounts = self.account_id.sudo()
        exposures = {position.id: position.exposure for position in accounts._position()}
        for account in accounts:
            own = account.collateral_ids.filtered(lambda c: c._covers_today())
            parts = cover.used(
                float(exposures.get(account.id, 0.0)), [each._security() for each in own]
            )
            for collateral, part in zip(own, parts, strict=True):
                (collateral.with_env(self.env) & self).used = part
        for collateral in self:
            if not collateral._covers_today():
                collateral.used = 0.0

    def _covers_today(self):
        """Whether it covers anything today."""
        return self._is_valid(COVERS)

    def _is_valid(self, states):
        self.ensure_one()
        today = (self.company_id or self.env.company)._credit_today()
        return (
            self.state in states
            and self.date_from <= today
            and (not self.date_to or self.date_to >= today)
        )

    def _insured_value(self):
        """What it is good for: of an insurance the discretionary limit, where that is larger."""
        self.ensure_one()
        if self.kind != "insurance" or not self.value:
            return self.value_company
        ours = self.discretionary_limit * self.value_company / self.value
        return max(self.value_company, ours)

    @api.model
    def _cover_values(self, accounts):
        """``{file id: amount}`` that the securities of files cover at most."""
        found = {}
        for collateral in self.sudo().search([("account_id", "in", accounts.ids)]):
            if collateral.covers_exposure and collateral._covers_today():
                value, percent, own_share = collateral._security()
                part = value * percent / 100 * (1 - own_share / 100)
                found[collateral.account_id.id] = found.get(collateral.account_id.id, 0.0) + part
        return found

    def _security(self):
        """``(value, covers percent, own share percent)`` as the core takes it."""
        self.ensure_one()
        value = self._insured_value()
        if self.state == "called":
            value *= 1 - self.received_amount / self.value
        if self.move_line_ids:
            open_amount = sum(self.sudo().move_line_ids.mapped("amount_residual"))
            value = min(value, max(open_amount, 0.0))
        return (value, self.covers_percent if self.covers_exposure else 0, self.own_share_percent)

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there is any security at all: else no query asks for one."""
        return bool(self.sudo().search_count([("state", "!=", "offered")], limit=1))

    @api.model
    def _raised_sql(self) -> SQL:
        """By how much the securities of file ``account`` raise its limit; see core.cover."""
        if not self._any():
            return SQL("0")
        ended = SQL(" AND (c.called_on IS NULL OR c.called_on > %s)", self._sql_day())
        return SQL(
            """COALESCE((SELECT SUM(c.value_company * c.raises_percent::numeric / 100)
                           FROM credit_collateral c
                          WHERE c.account_id = account.id AND c.raises_limit AND %s), 0)""",
            self._valid_sql(SQL("c.state = 'in_force'"), ended),
        )

    @api.model
    def _covered_sql(self, exposure: SQL) -> SQL:
        """How much of its exposure the securities of file ``account`` cover; see core.cover."""
        if not self._any():
            return SQL("0::numeric")
        return SQL(
            """LEAST(GREATEST(%(exposure)s, 0), COALESCE((
                    SELECT SUM(LEAST(
                        LEAST(
                            CASE WHEN c.kind = 'insurance'
                                 THEN GREATEST(c.value_company, COALESCE(c.discretionary_limit, 0)
                                               * c.value_company / c.value)
                                 ELSE c.value_company END
                            * CASE WHEN c.state = 'called'
                                THEN 1 - COALESCE(c.received_amount, 0) / c.value ELSE 1 END,
                            (SELECT CASE WHEN COUNT(*) > 0
                                         THEN GREATEST(SUM(secured.amount_residual), 0) END
                               FROM credit_collateral_item_rel rel
                               JOIN account_move_line secured ON secured.id = rel.move_line_id
                              WHERE rel.collateral_id = c.id)
                        ) * c.covers_percent::numeric / 100,
                        GREATEST(%(exposure)s, 0)
                            * (1 - COALESCE(c.own_share_percent, 0)::numeric / 100)))
                      FROM credit_collateral c
                     WHERE c.account_id = account.id AND c.covers_exposure AND %(valid)s), 0))""",
            exposure=exposure,
            valid=self._valid_sql(SQL("c.state IN ('in_force', 'called')"), SQL()),
        )

    @api.model
    def _secures_sql(self, account: SQL, line: SQL) -> SQL:
        """Whether securities in force cover a journal item: by name, or all the customer owes."""
        if not self._any():
            return SQL("FALSE")
        return SQL(
            """(SELECT owed.amount_residual FROM account_move_line owed WHERE owed.id = %(line)s)
               <= (SELECT COALESCE(SUM(c.value_company * c.covers_percent / 100), 0)
                     FROM credit_collateral c
                 WHERE c.account_id = %(account)s AND c.covers_exposure AND %(valid)s
                   AND (NOT EXISTS (SELECT FROM credit_collateral_item_rel rel
                                     WHERE rel.collateral_id = c.id)
                        OR EXISTS (SELECT FROM credit_collateral_item_rel rel
                                    WHERE rel.collateral_id = c.id
                                      AND rel.move_line_id = %(line)s)))""",
            account=account,
            line=line,
            valid=self._valid_sql(SQL("c.state IN ('in_force', 'called')"), SQL()),
        )

    @api.model
    def _sql_day(self):
        return self.env["credit.open.item"]._today()

    @api.model
    def _valid_sql(self, now: SQL, then: SQL) -> SQL:
        """Whether a security counts: by its state today, by its days on a past day."""
        day = self._sql_day()
        if self.env["credit.open.item"]._past_day():
            now = SQL(
                "c.in_force_on <= %s AND (c.ended_on IS NULL OR c.ended_on > %s)%s", day, day, then
            )
        return SQL(
            "%s AND c.date_from <= %s AND (c.date_to IS NULL OR c.date_to >= %s)", now, day, day
        )
