// Moments as people read them, in the zone of the business or of a contact.

import { call } from "../service.js";

let zone;

/** @returns {Promise<string>} the business's zone; the browser's where it has none yet */
export async function businessZone() {
    zone ??= await call("settings.get").then((settings) => settings.time_zone);
    return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The settings were changed: reads them anew when they are needed next. */
export function forgetBusinessZone() {
    zone = undefined;
}

/**
 * @param {string} moment RFC 3339
 * @param {string} timeZone IANA
 * @returns {string} such as "Tue, Mar 3, 10:00 AM"
 */
export function momentText(moment, timeZone) {
    const date = new Date(moment);
    const thisYear = date.getUTCFullYear() === new Date().getUTCFullYear();
    return new Intl.DateTimeFormat("en-US", {
        weekday: "short", month: "short", day: "numeric", year: thisYear ? undefined : "numeric",
        hour: "numeric", minute: "2-digit", timeZone,
    }).format(date);
}

/**
 * @param {string} moment RFC 3339
 * @param {string} timeZone IANA
 * @returns {string} such as "Mar 3, 2026"
 */
export function dayText(moment, timeZone) {
    return new Intl.DateTimeFormat("en-US", {
        month: "short", day: "numeric", year: "numeric", timeZone,
    }).format(new Date(moment));
}

/**
 * @param {string} timeZone IANA
 * @returns {string} such as "Los Angeles time"
 */
export function zoneText(timeZone) {
    return `${timeZone.split("/").at(-1).replaceAll("_", " ")} time`;
}
