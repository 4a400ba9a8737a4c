// What differs between two versions of a definition: values in, values out.

import { flatten } from "./steps.js";

const NESTED = new Set(["id", "steps", "paths", "otherwise"]);
const TOP_LEVEL = ["name", "description", "entry", "exits", "reentry"];

/**
 * @param {object} old a definition
 * @param {object} now a later one
 * @returns {{kind: "added"|"removed"|"changed"|"moved", step: object, before: object|undefined,
 *     fields: string[], top: boolean}[]} in the order of the later one; removed steps at their old
 *     place. Both a change and a move of a step stand in one entry of kind "changed" with `moved`.
 */
export function stepDifferences(old, now) {
    const before = new Map(flatten(old.steps).map((row) => [row.step.id, row]));
    const after = flatten(now.steps);
    const known = new Set(after.map(({ step }) => step.id));
    const moved = movedSteps([...before.values()], after);
    const found = after.map(
        (row) => difference(before.get(row.step.id), row, moved),
    ).filter(Boolean);
    const removed = [...before.values()].filter(({ step }) => !known.has(step.id));
    return [...found, ...removed.map(({ step }) => ({ kind: "removed", step, fields: [] }))];
}

function difference(before, { step }, moved) {
    if (!before) return { kind: "added", step, fields: [] };
    const fields = changedFields(before.step, step);
    const isMoved = moved.has(step.id);
    if (fields.length) return {
        kind: "changed",
        step,
        before: before.step,
        fields,
        moved: isMoved,
    };
    return isMoved ? { kind: "moved", step, before: before.step, fields } : null;
}

function changedFields(before, after) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    const own = [...names].filter(
        (name) => !NESTED.has(name) && !isSame(before[name], after[name]),
    );
    return isSame(pathRules(before), pathRules(after)) ? own : [...own, "paths"];
}

/** A branch's paths without the steps in them, which are compared by themselves. */
function pathRules({ paths }) {
    return paths?.map(({ name, when }) => ({ name, when }));
}

/** Steps that stand in another list, or that the longest common order leaves out. */
function movedSteps(before, after) {
    const place = ({ branch, path }) => JSON.stringify([branch, path]);
    const places = new Map(before.map((row) => [row.step.id, place(row)]));
    const common = after.filter(({ step }) => places.has(step.id));
    const moved = new Set(
        common.filter((row) => places.get(row.step.id) !== place(row)).map(({ step }) => step.id),
    );
    for (const list of new Set(common.map(place))) {
        const stays = (row) => place(row) === list && !moved.has(row.step.id);
        const one = before.filter(
            (row) => stays(row) && common.some(({ step }) => step.id === row.step.id),
        )
            .map(({ step }) => step.id);
        const other = common.filter(stays).map(({ step }) => step.id);
        const kept = new Set(commonOrder(one, other).map(([index]) => one[index]));
        other.filter((id) => !kept.has(id)).forEach((id) => moved.add(id));
    }
    return moved;
}

/**
 * The longest common subsequence.
 * @param {string[]} one
 * @param {string[]} other
 * @returns {[number, number][]} the places of what they have in common
 */
export function commonOrder(one, other) {
    const lengths = Array.from({ length: one.length + 1 }, () => new Uint32Array(other.length + 1));
    for (let i = one.length - 1; i >= 0; i -= 1) {
        for (let j = other.length - 1; j >= 0; j -= 1) {
            lengths[i][j] = one[i] === other[j]
                ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
        }
    }
    const pairs = [];
    for (let i = 0, j = 0; i < one.length && j < other.length;) {
        if (one[i] === other[j]) pairs.push([i++, j++]);
        else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
        else j += 1;
    }
    return pairs;
}

/**
 * @param {object} old
 * @param {object} now
 * @returns {string[]} the members that differ, apart from steps
 */
export function topDifferences(old, now) {
    return TOP_LEVEL.filter((name) => !isSame(old[name], now[name]));
}

function isSame(one, other) {
    return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value) {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}
