// How a value is compared: the same for fields in conditions and for the data of signals.

import { h, replace } from "../../elements.js";
import { select } from "./controls.js";

const KINDS = [
    ["equals", "is"], ["not_equals", "is not"], ["greater_than", "is more than"],
    ["less_than", "is less than"], ["contains", "contains"], ["in", "is one of"],
    ["exists", "is known"], ["missing", "is not known"],
];
const DEFAULTS = { exists: true, missing: false, in: [] };

/**
 * @param {object} comparison such as `{greater_than: 0}`
 * @param {function(object)} onChange gets the next one
 * @returns {HTMLElement}
 */
export function comparisonEditor(comparison, onChange) {
    const element = h("span.comparison");
    const show = ([kind, value]) => {
        const name = kind === "exists" && value === false ? "missing" : kind;
        const choose = (next) => {
            const entry = next === "missing" ? ["exists", false] : [next, DEFAULTS[next] ?? value ?? ""];
            onChange({ [entry[0]]: entry[1] });
            show(entry);
        };
        replace(element, select("Comparison", KINDS, name, choose),
            kind !== "exists" && valueInput(kind, value, (next) => onChange({ [kind]: next })));
    };
    show(Object.entries(comparison)[0] ?? ["equals", ""]);
    return element;
}

function valueInput(kind, value, onChange) {
    const written = kind === "in" ? [].concat(value ?? []).map(text).join(", ") : text(value);
    const input = h("input", {
        type: "text", value: written, "aria-label": "Value", autocomplete: "off",
        placeholder: kind === "in" ? "one, two, three" : "", oninput: () => onChange(read()),
    });
    const read = () => (kind === "in"
        ? input.value.split(",").map((part) => part.trim()).filter(Boolean).map((part) => typed(part, value))
        : typed(input.value, value));
    return input;
}

function text(value) {
    return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}

/** Numbers, yes and no are what they look like, unless the field held a text that looks so. */
function typed(written, before) {
    if (typeof before === "string" && before !== "" && looksPlain(before) === false) return written;
    if (/^-?\d+(\.\d+)?$/.test(written)) return Number(written);
    if (written === "true" || written === "yes") return true;
    if (written === "false" || written === "no") return false;
    return written;
}

function looksPlain(text) {
    return !/^(-?\d+(\.\d+)?|true|false|yes|no)$/.test(text);
}
