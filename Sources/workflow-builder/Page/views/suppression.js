// What a contact opted out of, and the way to change it on its behalf.

import { dialog, h, toast } from "../elements.js";
import { call } from "../service.js";
import { channelName } from "../words.js";
import { attempt } from "./enrollment-actions.js";
import { capitalized } from "./happenings.js";
import { hasOptedOut, personName } from "./people.js";

const CHANNELS = ["sms", "email"];

/**
 * @param {object} contact
 * @returns {HTMLElement[]}
 */
export function suppressionBadges({ suppressed }) {
    if (suppressed === true) return [h("span.badge.warn", {}, "Everything")];
    return (suppressed ?? []).map(
        (channel) => h("span.badge.warn", {}, capitalized(channelName(channel))),
    );
}

/**
 * @param {object} contact
 * @returns {HTMLElement[]} a button for what can be changed
 */
export function suppressionButtons(contact) {
    const out = choices(contact, false);
    const back = contact.suppressed ? choices(contact, true) : [];
    return [
        out.length > 0 && h("button.button", {
            "data-focus": "unsubscribe", onclick: () => ask(contact, out, "unsubscribed"),
        }, "Unsubscribe"),
        back.length > 0 && h("button.button", {
            "data-focus": "resubscribe", onclick: () => ask(contact, back, "resubscribed"),
        }, "Subscribe again"),
    ];
}

function choices(contact, optedOut) {
    const some = contact.suppressed === true && optedOut
        ? [] : CHANNELS.filter((channel) => hasOptedOut(contact, channel) === optedOut);
    const all = optedOut || contact.suppressed !== true ? [null] : [];
    return [...all, ...some];
}

async function ask(contact, channels, verb) {
    const name = personName(contact);
    const unsubscribes = verb === "unsubscribed";
    const radios = channels.map((channel, index) => h("label.row", {},
        h("input", { type: "radio", name: "channel", value: channel ?? "", checked: index === 0 }),
        channel ? capitalized(channelName(channel)) : "Everything"));
    const body = h("fieldset.stack.tight.plain", {},
        h("legend", {}, unsubscribes
            ? `What does ${name} want no more? It holds for every workflow, from now on.`
            : `What does ${name} want again? Do this only if they asked for it.`),
        radios);
    const sure = await dialog({
        title: unsubscribes ? `Unsubscribe ${name}` : `Subscribe ${name} again`, body,
        actions: [
            { label: "Cancel", kind: "quiet", value: null },
            {
                label: unsubscribes ? "Unsubscribe" : "Subscribe again",
                kind: "primary",
                value: true,
            },
        ],
    });
    if (!sure) return;
    const channel = body.querySelector("input:checked").value;
    await attempt(async () => {
        await call("signal.send", {
            name: `contact.${verb}`, contact: contact.id, ...(channel && { data: { channel } }),
        });
        toast(
            unsubscribes ? `${name} is unsubscribed.` : `${name} gets messages again.`,
            { kind: "good" },
        );
    });
}
