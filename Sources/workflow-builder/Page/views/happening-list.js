// A list of what happened, newest first.

import { h, icon } from "../elements.js";
import { happening } from "./happenings.js";
import { momentText } from "./times.js";

const LONG = 240;

/**
 * @param {object[]} events newest first
 * @param {object} options
 * @param {string} options.zone of the moments
 * @param {function(object): (object|undefined)} [options.stepOf] the step that an event is about
 * @param {function(object): (Node|string|null)} [options.about] what stands beside the moment
 * @param {boolean} [options.brief] shows only the beginning of each text
 * @returns {HTMLElement}
 */
export function happeningList(events, {
    zone, stepOf = () => undefined, about = () => null, brief = false,
}) {
    const items = events.map(
        (event) => [event, happening(event, { zone, step: stepOf(event) })],
    ).filter(([, words]) => words);
    return h("ol.happenings", { class: brief ? "brief" : "" }, items.map(([event, words]) => h(
        "li", { "data-type": event.type },
        h("span.happening-mark", { class: words.kind }, icon(words.icon)),
        h("div.grow", {},
            h("p", {}, h("strong", {}, h("bdi", {}, words.title))),
            words.detail && h("p.small-text", {}, words.detail),
            words.text && said(words.text, event, brief),
            h("p.soft.small-text.row", {},
                h("time", { datetime: event.at }, momentText(event.at, zone)), about(event))))));
}

/** A long text opens at a click. */
function said(text, { seq }, brief) {
    if (brief || text.length <= LONG) return h("p.said", {}, text);
    const [first, ...rest] = text.split("\n\n");
    return h(
        "details.said", { "data-focus": `text-${seq}` }, h("summary", {}, first), rest.join("\n\n"),
    );
}
