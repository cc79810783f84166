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
            content: "The grade",
            trigger: ".o_field_widget[name='grade_id']:contains('A')",
        },
        {
            content: "And the verdict, but no figures, no rating and no checks of the office",
            trigger:
                ".o_form_view:has(.o_field_widget[name='verdict']):not(:has(.o_field_widget[name='payment_index'])):not(:has(button[name='action_rate'])):not(:has(.o_field_widget[name='planned_sales']))",
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

tours.add("credit_officer_approves_the_proposal", {
    steps: () => [
        {
            content: "What was asked for, with its calculation",
            trigger: ".o_form_view .o_credit_calculation li:contains('The smallest')",
            timeout: 30000,
        },
        {
            content: "Approve",
            trigger: ".o_form_statusbar button[name='action_approve']",
            run: "click",
        },
        {
            content: "Approved",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Approved')",
        },
    ],
});

tours.add("credit_officer_sees_the_grade_fall", {
    steps: () => [
        {
            content: "A warning: what was measured, and the grade that it has cost",
            trigger:
                ".o_data_row:contains('Deco Ltd'):contains('Large new items') td[name='grade_id']:contains('B')",
            timeout: 30000,
        },
        {
            content: "Its signals",
            trigger: ".o_data_row:contains('Deco Ltd') button[name='action_signals']",
            run: "click",
        },
        {
            content: "Since when, and by how much",
            trigger: ".o_list_view .o_data_row:contains('Large new items') td[name='measured_label']",
        },
        {
            content: "Back to the warnings",
            trigger: ".breadcrumb-item.o_back_button",
            run: "click",
        },
        {
            content: "To the customer",
            trigger: ".o_data_row:contains('Deco Ltd') td[name='partner_id']",
            run: "click",
        },
        {
            content: "Rating",
            trigger: ".o_form_view .o_notebook .nav-link:contains('Rating')",
            run: "click",
        },
        {
            content: "It went down",
            trigger: ".o_field_widget[name='rating_trend']",
        },
        {
            content: "All ratings",
            trigger: ".o_notebook button[name='action_ratings']",
            run: "click",
        },
        {
            content: "The new one",
            trigger: ".o_list_view .o_data_row:contains('In Force') td[name='partner_id']",
            run: "click",
        },
        {
            content: "From A to B, by itself",
            trigger: ".o_form_view .o_field_widget[name='previous_grade_id']:contains('A')",
        },
        {
            content: "Why",
            trigger: ".o_notebook .nav-link:contains('Why This Grade')",
            run: "click",
        },
        {
            content: "What has cost most is said in words",
            trigger: ".o_field_widget[name='explanation']:contains('late')",
        },
    ],
});

tours.add("credit_director_sees_the_ceiling", {
    steps: () => [
        {
            content: "The ceiling and where the receivables stand",
            trigger: ".o_data_row td[name='working']",
            timeout: 30000,
            run: "click",
        },
        {
            content: "What to do now is said",
            trigger: ".o_form_view .alert .o_field_widget[name='advice']",
        },
        {
            content: "What the credit costs a year",
            trigger: ".o_field_widget[name='cost_of_credit']",
        },
        { content: "Month by month", trigger: "button[name='action_months']", run: "click" },
        {
            content: "Shares and growth of each month",
            trigger: ".o_action_manager .o_control_panel .o_breadcrumb",
        },
    ],
});

tours.add("credit_director_compares_two_policies", {
    steps: () => [
        {
            content: "Two policies side by side",
            trigger: ".o_field_widget[name='sales_a'] input",
            timeout: 30000,
            run: "edit 20000000",
        },
        {
            content: "The same sales",
            trigger: ".o_field_widget[name='sales_b'] input",
            run: "edit 20000000",
        },
        {
            content: "Until paid as today",
            trigger: ".o_field_widget[name='days_a'] input",
            run: "edit 73",
        },
        {
            content: "Or later",
            trigger: ".o_field_widget[name='days_b'] input",
            run: "edit 90",
        },
        {
            content: "Look",
            trigger: ".o_field_widget[name='chasing_b'] input",
            run: "edit 1",
        },
        {
            content: "The capital costs 480,000: 4 million at 12 %",
            trigger: ".o_field_widget[name='calculation']:contains('480,000.00')",
        },
        {
            content: "And which leaves more",
            trigger: ".o_field_widget[name='verdict']:contains('“Today” leaves')",
        },
        {
            content: "Nothing is kept",
            trigger: "button:contains('Close')",
            run: "click",
        },
        { content: "Closed", trigger: "body:not(:has(.o_field_widget[name='verdict']))" },
    ],
});
