// The versions of a workflow: who stands on which, and what differs between two.

import { field, h, replace } from "../elements.js";
import { call, follow, readAll, readMany } from "../service.js";
import { contactAddress } from "../views/addresses.js";
import { differenceView } from "../views/difference-view.js";
import { keepFocus } from "../views/focus.js";
import { personName, readPeople } from "../views/people.js";
import { refresher } from "../views/refresh.js";
import { businessZone, momentText } from "../views/times.js";

const PEOPLE = 200;

/** Shows the versions, and keeps them fresh. */
export async function show(main, { id }, shell) {
    const view = { id, zone: await businessZone(), definitions: new Map(), people: new Map() };
    const render = () => keepFocus(main, () => replace(main, content(view, choose)));
    const choose = async (side, version) => {
        view[side] = version;
        await readDefinitions(view);
        render();
    };
    const begin = async () => {
        await load(view);
        [view.now, view.old] = [
            view.versions[0].version, (view.versions[1] ?? view.versions[0]).version,
        ];
        await readDefinitions(view);
        render();
    };
    const refresh = refresher(main, async () => {
        await load(view);
        shell.setWorkflow(await call("workflow.get", { workflow: id }));
        render();
    });
    return follow(begin, {
        filter: (event) => event.workflow === id && /^(workflow|enrollment)\./.test(event.type),
        onEvents: refresh,
    });
}

async function load(view) {
    const [versions, enrollments] = await Promise.all([
        readAll("workflow.versions", { workflow: view.id }, "versions", 500),
        readAll("enrollment.list", { workflow: view.id, state: "active" }, "enrollments", PEOPLE),
    ]);
    view.versions = versions.items;
    view.people = await readPeople(enrollments.items.map(({ contact }) => contact));
    view.inside = new Map(view.versions.map(({ version }) => [
        version, enrollments.items.filter((each) => each.version === version),
    ]));
}

async function readDefinitions(view) {
    const missing = [...new Set([view.old, view.now])]
        .filter((version) => !view.definitions.has(version));
    const found = await readMany(missing.map((version) => (
        { op: "workflow.get", args: { workflow: view.id, version } })));
    missing.forEach((version, index) => {
        view.definitions.set(version, found[index]?.definition ?? null);
    });
}

function content(view, choose) {
    return h("div.version-columns", {},
        h("section.stack.tight", { "aria-label": "Versions" },
            h("h2", {}, "Versions"),
            h("p.soft.small-text", {}, "Each saved change is a version. New contacts take the "
                + "newest; those inside keep the one they entered with."),
            h("ol.stack.tight", {}, view.versions.map((version) => card(version, view, choose)))),
        h("section.stack.tight", { "aria-label": "Difference" },
            h("h2", {}, "What differs"), comparison(view, choose)));
}

function card({ version, created_at, inside, newest }, view, choose) {
    const people = view.inside.get(version) ?? [];
    const at = view.versions.findIndex((each) => each.version === version);
    const previous = view.versions[at + 1]?.version;
    return h("li.card.version", {
        "data-version": version, class: version === view.now ? "chosen" : "",
    },
        h("div.row", {},
            h("h3.grow", {}, `Version ${version}`),
            newest && h("span.badge.info", {}, "Newest"),
        ),
        h("p.soft.small-text", {}, momentText(created_at, view.zone)),
        inside > 0 ? whoIsInside(version, inside, people, view) : h(
            "p.small-text.soft", {}, "Nobody is inside.",
        ),
        previous !== undefined && h("button.button.quiet.small", {
            "data-focus": `compare-${version}`,
            onclick: async () => {
                view.old = previous;
                await choose("now", version);
            },
        }, `What changed in version ${version}?`));
}

function whoIsInside(version, inside, people, view) {
    const more = inside - people.length;
    return h("details", { "data-focus": `inside-${version}` },
        h("summary", {}, inside === 1 ? "One contact inside" : `${inside} contacts inside`),
        h("ul.names", {}, people.map(({ contact }) => h("li", {}, h("a", {
            href: contactAddress(contact),
        }, h("bdi", {}, personName(view.people.get(contact)))))),
        more > 0 && h("li.soft", {}, `and ${more} more`)));
}

function comparison(view, choose) {
    if (view.versions.length < 2) {
        return h("p.card.soft", {},
            "There is one version only. As soon as a change is saved, you see here what changed.",
        );
    }
    const select = (side) => h("select", {
        value: String(view[side]), "data-focus": side,
        onchange: (event) => choose(side, Number(event.target.value)),
    }, view.versions.map(
        ({ version }) => h("option", { value: String(version) }, `Version ${version}`),
    ));
    const [old, now] = [view.definitions.get(view.old), view.definitions.get(view.now)];
    return [
        h("div.row.compare", {}, field("From", select("old")), field("To", select("now"))),
        old && now ? differenceView(old, now)
            : h("p.card.soft", {}, "One of these versions is not kept any more."),
    ];
}
