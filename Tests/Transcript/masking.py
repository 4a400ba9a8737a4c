"""What differs from run to run, or from version to version, and is no part of what a transcript holds the service to.

Everything else in a reply, an event or a request to a channel is compared.
"""

import re

MASK = "..."
# Members of replies, by command: facts of the machine, of the process and of real time.
MASKED = {
    "system.hello": [["version"]],
    "system.health": [
        ["status"], ["problems"], ["version"], ["schema"], ["uptime_seconds"], ["store"], ["longest_turn_ms"],
        ["clock_jumps"], ["process"]],
    "channel.list": [["channels", "*", "pid"], ["channels", "*", "answered_last_minute"]],
    "key.list": [["server_key"]],
}


def mask(value, path):
    """Hides what stands at `path`, where there is such a member."""
    first, rest = path[0], path[1:]
    for key in range(len(value)) if first == "*" else [first] if first in value else []:
        if rest:
            mask(value[key], rest)
        else:
            value[key] = MASK


def settled(channels):
    """Channels without what a race of the system adds to their last words: a process closes its output before it is gone."""
    for channel in channels:
        if "last_error" in channel:
            channel["last_error"] = channel["last_error"].removeprefix("It closed its output. ")


def metric_names(text):
    """The names of the metrics of one page: their values are facts of one process."""
    return {name: True for name in sorted(set(re.findall(r"^(\w+)", text, re.MULTILINE)))}


def normal_reply(op, reply):
    """`reply` to the command `op` without what differs from run to run; its cursor is kept by the stage."""
    result = reply.get("result")
    if not isinstance(result, dict):
        return reply
    for path in MASKED.get(op, []):
        mask(result, path)
    settled(result.get("channels", []))
    if op == "system.hello" and "ops" in result:
        result["ops"] = {name: True for name in result["ops"]}
    if op == "system.metrics":
        result["metrics"] = metric_names(result["metrics"])
    if isinstance(result.get("next"), str):
        result["next"] = MASK
    return reply


class Names:
    """What a service calls itself and its feed: random, so a transcript calls them by these words instead."""

    def __init__(self):
        self.words = {}

    def learn(self, text, word):
        self.words.setdefault(text, word)

    def hide(self, text):
        """`text` of the service with the random names replaced."""
        for name, word in self.words.items():
            text = text.replace(name, word)
        return text
