import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const CLASSES = { pass: "alert-success", warn: "alert-warning", hold: "alert-danger" };
const ICONS = { pass: "fa-check-circle", warn: "fa-exclamation-triangle", hold: "fa-hand-paper-o" };

/** One line on the quotation: will it pass, what is left; why and what would lift it on demand. */
export class CreditBanner extends Component {
    static template = "credit_collection.CreditBanner";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ expanded: false });
    }

    get banner() {
        return this.props.record.data[this.props.name];
    }

    get alertClass() {
        return this.banner.observe && this.banner.outcome === "hold"
            ? "alert-info"
            : CLASSES[this.banner.outcome];
    }

    get iconClass() {
        return ICONS[this.banner.outcome];
    }

    get hasDetails() {
        return this.banner.lines.length || this.banner.remedies.length;
    }

    toggle() {
        this.state.expanded = !this.state.expanded;
    }
}

export const creditBanner = {
    component: CreditBanner,
    supportedTypes: ["json"],
};

registry.category("fields").add("credit_banner", creditBanner);
