"""How a life goes on: time moves in steps, channels answer by a seeded rule, and what they answered has consequences."""

import datetime
import heapq
import itertools
import json
import random

BEGIN = datetime.datetime(2026, 2, 23, 14, 0, tzinfo=datetime.timezone.utc)
# What channels answer, in parts of a hundred; the rest is `sent`.
ANSWERS = {
    "sms": {"accepted": 45, "permanent": 3, "transient": 5, "suppressed": 2, "unknown": 2, "config": 0.12, "die": 0.12},
    "email": {"accepted": 25, "delivered": 10, "permanent": 3, "transient": 5, "suppressed": 1, "unknown": 2, "config": 0.1, "die": 0.12},
    "call_reminder": {"permanent": 2, "transient": 4},
    "postcard": {"unknown": 35, "permanent": 5, "die": 1},
    "whatsapp": {"accepted": 30, "permanent": 20, "unknown": 10, "die": 0.5},
}
QUERY_ANSWERS = ["sent", "sent", "not_found", "delivered", "failed", "unknown", "accepted"]


def moment(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def line(op, args=None, **members):
    return json.dumps({"op": op, "args": args or {}, **members}, ensure_ascii=False)


class Life:
    """Performs acts by `perform`, which returns what was seen of each; the same seed and sights lead to the same acts."""

    def __init__(self, perform, seed):
        self.perform = perform
        self.random = random.Random(seed)
        self.now = BEGIN
        self.counter = itertools.count(1)
        self.held, self.closed, self.later = {}, set(), []
        self.is_moving = False
        self.head = 0
        # Which channel was asked what; those who are inside, with their workflows; messages that wait for a person.
        self.channel_of, self.inside, self.in_doubt = {}, {}, {}

    # Acts

    def act(self, do, **arguments):
        """Performs one act; the reply lines that came."""
        seen = self.perform({"do": do, **arguments})
        lines = []
        for sight in seen:
            match sight["saw"]:
                case "request" if "number" in sight:
                    self.held[sight["number"]] = sight
                    self.channel_of[sight["number"]] = sight["channel"]
                case "reply":
                    if sight["client"] == "clock":
                        self.is_moving = False
                    lines += sight["lines"]
                case "event":
                    self.note(sight["event"])
        return lines

    def send(self, text, client="office", **members):
        """A client sends lines; those of the reply."""
        return self.act("send", client=client, text=text, **members)

    def call(self, op, args=None, client="office", **members):
        """One command; its reply."""
        replies = self.send(line(op, args, **members), client)
        return replies[0] if replies else {"ok": False}

    def note(self, event):
        """Keeps what later acts need to know."""
        self.head = event["seq"]
        enrollment, what = event.get("enrollment"), event["type"]
        if what == "enrollment.created":
            self.inside[enrollment] = (event["contact"], event["workflow"])
        elif what in ("enrollment.finished", "enrollment.exited", "enrollment.unenrolled"):
            self.inside.pop(enrollment, None)
        elif what == "message.unknown":
            self.in_doubt[enrollment] = event["step"]

    def name(self, kind):
        return f"{kind}-{next(self.counter)}"

    def chance(self, hundredth):
        return self.random.random() * 100 < hundredth

    def after(self, hours, what, *arguments):
        """Does `what` at the first step of time that is so many hours from now."""
        moment = self.now + datetime.timedelta(hours=hours)
        heapq.heappush(self.later, (moment, next(self.counter), what, arguments))

    def do_what_is_due(self):
        while self.later and self.later[0][0] <= self.now:
            _, _, what, arguments = heapq.heappop(self.later)
            what(*arguments)

    # Time

    def advance(self, to):
        """Moves the clock, while channels answer what they are asked on the way."""
        self.is_moving = True
        self.send(line("clock.advance", {"to": moment(to)}), client="clock")
        while self.is_moving:
            if self.held:
                self.serve()
            elif self.closed:
                self.open(sorted(self.closed)[0])
            else:
                raise AssertionError("time stands still")
        self.now = to

    # Channels

    def serve(self):
        """Lets channels answer some of what they were asked."""
        numbers = sorted(self.held)
        # A question has to be answered in half a minute of real time.
        numbers = [number for number in numbers if self.held[number]["request"]["op"] == "query"] or numbers
        count = self.random.choice([1, 1, 2, 3, 5, 8])
        chosen = numbers[:count] if self.chance(70) else sorted(self.random.sample(numbers, min(count, len(numbers))))
        answers = []
        for number in chosen:
            kind = self.kind_of_answer(self.held[number])
            if kind == "die":
                if not answers:
                    return self.die(self.held[number]["channel"])
                continue
            answers.append((number, self.answer(number, kind)))
        if not answers:
            return
        # What several channels answer comes one after the other.
        first = self.held[answers[0][0]]["channel"]
        answers = [(number, answer) for number, answer in answers if self.held[number]["channel"] == first]
        for number, answer in answers:
            self.follow_up(number, answer)
        seen_faults = any(answer.get("failure", {}).get("kind") == "config" for _, answer in answers)
        for number, _ in answers:
            del self.held[number]
        if seen_faults:
            self.closed.add(first)
        self.act("answer", answers=answers)
        if seen_faults and self.chance(50):
            self.open(first)

    def kind_of_answer(self, sight):
        if sight["request"]["op"] == "query":
            return "query"
        dice = self.random.random() * 100
        for kind, share in ANSWERS[sight["channel"]].items():
            dice -= share
            if dice < 0:
                return kind
        return "sent"

    def answer(self, number, kind):
        match kind:
            case "query":
                outcome = self.random.choice(QUERY_ANSWERS)
                if outcome == "failed":
                    return {"outcome": "failed", "failure": {"kind": "permanent", "reason": "It was refused."}}
                return {"outcome": outcome}
            case "permanent" | "suppressed":
                return {"outcome": "failed", "failure": {"kind": kind, "reason": f"It is {kind}."}}
            case "transient":
                pause = self.random.choice([None, 60_000, 600_000, 7_200_000])
                failure = {"kind": "transient", "reason": "The provider is busy."}
                return {"outcome": "failed", "failure": failure | ({"retry_after_ms": pause} if pause else {})}
            case "config":
                return {"outcome": "failed", "failure": {"kind": "config", "reason": "The account is closed.", "retry_after_ms": 1}}
            case "unknown":
                return {"outcome": "unknown", "reason": "The connection broke."}
        return {"outcome": kind}

    def follow_up(self, number, answer):
        """What comes of a message later: a state, or what its contact does."""
        sight = self.held[number]
        channel, request = sight["channel"], sight["request"]
        if request["op"] != "send" or answer["outcome"] not in ("accepted", "sent", "delivered"):
            return
        if answer["outcome"] == "accepted":
            state = self.random.choice(["delivered"] * 5 + ["sent", "failed"])
            report = {"event": "status", "event_id": self.name("st"), "key": f"@{number}", "outcome": state}
            if state == "failed":
                report["failure"] = {"kind": "permanent", "reason": "The phone is gone."}
            self.after(self.random.choice([0, 1, 9, 30]), self.report, channel, [report])
        habits = {"sms": [("reply", 9), ("clicked", 6), ("opt_out", 2)], "email": [("opened", 15), ("clicked", 8), ("reply", 4), ("opt_out", 1)],
                  "whatsapp": [("reply", 30)]}
        for kind, share in habits.get(channel, []):
            if self.chance(share):
                self.after(self.random.choice([0, 2, 5, 26, 50]), self.report, channel, [self.inbound(kind, number, request)])
        if channel == "call_reminder" and self.chance(30):
            self.after(6, self.call, "signal.send", {"name": "call.answered", "contact": request["context"]["contact"]})

    def inbound(self, kind, number, request):
        report = {"event": "inbound", "event_id": self.name("in"), "kind": kind}
        report |= {"from": request["to"]} if self.chance(30) else {"key": f"@{number}"}
        if kind == "reply":
            report["text"] = self.random.choice(["YES", "Yes please, call me", "No thanks", "Grüße 👋"])
        if self.chance(20):
            report["at"] = moment(self.now)
        return report

    def report(self, channel, lines):
        """A channel reports something, now and then twice."""
        if channel in self.closed or channel not in self.installed:
            return self.after(1, self.report, channel, lines)
        self.act("report", channel=channel, lines=lines * (2 if self.chance(5) else 1))

    def drop(self, channel=None):
        """The messages that were with a channel, or with all, are with it no more."""
        self.held = {number: sight for number, sight in self.held.items() if channel and sight["channel"] != channel}

    def die(self, channel):
        self.drop(channel)
        self.closed.add(channel)
        self.act("die", channel=channel)

    def open(self, channel):
        self.closed.discard(channel)
        self.act("open", channel=channel)

    def start(self, channels, **arguments):
        self.drop()
        self.closed, self.installed = set(channels), channels
        self.act("start", channels=channels, **arguments)

    def open_all(self):
        for channel in self.random.sample(sorted(self.closed), len(self.closed)):
            self.open(channel)
