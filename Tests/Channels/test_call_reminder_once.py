"""One entry for each key, whatever breaks."""

import random

import pytest

from channel_driver import ChannelDriver
from reminder_reading import CONTEXT, TITLE
from seeds import seeds

FOREIGN = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Somebody//EN\r
BEGIN:VTODO\r
UID:{uid}\r
DTSTAMP:20260101T000000Z\r
SUMMARY:Somebody's\r
END:VTODO\r
END:VCALENDAR\r
"""


@pytest.fixture
def channel(reminders, radicale, calendar, proxy):
    """A channel whose calendar lies behind the faulty proxy."""
    return reminders(radicale.config(proxy.address(calendar)))


def failure(answer, kind):
    assert answer["outcome"] == "failed" and answer["failure"]["kind"] == kind, answer
    return answer["failure"]


def test_a_repeated_key_is_answered_and_not_asked_for(channel, proxy, radicale, calendar):
    assert channel.send("k", TITLE)["outcome"] == "sent"
    assert channel.send("k", {"title": "Another text"}, attempt=2)["outcome"] == "sent"
    assert proxy.seen.count("PUT") == 1
    assert list(radicale.entries(calendar)) == ["workflowd-call-k.ics"]
    assert channel.request("query", key="k")["outcome"] == "sent"
    assert channel.request("query", key="other")["outcome"] == "not_found"


@pytest.mark.parametrize("server_name", ["radicale", "xandikos"])
def test_a_lost_journal_is_made_good_by_the_server(server_name, request, reminders, tmp_path):
    server = request.getfixturevalue(server_name)
    url = server.make_calendar(f"lost-{tmp_path.name}")
    assert reminders(server.config(url), "one").send("lost", TITLE)["outcome"] == "sent"
    two = reminders(server.config(url), "two")
    assert two.send("lost", {"title": "Changed"})["outcome"] == "sent"
    assert two.request("query", key="lost")["outcome"] == "sent"
    assert "Changed" not in server.entries(url)["workflowd-call-lost.ics"].data
    assert reminders(server.config(url), "three").request("query", key="lost")["outcome"] == "sent"


@pytest.mark.parametrize("server_name", ["radicale", "xandikos"])
def test_the_same_uid_at_another_address_is_the_same_entry(server_name, request, reminders, tmp_path):
    server = request.getfixturevalue(server_name)
    url = server.make_calendar(f"moved-{tmp_path.name}")
    server.client().put(url + "moved.ics", FOREIGN.format(uid="workflowd-call-moved"), {"Content-Type": "text/calendar"})
    assert reminders(server.config(url)).send("moved", TITLE)["outcome"] == "sent"
    assert "workflowd-call-moved.ics" not in server.entries(url)


@pytest.mark.parametrize("server_name", ["radicale", "xandikos"])
def test_somebody_elses_entry_stays(server_name, request, reminders, tmp_path):
    server = request.getfixturevalue(server_name)
    url = server.make_calendar(f"taken-{tmp_path.name}")
    client = server.client()
    client.put(url + "workflowd-call-taken.ics", FOREIGN.format(uid="theirs"), {"Content-Type": "text/calendar"})
    channel = reminders(server.config(url))
    failure(channel.send("taken", TITLE), "permanent")
    assert "Somebody's" in server.entries(url)["workflowd-call-taken.ics"].data


@pytest.mark.parametrize("fault", ["cut_before_body", "swallow"])
def test_cut_before_the_server_saw_it(channel, proxy, radicale, calendar, fault):
    proxy.plan("PUT", fault)
    failure(channel.send("k", TITLE), "transient")
    assert channel.send("k", TITLE, attempt=2)["outcome"] == "sent"
    # A kept connection may be dead before anything leaves: then another is taken at once.
    proxy.plan("PUT", fault)
    assert channel.send("k-2", TITLE)["outcome"] in ("sent", "failed")
    assert channel.send("k-2", TITLE, attempt=2)["outcome"] == "sent"
    assert len(radicale.entries(calendar)) == 2


def test_cut_behind_the_body(channel, proxy, radicale, calendar):
    proxy.plan("PUT", "cut_after_body")
    assert channel.send("k", TITLE)["outcome"] == "sent"
    assert list(radicale.entries(calendar)) == ["workflowd-call-k.ics"]


def test_nobody_can_tell(channel, proxy, radicale, calendar):
    proxy.plan("PUT", "cut_after_body")
    proxy.plan("GET", "swallow", times=100)
    answer = channel.send("k", TITLE)
    assert answer["outcome"] == "unknown" and answer["reason"], answer
    assert channel.send("k", TITLE, attempt=2)["outcome"] == "unknown"
    assert channel.request("query", key="k")["outcome"] == "unknown"
    proxy.clear()
    assert channel.request("query", key="k")["outcome"] == "sent"
    assert channel.send("k", TITLE, attempt=3)["outcome"] == "sent"
    assert proxy.seen.count("PUT") == 1 and len(radicale.entries(calendar)) == 1


def test_nobody_can_tell_and_it_never_came(channel, proxy, radicale, calendar):
    proxy.plan("PUT", "swallow")
    proxy.plan("GET", "swallow", times=100)
    assert channel.send("k", TITLE)["outcome"] == "unknown"
    proxy.clear()
    assert channel.request("query", key="k")["outcome"] == "not_found"
    assert channel.send("k", TITLE, attempt=2)["outcome"] == "sent"
    assert len(radicale.entries(calendar)) == 1


@pytest.mark.parametrize("status, headers, kind, pause", [
    (503, {"Retry-After": "120"}, "transient", 120_000),
    (503, {"Retry-After": "9999999"}, "transient", 86_400_000),
    (503, {"Date": "Mon, 02 Mar 2026 15:00:00 GMT", "Retry-After": "Mon, 02 Mar 2026 15:05:00 GMT"}, "transient", 300_000),
    (503, {"Retry-After": "soon"}, "transient", None),
    (429, {"Retry-After": "7"}, "transient", 7_000),
    (507, {}, "transient", None), (423, {}, "transient", None), (500, {}, "transient", None), (502, {}, "transient", None),
    (401, {}, "config", None), (403, {}, "config", None), (404, {}, "config", None), (409, {}, "config", None),
    (301, {"Location": "https://elsewhere.example.com/"}, "config", None),
    (400, {}, "permanent", None), (413, {}, "permanent", None), (415, {}, "permanent", None),
])
def test_refusals(channel, proxy, radicale, calendar, status, headers, kind, pause):
    proxy.plan("PUT", (status, headers))
    assert failure(channel.send("k", TITLE), kind).get("retry_after_ms") == pause
    # What may pass is sent when it is asked for again; what may not is known.
    again = channel.send("k", TITLE, attempt=2)
    assert again["outcome"] == ("failed" if kind == "permanent" else "sent")
    assert len(radicale.entries(calendar)) == (0 if kind == "permanent" else 1)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_that_breaks_down_behind_the_work(channel, proxy, radicale, calendar, status):
    proxy.plan("PUT", ("after", status))
    assert channel.send("k", TITLE)["outcome"] == "sent"
    assert len(radicale.entries(calendar)) == 1


def test_a_calendar_that_was_removed(channel, radicale, calendar):
    radicale.calendar(calendar).delete()
    failure(channel.send("k", TITLE), "config")


def test_too_late_by_the_services_clock(reminders, tmp_path):
    channel = reminders({"folder": str(tmp_path / "calls")})
    times = {"at": "2031-01-01T00:00:00Z", "not_after": "2030-01-01T00:00:00Z"}
    failure(channel.send("late", TITLE, **times), "permanent")
    assert channel.send("k", TITLE, at="2001-01-01T00:00:00Z", not_after="2001-01-01T00:01:00Z")["outcome"] == "sent"
    # What is known is answered, however late it is asked for.
    assert channel.send("k", TITLE, **times)["outcome"] == "sent"


@pytest.mark.parametrize("content", [{}, {"title": ""}, {"notes": "x"}, {"title": 7}])
def test_a_message_without_a_title(reminders, tmp_path, content):
    channel = reminders({"folder": str(tmp_path / "calls")})
    assert "title" in failure(channel.send("k", content), "permanent")["reason"]


def test_keys_of_all_kinds(reminders, tmp_path):
    channel = reminders({"folder": str(tmp_path / "calls")})
    keys = ["a", "A", "a.b", "a_b", "a_5fb", "../../x", "ä", "a/b", "a b", "%61", "x" * 200]
    for key in keys:
        assert channel.send(key, TITLE)["outcome"] == "sent"
    assert len(list((tmp_path / "calls").iterdir())) == len(keys)
    assert "key" in failure(channel.send("x" * 201, TITLE), "permanent")["reason"]


def test_a_folder_that_was_taken_away(reminders, tmp_path):
    folder = tmp_path / "calls"
    channel = reminders({"folder": str(folder)})
    folder.rename(tmp_path / "moved")
    folder.write_text("a file")
    assert "folder" in failure(channel.send("k", TITLE), "config")["reason"]
    folder.unlink()
    (tmp_path / "moved").rename(folder)
    assert channel.send("k", TITLE, attempt=2)["outcome"] == "sent"
    assert [path.name for path in folder.iterdir()] == ["workflowd-call-k.ics"]


def test_an_edited_file_stays(reminders, tmp_path):
    reminders({"folder": str(tmp_path / "calls")}, "one").send("k", TITLE)
    path = tmp_path / "calls/workflowd-call-k.ics"
    path.write_text(path.read_text().replace("SUMMARY:", "SUMMARY:Later: "))
    assert reminders({"folder": str(tmp_path / "calls")}, "two").send("k", TITLE)["outcome"] == "sent"
    assert "SUMMARY:Later: Call the new lead" in path.read_text()


def test_a_configuration_takes_over_from_another(reminders, radicale, calendar, tmp_path):
    channel = reminders({"folder": str(tmp_path / "calls")})
    assert channel.send("k-1", TITLE)["outcome"] == "sent"
    assert channel.configure({**radicale.config(calendar), "poll_seconds": 1})["ok"]
    # What went before is known, and the folder's entries are left alone.
    assert channel.send("k-1", TITLE, attempt=2)["outcome"] == "sent"
    assert channel.send("k-2", TITLE)["outcome"] == "sent"
    assert list(radicale.entries(calendar)) == ["workflowd-call-k-2.ics"]
    radicale.entries(calendar)["workflowd-call-k-2.ics"].delete()
    channel.event(lambda event: event["key"] == "k-2")
    assert {event["key"] for event in channel.events.values()} == {"k-2"}


@pytest.mark.parametrize("where", ["server", "folder"])
def test_killed_at_any_moment(where, radicale, calendar, tmp_path):
    """Each key is there exactly once, and what was answered as sent stays so."""
    [seed] = seeds("reminders once", 1)
    print(f"seed {seed}")
    chance = random.Random(seed)
    folder = tmp_path / "calls"
    config = radicale.config(calendar) if where == "server" else {"folder": str(folder)}
    channel = ChannelDriver()
    waiting, sent, number = [], set(), 0
    for life in range(12):
        channel.start("CallReminderChannel", tmp_path / "channel")
        assert channel.configure(config)["ok"]
        while len(waiting) < 8:
            waiting.append(f"5f2c-{number}-0-0")
            number += 1
        asked = {key: channel.post_send(key, TITLE, context=CONTEXT) for key in waiting}
        limit = chance.randrange(len(asked) + 1)
        if life < 11:
            channel.wait(lambda: sum(id in channel.answers for id in asked.values()) >= limit)
            channel.kill()
        for key, id in asked.items():
            answer = channel.answers.get(id) if life < 11 else channel.answer(id)
            # A message of which a killed process knew nothing goes with the next attempt.
            if life == 11 and answer["outcome"] == "failed":
                failure(answer, "transient")
                answer = channel.send(key, TITLE, attempt=2)
            if answer and answer["outcome"] == "sent":
                sent.add(key)
        waiting = [key for key in waiting if key not in sent]
    channel.close()
    assert not waiting and len(sent) == number
    names = sorted(radicale.entries(calendar)) if where == "server" else sorted(path.name for path in folder.iterdir())
    assert names == sorted(f"workflowd-call-{key}.ics" for key in sent)
