// Wall-clock times in a zone: what a person types, and the moment that it is.

/**
 * @param {string} text such as "2026-03-02T21:30"
 * @param {string} timeZone IANA
 * @returns {string} RFC 3339 in UTC; a time that the zone skips is the first one behind the gap
 */
export function zonedMoment(text, timeZone) {
    const wall = Date.parse(`${text}:00Z`);
    const guess = wall - offset(wall, timeZone);
    const moment = wall - offset(guess, timeZone);
    return new Date(Math.max(moment, Math.min(guess, moment))).toISOString().replace(".000Z", "Z");
}

/**
 * @param {string} moment RFC 3339
 * @param {string} timeZone IANA
 * @returns {string} such as "2026-03-02T21:30"
 */
export function wallTime(moment, timeZone) {
    const at = Date.parse(moment);
    return new Date(at + offset(at, timeZone)).toISOString().slice(0, 16);
}

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offset(at, timeZone) {
    const parts = new Intl.DateTimeFormat("en-US", {
        timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
        hour: "numeric", minute: "numeric", second: "numeric",
    }).formatToParts(at);
    const { year, month, day, hour, minute, second } = Object.fromEntries(
        parts.map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
