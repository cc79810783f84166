from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...tools.workbook import (
    HEADER_ROW,
    Book,
    Column,
    Formula,
    Ratio,
    cell,
    company_cover,
    row_sum,
)
from .credit_aging_move import MOVES

BATCH = 2000
VIEWS = ("partner_id", "user_id", "team_id", "country_id", "currency_id")
ITEM_KINDS = {"date": "date", "integer": "number", "monetary": "money"}
ITEMS = (
    "name",
    "partner_id",
    "user_id",
    "date",
    "date_due",
    "days_overdue",
    "bucket_id",
    "currency_id",
    "amount_currency",
    "amount",
    "overdue_amount",
)


class CreditAgingXlsx(models.AbstractModel):
    """The aging of a day as a workbook, one sheet per view.

    Everything is read with the user's own rights.
    """

    _name = "credit.aging.xlsx"
    _description = "Aging Workbook"

    @api.model
    def _build(self, company, as_of, compare_from=None):
        """The bytes of the workbook.

        :param company: ``res.company``, a root that the user works in
        :param as_of: the day
        :param compare_from: an earlier day, adds what moved since
        """
        company._check_credit_mine()
        # Leaders read their team's rows; the workbook shows the balance of the whole ledger.
        self.env["credit.open.item"].check_access("read")
        # Of thousands of customers only the names are wanted.
        self = self.with_context(as_of=as_of, compare_from=compare_from, prefetch_fields=False)
        book = Book(
            self.env,
            company.currency_id.decimal_places,
            constant_memory=True,
            cover=self._cover(company, as_of, compare_from),
        )
        note = self.env._(
            "%(company)s, as of %(day)s, in %(currency)s",
            company=company.name,
            day=format_date(self.env, as_of),
            currency=company.currency_id.name,
        )
        domain = [("company_id", "=", company.id)]
        self._add_summary(book, note, company, as_of)
        for name in VIEWS:
            self._add_view(book, note, company, domain, name)
        self._add_view(book, note, company, domain, "quadrant")
        if compare_from:
            self._add_moves(book, note, domain, compare_from)
        self._add_items(book, note, domain)
        return book.close()

    def _cover(self, company, as_of, compare_from):
        days = [(self.env._("As of"), format_date(self.env, as_of))]
        if compare_from:
            days.append((self.env._("Compared with"), format_date(self.env, compare_from)))
        notes = (
            (
                self.env._("Age"),
                self.env._("Days from each instalment's own due date to the day of the report."),
            ),
            (
                self.env._("Amounts"),
                self.env._("What is open, net of unapplied payments and credit notes."),
            ),
            (
                self.env._("Difference"),
                self.env._("Balance of the receivable accounts less the items listed; 0 is good."),
            ),
        )
        title = self.env._("Aging of Receivables")
        currency = company.currency_id.name
        return company_cover(self.env, title, company, currency, *days, notes=notes)

    def _add_summary(self, book, note, company, as_of):
        buckets = self._buckets(company)
        sums = dict(
            self.env["credit.aging"]._read_group(
                [("company_id", "=", company.id)], ["bucket_id"], ["amount:sum"]
            )
        )
        total = sum(sums.values())
        end = HEADER_ROW + 1 + len(buckets)
        rows = [
            (
                bucket.name,
                sums.get(bucket, 0),
                self._share(row, 1, end, sums.get(bucket, 0), total),
            )
            for row, bucket in enumerate(buckets, HEADER_ROW + 1)
        ]
        columns = [
            Column(self.env._("Age")),
            Column(self.env._("Amount"), "money", True),
            Column(self.env._("Share"), "share", ratio=Ratio(1, 1)),
        ]
        sheet, first, last = book.add_sheet(
            self.env._("Summary"), self.env._("Aging"), note, columns, rows, self.env._("Total")
        )
        sheet.set_column(0, 0, 44)  # the words below are longer than the ages
        control = self.env["credit.open.item"].sudo()._control_total(company, as_of)
        labels = {
            "ledger": self.env._("Balance of the receivable accounts"),
            "difference": self.env._("Difference"),
            "without_customer": self.env._("Items without customer"),
            "non_trade": self.env._("Receivable accounts that are not trade, left out"),
            "dated_later": self.env._("Posted for later days, left out"),
        }.items()
        for row, (key, label) in enumerate(labels, last + 3):
            book.write_cell(sheet, row, 0, label, "text")
            book.write_cell(sheet, row, 1, control[key], "money")
        chart = book.workbook.add_chart({"type": "column"})
        chart.add_series(
            {
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, 1, last, 1],
            }
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True}})
        sheet.insert_chart("E4", chart)

    def _buckets(self, company):
        Bucket = self.env["credit.aging.bucket"]
        return Bucket.browse(Bucket._id_of(bucket) for bucket in company._credit_buckets())

    def _add_view(self, book, note, company, domain, name):
        """A sheet with one line per value of a field and one column per bucket."""
        Aging = self.env["credit.aging"]
        buckets = self._buckets(company)
        table = {}
        for value, bucket, amount in Aging._read_group(domain, [name, "bucket_id"], ["amount:sum"]):
            table.setdefault(value, {})[bucket] = amount
        label = Aging._fields[name].get_description(self.env, ["string"])["string"]
        columns = [
            Column(label),
            *(Column(bucket.name, "money", True) for bucket in buckets),
            Column(self.env._("Total"), "money", True),
            Column(self.env._("Share"), "share", ratio=Ratio(len(buckets) + 1, len(buckets) + 1)),
        ]
        ordered = sorted(table.items(), key=lambda entry: -sum(entry[1].values()))
        rows = []
        everything = sum(sum(amounts.values()) for _value, amounts in ordered)
        end = HEADER_ROW + 1 + len(ordered)
        for row, (value, amounts) in enumerate(ordered, HEADER_ROW + 1):
            cells = [amounts.get(bucket, 0) for bucket in buckets]
            summed = row_sum(row, 1, len(cells), cells)
            share = self._share(row, len(cells) + 1, end, summed.value, everything)
            rows.append((self._label(name, value), *cells, summed, share))
        book.add_sheet(
            label,
            self.env._("Aging by %(view)s", view=label),
            note,
            columns,
            rows,
            self.env._("Total"),
        )

    def _share(self, row, column, end, amount, total):
        """The share of an amount in the total of its column, which stands in the row ``end``."""
        whole = cell(end, column)
        text = f'=IF({whole}>0,{cell(row, column)}/{whole},"")'
        return Formula(text, amount / total if total > 0 else "")

    def _label(self, name, value):
        if name == "quadrant":
            titles = dict(self.env["credit.aging"]._quadrant_titles())
            return titles.get(value, self.env._("Payments and credit notes"))
        return value.display_name if value else self.env._("None")

    def _add_moves(self, book, note, domain, compare_from):
        Move = self.env["credit.aging.move"]
        titles = dict(Move._move_titles())
        sums = {
            move: amounts
            for move, *amounts in Move._read_group(
                domain, ["move"], ["amount_before:sum", "amount_after:sum", "change:sum"]
            )
        }
        rows = [(titles[key], *sums.get(key, (0, 0, 0))) for key, _condition in MOVES]
        columns = [
            Column(self.env._("What Happened")),
            Column(self.env._("Before"), "money", True),
            Column(self.env._("Now"), "money", True),
            Column(self.env._("Change"), "money", True),
        ]
        title = self.env._("What moved since %(day)s", day=format_date(self.env, compare_from))
        book.add_sheet(self.env._("What Moved"), title, note, columns, rows, self.env._("Total"))

    def _add_items(self, book, note, domain):
        Aging = self.env["credit.aging"]
        described = Aging.fields_get(ITEMS, ["string", "type"])
        columns = [
            Column(
                described[name]["string"],
                ITEM_KINDS.get(described[name]["type"], "text"),
                name in ("amount", "overdue_amount"),
            )
            for name in ITEMS
        ]
        book.add_sheet(
            self.env._("Items"),
            self.env._("Open Items"),
            note,
            columns,
            self._item_rows(domain),
            self.env._("Total"),
        )

    def _item_rows(self, domain):
        """The items as plain rows of one query, a batch at a time: many take no more memory."""
        Aging, cr = self.env["credit.aging"], self.env.cr
        query = Aging._search(domain, order=Aging._order)
        select = query.select(*(Aging._field_to_sql(query.table, name, query) for name in ITEMS))
        self.env.flush_query(select)
        cr.execute(SQL("DECLARE credit_aging_items NO SCROLL CURSOR FOR %s", select))
        names = {
            index: {None: None}
            for index, name in enumerate(ITEMS)
            if Aging._fields[name].type == "many2one"
        }
        while rows := self.env.execute_query(SQL("FETCH %s FROM credit_aging_items", BATCH)):
            for index, known in names.items():
                self._learn_names(ITEMS[index], known, {row[index] for row in rows})
            for row in rows:
                yield tuple(
                    names[index][value] if index in names else value
                    for index, value in enumerate(row)
                )
        cr.execute(SQL("CLOSE credit_aging_items"))

    def _learn_names(self, field, known, ids):
        """Add the names of further records of a field to those known."""
        model = self.env[self.env["credit.aging"]._fields[field].comodel_name]
        records = model.sudo().browse(ids - known.keys())
        known.update((record.id, record.display_name) for record in records)
        records.invalidate_recordset(flush=False)
