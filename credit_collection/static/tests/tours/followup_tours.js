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
