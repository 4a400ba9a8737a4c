"""Connections that break, stall or are dead, and channels killed, at chosen moments of a submission."""

import pathlib
import random

import pytest

from mail_reading import CONTENT
from seeds import seeds
from Servers.cutting_proxy import CuttingProxy
from Servers.mail_server import MailServer

# Debian's libfaketime: a process with it sees the time that a file says.
FAKETIME = next(map(str, pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)

# Who says it, and what is said.
BEFORE_THE_TEXT = [("client", b"MAIL FROM"), ("client", b"RCPT TO"), ("client", b"DATA\r\n"), ("server", b"354 ")]
WITHIN_THE_TEXT = [("client", b"Subject: "), ("client", b"\r\n.\r\n")]
BEHIND_THE_TEXT = [("server", b"250 2.0.0")]


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory):
    server = MailServer(tmp_path_factory.mktemp("plain"), security="plain", login=None).start()
    yield server
    server.stop()


@pytest.fixture
def wire(plain_server):
    """A proxy that reads along, since nothing is encrypted."""
    proxy = CuttingProxy(plain_server.port)
    proxy.config = plain_server.config(port=proxy.port, connections=1)
    yield proxy
    proxy.close()


@pytest.fixture
def key(request):
    """A key of the test's own, which names the recipient too."""
    return f"{abs(hash(request.node.nodeid)):x}"


def address(key):
    return f"{key}@example.com"


def count(server, key):
    return len(server.parsed(address(key)))


def kind(answer):
    """An outcome, or the kind of a failure."""
    return answer["failure"]["kind"] if answer["outcome"] == "failed" else answer["outcome"]


@pytest.mark.parametrize("fault", ["reset", "close"])
@pytest.mark.parametrize("side, where", BEFORE_THE_TEXT)
def test_a_break_before_the_text_is_tried_again(emails, plain_server, wire, key, side, where, fault):
    channel = emails(wire.config)
    wire.plan(side, where, fault)
    outcome = kind(channel.send(key, CONTENT, address(key)))
    assert wire.reached.is_set() and outcome in ("sent", "transient")
    assert channel.send(key, CONTENT, address(key), attempt=2)["outcome"] == "sent"
    assert count(plain_server, key) == 1


@pytest.mark.parametrize("fault", ["reset", "close"])
@pytest.mark.parametrize("side, where", WITHIN_THE_TEXT + BEHIND_THE_TEXT)
def test_a_break_behind_the_first_byte_of_the_text_is_unknown(emails, plain_server, wire, key, side, where, fault):
    channel = emails(wire.config)
    wire.plan(side, where, fault)
    for attempt in (1, 2):
        assert channel.send(key, CONTENT, address(key), attempt=attempt)["outcome"] == "unknown"
    assert count(plain_server, key) == (side == "server")
    assert channel.send(f"{key}-next", CONTENT, address(key))["outcome"] == "sent"


def test_a_kept_connection_that_breaks_at_once_is_made_again(emails, plain_server, wire, key):
    channel = emails(wire.config)
    for number in range(3):
        if number:
            wire.plan("client", b"MAIL FROM", "reset")
        assert channel.send(f"{key}-{number}", CONTENT, address(key))["outcome"] == "sent"
    assert count(plain_server, key) == 3


@pytest.mark.parametrize("side, where", BEFORE_THE_TEXT + WITHIN_THE_TEXT + BEHIND_THE_TEXT)
def test_killed_at_each_moment_of_a_submission(emails, plain_server, wire, key, side, where):
    channel = emails(wire.config)
    wire.plan(side, where, "hold")
    channel.post_send(key, CONTENT, address(key))
    assert wire.reached.wait(60)
    channel.kill()
    wire.drop()
    began = (side, where) not in BEFORE_THE_TEXT
    assert emails(wire.config).send(key, CONTENT, address(key), attempt=2)["outcome"] == ("unknown" if began else "sent")
    assert count(plain_server, key) == (not began or side == "server")


@pytest.mark.parametrize("seed", seeds("connections", 2))
@pytest.mark.parametrize("security", ["starttls", "plain"])
def test_cut_at_any_byte(emails, mail_server, plain_server, seed, security):
    """A seed that fails is in the test's name."""
    numbers, server = random.Random(seed), mail_server if security == "starttls" else plain_server
    proxy = CuttingProxy(server.port)
    channel = emails(server.config(port=proxy.port, connections=1))
    assert channel.send(f"{seed}-whole", CONTENT, f"{seed}-whole@example.com")["outcome"] == "sent"
    whole = dict(proxy.passed)
    for number in range(15):
        key = f"{security}-{seed}-{number}"
        if numbers.random() < 0.7:
            proxy.drop()
        side = numbers.choice(["client", "server"])
        proxy.plan(side, numbers.randrange(whole[side]), numbers.choice(["reset", "close"]))
        first = kind(channel.send(key, CONTENT, address(key)))
        assert first in ("sent", "transient", "config", "unknown")
        assert (first == "unknown") or count(server, key) == (first == "sent")
        proxy.clear()
        second = kind(channel.send(key, CONTENT, address(key), attempt=2))
        assert second == ("unknown" if first == "unknown" else "sent")
        assert count(server, key) == 1 or (second == "unknown" and count(server, key) == 0)
    proxy.close()


@pytest.mark.parametrize("side, where, expected", [
    ("server", b"220 ", {"config", "transient"}), ("client", b"RCPT TO", {"transient"}), ("server", b"354 ", {"transient"}),
    ("client", b"\r\n.\r\n", {"unknown"}), ("server", b"250 2.0.0", {"unknown"}),
])
def test_a_server_that_stops_answering_is_not_waited_for_for_ever(
        emails, plain_server, wire, key, monkeypatch, tmp_path, side, where, expected):
    assert FAKETIME, "libfaketime is missing"
    (tmp_path / "time").write_text("+0")
    with monkeypatch.context() as environment:
        environment.setenv("LD_PRELOAD", FAKETIME)
        environment.setenv("FAKETIME_TIMESTAMP_FILE", str(tmp_path / "time"))
        environment.setenv("FAKETIME_NO_CACHE", "1")
        channel = emails(wire.config)
    wire.plan(side, where, "hold")
    sending = channel.post_send(key, CONTENT, address(key))
    assert wire.reached.wait(60)
    (tmp_path / "later").write_text("+100")
    (tmp_path / "later").rename(tmp_path / "time")
    assert kind(channel.answer(sending)) in expected
    wire.drop()
    again = channel.send(key, CONTENT, address(key), attempt=2)["outcome"]
    assert again == ("unknown" if "unknown" in expected else "sent")
    assert count(plain_server, key) <= 1 and (again == "unknown" or count(plain_server, key) == 1)


@pytest.mark.parametrize("line, expected", [
    ("554 5.7.1 no mail from your network", "config"), ("554 mail.example.com no service", "config"),
    ("421 4.7.0 too many connections", "transient"), ("421 busy", "transient"), ("220-", "transient"), ("HTTP/1.1 400", None),
])
def test_a_server_that_refuses_to_talk_costs_no_message(emails, plain_server, wire, key, line, expected):
    channel = emails(wire.config)
    wire.greet(line, line)
    outcome = kind(channel.send(key, CONTENT, address(key)))
    assert outcome == expected or (expected is None and outcome in ("config", "transient"))
    wire.greetings.clear()
    assert channel.send(key, CONTENT, address(key), attempt=2)["outcome"] == "sent"


def test_what_came_before_the_end_of_input_is_answered(emails, plain_server, wire, key):
    channel = emails(wire.config)
    wire.plan("client", b"\r\n.\r\n", "hold")
    ids = [channel.post_send(f"{key}-{n}", CONTENT, address(key)) for n in range(5)]
    assert wire.reached.wait(60)
    channel.process.stdin.close()
    wire.release()
    assert channel.process.wait(60) == 0
    channel.reader.join()
    assert [channel.answers[id]["outcome"] for id in ids] == ["sent"] * 5
    assert count(plain_server, key) == 5


def test_a_second_process_waits_until_the_first_has_finished(emails, plain_server, wire, key):
    first = emails(wire.config)
    wire.plan("client", b"\r\n.\r\n", "hold")
    first.post_send(key, CONTENT, address(key))
    assert wire.reached.wait(60)
    second = emails(None)
    second.request("hello", protocol=1)
    configured = second.post("configure", config=wire.config)
    first.process.stdin.close()
    assert configured not in second.answers
    wire.release()
    assert first.process.wait(60) == 0
    assert second.answer(configured)["ok"] is True
    assert second.send(key, CONTENT, address(key), attempt=2)["outcome"] == "sent"
    assert count(plain_server, key) == 1
