"""What is refused at the configuration, and why."""

import pytest

from channel_driver import ChannelDriver
from Servers.caldav_servers import Radicale, free_port, make_certificates
from reminder_reading import TITLE


@pytest.fixture
def channel(tmp_path):
    driver = ChannelDriver().start("CallReminderChannel", tmp_path / "channel")
    yield driver
    driver.close()


def refused(channel, config, *words, **members):
    answer = channel.configure(config, **members)
    assert answer["ok"] is False
    for word in words:
        assert word in answer["error"], answer
    assert "hunter2" not in answer["error"] and "hunter2" not in str(channel.manifest)


SERVER = {"calendar": "https://cal.example.com/x/"}


@pytest.mark.parametrize("config, words", [
    ({}, ["calendar", "required", "folder"]),
    ({**SERVER, "folder": "calls"}, ["folder", "Leave out one"]),
    ({**SERVER, "pasword": "hunter2"}, ["pasword", "password"]),
    ({**SERVER, "password": "hunter2"}, ["username"]),
    ({**SERVER, "username": "u"}, ["password"]),
    ({"calendar": 7}, ["calendar", "a string"]),
    ({"calendar": "cal.example.com"}, ["calendar", "https://"]),
    ({"calendar": "ftp://cal.example.com/"}, ["calendar", "https://"]),
    ({"calendar": "https://u:hunter2@cal.example.com/"}, ["calendar", "username and password"]),
    ({"calendar": "https://cal.example.com/?a=1"}, ["calendar", "path"]),
    ({"calendar": "http://cal.example.com/", "username": "u", "password": "hunter2"}, ["plain text", "https"]),
    ({"calendar": "http://127.0.0.1.example.com/", "username": "u", "password": "hunter2"}, ["plain text"]),
    ({**SERVER, "ca_file": "/no/such/file"}, ["ca_file"]),
    ({"folder": "calls", "entry": "task"}, ["entry", "event or todo"]),
    ({"folder": "calls", "duration_minutes": 5}, ["duration_minutes", "entry: event"]),
    ({"folder": "calls", "alarm_minutes": 5}, ["alarm_minutes", "lead_minutes"]),
    ({"folder": "calls", "poll_seconds": 0}, ["poll_seconds", "1"]),
    ({"folder": "calls", "poll_seconds": "60"}, ["poll_seconds", "an integer"]),
    ({"folder": "/proc/calls"}, ["folder"]),
])
def test_wrong_members(channel, config, words):
    refused(channel, config, *words)


def test_the_manifest_describes_each_member(channel):
    channel.configure({})
    config = channel.manifest["config"]
    assert {name for name, member in config.items() if member["secret"]} == {"password"}
    assert all(member["description"] and "required" in member for member in config.values())
    assert channel.manifest["address"] == "staff" and channel.manifest["inbound"] is True


def test_what_the_server_says(channel, radicale, calendar):
    config = radicale.config(calendar)
    refused(channel, {**config, "password": "hunter2"}, "username", "401")
    refused(channel, {**config, "calendar": calendar + "none/"}, "calendar", "(4")
    refused(channel, {**config, "calendar": f"{radicale.root}office/"}, "no calendar")
    events = radicale.make_calendar("events-only", ["VEVENT"])
    refused(channel, {**config, "calendar": events}, "VTODO", "entry: event")
    assert channel.configure({**config, "calendar": events, "entry": "event"})["ok"]
    assert channel.configure({**config, "calendar": calendar.rstrip("/")})["ok"]


def test_a_check_sends_nothing_and_changes_nothing(channel, radicale, calendar, tmp_path):
    assert channel.configure(radicale.config(calendar), check=True)["ok"]
    assert channel.send("k", TITLE)["failure"]["kind"] == "config"
    assert channel.configure({"folder": str(tmp_path / "calls")})["ok"]
    assert channel.configure(radicale.config(calendar), check=True)["ok"]
    assert channel.send("k", TITLE)["outcome"] == "sent"
    assert radicale.entries(calendar) == {} and list((tmp_path / "calls").glob("*.ics"))


def test_a_server_that_is_away(channel):
    away = {"calendar": f"http://127.0.0.1:{free_port()}/calls/"}
    refused(channel, away, "calendar", "connect", check=True)
    # It may come back: messages are tried again, and the channel is no wreck until then.
    assert channel.configure(away)["ok"]
    assert channel.send("k", TITLE)["failure"]["kind"] == "transient"


def test_tls_with_an_authority_of_ones_own(tmp_path, channel):
    server = Radicale(tmp_path / "server", tls=True).start()
    try:
        url = server.make_calendar("calls")
        config = server.config(url)
        refused(channel, config, "calendar", "certificate")
        assert channel.configure({**config, "ca_file": str(tmp_path / "server/ca.pem")})["ok"]
        assert channel.send("k", TITLE)["outcome"] == "sent"
        assert list(server.entries(url)) == ["workflowd-call-k.ics"]
        (tmp_path / "others").mkdir()
        make_certificates(tmp_path / "others")
        refused(channel, {**config, "ca_file": str(tmp_path / "others/ca.pem")}, "calendar", "certificate")
    finally:
        server.stop()
