// One contact: where it stands in each workflow, what it got and did, and what comes next.

import { h, icon, replace } from "../elements.js";
import { isolated } from "../names.js";
import { call, callMany, follow, readAll } from "../service.js";
import { enrollContact } from "../views/enrollment-actions.js";
import { enrollmentCard } from "../views/enrollment-card.js";
import { keepFocus } from "../views/focus.js";
import { happeningList } from "../views/happening-list.js";
import { KnownVersions } from "../views/known-versions.js";
import { personName } from "../views/people.js";
import { refresher } from "../views/refresh.js";
import { suppressionBadges, suppressionButtons } from "../views/suppression.js";
import { businessZone, zoneText } from "../views/times.js";

const SHOWN = 60;
const MOST = 200;
const FEED_PAGE = 1000;
const FEED_PAGES = 5;

/** Shows the contact, and keeps it fresh. */
export async function show(main, { id }, shell) {
    const zone = await businessZone();
    const view = {
        id, zone, versions: new KnownVersions(), signals: [], shown: SHOWN, isStale: true,
    };
    const load = async () => {
        if (view.isStale) view.signals = await readSignals(id);
        view.isStale = false;
        await read(view);
        if (!main.isConnected) return;
        shell.setTitle(personName(view.contact));
        keepFocus(main, () => replace(main, content(view, more)));
    };
    const more = async () => {
        view.shown = MOST;
        await load();
    };
    const refresh = refresher(main, async ({ isAll }) => {
        view.isStale ||= isAll;
        await load();
    });
    return follow(load, {
        filter: (event) => event.contact === id || event.type === "workflow.state_changed",
        onEvents: (events) => {
            view.signals = [...events.filter(isBeside).reverse(), ...view.signals];
            refresh(events);
        },
    });
}

async function read(view) {
    const [contact, enrollments, executions] = await Promise.all([
        call("contact.get", { id: view.id }),
        readAll("enrollment.list", { contact: view.id }, "enrollments", 200),
        call("execution.list", { contact: view.id, limit: view.shown }),
    ]);
    view.contact = contact;
    view.enrollments = enrollments.items;
    view.history = distinct([...executions.executions, ...view.signals])
        .sort((one, other) => other.seq - one.seq).slice(0, view.shown);
    await view.versions.read([...view.enrollments, ...view.history]);
    await readForecasts(view);
    view.hasMore = Boolean(executions.next) && view.shown < MOST;
}

/** An event may come by the feed and be read besides. */
function distinct(events) {
    return [...new Map(events.map((event) => [event.seq, event])).values()];
}

/** When the coming steps are due, under the facts of today. */
async function readForecasts(view) {
    const active = view.enrollments.filter(
        (each) => each.state === "active" && view.versions.get(each),
    );
    const found = await callMany(active.map((each) => ({
        op: "workflow.preview",
        args: {
            definition: view.versions.get(each).definition, contact: view.id,
            at: each.enrolled_at, ...(each.record && { record: each.record }),
        },
    })));
    view.forecasts = new Map(active.map(({ id }, index) => [id, found[index].steps ?? []]));
}

/** Events that `execution.list` does not have: those about the contact rather than about a step. */
function isBeside({ type }) {
    return /^(signal|contact|enrollment)\./.test(type);
}

/** The newest part of the feed is searched: the service has no list of one contact's signals. */
async function readSignals(id) {
    const { events: { head, floor } } = await call("system.hello");
    const found = [];
    let after = Math.max(floor, head - FEED_PAGE * FEED_PAGES);
    for (let page = 0; page < FEED_PAGES && after < head; page += 1) {
        const { events, next } = await call("events.read", {
            after, limit: FEED_PAGE, families: ["signal", "contact", "enrollment"],
        });
        found.push(...events.filter((event) => event.contact === id));
        if (events.length < FEED_PAGE) break;
        after = next;
    }
    return found.reverse();
}

function content(view, more) {
    const active = view.enrollments.filter(({ state }) => state === "active");
    const past = view.enrollments.filter(({ state }) => state !== "active");
    return h("div.stack", {},
        heading(view),
        h("div.contact-columns", {},
            h("section.stack.tight", { "aria-label": "Workflows" },
                h("h2", {}, "Inside now"),
                active.length ? active.map((each) => card(each, view)) : nowhere(),
                past.length > 0 && h("h2.later", {}, "Before"),
                past.map((each) => card(each, view))),
            h("section.stack.tight", { "aria-label": "History" },
                h("h2", {}, "What happened"), history(view, more))));
}

function card(enrollment, view) {
    return enrollmentCard(enrollment, {
        version: view.versions.get(enrollment),
        person: personName(view.contact), zone: contactZone(view),
        forecast: view.forecasts.get(enrollment.id) ?? [],
    });
}

function contactZone({ contact, zone }) {
    return contact.fields?.time_zone ?? zone;
}

function nowhere() {
    return h("p.card.soft", {}, "This contact is in no workflow now.");
}

function heading(view) {
    const { contact } = view;
    const { fields = {} } = contact;
    const name = personName(contact);
    const facts = [fields.phone, fields.email, `${zoneText(contactZone(view))}`].filter(Boolean);
    return h("div.stack.tight", {},
        h("a.row.back", { href: "#/contacts" }, icon("left"), "All contacts"),
        h("div.page-head.row", {},
            h("div.grow", {},
                h("div.row", {}, h("h1", {}, h("bdi", {}, name)),
                    contact.suppressed && h("span.row", {}, h(
                        "span.soft.small-text", {}, "Unsubscribed from",
                    ),
                        suppressionBadges(contact))),
                h("p.soft", {}, facts.join(" · "))),
            suppressionButtons(contact),
            h("button.button.primary", {
                "data-focus": "enroll", onclick: () => enrollContact(contact.id, name),
            }, icon("plus"), "Add to a workflow")));
}

function history(view, more) {
    if (view.history.length === 0) return h(
        "p.card.soft", {}, "Nothing was sent to this contact yet.",
    );
    const names = view.versions.workflowNames;
    return h("div.card", {},
        happeningList(view.history, {
            zone: contactZone(view),
            stepOf: (event) => view.versions.step(event),
            about: ({ workflow }) => workflow && h("bdi", {},
                isolated(names.get(workflow) ?? "A workflow that is gone")),
        }),
        view.hasMore && h(
            "button.button.quiet", { "data-focus": "more", onclick: more }, "Show earlier",
        ));
}
