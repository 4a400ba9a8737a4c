// Controls that are bound to one field of a step, or of the workflow.

import { errorLine, field, h } from "../../elements.js";

/**
 * What a form is about.
 * @param {import("../session.js").Session} session
 * @param {string|null} id of a step; null for the workflow itself
 * @returns {{value: object, set: function(string, *), change: function(string, function),
 *     error: function(string): object|undefined}} `set` with undefined removes the field
 */
export function subject(session, id) {
    const read = () => (id === null ? session.draft : session.step);
    return {
        session, id,
        get value() { return read(); },
        set(name, value) {
            this.change(name, (step) => without({ ...step, [name]: value }, name, value));
        },
        change(name, change) {
            if (id === null) session.changeMember(name, change(session.draft)[name]);
            else session.changeStep(id, change, name);
        },
        /** What is wrong with a field, or with anything in it. */
        error(name) {
            const isIn = ({ field: at }) => at === name
                || at.startsWith(`${name}.`) || at.startsWith(`${name}[`);
            return session.marks.find((one) => one.step === id && isIn(one));
        },
    };
}

function without(object, name, value) {
    if (value !== undefined) return object;
    const { [name]: _, ...rest } = object;
    return rest;
}

/** A line of text. Empty means that the field is not there, unless it is `required`. */
export function textLine(about, label, name, { hint, required = false, placeholder } = {}) {
    const input = h("input", {
        type: "text", value: about.value[name] ?? "", placeholder, autocomplete: "off",
        oninput: () => about.set(name, input.value || required ? input.value : undefined),
    });
    return field(label, input, { hint, error: about.error(name) });
}

/** A choice. The empty value means that the field is not there. */
export function choice(about, label, name, options, { hint } = {}) {
    const select = h("select", {
        value: about.value[name] ?? "",
        onchange: () => about.set(name, select.value || undefined),
    }, options.map(([value, words]) => h("option", { value }, words)));
    return field(label, select, { hint, error: about.error(name) });
}

/**
 * A select by itself.
 * @param {string} label for screen readers
 * @param {[string, string][]} options value and words
 */
export function select(label, options, value, onChange) {
    const all = options.some(([one]) => one === value) || value === undefined
        ? options : [...options, [value, value]];
    const element = h("select", {
        "aria-label": label, value: value ?? "", onchange: () => onChange(element.value),
    }, all.map(([one, words]) => h("option", { value: one }, words)));
    return element;
}

/** A checkbox with its words beside it. */
export function checkbox(words, isChecked, onChange) {
    const input = h("input", {
        type: "checkbox", checked: isChecked, onchange: () => onChange(input.checked),
    });
    return h("label.check", {}, input, h("span", {}, words));
}

const UNITS = [["weeks", "weeks"], ["days", "days"], ["hours", "hours"], ["minutes", "min"]];

/**
 * A length of time in its units; without a sign.
 * @param {string} label
 * @param {object} value
 * @param {function(object|undefined)} onChange undefined where all of it is empty
 */
export function duration(label, value = {}, onChange, { hint, error } = {}) {
    const inputs = UNITS.map(([unit, words]) => {
        const amount = Math.abs(value?.[unit] ?? 0);
        const input = h("input", {
            type: "number", min: 0, max: 1827 * 24, value: amount ? String(amount) : "",
            placeholder: "0", "aria-label": `${label}: ${unit}`, oninput: () => onChange(read()),
        });
        return { unit, words, input };
    });
    const read = () => {
        const parts = inputs.filter(({ input }) => Number(input.value) > 0)
            .map(({ unit, input }) => [unit, Math.round(Number(input.value))]);
        return parts.length ? Object.fromEntries(parts) : undefined;
    };
    return h("fieldset.field.duration", { "aria-invalid": error ? "true" : null },
        h("legend", {}, label),
        h("div.units", {}, inputs.map(
            ({ input, words }) => h("span.unit", {}, input, h("span", {}, words)),
        )),
        errorLine(error),
        hint && h("p.hint", {}, hint));
}
