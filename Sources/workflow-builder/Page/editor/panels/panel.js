// The side of the editor: the form of the selected step, or of the workflow where none is.

import { h, icon, replace } from "../../elements.js";
import { stepIcon } from "../../views/steps.js";
import { branchPanel } from "./branch.js";
import { subject, textLine } from "./controls.js";
import { delayPanel } from "./delay.js";
import { keepTyping } from "./keep-typing.js";
import { exitPanel, flagPanel } from "./marks.js";
import { messagePanel } from "./message.js";
import { problems } from "./problems.js";
import { workflowPanel } from "./workflow.js";

const PANELS = {
    message: messagePanel, delay: delayPanel, branch: branchPanel, flag: flagPanel, exit: exitPanel,
};
const TITLES = { message: "Message", delay: "Wait", branch: "Branch", flag: "Flag", exit: "Exit" };

/**
 * @param {import("../session.js").Session} session
 * @param {{remove: function(string), duplicate: function(string), close: function(),
 *     back: function()}} actions
 * @returns {{element: HTMLElement, focus: function(), stop: function()}}
 */
export function panel(session, actions) {
    const element = h("aside.panel", { "aria-label": "Details" });
    const list = problems(session);
    let current = null;
    let shown = [];
    const render = () => {
        current?.stop();
        const { step } = session;
        shown = session.marks;
        current = step ? PANELS[step.kind](session, step.id) : workflowPanel(session);
        replace(element, head(step, actions), list.element,
            step && textLine(subject(session, step.id), "Name on the timeline", "name", {
                placeholder: "from what it does",
            }),
            current.element);
    };
    const again = () => keepTyping(element, render);
    // Whoever types mends what was wrong, and must not lose the place for it.
    const errorsChanged = () => {
        const isMended = session.marks.every((mark) => shown.includes(mark));
        shown = session.marks;
        if (isMended) removeMended(element, session);
        else again();
        list.render();
    };
    session.addEventListener("selection", again);
    session.addEventListener("restored", again);
    session.addEventListener("errors", errorsChanged);
    session.addEventListener("lead", ({ detail }) => leadTo(element, detail));
    escapeKey(element, actions);
    render();
    return {
        element,
        focus: () => element.querySelector("input, textarea, select")?.focus(),
        stop() {
            current?.stop();
        },
    };
}

function head(step, actions) {
    return h("header.panel-head", {},
        h("h2.grow", { tabindex: -1 },
            icon(step ? stepIcon(step) : "edit"), step ? TITLES[step.kind] : "Workflow"),
        step && buttons(step.id, actions),
        h("button.button.quiet.square.small.close-panel", {
            type: "button", "aria-label": "Close", title: "Close (Esc)",
            class: step ? "" : "over-only", onclick: actions.close,
        }, icon("close")));
}

/** Escape leads from the details back to the card that they belong to. */
function escapeKey(element, actions) {
    element.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        actions.back();
    });
}

function removeMended(element, { marks, selected }) {
    for (const line of element.querySelectorAll("[data-error]")) {
        const { error: field } = line.dataset;
        if (marks.some((mark) => mark.step === selected && mark.field === field)) continue;
        controlOf(line)?.removeAttribute("aria-invalid");
        line.closest("[aria-invalid]")?.removeAttribute("aria-invalid");
        line.remove();
    }
}

/** The control that the line is about: the one that it is read out with, else the first beside it. */
function controlOf(line) {
    const described = line.id && document.querySelector(`[aria-describedby~="${line.id}"]`);
    return described || line.closest(".field, .part, fieldset")
        ?.querySelector("input, textarea, select");
}

function leadTo(element, { field }) {
    const line = element.querySelector(`[data-error="${CSS.escape(field)}"]`);
    const control = (line && controlOf(line)) ?? element.querySelector("h2");
    for (const group of ancestors(control, "details")) group.open = true;
    control.focus({ preventScroll: true });
    control.scrollIntoView({ block: "center" });
}

function* ancestors(element, name) {
    for (let one = element.closest(name); one; one = one.parentElement.closest(name)) yield one;
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
