// A condition in words: something that the contact did, a detail that is known, or several of these.

import { h, icon, replace, uniqueId } from "../../elements.js";
import { stepTitles } from "../../views/steps.js";
import { conditionWords, stepTitle } from "../../words.js";
import { allSteps } from "../draft.js";
import { comparisonEditor } from "./comparison.js";
import { select } from "./controls.js";
import { FIELDS, SIGNALS } from "./vocabulary.js";

const KINDS = [
    ["signal", "the contact …"], ["field", "a detail …"], ["all", "all of these"],
    ["any", "one of these"], ["not", "not this"],
];
const NEW = {
    signal: () => ({ signal: "sms.replied" }),
    field: () => ({ field: "contact.status", equals: "" }),
    all: (when) => ({ all: [when ?? { signal: "sms.replied" }] }),
    any: (when) => ({ any: [when ?? { signal: "sms.replied" }] }),
    not: (when) => ({ not: when ?? { signal: "sms.replied" } }),
};

/**
 * @param {object} when
 * @param {function(object)} onChange gets the next one
 * @param {object} definition that it belongs to
 * @param {{withoutKinds?: boolean}} [options] `withoutKinds`: only something that the contact did
 * @returns {HTMLElement}
 */
export function conditionEditor(when, onChange, definition, { withoutKinds = false } = {}) {
    const element = h("div.condition");
    let now = when;
    const set = (next) => {
        now = next;
        onChange(next);
    };
    const show = () => {
        const kind = kindOf(now);
        const choose = (next) => {
            set(NEW[next](next === "signal" || next === "field" ? null : now));
            show();
            element.querySelector("select")?.focus();
        };
        replace(element,
            !withoutKinds && select("What has to hold", KINDS, kind, choose),
            BODIES[kind](now, set, definition, show));
    };
    show();
    return element;
}

function kindOf(when) {
    return Object.keys(NEW).find((kind) => kind in (when ?? {})) ?? "signal";
}

const BODIES = {
    signal: signalBody,
    field: fieldBody,
    not: (when, set, definition) => h("div.nested", {},
        conditionEditor(when.not, (next) => set({ not: next }), definition)),
    all: (when, set, definition, show) => listBody("all", when, set, definition, show),
    any: (when, set, definition, show) => listBody("any", when, set, definition, show),
};

function listBody(kind, when, set, definition, show) {
    let parts = when[kind];
    const replaceAt = (index, next) => {
        parts = parts.with(index, next);
        set({ [kind]: parts });
    };
    return h("div.nested", {},
        parts.map((part, index) => h("div.part", {},
            conditionEditor(part, (next) => replaceAt(index, next), definition),
            parts.length > 1 && h("button.button.quiet.small.square", {
                type: "button",
                "aria-label": `Remove: ${conditionWords(part, undefined, stepTitles(definition))}`,
                onclick: () => { set({ [kind]: parts.toSpliced(index, 1) }); show(); },
            }, icon("trash")))),
        h("button.button.quiet.small", {
            type: "button", onclick: () => { set({ [kind]: [...parts, NEW.signal()] }); show(); },
        }, icon("plus"), "Another"));
}

function signalBody(when, set, definition, show) {
    const isKnown = SIGNALS.some(([name]) => name === when.signal);
    const other = h("input", {
        type: "text", value: isKnown ? "" : when.signal ?? "", "aria-label": "Name of the signal",
        placeholder: "such as quote.accepted", hidden: isKnown,
        oninput: () => set(now({ signal: other.value })),
    });
    let current = when;
    const now = (changes) => {
        current = { ...current, ...changes };
        return Object.fromEntries(Object.entries(current).filter(([, value]) => value !== undefined));
    };
    const choose = (name) => {
        set(now({ signal: name === "other" ? "" : name }));
        show();
    };
    return h("div.stack.tight", {},
        select("What the contact did", [...SIGNALS, ["other", "did something else …"]],
            isKnown ? when.signal : "other", choose),
        other,
        "since" in when || allSteps(definition).length > 0
            ? select("Since when", sinceOptions(definition), when.since ?? "enrolled", (since) => set(
                now({ since: since === "enrolled" ? undefined : since }))) : null,
        filterEditor(when.where, (where) => set(now({ where }))));
}

function sinceOptions(definition) {
    const steps = allSteps(definition).filter(({ step }) => ["message", "branch"].includes(step.kind));
    return [["enrolled", "since entering"],
        ...steps.map(({ step }) => [step.id, `since “${stepTitle(step, definition.entry?.record)}”`])];
}

function fieldBody(when, set) {
    const { field, ...comparison } = when;
    let current = { field, comparison };
    const write = (changes) => {
        current = { ...current, ...changes };
        set({ field: current.field, ...current.comparison });
    };
    const options = uniqueId("fields");
    const input = h("input", {
        type: "text", value: field, list: options, "aria-label": "Detail", autocomplete: "off",
        oninput: () => write({ field: input.value.trim() }),
    });
    return h("div.stack.tight", {}, input,
        h("datalist", { id: options }, FIELDS.map(([value, words]) => h("option", { value }, words))),
        comparisonEditor(comparison, (next) => write({ comparison: next })));
}

/**
 * A filter on a signal's data.
 * @param {object|undefined} where
 * @param {function(object|undefined)} onChange
 */
export function filterEditor(where, onChange) {
    const element = h("div.stack.tight");
    let rows = Object.entries(where ?? {});
    const write = () => onChange(rows.length ? Object.fromEntries(rows) : undefined);
    const show = () => replace(element,
        rows.map(([name, value], index) => filterRow(name, value, {
            set: (next) => { rows = rows.with(index, next); write(); },
            remove: () => { rows = rows.toSpliced(index, 1); write(); show(); },
        })),
        h("button.button.quiet.small", {
            type: "button", onclick: () => { rows = [...rows, [freeName(rows), ""]]; write(); show(); },
        }, icon("plus"), rows.length ? "Another filter" : "Only where …"));
    show();
    return element;
}

function freeName(rows) {
    return rows.some(([name]) => name === "source") ? `detail_${rows.length + 1}` : "source";
}

function filterRow(name, value, { set, remove }) {
    let current = [name, value];
    const comparison = value !== null && typeof value === "object" ? value : { equals: value };
    const write = (next) => {
        current = next;
        set(next);
    };
    const input = h("input", {
        type: "text", value: name, "aria-label": "Detail of what happened",
        oninput: () => write([input.value.trim(), current[1]]),
    });
    return h("div.part", {},
        h("div.stack.tight.grow", {}, input, comparisonEditor(comparison, (next) => write(
            [current[0], "equals" in next ? next.equals : next]))),
        h("button.button.quiet.small.square", {
            type: "button", "aria-label": `Remove the filter ${name}`, onclick: remove,
        }, icon("trash")));
}
