"""Makes a database of the size that the product must carry.

    scripts/run python -m bench.generate NAME [--items 1000000]

A million journal items, 50,000 of them open, 20,000 customers (fewer items: as many fewer of all),
with their orders, transfers, payments, drafts, credit notes, limits and credit files.  One document
of each kind is made by Odoo and copied in SQL.  The module is installed last, on a copy of the full
database, as it would be on a company that has been selling for years.
"""

import argparse
import time

from odoo import fields
from odoo.tools import SQL

from bench.cloner import Bundle, Cloner
from bench.session import (
    copy_database,
    environment,
    load_module,
    make_database,
    say,
    vacuum,
)
from bench.templates import LINKS, Templates

FULL = 1_000_000
INVOICES = 200_000  # of so many items
BIG_CUSTOMERS = 20  # An eighth of all documents is theirs.
TABLES = (
    "res_partner",
    "sale_order",
    "sale_order_line",
    "stock_picking",
    "stock_move",
    "account_move",
    "account_payment",
    "account_full_reconcile",
    "account_partial_reconcile",
    "account_move_line",
)
MODELS = (
    "sale.order",
    "sale.order.line",
    "account.move",
    "account.move.line",
    "account.payment",
    "account.partial.reconcile",
)


def sizes(items):
    """How many documents of each kind make up ``items`` journal items or somewhat more.

    Four items per invoice and credit note, two per payment; an invoice for every five of ``items``.
    """
    share = items / FULL
    open_kinds = {
        "open": 43_000,
        "partly_paid": 5_000,
        "credit_note": 1_000,
        "unapplied_payment": 1_000,
        "draft_invoice": 2_000,
        "open_order": 10_000,
        "quotation": 3_000,
    }
    copies = {kind: max(1, round(number * share)) for kind, number in open_kinds.items()}
    invoices = round(INVOICES * share)
    copies["paid"] = max(1, invoices - copies["open"] - copies["partly_paid"])
    return max(BIG_CUSTOMERS, round(20_000 * share)), copies


class Generator:
    """Copies the templates, customer by customer and age by age."""

    def __init__(self, env, items, drop_indexes=True):
        self.env = env
        self.drop_indexes = drop_indexes
        self.customers, self.copies = sizes(items)
        self.templates = Templates(env)
        self.number = 0
        self.first_customer = 0
        self.money = {
            (env[model]._table, name)
            for model in MODELS
            for name, field in env[model]._fields.items()
            if field.store and field.type == "monetary"
        } | {("account_move_line", "price_unit"), ("sale_order_line", "price_unit")}

    def run(self):
        bundles = self._bundles()
        with Cloner(self.env, TABLES, LINKS, self.drop_indexes) as cloner:
            self._copy_customers(cloner)
            for kind, bundle in bundles.items():
                say(f"  {self.copies[kind]:>9,} x {kind}")
                self._copy_documents(cloner, bundle, kind)
            say("  indexes")
        self._set_limits()

    def _bundles(self):
        made = self.templates
        return {
            "paid": made.invoiced(paid=1),
            "open": made.invoiced(),
            "partly_paid": made.invoiced(paid=0.5),
            "credit_note": made.credit_note(),
            "unapplied_payment": made.unapplied_payment(),
            "draft_invoice": made.draft_invoice(),
            "open_order": made.open_order(),
            "quotation": made.quotation(),
        }

    def _copy_customers(self, cloner):
        """Each customer with one delivery address."""
        customer, contact = self.templates.customer, self.templates.contact

        def replace(_table, column, _kind):
            if column in ("name", "complete_name", "commercial_company_name"):
                return SQL("%s || ' ' || doc.n", SQL.identifier("src", column))
            return None

        bundle = Bundle({"res_partner": [customer.id, contact.id]})
        starts = cloner.copy(bundle, self.customers, SQL("0 AS nothing"), replace)
        self.first_customer = starts["res_partner"]

    def _copy_documents(self, cloner, bundle, kind):
        old, first = self.templates.customer.id, self.number
        keys = cloner.keys

        def replace(table, column, column_kind):
            src = SQL.identifier("src", column)
            if keys[table].get(column) == "res_partner":
                return SQL("CASE WHEN %s = %s THEN doc.customer ELSE %s END", src, old, src)
            if (table, column) in self.money:
                return SQL("%s * doc.factor", src)
            if column_kind == "date":
                return SQL("%s - doc.shift", src)
            if column_kind == "timestamp" and column not in ("create_date", "write_date"):
                return SQL("%s - doc.shift * INTERVAL '1 day'", src)
            return self._renamed(table, column, first)

        cloner.copy(bundle, self.copies[kind], self._documents(kind), replace)
        self.number += self.copies[kind]

    def _renamed(self, table, column, first):
        """Fresh numbers; the copies of the two entries of one bundle are in different journals."""
        named = {("account_move", "name"), ("account_move_line", "move_name")}
        if (table, column) in named | {("sale_order", "name"), ("stock_picking", "name")}:
            return SQL(
                "regexp_replace(%s, '[0-9]+$', '') || lpad((100 + %s + doc.n)::text, 8, '0')",
                SQL.identifier("src", column),
                first,
            )
        if (table, column) == ("account_move", "sequence_number"):
            return SQL("100 + %s + doc.n", first)
        return None

    def _documents(self, kind):
        """Customer, size and age of each copy, scattered but the same at every run.

        Templates are 60 days old (invoices) or of today (orders); the shift makes paid ones up to
        two years older, open ones up to 60 days younger or 90 older, the rest a little older.
        """
        shift = {"paid": "abs(hashint4(n)) % 700", "open": "abs(hashint4(n)) % 150 - 60"}
        shift["partly_paid"] = shift["open"]
        return SQL(
            """
            %(first)s + 2 * CASE WHEN n %% 8 = 0 THEN (n / 8) %% %(big)s
                                 ELSE abs(hashint4(n * 31 + 7)) %% %(customers)s
                             END AS customer,
            1 + abs(hashint4(n + 13)) %% 40 AS factor,
            %(shift)s AS shift
            """,
            first=self.first_customer,
            big=BIG_CUSTOMERS,
            customers=self.customers,
            shift=SQL(shift.get(kind, "abs(hashint4(n)) % 30").replace("%", "%%")),
        )

    def _set_limits(self):
        """A native limit for two customers in three, as a company has before it installs us."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner
                   SET credit_limit = jsonb_build_object(%(company)s::text, (
                       CASE WHEN id < %(big)s THEN 10000000.0
                            ELSE 100 + abs(hashint4(id)) %% 10 * 200.0 END))
                 WHERE id >= %(first)s AND parent_id IS NULL AND id %% 3 != 0
                """,
                company=self.env.company.id,
                first=self.first_customer,
                big=self.first_customer + 2 * BIG_CUSTOMERS,
            )
        )


def add_temporary_limits(env):
    """A temporary addition for every twentieth file: as companies have after some months."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO credit_limit (account_id, kind, amount, amount_company, currency_id, state,
                                      date_from, date_to, reason, decided_on)
            SELECT file.id, 'temporary', 100, 100, %s, 'approved', %s, %s, 'Season', now()
              FROM credit_account file WHERE file.id %% 20 = 0
            """,
            env.company.currency_id.id,
            fields.Date.today(),
            fields.Date.add(fields.Date.today(), days=60),
        )
    )


def bare(name):
    """The name of the database as it is before the module is installed; it is kept."""
    return f"{name}_bare"


def generate(name, items):
    """Make the database that the module will be installed on; returns seconds of copying."""
    start = time.perf_counter()
    say(f"Making {bare(name)} with {items:,} journal items ...")
    make_database(bare(name), module=False)
    with environment(bare(name)) as env:
        Generator(env, items).run()
    vacuum(bare(name))
    copied = time.perf_counter() - start
    say(f"  copied in {copied:.0f} s")
    return copied


def install(name):
    """Install the module on a copy; returns seconds by the clock and of computing."""
    say(f"Installing the module on a copy of {bare(name)} ...")
    copy_database(bare(name), name)
    seconds, computed = load_module(name)
    with environment(name) as env:
        add_temporary_limits(env)
    vacuum(name)
    say(f"  installed in {seconds:.0f} s, {computed:.0f} s of computing")
    return seconds, computed


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", help="database to make; an older one of that name is replaced")
    parser.add_argument("--items", type=int, default=FULL, help="journal items")
    options = parser.parse_args()
    generate(options.name, options.items)
    install(options.name)


if __name__ == "__main__":
    main()
