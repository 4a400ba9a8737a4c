// When steps happen, as far as a definition says: values in, values out.

import { clockWords, durationWords, fieldName } from "../words.js";

const START = { anchor: null, days: 0, minutes: 0, clock: null, isLatest: false };

/**
 * @param {object} definition
 * @returns {Map<string, string>} for each step's id when it begins, such as "Day 3 · 10:00 AM"
 */
export function dayLabels(definition) {
    const labels = new Map();
    walk(definition.steps ?? [], START, labels, definition.entry?.record);
    return labels;
}

function walk(steps, moment, labels, record) {
    let now = moment;
    for (const step of steps) {
        labels.set(step.id, label(now, record));
        if (step.kind === "delay") now = behindDelay(now, step);
        if (step.kind === "branch") now = behindBranch(now, step, labels, record);
    }
    return now;
}

function behindDelay(now, { for: length = {}, at, from }) {
    const days = 7 * (length.weeks ?? 0) + (length.days ?? 0);
    const minutes = 60 * (length.hours ?? 0) + (length.minutes ?? 0);
    if (from) {
        const anchor = from === "enrolled" ? null : from;
        return { ...START, anchor, days, minutes: at ? 0 : minutes, clock: at ?? null };
    }
    const clock = at ?? (minutes ? null : now.clock);
    return { ...now, days: now.days + days, minutes: at ? 0 : now.minutes + minutes, clock };
}

/** Whoever waits goes on within that time; what comes behind is as late as it can be. */
function behindBranch(now, step, labels, record) {
    const { weeks = 0, days = 0, hours = 0, minutes = 0 } = step.within ?? {};
    const latest = step.within ? {
        ...now, days: now.days + 7 * weeks + days,
        minutes: now.minutes + 60 * hours + minutes, isLatest: true,
    } : now;
    for (const path of step.paths ?? []) walk(path.steps ?? [], latest, labels, record);
    const unanswered = { ...latest, isLatest: now.isLatest };
    const behind = walk(step.otherwise?.steps ?? [], unanswered, labels, record);
    return step.within ? { ...behind, isLatest: true } : behind;
}

function label({ anchor, days, minutes, clock, isLatest }, record) {
    const day = anchor === null ? dayOfStay(days) : dayFrom(anchor, days, minutes, record);
    const rest = anchor === null && minutes ? `+ ${durationWords(timeOf(minutes))}` : null;
    return [isLatest ? `by ${lower(day)}` : day, clock ? clockWords(clock) : rest].filter(Boolean).join(" · ");
}

function dayOfStay(days) {
    return `Day ${days}`;
}

function dayFrom(anchor, days, minutes, record) {
    const total = days * 1440 + minutes;
    const name = fieldName(anchor, record);
    if (total === 0) return `On ${name}`;
    const words = durationWords(days ? { days, ...timeOf(minutes) } : timeOf(minutes));
    return `${words} ${total < 0 ? "before" : "after"} ${name}`;
}

function timeOf(minutes) {
    return { hours: Math.trunc(minutes / 60), minutes: minutes % 60 };
}

function lower(text) {
    return text.charAt(0).toLowerCase() + text.slice(1);
}
