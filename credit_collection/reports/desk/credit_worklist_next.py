from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


def ids_of(value):
    """The integers of what a client sent as a list of ids."""
    return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []


class CreditWorklist(models.Model):
    """Working through the list: opening a customer, going on to the next, assigning."""

    _inherit = "credit.worklist"

    @api.model
    def desk_counts(self):
        """What else waits at the desk of the user: entries with title, count and action.

        :return: list of dicts, without those of which nothing waits
        """
        self.browse().check_access("read")
        company = Domain("company_id", "in", self.env.companies.root_id.ids)
        mine = Domain("collector_id", "in", [self.env.uid, False])
        waiting = [
            (
                self.env._("Replies"),
                "credit.reply",
                company & mine & Domain("handled_on", "=", False),
                "credit_collection.credit_reply_action",
            ),
            (
                self.env._("To approve"),
                "credit.followup",
                company & Domain("state", "=", "draft"),
                "credit_collection.credit_followup_approve_action",
            ),
            (
                self.env._("Requests"),
                "credit.request",
                company & Domain("state", "=", "waiting"),
                "credit_collection.credit_request_action",
            ),
            (
                self.env._("Not delivered"),
                "credit.followup",
                company & mine & Domain("state", "=", "failed"),
                "credit_collection.credit_followup_failed_action",
            ),
        ]
        counts = [
            {"title": title, "count": self.env[model].search_count(domain), "action": action}
            for title, model, domain, action in waiting
        ]
        return [entry for entry in counts if entry["count"]]

    @api.model
    def _desk_domain(self, sent=None):
        """What *Next customer* walks through: the list's own filter, or one's own customers.

        :param sent: domain sent by the client; searched with the user's own rights
        """
        domain = Domain("collector_id", "in", [self.env.uid, False])
        if isinstance(sent, list):
            try:
                domain = Domain(sent)
                domain.validate(self)
            except (TypeError, ValueError) as error:
                raise UserError(self.env._("This list cannot be continued.")) from error
        return domain & Domain("to_do", "=", True)

    @api.model
    def _next(self, sent, queue, seen):
        """The customer after those seen, and the ids that remain of ``queue``.

        :param sent: the list's domain, see :meth:`_desk_domain`
        :param queue: ids in the list's own order; those no longer to act on are passed over
        :return: (credit.worklist, perhaps empty; list of ids)
        """
        domain = self._desk_domain(sent) & Domain("id", "not in", seen)
        if queue:
            left = set(self.search(domain & Domain("id", "in", queue)).ids)
            queue = [file_id for file_id in queue if file_id in left]
        if queue:
            return self.browse(queue[0]), queue[1:]
        return self.search(domain, limit=1), []

    def action_open(self):
        """Open the customer's page; the list's filter and its rows below go with it."""
        self.ensure_one()
        self.check_access("read")
        context = self.env.context
        total = context.get("credit_desk_total")
        return self._open(
            context.get("credit_desk_domain"),
            [],
            ids_of(context.get("credit_desk_queue")),
            total if isinstance(total, int) else 0,
        )

    def _open(self, domain, seen, queue, total=0):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_account_desk_action"
        )
        action["res_id"] = self.id
        action["context"] = {
            "credit_desk_domain": domain,
            "credit_desk_seen": seen,
            "credit_desk_queue": queue,
            "credit_desk_total": total,
        }
        return action

    def action_assign(self):
        """Give these customers to a collector."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_collector_assign_action"
        )
        action["context"] = {"default_account_ids": self.ids}
        return action
