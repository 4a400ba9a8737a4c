// Starts the page: routes the address to a page module, and keeps what stands around it.

import { h, icon, replace } from "./elements.js";
import { isolated } from "./names.js";
import { call, connection, watchConnection } from "./service.js";
import { serviceBanner } from "./shell/service-banner.js";
import { topBar } from "./shell/top-bar.js";
import { workflowHeader } from "./shell/workflow-header.js";
import { closeOldToasts } from "./toasts.js";

const ROUTES = [
    [/^workflows$/, "workflows"],
    [/^workflows\/([^/]+)$/, "editor", "edit"],
    [/^workflows\/([^/]+)\/preview$/, "preview", "preview"],
    [/^workflows\/([^/]+)\/live$/, "live", "live"],
    [/^workflows\/([^/]+)\/versions$/, "versions", "versions"],
    [/^new$/, "gallery"],
    [/^contacts$/, "contacts"],
    [/^contacts\/([^/]+)$/, "contact"],
];

const main = document.getElementById("main");
let shown = { hash: null, id: null, leave: null };
let turn = 0;

/**
 * What a page may ask of what stands around it.
 *
 * - `header`: an element beside the workflow's name, for the page's own buttons
 * - `setWorkflow(workflow)`: shows another name, state or revision in the header
 * - `workflow`: the workflow of the page, as it was last read or written
 * - `save`: a page with unsaved changes sets this to `async () => boolean`; true means saved
 * - `leadToWarnings(warnings)`: a page with the workflow's forms sets this; it leads to the first
 * - `changes`: an EventTarget; "workflow" tells that the header changed name, state and revision
 * - `setTitle(text)`: what the browser's tab says
 * - `go(path)`: opens another page, such as "workflows/hello"
 */
const shell = {
    header: h("div.row.page-actions"),
    workflow: null,
    save: null,
    leadToWarnings: null,
    changes: new EventTarget(),
    setWorkflow(workflow) {
        // A page that was left may still read its own.
        if (workflow && workflow.id !== shown.id) return;
        this.workflow = workflow;
        renderHeader();
    },
    setTitle(text) {
        document.title = text ? `${text} · Workflows` : "Workflows";
    },
    go(path) {
        location.hash = `#/${path}`;
    },
};

let tab = null;
let headerShown = null;

/** Renders only what differs: somebody may have a menu open, or the focus on a button. */
function renderHeader() {
    const { id, name, state } = shell.workflow ?? {};
    const wanted = JSON.stringify([id, name, state, tab]);
    if (wanted === headerShown) return;
    headerShown = wanted;
    const place = document.getElementById("workflow");
    replace(place, shell.workflow && workflowHeader({ shell, tab, onChange: headerChanged }));
}

function headerChanged(workflow) {
    shell.setWorkflow({ ...shell.workflow, ...workflow });
    shell.changes.dispatchEvent(new Event("workflow"));
}

function route(hash) {
    const path = hash.replace(/^#\/?/, "") || "workflows";
    for (const [pattern, module, tabName] of ROUTES) {
        const match = pattern.exec(path);
        if (match) return { module, tab: tabName ?? null, id: decoded(match[1]) };
    }
    return { module: null, tab: null };
}

function decoded(part) {
    try {
        return part && decodeURIComponent(part);
    } catch {
        return part;
    }
}

async function navigate({ first = false } = {}) {
    const hash = location.hash;
    if (hash === shown.hash) return;
    if ((await shown.leave?.()) === false) {
        history.replaceState(null, "", shown.hash);
        return;
    }
    await open(hash);
    if (!first) main.focus({ preventScroll: true });
}

/** Fills the page; a later call wins over one that still loads. */
async function open(hash) {
    const mine = ++turn;
    closeOldToasts();
    const target = route(hash);
    shown = { hash, id: target.id, leave: null };
    shell.save = null;
    replace(shell.header);
    replace(main, h("p.soft.loading", {}, "Loading…"));
    main.className = `page-${target.module}`;
    topBar(target.module);
    try {
        const leave = await fill(target, () => mine === turn);
        if (mine === turn) shown.leave = leave ?? null;
        else await leave?.();
    } catch (error) {
        if (mine === turn) fail(error, hash);
    }
    window.scrollTo(0, 0);
}

async function fill(target, isCurrent) {
    if (!target.module) return showNothing();
    const page = await import(`./pages/${target.module}.js`);
    const workflow = target.tab ? await call("workflow.get", { workflow: target.id }) : null;
    if (!isCurrent()) return null;
    tab = target.tab;
    shell.setTitle(workflow && isolated(workflow.name));
    shell.setWorkflow(workflow);
    const body = h("div.page-body");
    replace(main, body);
    return page.show(body, { id: target.id, workflow }, shell);
}

function showNothing() {
    shell.setTitle("Not found");
    shell.setWorkflow(null);
    replace(main, h(
        "div.empty", {}, icon("search"), h("h1", {}, "There is no such page"),
        h("a.button", { href: "#/workflows" }, "See all workflows")));
}

function fail(error, hash) {
    const away = error.code === "unreachable";
    if (!error.code) console.error(error);
    const words = away
        ? "The page opens by itself as soon as the service answers."
        : error.words ?? "Something in this page went wrong. Please load it again.";
    replace(main, h(
        "div.empty", {}, icon("warning"),
        h("h1", {},
            error.code === "not_found" ? "It is not there any more" : "This cannot be shown",
        ),
        h("p", {}, words),
        h("div.row", {},
            h("button.button", { onclick: () => open(hash) }, "Try again"),
            h("a.button", { href: "#/workflows" }, "See all workflows"))));
    if (error.code === "not_found") shell.setWorkflow(null);
    if (away) openWhenUp(hash);
}

function openWhenUp(hash) {
    connection.addEventListener("change", () => {
        if (connection.state === "up" && location.hash === hash) open(hash);
    }, { once: true });
}

window.addEventListener("hashchange", () => navigate());
window.addEventListener("beforeunload", (event) => shell.save && event.preventDefault());
serviceBanner(document.getElementById("notices"));
watchConnection();
navigate({ first: true });
