import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * Calls a model's method on many records, slice by slice, behind a progress bar.
 *
 * The action's params: `model`, `method`, `ids`, `args` after the ids, `size` of a slice; `finish`, a
 * method whose action opens at the end, given all ids.  A method may answer what came of its slice
 * as [label, count] pairs, which are added up.  What is done stays done when a slice fails or the
 * dialog is closed.
 */
export class CreditInSlices extends Component {
    static template = "credit_collection.InSlices";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.params = this.props.action.params;
        this.total = this.params.ids.length;
        this.state = useState({ done: 0, running: true, error: "", tally: {} });
        this.stopped = false;
        onMounted(() => this.run());
        onWillUnmount(() => {
            this.stopped = true;
        });
    }

    get percent() {
        return this.total ? Math.round((100 * this.state.done) / this.total) : 100;
    }

    count(answer) {
        for (const [label, number] of Array.isArray(answer) ? answer : []) {
            this.state.tally[label] = (this.state.tally[label] || 0) + number;
        }
    }

    async run() {
        const { model, method, ids, args = [], size = 100, finish } = this.params;
        try {
            for (let start = 0; start < ids.length && !this.stopped; start += size) {
                const slice = ids.slice(start, start + size);
                this.count(await this.orm.call(model, method, [slice, ...args]));
                this.state.done += slice.length;
            }
            if (finish && !this.stopped) {
                await this.actionService.doAction(await this.orm.call(model, finish, [ids]));
            }
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
        this.state.running = false;
    }

    close() {
        this.actionService.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    }
}

registry.category("actions").add("credit_collection.in_slices", CreditInSlices);
