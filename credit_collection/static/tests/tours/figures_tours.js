/* global Chart */
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const SECTION = ".o_menu_sections [data-menu-xmlid='credit_collection.credit_collection_menu_reporting']";

const reporting = (menu, content) => [
    { content: "Open Reporting", trigger: SECTION, run: "click" },
    {
        content,
        trigger: `.o-dropdown--menu [data-menu-xmlid='credit_collection.${menu}']`,
        run: "click",
    },
];

/** What a click on the bar of an age does; where a bar is drawn is Chart.js's business. */
function clickBar(canvas, title) {
    const chart = Chart.getChart(canvas);
    chart.options.onClick(null, [{ index: chart.data.labels.indexOf(title) }], chart);
}

tours.add("credit_director_closes_the_month", {
    steps: () => [
        {
            content: "The dashboard shows what is overdue",
            trigger: ".o_credit_tile[data-tile='overdue']:contains('2')",
            timeout: 30000, // the page is being built
        },
        {
            content: "Drill into the worst age",
            trigger: ".o_credit_chart canvas",
            run() {
                clickBar(this.anchor, "Over 90");
            },
        },
        {
            content: "The list has the two items and their total",
            trigger: ".o_list_view:has(.o_data_row:nth-child(2)) tfoot:contains('1,234.00')",
        },
        ...reporting("credit_aging_ask_menu", "Ask for the aging of a day"),
        {
            content: "The items agree with the ledger",
            trigger: ".modal .o_field_widget[name='difference']:contains('0.00')",
        },
        {
            content: "Export the workbook",
            trigger: ".modal button[name='action_export']",
            async run(helpers) {
                const { open } = browser;
                const opened = new Promise((resolve) => {
                    browser.open = (url) => resolve(url) || window;
                });
                await helpers.click();
                const response = await fetch(await opened);
                browser.open = open;
                if (!response.ok) {
                    throw new Error(`The workbook did not come: ${response.status}`);
                }
            },
        },
        {
            content: "Leave the dialog",
            trigger: ".modal button[special='cancel']",
            run: "click",
        },
        ...reporting("credit_kpi_sheet_menu", "Go to the sheets"),
        {
            content: "Open the month",
            trigger: ".o_data_row:contains('Computed') .o_data_cell[name='name']",
            run: "click",
        },
        {
            content: "The figures of the salespeople are there",
            trigger: ".o_field_widget[name='people_line_ids'] .o_data_row:contains('Steve')",
        },
        {
            content: "Open one of them",
            trigger: ".o_field_widget[name='people_line_ids'] button[name='get_formview_action']",
            run: "click",
        },
        {
            content: "Each amount leads to its documents",
            trigger: ".o-form-buttonbox button[name='action_open_overdue']",
        },
        {
            content: "Back to the sheet",
            trigger: ".breadcrumb-item.o_back_button",
            run: "click",
        },
        {
            content: "Close it",
            trigger: ".o_form_statusbar button[name='action_close']",
            run: "click",
        },
        {
            content: "Closing freezes",
            trigger: ".modal .btn-primary:contains('Ok')",
            run: "click",
        },
        {
            content: "It is closed, and the evidence hangs on it",
            trigger:
                ".o_form_view:has(.o_field_widget[name='evidence']) .o_arrow_button_current:contains('Closed')",
        },
    ],
});

tours.add("credit_salesperson_sees_own_figures", {
    steps: () => [
        {
            content: "Own lines only",
            trigger:
                ".o_list_view:has(.o_data_row:contains('Steve')):not(:has(.o_data_row:contains('Other')))",
            timeout: 30000, // the page is being built
        },
        {
            content: "Open the month",
            trigger: ".o_data_row .o_data_cell[name='user_id']",
            run: "click",
        },
        {
            content: "The bonus figures are there",
            trigger: ".o_form_view .o_field_widget[name='overdue_share']:contains('100%')",
        },
        {
            content: "Open what is overdue",
            trigger: "button[name='action_open_overdue']",
            run: "click",
        },
        {
            content: "The invoices of own customers, and no others",
            trigger:
                ".o_list_view:has(.o_data_row:contains('Deco Ltd')):not(:has(.o_data_row:contains('Far Ltd'))) tfoot:contains('1,234.00')",
        },
        {
            content: "There is no menu of reports",
            trigger: `.o_menu_sections:not(:has([data-menu-xmlid='credit_collection.credit_collection_menu_reporting']))`,
        },
    ],
});
