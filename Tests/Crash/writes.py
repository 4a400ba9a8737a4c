"""The writes of a sibling service, and what it knows to be done once they are acknowledged."""

import collections
import datetime
import json
import random
import threading

from Crash.business import draft, person

POISON = -1
KEYS_ARE_KEPT = datetime.timedelta(hours=48)


class Message:
    """Commands that go together, and what to note when they are answered."""

    def __init__(self, *commands, note, atomic=False, is_known=False):
        self.commands, self.note, self.atomic, self.is_known = commands, note, atomic, is_known
        self.attempts = 0

    @property
    def bytes(self):
        lines = [{"batch": "atomic"}] if self.atomic else []
        return "\n".join(json.dumps(line) for line in [*lines, *self.commands]).encode()

    @property
    def is_repeated(self):
        return self.attempts > 1


class Writes:
    """Makes writes of many kinds about things of its own.

    What it knows to be done it notes under `lock`.
    """

    def __init__(self, service, name, seed):
        self.service, self.who = service, name
        self.random = random.Random(f"{seed}-{name}")
        self.lock = threading.Lock()
        self.number = 0
        self.values, self.signals, self.enrolled, self.leads = {}, set(), {}, set()
        self.left, self.leaving, self.group, self.revision = set(), set(), 0, 0
        self.puts_have_keys = False
        self.stored = collections.deque(maxlen=200)
        self.counts = collections.Counter()

    def some(self, count):
        """`count` writes of any kind."""
        # A put without a key, repeated, would undo a later one that has a key and so is not repeated.
        self.puts_have_keys = not self.puts_have_keys
        kinds = self.random.choices(list(KINDS), list(KINDS.values()), k=count)
        return [message for message in (kind(self) for kind in kinds) if message]

    # Words

    def next(self):
        self.number += 1
        return self.number

    def command(self, op, args, key=None, **members):
        """A command with an idempotency key, or half of the time where `key` does not say."""
        result = {"id": f"{self.who}-{self.next()}", "op": op, "args": args, **members}
        if key or key is None and self.random.random() < 0.5:
            result["key"] = f"key-{result['id']}"
        return result

    def signal(self, name, contact, number, key=False, **members):
        """A signal that says its number; told from its repetition by its id, or with `key` by that alone."""
        args = {"name": name, "contact": contact, "data": {"n": f"{self.who}-{number}"}, **members}
        if not key:
            args["signal_id"] = f"signal-{self.who}-{number}"
        return self.command("signal.send", args, key=key)

    def new_person(self):
        number = self.next()
        return person(f"{self.who}-p{number}", number)

    # Values

    def put(self):
        if self.random.random() < 0.6:
            return self.put_one("contact.put", {"id": f"{self.who}-c{self.random.randrange(5)}"})
        return self.put_one("record.put", {"type": "job", "id": f"{self.who}-r{self.random.randrange(5)}"})

    def put_one(self, op, args):
        number = self.next()
        command = self.command(op, {**args, "fields": {"n": number}}, key=self.puts_have_keys)

        def note(replies, repeated):
            assert replies[0]["ok"], replies
            self.values[(op, args["id"])] = number
        return Message(command, note=note)

    def put_lines(self):
        """Several lines in one message, of which one is refused and undoes nothing of the others."""
        parts = [self.put() for _ in range(4)]
        wrong = {"id": "wrong", "op": "contact.put", "args": {"id": f"{self.who}-wrong", "fields": {"phone": 1}}}

        def note(replies, repeated):
            assert not replies[2]["ok"], replies
            for part, reply in zip(parts, replies[:2] + replies[3:]):
                part.note([reply], repeated)
        commands = [part.commands[0] for part in parts]
        return Message(*commands[:2], wrong, *commands[2:], note=note)

    def put_group(self):
        """Three values and a signal in one transaction."""
        number = self.next()
        commands = self.group_commands(number)

        def note(replies, repeated):
            assert all(reply["ok"] for reply in replies), replies
            assert replies[-1]["result"]["duplicate"] <= repeated
            self.group = number
            self.signals.add(f"{self.who}-{number}")
        return Message(*commands, self.signal("note.taken", f"{self.who}-a", number), atomic=True, note=note)

    def break_group(self):
        """A transaction whose last line is refused: none of it may ever be seen."""
        commands = self.group_commands(POISON)
        commands.append(self.signal("note.taken", f"{self.who}-a", f"poison-{self.next()}"))
        commands.append(self.command("contact.get", {"id": f"{self.who}-nobody"}, key=False))

        def note(replies, repeated):
            codes = [reply["error"]["code"] for reply in replies]
            assert codes == ["batch_aborted"] * 4 + ["not_found"], replies
        return Message(*commands, atomic=True, note=note)

    def group_commands(self, number):
        return [self.command(op, {**args, "fields": {"n": number}}, key=self.puts_have_keys)
                for op, args in self.group_places()]

    def group_places(self):
        return [("contact.put", {"id": f"{self.who}-a"}), ("contact.put", {"id": f"{self.who}-b"}),
                ("record.put", {"type": "job", "id": f"{self.who}-r"})]

    # Signals

    def take_note(self):
        number, key = self.next(), self.random.random() < 0.5
        return self.told("note.taken", {"id": f"{self.who}-c0", "fields": {}}, number, key)

    def react(self):
        """A contact inside replies, or books."""
        if not self.enrolled:
            return None
        contact = self.random.choice(list(self.enrolled.values()))
        return self.told(self.random.choice(["sms.replied", "sms.replied", "job.booked"]), contact, self.next(), False)

    def told(self, name, contact, number, key):
        def note(replies, repeated):
            assert replies[0]["ok"], replies
            assert replies[0]["result"]["duplicate"] <= repeated
            self.signals.add(f"{self.who}-{number}")
        return Message(self.signal(name, contact, number, key), note=note)

    def lead(self):
        """A signal that brings its contact, and enrolls it."""
        number, contact = self.next(), self.new_person()

        def note(replies, repeated):
            result = replies[0]["result"]
            assert len(result["enrolled"]) == (not result["duplicate"]) and result["duplicate"] <= repeated
            self.signals.add(f"{self.who}-{number}")
            self.leads.add(contact["id"])
        return Message(self.signal("lead.created", contact, number), note=note)

    # Enrollments

    def enroll(self):
        workflow = self.random.choice(["care", "quick"])
        contact = self.new_person()
        command = self.command("enrollment.create", {"workflow": workflow, "contact": contact},
                               key=True if workflow == "quick" else None)

        def note(replies, repeated):
            reply = replies[0]
            if reply["ok"]:
                assert reply["result"]["created"] or repeated and "key" not in command, reply
                self.enrolled[reply["result"]["id"]] = contact["id"]
            else:
                assert repeated and "key" not in command and reply["error"]["code"] == "reentry_not_allowed", reply
                self.enrolled[reply["error"]["details"]["last"]] = contact["id"]
        return Message(command, note=note)

    def enroll_many(self):
        people = [self.new_person() for _ in range(self.random.randrange(2, 12))]
        command = self.command("enrollment.create", {
            "workflow": self.random.choice(["care", "quick"]), "source": "import",
            "contacts": [{"contact": one} for one in [*people, f"{self.who}-nobody"]]}, key=True)

        def note(replies, repeated):
            result = replies[0]["result"]
            assert (result["created"], result["refused"]) == (len(people), 1), replies
            for one, entry in zip(people, result["results"]):
                assert entry["contact"] == one["id"]
                self.enrolled[entry["enrollment"]] = one["id"]
        return Message(command, note=note)

    def unenroll(self):
        inside = [id for id in list(self.enrolled)[-200:] if id not in self.leaving]
        if not inside:
            return None
        id = self.random.choice(inside)
        self.leaving.add(id)
        command = self.command("enrollment.delete", {"enrollment": id})

        def note(replies, repeated):
            reply = replies[0]
            if not reply["ok"]:
                assert reply["error"]["code"] == "not_active", reply
                if reply["error"]["details"]["state"] != "unenrolled":
                    return
                assert repeated and "key" not in command, reply
            self.left.add(id)
        return Message(command, note=note)

    # Workflows, and what is known

    def create_draft(self):
        def note(replies, repeated):
            self.revision = replies[0]["result"]["rev"]
        return Message(self.command("workflow.create", {"id": f"{self.who}-w", "definition": draft(0)}, key=True), note=note)

    def edit(self):
        """A change that nobody else may have made meanwhile; repeated without a key, it finds itself."""
        revision = self.revision
        command = self.command("workflow.update", {"workflow": f"{self.who}-w", "definition": draft(revision)}, if_rev=revision)

        def note(replies, repeated):
            reply = replies[0]
            if reply["ok"]:
                assert reply["result"]["rev"] == revision + 1, reply
            else:
                assert repeated and "key" not in command and reply["error"]["code"] == "rev_mismatch", reply
                assert reply["error"]["details"]["rev"] == revision + 1, reply
            self.revision = revision + 1
        return Message(command, note=note)

    def repeat(self):
        """A command that was acknowledged long ago, perhaps in another life: its reply is still known."""
        if not self.stored:
            return None
        command, reply, at = self.random.choice(self.stored)
        moment = datetime.datetime.fromisoformat
        if moment(self.service.now) - moment(at) > KEYS_ARE_KEPT:
            return None

        def note(replies, repeated):
            assert replies == [{**reply, "replayed": True}], (command, reply, replies)
            self.counts["repeated"] += 1
        return Message(command, note=note, is_known=True)


KINDS = {
    Writes.put: 24, Writes.put_lines: 4, Writes.put_group: 8, Writes.break_group: 3, Writes.take_note: 12, Writes.react: 8,
    Writes.lead: 4, Writes.enroll: 10, Writes.enroll_many: 2, Writes.unenroll: 4, Writes.repeat: 6,
}
