// Dialogs. Toasts stand in toasts.js.

import { h, uniqueId } from "./elements.js";

/**
 * Asks something, and gives the focus back to where it was.
 * @param {object} options
 * @param {string} options.title
 * @param {string|Node|Array} options.body
 * @param {{label: string, kind?: "primary"|"danger"|"quiet", value: *, keepOpen?: function}[]}
 *     options.actions the first quiet one cancels. `keepOpen` may return true (or a promise of it)
 *     for a dialog that has to stay, because something in it is wrong.
 * @param {boolean} [options.wide]
 * @returns {Promise<*>} the chosen action's value; null where it was closed
 */
export function dialog({ title, body, actions, wide = false }) {
    const before = document.activeElement;
    const titleId = uniqueId("dialog");
    return new Promise((resolve) => {
        let chosen = null;
        const close = (value) => {
            chosen = value;
            element.close();
        };
        const element = h(
            "dialog.dialog", { "aria-labelledby": titleId, class: wide ? "wide" : "" },
            h("form", { method: "dialog", onsubmit: (event) => event.preventDefault() },
                h("h2", { id: titleId }, title),
                typeof body === "string" ? h("p", {}, body) : body,
                h("div.actions", {}, actions.map((action) => actionButton(action, close)))));
        element.addEventListener("close", () => {
            element.remove();
            giveFocusBack(before);
            resolve(chosen);
        });
        document.body.append(element);
        element.showModal();
        element.querySelector("[autofocus]")?.focus();
    });
}

/** The page may have been rendered meanwhile: then the focus goes to what took the place. */
function giveFocusBack(before) {
    const name = before?.dataset?.focus;
    const place = before?.isConnected
        ? before : name && document.querySelector(`[data-focus="${CSS.escape(name)}"]`);
    (place || document.getElementById("main")).focus({ preventScroll: true });
}

function actionButton({ label, kind, value, keepOpen }, close) {
    const submits = kind === "primary";
    const button = h(
        "button.button", { type: submits ? "submit" : "button", class: kind ?? "" }, label,
    );
    button.addEventListener("click", async (event) => {
        event.preventDefault();
        if (button.getAttribute("aria-busy") === "true") return;
        button.setAttribute("aria-busy", "true");
        const stays = keepOpen ? await keepOpen() : false;
        button.removeAttribute("aria-busy");
        if (!stays) close(value);
    });
    return button;
}
