// The steps from top to bottom, with how many stand at each and what became of its messages.

import { h, icon } from "../elements.js";
import { reasonWords, stepSummary, stepTitle } from "../words.js";
import { flatten, stepIcon } from "./steps.js";

const COUNTS = [
    ["sent", "sent", ""], ["delivered", "delivered", "good"], ["opened", "opened", ""],
    ["clicked", "clicked", ""], ["replied", "replied", "info"], ["failed", "failed", "danger"],
    ["unknown", "in doubt", "warn"],
];

/**
 * @param {object} definition the newest
 * @param {object} stats of `workflow.stats`
 * @returns {HTMLElement}
 */
export function stepCounts(definition, stats) {
    const counts = new Map(stats.steps.map((each) => [each.step, each]));
    const rows = flatten(definition.steps);
    if (rows.length === 0) {
        return h("p.card.soft", {}, "This workflow has no steps yet. Add some on the page Edit.");
    }
    const known = new Set(rows.map(({ step }) => step.id));
    const former = stats.steps.filter(({ step, inside }) => inside > 0 && !known.has(step));
    return h("ol.step-counts.card.flush", {},
        rows.map((row) => line(row, counts.get(row.step.id), definition)),
        former.map((each) => formerLine(each)));
}

function line({ step, depth, path, branch }, count, definition) {
    const record = definition.entry?.record;
    const [title, summary] = [stepTitle(step, record), stepSummary(step, record)];
    const element = h("li.step-count", { "data-step": step.id, class: `kind-${step.kind}` },
        h("span.step-mark", {}, icon(stepIcon(step))),
        h("div.grow", {},
            branch && h("p.path-name", {}, path === "otherwise" ? "Otherwise" : path),
            h("h3", {}, title),
            summary !== title && h("p.soft.small-text.one-line", {}, summary),
            h("div.row.chips", {}, chips(step, count))),
        insideMark(count));
    element.style.setProperty("--depth", depth);
    return element;
}

function insideMark(count) {
    const inside = count?.inside ?? 0;
    return h("div.inside-mark", { "data-count": "inside", class: inside ? "some" : "" },
        h("span.inside-number", {}, inside), h("span.small-text", {}, "here"));
}

function chips(step, count) {
    if (!count) return null;
    const plain = COUNTS.filter(([name]) => count[name] > 0)
        .map(([name, words, kind]) => chip(name, count[name], words, kind));
    const skipped = Object.entries(count.skipped ?? {}).filter(([, number]) => number > 0)
        .map(
            ([reason, number]) => chip(
                "skipped", number, `skipped: ${reasonWords(reason)}`, "warn",
            ),
        );
    const paths = Object.entries(count.paths ?? {}).filter(([, number]) => number > 0)
        .map(
            ([path, number]) => chip(
                "path", number, `went ${path === "otherwise" ? "otherwise" : `“${path}”`}`, "",
            ),
        );
    return [...plain, ...skipped, ...paths];
}

function chip(name, number, words, kind) {
    return h("span.badge", { class: kind, "data-count": name }, `${number} ${words}`);
}

function formerLine({ step, inside }) {
    return h("li.step-count.former", { "data-step": step },
        h("span.step-mark", {}, icon("clock")),
        h("div.grow", {}, h("h3", {}, "A step of an earlier version"),
            h("p.soft.small-text", {},
                `Called ${step}; contacts that entered before still pass it.`,
            )),
        insideMark({ inside }));
}
