"""A column is read by itself: each join says which columns it serves, and forgets none."""

from unittest.mock import patch

from odoo.addons.credit_collection.models.ledger.credit_file_report_mixin import (
    ALL_FILES,
    ONE_FILE,
)
from odoo.addons.credit_collection.models.ledger.credit_open_item_kinds import COLUMNS
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CreditCase


@tagged("post_install", "-at_install")
class TestJoins(CreditCase):
    def _plan(self, sql):
        """Let PostgreSQL plan a query: what is not joined is an error."""
        self.assertTrue(self.env.execute_query(SQL("EXPLAIN %s", sql)))

    def test_each_column_of_an_item(self):
        Item = self.env["credit.open.item"]
        self.env.flush_all()
        one = SQL("%s", self.customer.id)
        with (
            patch.object(type(Item), "_any_unposted_match", lambda _self: True),
            patch.object(type(self.env["credit.instrument"]), "_any", lambda _self: True),
            patch.object(type(self.env["credit.assignment.line"]), "_any", lambda _self: True),
            patch.object(type(self.env["credit.policy"]), "_has_horizon", lambda _self: True),
        ):
            for day in (None, Item._today(), "2020-01-31"):
                items = Item.with_context(as_of=day)
                for customer in (None, one):
                    for column in COLUMNS:
                        with self.subTest(day=day, one=bool(customer), column=column):
                            self._plan(items._items_sql(column, customer=customer))

    def test_each_column_of_a_position(self):
        Position = self.env["credit.position"]
        self.env.flush_all()
        for context in ({}, {ALL_FILES: True}, {ONE_FILE: True}, {"as_of": "2020-01-31"}):
            positions = Position.with_context(**context)
            for column in positions._position_columns():
                with self.subTest(context=context, column=column):
                    self._plan(positions._positions_sql((column,)))
