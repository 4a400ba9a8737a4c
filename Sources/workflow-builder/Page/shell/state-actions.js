// A workflow's state, and the buttons that change it, with what each of them means.

import { dialog, h, icon, toast } from "../elements.js";
import { isolated } from "../names.js";
import { call } from "../service.js";
import { askAboutFields } from "./field-question.js";

const STATES = {
    draft: { label: "Draft", kind: "", icon: "edit", words: "Nobody can enter yet." },
    active: {
        label: "Active", kind: "good", icon: "play", words: "Contacts enter and get messages.",
    },
    paused: {
        label: "Paused", kind: "warn", icon: "pause",
        words: "Nobody new enters. Contacts inside go on and get their messages.",
    },
    halted: {
        label: "Halted", kind: "danger", icon: "stop",
        words: "Nobody new enters, and no message is sent.",
    },
};

const ACTIONS = {
    activate: {
        op: "workflow.activate",
        title: (name) => `Activate “${name}”?`,
        button: (state) => (state === "draft" ? "Activate" : "Resume"),
        points: {
            draft: [
                "From now on contacts can enter, by hand or by what starts this workflow.",
                "Each contact keeps the version it enters with. Changes reach new contacts only.",
            ],
            paused: ["New contacts can enter again.", "Contacts inside have gone on all the time."],
            halted: [
                "Messages are sent again, and new contacts can enter.",
                "What became too late is skipped, so nobody gets several messages at once.",
            ],
        },
        kind: "primary", icon: "play", done: "Workflow is on.",
    },
    pause: {
        op: "workflow.pause",
        title: (name) => `Pause “${name}”?`,
        button: () => "Pause",
        points: {
            active: [
                "No new contacts enter.",
                "Contacts inside go on as planned: they still get their messages.",
                "To stop messages as well, halt it instead.",
            ],
        },
        kind: "primary", icon: "pause",
        done: "Paused. Contacts already in it will keep getting messages.",
    },
    halt: {
        op: "workflow.halt",
        title: (name) => `Halt “${name}”?`,
        button: () => "Halt",
        points: {
            any: [
                "This is the emergency brake: nothing is sent any more, to anybody.",
                "Contacts inside stay where they are. Waiting times and ends go on.",
                "When you resume, messages that became too late are skipped.",
            ],
        },
        kind: "danger", icon: "stop", done: "Stopped. No messages will go out.",
    },
};

const OFFERED = {
    draft: ["activate"],
    active: ["pause", "halt"],
    paused: ["activate", "halt"],
    halted: ["activate"],
};

/**
 * @param {string} state
 * @returns {HTMLElement} its name, with what it means on hovering and for screen readers
 */
export function stateBadge(state) {
    const { label, kind, icon: drawing, words } = STATES[state];
    return h("span.badge", { class: kind, title: words }, icon(drawing), label,
        h("span.visually-hidden", {}, `: ${words}`));
}

/**
 * @param {object} options
 * @param {object} options.shell whose workflow it is about
 * @param {function(object)} options.onChange gets the workflow after a change
 * @returns {HTMLElement[]} a button for each state that it can go to
 */
export function stateButtons({ shell, onChange }) {
    const { state } = shell.workflow;
    return OFFERED[state].map((name) => {
        const action = ACTIONS[name];
        const draft = state === "draft" && name === "activate";
        return h("button.button", {
            class: draft ? "primary" : "",
            "data-action": name,
            onclick: () => change(action, shell, onChange),
        }, icon(action.icon), action.button(state));
    });
}

async function change(action, shell, onChange) {
    const { id, name, state } = shell.workflow;
    const chosen = await dialog({
        title: action.title(isolated(name)),
        body: consequences(action, state, Boolean(shell.save)),
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            { label: action.button(state), kind: action.kind, value: true },
        ],
    });
    if (!chosen) return;
    try {
        if (action === ACTIONS.activate && shell.save && !(await shell.save())) return;
        await run(action, { workflow: id }, onChange);
    } catch (error) {
        if (error.code === "fields_unconfirmed") await confirmFields(error, action, shell, onChange);
        else refuse(error);
    }
}

async function run(action, args, onChange) {
    onChange(await call(action.op, args));
    toast(action.done, { kind: "good" });
}

/** Whoever reads what nothing has would get no message: it is asked whether that is meant. */
async function confirmFields({ details }, action, shell, onChange) {
    const { id } = shell.workflow;
    const isMeant = await askAboutFields(details.warnings, shell.workflow);
    if (isMeant === null) return;
    if (isMeant) {
        await run(action, { workflow: id, confirm_fields: true }, onChange).catch(refuse);
    } else if (shell.leadToWarnings) {
        shell.leadToWarnings(details.warnings);
    } else {
        shell.go(`workflows/${encodeURIComponent(id)}`);
    }
}

function consequences(action, state, unsaved) {
    const points = action.points[state] ?? action.points.any;
    const saved = action === ACTIONS.activate && unsaved ? [
        "Your unsaved changes are saved first.",
    ] : [];
    return h("ul.bullets", {}, [...points, ...saved].map((point) => h("li", {}, point)));
}

function refuse(error) {
    dialog({
        title: "That was not possible",
        body: error.words ?? "Something went wrong. Please try again.",
        actions: [{ label: "Close", kind: "primary", value: null }],
    });
}
