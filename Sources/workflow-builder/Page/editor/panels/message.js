// The form of a message: who carries it, what it says, and what happens where it cannot go.

import { field, h, icon, replace } from "../../elements.js";
import { channelName } from "../../words.js";
import { choice, checkbox, duration, select, subject, textLine } from "./controls.js";
import { messagePreview } from "./message-preview.js";
import { mergeFields } from "./vocabulary.js";

const CHANNELS = ["sms", "email", "call_reminder"];
const CONTENT = {
    sms: [["text", "Text", 5]],
    email: [["subject", "Subject", 1], ["text", "Text", 8], ["html", "HTML, if wanted", 8]],
    call_reminder: [["title", "What staff is reminded of", 1], ["notes", "Notes for staff", 4]],
};

/** @returns {{element: HTMLElement, stop: function()}} */
export function messagePanel(session, id) {
    const about = subject(session, id);
    const element = h("div.stack");
    const preview = messagePreview(session);
    const show = () => replace(element,
        channelField(about, show),
        contentFields(about, ["content"]),
        preview.element,
        fallbackFields(about, show),
        rules(about));
    show();
    return { element, stop: preview.stop };
}

function capitalized(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

function channelOptions(channel) {
    const names = CHANNELS.includes(channel) ? CHANNELS : [...CHANNELS, channel];
    return names.map((name) => [name, capitalized(channelName(name))]);
}

function channelField(about, show) {
    const { channel: now } = about.value;
    const control = select("Channel", channelOptions(now), now, (channel) => {
        about.session.clearErrors(about.id, "content");
        about.change("channel", (step) => ({
            ...step, channel, content: carried(step.content, channel),
        }));
        show();
    });
    return field("Sent as", control, { error: about.error("channel") });
}

/** What was written stays where the other channel has a place for it. */
function carried(content, channel) {
    const text = content.text ?? content.notes ?? "";
    const subject = content.subject ?? content.title ?? "";
    return {
        sms: { text: text || subject },
        email: { subject, text },
        call_reminder: text ? { title: subject, notes: text } : { title: subject },
    }[channel] ?? content;
}

function contentNames(channel, content) {
    return CONTENT[channel] ?? Object.keys(content).map((name) => [name, capitalized(name), 4]);
}

/** @param {string[]} path "content", or "fallback" and "content" */
function contentFields(about, path) {
    const holder = path.length === 1 ? about.value : about.value.fallback;
    return contentNames(holder.channel, holder.content).map(
        ([name, label, rows]) => contentField(about, path, name, label, rows),
    );
}

function contentField(about, path, name, label, rows) {
    const where = [...path, name].join(".");
    const holder = path.length === 1 ? about.value : about.value.fallback;
    const value = holder?.content?.[name] ?? "";
    const control = rows === 1
        ? h("input", { type: "text", value, autocomplete: "off" })
        : h("textarea", { rows, value, spellcheck: name === "html" ? "false" : null });
    if (name === "html") control.classList.add("code");
    const write = () => about.change(where, (step) => withContent(step, path, name, control.value));
    control.addEventListener("input", write);
    return h("div.content-field", {},
        field(label, control, { error: about.error(where) }),
        mergePicker(about.session.draft, label, (tag) => {
            control.setRangeText(tag, control.selectionStart, control.selectionEnd, "end");
            write();
            control.focus();
        }));
}

function withContent(step, path, name, value) {
    const change = (content) => {
        const { [name]: _, ...rest } = content ?? {};
        return value || !["html", "notes"].includes(name) ? { ...content, [name]: value } : rest;
    };
    return path.length === 1 ? { ...step, content: change(step.content) }
        : { ...step, fallback: { ...step.fallback, content: change(step.fallback.content) } };
}

/** Chooses a detail of the contact, the record or the business to be put into the text. */
function mergePicker(definition, label, onChoose) {
    const picker = h("select.merge-picker", {
        "aria-label": `Insert a field into ${label}`,
        onchange: () => {
            const tag = picker.value;
            picker.value = "";
            if (tag) onChoose(tag);
        },
    }, h("option", { value: "" }, "Insert a field"),
    mergeFields(definition).map(([tag, words]) => h("option", { value: tag }, words)));
    return picker;
}

function fallbackFields(about, show) {
    const { fallback, channel } = about.value;
    if (!fallback) {
        return h("button.button.small", {
            type: "button", onclick: () => {
                const other = channel === "sms" ? "email" : "sms";
                about.set("fallback", { channel: other, content: carried(about.value.content, other) });
                show();
            },
        }, icon("plus"), "Send another way where it cannot go");
    }
    const channels = channelOptions(fallback.channel).filter(([name]) => name !== channel);
    const choose = (next) => {
        about.set("fallback", { channel: next, content: carried(fallback.content, next) });
        show();
    };
    return h("fieldset.group", {},
        h("legend", {}, "Where it cannot go"),
        h("p.hint", {}, "Opted out, no address, or failed for good: then this is sent instead."),
        field("Sent as", select("Other channel", channels, fallback.channel, choose), {
            error: about.error("fallback.channel"),
        }),
        contentFields(about, ["fallback", "content"]),
        h("button.button.quiet.small", {
            type: "button", onclick: () => { about.set("fallback", undefined); show(); },
        }, icon("trash"), "Send nothing instead"));
}

function rules(about) {
    const { quiet_hours: quiet, max_lateness: lateness, channel } = about.value;
    return h("details.group", { open: Boolean(about.error("max_lateness") || about.error("not_after")) },
        h("summary", {}, "Rules"),
        h("div.stack", {},
            channel !== "call_reminder" && checkbox(
                "May go in quiet hours", quiet === "ignore",
                (on) => about.set("quiet_hours", on ? "ignore" : "hold"),
            ),
            duration("May be late by", lateness, (value) => about.set("max_lateness", value), {
                hint: "One day where nothing is said. What would come later is skipped.",
                error: about.error("max_lateness"),
            }),
            textLine(about, "Not after", "not_after", {
                hint: "A date of the record, such as record.starts_at.", placeholder: "record.starts_at",
            }),
            choice(about, "When it failed for good", "on_failure", [
                ["continue", "go on with the next step"], ["exit", "leave the workflow"],
            ])));
}

