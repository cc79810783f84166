import { onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
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
    "action_next", "action_log_next", "action_next_hold", "action_release", "action_refuse",
];

export class CreditDeskFormController extends FormController {
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
            this.week = await orm.call("credit.collector.activity", "my_week");
        });
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
