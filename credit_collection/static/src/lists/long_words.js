import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";

/** In our lists a heading goes on in a second line where its language has longer words. */
patch(ListRenderer.prototype, {
    getColumnClass(column) {
        const names = super.getColumnClass(column);
        return this.props.list.resModel.startsWith("credit.")
            ? `${names} o_credit_heading`
            : names;
    },
});
