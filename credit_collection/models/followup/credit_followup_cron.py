import logging

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.environment import without_caller_context
from ...tools.reasons import reason

_logger = logging.getLogger(__name__)

PLAN_BATCH = 500
SEND_BATCH = 100
ATTEMPTS = 10
# Where the scheduler's context says how much time is left, and where progress is written down.
CLOCK = ("cron_id", "cron_end_time", "ir_cron_progress_id")


class CreditFollowup(models.Model):
    """The daily run.  Each batch is one transaction: it claims customers that no other worker
    has, plans or hands over their messages, and commits; whoever comes next goes on from there.
    """

    _inherit = "credit.followup"

    @api.model
    def _cron_follow_up(self):
        """Plan and send today's messages of every company; any number of workers may share it."""
        self.sudo()._in_transaction(lambda _last: self.sudo()._take_up_interrupted(), None)
        self._commit(0, 1)
        policies = self.env["credit.policy"].sudo().search([("followup_level_ids", "!=", False)])
        companies = policies.company_id.filtered("active")
        clock = {key: self.env.context[key] for key in CLOCK if key in self.env.context}
        for company in companies.sorted("id"):
            worker = (
                without_caller_context(self.sudo(), company)
                .with_company(company)
                .with_context(**clock)
            )
            if not worker._run_company(company, company._credit_today()):
                return
        self._commit(0, 0)

    @api.model
    def _run_company(self, company, today):
        """One company's part of the run. ``False`` when the time is up: the rest comes later."""
        run = self._of_run(company, today)
        stopped = self._policies(company)._bank_data_stop(today)
        worker = [
            lambda _last: self._plan_batch(company, today, run),
            lambda last: self._send_batch(company, today, stopped, last),
        ]
        for step in worker:
            last = 0
            while last is not None:
                last, left = self._in_transaction(step, last)
                if last is not None and self._commit(1, left) <= 0:
                    return False
        self._commit(0, 0)
        self._in_transaction(lambda _last: self._close(run, stopped), None)
        self._commit(0, 0)
        return True

    @api.model
    def _of_run(self, company, today):
        run = self._in_transaction(
            lambda _last: self.env["credit.followup.run"]._of_day(company, today), None
        )
        self._commit(0, 1)
        return run

    @api.model
    def _close(self, run, stopped):
        """Write down that the run came to its end, and what stopped a part of it."""
        self.env.cr.execute(
            SQL("SELECT id FROM credit_followup_run WHERE id = %s FOR NO KEY UPDATE", run.id),
            log_exceptions=False,  # another worker closed it at this moment: tried again
        )
        run.write(
            {
                "ended_on": fields.Datetime.now(),
                "stopped_reason": reason("several", reasons=[*stopped.values()])
                if stopped
                else False,
            }
        )
        run.flush_recordset()

    @api.model
    def _commit(self, done, left):
        return self.env["ir.cron"]._commit_progress(done, remaining=left)

    @api.model
    def _in_transaction(self, step, last):
        """Take a step; again with a fresh snapshot when another transaction was faster."""
        for attempt in range(ATTEMPTS):
            try:
                result = step(last)
                self.env.flush_all()
                return result
            except psycopg2.OperationalError:
                if attempt == ATTEMPTS - 1:
                    raise
                _logger.info("Follow-up: another transaction was faster, trying again")
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
        return None

    # ------------------------------------------------------------------
    # Planning
    # ------------------------------------------------------------------

    @api.model
    def _plan_batch(self, company, today, run):
        """Plan for the next customers that nobody looked at today."""
        ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    UPDATE credit_account SET followup_planned_on = %(today)s
                     WHERE id IN (
                           SELECT id FROM credit_account
                            WHERE company_id = %(company)s
                              AND (followup_planned_on IS NULL OR followup_planned_on < %(today)s)
                            ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
                    RETURNING id
                    """,
                    today=today,
                    company=company.id,
                    batch=PLAN_BATCH,
                )
            )
        ]
        if not ids:
            return None, 0
        accounts = self.env["credit.account"].browse(ids)
        accounts.invalidate_recordset(["followup_planned_on"], flush=False)
        self._plan_safely(company, today, accounts, run)
        return 1, 1

    @api.model
    def _plan_safely(self, company, today, accounts, run):
        """Plan for these files; one that cannot be planned is recorded and does not stop others."""
        try:
            with self.env.cr.savepoint():
                return self._plan(company, today, accounts, run)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(accounts) == 1:
                _logger.warning("Follow-up of %s failed: %s", accounts, error, exc_info=True)
                return self._record_error(accounts, today, error, run)
        for account in accounts:
            self._plan_safely(company, today, account, run)
        return None

    @api.model
    def _record_error(self, account, today, error, run):
        """A failed message says on the file, and in the run, what went wrong."""
        followup = self.create(
            {
                "account_id": account.id,
                "date": today,
                "state": "failed",
                "failure_type": "error",
                "failure_reason": self._error_text(error),
                "run_id": run.id,
            }
        )
        account._tell_collector(
            lambda env: env._("Follow-up could not be planned"), followup.failure_reason
        )
        return followup

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    @api.model
    def _send_batch(self, company, today, stopped, last):
        """Hand over the next messages after ``last`` that nobody else has, then send their mails.

        The messages are committed before their mails go: what is interrupted in between stays
        in the mail queue, and is sent from there.
        """
        followups = self._claim_to_send(company, stopped, last)
        if not followups:
            return None, 0
        mails = followups._hand_over(today)
        self.env.flush_all()
        if mails:
            self._commit(0, 1)
            mails._send_now()
        return max(followups.ids), 1

    @api.model
    def _claim_to_send(self, company, stopped, last):
        """Messages to hand over, locked with their customers."""
        self.flush_model(["state", "mail_message_id", "to_print", "company_id"])
        policy = self.env["credit.policy"]._effective_policy_sql(
            SQL("a.policy_id"), SQL("a.partner_id"), SQL("a.company_id")
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.id
                  FROM credit_followup f
                  JOIN credit_account a ON a.id = f.account_id
                 WHERE f.company_id = %(company)s AND f.state = 'queued'
                   AND f.mail_message_id IS NULL AND f.to_print IS NOT TRUE
                   AND f.id > %(last)s
                   AND %(policy)s != ALL(%(stopped)s)
                 ORDER BY f.id LIMIT %(batch)s
                   FOR UPDATE OF a, f SKIP LOCKED
                """,
                company=company.id,
                last=last,
                policy=policy,
                stopped=[policy.id for policy in stopped],
                batch=SEND_BATCH,
            )
        )
        return self.browse([row[0] for row in rows])
