import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const NO_DIALOG = "body:not(:has(.modal))";

function onPageOf(customer) {
    return {
        content: `The page of ${customer} is there`,
        trigger: `${NO_DIALOG} .o_form_view .oe_title:contains('${customer}')`,
        timeout: 30000, // the first page is being built
    };
}

function openFromList(customer) {
    return [
        {
            content: "The week so far stands above the list",
            trigger: ".o_credit_desk_week:contains('Calls: 0')",
            timeout: 30000,
        },
        {
            content: "How the rank is worked out is told to who asks",
            trigger: ".o_credit_desk_formula summary",
            run: "click",
        },
        {
            content: `${customer} stands on the list, above it how the rank is worked out`,
            trigger: `.o_credit_desk_formula:contains('Out of 100') ~ table .o_data_row:contains('${customer}') td[name='partner_id']`,
            timeout: 30000,
            run: "click",
        },
        onPageOf(customer),
    ];
}

function press(name, content) {
    return { content, trigger: `${NO_DIALOG} .o_form_statusbar button:contains('${name}')`, run: "click" };
}

/** What came of a call, below the figures of the customer. */
function call(name, content) {
    return { content, trigger: `${NO_DIALOG} .o_credit_call_bar button:contains('${name}')`, run: "click" };
}

tours.add("credit_accountant_works_three_customers", {
    steps: () => [
        ...openFromList("Alder Ltd"),
        {
            content: "See what would go out",
            trigger: ".o_notebook .nav-link:contains('Letter')",
            run: "click",
        },
        {
            content: "Nothing waits: the letter of today is prepared",
            trigger: "button[name='action_prepare_letter']",
            run: "click",
        },
        {
            content: "The preview asks for the amount",
            trigger: ".o_field_widget[name='letter_preview']:contains('9,000.00')",
        },
        press("Send Letter", "Send it"),
        {
            content: "It is on its way",
            trigger: ".o_notification:contains('on its way')",
        },
        {
            content: "It stands in the history of the customer, and nothing waits any more",
            trigger: ".o_form_view:not(:has(button[name='action_send_letter'])) .o-mail-Message:contains('9,000.00')",
        },
        press("Next Customer", "Go on"),
        onPageOf("Birch Ltd"),
        call("Promise", "They promise to pay"),
        {
            content: "All that is overdue is proposed",
            trigger: ".modal .o_field_widget[name='promise_amount'] input:value('6,000.00')",
        },
        {
            content: "Write down what was said",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Transfer on Friday",
        },
        {
            content: "Log it and go on at once",
            trigger: ".modal button[name='action_log_next']",
            run: "click",
        },
        onPageOf("Cedar Ltd"),
        call("Dispute", "They do not accept the invoice"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name='dispute_reason_id'] input",
            run: "edit Price",
        },
        {
            content: "Choose the reason",
            trigger: ".o-autocomplete--dropdown-item:contains('Price')",
            run: "click",
        },
        {
            content: "Log it",
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "The history tells it",
            trigger: `${NO_DIALOG} .o-mail-Message:contains('Disputes')`,
        },
        press("Next Customer", "Go on"),
        {
            content: "All are worked: the empty list comes back",
            trigger: "body:has(.o_notification:contains('last customer')) .o_nocontent_help:contains('Nobody to chase')",
        },
    ],
});

tours.add("credit_accountant_sees_tomorrows_list", {
    steps: () => [
        {
            content: "Who only got a letter is there again, with the level reached",
            trigger: ".o_data_row:contains('Alder Ltd') td[name='level_id']:contains('First reminder')",
            timeout: 30000,
        },
        {
            content: "Who promised or disputes is left alone",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Birch'))):not(:has(.o_data_row:contains('Cedar')))",
        },
        {
            content: "The cards tell how they are ranked, too",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            trigger: ".o_kanban_view:has(.o_kanban_record:contains('Alder Ltd')) .o_credit_desk_formula summary",
            run: "click",
        },
        {
            trigger: ".o_credit_desk_formula:contains('broken')",
        },
    ],
});

const TEN = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

tours.add("credit_collector_clears_ten_by_keyboard", {
    steps: () => [
        ...openFromList("Number One"),
        ...TEN.flatMap((number, index) => [
            {
                ...onPageOf(`Number ${number}`),
                run: "press Alt+l",
            },
            {
                content: "Say what came of the call",
                trigger: ".modal .o_field_widget[name='outcome'] input",
                run: "click",
            },
            {
                content: "They refuse",
                trigger: ".o_select_menu_item:contains('Refuses')",
                run: "click",
            },
            {
                content: "Log it by keyboard and have the next one",
                trigger: ".modal .o_field_widget[name='outcome'] input:value('Refuses to pay')",
                run: index === 9 ? "press Alt+q" : index % 2 ? "press Control+Enter" : "press Alt+k",
            },
        ]),
        {
            content: "All ten are cleared",
            trigger: `${NO_DIALOG} .o_form_view .o-mail-Message:contains('Refuses')`,
        },
    ],
});

/** A new collector knows nothing but the playbook: it says what to ask, offer and write down. */
tours.add("credit_new_collector_calls_by_the_playbook", {
    steps: () => [
        ...openFromList("Alder Ltd"),
        {
            content: "What is to be said to them?",
            trigger: ".o_notebook .nav-link:contains('Playbook')",
            run: "click",
        },
        {
            content: "What to have at hand stands first",
            trigger: ".o_credit_playbook li:contains('Overdue:'):contains('9,000.00')",
        },
        {
            content: "And how far I may go",
            trigger: ".o_credit_playbook li:contains('You may accept a promise until')",
        },
        {
            content: "The aim of the first call",
            trigger: ".o_credit_playbook:contains('A day and an amount, today')",
        },
        press("Log a Contact", "They answer the phone"),
        {
            content: "The questions are beside what I write down",
            trigger: ".modal .o_credit_playbook:contains('On which day does the payment leave?')",
            timeout: 30000,
        },
        {
            content: "They say that it is in the next payment run",
            trigger: ".modal .o_field_widget[name='excuse_id'] input",
            run: "edit next payment run",
        },
        {
            content: "That is one of the ten",
            trigger: ".o-autocomplete--dropdown-item:contains('next payment run')",
            run: "click",
        },
        {
            content: "The question that tests it",
            trigger: ".modal [name='excuse_question']:contains('On which day is the run')",
        },
        {
            content: "A promise usually follows: day and amount are proposed",
            trigger: ".modal .o_field_widget[name='promise_amount'] input:value('9,000.00')",
        },
        {
            content: "What was said",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Mrs Alder sees our number in the list",
        },
        {
            content: "Log it",
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "The history tells it",
            trigger: `${NO_DIALOG} .o-mail-Message:contains('Promise')`,
        },
        press("Next Customer", "Go on"),
        {
            content: "Nobody is left to call",
            trigger: "body:has(.o_notification:contains('last customer'))",
        },
    ],
});
