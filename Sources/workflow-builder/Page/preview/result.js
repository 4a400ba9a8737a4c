// What a preview says, as a timeline on the contact's own clock.

import { h, icon } from "../elements.js";
import { rendered } from "../editor/panels/message-preview.js";
import { isolated } from "../names.js";
import { flatten, stepIcon } from "../views/steps.js";
import { momentText, zoneText } from "../views/times.js";
import { clockWords, fieldName, stepTitle } from "../words.js";
import { dayBar } from "./day-bar.js";
import { quietSpans } from "./quiet.js";

/**
 * @param {object} result of `workflow.preview`
 * @param {object} definition
 * @param {object} settings
 * @returns {HTMLElement}
 */
export function previewResult(result, definition, settings) {
    const known = new Map(flatten(definition.steps).map(({ step }) => [step.id, step]));
    const view = { known, settings, zone: result.time_zone, record: definition.entry?.record };
    const days = Object.groupBy(result.steps, ({ local }) => local.slice(0, 10));
    return h("div.stack", {},
        h("p.soft", {}, `Times on the contact's clock: ${zoneText(result.time_zone)}. Nothing is sent.`),
        result.steps.length === 0 && h("div.empty.card", {},
            icon("delay"), h("p", {}, "Nothing would happen.")),
        Object.entries(days).map(([date, steps]) => h("section.preview-day", {},
            h("h3", {}, dayTitle(date)),
            h("ol", {}, steps.map((step) => row(step, view))))),
        result.truncated && h("p.banner.warn", {}, "There is more than can be shown here."));
}

function dayTitle(date) {
    return new Intl.DateTimeFormat("en-US", {
        weekday: "long", month: "long", day: "numeric", year: "numeric", timeZone: "UTC",
    }).format(new Date(`${date}T12:00Z`));
}

function row(entry, view) {
    const step = view.known.get(entry.step) ?? { kind: entry.kind };
    return h("li.preview-row", { "data-step": entry.step, "data-outcome": entry.outcome },
        h("time", { datetime: entry.at }, clock(entry.local)),
        h("div.preview-card", { class: `kind-${entry.kind} ${entry.outcome}` },
            h("div.row", {},
                h("span.kind-icon", {}, icon(stepIcon({ ...step, channel: entry.channel ?? step.channel }))),
                h("strong.grow", {}, h("bdi", {}, stepTitle(step, view.record))),
                badges(entry)),
            moved(entry, view), skipped(entry, view),
            entry.outcome === "sent" && sent(entry, view)));
}

function clock(local) {
    return clockWords(local.slice(11, 16));
}

function badges({ outcome, paths = [], path }) {
    const way = paths.at(-1)?.path ?? path;
    return [
        way && h("span.badge", {}, icon("branch"), way === "otherwise" ? "otherwise" : `if ${isolated(way)}`),
        outcome === "skipped" && h("span.badge.warn", {}, "Skipped"),
    ];
}

function moved({ moved_by: reason, planned }, { zone }) {
    if (!reason) return null;
    const why = { quiet_hours: "It would have gone in quiet hours", dst: "The clocks change then" }[reason]
        ?? "It is moved";
    return h("p.moved", {}, icon("moon"), `${why}: planned for ${momentText(planned, zone)}.`);
}

function skipped({ outcome, explanation, detail }, { record }) {
    if (outcome !== "skipped") return null;
    return h("p.preview-problem", {}, icon("warning"),
        explanation, detail ? ` Missing: ${fieldName(detail, record)}.` : "");
}

function sent(entry, { settings }) {
    const [date, time] = entry.local.split("T");
    const minute = 60 * Number(time.slice(0, 2)) + Number(time.slice(3, 5));
    const spans = quietSpans(settings, entry.channel, date);
    return [
        dayBar(spans, minute, `${clock(entry.local)}${spans.length ? "; quiet hours are shaded" : ""}`),
        rendered(entry),
        entry.defaults_used?.length > 0 && h("p.soft.small-text", {},
            "Not known, so the default is used: ",
            entry.defaults_used.map((name) => fieldName(name)).join(", "), "."),
    ];
}
