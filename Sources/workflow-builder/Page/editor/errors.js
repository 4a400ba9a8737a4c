// Where the service's words about a definition belong: values in, values out.

/**
 * @param {object} definition that was sent
 * @param {string|undefined} path such as "args.definition.steps[2].paths[0].steps[1].content.text"
 * @returns {{step: string|null, field: string}} the step, null for the workflow itself, and the
 *     field in it, such as "content.text" or "paths[0].when"
 */
export function placeOfError(definition, path) {
    const parts = [...(path ?? "").matchAll(/([A-Za-z_]\w*)|\[(\d+)\]/g)]
        .map(([, name, index]) => name ?? Number(index));
    while (parts[0] === "args" || parts[0] === "definition" || parts[0] === "changes") parts.shift();
    let value = definition;
    let step = null;
    let field = [];
    for (const part of parts) {
        value = value?.[part];
        field.push(part);
        if (typeof part === "number" && field.at(-2) === "steps") {
            step = value?.id ?? step;
            field = [];
        }
    }
    return { step, field: written(field) };
}

function written(parts) {
    return parts.reduce((text, part) => {
        if (typeof part === "number") return `${text}[${part}]`;
        return text ? `${text}.${part}` : part;
    }, "");
}
