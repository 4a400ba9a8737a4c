// Chooses a contact: by searching among those there are, or by typing a new one.

import { field, h, icon, replace } from "../elements.js";
import { readAll } from "../service.js";
import { newId } from "./new-id.js";
import { matches, personName } from "./people.js";

const SHOWN = 6;
const NEW_FIELDS = [
    ["first_name", "First name", "text"], ["last_name", "Last name", "text"],
    ["phone", "Phone, with + and country code", "tel"], ["email", "Email", "email"],
];

/**
 * @param {function()} [onChange] after somebody was chosen, typed or given up
 * @returns {{element: HTMLElement, value: function(): object|null}} `value` is what a command takes
 *     as `contact`: an id, or an id with fields for a new one; null where none is chosen
 */
export function personPicker(onChange = () => {}) {
    const element = h("div.stack.tight.person-picker", { oninput: () => onChange() });
    const people = readAll("contact.list", {}, "contacts").then((list) => list.items, () => []);
    const inputs = new Map(NEW_FIELDS.map(([name, , type]) => [name, h("input", { type })]));
    let read = () => null;

    function search() {
        read = () => null;
        replace(element, searchForm(people, choose), link("plus", "A new contact", type));
    }

    function choose(person) {
        read = () => person.id;
        const again = h("button.button.small", { type: "button", onclick: () => move(search) },
            "Choose another");
        const name = h("strong.grow", {}, h("bdi", {}, personName(person)));
        replace(element, h("div.row.chosen", {}, icon("person"), name, again));
        again.focus();
        onChange();
    }

    function type() {
        read = () => newPerson(inputs);
        const fields = NEW_FIELDS.map(([name, label]) => field(label, inputs.get(name)));
        replace(element, h("div.fields-2", {}, fields), link("search", "Search instead", search));
    }

    /** What was clicked is gone then, so the focus goes to the first field. */
    function move(form) {
        form();
        element.querySelector("input").focus();
        onChange();
    }

    function link(drawing, label, form) {
        return h("button.button.quiet.small", { type: "button", onclick: () => move(form) },
            icon(drawing), label);
    }

    search();
    return { element, value: () => read() };
}

function searchForm(people, choose) {
    const list = h("ul.choices");
    const input = h("input", {
        type: "search", autocomplete: "off", placeholder: "Name, phone or email",
        oninput: () => showFound(list, people, input.value, choose),
    });
    showFound(list, people, "", choose);
    return [field("Contact", input), list];
}

async function showFound(list, people, text, choose) {
    const found = (await people).filter((person) => matches(person, text.trim()));
    replace(list,
        found.slice(0, SHOWN).map((person) => h("li", {}, choice(person, choose))),
        found.length === 0 && h("li.soft", {}, "Nobody is called that."));
}

function choice(person, choose) {
    const { id, fields } = person;
    return h("button.choice", { type: "button", onclick: () => choose(person) },
        h("bdi", {}, personName(person)),
        h("span.soft.small-text", {}, fields.phone ?? fields.email ?? id));
}

function newPerson(inputs) {
    const typed = [...inputs].map(([name, input]) => [name, input.value.trim()]);
    const fields = Object.fromEntries(typed.filter(([, text]) => text));
    if (Object.keys(fields).length === 0) return null;
    return { id: newId(personName({ id: "", fields })), fields };
}
