"""What scripts and their templates draw, in the pseudo language: nothing plain, nothing glued."""

import json

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import COLLECTOR, CreditCase
from .pseudo import LANG, PseudoLanguage

READ = """
(async () => {
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    const seen = async (selector) => {
        for (let tries = 0; tries < 200; tries++) {
            const found = document.querySelector(selector);
            if (found) {
                return found;
            }
            await wait(50);
        }
        throw new Error(`${selector} does not come`);
    };
    const data = %(data)s;
    const bad = [];
    // What of a text nobody wrapped, names of people, customers and documents left out.
    const judge = (text, where) => {
        let depth = 0;
        let outside = "";
        for (const char of data.reduce((left, name) => left.replaceAll(name, " "), text)) {
            depth += char === "⟦" ? 1 : 0;
            outside += depth ? " " : char;
            depth -= char === "⟧" ? 1 : 0;
        }
        if (/\\p{L}{2,}/u.test(outside)) {
            bad.push(`${where} is plain: ${outside.trim().replace(/\\s+/g, " ")}`);
        }
        for (const line of text.split("\\n")) {
            const goesOn = /\\S\\s*⟦\\s*(?:[,;]|[a-z]{2,}\\s?[^·⟧]*·*⟧)/;
            if (goesOn.test(line) && line.match(/⟦/g).length > 1) {
                bad.push(`${where} is glued: ${line}`);
            }
        }
    };
    const named = ["aria-label", "title", "placeholder", "alt", "data-tooltip"];
    const read = async (selector) => {
        const root = await seen(selector);
        await wait(300);
        if (!root.textContent.includes("⟦")) {
            bad.push(`${selector} has no word of the language`);
        }
        judge(root.innerText, selector);
        for (const node of [root, ...root.querySelectorAll("*")]) {
            for (const name of named) {
                judge(node.getAttribute(name) || "", `${selector} ${name}`);
            }
        }
    };
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    %(steps)s
    if (bad.length) {
        console.error(bad.join("\\n"));
    } else {
        console.log("test successful");
    }
})().catch((error) => console.error(error.message || error));
"""


@tagged("post_install", "-at_install")
class TestPseudoPages(PseudoLanguage, CreditCase, HttpCase):
    browser_size = "1366x850"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load_pseudo()
        due = fields.Date.subtract(fields.Date.today(), days=40)
        cls.late = cls._invoice(1500.0, date=due, due=due)
        cls._limit(1000.0)
        cls.carla = cls._user("carla", COLLECTOR)
        cls.file = cls._account()
        cls.file.collector_id = cls.carla
        (cls.manager | cls.carla | cls.salesperson).lang = LANG

    def _read(self, path, login, steps, *data):
        people = self.env["res.users"].search([]).mapped("name")
        known = [*people, self.customer.name, self.late.name, "USD", *data]
        self.browser_js(
            path,
            READ % {"steps": steps, "data": json.dumps(sorted(known, key=len, reverse=True))},
            ready="odoo.isReady === true && !!document.querySelector('.o_main_navbar')",
            login=login,
            timeout=120,
        )

    def test_dashboard_and_its_charts(self):
        self._read(
            "/odoo/credit-dashboard",
            "mona",
            """
            await read(".o_credit_dashboard");
            for (const canvas of document.querySelectorAll(".o_credit_chart canvas")) {
                const { labels, datasets } = Chart.getChart(canvas).data;
                for (const text of [...labels, ...datasets.map((one) => one.label || "")]) {
                    judge(`${text}`, "chart");
                }
            }
            """,
        )

    def test_desk_and_its_undo(self):
        self._read(
            "/odoo/credit-to-do",
            "carla",
            """
            await read(".o_credit_desk_formula");
            (await seen(".o_data_row td[name='partner_id']")).click();
            await read(".o_credit_call_bar");
            (await seen(".o_credit_call_bar button[name='action_no_answer']")).click();
            await read(".o_notification");
            """,
        )

    def test_letters_and_slices(self):
        self.customer.lang = LANG
        self.policy.followup_level_ids.automatic = False
        self.env["credit.followup"]._plan(self.company)
        slices = {
            "type": "ir.actions.client",
            "tag": "credit_collection.in_slices",
            "target": "new",
            "params": {"model": "credit.followup", "method": "nothing", "ids": [1]},
        }
        self.enterContext(mute_logger("odoo.http"))  # the slice that fails
        self._read(
            "/odoo/credit-followups-to-approve",
            "mona",
            f"""
            await read(".o_credit_letter");
            await action.doAction({json.dumps(slices)});
            await seen(".modal .progress");
            await wait(500);
            document.querySelector(".modal .text-danger")?.remove();
            await read(".modal .progress + div + button");
            judge(document.querySelector(".modal .progress-bar").ariaLabel, "progress");
            """,
            self.company.name,
        )

    def test_banner_of_a_quotation(self):
        order = self._order(1500.0)
        self._read(
            f"/odoo/sales/{order.id}",
            "sally",
            """
            await read(".o_field_widget[name='credit_banner']");
            (await seen("[name='credit_banner'] .btn-link")).click();
            await seen(".o_credit_banner_details");
            await read(".o_field_widget[name='credit_banner']");
            """,
            order.name,
        )
