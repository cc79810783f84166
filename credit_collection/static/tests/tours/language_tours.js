import { registry } from "@web/core/registry";

// The main jobs without a word of any language: they run in all that are shipped.
const tours = registry.category("web_tour.tours");

/** Fails where what the page says in English was not translated. */
function says(content, trigger, ...english) {
    return {
        content,
        trigger,
        timeout: 30000, // the page is being built
        run() {
            const text = this.anchor.textContent;
            for (const words of english) {
                if (text.includes(words)) {
                    throw new Error(`Still English: ${words}`);
                }
            }
        },
    };
}

tours.add("credit_salesperson_in_any_language", {
    steps: () => [
        says("The banner speaks the language", ".o_credit_banner_title", "will be held", "On credit"),
        { content: "Confirm", trigger: "button[name='action_confirm']", run: "click" },
        {
            content: "Ask for a release",
            trigger: "button[name='action_ask_credit_release']",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit 4711",
        },
        says("The dialog speaks the language", ".modal", "Ask for Release", "Why"),
        { content: "Send", trigger: ".modal button[name='action_ask']", run: "click" },
        {
            content: "It is in the chatter",
            trigger: "body:not(:has(.modal)) .o-mail-Message:contains('4711')",
        },
    ],
});

tours.add("credit_director_in_any_language", {
    steps: () => [
        says("The dashboard speaks the language", ".o_credit_dashboard", "Receivable", "Overdue", "Top Debtors", "My Day"),
        {
            content: "Open what is overdue",
            trigger: ".o_credit_tile[data-tile='overdue']",
            run: "click",
        },
        says("The list behind it too", ".o_list_view:has(.o_data_row)", "Customer", "Due Date", "Days Overdue"),
    ],
});

tours.add("credit_officer_in_any_language", {
    steps: () => [
        says("The queue speaks the language", ".o_list_view:has(.o_data_row)", "Document", "Asked By", "Approver"),
        { content: "Open the hold", trigger: ".o_data_row .o_data_cell[name='document_name']", run: "click" },
        says("The hold speaks the language", ".o_form_view:has([name='exposure_after'])", "Exposure", "Overdue", "Release"),
        {
            content: "Release",
            trigger: ".o_form_statusbar .btn-primary[data-hotkey='v']",
            run: "click",
        },
        says("The dialog too", ".modal", "Reason", "Release"),
        {
            content: "The reasons",
            trigger: ".modal .o_field_widget[name='reason_id'] input",
            run: "click",
        },
        {
            content: "The first reason, once they are there",
            trigger: ".o-autocomplete--dropdown-item:not(:has(.fa-spin)):first",
            run: "click",
        },
        { content: "It is taken", trigger: "body:not(:has(.o-autocomplete--dropdown-menu))" },
        {
            content: "What was agreed",
            trigger: ".modal .o_field_widget[name='note'] textarea, .modal .o_field_widget[name='note'] input",
            run: "edit 4711",
        },
        { content: "Decide", trigger: ".modal button[name='action_release']:enabled", run: "click" },
        says("It is said that nothing else waits", "body:not(:has(.modal)) .o_notification", "Nothing else"),
    ],
});

tours.add("credit_clerk_in_any_language", {
    steps: () => [
        says("The delivery speaks the language", ".o_form_view:has(button[name='button_validate'])", "On credit hold"),
        { content: "Validate the delivery", trigger: "button[name='button_validate']", run: "click" },
        says("The message too", ".o_notification", "overdue", "on hold"),
    ],
});

tours.add("credit_collector_in_any_language", {
    steps: () => [
        says("The list speaks the language", ".o_list_view:has(.o_data_row)", "Customer", "Overdue", "Next Step"),
        { content: "The first customer", trigger: ".o_data_row td[name='partner_id']", run: "click" },
        says("The customer's page too", ".o_credit_call_bar", "No Answer", "Promise"),
        {
            content: "Nobody answers",
            trigger: ".o_credit_call_bar button[name='action_no_answer']",
            run: "click",
        },
        says("It can be taken back", ".o_notification button:not(.btn-close)", "Undo"),
    ],
});

tours.add("credit_accountant_in_any_language", {
    steps: () => [
        { content: "A new allowance", trigger: ".o_list_button_add", timeout: 30000, run: "click" },
        {
            content: "Compute",
            trigger: "button[name='action_compute']:enabled",
            run: "click",
        },
        says("Figures and buttons speak the language", ".o_form_view:has(button[name='action_book'])", "Target", "Book", "Compute", "Allowance"),
        { content: "Book", trigger: "button[name='action_book']", run: "click" },
        { content: "The draft entry is there", trigger: "button[name='action_open_entry']" },
    ],
});
