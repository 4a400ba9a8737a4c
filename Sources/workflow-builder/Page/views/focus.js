// Renders again without taking the focus away from somebody, or closing what they opened.

/**
 * Elements that keep the focus, and details that keep open, carry `data-focus` with a name that is
 * unique in the container.
 * @param {HTMLElement} container
 * @param {function()} render puts other elements into the container
 */
export function keepFocus(container, render) {
    const active = container.contains(document.activeElement) ? document.activeElement : null;
    const name = active?.closest("[data-focus]")?.dataset.focus;
    const opened = new Map([...container.querySelectorAll("details[data-focus]")]
        .map((details) => [details.dataset.focus, details.open]));
    render();
    for (const details of container.querySelectorAll("details[data-focus]")) {
        details.open = opened.get(details.dataset.focus) ?? details.open;
    }
    const found = name && container.querySelector(`[data-focus="${CSS.escape(name)}"]`);
    (found?.querySelector(":scope > summary") ?? found)?.focus?.({ preventScroll: true });
}
