// A table that scrolls by itself where the window is narrow.

import { h } from "../elements.js";

/**
 * @param {string} label what the table shows
 * @param {HTMLElement} table
 * @returns {HTMLElement} reached by the keyboard, so that it can be scrolled
 */
export function tableFrame(label, table) {
    const frame = { tabindex: 0, role: "region", "aria-label": label };
    return h("div.card.flush.table-frame", frame, table);
}
