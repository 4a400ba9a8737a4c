// Reads again after something happened, once for many events that come together.

import { up, visible } from "../feed.js";
import { ServiceError } from "../service.js";

const PAUSE_MS = 150;
const RETRY_MS = 3000;

/**
 * @param {HTMLElement} main of a page; once it is left, nothing is read again
 * @param {function({events: object[], isAll: boolean}): Promise} load gets what happened since it
 *     last succeeded; `isAll`: some may have been missed
 * @returns {function(object[])} takes events, as `follow` tells of them, and asks for a load; while
 *     one runs, one more follows it
 */
export function refresher(main, load) {
    let pages = [];
    let timer = null;
    let isRunning = false;

    async function run() {
        timer = null;
        if (isRunning || !main.isConnected) return;
        isRunning = true;
        const taken = pages;
        pages = [];
        try {
            await load({ events: taken.flat(), isAll: taken.some((page) => page.length === 0) });
        } catch (error) {
            if (error.code !== "unreachable") console.warn(error);
            if (error instanceof ServiceError && error.code !== "not_found") {
                pages = [...taken, ...pages];
                await up(RETRY_MS);
                await visible();
            }
        }
        isRunning = false;
        if (pages.length) request();
    }

    function request() {
        timer ??= setTimeout(run, PAUSE_MS);
    }

    return (events) => {
        pages.push(events);
        request();
    };
}
