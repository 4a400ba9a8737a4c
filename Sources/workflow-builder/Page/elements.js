// What pages are built of: elements, fields, icons; dialogs and toasts besides.

import { icon } from "./icons.js";

export { icon } from "./icons.js";
export { dialog } from "./over.js";
export { toast } from "./toasts.js";

const PROPERTIES = new Set([
    "value", "checked", "disabled", "hidden", "selected", "open", "srcdoc",
]);

/**
 * Makes an element. Text among the children stays text, whatever it holds.
 * @param {string} tag a name, with classes if wanted: "button.button.primary"
 * @param {object} [props] `onclick` and so on are listeners; `value`, `checked`, `disabled`,
 *     `hidden` and `selected` are properties; others are attributes. False, null and undefined are
 *     left out.
 * @param {...(string|number|Node|Array|null)} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
    const [name, ...classes] = tag.split(".");
    const element = document.createElement(name);
    if (classes.length) element.classList.add(...classes);
    append(element, children);
    // After the children: a select takes its value only from options that it has.
    for (const [key, value] of Object.entries(props ?? {})) set(element, key, value);
    return element;
}

function set(element, key, value) {
    if (value === null || value === undefined) return;
    if (key.startsWith("on")) {
        element.addEventListener(key.slice(2), value);
    } else if (PROPERTIES.has(key)) {
        element[key] = value;
    } else if (key === "class") {
        element.classList.add(...String(value).split(" ").filter(Boolean));
    } else if (value !== false) {
        element.setAttribute(key, value === true ? "" : String(value));
    } else if (key.startsWith("aria-")) {
        // Here false is a value of its own: aria-expanded="false".
        element.setAttribute(key, "false");
    }
}

function append(parent, children) {
    for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false || child === "") continue;
        parent.append(child instanceof Node ? child : String(child));
    }
}

/**
 * Puts other children into an element.
 * @param {Element} parent
 * @param {...(string|number|Node|Array|null)} children
 */
export function replace(parent, ...children) {
    const fragment = document.createDocumentFragment();
    append(fragment, children);
    parent.replaceChildren(fragment);
}

let lastId = 0;

/**
 * @param {string} prefix
 * @returns {string} an id that no other element of the page has
 */
export function uniqueId(prefix) {
    lastId += 1;
    return `${prefix}-${lastId}`;
}

/**
 * What is wrong with a field.
 * @param {{field: string, message: string, isWarning?: boolean}|undefined} error
 * @param {string} [id]
 * @returns {HTMLElement|undefined}
 */
export function errorLine(error, id) {
    return error && h("p.error", {
        id, "data-error": error.field, class: error.isWarning ? "warning" : "",
    }, icon("warning"), h("span", {}, error.message));
}

/**
 * A control with its label, and a hint and an error that are read out with it.
 * @param {string|Node} label
 * @param {HTMLElement} control
 * @param {{hint?: string|Node, error?: {field: string, message: string}, id?: string}} [options]
 * @returns {HTMLElement} a `.field`
 */
export function field(label, control, { hint, error, id } = {}) {
    control.id = id ?? (control.id || uniqueId("field"));
    const hintId = `${control.id}-hint`;
    const errorId = `${control.id}-error`;
    const described = [error && errorId, hint && hintId].filter(Boolean).join(" ");
    if (described) control.setAttribute("aria-describedby", described);
    if (error && !error.isWarning) control.setAttribute("aria-invalid", "true");
    return h(
        "div.field", {},
        h("label", { for: control.id }, label),
        control,
        errorLine(error, errorId),
        hint && h("p.hint", { id: hintId }, hint));
}
