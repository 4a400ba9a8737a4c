// What stands above the pages of one workflow: its name, its state, and the way between the pages.

import { h } from "../elements.js";
import { isolated } from "../names.js";
import { moreMenu } from "./more-menu.js";
import { stateBadge, stateButtons } from "./state-actions.js";
import { workflowAddress } from "../views/addresses.js";

const TABS = [
    ["edit", null, "Edit"],
    ["preview", "preview", "Preview"],
    ["live", "live", "Live"],
    ["versions", "versions", "Versions"],
];

/**
 * @param {object} options
 * @param {object} options.shell whose workflow it shows
 * @param {string} options.tab which page is open
 * @param {function(object)} options.onChange gets the workflow after a change of it
 * @returns {HTMLElement}
 */
export function workflowHeader({ shell, tab, onChange }) {
    const { workflow } = shell;
    return h(
        "div.workflow-header", {},
        h("div.row", {},
            h("div.row.grow", {},
                h("h1", {}, h("bdi", {}, isolated(workflow.name))),
                stateBadge(workflow.state)),
            shell.header,
            h("div.row", {}, stateButtons({ shell, onChange }), moreMenu({ shell, onChange }))),
        h("nav.tabs", { "aria-label": "This workflow" },
            TABS.map(([name, path, label]) => h("a", {
                href: workflowAddress(workflow.id, path),
                "aria-current": name === tab ? "page" : null,
            }, label))));
}
