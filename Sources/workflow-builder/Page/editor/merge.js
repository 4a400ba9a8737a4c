// Two people's changes of one definition brought together: values in, values out.

import { allSteps, find, insert, isSame, move, remove, TOP, update } from "./draft.js";

const MEMBERS = ["name", "description", "entry", "exits", "reentry"];

/**
 * Puts my changes since `base` on top of theirs.
 * @param {object} base the definition that both began with
 * @param {object} mine
 * @param {object} theirs
 * @param {function(string): "mine"|"theirs"|undefined} [choose] whose version of an overlap it is;
 *     where nobody chose, theirs
 * @returns {{definition: object, overlaps: string[]}} `overlaps` names what both changed: the ids
 *     of steps, and members of the workflow
 */
export function merge(base, mine, theirs, choose = () => undefined) {
    const overlaps = new Set();
    const sides = { base, mine, theirs };
    const isMine = (name) => {
        overlaps.add(name);
        return choose(name) === "mine";
    };
    let definition = members(sides, isMine);
    definition = removals(sides, definition, isMine);
    definition = contents(sides, definition, isMine);
    definition = positions(sides, definition, isMine);
    return { definition, overlaps: [...overlaps] };
}

function members({ base, mine, theirs }, isMine) {
    const result = { ...theirs };
    for (const name of MEMBERS) {
        if (isSame(mine[name], base[name]) || isSame(theirs[name], mine[name])) continue;
        if (isSame(theirs[name], base[name]) || isMine(name)) result[name] = mine[name];
    }
    return result;
}

/** A step by itself: of a branch the names and conditions of its paths, not the steps in them. */
function own(step) {
    const { paths, otherwise, ...rest } = step;
    return { ...rest, paths: paths?.map(({ name, when }) => ({ name, when })) };
}

/** What stood in a step that I removed went with it. */
function removals({ base, mine, theirs }, definition, isMine) {
    const gone = allSteps(base).filter(({ step, place }) => !find(mine, step.id)
        && find(theirs, step.id) && (place.branch === null || find(mine, place.branch)));
    return gone.reduce((result, { step }) => {
        const isAsBefore = isSame(find(theirs, step.id).step, step);
        return isAsBefore || isMine(step.id) ? remove(result, step.id) : result;
    }, definition);
}

function contents({ base, mine, theirs }, definition, isMine) {
    return allSteps(mine).reduce((result, { step, place }) => {
        const before = find(base, step.id)?.step;
        if (!before || isSame(own(before), own(step))) return result;
        const other = find(theirs, step.id)?.step;
        if (!other) return isMine(step.id) ? broughtBack(result, step, mine, place) : result;
        if (isSame(own(other), own(step))) return result;
        return isSame(own(other), own(before)) || isMine(step.id)
            ? update(result, step.id, (theirStep) => withOwn(theirStep, step)) : result;
    }, definition);
}

/** They removed what I changed: it stands where it stood, or last where that place is gone too. */
function broughtBack(result, step, mine, place) {
    const target = placeBehind(mine, place, result) ?? last(result);
    return insert(result, withoutKnown(step, result), target);
}

/** A branch without those of its steps that stand elsewhere now. */
function withoutKnown(step, definition) {
    if (step.kind !== "branch") return step;
    const left = (steps = []) => steps.filter(({ id }) => !find(definition, id))
        .map((one) => withoutKnown(one, definition));
    const paths = step.paths.map((path) => ({ ...path, steps: left(path.steps) }));
    return { ...step, paths, otherwise: { steps: left(step.otherwise?.steps) } };
}

function last({ steps = [] }) {
    return { ...TOP, index: steps.length };
}

/** My fields, their steps within the paths: by the path's name, else by its number. */
function withOwn(theirs, mine) {
    if (mine.kind !== "branch") return mine;
    const paths = mine.paths.map((path, index) => {
        const same = theirs.paths.find(({ name }) => name === path.name) ?? theirs.paths[index];
        return { ...path, steps: same?.steps ?? path.steps };
    });
    return { ...mine, paths, otherwise: theirs.otherwise };
}

function positions({ base, mine, theirs }, definition, isMine) {
    return allSteps(mine).reduce((result, { step, place }) => {
        const isNew = !find(base, step.id);
        if (!isNew && (!hasMoved(base, mine, step.id) || !find(theirs, step.id))) return result;
        const isElsewhere = !isNew && hasMoved(base, theirs, step.id);
        if (isElsewhere && (!hasMoved(theirs, mine, step.id) || !isMine(step.id))) return result;
        const target = placeBehind(mine, place, result) ?? (isMine(step.id) ? last(result) : null);
        if (!target) return result;
        return isNew && !find(result, step.id)
            ? insert(result, emptied(step), target) : move(result, step.id, target);
    }, definition);
}

/** A new branch comes without its steps: each of them follows by itself. */
function emptied(step) {
    if (step.kind !== "branch") return step;
    const paths = step.paths.map((path) => ({ ...path, steps: [] }));
    return { ...step, paths, otherwise: { steps: [] } };
}

/** Whether a step stands in another list, or behind another step that both know. */
function hasMoved(one, other, id) {
    const before = find(one, id).place;
    const after = find(other, id)?.place;
    if (!after) return false;
    if (before.branch !== after.branch || before.path !== after.path) return true;
    return predecessor(one, id, other) !== predecessor(other, id, one);
}

function predecessor(definition, id, other) {
    const { place } = find(definition, id);
    return siblings(definition, place).slice(0, place.index)
        .findLast((step) => find(other, step.id))?.id ?? null;
}

function siblings(definition, { branch, path }) {
    return allSteps(definition)
        .filter(({ place }) => place.branch === branch && place.path === path)
        .map(({ step }) => step);
}

/** The place in `result` behind the nearest step before `place` in `mine` that is there too. */
function placeBehind(mine, place, result) {
    if (place.branch !== null && !find(result, place.branch)) return null;
    const list = { ...TOP, branch: place.branch, path: place.path };
    const before = siblings(mine, place).slice(0, place.index).findLast((step) => {
        const found = find(result, step.id)?.place;
        return found && found.branch === place.branch && found.path === place.path;
    });
    return { ...list, index: before ? find(result, before.id).place.index + 1 : 0 };
}
