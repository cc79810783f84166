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

/** A customer reads the plan that was offered, and signs it. */
registry.category("web_tour.tours").add("credit_customer_signs_a_plan", {
    steps: () => [
        {
            content: "The plan waits for the signature",
            trigger: "a[href*='/my/credit/plan/']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It says what is paid by when",
            trigger: "td:contains(333.34)",
        },
        {
            content: "The name is that of who is logged in",
            trigger: ".o_credit_portal_sign .o_web_sign_name_and_signature input:value(/paula/i)",
        },
        {
            content: "The signature is drawn from the name",
            trigger: ".o_credit_portal_sign canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            content: "Sign",
            trigger: ".o_credit_portal_sign .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The plan is agreed",
            trigger: ".alert-success:contains(your signature has reached us)",
        },
    ],
});

/** The only way of paying is chosen already; the provider answers at once and leads back. */
function pay(amount) {
    return [
        {
            content: `${amount} is asked for`,
            trigger: `[name=o_payment_summary_amount]:contains(${amount})`,
        },
        {
            content: "Send the payment",
            trigger: "button[name=o_payment_submit_button]:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

/** From a letter's link: two instalments in one currency, then one in another. */
registry.category("web_tour.tours").add("credit_customer_pays_two_currencies", {
    steps: () => [
        {
            content: "Three overdue instalments are ticked",
            trigger: ".o_credit_portal_items input[name=items]:checked:eq(2)",
        },
        {
            content: "Pay them",
            trigger: "button[name=pay]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "One payment for each currency",
            trigger: ".alert-info:contains(one for each currency)",
        },
        ...pay("600.00"),
        // The way back leads to the second currency.
        ...pay("70.00"),
        {
            content: "Back at the letter: all three are settled, nothing is overdue",
            trigger: "body:not(:has(input[name=items]:checked)):has([name=overdue]:contains(0.00)) .text-success:contains(Settled since)",
        },
    ],
});
