import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("credit_collector_sends_many", {
    steps: () => [
        {
            content: "Choose all messages that wait",
            trigger: ".o_list_view thead .o_list_record_selector input",
            timeout: 30000,
            run: "click",
        },
        {
            content: "Send them",
            trigger: "button[name='action_send_many']",
            run: "click",
        },
        {
            content: "Yes, to the customers",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The bar comes to its end and says what came of them",
            trigger: ".modal .progress-bar:contains('100 %')",
        },
        { content: "Two went out", trigger: ".modal li:contains('Sent: 2')" },
        { content: "One was paid meanwhile", trigger: ".modal li:contains('Cancelled: 1')" },
        {
            content: "Done",
            trigger: ".modal button:contains('Done'):enabled",
            run: "click",
        },
        {
            content: "The list shows them as sent",
            trigger: "body:not(:has(.modal)) .o_data_row:contains('Sent')",
        },
    ],
});

// A letter is its own page in a frame: what it says is read from the frame's source.
function letterSays(text) {
    if (!document.querySelector(".o_credit_letter iframe").srcdoc.includes(text)) {
        throw new Error(`The letter beside the list does not say “${text}”`);
    }
}

registry.category("web_tour.tours").add("credit_collector_reads_beside_the_list", {
    steps: () => [
        {
            content: "The first letter stands beside the list",
            trigger: ".o_credit_letter:contains('Cedar Ltd'):contains('1 / 3')",
            timeout: 30000,
            run: () => letterSays("Cedar Ltd"),
        },
        { content: "The next one", trigger: ".o_credit_letter_next", run: "click" },
        {
            content: "is Birch's, and the list is still there",
            trigger: ".o_data_row:contains('Cedar Ltd')",
        },
        {
            content: "Send it",
            trigger: ".o_credit_letter:contains('Birch Ltd') button:contains('Send')",
            run: "click",
        },
        {
            content: "It left the list, and the letter after it is shown",
            trigger: ".o_credit_letter:contains('Alder Ltd'):contains('2 / 2')",
            run: () => letterSays("Alder Ltd"),
        },
        {
            content: "A click in the list shows another",
            trigger: ".o_data_row:contains('Cedar Ltd') .o_data_cell[name='level_id']",
            run: "click",
        },
        {
            content: "that is approved",
            trigger: ".o_credit_letter:contains('Cedar Ltd') button:contains('Approve')",
            run: "click",
        },
        {
            content: "The last one is opened",
            trigger: ".o_credit_letter:contains('Alder Ltd'):contains('1 / 1') button:contains('Open')",
            run: "click",
        },
        { content: "as a page of its own", trigger: ".o_form_view:contains('Alder Ltd')" },
    ],
});
