import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const NO_DIALOG = "body:not(:has(.modal))";

tours.add("credit_officer_rates_a_new_customer", {
    steps: () => [
        {
            content: "The customer's page is there",
            trigger: ".o_form_view .o_notebook .nav-link:contains('Rating')",
            timeout: 30000,
            run: "click",
        },
        { content: "Rate", trigger: ".o_notebook button[name='action_rate']", run: "click" },
        {
            content: "A draft rating; its question waits",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('References') td[name='answer_id']",
            run: "click",
        },
        {
            content: "Choose an answer",
            trigger: ".o_field_widget[name='line_ids'] .o_selected_row .o_field_widget[name='answer_id'] input",
            run: "edit Good",
        },
        {
            content: "Good it is",
            trigger: ".o-autocomplete--dropdown-menu .dropdown-item:contains('Good')",
            run: "click",
        },
        {
            content: "Why this grade",
            trigger: ".o_notebook .nav-link:contains('Why This Grade')",
            run: "click",
        },
        {
            content: "Put it in force",
            trigger: `${NO_DIALOG} .o_form_statusbar button[name='action_approve']`,
            run: "click",
        },
        {
            content: "In force, grade A",
            trigger: ".o_form_statusbar button[name='action_propose_limit']",
        },
        {
            content: "Grade A stands above",
            trigger: ".oe_title .o_field_widget[name='grade_id']:contains('A')",
        },
        {
            content: "How much credit follows",
            trigger: ".o_notebook .nav-link:contains('How Much Credit')",
            run: "click",
        },
        {
            content: "The calculation can be followed",
            trigger: ".o_credit_calculation li:contains('The agency recommends')",
        },
        {
            content: "Ask for it",
            trigger: `${NO_DIALOG} .o_form_statusbar button[name='action_propose_limit']`,
            run: "click",
        },
        {
            content: "The request with its calculation",
            trigger: ".o_form_view .o_credit_calculation li:contains('The smallest')",
        },
    ],
});

tours.add("credit_salesperson_reports_a_signal", {
    steps: () => [
        {
            content: "The customer's page of the salesperson shows the grade",
            trigger: ".o_form_view .o_notebook .nav-link:contains('Rating')",
            timeout: 30000,
            run: "click",
        },
        {
            content: "The grade, and no figures of the accounts",
            trigger: ".o_field_widget[name='grade_id']:contains('A')",
        },
        {
            content: "Open the cog",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "Report a signal",
            trigger: ".o-dropdown--menu .dropdown-item:contains('Report a Signal')",
            run: "click",
        },
        {
            content: "Tick what was seen",
            trigger: ".modal .o_field_widget[name='kind_ids'] .form-check:contains('Owner, director or address changed') input",
            run: "check",
        },
        {
            content: "In words",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit A new name on the door",
        },
        { content: "Report", trigger: ".modal button[name='action_report']", run: "click" },
        { content: "Thanked", trigger: ".o_notification:contains('Thank you')" },
    ],
});
