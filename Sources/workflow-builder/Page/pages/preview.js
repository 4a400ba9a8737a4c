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
    const { definition } = workflow;
    const start = h("input", { type: "datetime-local", value: wallTime(now, zone) });
    const person = personPicker();
    const record = recordPicker(definition);
    const signals = supposedSignals(() => start.value);
    const outcome = h("div.preview-outcome", { "aria-live": "polite" });
    const notice = h("div");
    const refresh = () => fill(outcome, workflow, () => ({
        ...who(person.value(), record.value(), definition),
        at: zonedMoment(start.value, zone),
        ...supposed(signals.value(), zone),
    }));
    const form = h("form.card.stack.preview-form", {
        onsubmit: (event) => { event.preventDefault(); refresh(); },
    },
        h("h2", {}, "What would happen to …"),
        person.element,
        h("p.hint", {}, "Nobody chosen: Ann Lee, a sample."),
        record.element,
        field("Entering at", start, { hint: `On the business's clock: ${zoneText(zone)}.` }),
        h("div.field", {}, h("span.label", {}, "Meanwhile"), signals.element,
            h("p.hint", {}, "With nothing supposed, every path is shown.")),
        h("button.button.primary", { type: "submit" }, icon("play"), "Show"));
    replace(main, notice, h("div.preview", {}, form, outcome));
    await zoneNotice(notice, refresh);
    await refresh();
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

async function fill(outcome, { id, definition }, args) {
    try {
        const [result, settings] = await Promise.all([
            call("workflow.preview", { workflow: id, ...args() }), call("settings.get"),
        ]);
        replace(outcome, previewResult(result, definition, settings));
    } catch (error) {
        if (!error.code) console.error(error);
        replace(outcome, h("div.banner.danger", { role: "alert" }, icon("warning"),
            h("p.grow", {}, error.words ?? "This cannot be shown: is the time complete?")));
    }
}
