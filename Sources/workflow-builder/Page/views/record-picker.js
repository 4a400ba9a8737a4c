// Chooses the record that an enrollment is for, such as an invoice, or types a new one.

import { field, h, replace } from "../elements.js";
import { isolated } from "../names.js";
import { readAll } from "../service.js";
import { recordFields } from "./steps.js";

/** Fields of a record that may name whose it is. */
const OWNERS = ["contact", "contact_id", "customer", "customer_id"];
const DATE_FIELD = /(_date|_at|_on)$/;
const NUMBER_FIELD = /^(balance|amount|total|price)$/;

/**
 * @param {object} definition of the workflow
 * @returns {{element: HTMLElement|null, value: function(): object|undefined|null,
 *     suggest: function(string): Promise}} `value` is what a command takes as `record`; undefined
 *     where the workflow needs none, null where none is chosen. `suggest` chooses a record of a
 *     contact, unless somebody has chosen one.
 */
export function recordPicker(definition) {
    const type = definition.entry?.record;
    if (!type) return { element: null, value: () => undefined, suggest: async () => {} };
    const names = recordFields(definition);
    const inputs = new Map(names.map((name) => [name, h("input", { type: inputType(name) })]));
    const id = h("input", { type: "text" });
    const select = h("select", {}, h("option", { value: "" }, `Choose the ${type}`),
        h("option", { value: "+" }, `A new ${type}`));
    const fields = h("div.fields-2");
    const known = readAll("record.list", { type }, "records", 400).then(({ items }) => {
        select.append(
            ...items.map((record) => h("option", { value: `=${record.id}` }, recordLabel(record))),
        );
        return items;
    }, () => []);
    let suggested = "";
    async function suggest(contact) {
        if (select.value !== suggested) return;
        const own = await recordOf(contact, type, await known);
        if (select.value !== suggested) return;
        suggested = own ? `=${own}` : "";
        select.value = suggested;
    }
    select.addEventListener("change", () => {
        replace(fields, select.value === "+" && [
            field(`Number or id of the ${type}`, id),
            names.map((name) => field(label(name), inputs.get(name))),
        ]);
    });

    function value() {
        if (select.value.startsWith("=")) return { type, id: select.value.slice(1) };
        if (select.value !== "+" || !id.value.trim()) return null;
        const typed = [...inputs].filter(([, input]) => input.value.trim());
        return {
            type, id: id.value.trim(),
            fields: Object.fromEntries(typed.map(([name, input]) => [name, inputValue(input)])),
        };
    }
    const title = `Which ${type} is it about?`;
    return { element: h("div.stack.tight", {}, field(title, select), fields), value, suggest };
}

/** The id of a record that names the contact; else of the newest that it was enrolled for. */
async function recordOf(contact, type, records) {
    const named = records.find(({ fields = {} }) => OWNERS.some((name) => fields[name] === contact));
    if (named) return named.id;
    const { items } = await readAll("enrollment.list", { contact }, "enrollments", 200)
        .catch(() => ({ items: [] }));
    const newest = items.filter(({ record }) => record?.type === type)
        .sort((one, other) => one.enrolled_at.localeCompare(other.enrolled_at)).at(-1);
    const isKnown = records.some(({ id }) => id === newest?.record.id);
    return isKnown ? newest.record.id : undefined;
}

function inputType(name) {
    if (name.endsWith("_date")) return "date";
    if (DATE_FIELD.test(name)) return "datetime-local";
    return NUMBER_FIELD.test(name) ? "number" : "text";
}

/** A moment is typed on the clock of this browser, and sent as a moment in UTC. */
function inputValue(input) {
    if (input.type === "number") return Number(input.value);
    if (input.type === "datetime-local") return new Date(input.value).toISOString();
    return input.value.trim();
}

function label(name) {
    const words = name.replaceAll("_", " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * @param {object} record
 * @returns {string} its id with what tells it from others
 */
export function recordLabel({ id, fields = {} }) {
    const about = [
        fields.number !== id && fields.number, fields.name, fields.due_date, fields.starts_at,
    ]
        .filter(Boolean);
    return [id, ...about].map(isolated).join(" · ");
}
