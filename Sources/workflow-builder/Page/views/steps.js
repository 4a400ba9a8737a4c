// A definition's steps as a list from top to bottom.

import { stepTitle } from "../words.js";

/**
 * @param {object[]} steps
 * @returns {object[]} each as `step`, with the `branch` and the `path` that hold it (null at the
 *     top) and the `depth` of these
 */
export function flatten(steps, depth = 0, branch = null, path = null) {
    return steps.flatMap((step) => [
        { step, depth, branch, path },
        ...(step.paths ?? []).flatMap(
            (one) => flatten(one.steps ?? [], depth + 1, step.id, one.name),
        ),
        ...flatten(step.otherwise?.steps ?? [], depth + 1, step.id, "otherwise"),
    ]);
}

/**
 * @param {object} definition
 * @returns {Map<string, string>} what each step is called, by its id
 */
export function stepTitles({ steps = [], entry }) {
    return new Map(flatten(steps).map(({ step }) => [step.id, stepTitle(step, entry?.record)]));
}

/**
 * @param {object} step
 * @returns {string} the name of its icon
 */
export function stepIcon(step) {
    if (step.kind !== "message") return step.kind;
    return { sms: "sms", email: "email", call_reminder: "call" }[step.channel] ?? "email";
}

/**
 * @param {object} definition
 * @returns {string[]} the fields of the record that texts, conditions and delays read
 */
export function recordFields(definition) {
    const text = JSON.stringify([definition.steps, definition.exits]);
    const names = [...text.matchAll(/record\.([A-Za-z_][A-Za-z0-9_]*)/g)].map((match) => match[1]);
    return [...new Set(names)];
}
