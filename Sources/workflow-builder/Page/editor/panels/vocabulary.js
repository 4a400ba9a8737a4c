// The names that office staff choose from: signals, details, merge fields.

import { recordFields } from "../../views/steps.js";
import { fieldName } from "../../words.js";

/** What a contact may do, with its words behind "the contact". */
export const SIGNALS = [
    ["sms.replied", "replied by text"], ["email.replied", "replied by email"],
    ["email.opened", "opened an email"], ["email.clicked", "clicked a link in an email"],
    ["link.clicked", "clicked a link"], ["call.answered", "answered a call"],
    ["job.booked", "booked a job"], ["job.completed", "had a job completed"],
    ["job.reopened", "had a job reopened"], ["lead.created", "became a lead"],
    ["lead.closed", "is a lead no more"], ["invoice.overdue", "has an overdue invoice"],
    ["invoice.paid", "paid the invoice"], ["invoice.voided", "had the invoice voided"],
    ["review.submitted", "wrote a review"], ["visit.scheduled", "had a visit scheduled"],
    ["visit.cancelled", "had the visit canceled"], ["visit.completed", "had the visit completed"],
    ["contact.unsubscribed", "unsubscribed"], ["message.sent", "was sent a message of this workflow"],
    ["message.delivered", "got a message of this workflow"],
    ["message.failed", "could not get a message of this workflow"],
];

/** Details that conditions often ask for. */
export const FIELDS = [
    ["record.balance", "the record's balance"], ["record.status", "the record's status"],
    ["contact.status", "the contact's status"], ["contact.email", "the contact's email"],
    ["contact.phone", "the contact's phone"], ["contact.vip", "whether the contact is a VIP"],
];

const WELL_KNOWN = {
    lead: ["service", "source"], job: ["completed_at", "review_url"],
    visit: ["starts_at", "ends_at", "service"],
    invoice: ["number", "balance", "balance_text", "due_date", "payment_url"],
};
const ALWAYS = [
    ["contact.first_name", "First name", "there"], ["contact.last_name", "Last name"],
    ["contact.full_name", "Full name"], ["contact.phone", "Phone"], ["contact.email", "Email"],
    ["business.name", "Business name"], ["business.phone", "Business phone"],
    ["business.address", "Business address"], ["business.booking_url", "Link to book"],
    ["business.review_url", "Link to review"], ["business.payment_url", "Link to pay"],
    ["enrollment.unsubscribe_url", "Link to unsubscribe"],
];

/**
 * @param {object} definition
 * @returns {[string, string][]} merge fields, as they stand in a text, and their names
 */
export function mergeFields(definition) {
    const type = definition.entry?.record;
    const names = [...new Set([...(WELL_KNOWN[type] ?? []), ...recordFields(definition)])];
    const ofRecord = names.map((name) => {
        const field = `record.${name}`;
        return [field, fieldName(field, type).replace(/^the /, "")];
    });
    return [...ALWAYS, ...ofRecord].map(([field, words, fallback]) => {
        const filter = fallback ? ` | default: "${fallback}"` : "";
        return [`{{ ${field}${filter} }}`, words.charAt(0).toUpperCase() + words.slice(1)];
    });
}

/**
 * @param {object} definition
 * @returns {string[]} fields that a delay may count from
 */
export function dateFields(definition) {
    const type = definition.entry?.record;
    const names = new Set([...(WELL_KNOWN[type] ?? []), ...recordFields(definition)]);
    return [...names].filter((name) => /(_at|_date|_on)$/.test(name)).map((name) => `record.${name}`);
}

/** Types of records that siblings keep. */
export const RECORD_TYPES = Object.keys(WELL_KNOWN);
