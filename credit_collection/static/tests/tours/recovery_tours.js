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
