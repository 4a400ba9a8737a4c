// All workflows: their state, who is inside, and the way to a new one.

import { h, icon, replace } from "../elements.js";
import { isolated } from "../names.js";
import { follow, readAll, readMany } from "../service.js";
import { stateBadge } from "../shell/state-actions.js";
import { workflowAddress } from "../views/addresses.js";
import { keepFocus } from "../views/focus.js";
import { tableFrame } from "../views/table-frame.js";
import { refresher } from "../views/refresh.js";
import { businessZone, momentText } from "../views/times.js";
import { zoneNotice } from "../views/zone-notice.js";

const STATES = [
    ["", "All"],
    ["active", "Active"],
    ["draft", "Drafts"],
    ["paused", "Paused"],
    ["halted", "Halted"],
];

/** Shows the list, and keeps it fresh. */
export async function show(main, _, shell) {
    shell.setTitle("");
    const view = {
        workflows: [],
        stats: new Map(),
        search: "",
        state: "",
        zone: await businessZone(),
    };
    const list = h("div");
    const notice = h("div");
    const render = () => renderList(list, view);
    const begin = async () => {
        await readList(view);
        await readStats(view, view.workflows.map(({ id }) => id));
        replace(main, h("div.stack", {}, heading(view, render), notice, list));
        render();
    };
    const refresh = refresher(main, async (news) => {
        await readStale(view, news);
        render();
    });
    const stop = await follow(begin, {
        filter: ({ type }) => /^(workflow|enrollment)\./.test(type),
        onEvents: refresh,
    });
    zoneNotice(notice, async () => { view.zone = await businessZone(); render(); });
    return stop;
}

/** The statistics of one workflow are long: only those of workflows that it happened in are read. */
async function readStale(view, { events, isAll }) {
    const stale = new Set(events.map(({ workflow }) => workflow));
    if (isAll || events.some(({ type }) => type.startsWith("workflow."))) await readList(view);
    await readStats(view, view.workflows.map(({ id }) => id)
        .filter((id) => isAll || stale.has(id) || !view.stats.has(id)));
}

async function readList(view) {
    const { items } = await readAll("workflow.list", {}, "workflows");
    view.workflows = items.sort((one, other) => one.name.localeCompare(other.name));
}

async function readStats(view, ids) {
    const found = await readMany(
        ids.map((id) => ({ op: "workflow.stats", args: { workflow: id } })),
    );
    ids.forEach((id, index) => view.stats.set(id, found[index]));
}

function heading(view, render) {
    const search = h("input", {
        type: "search", placeholder: "Search workflows", "aria-label": "Search workflows",
        oninput: (event) => { view.search = event.target.value; render(); },
    });
    const states = h("select", {
        "aria-label": "State", onchange: (event) => { view.state = event.target.value; render(); },
    }, STATES.map(([value, label]) => h("option", { value }, label)));
    return h("div.page-head.row", {},
        h("h1.grow", {}, "Workflows"),
        view.workflows.length > 0 && h(
            "div.row.filters", {}, h("div.search", {}, icon("search"), search), states,
        ),
        h("a.button.primary", { href: "#/new" }, icon("plus"), "New workflow"));
}

function renderList(list, view) {
    const wanted = view.search.trim().toLowerCase();
    const found = view.workflows.filter(({ name, state }) =>
        name.toLowerCase().includes(wanted) && (!view.state || state === view.state));
    keepFocus(list, () => replace(list, content(found, view)));
}

function content(found, view) {
    if (view.workflows.length === 0) return nothingYet();
    if (found.length === 0) {
        return h("div.card.empty", {}, icon("search"), h("h2", {}, "No workflow fits"),
            h("p", {}, "Try another word, or another state."));
    }
    const head = h("tr", {},
        h("th", {}, "Name"), h("th", {}, "State"), h("th.number", {}, "Inside"),
        h("th.number", {}, "Entered"), h("th", {}, "Last change"));
    return tableFrame("Workflows", h("table.table.workflows", {},
        h("thead", {}, head),
        h("tbody", {}, found.map((workflow) => row(workflow, view)))));
}

function row(workflow, view) {
    const { id, name, description, state, updated_at } = workflow;
    const stats = view.stats.get(id);
    return h("tr", { "data-workflow": id },
        h("td", {},
            h("a.row-title", { href: workflowAddress(id), "data-focus": id },
                h("bdi", {}, isolated(name))),
            description && h("p.soft.small-text.one-line", {}, isolated(description))),
        h("td", {}, stateBadge(state)),
        h("td.number", {}, stats?.inside > 0 ? insideLink(workflow, stats) : "0"),
        h("td.number", {}, stats?.entered ?? "0"),
        h("td.soft", {}, momentText(updated_at, view.zone)));
}

function insideLink({ id, name }, { inside }) {
    return h("a", {
        href: workflowAddress(id, "live"),
        "data-focus": `${id}/live`,
        "aria-label": `${inside} inside ${isolated(name)}`,
    }, inside);
}

function nothingYet() {
    return h("div.card.empty", {}, icon("branch"),
        h("h2", {}, "No workflows yet"),
        h("p", {}, "A workflow sends texts and emails for you, waits as long as you say, and stops "
            + "when the customer replies, books or pays."),
        h("a.button.primary", { href: "#/new" }, "Start from a template"));
}

