// Two people's changes of one definition brought together: values in, values out.

import { allSteps, find, insert, isSame, move, remove, stepsIn, TOP, update } from "./draft.js";

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
    const sides = numbered({ base, mine, theirs });
    const isMine = (name) => {
        overlaps.add(name);
        return choose(name) === "mine";
    };
    let definition = members(sides, isMine);
    definition = contents(sides, definition, isMine);
    definition = positions(sides, definition, isMine);
    definition = removals(sides, definition, isMine);
    return { definition: inOrder(definition), overlaps: [...overlaps] };
}

/**
 * A path gets the same number in all versions, whatever came before it or went. Each branch holds a
 * path of each number; its `order` says which of them it has.
 */
function numbered(sides) {
    const known = new Map();
    const mapSides = (each, change) => Object.fromEntries(
        Object.entries(each).map(([name, side]) => [name, mapBranches(side, change)]),
    );
    const ordered = mapSides(sides, (branch) => {
        if (!known.has(branch.id)) known.set(branch.id, []);
        const before = find(sides.base, branch.id)?.step.paths ?? [];
        const order = numbers(branch.paths ?? [], known.get(branch.id), before.length);
        return { ...branch, order };
    });
    return mapSides(ordered, (branch) => ({
        ...branch,
        paths: known.get(branch.id).map(
            (_, number) => branch.paths?.[branch.order.indexOf(number)] ?? { steps: [] },
        ),
    }));
}

/** The places of paths among those that are known; a path that is not gets the next one. */
function numbers(paths, known, countBefore) {
    const found = [];
    for (const path of paths) {
        const isNamesake = ({ name }) => name === path.name;
        const fits = [
            (other, number) => number < countBefore && isNamesake(other),
            (other, number) => number < countBefore && isRenamed(other, path, paths),
            isNamesake,
        ];
        const free = fits.map((isFit) => known.findIndex(
            (other, number) => !found.includes(number) && isFit(other, number),
        ));
        found.push(free.find((number) => number >= 0) ?? known.push(path) - 1);
    }
    return found;
}

function isRenamed(before, path, paths) {
    const ids = (path.steps ?? []).map(({ id }) => id);
    const isAlike = isSame(before.when, path.when)
        || (before.steps ?? []).some(({ id }) => ids.includes(id));
    return isAlike && !paths.some(({ name }) => name === before.name);
}

function inOrder(definition) {
    return mapBranches(definition, ({ order, ...branch }) => (
        { ...branch, paths: order.map((number) => branch.paths[number]) }));
}

function mapBranches(definition, change) {
    return allSteps(definition).filter(({ step }) => step.kind === "branch")
        .reduce((result, { step }) => update(result, step.id, change), definition);
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

function contents(sides, definition, isMine) {
    const { base, mine, theirs } = sides;
    return allSteps(mine).reduce((result, { step, place }) => {
        const before = find(base, step.id)?.step;
        const other = find(theirs, step.id)?.step;
        const isChanged = !before || !isSame(own(before), own(step));
        if (!other) {
            const returns = before && (isChanged ? isMine(step.id) : isBack(place, theirs, result));
            return returns ? broughtBack(result, step, mine, place) : result;
        }
        if (!isChanged || isSame(own(other), own(step))) return result;
        const isTheirs = !before || !isSame(own(other), own(before))
            || isTouched(sides, removedFrom(other, before, step));
        return !isTheirs || isMine(step.id)
            ? update(result, step.id, (theirStep) => withOwn(theirStep, step)) : result;
    }, definition);
}

/** Whether a step stands in a branch that they removed and that was brought back. */
function isBack({ branch }, theirs, result) {
    return branch !== null && !find(theirs, branch) && Boolean(find(result, branch));
}

/** They removed what I changed: it stands where it stood, or last where that place is gone too. */
function broughtBack(result, step, mine, place) {
    return insert(result, emptied(step), placeBehind(mine, place, result) ?? last(result));
}

function last({ steps = [] }) {
    return { ...TOP, index: steps.length };
}

/** Their steps in the paths that I removed from a branch. */
function removedFrom(other, before, { order = [] }) {
    return (before.order ?? []).filter((number) => !order.includes(number))
        .flatMap((number) => other.paths[number].steps ?? []);
}

/** Whether they added or changed one of these steps, or of those in them, that I do not have. */
function isTouched({ base, mine }, steps) {
    return steps.flatMap(stepsIn).some((step) => !find(mine, step.id)
        && !isSame(own(find(base, step.id)?.step ?? {}), own(step)));
}

/** My fields, and their steps. */
function withOwn(theirs, mine) {
    if (mine.kind !== "branch") return mine;
    const paths = mine.paths.map(
        (path, number) => ({ ...path, steps: theirs.paths?.[number].steps ?? [] }),
    );
    return { ...mine, paths, otherwise: theirs.otherwise };
}

function positions({ base, mine, theirs }, definition, isMine) {
    return allSteps(mine).reduce((result, { step, place }) => {
        const isNew = !find(base, step.id);
        const isTheirs = Boolean(find(theirs, step.id));
        if (!isNew && (!isTheirs || !hasMoved(base, mine, step.id))) return result;
        const isElsewhere = isTheirs && (isNew || hasMoved(base, theirs, step.id));
        if (isElsewhere && (!hasMoved(theirs, mine, step.id) || !isMine(step.id))) return result;
        const target = placeBehind(mine, place, result) ?? (isMine(step.id) ? last(result) : null);
        if (!target) return result;
        return isTheirs ? move(result, step.id, target) : insert(result, emptied(step), target);
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
    if (!hasList(result, place)) return null;
    const list = { ...TOP, branch: place.branch, path: place.path };
    const before = siblings(mine, place).slice(0, place.index).findLast((step) => {
        const found = find(result, step.id)?.place;
        return found && found.branch === place.branch && found.path === place.path;
    });
    return { ...list, index: before ? find(result, before.id).place.index + 1 : 0 };
}

function hasList(definition, { branch, path }) {
    if (branch === null) return true;
    const found = find(definition, branch)?.step;
    // Both may have added a step of this id, and only one of them a branch.
    return found?.kind === "branch"
        && (path === "otherwise" || Boolean(found.order?.includes(path)));
}

/** What stood in a step or a path that I removed went with it. */
function removals(sides, definition, isMine) {
    const { base, mine, theirs } = sides;
    const gone = allSteps(base).filter(({ step, place }) => {
        const other = find(theirs, step.id)?.step;
        return other && !find(mine, step.id) && hasList(mine, place)
            && (!isTouched(sides, [other]) || isMine(step.id));
    }).map(({ step }) => step.id);
    return gone.reduce(remove, kept(definition, mine, gone));
}

/** What I have elsewhere stays, also where they moved it into something that goes. */
function kept(definition, mine, gone) {
    const goes = (result, { branch, path }) => branch !== null && (gone.includes(branch)
        || !hasList(result, { branch, path }) || goes(result, find(result, branch).place));
    return allSteps(mine).reduce((result, { step, place }) => {
        const found = find(result, step.id);
        return found && goes(result, found.place)
            ? move(result, step.id, placeBehind(mine, place, result) ?? last(result)) : result;
    }, definition);
}
