"""What staff did with entries comes back, each once, over restarts."""

import datetime

import pytest

from channel_driver import ChannelDriver
from reminder_reading import TITLE


class Calls:
    """Entries of one channel, on a server or in a folder, as staff see and change them."""

    def __init__(self, place, url, folder):
        self.place, self.url, self.folder = place, url, folder
        self.config = {"poll_seconds": 1, **(place.config(url) if place else {"folder": str(folder)})}

    def item(self, key):
        return self.place.entries(self.url)[f"workflowd-call-{key}.ics"]

    def change(self, key, old, new):
        if self.place:
            item = self.item(key)
            assert old in item.data
            item.data = item.data.replace(old, new)
            item.save()
        else:
            path = self.folder / f"workflowd-call-{key}.ics"
            text = path.read_bytes().decode()
            assert old in text
            path.write_bytes(text.replace(old, new).encode())

    def delete(self, key):
        if self.place:
            self.item(key).delete()
        else:
            (self.folder / f"workflowd-call-{key}.ics").unlink()


@pytest.fixture(params=["radicale", "xandikos", "folder"])
def calls(request, tmp_path):
    place = None if request.param == "folder" else request.getfixturevalue(request.param)
    return Calls(place, place and place.make_calendar(f"reports-{tmp_path.name}"), tmp_path / "calls")


def status(channel, key):
    return channel.event(lambda event: event["event"] == "status" and event["key"] == key)


def answered(channel, key):
    return channel.event(lambda event: event["event"] == "inbound" and event["key"] == key)


def test_what_staff_do(calls, reminders):
    channel = reminders(calls.config)
    for key in ("done", "percent", "off", "gone", "open"):
        assert channel.send(key, TITLE)["outcome"] == "sent"
    if calls.place:
        calls.item("done").complete()
    else:
        calls.change("done", "STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20260302T160000Z")
    assert answered(channel, "done") == {
        "event": "inbound", "event_id": "answered-done", "kind": "answered", "key": "done"}
    assert status(channel, "done")["outcome"] == "delivered"
    # The others have been read by now, and were open.
    calls.change("percent", "STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:100")
    calls.change("off", "STATUS:NEEDS-ACTION", "STATUS:CANCELLED")
    calls.delete("gone")
    assert answered(channel, "percent")["event_id"] == "answered-percent"
    assert status(channel, "percent")["outcome"] == "delivered"
    off = status(channel, "off")
    assert off["outcome"] == "failed" and off["failure"]["kind"] == "permanent"
    assert status(channel, "gone")["outcome"] == "delivered"
    assert not [event for event in channel.events.values() if event["key"] == "open"]
    assert {event["event"] for event in channel.events.values() if event["key"] == "gone"} == {"status"}


@pytest.mark.parametrize("calls", ["radicale", "folder"], indirect=True)
def test_an_event_that_is_called_off(calls, reminders):
    channel = reminders({**calls.config, "entry": "event"})
    for key in ("e-off", "e-moved"):
        channel.send(key, TITLE)
    calls.change("e-moved", "SUMMARY:Call", "SUMMARY:DONE: Call")
    calls.change("e-off", "STATUS:CONFIRMED", "STATUS:CANCELLED")
    assert status(channel, "e-off")["outcome"] == "failed"
    assert not [event for event in channel.events.values() if event["key"] == "e-moved"]


@pytest.mark.parametrize("calls", ["radicale", "folder"], indirect=True)
def test_reports_over_restarts(calls, tmp_path):
    """Done while the channel is away; reported until acknowledged, and never again."""
    one = ChannelDriver().start("CallReminderChannel", tmp_path / "channel")
    assert one.configure(calls.config)["ok"]
    one.send("r-1", TITLE)
    one.send("r-2", TITLE)
    one.kill()
    calls.change("r-1", "STATUS:NEEDS-ACTION", "STATUS:COMPLETED")
    for _ in range(2):
        driver = ChannelDriver().start("CallReminderChannel", tmp_path / "channel")
        assert driver.configure(calls.config)["ok"]
        # Nothing is acknowledged, so the next process has to say both again.
        driver.wait(lambda: {"answered-r-1", "completed-r-1"} <= driver.events.keys())
        driver.kill()
    driver = ChannelDriver().start("CallReminderChannel", tmp_path / "channel")
    assert driver.configure(calls.config)["ok"]
    answered(driver, "r-1"), status(driver, "r-1")
    assert driver.request("ping")["ok"]
    driver.kill()
    last = ChannelDriver().start("CallReminderChannel", tmp_path / "channel")
    assert last.configure(calls.config)["ok"]
    calls.change("r-2", "STATUS:NEEDS-ACTION", "STATUS:COMPLETED")
    status(last, "r-2")
    assert {event["key"] for event in last.events.values()} == {"r-2"}
    # A message that staff have dealt with is not put there again.
    calls.delete("r-1")
    assert last.send("r-1", TITLE)["outcome"] == "delivered"
    last.close()


def test_a_server_that_is_away_means_nothing(radicale, calendar, proxy, reminders):
    channel = reminders({**radicale.config(proxy.address(calendar)), "poll_seconds": 1})
    channel.send("k", TITLE)
    item = radicale.entries(calendar)["workflowd-call-k.ics"]
    # The next rounds find a server that has lost the calendar, one that is broken, and an entry that cannot be read.
    proxy.plan("PROPFIND", (404, {}))
    proxy.plan("PROPFIND", "swallow")
    proxy.plan("GET", (503, {}))
    item.complete()
    assert answered(channel, "k")["kind"] == "answered"
    assert status(channel, "k")["outcome"] == "delivered"
    assert proxy.seen.count("GET") >= 2 and len(channel.events) == 2


def test_a_calendar_without_news_is_asked_once_a_round(radicale, calendar, proxy, reminders):
    channel = reminders({**radicale.config(proxy.address(calendar)), "poll_seconds": 1})
    for number in range(5):
        channel.send(f"k-{number}", TITLE)
    rounds = lambda: proxy.seen.count("PROPFIND")
    begun = rounds()
    # A round that falls between two of the sends asks about what is there already.
    channel.wait(lambda: rounds() > begun + 1)
    asked, quiet = proxy.seen.count("GET"), rounds()
    assert asked >= 5
    channel.wait(lambda: rounds() > quiet + 1)
    assert proxy.seen.count("GET") == asked
