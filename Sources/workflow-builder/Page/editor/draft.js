// A definition while it is edited: values in, values out. Nothing here changes what it is given.
//
// A place is where a step stands: `{branch, path, index}`. `branch` is null at the top; `path` is the
// number of one of the branch's paths, or "otherwise".

/** The list at the top of a workflow. */
export const TOP = Object.freeze({ branch: null, path: null });

/**
 * @param {object} branch a step
 * @returns {{path: number|"otherwise", name: string, when: object|null, steps: object[]}[]} its
 *     lists
 */
export function lists(branch) {
    const paths = (branch.paths ?? []).map(
        ({ name, when, steps }, path) => ({ path, name, when, steps: steps ?? [] }),
    );
    const otherwise = branch.otherwise?.steps ?? [];
    return [...paths, { path: "otherwise", name: "otherwise", when: null, steps: otherwise }];
}

/**
 * @param {object} definition
 * @returns {{step: object, place: object}[]} every step, from top to bottom
 */
export function allSteps(definition) {
    return within(definition.steps ?? [], TOP);
}

function within(steps, { branch, path }) {
    return steps.flatMap((step, index) => [
        { step, place: { branch, path, index } },
        ...(step.kind === "branch" ? lists(step).flatMap(
            (list) => within(list.steps, { branch: step.id, path: list.path }),
        ) : []),
    ]);
}

/**
 * @param {object} step
 * @returns {object[]} the step itself, and all that stand in it
 */
export function stepsIn(step) {
    return within([step], TOP).map((entry) => entry.step);
}

/**
 * @param {object} definition
 * @param {string} id
 * @returns {{step: object, place: object}|undefined}
 */
export function find(definition, id) {
    return allSteps(definition).find(({ step }) => step.id === id);
}

/**
 * @param {object} definition
 * @param {{branch: string|null, path: *}} place
 * @returns {object[]} the list that holds the place; empty where there is none
 */
export function listAt(definition, { branch, path }) {
    if (branch === null) return definition.steps ?? [];
    const found = find(definition, branch);
    return (found && lists(found.step).find((list) => list.path === path)?.steps) ?? [];
}

/** @returns {object} a definition with one list changed */
function withList(definition, place, change) {
    return { ...definition, steps: inLists(definition.steps ?? [], place, change) };
}

function inLists(steps, place, change) {
    if (place.branch === null) return change(steps);
    return steps.map((step) => {
        if (step.kind !== "branch") return step;
        return mapLists(step, (list, path) => (step.id === place.branch
            ? (path === place.path ? change(list) : list)
            : inLists(list, place, change)));
    });
}

/** @returns {object} the branch with each of its lists mapped by `change(steps, path)` */
function mapLists(branch, change) {
    const paths = (branch.paths ?? []).map(
        (one, index) => ({ ...one, steps: change(one.steps ?? [], index) }),
    );
    const steps = change(branch.otherwise?.steps ?? [], "otherwise");
    const result = { ...branch, paths };
    return steps.length || branch.otherwise ? { ...result, otherwise: { steps } } : result;
}

/**
 * @param {object} definition
 * @param {object} step whose id is not there yet
 * @param {object} place
 * @returns {object} the definition with the step at that place
 */
export function insert(definition, step, place) {
    return withList(definition, place, (steps) => steps.toSpliced(place.index, 0, step));
}

/**
 * @param {object} definition
 * @param {string} id
 * @returns {object} the definition without the step, and without what stands in it
 */
export function remove(definition, id) {
    const found = find(definition, id);
    if (!found) return definition;
    return withList(definition, found.place, (steps) => steps.filter((step) => step.id !== id));
}

/**
 * Moves a step. A step does not move into itself.
 * @param {object} definition
 * @param {string} id
 * @param {object} place as it is before the move
 * @returns {object} the same definition where nothing moves
 */
export function move(definition, id, place) {
    const found = find(definition, id);
    if (!found || holds(found.step, place.branch)) return definition;
    const { place: from, step } = found;
    const isSameList = from.branch === place.branch && from.path === place.path;
    const index = isSameList && from.index < place.index ? place.index - 1 : place.index;
    if (isSameList && index === from.index) return definition;
    return insert(remove(definition, id), step, { ...place, index });
}

/** @returns {boolean} whether the step is, or holds, the one with this id */
export function holds(step, id) {
    return id !== null && stepsIn(step).some((one) => one.id === id);
}

/**
 * @param {object} definition
 * @param {string} id
 * @param {function(object): object} change
 * @returns {object} the definition with one step changed
 */
export function update(definition, id, change) {
    const found = find(definition, id);
    if (!found) return definition;
    return withList(definition, found.place, (steps) => steps.map(
        (step) => (step.id === id ? change(step) : step),
    ));
}

/**
 * Puts a copy behind a step; what stands in it is copied too, under new ids.
 * @param {object} definition
 * @param {string} id
 * @param {Set<string>} known ids that no copy gets
 * @returns {{definition: object, id: string}} with the copy's id
 */
export function duplicate(definition, id, known) {
    const { step, place } = find(definition, id);
    const copy = renamed(structuredClone(step), new Set(known));
    const at = { ...place, index: place.index + 1 };
    return { definition: insert(definition, copy, at), id: copy.id };
}

function renamed(step, taken) {
    const id = free(step.id.replace(/-\d+$/, ""), taken);
    taken.add(id);
    if (step.kind !== "branch") return { ...step, id };
    return { ...mapLists(step, (steps) => steps.map((one) => renamed(one, taken))), id };
}

function free(base, taken) {
    for (let number = 1; ; number += 1) {
        if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
    }
}

const NEW_STEPS = {
    sms: { kind: "message", channel: "sms", content: { text: "" } },
    email: { kind: "message", channel: "email", content: { subject: "", text: "" } },
    call_reminder: { kind: "message", channel: "call_reminder", content: { title: "" } },
    delay: { kind: "delay", for: { days: 1 }, at: "10:00" },
    branch: {
        kind: "branch",
        within: { days: 3 },
        paths: [{ name: "replied", when: { signal: "sms.replied" }, steps: [] }],
        otherwise: { steps: [] },
    },
    flag: { kind: "flag", flag: "attention" },
    exit: { kind: "exit" },
};

const MESSAGE_RULES = { quiet_hours: "hold", on_failure: "continue" };
const ID_NAMES = { call_reminder: "call", delay: "wait" };

/**
 * @param {Set<string>} known ids that it does not get
 * @param {keyof NEW_STEPS} kind
 * @returns {object} a step that can be put into a definition
 */
export function newStep(known, kind) {
    const step = structuredClone(NEW_STEPS[kind]);
    const rules = step.kind === "message" ? MESSAGE_RULES : {};
    return { id: free(ID_NAMES[kind] ?? kind, known), ...step, ...rules };
}

/**
 * Where a step goes when it is moved by a key: past its neighbour, into a branch that it meets, out
 * of the path that it is in, or over to the path beside it.
 * @param {object} definition
 * @param {string} id
 * @param {"up"|"down"|"left"|"right"} direction
 * @returns {object|null} the place; null where it cannot go further
 */
export function placeBeside(definition, id, direction) {
    const found = find(definition, id);
    if (!found) return null;
    if (direction === "left" || direction === "right") return sideways(definition, found, direction);
    return direction === "up" ? above(definition, found) : below(definition, found);
}

function above(definition, { place }) {
    if (place.index > 0) {
        const neighbour = listAt(definition, place)[place.index - 1];
        return neighbour.kind === "branch"
            ? { branch: neighbour.id, path: 0, index: lists(neighbour)[0].steps.length }
            : { ...place, index: place.index - 1 };
    }
    return place.branch === null ? null : find(definition, place.branch).place;
}

function below(definition, { place }) {
    const neighbour = listAt(definition, place)[place.index + 1];
    if (neighbour?.kind === "branch") return { branch: neighbour.id, path: 0, index: 0 };
    if (neighbour) return { ...place, index: place.index + 2 };
    if (place.branch === null) return null;
    const branch = find(definition, place.branch).place;
    return { ...branch, index: branch.index + 1 };
}

function sideways(definition, { place }, direction) {
    if (place.branch === null) return null;
    const all = lists(find(definition, place.branch).step);
    const at = all.findIndex(({ path }) => path === place.path);
    const target = all[at + (direction === "left" ? -1 : 1)];
    if (!target) return null;
    const index = Math.min(place.index, target.steps.length);
    return { branch: place.branch, path: target.path, index };
}

/** @returns {boolean} whether two values are the same, whatever the order of their members */
export function isSame(one, other) {
    return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value) {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== "object") return value;
    const names = Object.keys(value).filter((name) => value[name] !== undefined).sort();
    return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
