from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

KEPT_DAYS = 2


class CreditPortalAttempt(models.Model):
    """How often the customers' pages were asked for, so that nobody tries links or floods us.

    Counted in slots of time. Who asks is kept as a keyed hash: no address is stored.
    """

    _name = "credit.portal.attempt"
    _description = "Requests of the Customers' Pages"
    _log_access = False

    kind = fields.Char(required=True, readonly=True)
    who = fields.Char(required=True, readonly=True)
    slot = fields.Integer(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)
    count = fields.Integer(required=True, readonly=True)

    _slot_uniq = models.UniqueIndex("(kind, who, slot)")

    @api.model
    def _hit(self, kind, who, limit, minutes):
        """Count one more request; whether it is within ``limit`` in ``minutes``.

        In a transaction of its own: what is refused or fails afterwards is counted all the same.
        """
        seconds = minutes * 60
        slot = int(datetime.now(UTC).timestamp()) // seconds
        until = datetime.fromtimestamp((slot + 1) * seconds, UTC).replace(tzinfo=None)
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """
                    INSERT INTO credit_portal_attempt AS attempt (kind, who, slot, until, count)
                         VALUES (%s, %s, %s, %s, 1)
                    ON CONFLICT (kind, who, slot) DO UPDATE SET count = attempt.count + 1
                      RETURNING count
                    """,
                    kind,
                    self._who(who),
                    slot,
                    until,
                )
            )
            [(count,)] = cr.fetchall()
        return count <= limit

    @api.model
    def _is_over(self, kind, who, limit, minutes):
        """Whether ``limit`` is reached in the running slot, without counting."""
        slot = int(datetime.now(UTC).timestamp()) // (minutes * 60)
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM credit_portal_attempt"
                    " WHERE kind = %s AND who = %s AND slot = %s AND count >= %s",
                    kind,
                    self._who(who),
                    slot,
                    limit,
                )
            )
        )

    @api.model
    def _who(self, who):
        return hmac(self.env(su=True), "credit-portal-attempt", who)[:32]

    @api.autovacuum
    def _gc_attempts(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.env.execute_query(
            SQL("DELETE FROM credit_portal_attempt WHERE until < %s RETURNING id", limit)
        )
