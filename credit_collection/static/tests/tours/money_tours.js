import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const NO_DIALOG = "body:not(:has(.modal))";

function press(name, content) {
    return { content, trigger: `${NO_DIALOG} .o_form_statusbar button:contains('${name}')`, run: "click" };
}

const CONFIRM = { content: "Yes", trigger: ".modal .modal-footer .btn-primary", run: "click" };

function inState(state) {
    return {
        content: `It is ${state} now`,
        trigger: `${NO_DIALOG} .o_statusbar_status .o_arrow_button_current:contains('${state}')`,
        timeout: 30000,
    };
}

/** The accountant claims a customer's interest and bills it. */
tours.add("credit_accountant_bills_interest", {
    steps: () => [
        {
            content: "The figure up to today stands on the file",
            trigger: ".o_notebook .nav-link:contains('Interest')",
            run: "click",
            timeout: 30000,
        },
        { content: "It is 30.00", trigger: "[name='interest_to_date']:contains('30.00')" },
        {
            content: "Claim it",
            trigger: "button[name='action_claim_interest']",
            run: "click",
        },
        {
            content: "The draft shows the calculation",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('36.5')",
            timeout: 30000,
        },
        press("Bill", "Book it"),
        CONFIRM,
        {
            content: "The invoice is posted",
            trigger: ".o_form_view .oe_title:contains('INV/')",
            timeout: 30000,
        },
    ],
});

/** The director accepts a plan that is above the officer's authority, and sees what plans bring. */
tours.add("credit_director_accepts_a_plan", {
    steps: () => [
        {
            content: "The offered plan",
            trigger: ".o_data_row:contains('Deco Ltd') td[name='partner_id']",
            run: "click",
            timeout: 30000,
        },
        {
            content: "Its last payment takes the rounding",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('333.34')",
            timeout: 30000,
        },
        press("Accept", "Accept it"),
        CONFIRM,
        inState("Accepted"),
    ],
});
