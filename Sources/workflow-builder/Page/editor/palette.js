// The kinds of steps, to be dragged into the timeline, or put behind the selected step by a click.

import { h, icon } from "../elements.js";

/** Every kind that can be added. */
export const KINDS = [
    { kind: "sms", label: "Text message", icon: "sms" },
    { kind: "email", label: "Email", icon: "email" },
    { kind: "call_reminder", label: "Call reminder", icon: "call" },
    { kind: "delay", label: "Wait", icon: "delay" },
    { kind: "branch", label: "Branch", icon: "branch" },
    { kind: "flag", label: "Flag", icon: "flag" },
    { kind: "exit", label: "Exit", icon: "exit" },
];

/** @returns {string} what a kind is called */
export function kindLabel(kind) {
    return KINDS.find((one) => one.kind === kind).label;
}

/**
 * @param {function(string)} onAdd gets the kind that was clicked
 * @returns {HTMLElement}
 */
export function palette(onAdd) {
    return h("nav.palette", { "aria-label": "Steps to add" },
        h("h2", {}, "Add a step"),
        h("ul", {}, KINDS.map(({ kind, label, icon: drawing }) => h("li", {},
            h("button.palette-item", {
                type: "button", "data-new": kind, class: `kind-${kind}`, onclick: () => onAdd(kind),
            }, h("span.kind-icon", {}, icon(drawing)), label)))),
        h("p.hint", {}, "Drag a step into the timeline, or click to add it after the selected step."));
}

/**
 * Opens a menu of all kinds at a button; Escape and a click elsewhere close it.
 * @param {HTMLElement} button
 * @param {function(string)} onChoose
 */
export function kindMenu(button, onChoose) {
    document.querySelector(".kind-menu")?.remove();
    const list = h("div.kind-menu", { role: "menu", "aria-label": "Add a step" },
        KINDS.map(({ kind, label, icon: drawing }) => h("button.button", {
            type: "button", role: "menuitem", tabindex: -1, "data-kind": kind,
            onclick: () => { close(); onChoose(kind); },
        }, icon(drawing), label)));
    let isOpen = true;
    // Removing what has the focus takes the focus away, which closes it too.
    const close = () => {
        if (isOpen) { isOpen = false; list.remove(); }
    };
    list.addEventListener("keydown", (event) => keys(event, list, () => { close(); button.focus(); }));
    list.addEventListener("focusout", (event) => {
        if (!list.contains(event.relatedTarget)) close();
    });
    button.after(list);
    list.firstElementChild.focus();
}

function keys(event, list, close) {
    const items = [...list.children];
    const at = items.indexOf(document.activeElement);
    const goals = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key in goals) items[goals[event.key] % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
}
