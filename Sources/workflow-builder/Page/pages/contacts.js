// All contacts, found by name, phone or email.

import { h, icon, replace } from "../elements.js";
import { follow, readAll, readMany } from "../service.js";
import { contactAddress } from "../views/addresses.js";
import { keepFocus } from "../views/focus.js";
import { matches, personName } from "../views/people.js";
import { refresher } from "../views/refresh.js";
import { suppressionBadges } from "../views/suppression.js";
import { tableFrame } from "../views/table-frame.js";

const MOST = 5000;
const PAGE = 50;
const COLUMNS = ["Name", "Phone", "Email", "Unsubscribed"];

/** Shows the list, and keeps it fresh. */
export async function show(main, _, shell) {
    shell.setTitle("Contacts");
    const view = { people: [], isCut: false, search: "", shown: PAGE };
    const list = h("div");
    const render = () => keepFocus(list, () => replace(list, content(view, more)));
    const more = () => {
        view.shown += PAGE;
        render();
    };
    const begin = async () => {
        await load(view);
        replace(main, h("div.stack", {}, heading(view, render), list));
        render();
    };
    const refresh = refresher(main, async (news) => {
        await readStale(view, news);
        render();
    });
    return follow(begin, {
        filter: ({ type }) => /^(contact\.|enrollment\.created)/.test(type),
        onEvents: refresh,
    });
}

async function load(view) {
    const { items, more } = await readAll("contact.list", {}, "contacts", MOST);
    view.people = items.sort(byName);
    view.isCut = more;
}

/** Only those to whom something happened are read again. */
async function readStale(view, { events, isAll }) {
    if (isAll) return load(view);
    const ids = [...new Set(events.map(({ contact }) => contact))];
    const found = await readMany(ids.map((id) => ({ op: "contact.get", args: { id } })));
    const others = view.people.filter(({ id }) => !ids.includes(id));
    view.people = [...others, ...found.filter(Boolean)].sort(byName);
}

function byName(one, other) {
    return personName(one).localeCompare(personName(other));
}

function heading(view, render) {
    const search = h("input", {
        type: "search", placeholder: "Name, phone or email", "aria-label": "Search contacts",
        oninput: (event) => {
            view.search = event.target.value;
            view.shown = PAGE;
            render();
        },
    });
    return h("div.page-head.row", {}, h("h1.grow", {}, "Contacts"),
        h("div.search", {}, icon("search"), search));
}

function content(view, more) {
    if (view.people.length === 0) {
        return h("div.card.empty", {}, icon("person"), h("h2", {}, "No contacts yet"),
            h("p", {}, "They come from your CRM as soon as one enters a workflow, or when you add "
                + "one by hand on the page Live of a workflow."));
    }
    const found = view.people.filter((person) => matches(person, view.search.trim()));
    if (found.length === 0) {
        return h("div.card.empty", {}, icon("search"), h("h2", {}, "Nobody found"),
            h("p", {}, "Try a part of the name, the phone number or the email address."));
    }
    return h("div.stack.tight", {},
        tableFrame("Contacts", h("table.table", {},
            h("thead", {}, h("tr", {}, COLUMNS.map((title) => h("th", {}, title)))),
            h("tbody", {}, found.slice(0, view.shown).map(row)))),
        found.length > view.shown && moreButton(found.length, more),
        view.isCut && h("p.soft", {}, `These are the first ${MOST} contacts.`));
}

function moreButton(count, more) {
    return h("button.button.quiet", { "data-focus": "more", onclick: more },
        `Show more of ${count}`);
}

function row(person) {
    const { id, fields = {} } = person;
    return h("tr", {},
        h("td", {}, h("a.row-title", { href: contactAddress(id), "data-focus": id },
            h("bdi", {}, personName(person)))),
        h("td", {}, fields.phone ?? ""),
        h("td", {}, fields.email ?? ""),
        h("td", {}, suppressionBadges(person)));
}
