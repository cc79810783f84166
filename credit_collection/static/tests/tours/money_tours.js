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

const NEW = {
    content: "A new one",
    trigger: ".o_list_button_add",
    run: "click",
    timeout: 30000,
};

/** Choose what a field of records offers for a text. */
function choose(field, text) {
    return [
        {
            content: `Look for ${text}`,
            trigger: `.o_field_widget[name='${field}'] input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item:contains('${text}')`,
            run: "click",
        },
    ];
}

function fill(field, text) {
    return {
        content: `${field}: ${text}`,
        trigger: `.o_field_widget[name='${field}'] input`,
        run: `edit ${text}`,
    };
}

function shows(field, text) {
    return {
        content: `${field} is ${text}`,
        trigger: `${NO_DIALOG} .o_field_widget[name='${field}']:contains('${text}')`,
        timeout: 30000,
    };
}

const SAVE = {
    content: "Save",
    trigger: ".o_form_button_save:enabled:visible",
    run: "click",
};

/** Open the entry that was booked; go back when it was seen. */
function seesEntry(...texts) {
    return [
        {
            content: "Open the entry",
            trigger: `${NO_DIALOG} button[name='action_open_entry']`,
            run: "click",
        },
        ...texts.map((text) => ({
            content: `The entry has ${text}`,
            trigger: `.o_field_widget[name='line_ids'] .o_data_row:contains('${text}')`,
            timeout: 30000,
        })),
        {
            content: "Back",
            trigger: ".breadcrumb-item.o_back_button",
            run: "click",
        },
    ];
}

/** The accountant sets what both sides owe off, posts it, and takes it back. */
tours.add("credit_accountant_nets_and_undoes", {
    steps: () => [
        NEW,
        ...choose("account_id", "Deco Ltd"),
        SAVE,
        {
            content: "What they owe us is listed with the part that is set off",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('INV/'):contains('400.00')",
            timeout: 30000,
        },
        {
            content: "And what we owe them, by their own number",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('RENT-77')",
        },
        shows("amount", "400.00"),
        press("Confirm and Post", "Both sides have signed: book it"),
        CONFIRM,
        inState("Posted"),
        ...seesEntry("Account Receivable", "Account Payable"),
        inState("Posted"),
        press("Undo", "Take it back"),
        CONFIRM,
        inState("Undone"),
    ],
});

/** The accountant assigns two invoices to a factor with a fee and a hold-back. */
tours.add("credit_accountant_assigns_to_a_factor", {
    steps: () => [
        NEW,
        ...choose("partner_id", "Harbour Factors"),
        fill("hold_back", "5"),
        fill("fee", "3"),
        ...[1, 2].flatMap((number) => [
            {
                content: "Another debt",
                trigger: ".o_field_widget[name='line_ids'] .o_field_x2many_list_row_add :is(a, button)",
                run: "click",
            },
            {
                content: "Look for the invoices of Deco",
                trigger: ".o_selected_row .o_field_widget[name='move_line_id'] input",
                run: "edit INV/",
            },
            {
                content: "Choose the next one",
                trigger: `.o-autocomplete--dropdown-item:contains('INV/'):nth-child(${number})`,
                run: "click",
            },
            {
                content: "Its customer stands beside it",
                trigger: `.o_field_widget[name='line_ids'] .o_data_row:nth-child(${number}):contains('Deco Ltd')`,
            },
        ]),
        SAVE,
        shows("amount", "1,600.00"),
        shows("held_back", "80.00"),
        shows("fee_amount", "48.00"),
        shows("cash", "1,472.00"),
        press("Post Entry", "The factor has signed: book it"),
        CONFIRM,
        inState("Assigned"),
        ...seesEntry("1,472.00", "80.00", "48.00"),
        {
            content: "Each debt waits for its debtor",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('Deco Ltd') button[name='action_paid']",
            timeout: 30000,
        },
    ],
});

/** The director bills a plan's fee, accepts the plan, and sees what plans bring. */
tours.add("credit_director_accepts_a_plan_with_a_fee", {
    steps: () => [
        {
            content: "The plan that was prepared",
            trigger: ".o_data_row:contains('Deco Ltd') td[name='partner_id']",
            run: "click",
            timeout: 30000,
        },
        shows("owed", "1,000.00"),
        {
            content: "Bill its fee",
            trigger: "button[name='action_bill_fee']",
            run: "click",
        },
        shows("fee_move_id", "INV/"),
        {
            content: "The fee is part of the payments",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('350.00')",
        },
        press("Accept", "Accept it"),
        CONFIRM,
        inState("Accepted"),
        {
            content: "What do plans bring?",
            trigger: ".o_menu_sections button:contains('Reporting')",
            run: "click",
        },
        {
            content: "The report of plans",
            trigger: ".o-dropdown-item:contains('What Plans Bring')",
            run: "click",
        },
        {
            content: "This one was restructured; nothing is paid yet",
            trigger: ".o_pivot_view:contains('1,050.00'):contains('0.00')",
            timeout: 30000,
        },
    ],
});
