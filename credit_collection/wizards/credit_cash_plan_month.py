from odoo import fields, models
from odoo.exceptions import UserError


class CreditCashPlanMonth(models.TransientModel):
    """The cash plans of a month at once, from the ledger and from a pasted table."""

    _name = "credit.cash.plan.month"
    _description = "Cash Plans of a Month"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company.root_id
    )
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "month"),
    )
    pasted = fields.Text(
        "Paste From a Spreadsheet",
        help="One line per salesperson: log-in or name, sales plan, average deferral in days, "
        "prepayments; separated by tabs or semicolons.",
    )

    def action_apply(self):
        """Make the plans and fill in what was pasted; nothing changes when a line is wrong."""
        self.ensure_one()
        Plan = self.env["credit.cash.plan"]
        Plan.check_access("create")
        plans = Plan._prepare_month(self.company_id, self.month)
        by_name = {}
        for plan in plans:
            by_name[plan.user_id.login.lower()] = plan
            by_name[plan.user_id.name.lower()] = plan
        for number, line in enumerate((self.pasted or "").splitlines(), 1):
            if line.strip():
                self._apply_line(number, line, by_name)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cash Plans"),
            "res_model": "credit.cash.plan",
            "view_mode": "list,form",
            "domain": [("id", "in", plans.ids)],
        }

    def _apply_line(self, number, line, by_name):
        parts = [part.strip() for part in line.replace(";", "\t").split("\t")]
        plan = by_name.get(parts[0].lower())
        if not plan:
            raise UserError(
                self.env._(
                    "Line %(number)s: nobody with a plan is called “%(name)s”.",
                    number=number,
                    name=parts[0],
                )
            )
        try:
            amounts = [self._number(part) for part in parts[1:4]]
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Line %(number)s: “%(line)s” has something that is no number.",
                    number=number,
                    line=line,
                )
            ) from error
        plan.write(dict(zip(("sales_plan", "deferral_days", "prepaid"), amounts, strict=False)))

    def _number(self, text):
        """1 234,50 and 1,234.50 and 1234.5 are the same number."""
        text = text.replace("\u00a0", "").replace(" ", "")
        if "," in text and "." not in text:
            head, _comma, tail = text.rpartition(",")
            text = f"{head}.{tail}" if len(tail) != 3 and "," not in head else text
        number = float(text.replace(",", "") or 0)
        if number != number or number in (float("inf"), float("-inf")):
            raise ValueError(text)
        return number
