"""The whole life of the transcript: an opening, forty-five days, and what is planned for each of them."""

import datetime

from Transcript.business import Business
from Transcript.life import BEGIN, line, moment
from Transcript.refused import REFUSED, WRONG
from Transcript.workflows import OWN, TEMPLATES, path, text, wait

SEED = 31
DAYS = 45
BUILT_IN = ["call_reminder", "email", "sms"]
ALL = [*BUILT_IN, "postcard", "whatsapp"]
BUSINESS = {"name": "Evergreen Home Services", "phone": "+1 518 555 0100", "address": "12 Elm Street, Albany",
            "booking_url": "https://example.com/book", "review_url": "https://example.com/review"}
# The keys of clients on other machines, of this transcript alone.
READER = ["7oIan>gg}Fu#:x%b(3(H}TKWMs:A&nsHMvNX<Kko", "Td[!zL0sL)81%osoZ=C?Srci>DVIbl*jcxLvVxw6"]
SPARE = "WAIa13R(CM.^x%z}&#&irrQspup*bmf1Rn6nYezF"


class Story(Business):
    """The business from its opening to the restored backup."""

    def __init__(self, perform, seed=SEED):
        super().__init__(perform, seed)
        self.plan = {
            1: [self.refusals], 2: [self.keys], 3: [self.edit_inside], 4: [self.quiet_hours, self.series],
            5: [self.strange_reports, self.clean_restart], 6: [self.pause_and_halt], 7: [self.wrong_definitions],
            8: [self.killed, self.erase], 9: [self.states], 10: [self.long_words, self.odd_values], 11: [self.shared_address],
            12: [self.full_disk, self.steps],
            14: [self.killed, self.listen], 16: [self.templates, self.lost_database], 18: [self.zone_of_business],
            20: [self.killed_in_doubt], 22: [self.purge_contact], 24: [self.flood], 27: [self.quiet_hours_again, self.big],
            30: [self.delete_workflows, self.fewer_channels], 33: [self.purge_old],
            36: [self.all_channels, self.backup, self.series], 40: [self.clean_restart, self.killed], 44: [self.tour]}

    def run(self):
        self.open_shop()
        for day in range(DAYS):
            self.live_day(day)
        self.restore()
        for day in range(DAYS, DAYS + 2):
            self.live_day(day)
        self.act("stop")

    def live_day(self, day):
        begin = BEGIN.replace(hour=0) + datetime.timedelta(days=day)
        hours = [15, 17.5, 20, 23] if day == 0 else [1, 7, 13, 14.2, 16, 19, 22.5]
        for index, hour in enumerate(hours):
            time = begin + datetime.timedelta(hours=hour, minutes=self.random.randint(0, 40))
            if time > self.now:
                self.advance(time)
            self.do_what_is_due()
            # A channel has to answer its configuration in a minute of real time.
            for channel in sorted(self.closed):
                if self.chance(70):
                    self.open(channel)
            for _ in range(self.random.randint(3, 10)):
                self.something()
                if self.held and self.chance(12):
                    self.serve()
            if index == len(hours) // 2:
                for what in self.plan.get(day, []):
                    what()

    # The opening

    def open_shop(self):
        """A service by real time refuses to move its clock; then the shop's own begins."""
        self.start(BUILT_IN, clock="system", data="other")
        for client in ["clock", "office", "history"]:
            self.act("connect", client=client)
        self.call("clock.advance", {"by": {"days": 1}})
        self.open_all()
        self.act("kill")
        self.start(BUILT_IN, begin=moment(BEGIN))
        self.call("system.hello")
        self.call("workflow.create", {"template": "new-lead-follow-up", "id": "leads"}, key="create-leads")
        self.call("workflow.activate", {"workflow": "leads"})
        self.call("settings.put", {"time_zone": "America/New_York", "business": BUSINESS, "notifications": {
            "quiet_hours": {"start": "20:00", "end": "09:00", "channels": {"email": None}}},
            "senders": {"sms": "+15185550100", "email": "Evergreen <office@example.com>"},
            "links": {"unsubscribe": "https://example.com/u/{contact}"}})
        self.call("settings.get")
        self.call("enrollment.create", {"workflow": "leads", "contact": self.new_person()})
        for id, template in TEMPLATES.items():
            self.call("workflow.create", {"template": template, "id": id}, key=f"create-{id}")
            self.call("workflow.activate", {"workflow": id, "confirm_fields": True})
            self.call("workflow.activate", {"workflow": id})
        for id, definition in OWN.items():
            self.call("workflow.create", {"id": id, "definition": definition})
            self.call("workflow.activate", {"workflow": id})
        self.call("channel.list")
        self.open_all()
        self.call("channel.list")
        self.drop()
        self.act("stop")
        self.start(ALL)
        self.open_all()
        for id in OWN:
            self.activate(id)
        for _ in range(12):
            self.new_lead()

    def activate(self, id):
        """Activates a workflow, be it that its fields have to be confirmed."""
        reply = self.call("workflow.activate", {"workflow": id})
        if not reply["ok"] and reply["error"]["code"] == "fields_unconfirmed":
            self.call("workflow.activate", {"workflow": id, "confirm_fields": True})

    # Planned for one day

    def refusals(self):
        for words in REFUSED:
            self.send(words)
        self.act("send", client="office", frames=["two", "frames"])
        self.act("send", client="office", hex="7b226f70223a22ff22fe7d")
        for definition in WRONG:
            self.call("workflow.create", {"definition": definition})
        contact = self.new_person()
        for workflow, record in [("leads", None), ("leads", {"type": "job", "id": "j-1"}),
                                 ("visits", {"type": "visit", "id": "v-none", "fields": {}}),
                                 ("visits", {"type": "visit", "id": "v-over", "fields": {"starts_at": "2026-02-01T10:00:00Z"}}),
                                 ("invoices", {"type": "invoice", "id": "i-zero", "fields": {"due_date": "2026-02-20", "balance": 0}})]:
            self.call("enrollment.create", {"workflow": workflow, "contact": contact, **({"record": record} if record else {})})
        self.call("signal.send", {"name": "contact.unsubscribed", "contact": contact})
        self.call("enrollment.create", {"workflow": "chat", "contact": contact["id"]})
        self.call("signal.send", {"name": "contact.resubscribed", "contact": contact["id"]})
        self.call("enrollment.create", {"workflow": "onboarding", "contact": contact["id"]})
        self.call("enrollment.create", {"workflow": "onboarding", "contact": contact["id"]})
        enrollment = next((id for id, (who, _) in self.inside.items() if who == contact["id"]), "en_1")
        for _ in range(2):
            self.call("enrollment.delete", {"enrollment": enrollment})
        self.call("enrollment.create", {"workflow": "onboarding", "contact": contact["id"]})
        self.call("execution.resolve", {"enrollment": enrollment, "step": "welcome", "outcome": "sent"})
        self.call("workflow.delete", {"workflow": "leads"})
        self.call("workflow.create", {"id": "leads", "definition": {"name": "Leads"}})
        self.call("workflow.update", {"workflow": "leads", "changes": {"name": "X"}}, if_rev=99)
        for fields in [{"city": "Troy"}, {"city": "Rome"}, {"city": "Troy"}]:
            self.call("contact.put", {"id": "c-twice", "fields": fields}, key="twice")
        self.call("contact.put", {"id": "c-large", "fields": {"story": "x" * 70_000}})
        self.send("\n".join(["{}"] * 1001))

    def keys(self):
        """A client on another machine, which may do more and more, and then nothing."""
        self.call("key.create", {"name": "history", "role": "reader", "public_key": READER[0]})
        self.call("key.create", {"name": "again", "role": "reader", "public_key": READER[0]})
        self.call("key.create", {"name": "history", "role": "reader", "public_key": SPARE})
        self.act("connect", client="far", key=READER)
        for role in [None, "author", "operator", "admin"]:
            if role:
                self.call("key.update", {"name": "history", "role": role})
            for op in ["system.hello", "workflow.create", "contact.put", "key.list", "settings.put"]:
                self.call(op, {"id": f"by-{role}"} if op == "contact.put" else {}, client="far")
        self.call("key.update", {"name": "history", "public_key": SPARE})
        self.call("key.list")
        self.call("clock.get", client="far")
        self.call("key.update", {"name": "history", "public_key": READER[0]})
        self.call("key.delete", {"name": "history"})
        self.call("key.delete", {"name": "history"})
        self.call("clock.get", client="far")

    def edit_inside(self):
        """New versions while contacts are inside, in one batch and one by one."""
        rev = self.call("workflow.get", {"workflow": "onboarding"})["result"]["rev"]
        self.call("workflow.update", {"workflow": "onboarding", "changes": {"description": "The first weeks."}}, if_rev=rev)
        self.call("workflow.update", {"workflow": "onboarding", "changes": {"description": "Lost."}}, if_rev=rev)
        self.call("workflow.update", {"workflow": "onboarding", "changes": {"description": "The first weeks."}})
        self.send("\n".join([
            '{"batch":"atomic"}',
            line("step.update", {"workflow": "onboarding", "step": "welcome", "changes": {"name": "Welcome text"}}, if_rev=rev + 1),
            line("step.create", {"workflow": "onboarding", "step": {"kind": "flag", "flag": "new"}, "place": {"before": "week"}}, if_rev=rev + 1),
            line("enrollment.create", {"workflow": "onboarding", "contact": self.new_person()}),
            line("step.move", {"workflow": "onboarding", "step": "thanks", "place": {"branch": "budget", "path": "large", "index": 0}})]))
        self.call("workflow.versions", {"workflow": "onboarding"})
        self.call("workflow.duplicate", {"workflow": "onboarding", "id": "second", "name": "Second"})
        self.call("workflow.duplicate", {"workflow": "onboarding"})

    def steps(self):
        for op, args in [
                ("step.get", {"step": "welcome"}), ("step.get", {"step": "nowhere"}), ("step.create", {"step": text("welcome", "Twice")}),
                ("step.create", {"step": {"id": "ask", "kind": "branch", "within": {"days": 1}, "paths": [path("yes", {"signal": "sms.replied"})]},
                                 "place": {"after": "plan"}}),
                ("step.create", {"step": text("inner", "Inner {{ contact.first_name }}"), "place": {"branch": "ask", "path": "yes"}}),
                ("step.create", {"step": wait("w", at="12:00"), "place": {"branch": "ask", "path": "no"}}),
                ("step.move", {"step": "ask", "place": {"branch": "ask", "path": "yes"}}), ("step.move", {"step": "inner", "place": {"index": 0}}),
                ("step.update", {"step": "inner", "changes": {"name": "Hello first", "max_lateness": {"hours": 3}}}),
                ("step.update", {"step": "inner", "changes": {"kind": "leap"}}), ("step.update", {"step": "inner", "changes": {"id": "welcome"}}),
                ("step.update", {"step": "inner", "changes": {"id": "within"}}), ("step.list", {}), ("step.delete", {"step": "ask"}),
                ("step.delete", {"step": "ask"}), ("step.delete", {"step": "inner"})]:
            self.call(op, {"workflow": "onboarding", **args})

    def quiet_hours(self):
        """Other quiet hours while messages are held by the old ones."""
        for quiet in [{"start": "12:00", "end": "16:30"}, {"start": "18:00", "end": "10:00", "days": ["fri", "sat", "sun"], "channels": {
                "sms": {"start": "21:00", "end": "08:00"}, "email": None, "whatsapp": {"start": "19:00", "end": "11:00"}}}]:
            self.call("settings.put", {"notifications": {"quiet_hours": quiet}})
            self.new_lead()

    def quiet_hours_again(self):
        self.call("settings.put", {"notifications": {"quiet_hours": None}})
        self.new_lead()
        self.call("settings.put", {"notifications": None})
        self.call("settings.put", {"senders": None, "business": BUSINESS | {"name": "Evergreen & Sons", "city": "Troy"}})

    def zone_of_business(self):
        self.call("settings.put", {"time_zone": "America/Chicago"})
        self.new_lead()

    def pause_and_halt(self):
        for op in ["pause", "pause", "halt", "halt"]:
            self.call(f"workflow.{op}", {"workflow": "leads"})
            self.new_lead()
            self.lead_by_command()
        self.after(30, self.call, "workflow.activate", {"workflow": "leads"})
        for id in ["visits", "care"]:
            self.call("workflow.halt", {"workflow": id})
            self.after(50, self.call, "workflow.activate", {"workflow": id})
        self.call("workflow.pause", {"workflow": "visits"})

    def series(self):
        """Halted for longer than the series takes: one message at most catches up."""
        for _ in range(5):
            self.call("enrollment.create", {"workflow": "series", "contact": self.new_person()})
        self.call("workflow.halt", {"workflow": "series"})
        self.after(5, self.call, "workflow.activate", {"workflow": "series"})

    def states(self):
        """A draft that is empty, then not; what may follow what."""
        self.call("workflow.create", {"definition": {"name": "To be written"}})
        for op in ["activate", "pause", "halt"]:
            self.call(f"workflow.{op}", {"workflow": "to-be-written"})
        self.call("enrollment.create", {"workflow": "to-be-written", "contact": self.new_person()})
        self.call("workflow.create", {"id": "fax", "definition": {"name": "Fax", "steps": [text("a", "Fax", channel="fax")]}})
        self.call("workflow.activate", {"workflow": "fax"})
        for id, words in [("misspelt", "Hi {{ contact.first_nam }}"), ("unheard-of", "Hi {{ contact.shoe_size | default: 'you' }}")]:
            self.call("workflow.create", {"id": id, "definition": {"name": id, "steps": [text("a", words)]}})
            self.activate(id)
            self.call("enrollment.create", {"workflow": id, "contact": self.new_person()})
        self.call("workflow.list")

    def strange_reports(self):
        """What channels report of messages that are not theirs, of nobody, and in no form."""
        number = max(self.channel_of, key=lambda number: (self.channel_of[number] == "sms", number))
        key = {"key": f"@{number}"}
        refused = {"outcome": "failed", "failure": {"kind": "permanent", "reason": "No."}}
        self.act("report", channel="email", lines=[
            {"event": "status", "event_id": "x-1", **key, **refused}, {"event": "inbound", "event_id": "x-2", "kind": "opt_out", **key},
            {"event": "status", "event_id": "x-3", "key": "nonsense", **refused},
            {"event": "inbound", "event_id": "x-4", "kind": "reply", "from": "nobody@example.org", "text": "Who are you?"},
            {"event": "inbound", "event_id": "x-5", "kind": "reply", "from": "+12125550001"},
            {"event": "inbound", "event_id": "x-6", "kind": "sneeze", "from": "p1@example.com"}, {"event": "weather"},
            {"id": 99_999, "outcome": "sent"}])
        self.call("signal.send", {"name": "sms.replied", "contact": self.known(), "signal_id": "x-7"})
        for id in ["x-7", "x-7", "x-8"]:
            self.act("report", channel="sms", lines=[{"event": "status", "event_id": id, **key, "outcome": "delivered"}])
        self.call("channel.list")

    def wrong_definitions(self):
        for definition in WRONG:
            self.call("workflow.update", {"workflow": "second", "definition": definition})
            self.call("workflow.preview", {"definition": definition})
            self.call("template.create", {"id": "bad", "definition": definition})

    def long_words(self):
        person = self.new_person()
        person["fields"]["story"] = "All about my roof. " * 3_000
        self.call("enrollment.create", {"workflow": "long", "contact": person})
        self.call("enrollment.create", {"workflow": "long", "contact": self.new_person()})

    def odd_values(self):
        """Values that look empty, numbers of every size, and names in other alphabets."""
        self.call("workflow.create", {"id": "odd", "definition": {"name": "Odd", "exits": [
            {"name": "paid", "when": {"field": "contact.balance", "equals": 0}}], "steps": [
            text("numbers", "{{ contact.amount }} {{ contact.nickname | default: 'you' }} {{ contact.flag | default: 'no' }}", quiet_hours="ignore"),
            {"id": "large", "kind": "branch", "paths": [path("yes", {"field": "contact.amount", "greater_than": 0.3})]}]}})
        self.activate("odd")
        for amount, nickname in [(0.1 + 0.2, "\u200b"), (1e21, " \u00a0"), (1e-9, "\u3164"), (5, "e\u0301"), (-0.00001, ""), ("0.00", None)]:
            person = self.new_person()
            person["fields"] |= {"amount": amount, "nickname": nickname, "flag": False, "balance": amount, "phone": "+12125559999"}
            self.call("enrollment.create", {"workflow": "odd", "contact": person})
        for name in ["Über Größe 42", "日本", "Ünder Ärger", "!!!", "Odd"]:
            self.call("workflow.create", {"definition": {"name": name, "steps": [wait("a", **{"for": {"days": 1}})]}})

    def shared_address(self):
        """Several contacts have one telephone; one of them wants nothing any more, by a channel's word."""
        for _ in range(3):
            person = self.new_person()
            person["fields"] |= {"phone": "+12125558888", "email": "family@example.com", "time_zone": "America/New_York"}
            self.call("enrollment.create", {"workflow": "onboarding", "contact": person})
        for id, kind, address in [("y-1", "opt_out", "+12125558888"), ("y-2", "reply", "FAMILY@example.com"), ("y-3", "opt_in", "+12125558888"),
                                  ("y" * 600, "reply", "+12125558888")]:
            self.report("email" if "@" in address else "sms", [{
                "event": "inbound", "event_id": id, "kind": kind, "from": address, "text": "STOP" if kind == "opt_out" else "Hello"}])
        self.call("contact.list", {"limit": 200})

    def templates(self):
        for op, args in [
                ("create", {"id": "mine", "workflow": "care", "description": "Our care"}), ("create", {"id": "mine", "workflow": "care"}),
                ("create", {"id": "other", "definition": OWN["chat"], "name": "Chat"}), ("get", {"template": "mine"}),
                ("update", {"template": "mine", "name": "Care, ours"}), ("update", {"template": "mine", "definition": OWN["long"]}),
                ("list", {}), ("delete", {"template": "other"}), ("delete", {"template": "other"}),
                ("delete", {"template": "post-job-review-request"}), ("list", {}), ("restore", {"template": "mine"}),
                ("restore", {"template": "post-job-review-request"}), ("update", {"template": "new-lead-follow-up", "name": "New leads"}),
                ("restore", {"template": "new-lead-follow-up"})]:
            self.call(f"template.{op}", args)
        self.call("template.update", {"template": "mine", "name": "Lost"}, if_rev=1)
        self.call("workflow.create", {"template": "mine", "id": "from-mine"})

    def listen(self):
        """Somebody waits for the next event, and gets it; somebody waits in vain, or for what is past."""
        self.call("events.read", {"after": self.head, "wait_ms": 20})
        self.act("send", client="history", text=line("events.read", {"after": self.head, "wait_ms": 60_000}, id="w"), listens=1)
        self.new_lead()
        self.call("events.read", {"after": self.head + 1000})
        now = self.now
        self.advance(BEGIN)
        self.now = now

    # Lives of the service

    def enroll_some(self):
        """Messages are with their channels when this returns."""
        for _ in range(4):
            self.new_lead()
            self.customer_joined()

    def restart(self, channels=ALL):
        self.start(channels)
        if self.chance(50):
            self.call("channel.list")
            self.new_lead()
        self.open_all()

    def clean_restart(self):
        """Ended in order, while messages are with channels: their last answers count."""
        self.enroll_some()
        numbers = sorted(self.held)
        self.act("stop", answers=[(number, {"outcome": "sent"}) for number in numbers[::2] if self.held[number]["request"]["op"] == "send"])
        self.restart()

    def killed(self):
        self.enroll_some()
        self.act("kill")
        self.restart()

    def killed_in_doubt(self):
        """Killed again before its channels are up, and while they are asked."""
        self.enroll_some()
        self.act("kill")
        self.start(ALL)
        self.open("sms")
        self.act("kill")
        self.restart()

    def flood(self):
        """More clients wait than there is room for; the last is told so, the others see the service end."""
        self.act("send", client="history", text=line("events.read", {"after": self.head, "wait_ms": 60_000}), times=2001, listens=2000)
        self.act("kill")
        self.restart()

    def full_disk(self):
        self.act("files", bytes=0)
        self.call("contact.put", {"id": "c-full", "fields": {"first_name": "Full"}})
        self.call("contact.get", {"id": "c-full"})
        self.act("files", bytes=None)
        self.call("contact.put", {"id": "c-full", "fields": {"first_name": "Full"}})

    def lost_database(self):
        self.act("move_database")
        self.call("contact.put", {"id": "c-lost", "fields": {"first_name": "Lost"}})
        self.call("contact.get", {"id": "c-lost"})
        self.act("move_database", back=True)
        self.call("contact.put", {"id": "c-lost", "fields": {"first_name": "Found"}})

    def fewer_channels(self):
        """A channel that workflows use is not installed any more."""
        self.act("stop")
        self.restart([name for name in ALL if name != "whatsapp"])
        for _ in range(3):
            self.chat()

    def all_channels(self):
        self.act("kill")
        self.restart()

    def delete_workflows(self):
        self.call("workflow.delete", {"workflow": "cards"})
        self.call("workflow.delete", {"workflow": "cards", "unenroll": True})
        self.call("workflow.delete", {"workflow": "cards"})
        self.call("execution.list", {"workflow": "cards", "limit": 2})
        self.call("workflow.create", {"id": "cards", "definition": OWN["cards"]})
        self.activate("cards")

    def purge_contact(self):
        for op in ["execution.purge", "execution.purge", "execution.list"]:
            self.call(op, {"contact": self.people[3]})
        self.call("execution.purge", {"workflow": "second"})

    def purge_old(self):
        self.call("execution.purge", {"before": moment(self.now - datetime.timedelta(days=25))})
        self.call("events.read", {"after": 1})
        self.call("execution.list", {"order": "oldest", "limit": 2})

    def big(self):
        """Large answers, and a bulk that is too large."""
        self.call("events.read", {"after": self.head - 300, "limit": 1000})
        self.call("enrollment.create", {"workflow": "leads", "contacts": [{"contact": "c-nobody"}] * 1001})
        self.call("contact.list", {"limit": 200})

    def backup(self):
        self.act("backup", to="copy")

    def restore(self):
        """What was done since the backup is forgotten, the clock is where it was, and the feed has another epoch."""
        self.act("kill")
        self.act("restore", backup="copy", data="restored")
        self.inside, self.later = {}, []
        self.start(ALL, data="restored")
        hello = self.call("system.hello")["result"]
        self.now = datetime.datetime.fromisoformat(hello["now"])
        self.open_all()

    def tour(self):
        """Each command that reads, once, and the level of the log."""
        for op, args in [("system.metrics", {}), ("system.log_level", {}), ("system.log_level", {"level": "warning"}), ("key.list", {}),
                         ("workflow.list", {}), ("template.list", {}), ("record.list", {"type": "visit"}), ("contact.list", {})]:
            self.call(op, args)
        self.call("record.delete", {"type": "visit", "id": self.visits[0]})
        self.call("contact.delete", {"id": self.people[0]})
        self.call("contact.get", {"id": self.people[0]})
