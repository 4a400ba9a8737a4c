// The keys of the timeline: everything that dragging does, and moving about.

import { allSteps } from "./draft.js";

const DIRECTIONS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

/**
 * Handles keys on the cards of a timeline.
 * @param {HTMLElement} timeline
 * @param {import("./session.js").Session} session
 * @param {{move: function(string, string), remove: function(string), duplicate: function(string),
 *     open: function(string), back: function()}} actions
 */
export function cardKeys(timeline, session, actions) {
    timeline.addEventListener("keydown", (event) => {
        const id = event.target.closest("[data-card]")?.dataset.card;
        if (!id) return;
        const direction = DIRECTIONS[event.key];
        const isStep = !id.startsWith("/");
        if (direction && event.altKey && isStep) actions.move(id, direction);
        else if (isUpright(direction) && !hasModifier(event)) walk(timeline, session, id, direction);
        else if (event.key === "Home" || event.key === "End") edge(timeline, event.key);
        else if (isStep && (event.key === "Delete" || event.key === "Backspace")) actions.remove(id);
        else if (isStep && event.key === "Enter" && !hasModifier(event)) actions.open(id);
        else if (isStep && isCommand(event, "d")) actions.duplicate(id);
        else if (event.key === "Escape" && session.isOpen) actions.back();
        else return;
        event.preventDefault();
    });
}

function isUpright(direction) {
    return direction === "up" || direction === "down";
}

function isCommand({ key, ctrlKey, metaKey }, letter) {
    return (ctrlKey || metaKey) && key.toLowerCase() === letter;
}

function hasModifier({ altKey, ctrlKey, metaKey, shiftKey }) {
    return altKey || ctrlKey || metaKey || shiftKey;
}

function walk(timeline, session, id, direction) {
    const ids = ["/entry", ...allSteps(session.draft).map(({ step }) => step.id), "/exit"];
    const next = ids[ids.indexOf(id) + (direction === "up" ? -1 : 1)];
    if (next) timeline.querySelector(`[data-card="${CSS.escape(next)}"]`)?.focus();
}

function edge(timeline, key) {
    timeline.querySelector(`[data-card="${key === "Home" ? "/entry" : "/exit"}"]`)?.focus();
}

/**
 * Handles undo, redo and save anywhere in the page.
 * @param {{undo: function(), redo: function(), save: function()}} actions
 * @returns {function()} ends it
 */
export function pageKeys({ undo, redo, save }) {
    const ending = new AbortController();
    window.addEventListener("keydown", (event) => {
        if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
        const key = event.key.toLowerCase();
        if (document.querySelector("dialog[open]")) return;
        if (key === "s") save();
        else if (key === "z" && event.shiftKey || key === "y") redo();
        else if (key === "z") undo();
        else return;
        event.preventDefault();
    }, { signal: ending.signal });
    return () => ending.abort();
}
