// The form of a wait: how long, until when, and counted from what.

import { errorLine, field, h, replace, uniqueId } from "../../elements.js";
import { delayWords, fieldName } from "../../words.js";
import { checkbox, duration, select, subject } from "./controls.js";
import { dateFields } from "./vocabulary.js";

const DAYS = [
    ["mon", "Mon"], ["tue", "Tue"], ["wed", "Wed"], ["thu", "Thu"], ["fri", "Fri"],
    ["sat", "Sat"], ["sun", "Sun"],
];

/** @returns {{element: HTMLElement, stop: function()}} */
export function delayPanel(session, id) {
    const about = subject(session, id);
    const words = h("p.in-words", { "aria-live": "polite" });
    const say = () => {
        const step = about.value;
        if (step) replace(words, capitalized(delayWords(step, session.draft.entry?.record)), ".");
    };
    const form = h("div.stack");
    const show = () => replace(
        form, lengthField(about), anchorFields(about, show), timeField(about), weekdayFields(about),
    );
    show();
    say();
    session.addEventListener("draft", say);
    return {
        element: h("div.stack", {}, words, form),
        stop: () => session.removeEventListener("draft", say),
    };
}

function capitalized(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

function isBefore(length) {
    return Object.values(length ?? {}).some((amount) => amount < 0);
}

function signed(length, before) {
    if (!length) return length;
    const sign = before ? -1 : 1;
    return Object.fromEntries(
        Object.entries(length).map(([unit, amount]) => [unit, sign * Math.abs(amount)]),
    );
}

function lengthField(about) {
    const set = (value) => {
        const { for: length, from } = about.value;
        about.set("for", signed(value, isBefore(length) && Boolean(from)));
    };
    return duration("How long", about.value.for, set, { error: about.error("for") });
}

function anchorFields(about, show) {
    const { from } = about.value;
    const { draft } = about.session;
    const known = dateFields(draft);
    const type = draft.entry?.record;
    const options = [
        ["", "the step before"], ["enrolled", "entering the workflow"],
        ...known.map((name) => [name, fieldName(name, type)]), ["other", "another date …"],
    ];
    const isOther = Boolean(from) && !options.some(([value]) => value === from);
    const choose = (value) => {
        const next = value === "other" ? "record." : value || undefined;
        about.change("from", ({ from: _, ...step }) => ({
            ...step, ...(next && { from: next }),
            ...(!next && step.for && { for: signed(step.for, false) }),
        }));
        show();
    };
    return [
        field("Counted from", select("Counted from", options, isOther ? "other" : from ?? "", choose), {
            error: isOther ? undefined : about.error("from"),
        }),
        isOther && otherField(about),
        from && from !== "enrolled" && directionField(about),
    ];
}

function otherField(about) {
    const list = uniqueId("dates");
    const input = h("input", {
        type: "text", value: about.value.from, list, oninput: () => about.set("from", input.value.trim()),
    });
    return [
        field("Which date", input, {
            hint: "A detail of the record or the contact, such as record.due_date.", error: about.error("from"),
        }),
        h("datalist", { id: list }, dateFields(about.session.draft).map((value) => h("option", { value }))),
    ];
}

function directionField(about) {
    const options = [["after", "after it"], ["before", "before it"]];
    const value = isBefore(about.value.for) ? "before" : "after";
    return field("Before or after", select("Before or after", options, value, (next) => about.set(
        "for", signed(about.value.for ?? { days: 1 }, next === "before"))));
}

function timeField(about) {
    const input = h("input", {
        type: "time", value: about.value.at ?? "",
        oninput: () => about.set("at", input.value ? input.value.slice(0, 5) : undefined),
    });
    return field("Time of day", input, {
        hint: "Empty: whatever time it is then. Always on the contact's own clock.", error: about.error("at"),
    });
}

function weekdayFields(about) {
    const chosen = () => about.value.on ?? [];
    const toggle = (day, isOn) => {
        const days = DAYS.map(([name]) => name).filter(
            (name) => (name === day ? isOn : chosen().includes(name)),
        );
        about.set("on", days.length ? days : undefined);
    };
    return h("fieldset.field", {},
        h("legend", {}, "Only on these days"),
        h("div.weekdays", {}, DAYS.map(([day, words]) => checkbox(
            words, chosen().includes(day), (isOn) => toggle(day, isOn)))),
        errorLine(about.error("on")),
        h("p.hint", {}, "None chosen: on any day."));
}
