// A template's timeline in small: its steps in a row, with the waiting between them.

import { h, icon } from "../elements.js";
import { clockWords } from "../words.js";
import { stepIcon } from "./steps.js";

const MOST = 9;

/**
 * @param {object} definition
 * @returns {HTMLElement} a drawing that screen readers read as one sentence
 */
export function templatePicture({ steps }) {
    const sent = steps.filter(({ kind }) => kind === "message").length;
    const words = `${steps.length} steps, ${sent} of them messages`;
    return h("div.picture", { role: "img", "aria-label": words },
        steps.slice(0, MOST).map((step) => (step.kind === "delay"
            ? h("span.picture-wait", {}, shortDelay(step))
            : h("span.picture-step", { class: `kind-${step.kind}` }, icon(stepIcon(step))))),
        steps.length > MOST && h("span.soft", {}, "…"));
}

/** Such as "7 d", "30 d before": there is room for no more. */
function shortDelay({ for: length = {}, at }) {
    const [unit, count] = Object.entries(length).find(([, value]) => value) ?? [];
    if (!unit) return at ? clockWords(at) : "wait";
    const name = { weeks: "wk", days: "d", hours: "h", minutes: "min" }[unit];
    return `${count < 0 ? "−" : ""}${Math.abs(count)} ${name}`;
}
