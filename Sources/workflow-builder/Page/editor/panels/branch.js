// The form of a branch: its paths, when each is taken, and how long it waits for one.

import { errorLine, field, h, icon, replace } from "../../elements.js";
import { checkbox, duration, subject } from "./controls.js";
import { conditionEditor } from "./condition.js";

/** @returns {{element: HTMLElement, stop: function()}} */
export function branchPanel(session, id) {
    const about = subject(session, id);
    const element = h("div.stack");
    const show = () => replace(element, waiting(about, show),
        about.value.paths.map((path, index) => pathFields(about, path, index, show)),
        h("button.button.small", { type: "button", onclick: () => { addPath(about); show(); } },
            icon("plus"), "Another path"),
        h("p.hint", {}, "The first path whose condition holds is taken. Where none does, “otherwise” is."));
    show();
    return { element, stop() {} };
}

function waiting(about, show) {
    const { within } = about.value;
    return h("div.stack.tight", {},
        checkbox("Wait for one of the paths", Boolean(within), (isOn) => {
            about.set("within", isOn ? { days: 3 } : undefined);
            show();
        }),
        within && duration("For at most", within, (value) => about.set("within", value ?? { days: 1 }), {
            error: about.error("within"), hint: "Then “otherwise” is taken.",
        }));
}

function pathFields(about, path, index, show) {
    const where = `paths[${index}]`;
    const set = (changes) => about.change(where, (step) => ({
        ...step, paths: step.paths.with(index, { ...step.paths[index], ...changes }),
    }));
    const name = h("input", {
        type: "text", value: path.name, autocomplete: "off", oninput: () => set({ name: name.value }),
    });
    return h("fieldset.group", {},
        h("legend", {}, `Path ${index + 1}`),
        field("Name", name, { error: about.error(`${where}.name`) }),
        h("div.field", {}, h("span.label", {}, "Taken if"),
            conditionEditor(path.when, (when) => set({ when }), about.session.draft),
            errorLine(about.error(`${where}.when`))),
        about.value.paths.length > 1 && h("button.button.quiet.small", {
            type: "button", onclick: () => { removePath(about, index); show(); },
        }, icon("trash"), path.steps?.length ? "Remove the path and its steps" : "Remove the path"));
}

function addPath(about) {
    const taken = new Set(about.value.paths.map(({ name }) => name));
    let number = taken.size + 1;
    while (taken.has(`path ${number}`)) number += 1;
    about.change("paths", (step) => ({
        ...step,
        paths: [...step.paths, { name: `path ${number}`, when: { signal: "link.clicked" }, steps: [] }],
    }));
}

function removePath(about, index) {
    about.change("paths", (step) => ({ ...step, paths: step.paths.toSpliced(index, 1) }));
}
