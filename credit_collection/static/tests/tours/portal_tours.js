import { registry } from "@web/core/registry";

/** From the link in a letter to the end: pay what is overdue with Odoo's demo provider. */
registry.category("web_tour.tours").add("credit_customer_pays_a_letter", {
    steps: () => [
        {
            content: "What is overdue is ticked",
            trigger: ".o_credit_portal_items input[name=items]:checked",
        },
        {
            content: "Pay it",
            trigger: "button[name=pay]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Choose the demo provider",
            trigger: "input[name=o_payment_radio][data-payment-method-code=demo]",
            run: "click",
        },
        {
            content: "A card",
            trigger: "#customer_input",
            run: "edit 4242",
        },
        {
            content: "Send the payment",
            trigger: "button[name=o_payment_submit_button]:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Back at the letter: it is settled",
            trigger: ".alert-success:contains(is settled)",
        },
    ],
});
