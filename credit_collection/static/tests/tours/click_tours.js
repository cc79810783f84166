import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A tour whose clicks are counted: more than the aim and it is no tour. */
function counted(name, aim, steps) {
    const clicks = steps.filter((step) => step.run === "click").length;
    if (clicks > aim) {
        throw new Error(`${name} takes ${clicks} clicks, the aim is ${aim}.`);
    }
    tours.add(name, { steps: () => steps });
}

function click(content, trigger) {
    return { content, trigger, run: "click", timeout: 30000 };
}

function see(content, trigger) {
    return { content, trigger, timeout: 30000 };
}

const NO_DIALOG = "body:not(:has(.modal))";

// May this customer buy, and for how much, before a quotation is written: seen in the list.
counted("credit_clicks_salesperson", 0, [
    see("The verdict stands beside the customer", ".o_data_row:contains('Deco Ltd') td[name='verdict']:contains('1,000.00')"),
]);

// Which deliveries are held, and why: one click on the overview.
counted("credit_clicks_clerk", 1, [
    click("Held ones are counted on the overview", "a[name='action_credit_held']"),
    see("The list shows them", ".o_data_row .o_field_badge:contains('On Hold')"),
    see("And why", ".o_data_row td[name='credit_hold_reason']:contains('overdue')"),
]);

// Five holds, one reason.
counted("credit_clicks_officer_five_at_once", 9, [
    click("All of them", ".o_list_view thead .o_list_record_selector input"),
    click("Release", ".o_control_panel button:contains('Release')"),
    click("The reason", ".modal .o_field_widget[name='reason_id'] input"),
    click("Payment is on its way", ".o-autocomplete--dropdown-item:contains('Payment is on its way')"),
    click("Decide", ".modal button[name='action_release']"),
    see("Nothing is left", `${NO_DIALOG} .o_list_view .o_nocontent_help, ${NO_DIALOG} .o_view_nocontent`),
]);

function releaseNext(number) {
    return [
        see("The next hold is there", `${NO_DIALOG} .o_form_view .oe_title:contains('Debtor ${number}')`),
        click("Release", `${NO_DIALOG} .o_form_statusbar button:contains('Release')`),
        ...(number === 1
            ? [
                  click("The reason", ".modal .o_field_widget[name='reason_id'] input"),
                  click("Payment is on its way", ".o-autocomplete--dropdown-item:contains('Payment is on its way')"),
              ]
            : [see("The reason is that of before", ".modal .o_field_widget[name='reason_id'] input:value('Payment is on its way')")]),
        click("Decide", ".modal button[name='action_release']"),
    ];
}

// Five holds one by one: after a decision the next one is there.
counted("credit_clicks_officer_one_by_one", 15, [
    click("Open the first", ".o_data_row:contains('Debtor 1') .o_data_cell[name='document_name']"),
    ...[1, 2, 3, 4, 5].flatMap(releaseNext),
    see("Nothing else waits", ".o_notification:contains('Nothing else waits')"),
]);

// A call without answer, and the next customer.
counted("credit_clicks_collector", 2, [
    click("The first customer of the list", ".o_data_row:contains('Alder Ltd') td[name='partner_id']"),
    see("The customer's page", `${NO_DIALOG} .o_form_view .oe_title:contains('Alder Ltd')`),
    click("Nobody answers", ".o_credit_call_bar button:contains('No Answer')"),
    see("The next customer", `${NO_DIALOG} .o_form_view .oe_title:contains('Birch Ltd')`),
    see("It can be undone", ".o_notification button:contains('Undo')"),
]);

// From the installation to the first meaningful hold.
counted("credit_clicks_administrator", 6, [
    click("The menu of the apps", ".o_navbar_apps_menu button"),
    click("Credit", ".o_app[data-menu-xmlid='credit_collection.credit_collection_menu_root']"),
    click("Configuration", "button[data-menu-xmlid='credit_collection.credit_collection_menu_configuration']"),
    click("First Steps", "a[data-menu-xmlid='credit_collection.credit_onboarding_menu']"),
    click("What would it have held?", "button[name='action_try']"),
    click("Start holding", "button[name='action_start_holding']"),
    see("The policy holds", ".o_form_view:contains('The policy holds.')"),
]);
