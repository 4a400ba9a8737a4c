// Contacts: their names, and how they are read and found.

import { isolated } from "../names.js";
import { callMany } from "../service.js";

/**
 * @param {{id: string, fields?: object}} contact
 * @returns {string} the name; the id where none is known
 */
export function personName({ id, fields = {} }) {
    const name = fields.full_name ?? [
        fields.first_name, fields.last_name,
    ].filter(Boolean).join(" ");
    return isolated(String(name || "").trim() || id);
}

/**
 * Reads contacts by id.
 * @param {string[]} ids
 * @returns {Promise<Map<string, object>>} an erased one stands there with its id alone
 */
export async function readPeople(ids) {
    const unique = [...new Set(ids)];
    const found = await callMany(unique.map((id) => ({ op: "contact.get", args: { id } })));
    return new Map(
        unique.map((id, index) => [id, found[index].id ? found[index] : { id, fields: {} }]),
    );
}

/**
 * @param {object} contact
 * @param {string} text what somebody types
 * @returns {boolean} whether each of the words stands in its id, name, phone or email
 */
export function matches(contact, text) {
    const { fields = {} } = contact;
    const phone = String(fields.phone ?? "");
    const hay = [contact.id, personName(contact), phone, fields.email, fields.last_name]
        .filter(Boolean).join(" ").toLowerCase();
    const digits = text.replace(/[\s().-]/g, "");
    if (/^\+?\d{3,}$/.test(digits)) return phone.includes(digits) || hay.includes(text.trim());
    return text.toLowerCase().split(/\s+/).every((word) => hay.includes(word));
}

/**
 * @param {object} contact
 * @param {string} channel
 * @returns {boolean} whether it opted out of the channel
 */
export function hasOptedOut({ suppressed }, channel) {
    return suppressed === true || Boolean(suppressed?.includes?.(channel));
}
