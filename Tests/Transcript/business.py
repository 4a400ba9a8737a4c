"""What happens in the business of the transcript: leads, jobs, visits, invoices, and people who look and edit."""

import datetime

from Transcript.life import Life, line, moment
from Transcript.workflows import OWN

ZONES = ["America/New_York", "America/Los_Angeles", "America/Phoenix", "Europe/Berlin", "Europe/London", "Asia/Kolkata",
         "Australia/Sydney", "America/St_Johns", "Pacific/Auckland", "Asia/Tokyo", None, None]
FIRST = ["Ann", "Ben", "Zoë", "Dev", "李雷", "Nina", "Omar", "Bjørn", "Ana María", "O'Neil", "<b>Bob</b>"]
LAST = ["Smith", "Müller", "Gupta", "Ōno", "d'Arc"]
CITIES = ["Albany", "Köln", "Pune", None]


class Business(Life):
    """The daily work: `something` does one thing of it."""

    def __init__(self, perform, seed):
        super().__init__(perform, seed)
        self.people, self.jobs, self.visits, self.invoices, self.used_keys = [], [], [], [], []

    def something(self):
        """One of the things that happen every day."""
        work = {
            self.new_lead: 14, self.lead_by_command: 5, self.job_done: 9, self.visit_scheduled: 7, self.visit_changed: 6,
            self.invoice_overdue: 6, self.invoice_changed: 7, self.customer_joined: 8, self.birthday: 8, self.care: 5, self.chat: 4,
            self.signal: 10, self.opting: 4, self.contact_changed: 7, self.bulk: 1.5, self.unenroll: 2, self.erase: 0.7,
            self.keyed: 3, self.batch: 3, self.look: 16, self.pages: 2, self.resolve: 4, self.preview: 2}
        self.random.choices(list(work), list(work.values()))[0]()

    # People

    def fields(self, number):
        fields = {"first_name": self.random.choice(FIRST), "last_name": self.random.choice(LAST)}
        if not self.chance(12):
            fields["phone"] = f"+1212555{number % 10_000:04}"
        if not self.chance(15):
            fields["email"] = f"p{number}@example.com"
        if zone := self.random.choice(ZONES):
            fields["time_zone"] = zone
        for name, value, share in [
                ("full_name", f"{fields['first_name']} {fields['last_name']}", 40), ("budget", self.random.choice([90, 900, 9000.5]), 50),
                ("country", self.random.choice(["US", "DE"]), 60), ("vip", self.random.choice([True, False]), 30),
                ("tags", ["keep", "web"], 20), ("city", self.random.choice(CITIES), 50), ("street", f"{number} Elm Street", 70),
                ("trial_ends", moment(self.now + datetime.timedelta(days=self.random.randint(-1, 6))), 25),
                ("birthday", (self.now + datetime.timedelta(days=self.random.randint(-5, 40))).strftime("%Y-%m-%d"), 40)]:
            if self.chance(share):
                fields[name] = value
        return fields

    def new_person(self):
        number = next(self.counter)
        self.people.append(f"c-{number}")
        return {"id": f"c-{number}", "fields": self.fields(number)}

    def person(self):
        """Somebody known, or somebody new."""
        return self.random.choice(self.people) if self.people and self.chance(75) else self.new_person()

    def known(self):
        return self.random.choice(self.people) if self.people else "c-nobody"

    # Leads, jobs, visits, invoices

    def new_lead(self):
        record = {"type": "lead", "id": self.name("lead"), "fields": {"service": self.random.choice(["Roof", "Boiler"]), "source": "web"}}
        self.call("signal.send", {"name": "lead.created", "contact": self.new_person(), "record": record, "data": {"source": "web"}})
        if self.chance(15):
            self.after(self.random.choice([3, 40]), self.call, "signal.send",
                       {"name": self.random.choice(["job.booked", "lead.closed"]), "contact": self.people[-1]})

    def lead_by_command(self):
        args = {"workflow": "leads", "contact": self.person(), "record": {"type": "lead", "id": self.name("lead"), "fields": {}}}
        if self.chance(50):
            args["source"] = self.random.choice(["manual", "import", {"kind": "smart_automation", "rule": "callers"}])
        self.call("enrollment.create", args)

    def job_done(self):
        id = self.name("job")
        done = self.now - datetime.timedelta(hours=self.random.choice([0, 1, 20, 60]))
        fields = {"completed_at": moment(done), "service": "Roof", "price": self.random.choice([0, 120, 99.5]),
                  "address": {"city": self.random.choice(CITIES)}}
        if self.chance(30):
            fields["review_url"] = f"https://example.com/r/{id}"
        self.jobs.append(id)
        self.call("signal.send", {
            "name": "job.completed", "contact": self.person(), "record": {"type": "job", "id": id, "fields": fields},
            "occurred_at": moment(done)})

    def visit_scheduled(self):
        id = self.name("visit")
        starts = self.now + datetime.timedelta(days=self.random.choice([0, 1, 2, 4, 15, 20, 32]), minutes=self.random.choice([90, 300, 777]))
        self.visits.append(id)
        self.call("signal.send", {"name": "visit.scheduled", "contact": self.person(), "record": {
            "type": "visit", "id": id, "fields": {"starts_at": moment(starts)}}})

    def visit_changed(self):
        if not self.visits:
            return
        id = self.random.choice(self.visits)
        if self.chance(60):
            starts = self.now + datetime.timedelta(hours=self.random.choice([-5, 2, 30, 100, 400]))
            value = self.random.choice([moment(starts)] * 8 + [None, "soon"])
            self.call("record.put", {"type": "visit", "id": id, "fields": {"starts_at": value}})
        else:
            self.call("signal.send", {"name": self.random.choice(["visit.cancelled", "visit.completed"]), "contact": self.known(),
                                      "record": {"type": "visit", "id": id}})

    def invoice_overdue(self):
        id = self.name("invoice")
        due = self.now - datetime.timedelta(days=self.random.choice([0, 0, 1, 3, 8, 13]))
        balance = self.random.choice([120, 80.25, 1, 0])
        fields = {"number": id.upper(), "due_date": due.strftime("%Y-%m-%d"), "balance": balance}
        if self.chance(60):
            fields["balance_text"] = f"${balance:.2f}"
        self.invoices.append((id, self.known()))
        self.call("signal.send", {"name": "invoice.overdue", "contact": self.invoices[-1][1],
                                  "record": {"type": "invoice", "id": id, "fields": fields}, "signal_id": f"s-{id}"})

    def invoice_changed(self):
        if not self.invoices:
            return
        id, contact = self.random.choice(self.invoices)
        match self.random.choice(["paid", "voided", "balance", "balance", "again"]):
            case "balance":
                self.call("record.put", {"type": "invoice", "id": id, "fields": {"balance": self.random.choice([0, -5, 60])}})
            case "again":
                self.call("enrollment.create", {"workflow": "invoices", "contact": contact, "record": {"type": "invoice", "id": id}})
            case word:
                self.call("signal.send", {"name": f"invoice.{word}", "contact": contact, "record": {"type": "invoice", "id": id}})

    # The workflows of their own

    def customer_joined(self):
        data = {"plan": self.random.choice(["gold", "silver", "bronze"]), "seats": self.random.choice([1, 2, 30])}
        name = self.random.choice(["customer.joined"] * 4 + ["customer.moved", "customer.left"])
        self.call("signal.send", {"name": name, "contact": self.person(), "data": data})

    def birthday(self):
        self.call("signal.send", {"name": "birthday.known", "contact": self.person(), "data": {"source": "form"}})

    def care(self):
        if self.jobs:
            self.call("enrollment.create", {"workflow": "care", "contact": self.person(), "record": {
                "type": "job", "id": self.random.choice(self.jobs)}})

    def chat(self):
        self.call("signal.send", {"name": "chat.opened", "contact": self.person()})

    def signal(self):
        args = {"name": self.random.choice(["sms.replied", "email.opened", "link.clicked", "call.answered", "review.submitted",
                                            "email.replied", "job.reopened", "job.booked", "weather.changed"]), "contact": self.known()}
        if self.chance(30):
            args["data"] = {"channel": self.random.choice(["sms", "email"]), "text": "YES", "deep": {"n": [1, 2.5, None, True]}}
        if self.chance(30):
            args["occurred_at"] = moment(self.now - datetime.timedelta(hours=self.random.choice([0, 3, 90, -5])))
        if self.chance(25):
            args["signal_id"] = f"sig-{self.random.randint(1, 20)}-{self.now.isocalendar().week}"
        if self.chance(15) and self.jobs:
            args["record"] = {"type": "job", "id": self.random.choice(self.jobs)}
        self.call("signal.send", args)

    def opting(self):
        name = self.random.choice(["contact.unsubscribed", "contact.unsubscribed", "contact.resubscribed"])
        args = {"name": name, "contact": self.known()}
        if self.chance(70):
            args["data"] = {"channel": self.random.choice(["sms", "email", "whatsapp", "postcard"])}
        self.call("signal.send", args)

    def contact_changed(self):
        changes = [{"time_zone": self.random.choice(ZONES)}, {"phone": None}, {"email": None}, {"phone": f"+1212555{next(self.counter) % 10_000:04}"},
                   {"vip": True, "stage": "done", "tags": []}, {"birthday": "2026-03-20"}, {"birthday": None},
                   {"first_name": "Renée", "nickname": "Re"}]
        self.call("contact.put", {"id": self.known(), "fields": self.random.choice(changes)})

    # Many at once, again, together

    def bulk(self):
        contacts = [{"contact": self.person(), **({"record": {"type": "lead", "id": self.name("lead"), "fields": {"source": "list"}}}
                                                   if self.chance(80) else {})} for _ in range(self.random.choice([3, 12, 30]))]
        self.call("enrollment.create", {"workflow": self.random.choice(["leads", "onboarding"]), "contacts": contacts, "source": "import"})

    def unenroll(self):
        if self.inside:
            self.call("enrollment.delete", {"enrollment": self.random.choice(sorted(self.inside))})

    def erase(self):
        if len(self.people) > 20:
            self.call("contact.delete", {"id": self.people.pop(self.random.randrange(len(self.people)))})

    def keyed(self):
        """A command with an idempotency key, or one that was sent before, at times with other arguments."""
        if self.used_keys and self.chance(60):
            key, text = self.random.choice(self.used_keys)
            if self.chance(20):
                text = line("contact.put", {"id": "c-other", "fields": {}}, key=key)
            self.send(text)
        else:
            key = self.name("key")
            text = line("enrollment.create", {"workflow": "care", "contact": self.known(), "record": {
                "type": "job", "id": self.name("job"), "fields": {"completed_at": moment(self.now), "price": 5}}}, key=key, id=key)
            self.used_keys.append((key, text))
            self.send(text)

    def batch(self):
        """Several lines in one message, atomic or not; one of them may be refused."""
        lines = [line("contact.put", {"id": self.known(), "fields": {"city": "Troy"}}, id=1),
                 line("contact.get", {"id": "c-nobody" if self.chance(30) else self.known()}, id="two"),
                 line("enrollment.create", {"workflow": "onboarding", "contact": self.known()}, id=3),
                 line("signal.send", {"name": "sms.replied", "contact": self.known(), "data": {"text": "YES"}}),
                 line("workflow.stats", {"workflow": "onboarding"})]
        self.random.shuffle(lines)
        if self.chance(60):
            lines.insert(0, '{"batch":"atomic"}')
        self.send("\n".join(lines) + self.random.choice(["", "\n"]))

    # Those who look

    def look(self):
        enrollment = self.random.choice(sorted(self.inside) or ["en_1"])
        self.call(*self.random.choice([
            ("contact.get", {"id": self.known()}), ("enrollment.list", {"contact": self.known()}), ("enrollment.get", {"enrollment": enrollment}),
            ("execution.list", {"contact": self.known(), "limit": 5}), ("execution.list", {"enrollment": enrollment, "order": "oldest"}),
            ("execution.get", {"seq": self.random.randint(1, max(self.head, 1))}),
            ("execution.list", {"workflow": "leads", "types": ["message.skipped", "message.failed"], "limit": 3}),
            ("workflow.stats", {"workflow": self.random.choice(["leads", "reviews", "visits", "invoices", *OWN])}),
            ("workflow.versions", {"workflow": "onboarding"}), ("workflow.get", {"workflow": "care", "version": 1}),
            ("enrollment.list", {"workflow": "visits", "state": self.random.choice(["active", "exited", "finished", "unenrolled"]), "limit": 3}),
            ("events.read", {"after": self.random.randint(0, self.head), "limit": 4, "families": ["enrollment", "contact"]}),
            ("record.get", {"type": "visit", "id": self.random.choice(self.visits or ["none"])}), ("channel.list", {}), ("system.health", {}),
            ("clock.get", {}), ("settings.get", {}), ("step.list", {"workflow": "leads"})]))

    def pages(self):
        """A list to its end, or to its third page, by cursors."""
        op, args = self.random.choice([
            ("contact.list", {"limit": 60}), ("record.list", {"type": "job", "limit": 20}), ("enrollment.list", {"workflow": "leads", "limit": 25}),
            ("execution.list", {"limit": 20}), ("execution.list", {"limit": 20, "order": "oldest"}), ("workflow.list", {"limit": 3}),
            ("template.list", {"limit": 2})])
        reply = self.call(op, args)
        for _ in range(2):
            if not reply["ok"] or "next" not in reply["result"]:
                return
            reply = self.call(op, args | {"cursor": "@next"})

    def resolve(self):
        """A person says what became of a message that nobody knows of."""
        if self.in_doubt:
            enrollment = self.random.choice(sorted(self.in_doubt))
            self.call("execution.resolve", {"enrollment": enrollment, "step": self.in_doubt.pop(enrollment),
                                            "outcome": self.random.choice(["sent", "failed", "resend"])})

    def preview(self):
        at = moment(self.now + datetime.timedelta(hours=self.random.randint(-30, 90)))
        args = {"at": at, "contact": self.random.choice([self.known(), {"fields": self.fields(1)}])}
        match self.random.randint(0, 3):
            case 0:
                args |= {"workflow": "onboarding", "signals": [{"name": "sms.replied", "at": at, "data": {"text": "YES"}}]}
            case 1:
                args |= {"workflow": "visits", "record": {"type": "visit", "fields": {"starts_at": moment(self.now + datetime.timedelta(days=9))}}}
            case 2:
                args |= {"definition": OWN["chat"]}
            case _:
                args |= {"workflow": "onboarding"}
        self.call("workflow.preview", args)
