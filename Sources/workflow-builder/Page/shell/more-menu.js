// The menu with what is done to a workflow as a whole.

import { h, icon } from "../elements.js";
import { deleteWorkflow, duplicate, rename, saveAsTemplate } from "./workflow-actions.js";

/**
 * @param {object} options
 * @param {object} options.shell whose workflow it is about
 * @param {function(object)} options.onChange gets the workflow after a change
 * @returns {HTMLElement}
 */
export function moreMenu({ shell, onChange }) {
    const items = [
        ["edit", "Rename", () => rename(shell, onChange)],
        ["copy", "Duplicate", () => duplicate(shell)],
        ["template", "Save as template", () => saveAsTemplate(shell)],
        ["trash", "Delete", () => deleteWorkflow(shell), "danger"],
    ];
    return menu("More", items);
}

/**
 * A button that opens a menu. Arrow keys move in it, Escape and a click elsewhere close it.
 * @param {string} label
 * @param {Array} items `[icon, label, run, kind?]` each
 * @returns {HTMLElement}
 */
export function menu(label, items) {
    const list = h("div", { role: "menu", "aria-label": label, hidden: true },
        items.map(([drawing, text, run, kind]) => h(
            "button.button", {
                role: "menuitem", type: "button", tabindex: -1, class: kind ?? "",
                onclick: () => { toggle(false); button.focus(); run(); },
            }, icon(drawing), text)));
    const button = h("button.button.quiet.square", {
        type: "button", "aria-label": label, title: label, "aria-haspopup": "menu",
        "aria-expanded": "false", onclick: () => toggle(list.hidden),
    }, icon("more"));
    const element = h("div.menu", {}, button, list);

    function toggle(open) {
        list.hidden = !open;
        button.setAttribute("aria-expanded", String(open));
        if (open) list.firstElementChild.focus();
    }
    element.addEventListener("keydown", (event) => moveInMenu(event, list, () => {
        toggle(false);
        button.focus();
    }));
    element.addEventListener("focusout", (event) => {
        if (!element.contains(event.relatedTarget)) toggle(false);
    });
    return element;
}

function moveInMenu(event, list, close) {
    if (list.hidden) return;
    const items = [...list.children];
    const at = items.indexOf(document.activeElement);
    const goals = {
        ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1,
    };
    if (event.key === "Escape") {
        close();
    } else if (event.key in goals) {
        items[goals[event.key] % items.length].focus();
    } else {
        return;
    }
    event.preventDefault();
    event.stopPropagation();
}
