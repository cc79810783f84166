"""Screenshots of the demo company's pages, for the docs and to look at.

    screenshots.py URL FOLDER [WIDTH HEIGHT [NAME...]]    every page, to look at
    screenshots.py URL docs                               the pictures of docs/images alone
    screenshots.py URL languages                          one picture for each README in docs

With names only those pictures are taken.

Needs Python's playwright and a Chromium; the demo has to be served.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CUSTOMER = ".o_data_row td[name=partner_id]"
# Who sees which page: name of the picture, path with what is clicked there (after each ">>"), and
# what has to be there before it is taken.
PAGES = {
    "ivanov": [
        ("customers", "credit-customers", ".o_data_row"),
        ("new_quotation", "sales/new", ".o_form_view"),
        ("orders", "sales", ".o_data_row, .o_kanban_record"),
        ("my_figures", "credit-my-figures", ".o_list_view"),
    ],
    "semenov": [
        (
            "quotation",
            "sales >> .o_data_row:has-text('On Hold') td[name=name]"
            " >> [name=credit_banner] .btn-link",
            "[name=credit_banner] li",
        ),
    ],
    "volkov": [("overview", "inventory", ".o_kanban_record")],
    "sokolova": [
        ("hold", "credit-holds", ".o_data_row, .o_kanban_record"),
        ("limits", "credit-limits", ".o_data_row"),
        ("requests", "credit-requests", ".o_data_row"),
        (
            "invoice_hold",
            "credit-holds >> .o_data_row:has-text('Draft Invoice') td[name=partner_id]",
            ".oe_title",
        ),
        ("ratings", "credit-ratings", ".o_data_row"),
        ("scorecards", "credit-scorecards", ".o_data_row"),
        ("financials", "credit-financials", ".o_data_row"),
        ("agency_reports", "credit-agency-reports", ".o_data_row"),
        ("signals", "credit-signals", ".o_data_row"),
        ("warnings", "credit-early-warnings", ".o_data_row"),
        ("checklists", "credit-checklists", ".o_data_row"),
        ("stops", "credit-stop-list", ".o_data_row"),
        ("groups", "credit-groups", ".o_data_row"),
        ("securities", "credit-securities", ".o_data_row"),
        ("insurer_calendar", "credit-insurer-calendar", ".o_list_view"),
        ("instruments", "credit-instruments", ".o_data_row, .o_calendar_view"),
        ("cases", "credit-cases", ".o_data_row, .o_kanban_record"),
        ("limitation", "credit-limitation", ".o_data_row"),
        ("confirmations", "credit-confirmations", ".o_data_row"),
    ],
    "belova": [
        ("to_do", "credit-to-do", ".o_data_row"),
        (
            "playbook",
            f"credit-to-do >> {CUSTOMER} >> .o_notebook .nav-link:has-text('Playbook')",
            ".o_credit_playbook",
        ),
        (
            "log_contact",
            f"credit-to-do >> {CUSTOMER} >> button[name=action_log_contact]",
            ".modal .o_credit_playbook",
        ),
        ("guide", "credit-guide", ".o_kanban_record, .o_data_row"),
        ("replies", "credit-replies", ".o_kanban_record"),
        ("to_approve", "credit-followups-to-approve", ".o_credit_letter, .o_list_view"),
        ("unapplied", "credit-unapplied", ".o_list_view"),
        ("unknown_payers", "credit-unknown-payers", ".o_data_row"),
        ("to_invoice", "credit-to-invoice", ".o_list_view"),
    ],
    "orlova": [
        ("team", "credit-people", ".o_list_view"),
        ("team_customers", "credit-my-team", ".o_list_view"),
    ],
    "director": [
        ("dashboard", "credit-dashboard", ".o_credit_dashboard"),
        ("aging", "credit-aging", ".o_pivot"),
        ("trends", "credit-trends", ".o_graph_view"),
        ("sheets", "credit-sheets", ".o_list_view"),
        ("policies", "credit-policies", ".o_data_row"),
        ("first_steps", "credit-first-steps", ".o_form_view"),
        ("moving_in", "credit-moving-in >> .o_data_row td[name=source]", "[name=line_ids] tbody"),
        (
            "plan",
            "credit-plans >> .o_data_row:has-text('Walnut') td[name=partner_id]",
            ".o_field_widget[name=line_ids] .o_data_row",
        ),
        ("plans_bring", "credit-plan-results", ".o_pivot"),
        ("ceilings", "credit-ceilings", ".o_data_row"),
        ("forecasts", "credit-forecasts", ".o_data_row"),
        ("chances", "credit-recovery-curve", ".o_graph_view, .o_list_view"),
        ("allowances", "credit-allowances", ".o_data_row"),
        ("write_offs", "credit-write-offs", ".o_list_view"),
        # Last: it goes to another company.
        (
            "bonus_sheet",
            "credit-sheets >> .o_switch_company_menu button"
            " >> .o_switch_company_item:has-text('Northern Wholesale') .log_into"
            " >> .o_data_row .o_data_cell",
            ".o_form_view",
        ),
    ],
    # A customer: pages of the portal, and what a link there leads to.
    "customer": [
        ("portal_account", "/my/credit", ".o_credit_portal_items"),
        ("portal_plan", "/my/credit >> a[href*='/my/credit/plan/']", ".o_portal_sign_submit"),
        (
            "portal_confirmation",
            "/my/credit >> a[href*='/my/credit/confirmation/']",
            ".o_credit_portal_confirmation",
        ),
    ],
}
# Pages behind the first row of a list.
BEHIND = {
    "hold": "one_hold",
    "limits": "limit",
    "requests": "request",
    "to_do": "desk",
    "policies": "policy",
    "customers": "file_of_salesperson",
    "ratings": "rating",
    "scorecards": "scorecard",
    "financials": "accounts",
    "agency_reports": "agency_report",
    "signals": "signal",
    "checklists": "checklist",
    "stops": "stop",
    "groups": "group",
    "securities": "security",
    "cases": "case",
    "confirmations": "confirmation",
    "ceilings": "ceiling",
    "forecasts": "forecast",
    "allowances": "allowance",
    "write_offs": "write_off",
}
# One page in each language, of the person whose job it is.
LANGUAGES = {
    "de_DE": ("sokolova", "credit-holds", ".o_data_row, .o_kanban_record"),
    "pl_PL": ("belova", "credit-to-do", ".o_data_row"),
    "ru_RU": ("director", "credit-dashboard", ".o_credit_dashboard"),
    "zh_CN": ("belova", f"credit-to-do >> {CUSTOMER}", ".o_credit_call_bar"),
}
IMAGES = Path(__file__).parents[1] / "docs" / "images"


def log_in(page, url, login):
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_web_client, .o_main_navbar, .o_portal_wrap", timeout=120_000)


def call(page, url, model, method, *args):
    """A method of the server as who is logged in."""
    params = {"model": model, "method": method, "args": args, "kwargs": {}}
    answer = page.request.post(
        f"{url}/web/dataset/call_kw",
        data={"jsonrpc": "2.0", "params": params},
        timeout=300_000,  # a language takes its time
    ).json()
    if "error" in answer:
        raise RuntimeError(answer["error"]["data"]["message"])
    return answer["result"]


def take_in_languages(browser, url, folder):
    """Load each language, and take its picture; the people speak English again afterwards."""
    for code, (login, path, ready) in LANGUAGES.items():
        admin = browser.new_context().new_page()
        log_in(admin, url, "admin")
        [language] = call(
            admin, url, "res.lang", "search", [["code", "=", code], ["active", "in", [True, False]]]
        )
        call(admin, url, "res.lang", "write", [language], {"active": True})
        values = {"lang_ids": [[6, 0, [language]]], "overwrite": False}
        wizard = call(admin, url, "base.language.install", "create", values)
        call(admin, url, "base.language.install", "lang_install", [wizard])
        people = call(admin, url, "res.users", "search", [["login", "=", login]])
        call(admin, url, "res.users", "write", people, {"lang": code})
        page = browser.new_context(viewport={"width": 1366, "height": 850}).new_page()
        page.set_default_timeout(120_000)
        log_in(page, url, login)
        take(page, url, folder, (), f"{code[:2]}_{path.partition(' ')[0][7:]}", path, ready)
        call(admin, url, "res.users", "write", people, {"lang": "en_US"})
        admin.context.close()
        page.context.close()


def main():
    if sys.argv[2] == "languages":
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            take_in_languages(browser, sys.argv[1].rstrip("/"), IMAGES)
            browser.close()
        return
    url, for_docs = sys.argv[1].rstrip("/"), sys.argv[2] == "docs"
    folder = IMAGES if for_docs else Path(sys.argv[2])
    width, height = (int(value) for value in sys.argv[3:5] or (1366, 850))
    wanted = {path.stem for path in IMAGES.iterdir()} if for_docs else set(sys.argv[5:])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for login, pages in PAGES.items():
            pages = [
                page for page in pages if not wanted or wanted & {page[0], BEHIND.get(page[0])}
            ]
            if not pages:
                continue
            context = browser.new_context(viewport={"width": width, "height": height})
            context.set_default_timeout(120_000)  # the first page compiles what browsers load
            page = context.new_page()
            page.on("console", lambda message, login=login: complain(login, message))
            log_in(page, url, login)
            for name, path, ready in pages:
                take(page, url, folder, wanted, name, path, ready)
            context.close()
        browser.close()


def complain(login, message):
    if message.type == "error":
        print(f"{login}: {message.text}", file=sys.stderr)


def take(page, url, folder, wanted, name, path, ready):
    try:
        customers = path.startswith("/")
        path, *clicks = path.split(" >> ")
        page.goto(url + (path if customers else f"/odoo/{path}"))
        for click in clicks:
            page.locator(click).first.click(timeout=30_000)
            page.wait_for_timeout(1_500)
        page.wait_for_selector(ready, timeout=60_000)
        page.wait_for_timeout(800)
        if not wanted or name in wanted:
            page.screenshot(path=folder / f"{name}.png", full_page=customers)
        if name in BEHIND and (not wanted or BEHIND[name] in wanted):
            page.locator(".o_data_row .o_data_cell:not(.o_handle_cell)").first.click(timeout=10_000)
            page.wait_for_selector(".o_form_view", timeout=60_000)
            page.wait_for_timeout(1_500)
            page.screenshot(path=folder / f"{BEHIND[name]}.png")
    except Exception as error:  # one page that is missing leaves the others
        print(f"{name}: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
