// One enrollment of a contact: where it stands, the path it took, and what comes next.

import { h, icon } from "../elements.js";
import { isolated } from "../names.js";
import { reasonWords, stepSummary, stepTitle } from "../words.js";
import { workflowAddress } from "./addresses.js";
import { resolveMessage, takeOut } from "./enrollment-actions.js";
import { exitWords, waitWords } from "./happenings.js";
import { LOST_STEP } from "./known-versions.js";
import { recordLabel } from "./record-picker.js";
import { stepIcon, flatten } from "./steps.js";
import { momentText } from "./times.js";

const OPEN_STEPS = 8;
const ENDS = {
    finished: () => "Went through",
    exited: ({ exit }) => `Left: ${exitWords(exit)}`,
    unenrolled: () => "Was taken out",
};

/**
 * @param {object} enrollment
 * @param {object} about
 * @param {object|undefined} about.version the workflow as it was when the contact entered
 * @param {string} about.person
 * @param {string} about.zone the contact's
 * @param {object[]} about.forecast the steps of a preview from the day on which it entered
 * @returns {HTMLElement}
 */
export function enrollmentCard(enrollment, { version, person, zone, forecast }) {
    const name = isolated(version?.name ?? "A workflow that is gone");
    const rows = flatten(version?.definition.steps ?? []);
    const active = enrollment.state === "active";
    return h("article.card.stack.tight.enrollment", { "data-workflow": enrollment.workflow },
        h("div.row", {},
            h("h3.grow", {}, title(enrollment, name, version)),
            h("span.badge", { class: active ? "info" : "" },
                active ? "Inside" : ENDS[enrollment.state](enrollment))),
        active && standing(enrollment, rows, zone),
        path(enrollment, rows, zone),
        active && next(enrollment, rows, { forecast, zone }),
        h("p.soft.small-text", {}, entered(enrollment, zone)),
        active && buttons(enrollment, { person, workflow: name }));
}

/** The workflow's name; a link where it is there still. */
function title({ id, workflow, record }, name, version) {
    const address = { href: workflowAddress(workflow, "live"), "data-focus": `${id}-workflow` };
    const about = record && h("span.soft.small-text", {}, ` · ${recordLabel(record)}`);
    return [h("bdi", {}, version ? h("a", address, name) : name), about];
}

function standing(enrollment, rows, zone) {
    const step = rows.find((row) => row.step.id === enrollment.step)?.step;
    return h("div.standing.row", {},
        icon(step ? stepIcon(step) : "clock"),
        h("div.grow", {}, h("strong", {}, h("bdi", {}, step ? stepTitle(step) : LOST_STEP)),
            h("p.small-text", {}, waitWords(enrollment, zone))));
}

function path(enrollment, rows, zone) {
    const titles = new Map(rows.map(({ step }) => [step.id, step]));
    const visits = enrollment.path ?? [];
    if (visits.length === 0) return null;
    return h("details", { "data-focus": `${enrollment.id}-path` },
        h("summary", {}, visits.length === 1 ? "Path: one step" : `Path: ${visits.length} steps`),
        h("ol.path", {}, visits.map(({ step, at }) => h("li.row", {},
            icon(titles.has(step) ? stepIcon(titles.get(step)) : "clock"),
            h("span.grow", {}, h("bdi", {},
                titles.has(step) ? stepTitle(titles.get(step)) : LOST_STEP)),
            h("time.soft.small-text", { datetime: at }, momentText(at, zone))))));
}

/** The steps behind the present one, in the contact's own version; a branch decides on its turn. */
function next(enrollment, rows, { forecast, zone }) {
    const at = rows.findIndex((row) => row.step.id === enrollment.step);
    const inPaths = new Set(siblings(rows, at));
    const coming = at < 0 ? [] : rows.slice(at + 1).filter((row) => !inPaths.has(row));
    return h("details", {
        "data-focus": `${enrollment.id}-next`, open: coming.length > 0 && coming.length <= OPEN_STEPS,
    },
        h("summary", {}, coming.length ? "What comes next" : "This is the last step"),
        h("ol.path", {}, coming.map(({ step, depth, path: name }) => {
            const line = h("li.row", {}, icon(stepIcon(step)),
                h("span.grow", {}, h("bdi", {}, stepTitle(step)), name && h("span.soft", {}, ` · if ${isolated(name)}`)),
                h("span.soft.small-text", {}, dueWords(step, enrollment, forecast, zone)));
            line.style.setProperty("--depth", depth);
            return line;
        })));
}

/** When the step is due if all goes as planned, or why it would be left out. */
function dueWords(step, { next_at, since }, forecast, zone) {
    const due = forecast.find((each) => each.step === step.id);
    if (due?.outcome === "skipped") return `would be skipped: ${reasonWords(due.reason)}`;
    // A forecast in the past is worth nothing: the contact is behind it.
    if (!due || due.at < (next_at ?? since)) return step.kind === "delay" ? stepSummary(step) : "";
    return momentText(due.at, zone);
}

/** Steps of the other paths of the branches that the present step is in: they will not come. */
function siblings(rows, at) {
    const present = rows[at];
    if (!present?.branch) return [];
    return rows.slice(at + 1).filter(
        (row) => row.branch === present.branch && row.path !== present.path,
    );
}

function entered({ version, enrolled_at, source, ended_at }, zone) {
    const how = {
        manual: "by hand", smart_automation: "by Smart Automation", trigger: "by itself",
        import: "by an import",
    }[source?.kind];
    const when = [momentText(enrolled_at, zone), how].filter(Boolean).join(" ");
    const words = `Entered ${when}, version ${version}`;
    return ended_at ? `${words}. Ended ${momentText(ended_at, zone)}.` : `${words}.`;
}

function buttons(enrollment, names) {
    return h("div.row", {},
        enrollment.waits_for === "resolution" && h("button.button.small", {
            "data-focus": `${enrollment.id}-resolve`, onclick: () => resolveMessage(enrollment),
        }, "Did it go?"),
        h("button.button.small", {
            "data-focus": `${enrollment.id}-out`, onclick: () => takeOut(enrollment, names),
        }, icon("exit"), "Take out"));
}
