// A table that scrolls by itself where the window is narrow, and whose rows are cards on a phone.

import { h } from "../elements.js";

/**
 * @param {string} label what the table shows
 * @param {HTMLElement} table
 * @returns {HTMLElement} reached by the keyboard, so that it can be scrolled
 */
export function tableFrame(label, table) {
    const frame = { tabindex: 0, role: "region", "aria-label": label };
    describe(table);
    return h("div.card.flush.table-frame", frame, table);
}

/** Cards are no table cells to a browser any more: each says what it is, and what stands above it. */
function describe(table) {
    const titles = [...table.querySelectorAll("th")].map((head) => head.textContent);
    const give = (selector, role) => {
        for (const element of table.querySelectorAll(selector)) element.setAttribute("role", role);
    };
    table.setAttribute("role", "table");
    give("thead, tbody", "rowgroup");
    give("tr", "row");
    give("th", "columnheader");
    give("td", "cell");
    for (const cell of table.querySelectorAll("td")) {
        cell.setAttribute("data-label", titles[cell.cellIndex]);
    }
}
