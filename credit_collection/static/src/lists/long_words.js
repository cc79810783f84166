import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";

/** In our lists a heading goes on in a second line where its language has longer words. */
patch(ListRenderer.prototype, {
    getColumnClass(column) {
        const names = super.getColumnClass(column);
        return this.isCreditList ? `${names} o_credit_heading` : names;
    },

    /** On a phone a column of check marks is as wide as a word of its heading. */
    getActiveColumns() {
        const columns = super.getActiveColumns(...arguments);
        for (const column of this.isCreditList && this.env.isSmall ? columns : []) {
            if (column.fieldType === "boolean" && !column.attrs?.width) {
                column.attrs = { ...column.attrs, width: "85px" };
            }
        }
        return columns;
    },

    get isCreditList() {
        const { list, archInfo } = this.props;
        const classes = (archInfo.className || "").split(" ");
        return list.resModel.startsWith("credit.") || classes.includes("o_credit_list");
    },
});
