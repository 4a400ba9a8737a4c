// What the contact is supposed to do meanwhile.

import { h, icon, replace } from "../elements.js";
import { select } from "../editor/panels/controls.js";
import { SIGNALS } from "../editor/panels/vocabulary.js";

/**
 * @param {function(): string} nextTime a wall-clock time to begin with
 * @returns {{element: HTMLElement, value: function(): {name: string, at: string}[]}} `at` as it is typed
 */
export function supposedSignals(nextTime) {
    let rows = [];
    const element = h("div.stack.tight");
    const show = () => replace(element,
        rows.map((row, index) => signalRow(row, () => { rows = rows.toSpliced(index, 1); show(); })),
        h("button.button.small", {
            type: "button",
            onclick: () => { rows = [...rows, { name: "sms.replied", at: nextTime() }]; show(); },
        }, icon("plus"), "Suppose that the contact …"));
    show();
    return { element, value: () => rows.filter(({ at }) => at) };
}

function signalRow(row, onRemove) {
    const at = h("input", {
        type: "datetime-local", value: row.at, "aria-label": "When", oninput: () => { row.at = at.value; },
    });
    return h("div.part", {},
        h("div.stack.tight.grow", {},
            select("What the contact does", SIGNALS, row.name, (name) => { row.name = name; }), at),
        h("button.button.quiet.small.square", {
            type: "button", "aria-label": "Suppose it no more", onclick: onRemove,
        }, icon("trash")));
}
