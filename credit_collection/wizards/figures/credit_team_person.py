from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...core import kpi
from ...tools.groups import COLLECTOR

WORST = 5


class CreditTeamPerson(models.TransientModel):
    """One salesperson of my team today: overdue, its share, the plan, the worst customers."""

    _name = "credit.team.person"
    _description = "Salesperson of My Team"
    _order = "overdue desc, id"
    _rec_name = "user_id"

    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, index="btree_not_null")
    receivable = fields.Monetary("Owed", readonly=True)
    overdue = fields.Monetary(readonly=True)
    overdue_share = fields.Float(
        "Share Overdue", readonly=True, aggregator=None, help="%PDZ: overdue of what is owed."
    )
    planned = fields.Monetary(readonly=True, help="The cash plan of this month.")
    received = fields.Monetary(readonly=True, help="This month, until today.")
    plan_reached = fields.Float(
        readonly=True, aggregator=None, help="%VP: money received of the money planned."
    )
    has_plan = fields.Boolean(readonly=True)
    worst = fields.Text("Worst Five", compute="_compute_worst")

    @api.model
    def _my_people(self):
        """The members of the teams that I lead; of all teams for whoever works on credit."""
        if self.env.user.has_group(COLLECTOR):
            teams = self.env["crm.team"].sudo().search([])
        else:
            teams = self.env["crm.team"].sudo().search([("user_id", "=", self.env.uid)])
        return teams.member_ids | teams.user_id

    @api.model
    def action_open_team(self):
        """Work the figures of my people out and show them, the most overdue first."""
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            if not self.env.user.has_group(COLLECTOR):
                raise AccessError(self.env._("My Team is for those who lead one."))
        company = self.env.company.root_id
        people = self._my_people()
        self.sudo().search([("create_uid", "=", self.env.uid)]).unlink()
        self.create(self._prepare_people(company, people) if people else [])
        return self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_team_person_action"
        )

    @api.model
    def _prepare_people(self, company, people):
        today = company._credit_today()
        first = fields.Date.start_of(today, "month")
        found = self.env["credit.kpi"].sudo()._inputs(company, first, today, by="user_id")
        plans = dict(
            self.env["credit.cash.plan"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("month", "=", first),
                    ("user_id", "in", people.ids),
                ],
                ["user_id"],
                ["planned:sum"],
            )
        )
        values = []
        for person in people:
            inputs, planned = found.get(person.id), plans.get(person, 0.0)
            if not inputs and not planned:
                continue
            owed, late = (inputs.receivable, inputs.overdue) if inputs else (0.0, 0.0)
            came = inputs.received if inputs else 0.0
            values.append(
                {
                    "company_id": company.id,
                    "user_id": person.id,
                    "receivable": owed,
                    "overdue": late,
                    "overdue_share": kpi.overdue_share(late, owed) or 0.0,
                    "planned": planned,
                    "received": came,
                    "has_plan": bool(planned),
                    "plan_reached": kpi.cash_plan_rate(came, planned) or 0.0,
                }
            )
        return values

    def _customers_domain(self):
        return (
            Domain("company_id", "in", self.company_id.ids)
            & Domain("user_id", "in", self.user_id.ids)
            & Domain("overdue", ">", 0)
        )

    def _worst_customers(self):
        """The positions with the most overdue of each: as far as the user may read them."""
        if not self:
            return {}
        positions = self.env["credit.position"].search(
            self._customers_domain(), order="overdue desc, id"
        )
        by_person = positions.grouped("user_id")
        return {person: by_person.get(person.user_id, positions[:0])[:WORST] for person in self}

    @api.depends("user_id", "company_id")
    def _compute_worst(self):
        worst = self._worst_customers()
        for person in self:
            person.worst = "\n".join(
                f"{position.partner_id.display_name}: "
                f"{position.currency_id.format(position.overdue)}"
                for position in worst[person]
            )

    def action_open_customers(self):
        """The overdue customers of these people."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_team_action"
        )
        return {**action, "domain": list(self._customers_domain()), "context": {}}

    def _chosen(self):
        """Of a list's button: those chosen, else everybody who is listed."""
        self.check_access("read")
        return self or self.search([("create_uid", "=", self.env.uid)])

    def _open_of(self, xmlid, *domain):
        """A list of what belongs to these people in their company."""
        people = self._chosen()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"credit_collection.{xmlid}")
        domain = [("company_id", "in", people.company_id.ids), *domain]
        owner = "partner_id.user_id" if xmlid == "credit_promise_action" else "user_id"
        return {**action, "domain": [*domain, (owner, "in", people.user_id.ids)]}

    def action_open_aging(self):
        """What is open of these people's invoices, by age."""
        return {**self._open_of("credit_aging_action"), "context": {"search_default_overdue": 1}}

    def action_open_promises(self):
        """What the customers of these people promised."""
        return self._open_of("credit_promise_action")

    def action_open_plans(self):
        """The cash plans of these people for this month."""
        company = self.env.company.root_id
        first = fields.Date.start_of(company._credit_today(), "month")
        return self._open_of(
            "credit_cash_plan_action", ("month", "=", fields.Date.to_string(first))
        )

    def action_ask_to_call(self):
        """Ask these people to call their worst five customers."""
        self.check_access("read")
        worst = self._worst_customers()
        positions = self.env["credit.position"].union(*worst.values())
        return positions.action_ask_to_call()
