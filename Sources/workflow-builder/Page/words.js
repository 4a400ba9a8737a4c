// Definitions said in words: pure functions, values in, text out.

import { isolated } from "./names.js";

const CHANNELS = { sms: "text message", email: "email", call_reminder: "call reminder" };
const UNITS = [["weeks", "week"], ["days", "day"], ["hours", "hour"], ["minutes", "minute"]];
const WEEKDAYS = {
    mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday",
    sat: "Saturday", sun: "Sunday",
};
const BUSINESS_DAYS = "mon,tue,wed,thu,fri";
const SIGNALS = {
    "email.opened": "opened an email", "email.clicked": "clicked a link in an email",
    "email.replied": "replied by email", "sms.replied": "replied by text",
    "call.answered": "answered a call", "link.clicked": "clicked a link",
    "invoice.paid": "paid the invoice", "invoice.overdue": "has an overdue invoice",
    "invoice.voided": "had the invoice voided", "job.booked": "booked a job",
    "job.completed": "had a job completed", "job.reopened": "had a job reopened",
    "lead.created": "became a lead", "lead.closed": "is a lead no more",
    "review.submitted": "wrote a review", "visit.scheduled": "had a visit scheduled",
    "visit.cancelled": "had the visit canceled", "visit.completed": "had the visit completed",
    "contact.unsubscribed": "unsubscribed", "contact.resubscribed": "subscribed again",
    "message.sent": "was sent a message", "message.delivered": "got a message",
    "message.failed": "could not get a message",
};
const MOMENTS = {
    starts_at: "start", ends_at: "end", completed_at: "completion", created_at: "creation",
    scheduled_at: "time",
};
const REASONS = {
    quiet_hours: "quiet hours", channel_down: "the channel is down",
    workflow_halted: "the workflow is halted", retry: "it is tried again",
    late: "it would have been too late", superseded: "the next message was due as well",
    suppressed: "unsubscribed", missing_field: "a detail for the text is missing",
    too_long: "the text became too long",
    missing_address: "no phone number or address", channel_unknown: "there is no such channel",
    resolved_by_person: "somebody said that it did not go", dst: "the clocks change",
};

/**
 * @param {string} channel
 * @returns {string} such as "text message"
 */
export function channelName(channel) {
    return CHANNELS[channel] ?? plain(channel);
}

/**
 * @param {object} duration `weeks`, `days`, `hours`, `minutes`
 * @returns {string} such as "2 days and 3 hours"; without a sign
 */
export function durationWords(duration = {}) {
    const parts = UNITS.filter(([unit]) => duration[unit]).map(([unit, name]) => {
        const count = Math.abs(duration[unit]);
        return `${count} ${name}${count === 1 ? "" : "s"}`;
    });
    return listed(parts, "and") || "no time";
}

/**
 * @param {string} time such as "09:30"
 * @returns {string} such as "9:30 AM", as everywhere on the page
 */
export function clockWords(time) {
    const [hour, minute] = String(time).split(":").map(Number);
    return `${hour % 12 || 12}:${String(minute).padStart(2, "0")} ${hour < 12 ? "AM" : "PM"}`;
}

/**
 * @param {string} field such as "record.due_date"
 * @param {string} [recordType] such as "invoice"
 * @returns {string} such as "the invoice's due date"
 */
export function fieldName(field, recordType = "record") {
    const [root, ...names] = String(field).split(".");
    const owner = { contact: "contact", record: recordType, business: "business" }[root];
    const name = MOMENTS[names.join(".")] ?? plain(names.join(" "));
    return owner ? `the ${plain(owner)}'s ${name}` : plain(field);
}

/**
 * @param {object} step a delay
 * @param {string} [recordType] such as "invoice"
 * @returns {string} such as "3 days later at 10:00 AM"
 */
export function delayWords({ for: length, at, on, from }, recordType) {
    const clock = at && clockWords(at);
    const time = clock && (length || from ? `at ${clock}` : `at the next ${clock}`);
    const parts = [distance(length, from, recordType), time, on && weekdays(on)];
    return parts.filter(Boolean).join(" ") || "no waiting";
}

function distance(length, from, recordType) {
    const anchor = from === "enrolled" ? "entering" : from && fieldName(from, recordType);
    if (!length) {
        if (!from) return "";
        return from === "enrolled" ? "on the day of entering" : `on ${anchor}`;
    }
    const words = durationWords(length);
    if (!from) return `${words} later`;
    return Object.values(length).some((count) => count < 0)
        ? `${words} before ${anchor}` : `${words} after ${anchor}`;
}

function weekdays(days) {
    if (days.join(",") === BUSINESS_DAYS) return "on a business day";
    return `on a ${listed(days.map((day) => WEEKDAYS[day] ?? day), "or")}`;
}

/**
 * @param {object} when a condition
 * @param {string} [recordType] such as "invoice"
 * @param {Map<string, string>} [titles] of the steps that it may refer to
 * @returns {string} such as "the contact replied by text"
 */
export function conditionWords(when, recordType, titles) {
    if (!when) return "nothing yet";
    if (when.all) return listed(when.all.map((part) => nested(part, recordType, titles)), "and");
    if (when.any) return listed(when.any.map((part) => nested(part, recordType, titles)), "or");
    if (when.not) return `not: ${nested(when.not, recordType, titles)}`;
    if (when.signal) return `the contact ${signalPhrase(when, titles)}`;
    return when.field ? comparisonWords(fieldName(when.field, recordType), when) : "nothing yet";
}

/** A part that is a list of its own stands in brackets. */
function nested(when, recordType, titles) {
    const words = conditionWords(when, recordType, titles);
    return when.all || when.any ? `(${words})` : words;
}

function signalPhrase({ signal, where, since }, titles) {
    const what = SIGNALS[signal] ?? `did “${plain(signal)}”`;
    return `${what}${filterWords(where)}${sinceWords(since, titles)}`;
}

/** A step that is gone has no name that anybody knows. */
function sinceWords(since, titles) {
    if (!since || since === "enrolled") return "";
    const title = titles?.get(since);
    return title ? ` after the step “${title}”` : " after a step that is gone";
}

function filterWords(where) {
    const parts = Object.entries(where ?? {}).map(([name, value]) => {
        const comparison = value !== null && typeof value === "object" ? value : { equals: value };
        return comparisonWords(plain(name), comparison);
    });
    return parts.length ? `, where ${listed(parts, "and")}` : "";
}

function comparisonWords(name, comparison) {
    if ("exists" in comparison) return `${name} is ${comparison.exists ? "known" : "not known"}`;
    if ("in" in comparison) return `${name} is ${listed(comparison.in.map(valueWords), "or")}`;
    const [kind, verb] = [
        ["equals", "is"], ["not_equals", "is not"], ["greater_than", "is more than"],
        ["less_than", "is less than"], ["contains", "contains"],
    ].find(([key]) => key in comparison) ?? [null, "is"];
    return `${name} ${verb} ${valueWords(comparison[kind])}`;
}

function valueWords(value) {
    if (typeof value === "boolean") return value ? "yes" : "no";
    return typeof value === "string" ? `“${isolated(value)}”` : String(value);
}

/**
 * @param {object} trigger an entry trigger
 * @returns {string} such as "when the contact became a lead"
 */
export function triggerWords(trigger) {
    return `when ${conditionWords(trigger)}`;
}

/**
 * @param {object} step
 * @param {string} [recordType] such as "invoice"
 * @returns {string} its name; where it has none, what it is
 */
export function stepTitle(step, recordType) {
    if (step.name) return isolated(step.name);
    const titles = {
        message: () => capitalized(channelName(step.channel)),
        delay: () => capitalized(delayWords(step, recordType)),
        branch: () => "Branch",
        flag: () => `Flag: ${plain(step.flag)}`,
        exit: () => "Exit",
    };
    return titles[step.kind]?.() ?? capitalized(plain(step.kind));
}

/**
 * @param {object} step
 * @param {string} [recordType] such as "invoice"
 * @returns {string} what it does, in one line
 */
export function stepSummary(step, recordType) {
    const summaries = {
        message: () => messageSummary(step.content ?? {}),
        delay: () => capitalized(delayWords(step, recordType)),
        branch: () => branchSummary(step),
        flag: () => [`Raises the flag “${plain(step.flag)}”`, isolated(step.note)].filter(Boolean).join(": "),
        exit: () => (step.reason ? `Leaves the workflow: ${isolated(step.reason)}` : "Leaves the workflow"),
    };
    return summaries[step.kind]?.() ?? "";
}

function messageSummary({ subject, title, text, notes }) {
    const parts = [subject ?? title, text ?? notes].filter(Boolean);
    return mergeFieldWords(parts.map(isolated).join(" · ")).replace(/\s+/g, " ").trim() || "No text yet";
}

/**
 * @param {string} text of a message
 * @returns {string} with "[first name]" in place of "{{ contact.first_name | default: 'there' }}"
 */
export function mergeFieldWords(text) {
    return text.replace(/\{\{\s*([\w.]+)[^}]*\}\}/g, (_, field) => `[${mergeFieldName(field)}]`);
}

function mergeFieldName(field) {
    const [root, ...names] = field.split(".");
    const name = MOMENTS[names.join(".")] ?? plain(names.join(" "));
    return root === "business" ? `business ${name}` : name;
}

function branchSummary({ paths = [], within }) {
    const names = listed(paths.map(({ name }) => `“${isolated(name)}”`), "or");
    return within ? `Waits up to ${durationWords(within)} for ${names}` : `Checks whether ${names}`;
}

/**
 * @param {string} code why something was held, moved or skipped
 * @returns {string} such as "quiet hours"
 */
export function reasonWords(code) {
    return REASONS[code] ?? plain(code ?? "");
}

function listed(parts, word) {
    if (parts.length < 2) return parts.join("");
    return `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`;
}

function plain(name) {
    return String(name ?? "").replace(/[._-]+/g, " ").trim();
}

function capitalized(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
