// Draws a form anew under the hands of somebody who types in it.

/**
 * @param {HTMLElement} form
 * @param {function()} render puts other controls into the form
 */
export function keepTyping(form, render) {
    const active = form.contains(document.activeElement) ? document.activeElement : null;
    if (!active) return render();
    const name = nameOf(active);
    const number = namesakes(form, name).indexOf(active);
    const [start, end] = [active.selectionStart, active.selectionEnd];
    render();
    const found = namesakes(form, name)[number] ?? form.querySelector("h2");
    found.focus({ preventScroll: true });
    // A number or a date has no selection to speak of.
    if (typeof start === "number" && typeof found.selectionStart === "number") {
        found.setSelectionRange(start, end);
    }
}

function namesakes(form, name) {
    return [...form.querySelectorAll("input, textarea, select, button, summary, h2")]
        .filter((control) => nameOf(control) === name);
}

function nameOf(control) {
    const words = control.getAttribute("aria-label") ?? control.labels?.[0]?.textContent;
    return [control.localName, words ?? control.textContent].join(" ");
}
