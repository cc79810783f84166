import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("credit_accountant_closes_the_month", {
    steps: () => [
        {
            content: "A new allowance",
            trigger: ".o_list_button_add",
            timeout: 30000,
            run: "click",
        },
        { content: "With the rates of the example", trigger: ".o_field_widget[name='rate_ids'] .o_data_row" },
        { content: "Compute", trigger: "button[name='action_compute']:enabled", run: "click" },
        {
            content: "The target stands there",
            trigger: ".o_field_widget[name='target']:contains('106.00')",
        },
        {
            content: "Its items",
            trigger: "button[name='action_open_lines']",
            run: "click",
        },
        {
            content: "One item, over 90 days late",
            trigger: ".o_list_view .o_data_row:contains('Deco Ltd')",
        },
        { content: "Back", trigger: ".breadcrumb-item.o_back_button", run: "click" },
        { content: "Book", trigger: "button[name='action_book']", run: "click" },
        {
            content: "The draft entry is there",
            trigger: "button[name='action_open_entry']",
        },
    ],
});

tours.add("credit_lawyer_goes_a_step", {
    steps: () => [
        {
            content: "The case",
            trigger: ".o_data_row:contains('Deco Ltd') td[name='partner_id']",
            timeout: 30000,
            run: "click",
        },
        {
            content: "The claim letter is next",
            trigger: ".o_field_widget[name='step_id']:contains('Claim letter')",
        },
        { content: "Done", trigger: "button[name='action_done']", run: "click" },
        {
            content: "Pre-trial is next",
            trigger: ".o_field_widget[name='step_id']:contains('Pre-trial')",
        },
        {
            content: "Build the dossier",
            trigger: "button[name='action_build_dossier']",
            run: "click",
        },
        {
            content: "It says what is missing",
            trigger: ".o_field_widget[name='missing']:contains('Letters demanding payment')",
        },
    ],
});

tours.add("credit_director_approves_a_write_off", {
    steps: () => [
        {
            content: "What waits",
            trigger: ".o_data_row:contains('Deco Ltd') td[name='partner_id']",
            timeout: 30000,
            run: "click",
        },
        { content: "Approve", trigger: "button[name='action_approve']", run: "click" },
        {
            content: "It is approved",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Approved')",
        },
    ],
});

tours.add("credit_accountant_asks_for_a_write_off", {
    steps: () => [
        {
            content: "Its documents are there: ask",
            trigger: "button[name='action_ask']",
            timeout: 30000,
            run: "click",
        },
        {
            content: "It waits for who may decide",
            trigger: ".o_statusbar_status button.o_arrow_button_current",
        },
        { content: "Asked by", trigger: ".o_field_widget[name='asked_by_id']" },
    ],
});

tours.add("credit_accountant_books_a_write_off", {
    steps: () => [
        {
            content: "Approved: write off",
            trigger: "button[name='action_post']",
            timeout: 30000,
            run: "click",
        },
        {
            content: "It is watched for years",
            trigger: ".o_field_widget[name='watch_until']",
        },
        { content: "Its entries", trigger: "button[name='action_open_entries']" },
    ],
});

tours.add("credit_accountant_sends_a_confirmation", {
    steps: () => [
        {
            content: "The draft",
            trigger: ".o_data_row:contains('Deco Ltd') td[name='partner_id']",
            timeout: 30000,
            run: "click",
        },
        {
            content: "What they owe, in words",
            trigger: ".o_field_widget[name='closing_words']:contains('thousand')",
        },
        { content: "Send", trigger: "button[name='action_send']", run: "click" },
        {
            content: "Sent, with its PDF",
            trigger: ".o_form_view .o_field_widget[name='pdf_id']",
            timeout: 30000,
        },
        {
            content: "Who signs is noted",
            trigger: ".o_field_widget[name='confirmed_by'] input",
            run: "edit Anna Deco",
        },
        {
            content: "As what",
            trigger: ".o_field_widget[name='confirmed_position'] input",
            run: "edit Director",
        },
        {
            content: "By which right",
            trigger: ".o_field_widget[name='confirmed_authority'] input",
            run: "edit Register of companies",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        { content: "Saved", trigger: ".o_form_view .o_form_saved" },
    ],
});

tours.add("credit_lawyer_sees_why_a_debt_lapses", {
    steps: () => [
        {
            content: "The clock of the debt: until when, and why",
            timeout: 30000,
            trigger:
                ".o_data_row:contains('Deco Ltd') td[name='because']:contains('starts the clock anew')",
        },
        {
            content: "And what would stop it",
            trigger: ".o_data_row:contains('Deco Ltd') td[name='what_stops']",
        },
    ],
});

tours.add("credit_director_reads_the_register", {
    steps: () => [
        {
            content: "What was written off",
            trigger: ".o_data_row:contains('Deco Ltd')",
            timeout: 30000,
        },
        {
            content: "The filters",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "The register",
            trigger: ".o_filter_menu .dropdown-item:contains('Register')",
            run: "click",
        },
        {
            content: "Until when it is watched",
            trigger: ".o_data_row:contains('Deco Ltd') td[name='watch_until']:not(:empty)",
        },
    ],
});

tours.add("credit_director_reads_the_allowance", {
    steps: () => [
        {
            content: "The allowance of the month",
            trigger: ".o_data_row td[name='target']:contains('106.00')",
            timeout: 30000,
            run: "click",
        },
        {
            content: "Its target",
            trigger: ".o_form_view .o_field_widget[name='target']:contains('106.00')",
        },
        {
            content: "The working paper",
            trigger: "button[name='action_working_paper']",
        },
    ],
});
