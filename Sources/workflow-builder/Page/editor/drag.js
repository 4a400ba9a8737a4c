// Dragging by pointer events, which mouse, pen and touch share.

import { h, icon } from "../elements.js";

const THRESHOLD = 5;
const EDGE = 72;
const SPEED = 14;
/** How far beside the timeline a hand may be, in pixels. */
const MARGIN = 24;

/**
 * Lets what has `data-drag` (a step's id) or `data-new` (a kind of step) be dragged to the insert
 * buttons of the timeline.
 * @param {HTMLElement} root that holds all of them
 * @param {object} options
 * @param {function(object): string} options.title what the dragged thing is called, given
 *     `{step}` or `{kind}`
 * @param {function(object, object)} options.onDrop gets `{step}` or `{kind}`, and the place
 * @param {function(string)} options.say reads words out
 */
export function dragging(root, { title, onDrop, say }) {
    root.addEventListener("pointerdown", (event) => {
        const source = event.target.closest("[data-drag], [data-new]");
        if (!source || event.button !== 0) return;
        if (source.dataset.drag) event.preventDefault();
        begin(root, source, event, { title, onDrop, say });
    });
    // What was dragged is not also clicked.
    root.addEventListener("click", (event) => {
        if (!root.hasAttribute("data-dragged")) return;
        root.removeAttribute("data-dragged");
        event.preventDefault();
        event.stopPropagation();
    }, { capture: true });
}

function begin(root, source, start, { title, onDrop, say }) {
    const { drag: step, new: kind } = source.dataset;
    const what = step ? { step } : { kind };
    const ending = new AbortController();
    let flight = null;

    function move(event) {
        if (event.pointerId !== start.pointerId) return;
        const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
        if (!flight && far < THRESHOLD) return;
        flight ??= takeOff(root, what, title(what));
        flight.moveTo(event.clientX, event.clientY);
    }

    function end(isDropped) {
        ending.abort();
        const place = flight?.land();
        if (!flight) return;
        root.setAttribute("data-dragged", "");
        setTimeout(() => root.removeAttribute("data-dragged"));
        if (isDropped && place) onDrop(what, place);
        else say(`${title(what)} stays where it was.`);
    }

    const { signal } = ending;
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", (event) => {
        if (event.pointerId === start.pointerId) end(true);
    }, { signal });
    window.addEventListener("pointercancel", () => end(false), { signal });
    window.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !flight) return;
        event.preventDefault();
        event.stopPropagation();
        end(false);
    }, { signal, capture: true });
}

/** What is under way: a picture at the pointer, and the place where it would land. */
function takeOff(root, { step }, name) {
    const ghost = h("div.ghost", { "aria-hidden": "true" }, icon("drag"), name);
    const lanes = [...root.querySelectorAll("[data-lane]")].filter((lane) => !isInside(lane, step));
    let target = null;
    let pointer = null;
    // What scrolls by under a pointer that rests is aimed at too.
    const scroll = autoscroll(() => aim(placeAt(lanes, root, pointer)));
    document.body.append(ghost);
    document.body.classList.add("is-dragging");
    mark(root, step, true);

    function aim(next) {
        if (next === target) return;
        target?.classList.remove("target");
        target = next;
        target?.classList.add("target");
        target?.setAttribute("data-name", name);
    }
    return {
        moveTo(x, y) {
            pointer = { x, y };
            ghost.style.setProperty("translate", `${x + 12}px ${y + 8}px`);
            aim(placeAt(lanes, root, pointer));
            scroll.at(y);
        },
        land() {
            scroll.stop();
            ghost.remove();
            document.body.classList.remove("is-dragging");
            mark(root, step, false);
            const place = target && JSON.parse(target.dataset.place);
            aim(null);
            return place;
        },
    };
}

function isInside(lane, step) {
    return step && [...ancestors(lane)].includes(step);
}

/** The ids of the branches that an element stands in. */
function* ancestors(element) {
    let entry = element.closest("li.entry");
    while (entry) {
        yield entry.querySelector(":scope > .step-card").dataset.step;
        entry = entry.parentElement.closest("li.entry");
    }
}

function mark(root, step, isLifted) {
    if (!step) return;
    root.querySelector(`[data-step="${CSS.escape(step)}"]`)?.closest("li.entry")
        ?.classList.toggle("lifted", isLifted);
}

/**
 * The insert button of the gap nearest in height, in the innermost lane under the pointer: a hand
 * goes straight down, and the gaps are as wide as their lane. None where the pointer is off the
 * timeline.
 */
function placeAt(lanes, root, { x, y }) {
    const frame = root.querySelector(".timeline").getBoundingClientRect();
    if (x < frame.left - MARGIN || x > frame.right + MARGIN) return null;
    const lane = lanes.findLast((one) => contains(groundOf(one), x, y)) ?? lanes[0];
    const gaps = [...lane.querySelectorAll(":scope > .gap")].map((gap) => {
        const box = gap.getBoundingClientRect();
        return { gap, distance: Math.abs(y - (box.top + box.bottom) / 2) };
    });
    const nearest = gaps.reduce((one, other) => (other.distance < one.distance ? other : one));
    return nearest.gap.querySelector("[data-place]");
}

/** A path's ground reaches down beside a longer path; the top lane's is all that is left. */
function groundOf(lane) {
    return (lane.closest(".path") ?? lane).getBoundingClientRect();
}

function contains({ left, right, top, bottom }, x, y) {
    return x >= left && x <= right && y >= top && y <= bottom;
}

/** Scrolls the page while the pointer is near its upper or lower edge, and tells of each step. */
function autoscroll(onScroll) {
    let step = 0;
    let frame = null;
    const run = () => {
        window.scrollBy(0, step);
        if (step) onScroll();
        frame = step ? requestAnimationFrame(run) : null;
    };
    return {
        at(y) {
            const top = EDGE - y;
            const bottom = y - (window.innerHeight - EDGE);
            const nearness = top > 0 ? -top : Math.max(0, bottom);
            step = SPEED * Math.max(-1, Math.min(1, nearness / EDGE));
            if (step && frame === null) frame = requestAnimationFrame(run);
        },
        stop() {
            step = 0;
        },
    };
}
