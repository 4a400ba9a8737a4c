"""The workflows that the business of the transcript made itself: every kind of step, path, condition, exit and reentry."""

TEMPLATES = {
    "leads": "new-lead-follow-up", "reviews": "post-job-review-request",
    "visits": "recurring-service-reminder", "invoices": "payment-overdue-escalation",
}


def text(step, words, channel="sms", **members):
    return {"id": step, "kind": "message", "channel": channel, "content": {"text": words}, **members}


def mail(step, subject, words, **members):
    return {"id": step, "kind": "message", "channel": "email", "content": {"subject": subject, "text": words}, **members}


def call(step, title, **members):
    return {"id": step, "kind": "message", "channel": "call_reminder", "content": {"title": title}, **members}


def wait(step, **members):
    return {"id": step, "kind": "delay", **members}


def path(name, when, *steps):
    return {"name": name, "when": when, "steps": list(steps)}


ONBOARDING = {
    "name": "Onboarding", "description": "The first two weeks of a customer with a plan.",
    "entry": {"triggers": [
        {"signal": "customer.joined", "where": {"plan": {"in": ["gold", "silver"]}, "seats": {"greater_than": 1}}},
        {"signal": "customer.moved"}]},
    "exits": [
        {"name": "left", "when": {"signal": "customer.left"}},
        {"name": "settled", "when": {"all": [
            {"field": "contact.vip", "equals": True}, {"field": "contact.stage", "in": ["done", "gold"]},
            {"not": {"field": "contact.tags", "contains": "keep"}}]}}],
    "reentry": {"rule": "after_finish", "cooldown": {"days": 5}},
    "steps": [
        text("welcome", "Welcome {{ contact.first_name | default: 'there' }} to {{ business.name }}!", max_lateness={"hours": 20},
             quiet_hours="ignore", on_failure="exit", fallback={"channel": "email", "content": {
                 "subject": "Welcome", "text": "Welcome {{ contact.first_name | default: 'there' }}!",
                 "html": "<p>Welcome {{ contact.first_name | default: 'there' }}!</p>"}}),
        wait("morning", **{"for": {"days": 1}, "at": "10:00"}),
        mail("plan", "Your plan in {{ contact.city | default: business.city | default: 'town' }}",
             "Hello {{ contact.first_name | default: 'there' }}, you joined on {{ enrollment.enrolled_at }}: {{ enrollment.workflow }}, "
             "{{ enrollment.id }}. {{ enrollment.unsubscribe_url }}"),
        {"id": "answer", "kind": "branch", "within": {"days": 2, "hours": 3}, "paths": [
            path("yes", {"signal": "sms.replied", "since": "welcome", "where": {"text": {"contains": "YES"}}},
                 text("thanks", "Thank you! {{ business.booking_url | default: business.phone }}")),
            path("clicked", {"any": [{"signal": "link.clicked"}, {"signal": "email.opened", "since": "plan"}]},
                 wait("evening", at="18:30", on=["mon", "tue", "wed", "thu", "fri"]),
                 call("ring", "Call {{ contact.full_name | default: contact.first_name | default: 'them' }}",
                      name="Call who clicked"),
                 {"id": "budget", "kind": "branch", "paths": [
                     path("large", {"field": "contact.budget", "greater_than": 5000},
                          {"id": "large-flag", "kind": "flag", "flag": "large-customer", "note": "Worth a visit."}),
                     path("small", {"all": [{"field": "contact.budget", "exists": True}, {"field": "contact.budget", "less_than": 500}]},
                          {"id": "small-end", "kind": "exit", "reason": "too small"})],
                  "otherwise": {"steps": [wait("pause", **{"for": {"hours": 5}})]}})],
         "otherwise": {"steps": [
             wait("two-hours", **{"for": {"hours": 2, "minutes": 30}}),
             text("nudge", "Still there, {{ contact.first_name | default: 'you' }}? Reply STOP to opt out.", not_after="contact.trial_ends")]}},
        wait("week", **{"for": {"weeks": 1}, "from": "enrolled", "at": "02:30"}),
        {"id": "city", "kind": "branch", "paths": [
            path("abroad", {"field": "contact.country", "not_equals": "US"}, text("abroad-text", "Greetings from {{ business.name }} 👋")),
            path("here", {"not": {"field": "contact.email", "exists": False}}, mail("here-mail", "Nearby", "We are near {{ contact.city }}."))],
         "otherwise": {"steps": [{"id": "end", "kind": "exit"}]}},
        {"id": "done", "kind": "flag", "flag": "onboarded"},
    ]}
CARDS = {
    "name": "Birthday cards", "reentry": "never",
    "entry": {"triggers": [{"signal": "birthday.known", "where": {"source": "form"}}]},
    "steps": [
        wait("before", **{"for": {"days": -2}, "from": "contact.birthday", "at": "09:00"}),
        text("card", "Happy birthday, {{ contact.last_name }}!", channel="postcard", max_lateness={"days": 30}),
        wait("after", **{"for": {"days": 1}}),
        call("ask", "Did the card arrive? {{ contact.first_name }}", on_failure="exit"),
    ]}
CARE = {
    "name": "Care calls", "entry": {"record": "job"}, "reentry": {"rule": "after_finish"},
    "exits": [{"name": "reopened", "when": {"signal": "job.reopened"}},
              {"name": "free", "when": {"any": [{"field": "record.price", "equals": 0}, {"field": "record.price", "less_than": 0}]}}],
    "steps": [
        text("soon", "{{ business.name }}: a word about {{ record.address.city | default: record.service }}?", quiet_hours="ignore"),
        text("soon-two", "And one more: {{ record.price }} is due.", quiet_hours="ignore"),
        wait("hours", **{"for": {"hours": 24}}),
        text("then", "How is it going, {{ contact.first_name }}?"),
        wait("a-month", **{"for": {"days": 20}, "from": "record.completed_at", "on": ["sat"]}),
        mail("check", "A check", "Time for a check of {{ record.service }}."),
        {"id": "got", "kind": "branch", "paths": [
            path("through", {"signal": "message.delivered", "where": {"step": "then"}}, call("call-them", "Call {{ contact.first_name }}")),
            path("failed", {"signal": "message.failed"}, {"id": "bad", "kind": "flag", "flag": "unreachable"})]},
    ]}
CHAT = {
    "name": "Chat", "entry": {"triggers": [{"signal": "chat.opened"}]},
    "steps": [
        text("hello", "Hello from {{ business.name }}", channel="whatsapp", fallback={
            "channel": "sms", "content": {"text": "Hello from {{ business.name }} by text"}}),
        {"id": "reply", "kind": "branch", "within": {"hours": 4}, "paths": [
            path("talks", {"signal": "whatsapp.replied", "since": "hello"}, {"id": "talk", "kind": "exit", "reason": "in conversation"})]},
        wait("quarter", **{"for": {"minutes": 15}}),
        text("bye", "Bye, {{ contact.nickname }}"),
    ]}
LONG = {"name": "Long words", "steps": [
    mail("long", "Your story", "{{ contact.story }} {{ contact.story }} {{ contact.story }} {{ contact.story }}"),
    text("short", "Thanks for your story, {{ contact.first_name | default: 'writer' }}."),
]}
SERIES = {"name": "Series", "steps": [
    wait("short", **{"for": {"minutes": 10}}), mail("one", "One", "The first."), wait("hour", **{"for": {"hours": 1}, "from": "enrolled"}),
    mail("two", "Two", "The second."), wait("two-hours", **{"for": {"hours": 2}, "from": "enrolled"}),
    mail("three", "Three", "The third.", max_lateness={"days": 2}),
]}
OWN = {"onboarding": ONBOARDING, "cards": CARDS, "care": CARE, "chat": CHAT, "long": LONG, "series": SERIES}
