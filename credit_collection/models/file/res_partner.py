from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...tools.evidence import kept_by_evidence
from ...tools.groups import COLLECTOR
from ...tools.write_guards import given_fields

GROUPS = "credit_collection.credit_collection_group_collector,sales_team.group_sale_salesman"


class ResPartner(models.Model):
    """The figures of the customer's credit file, for those who may read it; none is stored."""

    _inherit = "res.partner"

    type = fields.Selection(
        selection_add=[("collections", "Collections")], ondelete={"collections": "set default"}
    )
    credit_account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        compute="_compute_credit_account_id",
        groups=GROUPS,
        help="The file of the whole customer: contacts and addresses share it.",
    )
    credit_file_visible = fields.Boolean(compute="_compute_credit_account_id", groups=GROUPS)
    # Labels that OCA's modules do not use for fields of theirs.
    credit_currency_id = fields.Many2one(
        "res.currency",
        "Currency of the Check",
        compute="_compute_credit_account_id",
        groups=GROUPS,
    )
    credit_exposure = fields.Monetary(
        compute="_compute_credit_account_id", groups=GROUPS, currency_field="credit_currency_id"
    )
    credit_available = fields.Monetary(
        compute="_compute_credit_account_id", groups=GROUPS, currency_field="credit_currency_id"
    )
    credit_overdue = fields.Monetary(
        compute="_compute_credit_account_id", groups=GROUPS, currency_field="credit_currency_id"
    )
    credit_oldest_due_date = fields.Date(compute="_compute_credit_account_id", groups=GROUPS)
    credit_unlimited = fields.Boolean(compute="_compute_credit_account_id", groups=GROUPS)
    credit_limit_label = fields.Char(compute="_compute_credit_account_id", groups=GROUPS)
    credit_on_hold = fields.Boolean(compute="_compute_credit_account_id", groups=GROUPS)
    credit_grade_id = fields.Many2one(
        "credit.grade", "Grade", compute="_compute_credit_account_id", groups=GROUPS
    )
    credit_outcome = fields.Selection(
        lambda self: self.env["credit.verdict"]._selection_outcome(),
        "Credit",
        compute="_compute_credit_verdict",
        groups=GROUPS,
        help="Whether an order of this customer would be confirmed today.",
    )
    credit_sentence = fields.Char(
        "May They Order?", compute="_compute_credit_verdict", groups=GROUPS
    )
    credit_remedy = fields.Text(
        "What Would Lift It", compute="_compute_credit_verdict", groups=GROUPS
    )

    @api.depends("commercial_partner_id", "company_id")
    @api.depends_context("company", "allowed_company_ids", "uid")
    def _compute_credit_account_id(self):
        companies = {partner: partner._credit_company().root_id for partner in self}
        accounts = self.env["credit.account"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", [company.id for company in companies.values()]),
            ]
        )
        by_partner = {(account.partner_id, account.company_id): account for account in accounts}
        sees_all = self.env.user.has_group("credit_collection.credit_collection_group_collector")
        for partner in self:
            customer = partner.commercial_partner_id
            account = by_partner.get((customer, companies[partner]), accounts.browse())
            partner.credit_currency_id = companies[partner].currency_id
            partner.credit_account_id = account
            partner.credit_grade_id = account.grade_id
            partner.credit_file_visible = (
                sees_all
                or customer.user_id == self.env.user
                or customer.user_id.sale_team_id.user_id == self.env.user
            )
            partner.credit_exposure = account.exposure
            partner.credit_available = account.available
            partner.credit_overdue = account.overdue
            partner.credit_oldest_due_date = account.oldest_due_date
            partner.credit_unlimited = account.unlimited
            partner.credit_limit_label = account.limit_label
            partner.credit_on_hold = account.on_hold

    @api.depends("commercial_partner_id", "company_id")
    @api.depends_context("company", "allowed_company_ids", "uid", "lang")
    def _compute_credit_verdict(self):
        Verdict = self.env["credit.verdict"]
        known = self.filtered(lambda partner: partner.commercial_partner_id._origin)
        said = {}
        for company, partners in known.grouped(lambda partner: partner._credit_company()).items():
            said |= Verdict._of_partners(partners.commercial_partner_id._origin, company)
        for partner in self:
            currency = partner._credit_company().root_id.currency_id
            told = said.get(partner.commercial_partner_id._origin.sudo())
            partner.credit_outcome = told.outcome if told else False
            partner.credit_sentence = Verdict._sentence(told, currency) if told else False
            remedies = Verdict._remedies(told, currency) if told and len(self) == 1 else []
            partner.credit_remedy = "\n".join(remedies) or False

    def credit_verdict(self, amount=0.0, company_id=False):
        """May this customer order for ``amount``, and for how much at most?

        For whoever may write an order for the customer: a shop, an EDI partner, a sales app.
        Nothing is stored and nothing is held.  See ``docs/api.md``.

        :param float amount: total of the order, tax included, in the company's currency; 0 asks
            about the smallest order
        :param int company_id: ``res.company``; by default the user's
        :return: dict of ``outcome`` (``pass``, ``warn``, ``hold``, or ``observe``: held, were the
            policy in force), ``sentence``, ``reasons``, ``remedies``, ``passes_up_to`` (``None``
            when nothing bounds it), ``currency`` and ``observe_only``
        :raise AccessError: who may neither write orders nor chase customers is told nothing
        """
        self.ensure_one()
        self.check_access("read")
        company = self._credit_company_asked(company_id)
        if not self.env.user.has_group(COLLECTOR):
            self.env["sale.order"].check_access("create")
        amount = self.env["credit.verdict"]._amount_asked(amount, company.currency_id)
        [said] = self.env["credit.verdict"]._of_partners(self, company, amount).values()
        return self.env["credit.verdict"]._told(said, company.currency_id)

    @api.model
    def _credit_company_asked(self, company_id):
        """The root company asked about, among those the user may work in."""
        if not company_id:
            return self.env.company.root_id
        allowed = self.env.user.company_ids
        found = allowed.filtered(lambda company: company.id == company_id)
        if not found:
            raise AccessError(self.env._("You do not work in this company."))
        return found.root_id

    # ------------------------------------------------------------------
    # The customer as a document of the credit check
    # ------------------------------------------------------------------

    def _credit_partner(self):
        return self

    def _credit_company(self):
        # A customer of one company is asked about there, whichever is ticked first.
        own = self.commercial_partner_id.sudo().company_id
        return own if own in self.env.companies else self.env.company

    def action_open_credit_account(self):
        """Open the customer's credit file in the current company, made when missing; who may not
        read it is told the verdict alone."""
        self.ensure_one()
        self.check_access("read")
        if not self.credit_file_visible:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "danger" if self.credit_outcome == "hold" else "info",
                    "title": self.commercial_partner_id.display_name,
                    "message": self.credit_sentence,
                },
            }
        self.env["credit.account"].check_access("read")
        account = self.env["credit.account"]._get(self, self._credit_company())
        return account.get_formview_action()

    # ------------------------------------------------------------------
    # What chooses a policy is set by who may choose one
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._credit_refuse_forgery(given_fields(self, vals))
            self._credit_refuse_adoption(vals)
        partners = super().create(vals_list)
        partners._credit_refuse_tags(partners.category_id)
        return partners

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credit_evidence(self):
        """A file with nothing on it goes with its customer, one with a history keeps them."""
        files = self.env["credit.account"].sudo().search([("partner_id", "in", self.ids)])
        kept, title = kept_by_evidence(files)
        named, other = kept_by_evidence(self)
        if kept or named:
            raise UserError(
                self.env._(
                    "%(names)s has a credit history (%(title)s) that has to be kept. Archive the "
                    "customer instead of deleting it, or merge it with the right one.",
                    names=", ".join((kept.partner_id | named).mapped("display_name")),
                    title=title or other,
                )
            )

    def copy_data(self, default=None):
        # EXTENDS 'base': a duplicate is no reason to refuse, but no way to a policy either
        vals_list = super().copy_data(default)
        guarded = self.env["credit.policy"]._guarded_tags()
        if guarded and "category_id" not in (default or {}):
            for partner, vals in zip(self, vals_list, strict=True):
                vals["category_id"] = [Command.set((partner.category_id - guarded).ids)]
        return vals_list

    @api.model
    def _credit_refuse_tags(self, changed):
        """Raise if a tag among ``changed`` chooses a policy and the user may not."""
        refused = changed & self.env["credit.policy"]._guarded_tags()
        if refused:
            raise AccessError(
                self.env._(
                    "%(tags)s chooses a credit policy: only a credit manager can give it to a "
                    "customer or take it away.",
                    tags=", ".join(refused.mapped("display_name")),
                )
            )

    def write(self, vals):
        # EXTENDS 'base': a customer who joins another company brings the credit file along
        self._credit_refuse_forgery(vals.keys())
        self._credit_refuse_adoption(vals)
        if "user_id" in vals:
            self._credit_refuse_takeover(vals["user_id"])
        tags = {partner: partner.category_id for partner in self if "category_id" in vals}
        owners = {}
        if {"parent_id", "is_company"} & vals.keys():
            # Weighed before: what a customer owes moves along.
            owners = {
                partner: (
                    partner.commercial_partner_id,
                    partner._credit_heavy_files(),
                    partner._credit_brings_orders(),
                )
                for partner in self.sudo()
            }
        result = super().write(vals)
        for partner, before in tags.items():
            now = partner.category_id
            self._credit_refuse_tags((before | now) - (before & now))
        for partner, (owner, heavy, orders) in owners.items():
            if orders and partner.commercial_partner_id != owner:
                partner._credit_refuse_move(orders)
            partner._credit_follow(owner, heavy)
        return result

    # ------------------------------------------------------------------
    # Whose the file is
    # ------------------------------------------------------------------

    @api.model
    def _credit_refuse_forgery(self, names):
        """Which customer a contact belongs to follows from its company, and is not written."""
        if "commercial_partner_id" in names and not self.env.su:
            raise AccessError(
                self.env._("Set the company of a contact; the customer follows from it.")
            )

    def _credit_follow(self, owner, heavy):
        """Let the credit file follow this customer (sudo), who was part of ``owner`` until now.

        A file with a hold, a limit or debts moves only with a credit manager's right, and comes
        back when the customer is on its own again.
        """
        self.ensure_one()
        Account = self.env["credit.account"].sudo()
        joining = self != self.commercial_partner_id
        files = Account.search(
            [("partner_id", "=", self.id)]
            if joining
            else [("partner_id", "=", owner.id), ("came_from_id", "=", self.id)]
        )
        self._credit_refuse_move(files & heavy)
        if joining:
            files._move_to(self)
        if joining or owner == self:
            return
        files._come_back()
        for held in Account.search([("partner_id", "=", owner.id), ("manual_hold", "=", True)]):
            # Nobody gets rid of a hold by leaving.
            own = Account._get(self, held.company_id)
            if not own.manual_hold:
                own.write({"manual_hold": True, "manual_hold_reason": held.manual_hold_reason})

    @api.model
    def _credit_refuse_adoption(self, vals):
        """The same from above: who is put under a company, or out of it, by ``child_ids``; Odoo
        writes these children as the superuser."""
        if self._credit_may_move_files():
            return
        ids = set()
        for command in vals.get("child_ids") or ():
            if command[0] in (Command.LINK, Command.UNLINK):
                ids.add(command[1])
            elif command[0] in (Command.SET, Command.CLEAR):
                wanted = set(command[2] or ()) if command[0] == Command.SET else set()
                ids |= wanted ^ set(self.sudo().child_ids.ids)
        for partner in self.sudo().browse(ids).exists():
            stays = partner.parent_id != self and partner.commercial_partner_id in (
                self.commercial_partner_id
            )
            orders = partner.browse() if stays else partner._credit_brings_orders()
            partner._credit_refuse_move(partner._credit_heavy_files() or orders)

    def _credit_heavy_files(self):
        """The files (sudo) with a hold, a limit or debts that would move with this customer."""
        files = self.env["credit.account"].sudo()
        if self._credit_may_move_files():
            return files
        along = ["|", ("partner_id", "=", self.id), ("came_from_id", "=", self.id)]
        return files.search(along).filtered(lambda file: file._has_weight())

    def _credit_brings_orders(self):
        """A sale (sudo) that this contact pays, or one of those below it: it would move along to
        another customer's limit, unasked."""
        self.ensure_one()
        orders = self.env["sale.order"].sudo()
        if self._credit_may_move_files() or not self._origin:
            return orders
        payers = self.sudo().with_context(active_test=False)
        payers = payers.search([("id", "child_of", self.ids)]).filtered(
            lambda payer: payer.commercial_partner_id == self.commercial_partner_id
        )
        asked = [("partner_invoice_id", "in", payers.ids), ("state", "!=", "draft")]
        return orders.search(asked).filtered(lambda order: order._credit_is_owed())[:1]

    def _credit_refuse_move(self, heavy):
        if heavy:
            raise AccessError(
                self.env._(
                    "%(customer)s has a credit file with a hold, a limit or debts: only a credit "
                    "manager can put it under another company or take it out again.",
                    customer=self.display_name,
                )
            )

    @api.model
    def _credit_may_move_files(self):
        user = self.env.user
        return self.env.uid == SUPERUSER_ID or user.has_group(
            "credit_collection.credit_collection_group_manager"
        )

    def _credit_refuse_takeover(self, user_id):
        """Who sees only customers of their own does not take a colleague's with a credit file."""
        user = self.env.user
        if (
            self.env.su
            or not user_id
            or not user.has_group("sales_team.group_sale_salesman")
            or user.has_group("sales_team.group_sale_salesman_all_leads")
            or user.has_group(COLLECTOR)
        ):
            return
        taken = self.sudo().filtered(
            lambda partner: partner.user_id and partner.user_id.id not in (user.id, user_id)
        )
        files = self.env["credit.account"].sudo()
        if taken and files.search_count(
            [("partner_id", "in", taken.commercial_partner_id.ids)], limit=1
        ):
            raise AccessError(
                self.env._(
                    "%(customer)s is %(salesperson)s's customer: ask a sales manager to hand the "
                    "customer over.",
                    customer=taken[0].display_name,
                    salesperson=taken[0].user_id.name,
                )
            )
