// How a workflow does right now: who stands where, what went out, and what just happened.

import { h, icon, replace } from "../elements.js";
import { call, follow, readAll } from "../service.js";
import { contactAddress } from "../views/addresses.js";
import { enrollInto } from "../views/enrollment-actions.js";
import { keepFocus } from "../views/focus.js";
import { happeningList } from "../views/happening-list.js";
import { exitWords } from "../views/happenings.js";
import { insideList } from "../views/inside-list.js";
import { KnownVersions } from "../views/known-versions.js";
import { personName, readPeople } from "../views/people.js";
import { refresher } from "../views/refresh.js";
import { formerSteps, stepCounts } from "../views/step-counts.js";
import { businessZone } from "../views/times.js";

const LATEST = 10;
const TOLD = [
    "message.sent", "message.accepted", "message.delivered", "message.failed", "message.unknown",
    "message.held", "message.skipped", "flag.raised",
];

/** Shows the counts, and keeps them fresh. */
export async function show(main, { id, workflow }, shell) {
    const view = {
        id, workflow, shown: 25, comings: [], versions: new KnownVersions(),
        zone: await businessZone(),
    };
    const render = () => keepFocus(main, () => replace(main, content(view, more)));
    const load = async () => {
        await read(view);
        render();
    };
    const more = async () => {
        view.shown += 50;
        await load();
    };
    const refresh = refresher(main, async ({ events, isAll }) => {
        const isStale = isAll || events.some(({ type }) => type.startsWith("workflow."));
        if (isStale) await readWorkflow(view, shell);
        await load();
    });
    return follow(load, {
        filter: (event) => event.workflow === id || /^(signal|contact)\./.test(event.type),
        onEvents: (events) => {
            const comings = events.filter((event) => isComing(event, view)).reverse();
            view.comings = [...comings, ...view.comings].slice(0, LATEST);
            refresh(events);
        },
    });
}

/** Who came and went, and what those who are known here did: `execution.list` does not tell. */
function isComing({ type, workflow, contact }, view) {
    return type.startsWith("enrollment.")
        ? workflow === view.id : type === "signal.received" && view.people.has(contact);
}

async function readWorkflow(view, shell) {
    view.workflow = await call("workflow.get", { workflow: view.id });
    shell.setWorkflow(view.workflow);
}

async function read(view) {
    const about = { workflow: view.id };
    const [stats, inside, latest] = await Promise.all([
        call("workflow.stats", about), readInside(view),
        call("execution.list", { ...about, types: TOLD, limit: LATEST }),
    ]);
    const events = [
        ...latest.executions, ...view.comings,
    ].sort((one, other) => other.seq - one.seq).slice(0, LATEST);
    const ids = [...inside.enrollments, ...events].map(({ contact }) => contact).filter(Boolean);
    Object.assign(view, { stats, inside, latest: events, people: await readPeople(ids) });
    await view.versions.read([...inside.enrollments, ...events, ...await olderVersions(view)]);
}

/** Where somebody stands at a step that is gone by now, the versions that may know its name. */
async function olderVersions({ id, workflow, stats }) {
    if (formerSteps(workflow.definition, stats).length === 0) return [];
    const { items } = await readAll("workflow.versions", { workflow: id }, "versions", 500);
    return items.filter(({ inside }) => inside > 0)
        .map(({ version }) => ({ workflow: id, version }));
}

async function readInside({ id, shown }) {
    const enrollments = [];
    let cursor;
    do {
        const limit = Math.min(200, shown - enrollments.length);
        const page = await call("enrollment.list", {
            workflow: id, state: "active", limit, ...(cursor && { cursor }),
        });
        enrollments.push(...page.enrollments);
        cursor = page.next;
    } while (cursor && enrollments.length < shown);
    return { enrollments, more: Boolean(cursor) };
}

function content(view, more) {
    const steps = stepCounts(view.workflow.definition, view.stats, view.versions);
    return h("div.stack.live", {},
        h("h2.visually-hidden", {}, "Live view"),
        tiles(view.stats),
        h("div.live-columns", {},
            section("Steps", h("h2", {}, "Where they stand"), steps),
            h("div.stack", {},
                section("Contacts inside",
                    [h("h2.grow", {}, "Contacts inside"), addButton(view)], insideList(view, more)),
                section("Latest", h("h2", {}, "What happened last"), latest(view)))));
}

function section(label, head, body) {
    return h("section.stack.tight", { "aria-label": label },
        h("div.row.section-head", {}, head), body);
}

function tiles(stats) {
    const all = [
        ["inside", "Inside now"], ["entered", "Entered"], ["finished", "Went through"],
        ["exited", "Left early", exits(stats)], ["unenrolled", "Taken out"],
    ];
    return h("dl.tiles", {}, all.map(([name, label, detail]) => h(
        "div.card.tile", { "data-count": name },
        h("dt", {}, label),
        h("dd", {},
            h("span.tile-number", {}, stats[name]),
            detail && h("span.soft.small-text", {}, detail)))));
}

function exits({ exits: counts = {} }) {
    return Object.entries(counts).filter(([, count]) => count > 0)
        .map(([exit, count]) => `${count} ${exitWords(exit)}`).join(", ");
}

function addButton({ workflow }) {
    const open = workflow.state === "active";
    return h("button.button.small", {
        "data-focus": "add", disabled: !open,
        title: open ? null : "Contacts can be added while the workflow is active.",
        onclick: () => enrollInto(workflow),
    }, icon("plus"), "Add a contact");
}

function latest(view) {
    if (view.latest.length === 0) {
        return h("p.card.soft", {}, "Nothing was sent yet. What happens shows here by itself.");
    }
    return h("div.card", {}, happeningList(view.latest, {
        zone: view.zone,
        brief: true,
        stepOf: (event) => view.versions.step(event),
        about: (event) => event.contact && h("a", {
            href: contactAddress(event.contact),
            "data-focus": `event-${event.seq}`,
        }, h("bdi", {}, personName(view.people.get(event.contact)))),
    }));
}
