// What a contact would read: rendered by the service, so that it is what will be sent.

import { h, icon, replace } from "../../elements.js";
import { call, connection } from "../../service.js";
import { fieldName } from "../../words.js";
import { sampleContact, sampleRecord } from "../samples.js";

const PAUSE_MS = 350;

/** @returns {{element: HTMLElement, stop: function()}} it follows the draft until it is stopped */
export function messagePreview(session) {
    const body = h("div.preview-body", { "aria-live": "polite" });
    const element = h("section.message-preview", { "aria-label": "Preview" },
        h("h3", {}, "Preview", h("span.soft.small-text", {}, " for Ann Lee, a sample")), body);
    let timer = null;
    let turn = 0;
    const refresh = async () => {
        turn += 1;
        const current = turn;
        const shown = await preview(session).catch((error) => problem(error, session));
        if (current === turn) replace(body, shown);
    };
    const later = () => {
        clearTimeout(timer);
        timer = setTimeout(refresh, PAUSE_MS);
    };
    const again = () => connection.state === "up" && refresh();
    session.addEventListener("draft", later);
    connection.addEventListener("change", again);
    refresh();
    return {
        element,
        stop() {
            clearTimeout(timer);
            turn += 1;
            session.removeEventListener("draft", later);
            connection.removeEventListener("change", again);
        },
    };
}

/** The step by itself: others may be unfinished still. */
async function preview({ draft, step }) {
    if (!step) return null;
    const { steps } = await call("workflow.preview", {
        definition: { name: draft.name || "Preview", steps: [step] },
        contact: { fields: sampleContact() }, record: { fields: sampleRecord(draft) },
    });
    return steps.map((one) => [notice(one), one.content && rendered(one)]);
}

function problem(error, session) {
    return h("p.preview-problem", {}, icon("warning"), problemWords(error, session));
}

function problemWords({ code, words }, { errors }) {
    if (code === "unreachable") return "The preview comes back as soon as the service answers.";
    if (errors.some(({ message }) => message === words)) return "Not shown until that is fixed.";
    return words ?? "It cannot be shown.";
}

function notice(step) {
    if (step.outcome !== "skipped") return null;
    const missing = step.detail ? ` Missing: ${fieldName(step.detail)}.` : "";
    return h("p.preview-problem", {}, icon("warning"), `It would be skipped. ${step.explanation}${missing}`);
}

/**
 * @param {object} step of a preview, with its rendered content
 * @returns {HTMLElement[]} the message as it looks
 */
export function rendered({ channel, content, segments }) {
    const { subject, title, text, html, notes } = content;
    return [
        h("div.bubble", { class: `channel-${channel}` },
            (subject ?? title) && h("strong.bubble-title", {}, subject ?? title),
            h("p", {}, text ?? notes ?? "")),
        segments && h("p.soft.small-text.segments", {}, segmentWords(segments)),
        html && h("details.html-details", {}, h("summary", {}, "As HTML"), htmlFrame(html)),
    ];
}

function segmentWords({ encoding, characters, segments }) {
    const alphabet = encoding === "gsm7" ? "" : ", because of a character beyond the plain alphabet";
    return `${characters} characters, ${segments} ${segments === 1 ? "segment" : "segments"}${alphabet}`;
}

/** Nothing in it runs, loads or leaves. */
function htmlFrame(html) {
    const policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">";
    return h("iframe.html-preview", { sandbox: "", title: "The email as HTML", srcdoc: policy + html });
}
