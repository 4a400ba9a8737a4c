// What would happen to a contact: nothing is sent.

import { field, h, icon, replace } from "../elements.js";
import { sampleContact, sampleRecord } from "../editor/samples.js";
import { previewResult } from "../preview/result.js";
import { supposedSignals } from "../preview/signals.js";
import { wallTime, zonedMoment } from "../preview/zoned.js";
import { call } from "../service.js";
import { personPicker } from "../views/person-picker.js";
import { recordPicker } from "../views/record-picker.js";
import { businessZone, zoneText } from "../views/times.js";
import { zoneNotice } from "../views/zone-notice.js";

/** Shows the preview of a workflow as it is saved. */
export async function show(main, { workflow }) {
    const [zone, { now }] = await Promise.all([businessZone(), call("clock.get")]);
    const question = questionForm(workflow.definition, { now, zone });
    const outcome = h("div.preview-outcome", { "aria-live": "polite" });
    const outdated = h("p.banner.warn", { hidden: true, role: "status" }, icon("clock"),
        "This is not up to date: you changed something. Choose “Show” to see it anew.");
    const notice = h("div");
    let asked = "";
    const compare = () => { outdated.hidden = written(question.args()) === asked; };
    const refresh = async () => {
        const args = question.args();
        asked = written(args);
        compare();
        await fill(outcome, workflow, args);
    };
    question.element.addEventListener("submit", (event) => {
        event.preventDefault();
        refresh();
    });
    for (const name of ["input", "change", "click", "suggested"]) {
        question.element.addEventListener(name, compare);
    }
    const result = h("div.stack", {}, outdated, outcome);
    replace(main, notice, h("div.preview", {}, question.element, result));
    await zoneNotice(notice, refresh);
    await refresh();
}

/** @returns {{element: HTMLElement, args: function(): object}} what a preview is asked for */
function questionForm(definition, { now, zone }) {
    const start = h("input", { type: "datetime-local", value: wallTime(now, zone) });
    const record = recordPicker(definition);
    const signals = supposedSignals(() => start.value);
    const nobody = h("p.hint", {}, "Nobody chosen: Ann Lee, a sample.");
    const person = personPicker(async () => {
        const value = person.value();
        nobody.hidden = value !== null;
        if (typeof value !== "string") return;
        await record.suggest(value);
        element.dispatchEvent(new Event("suggested"));
    });
    const element = h("form.card.stack.preview-form", {},
        h("h2", {}, "What would happen to …"),
        person.element, nobody,
        record.element,
        field("Entering at", start, { hint: `On the business's clock: ${zoneText(zone)}.` }),
        h("div.field", {}, h("span.label", {}, "Meanwhile"), signals.element,
            h("p.hint", {}, "With nothing supposed, every path is shown.")),
        h("button.button.primary", { type: "submit" }, icon("play"), "Show"));
    const args = () => ({
        ...who(person.value(), record.value(), definition),
        at: start.value && zonedMoment(start.value, zone),
        ...supposed(signals.value(), zone),
    });
    return { element, args };
}

function who(contact, record, definition) {
    const fields = typeof contact === "string" ? { id: contact } : contact;
    return {
        contact: fields ?? { fields: sampleContact() },
        record: record ?? { fields: sampleRecord(definition) },
    };
}

function supposed(signals, zone) {
    if (signals.length === 0) return {};
    return { signals: signals.map(({ name, at }) => ({ name, at: zonedMoment(at, zone) })) };
}

/** Somebody new has another id, and a sample another moment, each time that they are asked for. */
function written({ contact, record, ...rest }) {
    return JSON.stringify([contact.fields ?? contact, record.id && record, rest]);
}

async function fill(outcome, { id, definition }, args) {
    if (!args.at) return replace(outcome, refusal("Please enter a whole date and time."));
    try {
        const [result, settings] = await Promise.all([
            call("workflow.preview", { workflow: id, ...args }), call("settings.get"),
        ]);
        replace(outcome, previewResult(result, definition, settings));
    } catch (error) {
        if (!error.code) console.error(error);
        replace(outcome, refusal(error.words ?? "This cannot be shown."));
    }
}

function refusal(words) {
    return h("div.banner.danger", { role: "alert" }, icon("warning"), h("p.grow", {}, words));
}
