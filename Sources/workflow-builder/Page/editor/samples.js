// Somebody to show a text for, before there is anybody.

import { recordFields } from "../views/steps.js";

const DAY_MS = 86_400_000;

/** @returns {object} the fields of a contact */
export function sampleContact() {
    return {
        first_name: "Ann", last_name: "Lee", full_name: "Ann Lee", phone: "+15185550123",
        email: "ann.lee@example.com",
    };
}

/**
 * @param {object} definition
 * @returns {object} a value for each field of the record that it reads
 */
export function sampleRecord(definition) {
    return Object.fromEntries(recordFields(definition).map((name) => [name, sampleValue(name)]));
}

const SAMPLES = {
    balance_text: "$240.00", number: "1042", service: "Furnace tune-up", source: "website",
    status: "open", city: "Albany", address: "12 Elm Street", technician: "Sam",
    time_zone: "America/New_York",
};

function sampleValue(name) {
    const later = new Date(Date.now() + 40 * DAY_MS).toISOString();
    if (name in SAMPLES) return SAMPLES[name];
    if (name.endsWith("_date")) return later.slice(0, 10);
    if (/(_at|_on)$/.test(name)) return `${later.slice(0, 11)}18:00:00Z`;
    if (/^(balance|amount|total|price)$/.test(name)) return 240;
    if (name.endsWith("_url")) return `https://example.com/${name.replace(/_url$/, "")}`;
    return `sample ${name.replaceAll("_", " ")}`;
}
