// A day from midnight to midnight, with its quiet hours shaded and the message where it goes.

const MINUTES = 1440;

/**
 * @param {[number, number][]} spans quiet ones, in minutes since midnight
 * @param {number} minute when the message goes
 * @param {string} label what the picture says
 * @returns {SVGElement}
 */
export function dayBar(spans, minute, label) {
    const drawing = shape("svg", {
        class: "day-bar", viewBox: `0 0 ${MINUTES} 60`, preserveAspectRatio: "none", role: "img", "aria-label": label,
    });
    drawing.append(shape("rect", { class: "day", x: 0, y: 18, width: MINUTES, height: 24 }));
    for (const [start, end] of spans) {
        drawing.append(shape("rect", { class: "quiet", x: start, y: 18, width: end - start, height: 24 }));
    }
    for (const hour of [6, 12, 18]) drawing.append(shape("rect", { class: "hour", x: hour * 60 - 1, y: 12, width: 3, height: 36 }));
    drawing.append(shape("rect", { class: "mark", x: Math.max(0, minute - 9), y: 4, width: 18, height: 52 }));
    return drawing;
}

function shape(name, attributes) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
}
