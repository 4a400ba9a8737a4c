// The steps from top to bottom, with how many stand at each and what became of its messages.

import { h, icon } from "../elements.js";
import { isolated } from "../names.js";
import { reasonWords, stepSummary, stepTitle } from "../words.js";
import { LOST_STEP } from "./known-versions.js";
import { flatten, stepIcon } from "./steps.js";

const COUNTS = [
    ["sent", "sent", ""], ["delivered", "delivered", "good"], ["opened", "opened", ""],
    ["clicked", "clicked", ""], ["replied", "replied", "info"], ["failed", "failed", "danger"],
    ["unknown", "in doubt", "warn"],
];

/**
 * @param {object} definition the newest
 * @param {object} stats of `workflow.stats`
 * @param {import("./known-versions.js").KnownVersions} versions those that contacts inside have
 * @returns {HTMLElement}
 */
export function stepCounts(definition, stats, versions) {
    const counts = new Map(stats.steps.map((each) => [each.step, each]));
    const rows = flatten(definition.steps);
    if (rows.length === 0) {
        return h("p.card.soft", {}, "This workflow has no steps yet. Add some on the page Edit.");
    }
    const former = formerSteps(definition, stats);
    return h("ol.step-counts.card.flush", {},
        rows.map((row) => line(row, counts.get(row.step.id), definition)),
        former.map((each) => formerLine(each, versions.titleOf(each.step))));
}

/**
 * @param {object} definition the newest
 * @param {object} stats of `workflow.stats`
 * @returns {object[]} the counts of steps that it does not have, and where somebody still stands
 */
export function formerSteps({ steps = [] }, stats) {
    const known = new Set(flatten(steps).map(({ step }) => step.id));
    return stats.steps.filter(({ step, inside }) => inside > 0 && !known.has(step));
}

function line({ step, depth, path, branch }, count, definition) {
    const record = definition.entry?.record;
    const [title, summary] = [stepTitle(step, record), stepSummary(step, record)];
    const element = h("li.step-count", { "data-step": step.id, class: `kind-${step.kind}` },
        h("span.step-mark", {}, icon(stepIcon(step))),
        h("div.grow", {},
            branch && h("p.path-name", {}, path === "otherwise" ? "Otherwise" : isolated(path)),
            h("h3", {}, h("bdi", {}, title)),
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
                "path", number, `went ${path === "otherwise" ? "otherwise" : `“${isolated(path)}”`}`, "",
            ),
        );
    return [...plain, ...skipped, ...paths];
}

function chip(name, number, words, kind) {
    return h("span.badge", { class: kind, "data-count": name }, `${number} ${words}`);
}

function formerLine({ step, inside }, title = LOST_STEP) {
    return h("li.step-count.former", { "data-step": step },
        h("span.step-mark", {}, icon("clock")),
        h("div.grow", {}, h("h3", {}, h("bdi", {}, title)),
            h("p.soft.small-text", {},
                "Of an earlier version. Only contacts that entered before still pass it.")),
        insideMark({ inside }));
}
