// Unsaved work, kept in this browser, so that neither a reload nor a dead service loses it.

const name = (workflow) => `workflows.unsaved.${workflow}`;

/**
 * @param {string} workflow
 * @param {{base: object, rev: number, draft: object}} work what was begun with, and what it is now
 */
export function keep(workflow, work) {
    try {
        localStorage.setItem(name(workflow), JSON.stringify({ ...work, at: Date.now() }));
    } catch {
        // No room, or not allowed: the page goes on, and warns before it is left.
    }
}

/** @returns {{base: object, rev: number, draft: object, at: number}|null} */
export function kept(workflow) {
    try {
        return JSON.parse(localStorage.getItem(name(workflow)));
    } catch {
        return null;
    }
}

/** @param {string} workflow whose work is saved or given up */
export function forget(workflow) {
    try {
        localStorage.removeItem(name(workflow));
    } catch {
        // Nothing could be kept either.
    }
}
