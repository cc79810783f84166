from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...core import kpi, segments
from ...tools.groups import COLLECTOR, MANAGER, OFFICER

DSO_DAYS = 90
TREND_POINTS = 60
DEBTORS = 8
EXPECTED_WEEKS = 4
SALES = ("out_invoice", "out_refund", "out_receipt")
AGENDA = ("credit.account", "credit.hold", "credit.promise", "credit.dispute", "credit.followup")


class CreditDashboard(models.AbstractModel):
    """What a director and a collector see first; every number names the records behind it."""

    _name = "credit.dashboard"
    _description = "Credit Dashboard"

    @api.model
    @api.readonly
    def get_data(self):
        """Everything the dashboard shows of the current company, read with the user's rights.

        :return: dict of ``company``, ``currency_id``, ``empty``, ``tiles``, ``aging``, ``trend``,
            ``debtors`` and ``my_day``; an entry that can be opened has a window ``action``
        """
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("The dashboard is for those who work on credit."))
        company = self.env.company.root_id
        sums = self._sums(company)
        before = self._last_month(company)
        tiles = self._tiles(company, sums)
        self._compare(company, tiles, before)
        return {
            "company": company.name,
            "currency_id": company.currency_id.id,
            "empty": not sums
            and not self.env["credit.open.item"].search_count(
                [("company_id", "=", company.id)], limit=1
            ),
            "tiles": tiles,
            "aging": self._aging(company, sums),
            "trend": self._trend(company, tiles),
            "debtors": self._debtors(company),
            "grades": self._grades(company, sums),
            "my_day": self._my_day(company),
        }

    @api.model
    def _action(self, name, model, domain, views=("list", "form"), **context):
        """A window action as the web client wants it."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(domain),
            "views": [[False, view] for view in views],
            "context": context,
            "target": "current",
        }

    # ------------------------------------------------------------------
    # The sets behind the numbers
    # ------------------------------------------------------------------

    @api.model
    def _receivable_domain(self, company):
        return Domain("company_id", "=", company.id)

    @api.model
    def _overdue_domain(self, company):
        return self._receivable_domain(company) & Domain("is_overdue", "=", True)

    @api.model
    def _sales_domain(self, company, last=None):
        today = last or company._credit_today()
        start = today - timedelta(days=DSO_DAYS - 1)
        return (
            Domain("company_id", "child_of", company.id)
            & Domain("move_type", "in", SALES)
            & Domain("state", "=", "posted")
            & Domain("date", ">=", fields.Date.to_string(start))
            & Domain("date", "<=", fields.Date.to_string(today))
        )

    @api.model
    def _promised_domain(self, company):
        monday = fields.Date.start_of(company._credit_today(), "week")
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & Domain("date", ">=", fields.Date.to_string(monday))
            & Domain("date", "<=", fields.Date.to_string(monday + timedelta(days=6)))
        )

    @api.model
    def _held_domain(self, company):
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "held")
            & Domain("order_id", "!=", False)
        )

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    @api.model
    def _sum(self, model, domain, field):
        [(amount, count)] = self.env[model]._read_group(domain, [], [f"{field}:sum", "__count"])
        return amount or 0, count

    @api.model
    def _sums(self, company):
        """What is owed, read once: rows (bucket, overdue, kind of debt, grade, amount, items)."""
        return self.env["credit.aging"]._read_group(
            self._receivable_domain(company),
            ["bucket", "is_overdue", "standing", "grade_id"],
            ["amount:sum", "__count"],
        )

    @api.model
    def _tiles(self, company, sums):
        everything, overdues = self._receivable_domain(company), self._overdue_domain(company)
        currency = company.currency_id
        receivable = currency.round(sum(amount for *_, amount, _ in sums))
        overdue = currency.round(sum(amount for _, late, *_, amount, _ in sums if late))
        items = sum(number for *_, number in sums)
        overdue_items = sum(number for _, late, *_, number in sums if late)
        owed = self._action(self.env._("Receivables"), "credit.aging", everything)
        overdue_action = self._action(self.env._("Overdue"), "credit.aging", overdues)
        tiles = [
            self._tile("receivable", self.env._("Receivables"), "money", receivable, owed, items),
            self._tile(
                "overdue", self.env._("Overdue"), "money", overdue, overdue_action, overdue_items
            ),
            self._tile(
                "overdue_share", self.env._("Overdue Share"), "share",
                kpi.overdue_share(overdue, receivable), overdue_action,
            ),
            self._dso_tile(company, receivable),
        ]  # fmt: skip
        if "credit.promise" in self.env:
            tiles.append(self._promised_tile(company))
        tiles += [
            self._held_tile(company),
            self._doubtful_tile(company, sums),
            self._to_invoice_tile(company),
        ]
        return tiles + self._ahead_tiles(company, receivable)

    @api.model
    def _doubtful_tile(self, company, sums):
        """What is doubtful or hopeless."""
        kinds = (segments.DOUBTFUL, segments.HOPELESS)
        rows = [row for row in sums if row[2] in kinds]
        title = self.env._("Doubtful and Hopeless")
        domain = self._receivable_domain(company) & Domain("standing", "in", kinds)
        return self._tile(
            "doubtful",
            title,
            "money",
            company.currency_id.round(sum(amount for *_, amount, _ in rows)),
            self._action(title, "credit.aging", domain),
            sum(number for *_, number in rows),
        )

    @api.model
    def _ahead_tiles(self, company, receivable):
        """Room under the ceiling, cash of the next weeks, warnings: each only where it is known."""
        tiles, today = [], company._credit_today()
        ceiling = self.env["credit.ceiling"]._current(company, today).with_env(self.env)
        if ceiling.has_access("read") and ceiling.planned_sales:
            title = self.env._("Of the Working Ceiling")
            action = self._action(title, "credit.ceiling", [("company_id", "=", company.id)])
            share = receivable / ceiling.working if ceiling.working else None
            tile = self._tile("ceiling", title, "share", share, action)
            tiles.append({**tile, "target": 1.0})
        forecast = self.env["credit.forecast"].search([("company_id", "=", company.id)], limit=1)
        if forecast:
            until = fields.Date.add(today, weeks=EXPECTED_WEEKS)
            coming = forecast.line_ids.filtered(
                lambda line: fields.Date.start_of(today, "week") <= line.date_from < until
            )
            title = self.env._("Expected in %(weeks)s Weeks", weeks=EXPECTED_WEEKS)
            action = self._action(title, "credit.forecast.line", [("id", "in", coming.ids)])
            amount = sum(coming.mapped("expected"))
            tiles.append(self._tile("expected", title, "money", amount, action))
        if self.env.user.has_group("credit_collection.credit_room_signals"):
            title = self.env._("Customers With Warnings")
            domain = Domain("company_id", "=", company.id)
            [(count,)] = self.env["credit.signal"]._read_group(
                domain & Domain("state", "!=", "over"), [], ["account_id:count_distinct"]
            )
            action = self._action(title, "credit.early.warning", domain)
            tiles.append(self._tile("warnings", title, "count", count, action))
        return tiles

    @api.model
    def _grades(self, company, sums):
        """What customers of each grade owe, the best grade first; empty without any grade."""
        if not self.env.user.has_group("credit_collection.credit_room_rating"):
            return []
        owed = {}
        for *_, grade, amount, _number in sums:
            owed[grade] = owed.get(grade, 0.0) + amount
        if not any(owed):
            return []
        everything = self._receivable_domain(company)
        found = []
        for grade in sorted(owed, key=lambda grade: (not grade, -grade.least_score)):
            title = grade.name or self.env._("Not rated")
            domain = everything & Domain("grade_id", "=", grade.id)
            found.append(
                {
                    "id": grade.id,
                    "title": title,
                    "amount": company.currency_id.round(owed[grade]),
                    "share": owed[grade] / sum(owed.values()) if sum(owed.values()) else 0.0,
                    "action": self._action(title, "credit.aging", domain),
                }
            )
        return found

    @api.model
    def _tile(self, key, title, kind, value, action, count=None):
        return {
            "key": key,
            "title": title,
            "kind": kind,
            "value": value,
            "action": action,
            "count": count,
        }

    @api.model
    def _last_month(self, company):
        """The figures of the last day of last month, from its snapshot; empty without one."""
        last = fields.Date.subtract(fields.Date.start_of(company._credit_today(), "month"), days=1)
        [(receivable, overdue, count)] = self.env["credit.snapshot"]._read_group(
            [("company_id", "=", company.id), ("date", "=", last)],
            [],
            ["receivable:sum", "overdue:sum", "__count"],
        )
        if not count:
            return {}
        sales = self._sales(company, last)
        return {
            "receivable": receivable,
            "overdue": overdue,
            "overdue_share": kpi.overdue_share(overdue, receivable),
            "dso": kpi.dso_simple(receivable, sales, DSO_DAYS),
        }

    @api.model
    def _compare(self, company, tiles, before):
        """Say on the tiles what they were at the end of last month, and what is aimed at."""
        targets = {
            "overdue_share": company.credit_overdue_target or None,
            "dso": company.credit_dso_target or None,
        }
        for tile in tiles:
            tile["before"] = before.get(tile["key"])
            tile["target"] = target = targets.get(tile["key"], tile.get("target"))
            value = tile["value"]
            tile["missed"] = bool(target and value is not None and value > target)

    @api.model
    def _sales(self, company, last):
        """The sales of so many days up to ``last``: sums only, whoever may open the invoices."""
        [(sales,)] = (
            self.env["account.move"]
            .sudo()
            ._read_group(self._sales_domain(company, last), [], ["amount_total_signed:sum"])
        )
        return sales or 0

    @api.model
    def _dso_tile(self, company, receivable):
        action = None
        if self.env["account.move"].has_access("read"):
            name = self.env._("Sales of %(days)s days", days=DSO_DAYS)
            action = self._action(name, "account.move", self._sales_domain(company))
        sales = self._sales(company, company._credit_today())
        value = kpi.dso_simple(receivable, sales, DSO_DAYS)
        return self._tile("dso", self.env._("DSO (90 days)"), "days", value, action)

    @api.model
    def _promised_tile(self, company):
        domain = self._promised_domain(company)
        amount, count = self._sum("credit.promise", domain, "amount_company")
        title = self.env._("Promised This Week")
        action = self._action(title, "credit.promise", domain)
        return self._tile("promised", title, "money", amount, action, count)

    @api.model
    def _to_invoice_tile(self, company):
        """How long what is delivered waits for its invoice: days that are part of the DSO."""
        days = (
            self.env["sale.order"]
            .sudo()
            ._credit_days_to_invoice(company, company._credit_today(), DSO_DAYS)
        )
        waiting = Domain("company_id", "child_of", company.id) & Domain(
            "invoice_status", "=", "to invoice"
        )
        title = self.env._("Days From Delivery to Invoice")
        action = None
        if self.env["sale.order"].has_access("read"):
            action = self._action(self.env._("Delivered, Not Invoiced"), "sale.order", waiting)
        return self._tile("to_invoice", title, "days", days, action)

    @api.model
    def _held_tile(self, company):
        domain = self._held_domain(company)
        amount, count = self._sum("credit.hold", domain, "requested_amount")
        title = self.env._("Held Orders")
        return self._tile(
            "held", title, "money", amount, self._action(title, "credit.hold", domain), count
        )

    @api.model
    def _aging(self, company, sums):
        """One bar per bucket of the company, in order, also the empty ones."""
        Bucket = self.env["credit.aging.bucket"]
        domain = self._receivable_domain(company)
        bars = []
        for bucket in company._credit_buckets():
            title = Bucket._title(bucket.lower, bucket.upper)
            own = domain & Domain("bucket", "=", bucket.key)
            name = self.env._("Aging: %(bucket)s", bucket=title)
            bars.append(
                {
                    "key": bucket.key,
                    "title": title,
                    "value": sum(amount for key, *_, amount, _ in sums if key == bucket.key),
                    "action": self._action(name, "credit.aging", own),
                }
            )
        return bars

    @api.model
    def _trend(self, company, tiles):
        """Receivables and overdue of the snapshots, oldest first; today is the last point."""
        today = company._credit_today()
        now = {tile["key"]: tile["value"] for tile in tiles}
        Snapshot = self.env["credit.snapshot"]
        days = Snapshot._latest_days(company, today, TREND_POINTS)
        rows = days and Snapshot._read_group(
            [("company_id", "=", company.id), ("date", "in", days)],
            ["date:day"],
            ["receivable:sum", "overdue:sum"],
            order="date:day desc",
        )
        title = self.env._("Trends")
        return {
            "points": [
                {"date": fields.Date.to_string(day), "receivable": receivable, "overdue": overdue}
                for day, receivable, overdue in [
                    *reversed(rows),
                    *([(today, now["receivable"], now["overdue"])] if rows else []),
                ]
            ],
            "action": self._action(
                title,
                "credit.snapshot",
                [("company_id", "=", company.id)],
                ("graph", "pivot", "list"),
            ),
        }

    @api.model
    def _debtors(self, company):
        rows = self.env["credit.aging"]._read_group(
            self._receivable_domain(company) & Domain("partner_id", "!=", False),
            ["partner_id"],
            ["amount:sum", "overdue_amount:sum", "days_overdue:max"],
            having=[("amount:sum", ">", 0)],
            order="overdue_amount:sum desc, amount:sum desc, partner_id",
            limit=DEBTORS,
        )
        return [
            {
                "id": partner.id,
                "name": partner.sudo().display_name,
                "receivable": receivable,
                "overdue": overdue,
                "days": days,
                "action": self._action(
                    partner.sudo().display_name,
                    "credit.aging",
                    self._receivable_domain(company) & Domain("partner_id", "=", partner.id),
                ),
            }
            for partner, receivable, overdue, days in rows
        ]

    @api.model
    def _my_day(self, company):
        """What waits for this user today: lists with at least one entry."""
        today = fields.Date.to_string(company._credit_today())
        mine = Domain("company_id", "=", company.id)
        uid = self.env.uid
        lists = [
            (
                self.env._("Holds to decide"),
                "credit.hold",
                mine & Domain("state", "=", "held") & Domain("responsible_id", "=", uid),
            ),
            (
                self.env._("My customers with overdue items"),
                "credit.position",
                mine & Domain("collector_id", "=", uid) & Domain("overdue", ">", 0),
            ),
            (
                self.env._("Activities due"),
                "mail.activity",
                Domain("user_id", "=", uid)
                & Domain("res_model", "in", AGENDA)
                & Domain("date_deadline", "<=", today),
            ),
        ]
        lists += self._decisions(company)
        if "credit.promise" in self.env:
            due = Domain("state", "=", "open") & Domain("date", "<=", today)
            collector = Domain("collector_id", "=", uid)
            lists.append((self.env._("Promises due"), "credit.promise", mine & due & collector))
        found = []
        for title, model, domain in lists:
            count = self._count(model, domain)
            if count:
                action = self._action(title, model, domain)
                found.append({"title": title, "count": count, "action": action})
        return found

    @api.model
    def _decisions(self, company):
        """What waits for a decision of this user, and what customers wrote, as lists."""
        mine = Domain("company_id", "=", company.id)
        uid = self.env.uid
        collector = Domain("collector_id", "in", (uid, False))
        lists = [
            (
                self.env._("Requests to decide"),
                "credit.request",
                mine & Domain("state", "=", "waiting") & Domain("responsible_id", "=", uid),
            ),
            (
                self.env._("Replies of customers"),
                "credit.reply",
                mine & Domain("handled_on", "=", False) & collector,
            ),
        ]
        if self.env.user.has_group(OFFICER):
            lists.append(
                (
                    self.env._("Limits to decide"),
                    "credit.limit",
                    mine & Domain("state", "=", "requested"),
                )
            )
        if self.env.user.has_group(MANAGER):
            lists.append(
                (
                    self.env._("Letters to approve"),
                    "credit.followup",
                    mine & Domain("state", "=", "draft"),
                )
            )
        return lists

    @api.model
    def _count(self, model, domain):
        """How many records a domain has; positions are counted among the user's own files."""
        if model == "credit.position":
            files = self.env["credit.account"].search([("collector_id", "=", self.env.uid)])
            domain &= Domain("account_id", "in", files.ids)
        return self.env[model].search_count(domain)
