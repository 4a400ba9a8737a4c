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
        class: "day-bar", viewBox: `0 0 ${MINUTES} 60`, preserveAspectRatio: "none",
        role: "img", "aria-label": label,
    });
    drawing.append(
        bar("day", 0, MINUTES, 24),
        ...spans.map(([start, end]) => bar("quiet", start, end - start, 24)),
        ...[6, 12, 18].map((hour) => bar("hour", hour * 60 - 1, 3, 36)),
        bar("mark", Math.max(0, minute - 9), 18, 52),
    );
    return drawing;
}

/** A bar about the middle of the drawing. */
function bar(name, x, width, height) {
    return shape("rect", { class: name, x, y: 30 - height / 2, width, height });
}

function shape(name, attributes) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
}
