// The quiet hours of a day, from the settings: values in, values out.

const DEFAULT = { start: "20:00", end: "09:00" };
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * @param {object} settings of the business
 * @param {string} channel
 * @param {string} date such as "2026-03-02", by the contact's calendar
 * @returns {[number, number][]} quiet spans of that day in minutes since midnight
 */
export function quietSpans(settings, channel, date) {
    const hours = hoursOf(settings, channel);
    if (!hours || channel === "call_reminder") return [];
    const start = minutes(hours.start);
    const end = minutes(hours.end);
    if (start < end) return isDay(hours, date, 0) ? [[start, end]] : [];
    // They begin in the evening, and belong to that day until they end in the morning.
    return [
        isDay(hours, date, -1) && [0, end], isDay(hours, date, 0) && [start, 1440],
    ].filter((span) => span && span[0] < span[1]);
}

function hoursOf({ notifications }, channel) {
    const hours = notifications?.quiet_hours === undefined ? DEFAULT : notifications.quiet_hours;
    return hours?.channels && channel in hours.channels ? hours.channels[channel] : hours;
}

function isDay({ days }, date, shift) {
    if (!days) return true;
    return days.includes(DAYS[new Date(Date.parse(`${date}T12:00Z`) + shift * 86_400_000).getUTCDay()]);
}

function minutes(time) {
    const [hour, minute] = time.split(":").map(Number);
    return 60 * hour + minute;
}
