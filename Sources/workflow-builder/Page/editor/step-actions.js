// What is done to the steps of a timeline, and what it means for those who stand at them.

import { dialog, h, toast } from "../elements.js";
import { isolated } from "../names.js";
import { call } from "../service.js";
import { stepTitle } from "../words.js";
import * as drafts from "./draft.js";
import { merge } from "./merge.js";
import { kindLabel } from "./palette.js";

/**
 * @param {string|null} id of a step; null for the card with which the timeline begins
 * @returns {HTMLElement|null} the button of its card
 */
export function cardOf(id) {
    return document.querySelector(`[data-card="${CSS.escape(id ?? "/entry")}"]`);
}

/**
 * @param {import("./session.js").Session} session
 * @param {function(string)} say reads words out
 * @returns {object} what is done to steps, by dragging, by keys or by buttons
 */
export function stepActions(session, say) {
    const title = (id) => stepTitle(drafts.find(session.draft, id).step);
    const focus = (id) => cardOf(id)?.focus();
    const told = new Set();
    return {
        title,
        add(kind, place) {
            const step = drafts.newStep(session.knownIds, kind);
            session.change(drafts.insert(session.draft, step, place), `adding ${kindLabel(kind)}`);
            session.select(step.id);
            focus(step.id);
            say(`${kindLabel(kind)} was added.`);
        },
        moveTo(id, place) {
            const draft = drafts.move(session.draft, id, place);
            if (draft === session.draft) return say(`${title(id)} stays where it was.`);
            session.change(draft, `moving ${title(id)}`);
            session.select(id, { opens: session.isOpen });
            focus(id);
            say(`${title(id)} was moved ${whereWords(session.draft, id)}.`);
            if (!told.has(id)) tellWhoStands(session, id);
            told.add(id);
        },
        move(id, direction) {
            const place = drafts.placeBeside(session.draft, id, direction);
            if (place) this.moveTo(id, place);
            else say(`${title(id)} cannot go further.`);
        },
        async remove(id) {
            const { step } = drafts.find(session.draft, id);
            if (!(await confirmRemoval(session, step))) return;
            const name = title(id);
            const next = neighbour(session.draft, id);
            const before = session.draft;
            session.change(drafts.remove(session.draft, id), `deleting ${name}`);
            session.select(null);
            focus(next ?? "/entry");
            offerUndo(session, { id, name, before, after: session.draft });
        },
        duplicate(id) {
            const copy = drafts.duplicate(session.draft, id, session.knownIds);
            session.change(copy.definition, `duplicating ${title(id)}`);
            session.select(copy.id);
            focus(copy.id);
        },
        placeBehindSelected() {
            const found = session.selected && drafts.find(session.draft, session.selected);
            return found ? { ...found.place, index: found.place.index + 1 }
                : { ...drafts.TOP, index: (session.draft.steps ?? []).length };
        },
        close() {
            const id = session.selected;
            session.select(null);
            focus(id);
        },
        /** To the card of what is selected; what lay over it is closed. */
        back() {
            const id = session.selected;
            session.select(id, { opens: false });
            focus(id);
        },
    };
}

function neighbour(definition, id) {
    const all = drafts.allSteps(definition).map(({ step }) => step.id);
    const at = all.indexOf(id);
    return all[at - 1] ?? all.find((one, index) => index > at);
}

/** Where a step stands now, for those who do not see it. */
function whereWords(definition, id) {
    const { place } = drafts.find(definition, id);
    const number = `to place ${place.index + 1}`;
    if (place.branch === null) return number;
    const branch = drafts.find(definition, place.branch).step;
    const list = drafts.lists(branch).find(({ path }) => path === place.path);
    return `${number} of the path ${isolated(list.name)}`;
}

/** Steps that go with others, and people who stand there, are said before. */
async function confirmRemoval(session, step) {
    const inside = drafts.stepsIn(step).length - 1;
    if (inside === 0) return true;
    const standing = await whoStands(session, step);
    return dialog({
        title: `Delete “${stepTitle(step)}” and the ${counted(inside, "step")} in it?`,
        body: h("ul.bullets", {},
            standing > 0 && h("li", {}, standingWords(standing)),
            h("li", {}, "Undo brings all of it back.")),
        actions: [
            { label: "Cancel", kind: "quiet", value: false },
            { label: "Delete", kind: "danger", value: true },
        ],
    });
}

/** Takes back this deletion, whatever was done since, as long as the step is not there. */
function offerUndo(session, { id, name, before, after }) {
    const run = () => {
        const { definition } = merge(after, before, session.draft, () => "mine");
        if (session.draft === after) session.undo();
        else session.replace(definition, `bringing back ${name}`);
        session.select(id, { opens: session.isOpen });
        cardOf(id)?.focus();
    };
    const close = toast(`${name} was deleted.`, { action: { label: "Undo", run } });
    const watch = () => {
        if (!drafts.find(session.draft, id)) return;
        close();
        session.removeEventListener("draft", watch);
    };
    session.addEventListener("draft", watch);
}

async function tellWhoStands(session, id) {
    const standing = await whoStands(session, drafts.find(session.draft, id).step);
    if (standing > 0) toast(standingWords(standing));
}

/** How many contacts stand at a step, or at one of those in it; none where nobody answers. */
async function whoStands({ workflow }, step) {
    if (workflow.state === "draft") return 0;
    const stats = await call("workflow.stats", { workflow: workflow.id }).catch(() => null);
    const ids = new Set(drafts.stepsIn(step).map(({ id }) => id));
    return (stats?.steps ?? []).filter((each) => ids.has(each.step))
        .reduce((sum, { inside }) => sum + inside, 0);
}

function standingWords(count) {
    return count === 1
        ? "One contact is there now, and goes on as it was when it entered."
        : `${count} contacts are there now, and go on as it was when they entered.`;
}

function counted(count, noun) {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
