// Enroll, take out, and say what became of a message: each asks first, and says what it did.

import { dialog, field, h, replace, toast } from "../elements.js";
import { isolated } from "../names.js";
import { call, readAll } from "../service.js";
import { personPicker } from "./person-picker.js";
import { recordPicker } from "./record-picker.js";

/**
 * Enrolls a contact by hand.
 * @param {object} workflow with its definition
 */
export async function enrollInto(workflow) {
    const person = personPicker();
    const record = recordPicker(workflow.definition);
    await enrollDialog(`Add a contact to “${isolated(workflow.name)}”`, [
        person.element, record.element,
    ], () => ({
        workflow: workflow.id, contact: person.value(), record: record.value(),
    }));
}

/**
 * Enrolls the contact into a workflow that is chosen.
 * @param {string} contact its id
 * @param {string} name
 */
export async function enrollContact(contact, name) {
    const { items } = await readAll("workflow.list", { state: "active" }, "workflows");
    if (items.length === 0) {
        toast("No workflow is active. Activate one first.", { kind: "danger" });
        return;
    }
    const place = h("div");
    let record = { value: () => undefined };
    const select = h("select", {}, items.map(
        ({ id, name }) => h("option", { value: id }, isolated(name))));
    const choose = async () => {
        const { definition } = await call("workflow.get", { workflow: select.value });
        record = recordPicker(definition);
        replace(place, record.element);
    };
    select.addEventListener("change", choose);
    await choose();
    await enrollDialog(`Add ${name} to a workflow`, [field("Workflow", select), place], () => ({
        workflow: select.value, contact, record: record.value(),
    }));
}

async function enrollDialog(title, body, read) {
    const problem = h("p.error-text", { role: "alert" });
    const run = async () => {
        const { workflow, contact, record } = read();
        problem.textContent = missing(contact, record);
        if (problem.textContent) return true;
        try {
            const args = { workflow, contact, source: "manual", ...(record && { record }) };
            const result = await call("enrollment.create", args);
            toast(
                result.created ? "Added. The first step is on its way." : "Is inside already.",
                { kind: "good" },
            );
            return false;
        } catch (error) {
            problem.textContent = error.words;
            return true;
        }
    };
    await dialog({
        title, body: h("div.stack", {}, body, problem),
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            { label: "Add", kind: "primary", value: true, keepOpen: run },
        ],
    });
}

function missing(contact, record) {
    if (contact === null) return "Please choose a contact, or type a new one.";
    return record === null ? "Please choose what it is about." : "";
}

/**
 * Takes a contact out of a workflow.
 * @param {object} enrollment
 * @param {{person: string, workflow: string}} names
 */
export async function takeOut(enrollment, { person, workflow }) {
    const sure = await dialog({
        title: `Take ${person} out of “${workflow}”?`,
        body: "Nothing more is sent to this contact from this workflow. "
            + "What was sent stays in the history.",
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            { label: "Take out", kind: "danger", value: true },
        ],
    });
    if (!sure) return;
    await attempt(async () => {
        const { in_flight } = await call("enrollment.delete", { enrollment: enrollment.id });
        toast(in_flight
            ? `${person} is out. One message was being sent already and may still arrive.`
            : `${person} is out.`, { kind: "good" });
    });
}

/**
 * Asks what became of a message of which nobody knows.
 * @param {object} enrollment
 */
export async function resolveMessage(enrollment) {
    const outcome = await dialog({
        title: "Did this message go out?",
        body: "The connection broke while it was being sent. Look it up with the provider, or ask "
            + "the contact. Sending it again may make it arrive twice.",
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            { label: "Send it again", value: "resend" },
            { label: "It did not go", value: "failed" },
            { label: "It went out", kind: "primary", value: "sent" },
        ],
    });
    if (!outcome) return;
    await attempt(async () => {
        await call(
            "execution.resolve", { enrollment: enrollment.id, step: enrollment.step, outcome },
        );
        toast("Noted. The contact goes on.", { kind: "good" });
    });
}

/** Runs a command, and says why where it is refused. */
export async function attempt(run) {
    try {
        await run();
    } catch (error) {
        toast(error.words ?? "Something went wrong. Please try again.", { kind: "danger" });
    }
}
