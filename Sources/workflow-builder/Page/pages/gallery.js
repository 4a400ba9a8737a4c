// Where a new workflow begins: blank, or from a template.

import { dialog, field, h, icon, replace, toast } from "../elements.js";
import { isolated } from "../names.js";
import { call, callMany, readAll } from "../service.js";
import { attempt } from "../views/enrollment-actions.js";
import { templatePicture } from "../views/template-picture.js";

/** They come with the service, and are there again in every new installation. */
const SHIPPED = new Set([
    "new-lead-follow-up", "post-job-review-request", "recurring-service-reminder",
    "payment-overdue-escalation",
]);

/** Shows the templates. */
export async function show(main, _, shell) {
    shell.setTitle("New workflow");
    const render = async () => replace(main, gallery(await templates(), shell, render));
    await render();
}

async function templates() {
    const { items } = await readAll("template.list", {}, "templates");
    const whole = await callMany(
        items.map(({ id }) => ({ op: "template.get", args: { template: id } })),
    );
    return whole.filter(({ definition }) => definition)
        .sort(ownFirst);
}

function ownFirst(one, other) {
    return SHIPPED.has(one.id) - SHIPPED.has(other.id) || one.name.localeCompare(other.name);
}

function gallery(found, shell, render) {
    return h("div.stack", {},
        h("div.page-head", {}, h("h1", {}, "New workflow"),
            h("p.soft", {}, "Start from a template and change what you like, or begin with "
                + "nothing. Nobody gets anything before you activate it.")),
        h("ul.gallery", {},
            h("li.card.template.blank", {},
                h("div.picture", { "aria-hidden": "true" }, icon("plus")),
                h("h2", {}, "Blank"),
                h("p.soft.grow", {}, "An empty timeline, for an idea of your own."),
                h("button.button.primary", { onclick: () => startBlank(shell) }, "Start blank")),
            found.map((template) => card(template, shell, render))));
}

function card(template, shell, render) {
    const { id, name, description, definition } = template;
    return h("li.card.template", { "data-template": id },
        templatePicture(definition),
        h("h2", {}, h("bdi", {}, isolated(name))),
        h("p.soft.grow", {}, isolated(description)),
        h("div.row", {},
            h("button.button.primary", {
                "aria-label": `Use ${isolated(name)}`, onclick: () => start(template, shell),
            }, "Use this template"),
            h("span.grow"),
            !SHIPPED.has(id) && h("button.button.quiet.square", {
                "aria-label": `Delete the template ${isolated(name)}`, title: "Delete",
                onclick: () => remove(template, render),
            }, icon("trash"))));
}

async function startBlank(shell) {
    await begin(
        "Start blank", "", (name) => call("workflow.create", { definition: { name } }), shell,
    );
}

async function start({ id, name, definition }, shell) {
    await begin(`Start from “${isolated(name)}”`, name, (chosen) => (chosen === definition.name
        ? call("workflow.create", { template: id })
        : call("workflow.create", { definition: { ...definition, name: chosen } })), shell);
}

async function begin(title, name, create, shell) {
    const input = h("input", { value: name, maxlength: 200, autofocus: true });
    const problem = h("p.error-text", { role: "alert" });
    await dialog({
        title,
        body: h("div.stack", {},
            field(
                "What is it called?",
                input,
                { hint: "Only you and your colleagues see this name." },
            ), problem),
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            {
                label: "Create", kind: "primary", value: true,
                keepOpen: async () => {
                    problem.textContent = input.value.trim() ? "" : "Please give it a name.";
                    if (problem.textContent) return true;
                    try {
                        const workflow = await create(input.value.trim());
                        shell.go(`workflows/${encodeURIComponent(workflow.id)}`);
                        return false;
                    } catch (error) {
                        problem.textContent = error.words;
                        return true;
                    }
                },
            },
        ],
    });
}

async function remove({ id, name }, render) {
    const sure = await dialog({
        title: `Delete the template “${isolated(name)}”?`,
        body: "Workflows that were started from it stay as they are.",
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            { label: "Delete", kind: "danger", value: true },
        ],
    });
    if (!sure) return;
    await attempt(async () => {
        await call("template.delete", { template: id });
        toast(`“${isolated(name)}” is deleted.`, { kind: "good" });
        await render();
    });
}
