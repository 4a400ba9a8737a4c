// The way to the workflow service: commands, and the feed of what happens.

const PROBE_UP_MS = 2500;
const PROBE_DOWN_MS = 1000;
const COMMANDS_A_MESSAGE = 200;
const PASSING = new Set(["unreachable", "busy", "overloaded"]);

/** Why a command was refused, in the service's own words. */
export class ServiceError extends Error {
    /** @param {object} error of a reply: `code`, `message`, and `hint`, `path`, `details` */
    constructor({ code, message, hint, path, details }) {
        super(message);
        this.name = "ServiceError";
        Object.assign(this, { code, hint, path, details });
    }

    /** @returns {boolean} whether it is not about the command: the same succeeds later */
    get isPassing() {
        return PASSING.has(this.code);
    }

    /** @returns {string} what is wrong, and how to mend it */
    get words() {
        return [this.message, this.hint].filter(Boolean).join(" ");
    }
}

class Connection extends EventTarget {
    state = "up";
    lastSuccess = 0;

    report(state) {
        if (state === "up") this.lastSuccess = Date.now();
        if (this.state === state) return;
        this.state = state;
        this.dispatchEvent(new Event("change"));
    }
}

/** Whether the service answers: `state` is "up" or "down"; a "change" event tells of the next. */
export const connection = new Connection();

/**
 * Sends one command.
 * @param {string} op such as "workflow.get"
 * @param {object} [args]
 * @param {{ifRev?: number, key?: string, signal?: AbortSignal}} [options] `ifRev`: refuse if
 *     somebody changed it since; `key`: the same key again has no second effect
 * @returns {Promise<object>} the result
 * @throws {ServiceError} with code "unreachable" where nobody answers: it may have run even so
 */
export async function call(op, args = {}, { ifRev, key, signal } = {}) {
    const command = { op, args };
    if (ifRev !== undefined) command.if_rev = ifRev;
    if (key !== undefined) command.key = key;
    const reply = await exchange(command, signal);
    if (reply.error?.code === "unreachable") {
        connection.report("down");
        throw new ServiceError(reply.error);
    }
    connection.report("up");
    if (!reply.ok) throw new ServiceError(reply.error);
    return reply.result;
}

async function exchange(command, signal) {
    const [reply] = await post([command], signal);
    return reply;
}

/** One message: a line for each command, and a reply for each. */
async function post(commands, signal) {
    try {
        const response = await fetch("commands", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: commands.map((command) => JSON.stringify(command)).join("\n"),
            signal,
        });
        const lines = (await response.text()).split("\n").filter(Boolean);
        return lines.length ? lines.map((line) => JSON.parse(line)) : [refusal(response.status)];
    } catch (error) {
        if (error.name === "AbortError") throw error;
        return [{
            ok: false,
            error: { code: "unreachable", message: "The workflow service does not answer." },
        }];
    }
}

function refusal(status) {
    const message = status === 413
        ? "This is too large to be saved." : `The server refused it (${status}).`;
    return { ok: false, error: { code: "refused", message } };
}

/**
 * Sends several commands at once, each of which succeeds or is refused by itself.
 * @param {{op: string, args?: object}[]} commands
 * @returns {Promise<(object|ServiceError)[]>} a result or an error for each
 * @throws {ServiceError} where all were refused at once, or one only for now
 */
export async function callMany(commands) {
    const results = [];
    for (let start = 0; start < commands.length; start += COMMANDS_A_MESSAGE) {
        const some = commands.slice(start, start + COMMANDS_A_MESSAGE);
        const found = (await post(some)).map(
            (reply) => (reply.ok ? reply.result : new ServiceError(reply.error)),
        );
        connection.report(found[0].code === "unreachable" ? "down" : "up");
        const refused = found.length < some.length
            ? found[0] : found.find(({ isPassing }) => isPassing);
        if (refused) throw refused;
        results.push(...found);
    }
    return results;
}

/**
 * Reads several things at once.
 * @param {{op: string, args?: object}[]} commands
 * @returns {Promise<(object|null)[]>} a result for each; null for what is not there
 * @throws {ServiceError} where one is refused for another reason
 */
export async function readMany(commands) {
    const results = await callMany(commands);
    return results.map((result) => {
        if (!(result instanceof ServiceError)) return result;
        if (result.code === "not_found") return null;
        throw result;
    });
}

/**
 * Reads a list to its end.
 * @param {string} op such as "workflow.list"
 * @param {object} args
 * @param {string} member the name of the list in the result
 * @param {number} [most] where to stop
 * @returns {Promise<{items: object[], more: boolean}>}
 */
export async function readAll(op, args, member, most = 2000) {
    const items = [];
    let cursor;
    do {
        const page = await call(op, { ...args, limit: 200, ...(cursor && { cursor }) });
        items.push(...page[member]);
        cursor = page.next;
    } while (cursor && items.length < most);
    return { items, more: Boolean(cursor) };
}

/** Asks from time to time, so that a lost connection shows before somebody saves. */
export async function watchConnection() {
    for (;;) {
        const pause = connection.state === "up" ? PROBE_UP_MS : PROBE_DOWN_MS;
        await new Promise((resolve) => setTimeout(resolve, pause));
        const quiet = Date.now() - connection.lastSuccess >= PROBE_UP_MS;
        if (document.hidden || (connection.state === "up" && !quiet)) continue;
        await call("clock.get").catch(() => {});
    }
}

export { follow } from "./feed.js";
