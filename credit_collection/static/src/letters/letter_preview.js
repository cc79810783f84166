import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

const FIELDS = ["account_id", "preview_subject", "preview", "language_notice", "needs_approval"];
// Its own page: what a level's text says about looks and scripts stays inside.
const STYLE = "<style>body { font: 14px/1.4 sans-serif; margin: 12px; }</style>";

/** A letter as it would go out now, and what may be done with it. */
export class LetterPreview extends Component {
    static template = "credit_collection.LetterPreview";
    static props = {
        resModel: String,
        resId: Number,
        place: Number,
        round: Number,
        total: Number,
        onMove: Function,
        onOpen: Function,
        onDone: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ letter: null, working: false });
        onWillStart(() => this.load(this.props.resId));
        onWillUpdateProps(async (next) => {
            if (next.resId !== this.props.resId || next.round !== this.props.round) {
                await this.load(next.resId);
            }
        });
    }

    async load(resId) {
        const [letter] = await this.orm.read(this.props.resModel, [resId], FIELDS);
        this.state.letter = letter;
    }

    get page() {
        return STYLE + (this.state.letter.preview || "");
    }

    async press(name) {
        this.state.working = true;
        try {
            await this.action.doActionButton({
                type: "object",
                name,
                resModel: this.props.resModel,
                resId: this.props.resId,
                resIds: [this.props.resId],
                onClose: () => this.props.onDone(),
            });
        } finally {
            this.state.working = false;
        }
    }
}

/** A list of letters: where its action asks for it, the chosen one is shown beside it. */
export class LetterListController extends ListController {
    static template = "credit_collection.LetterListView";
    static components = { ...ListController.components, LetterPreview };

    setup() {
        super.setup();
        this.letter = useState({ id: 0, round: 0 });
    }

    get beside() {
        return Boolean(this.props.context.credit_letter_beside) && !this.env.isSmall;
    }

    get letters() {
        return this.model.root.records;
    }

    get place() {
        return Math.max(this.letters.findIndex(({ resId }) => resId === this.letter.id), 0);
    }

    async openRecord(record) {
        if (!this.beside) {
            return super.openRecord(...arguments);
        }
        this.letter.id = record.resId;
    }

    openLetter() {
        return super.openRecord(this.letters[this.place]);
    }

    move(step) {
        this.letter.id = this.letters[this.place + step].resId;
    }

    /** What was sent or approved leaves the list; the one after it takes its place. */
    async done() {
        const next = this.letters[this.place + 1];
        await this.model.root.load();
        this.letter.round++;
        if (next) {
            this.letter.id = next.resId;
        }
    }
}

registry.category("views").add("credit_letter_list", {
    ...listView,
    Controller: LetterListController,
});
