// Saving: one version with the revision that it was begun with, and what to do about conflicts.

import { toast } from "../elements.js";
import { call } from "../service.js";
import { allErrors } from "./all-errors.js";
import { askAboutConflict } from "./conflict.js";
import { isSame } from "./draft.js";

const AWAY = "Not saved: the service does not answer. Your changes are kept in this browser.";

/**
 * Saves the draft. What cannot be saved stays unsaved, and the reason stands at its field.
 * @param {import("./session.js").Session} session
 * @param {object} shell
 * @returns {Promise<boolean>} whether the draft is stored
 */
export async function save(session, shell) {
    if (!session.isChanged) return true;
    try {
        await store(session, session.draft, shell);
        toast(savedWords(session), { kind: "good" });
        return true;
    } catch (error) {
        return refused(error, session, shell);
    }
}

function savedWords({ workflow, warnings }) {
    const saved = `Saved as version ${workflow.version}.`;
    if (warnings.length === 0) return saved;
    return `${saved} Please check the highlighted ${warnings.length === 1 ? "field" : "fields"}.`;
}

async function store(session, definition, shell) {
    const { id, rev } = session.workflow;
    const workflow = await call("workflow.update", { workflow: id, definition }, { ifRev: rev });
    session.rebase(workflow, isSame(definition, session.draft));
    shell.setWorkflow(workflow);
}

async function refused(error, session, shell) {
    if (error.code === "rev_mismatch") return resolveConflict(session, shell);
    if (error.code === "unreachable") {
        toast(AWAY, { kind: "danger" });
        return false;
    }
    if (!error.path) {
        toast(error.words ?? "It could not be saved.", { kind: "danger" });
        if (!error.code) console.error(error);
        return false;
    }
    const errors = await allErrors(session.draft, error);
    session.setErrors(errors);
    session.lead(errors[0]);
    return false;
}

/** What somebody else saved meanwhile comes together with the draft, and that is saved. */
async function resolveConflict(session, shell) {
    const theirs = await call("workflow.get", { workflow: session.workflow.id });
    if (isSame(theirs.definition, session.base)) {
        // Only its state or its name in the header was changed, or what was changed was undone.
        session.rebase(theirs, false);
        return save(session, shell);
    }
    const chosen = await askAboutConflict(session, theirs);
    if (chosen === null) return false;
    session.rebase(theirs, false);
    if (isSame(chosen, theirs.definition)) {
        session.replace(chosen, "taking their version");
        toast("Their version is shown. Undo brings yours back.", { kind: "good" });
        return false;
    }
    session.replace(chosen, "bringing both together");
    return save(session, shell);
}
