import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Says what was done, offers *Undo* for some seconds, and goes on at once.  What is to happen when
 * the seconds are over (`go`) happens then; the server does it later if the page is left before.
 */
export function withUndo(env, action) {
    const { message, model, ids, undo, go, seconds, type, next } = action.params;
    let close;
    const timer = setTimeout(() => {
        close();
        if (go) {
            env.services.orm.silent.call(model, go, [ids]);
        }
    }, seconds * 1000);
    close = env.services.notification.add(message, {
        type: type || "success",
        sticky: true,
        buttons: [
            {
                name: _t("Undo"),
                primary: true,
                onClick: async () => {
                    clearTimeout(timer);
                    close();
                    const back = await env.services.orm.call(model, undo, [ids]);
                    return env.services.action.doAction(back, { stackPosition: "replaceCurrentAction" });
                },
            },
        ],
    });
    return next;
}

registry.category("actions").add("credit_collection.with_undo", withUndo);
