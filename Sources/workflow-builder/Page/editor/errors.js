// Where the service's words about a definition belong: values in, values out.

/**
 * @param {object} definition that was sent
 * @param {string|undefined} path such as "args.definition.steps[2].paths[0].steps[1].content.text"
 * @returns {{step: string|null, field: string}} the step, null for the workflow itself, and the
 *     field in it, such as "content.text" or "paths[0].when"
 */
export function placeOfError(definition, path) {
    const parts = [...(path ?? "").matchAll(/([A-Za-z_]\w*)|\[(\d+)\]/g)]
        .map(([, name, index]) => name ?? Number(index));
    while (parts[0] === "args" || parts[0] === "definition" || parts[0] === "changes") parts.shift();
    let value = definition;
    let step = null;
    let field = [];
    for (const part of parts) {
        value = value?.[part];
        field.push(part);
        if (typeof part === "number" && field.at(-2) === "steps") {
            step = value?.id ?? step;
            field = [];
        }
    }
    return { step, field: written(field) };
}

/**
 * @param {object} workflow a result of the service
 * @returns {{step: string|null, field: string, message: string, isWarning: true}[]} what it warns of
 */
export function warningsOf({ definition, warnings = [] }) {
    return warnings.map(({ path, message, hint }) => ({
        ...placeOfError(definition, path),
        message: [message, hint].filter(Boolean).join(" "), isWarning: true,
    }));
}

/**
 * @param {string} field of an error; empty where it is the step as a whole
 * @param {string} changed the field that is being changed
 * @returns {boolean} whether the change is about the error: one holds the other, or it has no place
 */
export function isAbout(field, changed) {
    const holds = (outer, inner) => inner === outer
        || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
    return fieldLabel(field) === null || holds(field, changed) || holds(changed, field);
}

const LABELS = [
    [/^content\.text$/, "Text"], [/^content\.subject$/, "Subject"],
    [/^content\.html$/, "HTML, if wanted"], [/^content\.title$/, "What staff is reminded of"],
    [/^content\.notes$/, "Notes for staff"], [/^channel$/, "Sent as"],
    [/^fallback(\.|$)/, "Where it cannot go"], [/^max_lateness/, "May be late by"],
    [/^not_after$/, "Not after"], [/^on_failure$/, "When it failed for good"],
    [/^for(\.|$)/, "How long"], [/^from$/, "Counted from"], [/^at$/, "Time of day"],
    [/^on(\[|$)/, "Only on these days"], [/^within/, "For at most"],
    [/^paths\[(\d+)\]\.name$/, "Path #, name"], [/^paths\[(\d+)\]\.when/, "Path #, taken if"],
    [/^flag$/, "Flag"], [/^note$/, "Note"], [/^reason$/, "Reason"], [/^name$/, "Name"],
    [/^description$/, "What it is for"], [/^entry\.triggers\[(\d+)\]/, "Who enters, #"],
    [/^entry\.record$/, "What it is about"], [/^exits\[(\d+)\]/, "What ends it, #"],
    [/^reentry\.cooldown/, "Not before these have passed"],
];

/**
 * @param {string} field such as "paths[0].when"
 * @returns {string|null} what the form calls it; null for what no form shows
 */
export function fieldLabel(field) {
    for (const [pattern, label] of LABELS) {
        const match = pattern.exec(field);
        if (match) return label.replace("#", String(Number(match[1]) + 1));
    }
    return null;
}

function written(parts) {
    return parts.reduce((text, part) => {
        if (typeof part === "number") return `${text}[${part}]`;
        return text ? `${text}.${part}` : part;
    }, "");
}
