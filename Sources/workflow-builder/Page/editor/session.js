// One workflow while it is edited: its draft, what can be undone, what is selected, what is wrong.

import * as drafts from "./draft.js";
import { isAbout, warningsOf } from "./errors.js";
import * as histories from "./history.js";
import { forget, keep } from "./unsaved.js";

/**
 * Events: "draft" after every change of the draft, "selection", "errors", "lead" with the error that
 * somebody is led to, "restored" after an undo, a redo or a replacement, when forms have to be
 * filled anew.
 */
export class Session extends EventTarget {
    /** @param {object} workflow as it was read */
    constructor(workflow) {
        super();
        this.workflow = workflow;
        this.base = workflow.definition;
        this.history = histories.begin(workflow.definition);
        this.selected = null;
        this.isOpen = false;
        this.errors = [];
        this.warnings = warningsOf(workflow);
    }

    /** What is wrong, and what is probably not meant: that hinders nobody from saving. */
    get marks() {
        return [...this.errors, ...this.warnings];
    }

    /** The definition as it is now. */
    get draft() {
        return this.history.value;
    }

    get isChanged() {
        return !drafts.isSame(this.draft, this.base);
    }

    /** The ids of all steps that there are and were: a deleted one may come back under its own. */
    get knownIds() {
        const { past, future } = this.history;
        const all = [this.base, this.draft, ...[...past, ...future].map(({ value }) => value)];
        return new Set(all.flatMap((each) => drafts.allSteps(each).map(({ step }) => step.id)));
    }

    /** The selected step; undefined where the workflow itself, or nothing, is selected. */
    get step() {
        return this.selected ? drafts.find(this.draft, this.selected)?.step : undefined;
    }

    /**
     * @param {object} draft the new one
     * @param {string} label what was done, for people
     * @param {string|null} key see history.js
     */
    change(draft, label, key = null) {
        if (drafts.isSame(draft, this.draft)) return;
        this.history = histories.record(this.history, draft, label, key);
        this.#forgetMarksOfGone();
        this.#changed("draft");
    }

    /** Changes one step, as a form does: letters typed in a row are undone at once. */
    changeStep(id, change, field) {
        this.clearErrors(id, field);
        const draft = drafts.update(this.draft, id, change);
        this.change(draft, "the change of a step", `${id} ${field}`);
    }

    /** Changes a member of the workflow itself. */
    changeMember(name, value) {
        this.clearErrors(null, name);
        this.change({ ...this.draft, [name]: value }, "the change of the workflow", `/ ${name}`);
    }

    /**
     * @param {string|null} id of a step; null for the workflow itself
     * @param {{opens?: boolean}} [options] whether the details come up where they lie over the
     *     timeline, as on a phone
     */
    select(id, { opens = id !== null } = {}) {
        this.selected = id;
        this.isOpen = opens;
        this.dispatchEvent(new Event("selection"));
    }

    /** Selects what is wrong, and tells those who show its field to lead there. */
    lead(error) {
        this.select(error.step, { opens: true });
        this.dispatchEvent(new CustomEvent("lead", { detail: error }));
    }

    /** @returns {string|null} what was undone */
    undo() {
        return this.#step(histories.undo, this.history.past.at(-1)?.label);
    }

    /** @returns {string|null} what was done again */
    redo() {
        return this.#step(histories.redo, this.history.future[0]?.label);
    }

    #step(move, label) {
        if (!label) return null;
        this.history = move(this.history);
        this.#forgetMarksOfGone();
        this.#changed("draft");
        this.dispatchEvent(new Event("restored"));
        return label;
    }

    /** Another definition takes the place of the draft, and can be undone. */
    replace(draft, label) {
        this.change(draft, label);
        this.dispatchEvent(new Event("restored"));
    }

    /**
     * @param {object} workflow as it is stored now
     * @param {boolean} isDraftStored whether it is what the draft says: then nothing is unsaved
     */
    rebase(workflow, isDraftStored) {
        this.workflow = workflow;
        this.base = workflow.definition;
        this.warnings = warningsOf(workflow);
        if (isDraftStored) this.history = { ...this.history, value: workflow.definition, key: null };
        this.setErrors([]);
        this.#changed("draft");
    }

    /** Marks what the service warns of, and leads to the first. */
    warn(warnings) {
        const found = warningsOf({ ...this.workflow, warnings });
        const isFound = (one) => found.some((other) => drafts.isSame(one, other));
        this.warnings = [...found, ...this.warnings.filter((one) => !isFound(one))];
        this.setErrors(this.errors);
        this.lead(found[0]);
    }

    /** @param {{step: string|null, field: string, message: string}[]} errors see errors.js */
    setErrors(errors) {
        this.errors = errors;
        this.dispatchEvent(new Event("errors"));
    }

    /** What is being mended is not wrong any more; what else is wrong stays marked. */
    clearErrors(step, field) {
        const { length } = this.marks;
        const stays = (mark) => mark.step !== step || !isAbout(mark.field, field);
        this.warnings = this.warnings.filter(stays);
        const left = this.errors.filter(stays);
        if (left.length + this.warnings.length < length) this.setErrors(left);
    }

    #changed(name) {
        const { id, rev } = this.workflow;
        if (this.isChanged) keep(id, { base: this.base, rev, draft: this.draft });
        else forget(id);
        if (this.selected && !this.step) this.select(null);
        this.dispatchEvent(new Event(name));
    }

    #forgetMarksOfGone() {
        const { length } = this.marks;
        const isThere = ({ step }) => step === null || drafts.find(this.draft, step);
        this.warnings = this.warnings.filter(isThere);
        const left = this.errors.filter(isThere);
        if (left.length + this.warnings.length < length) this.setErrors(left);
    }
}
