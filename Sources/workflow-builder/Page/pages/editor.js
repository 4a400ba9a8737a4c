// The editor of one workflow: palette, timeline and details, and what holds them together.

import { dialog, h, icon, replace } from "../elements.js";
import { dragging } from "../editor/drag.js";
import * as drafts from "../editor/draft.js";
import { cardKeys, pageKeys } from "../editor/keyboard.js";
import { kindLabel, kindMenu, palette } from "../editor/palette.js";
import { panel } from "../editor/panels/panel.js";
import { save } from "../editor/saving.js";
import { Session } from "../editor/session.js";
import { cardOf, stepActions } from "../editor/step-actions.js";
import { timeline } from "../editor/timeline.js";
import { forget, kept } from "../editor/unsaved.js";

/** Shows the editor. @returns {function()} is called on leaving */
export async function show(main, { workflow }, shell) {
    const session = new Session(workflow);
    const live = h("p.visually-hidden", { role: "status", "aria-live": "polite" });
    const say = (words) => replace(live, words);
    const actions = stepActions(session, say);
    const onInsert = (button, place) => kindMenu(button, (kind) => actions.add(kind, place));
    const line = timeline(session, { onInsert });
    const details = panel(session, actions);
    const notice = h("div.editor-notice");
    const root = h("div.editor", {},
        palette((kind) => actions.add(kind, actions.placeBehindSelected())),
        h("div.canvas", {}, notice, line.element, empty(session), keysHint()), details.element, live);
    replace(main, root);

    actions.open = (id) => {
        session.select(id);
        details.focus();
    };
    dragging(root, {
        title: ({ step, kind }) => (kind ? kindLabel(kind) : actions.title(step)),
        onDrop: ({ step, kind }, place) => (
            kind ? actions.add(kind, place) : actions.moveTo(step, place)
        ),
        say,
    });
    cardKeys(line.element, session, actions);
    const toSave = () => save(session, shell);
    const undo = () => said(session.undo(), "Undone", say);
    const redo = () => said(session.redo(), "Done again", say);
    const endKeys = pageKeys({ undo, redo, save: toSave });
    const header = headerButtons(session, { undo, redo, save: toSave });
    replace(shell.header, header.element);

    const refresh = () => {
        line.render();
        header.render();
        root.classList.toggle("details-open", session.isOpen);
        root.querySelector(".empty-timeline").hidden = (session.draft.steps ?? []).length > 0;
        shell.save = session.isChanged ? toSave : null;
    };
    for (const name of ["draft", "selection", "errors"]) session.addEventListener(name, refresh);
    session.addEventListener("selection", () => session.isOpen && bringIntoView(session.selected));
    const stopFollowing = followHeader(session, shell);
    shell.discard = () => forget(workflow.id);
    shell.leadToWarnings = (warnings) => session.warn(warnings);
    restore(session, notice);
    refresh();
    return () => leave(session, shell, toSave, () => {
        endKeys();
        details.stop();
        stopFollowing();
        shell.save = null;
        shell.discard = null;
        shell.leadToWarnings = null;
        replace(shell.header);
    });
}

/** Where the details lie over the timeline, what they are about stays to be seen above them. */
function bringIntoView(id) {
    cardOf(id)?.scrollIntoView({ block: "nearest" });
}

function said(label, words, say) {
    if (label) say(`${words}: ${label}.`);
}

function headerButtons(session, { undo, redo, save: toSave }) {
    const saved = h("span.save-state", { role: "status" });
    const button = (drawing, label, run) => h("button.button.quiet.square", {
        type: "button", "aria-label": label, title: label, onclick: whenAble(run),
    }, icon(drawing));
    const undoButton = button("undo", "Undo (Ctrl+Z)", undo);
    const redoButton = button("redo", "Redo (Ctrl+Shift+Z)", redo);
    const saveButton = h("button.button.primary", {
        type: "button", "data-action": "save", onclick: whenAble(toSave),
    }, "Save");
    return {
        element: h("div.row.editor-actions", {}, saved, undoButton, redoButton, saveButton),
        render() {
            replace(saved, session.isChanged
                ? h("span.badge.warn", {}, "Unsaved changes")
                : h("span.soft.small-text", {}, "All changes saved"));
            enable(undoButton, session.history.past.length > 0);
            enable(redoButton, session.history.future.length > 0);
            enable(saveButton, session.isChanged);
        },
    };
}

/** A button that cannot do anything now keeps the focus of whoever just pressed it. */
function enable(button, isAble) {
    button.setAttribute("aria-disabled", String(!isAble));
}

function whenAble(run) {
    return ({ currentTarget }) => currentTarget.getAttribute("aria-disabled") !== "true" && run();
}

/** The header may rename the workflow or change its state, which changes its revision too. */
function followHeader(session, shell) {
    const take = () => {
        const { rev, state, name, definition } = shell.workflow;
        session.workflow = { ...session.workflow, rev, state, name };
        if (!definition || definition.name === session.base.name) return;
        session.base = { ...session.base, name };
        session.change({ ...session.draft, name }, "renaming");
    };
    shell.changes.addEventListener("workflow", take);
    return () => shell.changes.removeEventListener("workflow", take);
}

/** Work that an earlier visit left unsaved is there again. */
function restore(session, notice) {
    const { workflow } = session;
    const work = kept(workflow.id);
    if (!work || drafts.isSame(work.draft, workflow.definition)) return forget(workflow.id);
    session.base = work.base;
    session.workflow = { ...workflow, rev: work.rev };
    session.replace(work.draft, "what was not saved");
    const since = new Date(work.at).toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short" });
    const discard = () => {
        session.rebase(workflow, false);
        session.replace(workflow.definition, "giving up unsaved changes");
        replace(notice);
    };
    replace(notice, h("div.banner", {}, icon("clock"),
        h("p.grow", {}, `Your unsaved changes of ${since} are here again.`),
        h("button.button.small", { type: "button", onclick: discard }, "Discard them"),
        h("button.button.quiet.small", { type: "button", onclick: () => replace(notice) }, "Keep")));
}

async function leave(session, shell, toSave, end) {
    if (session.isChanged) {
        const chosen = await dialog({
            title: "Save your changes?",
            body: "There are changes that are not saved yet.",
            actions: [
                { label: "Stay", kind: "quiet", value: null },
                { label: "Leave without saving", value: "leave" },
                { label: "Save", kind: "primary", value: "save" },
            ],
        });
        if (chosen === null || (chosen === "save" && !(await toSave()))) return false;
        forget(session.workflow.id);
    }
    return end();
}

function empty() {
    return h("div.empty-timeline.empty", {}, icon("delay"), h("h2", {}, "Nothing happens yet"),
        h("p", {}, "Drag a step from “Add a step” to the line above, or click one. "
            + "A text message first, then a wait, is a good beginning."));
}

function keysHint() {
    return h("p.hint.keys-hint", { id: "timeline-keys" },
        "Keys: arrows go from card to card, Alt with an arrow moves a card, also into and out of paths. "
        + "Enter opens its details, Delete removes it.");
}
