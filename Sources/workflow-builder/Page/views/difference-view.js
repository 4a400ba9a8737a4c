// The difference between two versions, in words.

import { h, icon } from "../elements.js";
import { isolated } from "../names.js";
import {
    channelName,
    conditionWords,
    durationWords,
    stepSummary,
    stepTitle,
    triggerWords,
} from "../words.js";
import { stepDifferences, topDifferences } from "./definition-difference.js";
import { capitalized, exitWords } from "./happenings.js";
import { stepIcon, stepTitles } from "./steps.js";
import { textDifference } from "./text-difference.js";

const KINDS = {
    added: ["Added", "good"], removed: ["Removed", "danger"],
    changed: ["Changed", "info"], moved: ["Moved", ""],
};
const TOP = {
    name: "Name",
    description: "Description",
    entry: "How contacts enter",
    exits: "What ends it",
    reentry: "Entering again",
};
const FIELDS = {
    name: "Name", channel: "Channel", fallback: "If it cannot go", max_lateness: "At most late by",
    not_after: "Not after", quiet_hours: "In quiet hours", on_failure: "If it fails", flag: "Flag",
    note: "Note", reason: "Reason", within: "Waits up to", paths: "Paths",
};
const CONTENT = { text: "Text", subject: "Subject", html: "HTML", title: "Title", notes: "Notes" };

/**
 * @param {object} old a definition
 * @param {object} now a later one
 * @param {{only?: string, within?: string[]}} [options] `only`: a step's id, or a member of the
 *     workflow; `within`: what stands in that step, shown where the step itself is the same
 * @returns {HTMLElement}
 */
export function differenceView(old, now, { only, within = [] } = {}) {
    const isWanted = (name) => only === undefined || only === name;
    const top = topDifferences(old, now).filter(isWanted);
    const all = stepDifferences(old, now);
    const own = all.filter(({ step }) => isWanted(step.id));
    const steps = top.length + own.length
        ? own : all.filter(({ step }) => within.includes(step.id));
    if (top.length + steps.length === 0) {
        return h("p.card.soft", {}, "Nothing differs between these two versions.");
    }
    const titles = { old: stepTitles(old), now: stepTitles(now) };
    return h("ul.differences.stack.tight", {},
        top.map((name) => h("li.card", {}, head(
            h("span.badge.info", {}, "Changed"), null, TOP[name],
        ),
            change(topWords(name, old[name], titles.old), topWords(name, now[name], titles.now)))),
        steps.map((each) => stepEntry(each, titles)));
}

function head(badge, drawing, title) {
    return h("div.row", {}, badge, drawing && icon(drawing), h("h3", {}, h("bdi", {}, title)));
}

function stepEntry({ kind, step, before, fields, moved }, titles) {
    const [label, color] = KINDS[kind];
    const badges = [
        h("span.badge", { class: color }, label), moved && h("span.badge", {}, "Moved"),
    ];
    return h("li.card.difference", { "data-kind": kind, "data-step": step.id },
        head(badges, stepIcon(step), stepTitle(step)),
        kind === "changed" ? changes(before, step, fields, titles) : h(
            "p.soft.small-text", {}, stepSummary(step),
        ));
}

function changes(before, step, fields, titles) {
    const timing = fields.filter((name) => ["for", "at", "on", "from"].includes(name));
    const others = fields.filter(
        (name) => !timing.includes(name) && name !== "content" && name !== "kind",
    );
    return h("dl.changes", {},
        timing.length > 0 && entry("Timing", change(stepSummary(before), stepSummary(step))),
        others.map((name) => entry(FIELDS[name] ?? capitalized(name.replaceAll("_", " ")),
            change(
                fieldWords(name, before[name], titles.old),
                fieldWords(name, step[name], titles.now),
            ))),
        fields.includes("content") && contentChanges(before.content ?? {}, step.content ?? {}));
}

function entry(label, value) {
    return h("div", {}, h("dt", {}, label), h("dd", {}, value));
}

function contentChanges(before, after) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.filter((name) => before[name] !== after[name])
        .map(
            (name) => entry(
                CONTENT[name] ?? name, textDifference(before[name] ?? "", after[name] ?? ""),
            ),
        );
}

function change(before, after) {
    return textDifference(before || "nothing", after || "nothing");
}

function fieldWords(name, value, titles) {
    if (value === undefined || value === null) return "";
    if (name === "channel") return channelName(value);
    if (name === "fallback") {
        return [
            capitalized(channelName(value.channel)), ...Object.values(value.content ?? {}),
        ].join(": ");
    }
    if (name === "paths") return value.map(
        (path) => `${isolated(path.name)}: ${conditionWords(path.when, undefined, titles)}`,
    ).join("\n");
    if (name === "quiet_hours") return value === "hold" ? "wait until they end" : "send anyway";
    if (name === "on_failure") return value === "exit" ? "leave the workflow" : "go on";
    return typeof value === "object" ? durationWords(value) : String(value);
}

function topWords(name, value, titles) {
    if (!value) return "";
    if (name === "entry") return entryWords(value);
    if (name === "exits") return value.map(
        (exit) => `${exitWords(exit.name)}: ${conditionWords(exit.when, undefined, titles)}`,
    ).join("\n");
    if (name === "reentry") return reentryWords(value);
    return String(value);
}

function entryWords({ triggers = [], record }) {
    const starts = triggers.length ? triggers.map(triggerWords).join("\n") : "only by hand";
    return record ? `${starts}; for each ${record}` : starts;
}

function reentryWords({ rule, cooldown }) {
    const words = rule === "never" ? "never" : "after it has ended";
    return cooldown ? `${words}, not before ${durationWords(cooldown)} have passed` : words;
}
