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
