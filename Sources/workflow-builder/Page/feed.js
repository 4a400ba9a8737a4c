// The feed of what happens, read by one loop for all who follow it.

import { ServiceError, call, connection } from "./service.js";

const WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
const PAGE = 500;

const followers = new Set();
let loop = null;
let position = null;

/**
 * Reads what a page shows, and tells of all that happened since then, in order, until it is stopped.
 * While the service is away nothing is lost: what happened meanwhile follows.
 * @param {function(): Promise} load reads and shows; what happens while it does is told behind it
 * @param {object} options
 * @param {function(object[])} options.onEvents gets the events of one page. An empty list means
 *     that some may have been missed: read again what you show.
 * @param {function(object): boolean} [options.filter] which events are wanted
 * @returns {Promise<function()>} stops it; a `load` that fails is not followed
 */
export async function follow(load, { onEvents, filter = () => true }) {
    const held = [];
    const follower = { onEvents: (events) => held.push(events), filter };
    position ??= await here();
    followers.add(follower);
    if (!loop) start();
    const stop = () => {
        followers.delete(follower);
        if (followers.size === 0) end();
    };
    try {
        await load();
    } catch (error) {
        stop();
        throw error;
    }
    follower.onEvents = onEvents;
    held.forEach((events) => onEvents(events));
    return stop;
}

function start() {
    loop = new AbortController();
    run(loop.signal);
}

function end() {
    loop?.abort();
    loop = null;
    position = null;
}

async function run(signal) {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
        try {
            await visible(signal);
            const next = position ? await read(position, signal) : await here({ signal });
            if (signal.aborted) return;
            if (!position) tell([]);
            position = next;
            pause = FIRST_PAUSE_MS;
        } catch (error) {
            if (signal.aborted) return;
            if (isLost(error)) position = null;
            await up(pause, signal);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
        }
    }
}

async function here(options) {
    const { events } = await call("system.hello", {}, options);
    return { after: events.head, epoch: events.epoch };
}

async function read({ after, epoch }, signal) {
    const page = await untilLost(signal, (either) => call(
        "events.read", { after, limit: PAGE, wait_ms: WAIT_MS }, { signal: either }));
    if (page.epoch !== epoch) return null;
    if (page.events.length) tell(page.events);
    return { after: page.next ?? page.events.at(-1)?.seq ?? after, epoch };
}

/** A service that was killed never answers those who wait; its successor answers the next call. */
async function untilLost(signal, wait) {
    const lost = new AbortController();
    const giveUp = () => lost.abort();
    connection.addEventListener("change", giveUp);
    try {
        return await wait(AbortSignal.any([signal, lost.signal]));
    } finally {
        connection.removeEventListener("change", giveUp);
    }
}

function tell(events) {
    for (const { onEvents, filter } of [...followers]) {
        const wanted = events.filter(filter);
        if (events.length === 0 || wanted.length) onEvents(wanted);
    }
}

/** A refusal that does not pass by itself means that the position is good for nothing. */
function isLost(error) {
    return error instanceof ServiceError && !error.isPassing;
}

/**
 * Browsers share few connections among all tabs of a host, so a hidden one does not hold any.
 * @param {AbortSignal} [signal] ends the waiting
 * @returns {Promise|null} until the tab is seen
 */
export function visible(signal) {
    if (!document.hidden) return null;
    return new Promise((resolve) => {
        const check = () => !document.hidden && resolve();
        document.addEventListener("visibilitychange", check, { signal });
        signal?.addEventListener("abort", resolve, { once: true });
    });
}

/**
 * @param {number} pause in milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise} until then, or until the service answers again
 */
export function up(pause, signal) {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, pause);
        connection.addEventListener("change", () => {
            clearTimeout(timer);
            resolve();
        }, { once: true, signal });
    });
}
