"""Every view opens for whoever meets it, and shows nobody more than they may see."""

from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..common import CreditCase

# Which types of fields each of the client's widgets takes; it warns of others on the console.
WIDGETS = {
    "badge": {"selection", "many2one", "char"},
    "boolean_toggle": {"boolean"},
    "date": {"date"},
    "monetary": {"monetary", "float", "integer"},
    "percentage": {"integer", "float"},
    "progressbar": {"integer", "float"},
    "credit_days": {"date", "datetime"},
    "statusbar": {"many2one", "selection"},
}
SALES_MENUS = {
    "credit_collection_menu_customers",
    "credit_collection_menu_holds",
    "credit_collection_menu_limits",
}


class TestCreditViews(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000.0)
        cls._invoice(800.0)
        cls.order = cls._order(500.0)
        cls.order.with_user(cls.salesperson).action_confirm()
        cls.hold = cls.order.credit_hold_ids

    def _read_views(self, action, user):
        """Load the views of an action as the client does and read what their list shows."""
        action = self.env.ref(f"credit_collection.{action}")
        model = self.env[action.res_model].with_user(user)
        views = model.get_views([(False, view) for view in action.view_mode.split(",")])
        fields_shown = views["models"][action.res_model]["fields"]
        return model.search_read([], list(fields_shown))

    def _widgets(self, node, model):
        """The fields with a widget below a node of a view: (model, name, widget)."""
        for child in node.iterchildren(tag=etree.Element):
            field = model._fields.get(child.get("name")) if child.tag == "field" else None
            if field is not None and child.get("widget"):
                yield model._name, field, child.get("widget")
            inner = (
                self.env[field.comodel_name] if field is not None and field.relational else model
            )
            yield from self._widgets(child, inner)

    def test_widgets_take_the_fields_that_they_show(self):
        ours = self.env["ir.model.data"].search(
            [("module", "=", "credit_collection"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(ours.mapped("res_id")).filtered("model")
        self.assertGreater(len(views), 200)
        for view in views:
            model = self.env[view.model]
            for name, field, widget in self._widgets(etree.fromstring(view.arch), model):
                with self.subTest(view=view.name, model=name, field=field.name, widget=widget):
                    self.assertIn(field.type, WIDGETS.get(widget, {field.type}))

    def test_what_is_named_by_a_day_is_read_as_a_day(self):
        """No day in a breadcrumb or a link as the database writes it."""
        for name, model in self.env.items():
            rec_name = model._fields.get(model._rec_name or "")
            if name.startswith("credit.") and rec_name is not None and rec_name.type == "date":
                with self.subTest(name):
                    record = model.new({rec_name.name: "2026-11-28"})
                    self.assertIn("11/28/2026", record.display_name)

    def test_salesperson_sees_customers_holds_and_limits(self):
        for action in ("credit_position_action", "credit_hold_action", "credit_limit_action"):
            with self.subTest(action=action):
                self.assertTrue(self._read_views(action, self.salesperson))

    def test_accountant_and_manager_see_everything_they_have_a_menu_for(self):
        actions = [
            "credit_position_action",
            "credit_hold_action",
            "credit_limit_action",
            "credit_open_item_action",
            "credit_policy_action",
            "credit_hold_reason_action",
            "credit_account_action",
        ]
        for user in (self.officer, self.accountant, self.manager):
            for action in actions:
                with self.subTest(user=user.login, action=action):
                    self.assertTrue(self._read_views(action, user))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_salesperson_does_not_see_the_ledger(self):
        with self.assertRaises(AccessError):
            self._read_views("credit_open_item_action", self.salesperson)
        with self.assertRaises(AccessError):
            self.env["credit.open.item"].with_user(self.salesperson).search([])

    def _menus(self, user):
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        names = self.env["ir.model.data"].search(
            [
                ("module", "=", "credit_collection"),
                ("model", "=", "ir.ui.menu"),
                ("res_id", "in", list(visible)),
            ]
        )
        return set(names.mapped("name"))

    def test_menus_by_person(self):
        self.assertFalse(self._menus(self.clerk))
        own = self._menus(self.salesperson)
        self.assertLessEqual(SALES_MENUS, own)
        self.assertNotIn("credit_collection_menu_open_items", own)
        self.assertNotIn("credit_collection_menu_policies", own)
        self.assertIn("credit_collection_menu_open_items", self._menus(self.accountant))
        self.assertNotIn("credit_collection_menu_policies", self._menus(self.officer))
        self.assertIn("credit_collection_menu_policies", self._menus(self.manager))

    def test_credit_file_opens_for_everybody_who_may_read_it(self):
        for user in (self.salesperson, self.officer, self.accountant, self.manager):
            with self.subTest(user=user.login):
                form = Form(self._account().with_user(user))
                self.assertEqual(form.exposure, 800.0)

    def test_hold_opens_with_reason_and_label(self):
        for user in (self.salesperson, self.officer, self.accountant):
            with self.subTest(user=user.login):
                form = Form(self.hold.with_user(user))
                self.assertEqual(form.limit_label, self.currency.format(1000.0))
                self.assertTrue(form.reason)

    def test_customer_form_shows_the_credit_of_the_whole_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id, "type": "contact"}
        )
        own = contact.with_user(self.salesperson)
        self.assertTrue(own.credit_file_visible)
        self.assertEqual((own.credit_exposure, own.credit_available), (800.0, 200.0))
        action = own.action_open_credit_account()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("credit.account", self._account().id)
        )

    def test_customer_form_hides_the_credit_of_colleagues_customers(self):
        colleague = self._user("carl", "sales_team.group_sale_salesman")
        customer = self.customer.with_user(colleague)
        self.assertFalse(customer.credit_file_visible)
        self.assertEqual((customer.credit_exposure, customer.credit_limit_label), (0.0, False))

    def test_native_limit_block_is_hidden(self):
        arch = (
            self.env["res.partner"]
            .with_user(self.accountant)
            .get_view(self.env.ref("base.view_partner_form").id, "form")["arch"]
        )
        self.assertRegex(arch, r'<group[^>]*name="credit_limits"[^>]*invisible="1"')

    def test_labels_tell_zero_from_none_from_unlimited(self):
        other, third = self._customer("Zero Ltd"), self._customer("Free Ltd")
        self._limit(0.0, partner=other)
        self._limit(0.0, partner=third, unlimited=True)
        undecided = self._customer("New Ltd")
        self.policy.write({"default_unlimited": False, "default_limit": 300.0})
        self.assertEqual(
            [self._position(each).limit_label for each in (other, third, undecided)],
            ["No credit: prepayment only", "Unlimited", self.currency.format(300.0)],
        )
        self.assertEqual(self.policy.default_limit_label, self.currency.format(300.0))

    def test_thresholds_of_rules_are_written_out(self):
        rules = self.policy.rule_ids
        self.assertEqual(
            rules.filtered(lambda rule: rule.kind == "overdue_days").threshold,
            f"30 days; items above {self.currency.format(50.0)}",
        )
        self.assertEqual(
            set(rules.filtered(lambda rule: rule.kind == "limit").mapped("threshold")),
            {"100 % of the limit"},
        )

    def test_quotation_banner_follows_the_lines(self):
        quotation = self._order(100.0)
        with Form(quotation.with_user(self.salesperson)) as form:
            self.assertEqual(form.credit_banner["outcome"], "pass")
            with form.order_line.edit(0) as line:
                line.price_unit = 201.0
            self.assertEqual(form.credit_banner["outcome"], "hold")
            self.assertTrue(form.credit_banner["decides"])
            with form.order_line.edit(0) as line:
                line.price_unit = 200.0
            self.assertEqual(form.credit_banner["outcome"], "pass")

    def test_banner_of_a_held_order_names_who_decides(self):
        banner = self.order.with_user(self.salesperson).credit_banner
        self.assertEqual(banner["title"], "The order is on credit hold.")
        self.assertIn(self.hold.responsible_id.name, banner["decides"])

    def test_drill_down_opens_the_document(self):
        items = self.env["credit.open.item"].with_user(self.accountant)
        item = items.search([("partner_id", "=", self.customer.id)], limit=1)
        action = item.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", item.move_id.id))

    def test_only_managers_make_a_policy_the_default(self):
        policy = self.policy.copy({"name": "Other"})
        with self.assertRaises(AccessError):
            policy.with_user(self.officer).action_make_default()
        policy.with_user(self.manager).action_make_default()
        self.assertEqual(self.company.credit_default_policy_id, policy)

    def test_settings_switch_the_default_policy_to_observing(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.credit_default_policy_id, self.policy)
        settings.credit_observe_only = True
        settings.execute()
        self.assertTrue(self.policy.observe_only)


class TestCreditFileByHand(CreditCase):
    """What decides on holds is not written by hand, whatever the view hides."""

    def test_collector_cannot_write_the_manual_hold(self):
        account = self._account()
        account.with_user(self.officer).action_set_manual_hold("Insolvent")
        for values in ({"manual_hold": False}, {"manual_hold_reason": "None"}, {"check_count": 0}):
            for user in (self.accountant, self.officer, self.manager):
                with self.subTest(user=user.login, values=values), self.assertRaises(AccessError):
                    account.with_user(user).write(values)
        self.assertTrue(account.manual_hold)

    def test_only_managers_choose_the_policy_of_a_customer(self):
        lax = self.policy.copy({"name": "Lax", "rule_ids": False})
        account = self._account()
        for user in (self.accountant, self.officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                account.with_user(user).policy_id = lax
        account.with_user(self.manager).policy_id = lax
        self.assertEqual(account.effective_policy_id, lax)

    def test_collector_still_works_the_file(self):
        account = self._account().with_user(self.accountant)
        account.write({"collector_id": self.accountant.id, "note": "Calls on Mondays"})
        self.assertEqual(account.collector_id, self.accountant)

    def test_offer_of_online_payment_does_not_exempt_an_order(self):
        self._limit(100.0)
        order = self._order(500.0, require_payment=True, prepayment_percent=1.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))
