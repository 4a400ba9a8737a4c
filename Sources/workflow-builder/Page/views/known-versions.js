// Versions of workflows, as contacts entered with them: each is read once, since it never changes.

import { callMany } from "../service.js";
import { stepTitle } from "../words.js";
import { flatten } from "./steps.js";

/** What a step is called where no version is kept that has it. */
export const LOST_STEP = "A step that is gone";

/** Reads versions of workflows, and finds the steps in them. */
export class KnownVersions {
    #known = new Map();

    /** @param {{workflow: string, version: number|undefined}[]} wanted enrollments, events */
    async read(wanted) {
        const missing = new Map(wanted
            .filter((each) => each.workflow && each.version && !this.#known.has(key(each)))
            .map((each) => [key(each), { workflow: each.workflow, version: each.version }]));
        const found = await callMany(
            [...missing.values()].map((args) => ({ op: "workflow.get", args })));
        [...missing.keys()].forEach((name, index) => {
            if (found[index].definition) this.#known.set(name, found[index]);
        });
    }

    /** @returns {object|undefined} the workflow as it was; undefined where it is not kept */
    get({ workflow, version }) {
        return this.#known.get(key({ workflow, version }));
    }

    /** @returns {object|undefined} the step that an enrollment or an event is about */
    step(each) {
        const steps = this.get(each)?.definition.steps ?? [];
        return flatten(steps).find(({ step }) => step.id === each.step)?.step;
    }

    /** @returns {string|undefined} what a step is called in any version that is known */
    titleOf(id) {
        const all = [...this.#known.values()].sort((one, other) => other.version - one.version);
        for (const { definition } of all) {
            const found = flatten(definition.steps ?? []).find(({ step }) => step.id === id);
            if (found) return stepTitle(found.step, definition.entry?.record);
        }
        return undefined;
    }

    /** @returns {Map<string, string>} the names of workflows, by id */
    get workflowNames() {
        return new Map([...this.#known.values()].map(({ id, name }) => [id, name]));
    }
}

function key({ workflow, version }) {
    return `${workflow}/${version}`;
}
