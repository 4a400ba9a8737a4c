// Two people changed one workflow: both sides are shown, and where they collide a person chooses.

import { dialog, h, icon, replace, uniqueId } from "../elements.js";
import { differenceView } from "../views/difference-view.js";
import { stepTitle } from "../words.js";
import { find, stepsIn } from "./draft.js";
import { merge } from "./merge.js";

const MEMBERS = {
    name: "the name", description: "what it is for", entry: "who enters", exits: "what ends it",
    reentry: "entering again",
};

/**
 * Asks what becomes of my unsaved changes and of theirs.
 * @param {import("./session.js").Session} session
 * @param {object} theirs the workflow as it is stored now
 * @returns {Promise<object|null>} the definition to go on with; null where nothing was chosen
 */
export async function askAboutConflict(session, theirs) {
    const sides = { base: session.base, mine: session.draft, theirs: theirs.definition };
    const { overlaps } = merge(sides.base, sides.mine, sides.theirs);
    const choices = new Map();
    const problem = h("p.error-text", { role: "alert" });
    const isOpen = () => {
        const count = overlaps.filter((name) => !choices.has(name)).length;
        replace(problem, count > 0 && "Please choose a version of each.");
        return count > 0;
    };
    const chosen = await dialog({
        title: "Someone else saved changes",
        wide: true,
        body: h("div.stack.conflict", {},
            overlaps.length ? collisions(overlaps, sides, choices) : h("p", {},
                "Your changes and theirs are about different things, so both can be kept."),
            bothSides(sides, theirs.version, overlaps.length > 0),
            problem),
        actions: [
            { label: "Keep editing", kind: "quiet", value: null },
            { label: "Use theirs", value: "theirs" },
            {
                label: overlaps.length ? "Save with these choices" : "Keep both",
                kind: "primary", value: "both", keepOpen: isOpen,
            },
        ],
    });
    if (chosen !== "both") return chosen && sides.theirs;
    return merge(sides.base, sides.mine, sides.theirs, (name) => choices.get(name)).definition;
}

function collisions(overlaps, sides, choices) {
    return [
        h("p", {}, "You both changed these. Choose which version stays; everything else that "
            + "you and they changed is kept."),
        overlaps.map((name) => collision(name, sides, choices)),
    ];
}

function collision(name, { base, mine, theirs }, choices) {
    const group = uniqueId("side");
    const option = (side, label, after) => {
        const input = h("input", {
            type: "radio", name: group, onchange: () => choices.set(name, side),
        });
        return h("div.conflict-side", {},
            h("label.check", {}, input, h("strong", {}, label)),
            differenceView(base, after, { only: name, within: idsIn(name, base, after) }));
    };
    return h("fieldset.conflict-choice", {},
        h("legend", {}, overlapName(mine, theirs, name)),
        h("div.conflict-sides", {},
            option("theirs", "Theirs", theirs), option("mine", "Mine", mine)));
}

function idsIn(name, ...definitions) {
    const found = definitions.map((definition) => find(definition, name)?.step).filter(Boolean);
    return found.flatMap(stepsIn).map(({ id }) => id);
}

function overlapName(mine, theirs, name) {
    const step = find(mine, name)?.step ?? find(theirs, name)?.step;
    return step ? `“${stepTitle(step)}”` : MEMBERS[name] ?? name;
}

/** All that each side changed; where there is something to choose, it is the second thing. */
function bothSides({ base, mine, theirs }, version, isFolded) {
    const sides = h("div.conflict-sides", {},
        side("What they changed", `version ${version}`, base, theirs),
        side("What you changed", "not saved yet", base, mine));
    return isFolded ? h("details", {}, h("summary", {}, "All changes"), sides) : sides;
}

function side(title, about, before, after) {
    return h("section", { "aria-label": title },
        h("h3", {}, icon("person"), title, h("span.soft.small-text", {}, ` · ${about}`)),
        differenceView(before, after));
}
