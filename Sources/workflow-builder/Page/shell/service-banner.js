// Says when the service is away, and when it is back.

import { h, icon, replace, toast } from "../elements.js";
import { connection } from "../service.js";

/**
 * Keeps a banner in `place` while the service does not answer.
 * @param {HTMLElement} place
 */
export function serviceBanner(place) {
    // What sticks to the top of the page stands below it.
    new ResizeObserver(([{ contentRect }]) => {
        document.documentElement.style.setProperty("--notices", `${contentRect.height}px`);
    }).observe(place);
    connection.addEventListener("change", () => {
        const down = connection.state === "down";
        replace(place, down && banner());
        if (!down) toast("The workflow service is back.", { kind: "good" });
    });
}

function banner() {
    return h(
        "div.banner.warn.service-down", { role: "alert" }, icon("warning"),
        h("p", {},
            h("strong", {}, "The workflow service does not answer. "),
            "You can go on; what you have not saved stays here. ",
            "It is asked again each second."));
}
