// The side of the editor: the form of the selected step, or of the workflow where none is.

import { h, icon, replace } from "../../elements.js";
import { stepIcon } from "../../views/steps.js";
import { branchPanel } from "./branch.js";
import { subject, textLine } from "./controls.js";
import { delayPanel } from "./delay.js";
import { exitPanel, flagPanel } from "./marks.js";
import { messagePanel } from "./message.js";
import { workflowPanel } from "./workflow.js";

const PANELS = {
    message: messagePanel, delay: delayPanel, branch: branchPanel, flag: flagPanel, exit: exitPanel,
};
const TITLES = { message: "Message", delay: "Wait", branch: "Branch", flag: "Flag", exit: "Exit" };

/**
 * @param {import("../session.js").Session} session
 * @param {{remove: function(string), duplicate: function(string), close: function()}} actions
 * @returns {{element: HTMLElement, render: function(), focus: function(), stop: function()}}
 */
export function panel(session, actions) {
    const element = h("aside.panel", { "aria-label": "Details" });
    let current = null;
    const render = () => {
        current?.stop();
        const { step } = session;
        current = step ? PANELS[step.kind](session, step.id) : workflowPanel(session);
        replace(element,
            h("header.panel-head", {},
                h("h2.grow", {}, icon(step ? stepIcon(step) : "edit"), step ? TITLES[step.kind] : "Workflow"),
                step && buttons(step.id, actions),
                h("button.button.quiet.square.small.close-panel", {
                    type: "button", "aria-label": "Back to the workflow", title: "Back to the workflow",
                    hidden: !step, onclick: actions.close,
                }, icon("close"))),
            general(session, step),
            step && textLine(subject(session, step.id), "Name on the timeline", "name", {
                placeholder: "from what it does",
            }),
            current.element);
    };
    // Whoever types mends what was wrong, and must not lose the place for it.
    const errorsChanged = () => {
        if (session.errors.some(({ step }) => step === session.selected)) render();
        else clearErrors(element);
    };
    session.addEventListener("selection", render);
    session.addEventListener("restored", render);
    session.addEventListener("errors", errorsChanged);
    render();
    return {
        element, render,
        focus: () => element.querySelector("input, textarea, select")?.focus(),
        stop() {
            current?.stop();
        },
    };
}

/** What is wrong with the step, or the workflow, as a whole. */
function general(session, step) {
    const error = session.errors.find((one) => one.step === (step?.id ?? null));
    return error && h("div.banner.danger", { role: "alert" },
        icon("warning"), h("p.grow", {}, error.message));
}

function buttons(id, { remove, duplicate }) {
    return [
        h("button.button.quiet.square.small", {
            type: "button", "aria-label": "Duplicate", title: "Duplicate (Ctrl+D)",
            onclick: () => duplicate(id),
        }, icon("copy")),
        h("button.button.quiet.square.small", {
            type: "button", "aria-label": "Delete", title: "Delete (Del)", onclick: () => remove(id),
        }, icon("trash")),
    ];
}

function clearErrors(element) {
    for (const message of element.querySelectorAll(".error, .banner.danger")) message.remove();
    for (const control of element.querySelectorAll("[aria-invalid]")) {
        control.removeAttribute("aria-invalid");
    }
}
