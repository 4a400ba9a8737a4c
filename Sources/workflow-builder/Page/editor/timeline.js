// The timeline: steps as cards from top to bottom, days and times beside them, branches as lanes.

import { h, icon, replace } from "../elements.js";
import { isolated } from "../names.js";
import { stepIcon, stepTitles } from "../views/steps.js";
import { conditionWords, durationWords, stepSummary, stepTitle, triggerWords } from "../words.js";
import { dayLabels } from "./days.js";
import { lists, TOP } from "./draft.js";
import { fieldLabel } from "./errors.js";

/**
 * @param {import("./session.js").Session} session
 * @param {{onInsert: function(HTMLElement, object)}} options `onInsert` gets the button and its place
 * @returns {{element: HTMLElement, render: function()}}
 */
export function timeline(session, { onInsert }) {
    const element = h("div.timeline", { role: "group", "aria-label": "Timeline" });
    const render = () => {
        const focused = focusName(document.activeElement, element);
        const { draft } = session;
        const record = draft.entry?.record;
        const titles = stepTitles(draft);
        const view = { session, onInsert, labels: dayLabels(draft), record, titles };
        const top = lane(view, draft.steps ?? [], TOP, true);
        replace(element, entryCard(view), top, endCard(view));
        if (!focused) return;
        const found = element.querySelector(focused) ?? firstCard(element);
        found.focus({ preventScroll: true });
    };
    render();
    return { element, render };
}

/** What had the focus may be gone by an undo. */
function firstCard(element) {
    return element.querySelector("[data-card]");
}

/** A selector that finds the focused element again after everything was drawn anew. */
function focusName(focused, element) {
    if (!element.contains(focused)) return null;
    if (focused.dataset.card) return `[data-card="${CSS.escape(focused.dataset.card)}"]`;
    if (focused.dataset.place) return `[data-place="${CSS.escape(focused.dataset.place)}"]`;
    return null;
}

function entryCard({ session, record }) {
    const { triggers = [] } = session.draft.entry ?? {};
    const words = triggers.length
        ? `Contacts enter ${triggers.map((one) => triggerWords(one, record)).join(", or ")}`
        : "Contacts are entered by hand or by other services";
    return frameCard(session, "entry", "Start", [
        h("p", {}, words, record ? `; for each ${record}` : "", "."),
    ]);
}

function endCard({ session, record, titles }) {
    const exits = session.draft.exits ?? [];
    return frameCard(session, "exit", "End", [
        exits.length > 0 && h("p", {}, "Contacts leave at once when"),
        exits.length > 0 && h("ul.bullets", {}, exits.map(
            (exit) => h("li", {}, conditionWords(exit.when, record, titles)),
        )),
        exits.length === 0 && h("p", {}, "Contacts leave when they have been through all steps."),
    ]);
}

function frameCard(session, drawing, title, body) {
    const isSelected = session.selected === null;
    return h("div.frame-card", { "aria-current": isSelected ? "true" : null },
        h("button.frame-button", {
            type: "button", "data-card": `/${drawing}`,
            onclick: () => session.select(null, { opens: true }),
            "aria-label": `${title}: who enters and what ends it`,
        }, icon(drawing), h("strong", {}, title)),
        h("div.soft.small-text", {}, body));
}

function lane(view, steps, { branch, path }, isTop = false) {
    const place = (index) => ({ branch, path, index });
    return h("ol.lane", { class: isTop ? "top" : "", "data-lane": laneName({ branch, path }) },
        h("li.gap", {}, insertButton(view, place(0), steps)),
        steps.map((step, index) => [
            h("li.entry", {},
                h("span.moment", {}, view.labels.get(step.id)),
                card(view, step),
                step.kind === "branch" && lanes(view, step)),
            h("li.gap", {}, insertButton(view, place(index + 1), steps)),
        ]));
}

function laneName({ branch, path }) {
    return branch === null ? "top" : `${branch} ${path}`;
}

function insertButton({ onInsert, record }, place, steps) {
    const before = steps[place.index - 1];
    const where = before ? `behind ${stepTitle(before, record)}` : "here";
    const button = h("button.insert", {
        type: "button", "data-place": JSON.stringify(place), "aria-label": `Add a step ${where}`,
        title: "Add a step here", onclick: () => onInsert(button, place),
    }, icon("plus"));
    return button;
}

function card({ session, record }, step) {
    const errors = session.errors.filter((one) => one.step === step.id);
    const warnings = session.warnings.filter((one) => one.step === step.id);
    const isSelected = session.selected === step.id;
    const classes = [`kind-${step.kind}`, isSelected && "selected", errors.length && "wrong"];
    const drag = { "data-drag": step.id, title: "Drag to move", "aria-hidden": "true" };
    return h("div.step-card", {
        class: classes.filter(Boolean).join(" "), "data-step": step.id,
    },
        h("span.handle", drag, icon("drag")),
        h("button.card-button", {
            type: "button", "data-card": step.id, "aria-pressed": String(isSelected),
            onclick: () => session.select(step.id),
            "aria-describedby": "timeline-keys",
        },
            h("span.kind-icon", {}, icon(stepIcon(step))),
            h("span.card-words", {},
                h("strong", {}, h("bdi", {}, stepTitle(step, record))),
                h("span.soft", {}, cardSummary(step, record)),
                errors.length > 0 && h(
                    "span.card-error", {}, icon("warning"), `Please fix: ${fieldNames(errors)}`),
                warnings.length > 0 && h("span.card-error.warning", {},
                    icon("warning"), `Please check: ${fieldNames(warnings)}`))));
}

function fieldNames(errors) {
    return [...new Set(errors.map(({ field }) => fieldLabel(field) ?? "this step"))].join(", ");
}

function pathWords({ when }, { record, titles }) {
    return conditionWords(when, record, titles);
}

/** What the title does not say already. */
function cardSummary(step, record) {
    if (step.kind === "delay" && !step.name) return "Wait";
    return stepSummary(step, record);
}

function lanes(view, step) {
    const otherwise = step.within
        ? `If nothing happens within ${durationWords(step.within)}` : "Otherwise";
    return h("div.lanes", {}, lists(step).map((list) => {
        const name = list.when ? isolated(list.name) : otherwise;
        return h("div.path", { role: "group", "aria-label": `Path: ${name}` },
            h("header", {},
                h("strong", {}, name),
                list.when && h("span.soft", {}, `if ${pathWords(list, view)}`)),
            lane(view, list.steps, { branch: step.id, path: list.path }));
    }));
}
