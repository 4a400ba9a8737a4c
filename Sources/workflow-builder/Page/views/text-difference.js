// Two texts beside each other, with the words that went and the words that came marked.

import { h } from "../elements.js";
import { commonOrder } from "./definition-difference.js";

const MOST_WORDS = 1500;
const LEAST_COMMON = 0.4;

/**
 * @param {string} before
 * @param {string} after
 * @returns {HTMLElement}
 */
export function textDifference(before, after) {
    const one = words(before);
    const other = words(after);
    if (one.length > MOST_WORDS || other.length > MOST_WORDS) return plain(before, after);
    const common = commonOrder(one, other);
    // Where little is left of the old text, marking single words would be a riddle.
    const least = LEAST_COMMON * Math.max(one.length, other.length);
    if (common.length < least) return plain(before, after);
    const pairs = [...common, [one.length, other.length]];
    const parts = [];
    let [i, j] = [0, 0];
    for (const [at, place] of pairs) {
        parts.push(marked("del", one.slice(i, at)), marked("ins", other.slice(j, place)));
        if (at < one.length) parts.push(one[at]);
        [i, j] = [at + 1, place + 1];
    }
    return h("p.text-difference", {}, parts);
}

/** The space before a word is not a part of what changed. */
function marked(tag, words) {
    const text = words.join("");
    const space = /^\s*/.exec(text)[0];
    return text && [space, h(tag, {}, text.slice(space.length))];
}

function plain(before, after) {
    return h("div.stack.tight", {}, h("p.text-difference", {}, h("del", {}, before)),
        h("p.text-difference", {}, h("ins", {}, after)));
}

function words(text) {
    return text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
}
