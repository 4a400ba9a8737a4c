// Every field that the service refuses. It names one at a time, so each is replaced by what it takes,
// in a copy, until it has nothing left to refuse.

import { call } from "../service.js";
import { find, update } from "./draft.js";
import { placeOfError } from "./errors.js";
import { sampleContact, sampleRecord } from "./samples.js";

const MOST = 25;
const SIGNAL = { signal: "sms.replied" };

/** Where a field begins, and what stands in for it; undefined takes the field away. */
const STAND_INS = [
    [/^content\.(html|notes)/, undefined], [/^content\.\w+/, "x"],
    [/^(fallback|max_lateness|not_after|at|on|from|note|reason|description|reentry)(?![a-z_])/,
        undefined],
    [/^name/, "x"], [/^flag/, "x"], [/^for/, { days: 1 }], [/^within/, { days: 1 }],
    [/^paths\[\d+\]\.name/, (field) => `stand-in ${field}`], [/^paths\[\d+\]\.when/, SIGNAL],
    [/^entry\.triggers\[\d+\]/, SIGNAL], [/^entry\.record/, undefined],
    [/^exits\[\d+\]\.name/, (field) => field.replace(/\W+/g, "_")], [/^exits\[\d+\]\.when/, SIGNAL],
];

/**
 * @param {object} definition that was refused
 * @param {import("../service.js").ServiceError} first why
 * @returns {Promise<{step: string|null, field: string, message: string}[]>} in the order in which
 *     the service finds them; the first one alone where the service is away by now
 */
export async function allErrors(definition, first) {
    const found = new Map();
    let copy = definition;
    for (let error = first; error && found.size < MOST; error = await refusal(copy)) {
        const place = placeOfError(copy, error.path);
        const key = JSON.stringify(place);
        if (found.has(key)) break;
        found.set(key, { ...place, message: error.words });
        const mended = standIn(copy, place);
        if (!mended) break;
        copy = mended;
    }
    return [...found.values()];
}

async function refusal(definition) {
    try {
        await call("workflow.preview", {
            definition, contact: { fields: sampleContact() },
            record: { fields: sampleRecord(definition) },
        });
        return null;
    } catch (error) {
        return error.path?.startsWith("args.definition") ? error : null;
    }
}

function standIn(definition, { step, field }) {
    for (const [pattern, value] of STAND_INS) {
        const match = pattern.exec(field);
        if (!match) continue;
        const put = (holder) => withValue(
            holder, parts(match[0]), typeof value === "function" ? value(match[0]) : value,
        );
        return step === null ? put(definition) : find(definition, step) && update(
            definition, step, put,
        );
    }
    return null;
}

function parts(field) {
    return field.split(/[.[\]]+/).filter(Boolean)
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function withValue(holder, [name, ...rest], value) {
    if (rest.length) {
        const inner = withValue(holder?.[name] ?? {}, rest, value);
        return Array.isArray(holder) ? holder.with(name, inner) : { ...holder, [name]: inner };
    }
    if (Array.isArray(holder)) return holder.with(name, value);
    const { [name]: _, ...others } = holder;
    return value === undefined ? others : { ...others, [name]: value };
}
