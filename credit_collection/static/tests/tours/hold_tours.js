import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("credit_salesperson_meets_a_hold", {
    steps: () => [
        {
            content: "The banner says before confirming that the order will be held",
            trigger: ".o_credit_banner_title:contains('will be held')",
            timeout: 30000, // the page is being built
        },
        {
            content: "Confirm all the same",
            trigger: "button[name='action_confirm']",
            run: "click",
        },
        {
            content: "The message names who decides",
            trigger: ".o_notification:contains('On credit hold'):contains('olaf')",
        },
        {
            content: "The order carries the ribbon",
            trigger: ".ribbon:contains('On credit hold')",
        },
        {
            content: "Ask for a release",
            trigger: "button[name='action_ask_credit_release']",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit The customer has paid this morning",
        },
        {
            content: "Send the request",
            trigger: ".modal button[name='action_ask']",
            run: "click",
        },
        {
            content: "The request is in the chatter",
            trigger: "body:not(:has(.modal)) .o-mail-Message:contains('paid this morning')",
        },
    ],
});

tours.add("credit_officer_releases", {
    steps: () => [
        {
            content: "The queue shows the held order with its reason",
            trigger: ".o_data_row:contains('Deco Ltd') .o_data_cell[name='document_name']",
            timeout: 30000, // the page is being built
            run: "click",
        },
        {
            content: "The frozen figures are there",
            trigger: ".o_form_view .o_field_widget[name='exposure_after']:contains('1,500.00')",
        },
        {
            content: "Release",
            trigger: ".o_form_statusbar button:contains('Release')",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name='reason_id'] input",
            run: "edit Payment is on",
        },
        {
            content: "Choose the reason",
            trigger: ".o-autocomplete--dropdown-item:contains('Payment is on its way')",
            run: "click",
        },
        {
            content: "The order is to be confirmed at once",
            trigger: ".modal .o_field_widget[name='confirm'] input:checked",
        },
        {
            content: "Decide",
            trigger: ".modal button[name='action_release']",
            run: "click",
        },
        {
            content: "It was the last one that waited: the queue comes back, and it is said",
            trigger: "body:not(:has(.modal)):has(.o_notification:contains('Nothing else waits')) .o_list_view",
        },
    ],
});

tours.add("credit_clerk_meets_a_held_delivery", {
    steps: () => [
        {
            content: "Validate the delivery",
            trigger: "button[name='button_validate']",
            timeout: 30000, // the page is being built
            run: "click",
        },
        {
            content: "The message says who holds it and why",
            trigger: ".o_notification:contains('overdue')",
        },
        {
            content: "The delivery is marked and not done",
            trigger: ".o_form_view:contains('On credit hold') .o_arrow_button_current:contains('Ready')",
        },
    ],
});
