// Line drawings on a grid of 24; each is one path, taken into the page as it is.

const PATHS = {
    sms: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
    email: "M3 6h18v12H3zM3 7l9 7 9-7",
    call: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2"
        + "A16 16 0 0 1 3 6a2 2 0 0 1 2-2",
    delay: "M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4",
    branch: "M6 4v6a4 4 0 0 0 4 4h4a4 4 0 0 1 4 4v2M6 10v10M15 17l3 3 3-3M3 17l3 3 3-3",
    flag: "M5 21V4M5 4h12l-2 4 2 4H5",
    exit: "M10 4H5v16h5M10 12h11M17 8l4 4-4 4",
    entry: "M14 4h5v16h-5M3 12h11M10 8l4 4-4 4",
    plus: "M12 5v14M5 12h14",
    drag: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
    undo: "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
    redo: "M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3",
    up: "M12 19V5M6 11l6-6 6 6",
    down: "M12 5v14M6 13l6 6 6-6",
    left: "M19 12H5M11 6l-6 6 6 6",
    right: "M9 5l7 7-7 7",
    trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v6M14 11v6",
    copy: "M9 9h11v11H9zM5 15H4V4h11v1",
    search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L20 20",
    warning: "M12 4L2.5 20h19zM12 10v5M12 17.5h.01",
    check: "M5 13l4 4L19 7",
    close: "M6 6l12 12M18 6L6 18",
    clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 3",
    person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21a8 8 0 0 1 16 0",
    moon: "M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10",
    sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2"
        + "M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19",
    auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 3v18M12 8h7.5M12 13h9M12 18h6",
    play: "M8 5l11 7-11 7z",
    pause: "M8 5v14M16 5v14",
    stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16h.01",
    more: "M5 12h.01M12 12h.01M19 12h.01",
    edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
    template: "M4 4h16v5H4zM4 13h7v7H4zM15 13h5v7h-5z",
};

/**
 * @param {keyof PATHS} name
 * @returns {SVGElement} a drawing in the colour of the text; screen readers pass over it
 */
export function icon(name) {
    const namespace = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(namespace, "svg");
    drawing.setAttribute("class", `icon icon-${name}`);
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(namespace, "path");
    path.setAttribute("d", PATHS[name] ?? "");
    drawing.append(path);
    return drawing;
}
