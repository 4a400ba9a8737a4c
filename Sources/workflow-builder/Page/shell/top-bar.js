// The bar at the top: the product's name, the way around, and the theme.

import { h, icon, replace } from "../elements.js";

const PLACES = [
    {
        path: "workflows",
        label: "Workflows",
        pages: ["workflows", "editor", "gallery", "preview", "live", "versions"],
    },
    { path: "contacts", label: "Contacts", pages: ["contacts", "contact"] },
];

const THEMES = {
    auto: { next: "light", label: "Theme: as the system", icon: "auto" },
    light: { next: "dark", label: "Theme: light", icon: "sun" },
    dark: { next: "auto", label: "Theme: dark", icon: "moon" },
};

/**
 * Shows the bar, with the place of a page marked.
 * @param {string} page the page's module
 */
export function topBar(page) {
    replace(
        document.getElementById("top"),
        h("a.product", { href: "#/workflows" },
            h("img", { src: "icon.svg", alt: "", width: 28, height: 28 }),
            h("span", {}, "Workflows")),
        h("nav", { "aria-label": "Main" }, PLACES.map((place) => link(place, page))),
        h("span.grow"),
        themeButton());
}

function link({ path, label, pages }, page) {
    const current = pages.includes(page) ? "page" : null;
    return h("a", { href: `#/${path}`, "aria-current": current }, label);
}

function themeButton() {
    const button = h("button.button.quiet.square", {
        onclick: () => {
            chooseTheme(THEMES[chosenTheme()].next);
            showTheme(button);
        },
    });
    showTheme(button);
    return button;
}

function showTheme(button) {
    const theme = THEMES[chosenTheme()];
    button.setAttribute("aria-label", theme.label);
    button.setAttribute("title", theme.label);
    replace(button, icon(theme.icon));
}

function chosenTheme() {
    const chosen = localStorage.getItem("theme");
    return chosen in THEMES ? chosen : "auto";
}

function chooseTheme(theme) {
    localStorage.setItem("theme", theme);
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
}
