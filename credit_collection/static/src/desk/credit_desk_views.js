import { onWillStart, useExternalListener } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

// Buttons that open the next customer in the place of this one.
const NEXT_BUTTONS = [
    "action_next", "action_log_next", "action_no_answer", "action_left_message", "action_next_hold", "action_release", "action_refuse",
];

// What came of a call: the keys beside the letters, where nobody is typing.
const DIGITS = ["1", "2", "3", "4", "5", "6", "7"];

/** Presses the button of the page or dialog that shows this key, if there is one. */
function press(selector) {
    const button = document.querySelector(selector);
    if (button && !button.disabled) {
        button.click();
    }
}

export class CreditDeskFormController extends FormController {
    setup() {
        super.setup();
        for (const digit of DIGITS) {
            useHotkey(digit, () => press(`.o_credit_call_bar [data-digit='${digit}']`));
        }
        // The dialog's own Ctrl+Enter presses its first button, and would come before a hotkey.
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
    }

    onKeydown(ev) {
        const next = ".o_dialog:not(.o_inactive_modal) button[name='action_log_next']";
        const pressed = ev.key === "Enter" && (ev.ctrlKey || ev.metaKey);
        if (pressed && this.env.inDialog && document.querySelector(next)) {
            ev.preventDefault();
            ev.stopPropagation();
            if (!ev.repeat) {
                press(next);
            }
        }
    }

    async beforeExecuteActionButton(clickParams) {
        if (NEXT_BUTTONS.includes(clickParams.name)) {
            clickParams.stackPosition = "replaceCurrentAction";
        }
        return super.beforeExecuteActionButton(...arguments);
    }
}

/**
 * Opens a customer's page with the list's filter and the rows below it, so that the next one
 * comes from the same list and in its order.
 */
async function openCustomer(controller, orm, record) {
    const { root } = controller.model;
    const resIds = root.records.map(({ resId }) => resId);
    const action = await orm.call("credit.worklist", "action_open", [[record.resId]], {
        context: {
            ...root.context,
            credit_desk_domain: root.domain,
            credit_desk_queue: resIds.slice(resIds.indexOf(record.resId) + 1),
            credit_desk_total: resIds.length,
        },
    });
    return controller.actionService.doAction(action, { props: { resIds } });
}

/** Says above the list how its rank is worked out, and what the user did this week. */
export class CreditWorklistRenderer extends ListRenderer {
    static template = "credit_collection.WorklistRenderer";

    setup() {
        super.setup();
        const orm = useService("orm");
        this.action = useService("action");
        onWillStart(async () => {
            [this.week, this.waiting] = await Promise.all([
                orm.call("credit.collector.activity", "my_week"),
                orm.call("credit.worklist", "desk_counts"),
            ]);
        });
    }

    open(action) {
        this.action.doAction(action);
    }

    openWeek() {
        this.action.doAction("credit_collection.credit_collector_activity_action");
    }
}

export class CreditWorklistListController extends ListController {
    setup() {
        super.setup();
        this.orm = useService("orm");
    }

    async openRecord(record) {
        return openCustomer(this, this.orm, record);
    }
}

/** Says above the cards how their rank is worked out. */
export class CreditWorklistKanbanController extends KanbanController {
    static template = "credit_collection.WorklistKanbanView";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.actionService = useService("action");
    }

    async openRecord(record) {
        return openCustomer(this, this.orm, record);
    }
}

registry.category("views").add("credit_desk_form", {
    ...formView,
    Controller: CreditDeskFormController,
});
registry.category("views").add("credit_worklist_list", {
    ...listView,
    Controller: CreditWorklistListController,
    Renderer: CreditWorklistRenderer,
});
registry.category("views").add("credit_worklist_kanban", {
    ...kanbanView,
    Controller: CreditWorklistKanbanController,
});
