"""Netting: both sides, one entry, undone as one."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..interest.common import InterestCase


@freeze_time("2026-03-10 12:00:00")
@tagged("post_install", "-at_install")
class TestNetting(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-10 12:00:00"):
            cls.late = cls._late(100.0, due="2026-02-08")

    def _netting(self, user=None, **values):
        return (
            self.env["credit.netting"]
            .with_user(user or self.biller)
            .create({"account_id": self._account().id, **values})
        )

    def test_e1_the_smaller_side_is_set_off(self):
        bill = self._bill(1200.0)
        netting = self._netting()
        self.assertEqual(
            (netting.receivable, netting.payable, netting.amount), (100.0, 1200.0, 100.0)
        )
        netting.action_post()
        move = netting.sudo().move_id
        self.assertEqual(sum(move.line_ids.mapped("debit")), 100.0)
        self.assertEqual(move.credit_settlement, "netting")
        self.assertEqual((self.late.amount_residual, bill.amount_residual), (0, 1100))
        natures = self._item(self.late).matched_credit_ids._credit_settlement_nature()
        self.assertEqual([set(row) for row in natures.values()], [{"netting"}])

    def test_undone_as_one(self):
        bill = self._bill(1200.0)
        netting = self._netting()
        netting.action_post()
        netting.action_undo()
        self.assertEqual((self.late.amount_residual, bill.amount_residual), (100, 1200))
        self.assertEqual(netting.state, "undone")
        undone = netting.sudo().undo_move_id
        self.assertEqual(undone.credit_settlement, "netting")
        self.assertTrue(all(line.reconciled for line in undone.line_ids))
        with self.assertRaises(UserError):
            netting.action_undo()

    def test_the_amount_is_a_choice_and_the_oldest_come_first(self):
        newer = self._late(70.0, due="2026-03-01")
        self._bill(500.0)
        netting = self._netting(wanted=120.0)
        parts = {
            line.move_line_id.move_id: line.part
            for line in netting.line_ids
            if line.side == "receivable"
        }
        self.assertEqual((parts[self.late], parts[newer]), (100.0, 20.0))
        netting.action_post()
        self.assertEqual(newer.amount_residual, 50.0)

    def test_contacts_belong_to_their_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Rent Dept", "parent_id": self.customer.id}
        )
        bill = self._bill(60.0, partner=contact)
        netting = self._netting()
        netting.action_post()
        self.assertEqual((self.late.amount_residual, bill.amount_residual), (40, 0))

    def test_each_currency_by_itself(self):
        euro = self.env.ref("base.EUR") if self.currency.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": euro.id, "name": "2026-01-01", "rate": 0.5},
                {"currency_id": euro.id, "name": "2026-03-01", "rate": 0.8},
            ]
        )
        invoice = self._late(100.0, currency_id=euro.id)
        bill = self._bill(1200.0, currency_id=euro.id)
        netting = self._netting(currency_id=euro.id)
        self.assertEqual((netting.receivable, netting.payable), (100.0, 1200.0))
        netting.action_post()
        lines = netting.sudo().move_id.line_ids
        self.assertEqual(sorted(lines.mapped("amount_currency")), [-100.0, 100.0])
        self.assertEqual(sorted(lines.mapped("balance")), [-125.0, 125.0])
        self.assertEqual((invoice.amount_residual, bill.amount_residual), (0, 1100))
        self.assertTrue(self._item(invoice).reconciled)
        netting.action_undo()
        self.assertEqual((invoice.amount_residual, bill.amount_residual), (100, 1200))
        self.assertEqual(self._item(invoice).amount_residual, 200.0)

    def test_what_changed_since_is_refused(self):
        self._bill(1200.0)
        netting = self._netting()
        self._pay(self.late, 60.0)
        with self.assertRaisesRegex(UserError, "only"):
            netting.action_post()
        netting.action_propose()
        netting.action_post()
        self.assertEqual(netting.amount, 40.0)

    def test_locked_periods_are_refused_with_a_sentence(self):
        self._bill(1200.0)
        netting = self._netting()
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "locked period"):
            netting.action_post()

    def test_nothing_on_one_side(self):
        netting = self._netting()
        self.assertEqual(netting.amount, 0)
        with self.assertRaises(UserError):
            netting.action_post()

    def test_who_may_book(self):
        self._bill(1200.0)
        netting = self._netting(user=self.collector)
        with self.assertRaises(AccessError):
            netting.action_post()
        with self.assertRaises(AccessError):
            netting.write({"state": "posted"})
        with self.assertRaises(AccessError):
            netting.with_user(self.salesperson).read(["amount"])

    def test_act_of_offset(self):
        bill = self._bill(1200.0, ref="RENT-77")
        netting = self._netting()
        report = self.env["ir.actions.report"].with_user(self.biller)
        html = report._render_qweb_html("credit_collection.credit_netting_acts", netting.ids)[0]
        self.assertIn(self.late.name, html.decode())
        self.assertIn(bill.ref, html.decode())
