// Fields that nothing has, and that look misspelled: asked about before they cost messages.

import { dialog, h } from "../elements.js";
import { find } from "../editor/draft.js";
import { fieldLabel, placeOfError } from "../editor/errors.js";
import { stepTitle } from "../words.js";

/**
 * @param {object[]} warnings of the service
 * @param {object} workflow with the definition that they are about
 * @returns {Promise<boolean|null>} true where the fields are meant, false where somebody goes to
 *     mend them; null where nothing was chosen
 */
export function askAboutFields(warnings, workflow) {
    return dialog({
        title: warnings.length === 1 ? "Is this field misspelled?" : "Are these fields misspelled?",
        body: h("div.stack", {},
            h("ul.bullets", {}, warnings.map((warning) => h("li", {}, words(warning, workflow)))),
            h("p", {}, "A message with a field that nothing has is not sent.")),
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            { label: "Activate anyway", value: true },
            { label: warnings.length === 1 ? "Fix it" : "Fix them", kind: "primary", value: false },
        ],
    });
}

function words({ path, field, nearest }, { definition }) {
    const place = placeOfError(definition, path);
    const found = place.step === null ? null : find(definition, place.step);
    const step = found ? stepTitle(found.step, definition.entry?.record) : "Workflow";
    const where = [step, fieldLabel(place.field)].filter(Boolean).join(", ");
    return [h("strong", {}, `${where}: `), `No one has “${field}”. Did you mean “${nearest}”?`];
}
