// Asks for the business's time zone where there is none: without it no workflow can be activated.

import { dialog, field, h, icon, replace } from "../elements.js";
import { call } from "../service.js";
import { attempt } from "./enrollment-actions.js";
import { forgetBusinessZone } from "./times.js";

/**
 * Shows a notice in `place` where the time zone is missing.
 * @param {HTMLElement} place
 * @param {function()} onSet is called when it was set
 */
export async function zoneNotice(place, onSet) {
    const { time_zone } = await call("settings.get");
    if (time_zone) return;
    replace(place, h("div.banner.warn", {}, icon("clock"),
        h("p.grow", {}, h("strong", {}, "In which time zone is your business? "),
            "Workflows need it to send nothing at night."),
        h("button.button.small", {
            onclick: async () => {
                if (!(await chooseZone())) return;
                forgetBusinessZone();
                replace(place);
                onSet();
            },
        }, "Choose")));
}

async function chooseZone() {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const zones = [...new Set([here, ...Intl.supportedValuesOf("timeZone")])];
    const select = h("select", { value: here },
        zones.map((zone) => h("option", { value: zone }, zone.replaceAll("_", " "))));
    const chosen = await dialog({
        title: "Your business's time zone",
        body: field("Time zone", select),
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            { label: "Save", kind: "primary", value: true },
        ],
    });
    if (chosen) await attempt(() => call("settings.put", { time_zone: select.value }));
    return chosen;
}
