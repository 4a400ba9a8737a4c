// Reads again after something happened, once for many events that come together.

const PAUSE_MS = 150;

/**
 * @param {function(): Promise} load
 * @returns {function()} asks for another load; while one runs, one more follows it
 */
export function refresher(load) {
    let timer = null;
    let running = false;
    let again = false;

    async function run() {
        timer = null;
        if (running) {
            again = true;
            return;
        }
        running = true;
        try {
            await load();
        } catch (error) {
            // The banner says that the service is away; the feed asks again when it is back.
            if (error.code !== "unreachable") console.warn(error);
        }
        running = false;
        if (again) {
            again = false;
            request();
        }
    }

    function request() {
        timer ??= setTimeout(run, PAUSE_MS);
    }
    return request;
}
