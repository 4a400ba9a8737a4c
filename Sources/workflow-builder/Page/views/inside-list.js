// The contacts inside a workflow: where each stands, and what it waits for.

import { h, icon } from "../elements.js";
import { isolated } from "../names.js";
import { stepTitle } from "../words.js";
import { contactAddress } from "./addresses.js";
import { resolveMessage, takeOut } from "./enrollment-actions.js";
import { waitWords } from "./happenings.js";
import { LOST_STEP } from "./known-versions.js";
import { personName } from "./people.js";
import { recordLabel } from "./record-picker.js";

/**
 * @param {object} view with `workflow`, `inside` and `people`
 * @param {function()} more shows more of them
 * @returns {HTMLElement}
 */
export function insideList(view, more) {
    const { enrollments, more: hasMore } = view.inside;
    if (enrollments.length === 0) return nobody(view.workflow);
    return h("div.card.flush", {},
        h("ul.inside-list", {}, enrollments.map((enrollment) => line(enrollment, view))),
        hasMore && h(
            "button.button.quiet.show-more", { "data-focus": "more", onclick: more }, "Show more",
        ));
}

function line(enrollment, view) {
    const { id, contact, record, version, waits_for } = enrollment;
    const person = personName(view.people.get(contact) ?? { id: contact });
    const place = view.versions.step(enrollment);
    const link = { href: contactAddress(contact), "data-focus": `${id}-link` };
    return h("li.row", { "data-contact": contact },
        h("div.grow", {},
            h("p", {}, h("bdi", {}, h("a.row-title", link, person)),
                record && h("span.soft.small-text", {}, ` · ${recordLabel(record)}`)),
            h("p.small-text", {}, h("bdi", {}, place ? stepTitle(place) : LOST_STEP)),
            h("p.soft.small-text", {}, waitWords(enrollment, view.zone),
                version !== view.workflow.version && ` · version ${version}`)),
        waits_for === "resolution" && h("button.button.small", {
            "data-focus": `${id}-resolve`, onclick: () => resolveMessage(enrollment),
        }, "Did it go?"),
        h("button.button.quiet.square.small", {
            "aria-label": `Take ${person} out`, title: "Take out", "data-focus": `${id}-out`,
            onclick: () => takeOut(enrollment, { person, workflow: isolated(view.workflow.name) }),
        }, icon("exit")));
}

function nobody({ state, definition }) {
    const triggers = definition.entry?.triggers?.length > 0;
    const words = {
        active: triggers
            ? "Contacts enter when something starts this workflow, or you add one by hand."
            : "Nothing starts this workflow by itself. Add a contact by hand.",
        draft: "Activate this workflow, and contacts can enter.",
        paused: "While it is paused, nobody can enter.",
        halted: "While it is halted, nobody can enter.",
    };
    return h("div.card.empty", {}, icon("person"), h("p", {}, "Nobody is inside. ", words[state]));
}
