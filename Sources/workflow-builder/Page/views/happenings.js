// Events of the feed, said in words.

import { isolated } from "../names.js";
import { channelName, reasonWords, stepTitle } from "../words.js";
import { momentText, zoneText } from "./times.js";

const SIGNALS = {
    "email.opened": "Opened an email", "email.clicked": "Clicked a link in an email",
    "email.replied": "Replied by email", "sms.replied": "Replied by text",
    "call.answered": "Answered a call", "link.clicked": "Clicked a link",
    "invoice.paid": "Paid an invoice", "invoice.overdue": "An invoice is overdue",
    "invoice.voided": "An invoice was voided", "job.booked": "Booked a job",
    "job.completed": "A job was completed", "lead.created": "Became a lead",
    "review.submitted": "Wrote a review", "visit.scheduled": "A visit was scheduled",
    "contact.unsubscribed": "Unsubscribed", "contact.resubscribed": "Subscribed again",
};

/**
 * @param {string} name such as "sms.replied"
 * @returns {string} what the contact did
 */
export function signalWords(name) {
    return SIGNALS[name] ?? capitalized(name.replace(/[._-]+/g, " "));
}

const MESSAGES = {
    "message.accepted": ["Handed to the provider", ""],
    "message.sent": ["Sent", "good"],
    "message.delivered": ["Delivered", "good"],
    "message.failed": ["Could not be delivered", "danger"],
    "message.unknown": ["Nobody knows whether it went", "warn"],
    "message.held": ["Waits", ""],
    "message.skipped": ["Skipped", "warn"],
};

const OTHERS = {
    "enrollment.created": () => ["entry", "Entered the workflow", ""],
    "enrollment.finished": () => ["check", "Finished the workflow", "good"],
    "enrollment.exited": (event) => ["exit", `Left the workflow: ${exitWords(event.exit)}`, ""],
    "enrollment.unenrolled": () => ["exit", "Was taken out of the workflow", ""],
    "flag.raised": (event) => ["flag", `Flag raised: ${isolated(event.flag)}`, "warn"],
    "signal.received": (event) => ["person", signalWords(event.signal), "info"],
    "contact.suppressed": (event) => ["stop", `Unsubscribed${channelPart(event)}`, "warn"],
    "contact.resubscribed": (event) => ["check", `Subscribed again${channelPart(event)}`, "good"],
    "contact.deleted": () => ["trash", "Was erased", ""],
    "inbound.unmatched": (event) => [
        "person", `${capitalized(channelName(event.channel))}: message from someone unknown`, "warn",
    ],
};

/**
 * @param {object} event
 * @param {{zone: string, step?: object}} options the zone of the moments in it, and the step that it
 *     is about
 * @returns {object|null} `icon`, `title`, `kind` (of a badge), `text` (what was said) and `detail`;
 *     null for events that tell people nothing
 */
export function happening(event, { zone, step }) {
    if (event.type in MESSAGES) return messageHappening(event, zone, step);
    if (event.type === "step.executed") return stepHappening(event, step);
    const [icon, title, kind] = OTHERS[event.type]?.(event) ?? [];
    return icon ? {
        icon,
        title,
        kind,
        text: saidText(event.data),
        detail: event.note ?? "",
    } : null;
}

function messageHappening(event, zone, step) {
    const [words, kind] = MESSAGES[event.type];
    return {
        icon: { email: "email", call_reminder: "call" }[event.channel] ?? "sms",
        title: `${messageName(event, step)}: ${words.toLowerCase()}`,
        kind,
        text: contentText(event.content),
        detail: messageDetail(event, zone),
    };
}

function messageName({ channel }, step) {
    const name = channelName(channel);
    return step?.name ? `${stepTitle(step)} (${name})` : capitalized(name);
}

function messageDetail(event, zone) {
    if (event.type === "message.skipped") return event.explanation ?? reasonWords(event.reason);
    if (event.type === "message.held") {
        const until = event.until ? ` until ${momentText(event.until, zone)}` : "";
        return `${capitalized(reasonWords(event.reason))}${until}`;
    }
    return event.reason ? reasonWords(event.reason) : "";
}

function stepHappening(event, step) {
    const before = step?.name ? `${stepTitle(step)}: ` : "";
    const said = (icon, words) => ({
        icon, title: before + (before ? words : capitalized(words)), kind: "", text: "", detail: "",
    });
    if (event.kind === "branch") {
        const path = event.path === "otherwise" ? "otherwise" : `“${isolated(event.path)}”`;
        return said("branch", `took the path ${path}`);
    }
    if (event.kind === "delay") return said("clock", "wait ended");
    return null;
}

function contentText(content) {
    if (!content) return "";
    return [
        content.subject ?? content.title, content.text ?? content.notes,
    ].filter(Boolean).join("\n\n");
}

/** What a contact wrote, where the signal brings it. */
function saidText(data) {
    return typeof data?.text === "string" ? data.text : "";
}

function channelPart({ channel }) {
    return channel ? ` from ${channelName(channel).toLowerCase()}` : " from everything";
}

/**
 * @param {string} exit the name of an exit
 * @returns {string}
 */
export function exitWords(exit) {
    const known = {
        unsubscribed: "unsubscribed", message_failed: "a message could not be delivered",
        anchor_missing: "the date it waited for is gone", exit_step: "reached an end",
    };
    return known[exit] ?? isolated(String(exit ?? "").replace(/[._-]+/g, " "));
}

const WAITS = {
    turn: "Its turn comes in a moment", delay: "Waits", branch: "Waits for what the contact does",
    quiet_hours: "Held back by quiet hours", channel: "Stands in line for sending",
    channel_down: "The channel is down; it goes out when it is back",
    workflow_halted: "Nothing is sent while the workflow is halted",
    retry: "Did not go through; tried again", answer: "Is being sent",
    in_doubt: "Being checked whether it went", resend: "Goes again, as somebody said",
    resolution: "Nobody knows whether the message went",
};

/**
 * @param {object} enrollment an active one
 * @param {string} zone the business's
 * @returns {string} what it waits for, and until when on the contact's clock
 */
export function waitWords({ waits_for, next_at, time_zone }, zone) {
    const words = WAITS[waits_for] ?? "";
    if (!next_at || !time_zone) return words;
    const where = time_zone === zone ? "" : `, ${zoneText(time_zone)}`;
    return `${words} until ${momentText(next_at, time_zone)}${where}`;
}

/**
 * @param {string} text
 * @returns {string} with a capital first letter
 */
export function capitalized(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
