// What was done to a value, so that it can be undone: values in, values out.

const LIMIT = 200;

/**
 * @param {*} value
 * @returns {object} a history in which nothing happened yet
 */
export function begin(value) {
    return { value, past: [], future: [], key: null };
}

/**
 * @param {object} history
 * @param {*} value the new one
 * @param {string} label what was done, for people
 * @param {string|null} key changes in a row with the same key, such as the letters of one word, are
 *     undone at once
 * @returns {object}
 */
export function record(history, value, label, key = null) {
    if (key !== null && key === history.key && history.past.length) {
        return { ...history, value, future: [] };
    }
    const past = [...history.past, { value: history.value, label }].slice(-LIMIT);
    return { value, past, future: [], key };
}

/** @returns {object} the history before its last change; the same where there is none */
export function undo(history) {
    const last = history.past.at(-1);
    if (!last) return history;
    const future = [{ value: history.value, label: last.label }, ...history.future];
    return { value: last.value, past: history.past.slice(0, -1), future, key: null };
}

/** @returns {object} the history with what was undone last done again; the same where nothing was */
export function redo(history) {
    const [next, ...future] = history.future;
    if (!next) return history;
    const past = [...history.past, { value: history.value, label: next.label }];
    return { value: next.value, past, future, key: null };
}
