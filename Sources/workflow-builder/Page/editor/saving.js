// Saving: one version with the revision that it was begun with, and what to do about conflicts.

import { dialog, h, icon, toast } from "../elements.js";
import { call } from "../service.js";
import { differenceView } from "../views/difference-view.js";
import { stepTitle } from "../words.js";
import { find, isSame } from "./draft.js";
import { placeOfError } from "./errors.js";
import { merge } from "./merge.js";

const AWAY = "Not saved: the service does not answer. Your changes are kept in this browser.";
const MEMBERS = { entry: "who enters", exits: "what ends it", reentry: "entering again" };

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
        toast(`Saved as version ${session.workflow.version}.`, { kind: "good" });
        return true;
    } catch (error) {
        return refused(error, session, shell);
    }
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
    const place = placeOfError(session.draft, error.path);
    if (session.selected !== place.step) session.select(place.step);
    session.setErrors([{ ...place, message: error.words }]);
    toast("Not saved: something is missing. It is marked.", { kind: "danger" });
    return false;
}

async function resolveConflict(session, shell) {
    const theirs = await call("workflow.get", { workflow: session.workflow.id });
    const merged = merge(session.base, session.draft, theirs.definition);
    if (isSame(theirs.definition, session.base)) {
        // Only its state or its name in the header was changed, or what was changed was undone.
        session.rebase(theirs, false);
        return save(session, shell);
    }
    const chosen = await ask(session, theirs, merged);
    if (chosen === null) return false;
    const mine = session.draft;
    session.rebase(theirs, false);
    if (chosen === "theirs") {
        session.replace(theirs.definition, "taking their version");
        toast("Their version is shown. Undo brings yours back.", { kind: "good" });
        return false;
    }
    if (chosen === "both") session.replace(merged.definition, "bringing both together");
    else session.replace(mine, "keeping my version");
    return save(session, shell);
}

function ask(session, theirs, { overlaps }) {
    const canMerge = overlaps.length === 0;
    const names = overlaps.map((name) => overlapName(session.draft, theirs.definition, name));
    const version = `version ${theirs.version}`;
    return dialog({
        title: "Somebody else has saved this workflow meanwhile",
        wide: true,
        body: h("div.stack.conflict", {},
            h("p", {}, canMerge
                ? "Your changes and theirs are about different things, so both can be kept."
                : `Both of you changed the same: ${names.join(", ")}.`),
            h("div.conflict-sides", {},
                side("What they changed", version, session.base, theirs.definition),
                side("What you changed", "not saved yet", session.base, session.draft))),
        actions: [
            { label: "Go on editing", kind: "quiet", value: null },
            { label: "Take theirs", value: "theirs" },
            { label: "Keep only mine", value: "mine", kind: canMerge ? "" : "primary" },
            canMerge && { label: "Keep both", value: "both", kind: "primary" },
        ].filter(Boolean),
    });
}

function overlapName(mine, theirs, name) {
    const step = find(mine, name)?.step ?? find(theirs, name)?.step;
    return step ? `“${stepTitle(step)}”` : MEMBERS[name] ?? `the ${name}`;
}

function side(title, about, before, after) {
    return h("section", { "aria-label": title },
        h("h3", {}, icon("person"), title, h("span.soft.small-text", {}, ` · ${about}`)),
        differenceView(before, after));
}
