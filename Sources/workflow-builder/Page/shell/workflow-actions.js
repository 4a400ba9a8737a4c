// Rename, duplicate, save as template, delete: each asks, does it, and says so.

import { dialog, field, h, toast } from "../elements.js";
import { isolated } from "../names.js";
import { call } from "../service.js";
import { newId } from "../views/new-id.js";

/** Gives the workflow another name and description. */
export async function rename(shell, onChange) {
    const { id, name, description } = shell.workflow;
    const form = nameForm(name, description);
    await submit("Rename this workflow", form, "Save", async () => {
        onChange(await call("workflow.update", {
            workflow: id, changes: {
                name: form.name.value.trim(), description: form.description.value,
            },
        }, { ifRev: shell.workflow.rev }));
    });
}

/** Makes a draft of the same steps, and opens it. */
export async function duplicate(shell) {
    const { id, name } = shell.workflow;
    const form = nameForm(`${name} (copy)`);
    await submit("Duplicate this workflow", form, "Duplicate", async () => {
        const copy = await call(
            "workflow.duplicate", { workflow: id, name: form.name.value.trim() },
        );
        shell.go(`workflows/${encodeURIComponent(copy.id)}`);
        toast("This is the copy. It is a draft: nobody can enter yet.", { kind: "good" });
    });
}

/** Keeps the workflow as a template for others. */
export async function saveAsTemplate(shell) {
    const { id, name, description } = shell.workflow;
    const form = nameForm(name, description);
    await submit("Save as template", form, "Save", async () => {
        await call("template.create", {
            id: newId(form.name.value),
            workflow: id,
            name: form.name.value.trim(),
            description: form.description.value,
        });
        toast("Saved. You find it where you start a new workflow.", { kind: "good" });
    });
}

/** Deletes the workflow, after saying how many contacts it takes out. */
export async function deleteWorkflow(shell) {
    const { id, name } = shell.workflow;
    const inside = await call(
        "workflow.stats", { workflow: id },
    ).then((stats) => stats.inside, () => 0);
    const sure = await dialog({
        title: `Delete “${isolated(name)}”?`,
        body: h("ul.bullets", {},
            inside > 0 && h("li", {}, inside === 1
                ? "One contact is inside. It is taken out and gets nothing more."
                : `${inside} contacts are inside. They are taken out and get nothing more.`),
            h("li", {}, "What was sent stays in the history of each contact."),
            h("li", {}, "This cannot be undone.")),
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            { label: "Delete", kind: "danger", value: true },
        ],
    });
    if (!sure) return;
    try {
        let result;
        do {
            result = await call("workflow.delete", { workflow: id, unenroll: true });
        } while (result.more);
        shell.save = null;
        shell.discard?.();
        shell.go("workflows");
        toast(`“${isolated(name)}” is deleted.`, { kind: "good" });
    } catch (error) {
        toast(error.words, { kind: "danger" });
    }
}

function nameForm(name, description) {
    const form = {
        name: h("input", { value: name, maxlength: 200, required: true, autofocus: true }),
        description: description === undefined ? null
            : h("textarea", { value: description, maxlength: 4000, rows: 3 }),
    };
    form.body = h("div.stack", {},
        field("Name", form.name), form.description && field("Description", form.description));
    return form;
}

/** A form in a dialog, which stays until what it does has succeeded. */
async function submit(title, form, label, run) {
    const problem = h("p.field.error-text", { role: "alert" });
    await dialog({
        title,
        body: h("div.stack", {}, form.body, problem),
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            {
                label, kind: "primary", value: true,
                keepOpen: async () => {
                    problem.textContent = "";
                    if (!form.name.value.trim()) {
                        problem.textContent = "Please give it a name.";
                        return true;
                    }
                    try {
                        await run();
                        return false;
                    } catch (error) {
                        problem.textContent = renameRefusal(error);
                        return true;
                    }
                },
            },
        ],
    });
}

function renameRefusal(error) {
    return error.code === "rev_mismatch"
        ? "Somebody changed this workflow meanwhile. Load the page again, then rename it."
        : error.words;
}
