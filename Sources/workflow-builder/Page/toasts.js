// Short words at the edge of the page: what was done, and a way to undo it.

import { h, replace } from "./elements.js";
import { icon } from "./icons.js";

const SHOWN_MS = 6000;

/** Those that show now: one that only says something, and one that offers something. */
const shown = { words: null, action: null };

/**
 * Says something for some seconds, in place of what was said before. One with an action stays until
 * it is closed, or another action takes its place.
 * @param {string} text
 * @param {{kind?: "good"|"danger", action?: {label: string, run: function}}} [options]
 * @returns {function()} closes it
 */
export function toast(text, { kind, action } = {}) {
    const slot = action ? "action" : "words";
    shown[slot]?.close();
    const element = h("div.toast", { class: kind ?? "" });
    const entry = { address: location.hash, close };
    const timer = action ? null : setTimeout(close, kind === "danger" ? 2 * SHOWN_MS : SHOWN_MS);
    function close() {
        clearTimeout(timer);
        element.remove();
        if (shown[slot] === entry) shown[slot] = null;
    }
    replace(
        element,
        icon(kind === "danger" ? "warning" : "check"),
        h("span.grow", {}, text),
        action && h(
            "button.button.small", { onclick: () => { close(); action.run(); } }, action.label,
        ),
        h("button.button.quiet.small.square", { "aria-label": "Close", onclick: close },
            icon("close")));
    document.getElementById("toasts").append(element);
    shown[slot] = entry;
    return close;
}

/** Another page is opened: what was said on the one before, and could be undone there, goes. */
export function closeOldToasts() {
    for (const entry of Object.values(shown)) {
        if (entry && entry.address !== location.hash) entry.close();
    }
}
