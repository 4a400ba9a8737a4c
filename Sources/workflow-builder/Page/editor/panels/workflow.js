// The form of the workflow itself: its name, who enters, what ends it, and whether again.

import { errorLine, field, h, icon, replace, uniqueId } from "../../elements.js";
import { isolated } from "../../names.js";
import { conditionEditor } from "./condition.js";
import { duration, select, subject, textLine } from "./controls.js";
import { RECORD_TYPES } from "./vocabulary.js";

/** @returns {{element: HTMLElement, stop: function()}} */
export function workflowPanel(session) {
    const about = subject(session, null);
    const element = h("div.stack", {},
        textLine(about, "Name", "name", { required: true }),
        description(about),
        entry(about),
        exits(about),
        reentry(about));
    return { element, stop() {} };
}

function description(about) {
    const control = h("textarea", {
        rows: 3, value: about.value.description ?? "", oninput: () => about.set("description", control.value),
    });
    return field("What it is for", control, { error: about.error("description") });
}

function entry(about) {
    const list = h("div.stack");
    const read = () => about.value.entry ?? {};
    const set = (changes) => about.set("entry", withoutEmpty({ ...read(), ...changes }));
    const triggers = () => read().triggers ?? [];
    const show = () => replace(list,
        triggers().map((trigger, index) => row(
            conditionEditor(trigger, (next) => set({ triggers: triggers().with(index, triggerOf(next)) }),
                { steps: [] }, { withoutKinds: true }),
            "Remove this way in", () => { set({ triggers: triggers().toSpliced(index, 1) }); show(); },
            about.error(`entry.triggers[${index}]`))),
        adder(triggers().length ? "Another way in" : "Enter by itself when …", () => {
            set({ triggers: [...triggers(), { signal: "lead.created" }] });
            show();
        }));
    show();
    return h("fieldset.group", {}, h("legend", {}, "Who enters"),
        h("p.hint", {}, "Anybody can be entered by hand. Besides, a contact enters when it …"),
        list, recordField(about, read, set));
}

/** A trigger has no time from which it counts. */
function triggerOf({ signal, where }) {
    return where ? { signal, where } : { signal };
}

function withoutEmpty(object) {
    const isThere = ([, value]) => value !== undefined && value !== "";
    return Object.fromEntries(Object.entries(object).filter(isThere));
}

function recordField(about, read, set) {
    const list = uniqueId("records");
    const input = h("input", {
        type: "text", value: read().record ?? "", list, placeholder: "nothing",
        oninput: () => set({ record: input.value.trim() }),
    });
    return [
        field("What it is about", input, {
            hint: "The kind of record that texts and dates come from: lead, job, visit, invoice. "
                + "A contact can be inside once for each.",
            error: about.error("entry.record"),
        }),
        h("datalist", { id: list }, RECORD_TYPES.map((value) => h("option", { value }))),
    ];
}

function exits(about) {
    const list = h("div.stack");
    const all = () => about.value.exits ?? [];
    const show = () => replace(list,
        all().map((exit, index) => row([
            exitName(about, all, index),
            conditionEditor(
                exit.when,
                (when) => about.set("exits", all().with(index, { ...all()[index], when })),
                about.value,
            ),
        ], `Remove the end ${isolated(exit.name)}`, () => {
            about.set("exits", all().toSpliced(index, 1));
            show();
        }, about.error(`exits[${index}]`))),
        adder(all().length ? "Another end" : "End it early when …", () => {
            about.set("exits", [...all(), { name: freeName(all()), when: { signal: "sms.replied" } }]);
            show();
        }));
    show();
    return h("fieldset.group", {}, h("legend", {}, "What ends it"),
        h("p.hint", {}, "As soon as one of these holds, the contact leaves and gets nothing more. "
            + "Unsubscribing always ends it."),
        list);
}

function exitName(about, all, index) {
    const input = h("input", {
        type: "text", value: all()[index].name,
        oninput: () => about.set("exits", all().with(index, { ...all()[index], name: input.value })),
    });
    return field("Name in the statistics", input);
}

function freeName(all) {
    const taken = new Set(all.map(({ name }) => name));
    let number = 1;
    while (taken.has(`end_${number}`)) number += 1;
    return `end_${number}`;
}

function reentry(about) {
    const read = () => about.value.reentry ?? { rule: "after_finish" };
    const rules = [["after_finish", "again, after it has ended"], ["never", "never a second time"]];
    return h("fieldset.group", {}, h("legend", {}, "Entering again"),
        field("A contact may enter", select("A contact may enter", rules, read().rule,
            (rule) => about.set("reentry", { ...read(), rule }))),
        duration("Not before these have passed", read().cooldown,
            (cooldown) => about.set("reentry", withoutEmpty({ ...read(), cooldown })), {
                error: about.error("reentry.cooldown"),
            }));
}

function row(content, label, onRemove, error) {
    return h("div.part", {},
        h("div.stack.tight.grow", {}, content, errorLine(error)),
        h("button.button.quiet.small.square", {
            type: "button", "aria-label": label, title: label, onclick: onRemove,
        }, icon("trash")));
}

function adder(label, onAdd) {
    return h("button.button.small", { type: "button", onclick: onAdd }, icon("plus"), label);
}
