// What keeps the workflow from being saved: each field by its name, and the way to it.

import { h, icon, replace } from "../../elements.js";
import { stepTitle } from "../../words.js";
import { find } from "../draft.js";
import { fieldLabel } from "../errors.js";

/**
 * @param {import("../session.js").Session} session
 * @returns {{element: HTMLElement, render: function()}}
 */
export function problems(session) {
    const element = h("div.problems", { role: "alert" });
    const render = () => {
        const { errors } = session;
        replace(element, errors.length > 0 && h("div.banner.danger", {}, icon("warning"),
            h("div.grow", {},
                h("p", {}, h("strong", {}, "Not saved. "), errors.length === 1
                    ? "Please fix this field:" : `Please fix these ${errors.length} fields:`),
                h("ul", {}, errors.map((error) => h("li", {}, entry(error, session)))))));
    };
    render();
    return { element, render };
}

/** The words about a field stand at the field; those about nothing that a form shows stand here. */
function entry(error, session) {
    const label = fieldLabel(error.field);
    if (label === null) return h("span", {}, [stepName(error, session), error.message].join(": "));
    return h("button.link", { type: "button", onclick: () => session.lead(error) },
        `${stepName(error, session)}: ${label}`);
}

function stepName({ step }, { draft }) {
    const found = step === null ? null : find(draft, step);
    return found ? stepTitle(found.step, draft.entry?.record) : "Workflow";
}
