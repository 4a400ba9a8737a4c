// The forms of flags and exits.

import { h } from "../../elements.js";
import { subject, textLine } from "./controls.js";

/** @returns {{element: HTMLElement, stop: function()}} */
export function flagPanel(session, id) {
    const about = subject(session, id);
    return plain([
        textLine(about, "Flag", "flag", {
            required: true, hint: "A name that other services look for, such as collections. Nothing is sent.",
        }),
        textLine(about, "Note", "note", { hint: "For people." }),
    ]);
}

/** @returns {{element: HTMLElement, stop: function()}} */
export function exitPanel(session, id) {
    return plain([
        textLine(subject(session, id), "Reason", "reason", {
            hint: "Shown in the statistics. The contact leaves the workflow here.",
        }),
    ]);
}

function plain(fields) {
    return { element: h("div.stack", {}, fields), stop() {} };
}
