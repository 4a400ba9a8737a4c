"""Messages by a real Kannel gateway, read back from the SMSC's side; reports and replies through it."""

import contextlib
import itertools
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from Servers.certificates import free_port
from Servers.cutting_proxy import CuttingProxy

NUMBERS = (f"+1555020{number:04}" for number in itertools.count(1))
KEYS = (f"kannel-{number}" for number in itertools.count(1))


@pytest.fixture
def channel(texts, kannel):
    return texts(kannel.config())


@pytest.fixture
def number():
    """A contact that no other test writes to."""
    return next(NUMBERS)


@pytest.fixture
def key():
    return next(KEYS)


def failure(answer):
    assert answer["outcome"] == "failed", answer
    return answer["failure"]


def status(channel, key, outcome):
    return channel.event(lambda e: e["event"] == "status" and (e["key"], e["outcome"]) == (key, outcome))


@pytest.mark.parametrize("text", [
    "Hi Ann, see you at 10:00! {[€]}", "Grüße & 50% + \"x\" = ½ 👋", "Grüße ½\nzwei Zeilen", "x" * 300, "ж" * 150, "%d %p %%",
], ids=["gsm", "ucs-2", "lines", "long gsm", "long ucs-2", "escapes"])
def test_a_text_arrives_as_it_was_written(channel, kannel, number, key, text):
    assert channel.send(key, {"text": text}, number) == {"id": channel.next_id, "outcome": "accepted"}
    kannel.wait_for(lambda: kannel.texts(number) == [text])
    status(channel, key, "delivered")


def test_a_report_finds_its_key_whatever_it_is(channel, number):
    for key in ("5f2c-1-0-0", "a/b?c=d&e", "50%d 100%", "ä€"):
        assert channel.send(key, {"text": "Hi"}, number)["outcome"] == "accepted"
        status(channel, key, "delivered")


def test_a_sender_of_its_own(channel, kannel, number, key):
    assert channel.send(key, {"text": "Hi"}, number, **{"from": "Evergreen"})["outcome"] == "accepted"
    kannel.wait_for(lambda: ("Evergreen", number, "Hi") in kannel.received())


@pytest.mark.parametrize("text, kind", [
    ("Yes, Tuesday is fine", "reply"), ("STOP", "opt_out"), ("stop.", "opt_out"), ("Start", "opt_in"),
    ("please stop calling", "reply"),
])
def test_what_a_contact_writes(channel, kannel, number, text, kind):
    kannel.write(number, "15550199", text)
    event = channel.event(lambda e: e["event"] == "inbound" and e["from"] == number)
    assert (event["kind"], event["text"]) == (kind, text) and event["at"].endswith("Z")


def test_a_repeated_key_is_answered_and_not_sent(channel, texts, kannel, number, key):
    ids = [channel.post_send(key, {"text": "Once"}, number, attempt=n) for n in range(1, 6)]
    assert {channel.answer(id)["outcome"] for id in ids} <= {"accepted", "sent", "delivered"}
    status(channel, key, "delivered")
    channel.close()
    assert texts(kannel.config()).send(key, {"text": "Once"}, number, attempt=6)["outcome"] == "delivered"
    assert kannel.texts(number) == ["Once"]


def test_a_report_that_comes_while_nobody_listens_comes_later(channel, texts, kannel, number, key):
    kannel.end("network")
    assert channel.send(key, {"text": "Hi"}, number)["outcome"] == "accepted"
    channel.kill()
    kannel.start_network()
    kannel.wait_for(lambda: kannel.texts(number) == ["Hi"])
    status(texts(kannel.config()), key, "delivered")


@pytest.mark.parametrize("changes, kind", [
    ({"password": "wrong"}, "config"), ({"username": "nobody"}, "config"), ({"smsc": "ELSEWHERE"}, None),
])
def test_what_is_wrong_with_the_account(texts, kannel, number, key, changes, kind):
    answer = texts(kannel.config(**changes)).send(key, {"text": "Hi"}, number)
    # Kannel keeps what no SMSC takes for later.
    assert failure(answer)["kind"] == kind if kind else answer["outcome"] == "accepted"


def test_nobody_there(texts, kannel, number, key):
    channel = texts(kannel.config(base_url=f"http://127.0.0.1:{free_port()}"))
    assert failure(channel.send(key, {"text": "Hi"}, number))["kind"] == "transient"


def test_a_gateway_that_is_away_for_a_while(channel, kannel, number, key):
    kannel.end("smsbox")
    assert failure(channel.send(key, {"text": "Hi"}, number))["kind"] == "transient"
    kannel.start_smsbox()
    assert channel.send(key, {"text": "Hi"}, number, attempt=2)["outcome"] == "accepted"
    kannel.wait_for(lambda: kannel.texts(number) == ["Hi"])


def call(kannel, path, **fields):
    url = f"http://127.0.0.1:{kannel.ports['callbacks']}{path}?{urllib.parse.urlencode(fields)}"
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_lost_answer_is_unknown_until_the_report_comes(texts, kannel, number, key):
    proxy = CuttingProxy(kannel.ports["sendsms"])
    channel = texts(kannel.config(base_url=f"http://127.0.0.1:{proxy.port}"))
    proxy.plan("server", 0, "reset")
    # The report may even be the first to come.
    assert channel.send(key, {"text": "Hi"}, number)["outcome"] in ("unknown", "sent", "delivered")
    status(channel, key, "delivered")
    assert channel.send(key, {"text": "Hi"}, number, attempt=2)["outcome"] == "delivered"
    assert kannel.texts(number) == ["Hi"]
    proxy.close()


def test_what_was_cut_before_the_text_left_goes_again(texts, kannel, number, key):
    proxy = CuttingProxy(kannel.ports["sendsms"])
    channel = texts(kannel.config(base_url=f"http://127.0.0.1:{proxy.port}"))
    proxy.plan("client", b"\r\n\r\n", "reset")
    assert channel.send(key, {"text": "Hi"}, number)["outcome"] in ("failed", "unknown")
    assert not kannel.texts(number)
    proxy.close()


def test_calls_without_the_token_are_nobodys(channel, kannel, number, key):
    assert channel.send(key, {"text": "Hi"}, number)["outcome"] == "accepted"
    status(channel, key, "delivered")
    reply = {"from": number, "text": "STOP", "id": "forged"}
    assert call(kannel, "/kannel/inbound", **reply) == 403
    assert call(kannel, "/kannel/inbound", token="guess", **reply) == 403
    assert call(kannel, "/kannel/report", token="", key=key, state=2) == 403
    assert call(kannel, "/kannel/report", token=kannel.token, state=2) == 400
    assert call(kannel, "/elsewhere", token=kannel.token) == 404
    # A repeated call, or an older state, says nothing new.
    assert call(kannel, "/kannel/report", token=kannel.token, key=key, state=8) == 200
    assert call(kannel, "/kannel/inbound", token=kannel.token, **reply) == 200
    assert call(kannel, "/kannel/inbound", token=kannel.token, **reply) == 200
    channel.event(lambda e: e["event_id"] == "kannel-forged")
    assert not [e for e in channel.events.values() if e.get("key") == key and e["outcome"] == "failed"]
    assert len([e for e in channel.events.values() if e.get("from") == number]) == 1


def test_an_answer_that_says_nothing_is_told(texts, kannel, number, key):
    """It may have the text, and cannot be asked: what it answered is what a person is told."""
    def serve(connection):
        with connection, connection.makefile("rwb") as wire:
            while True:
                head = list(iter(wire.readline, b"\r\n"))
                if not all(head) or not head:
                    return
                length = next(int(line.split(b":")[1]) for line in head if line.lower().startswith(b"content-length"))
                wire.read(length)
                isText = any(line.startswith(b"X-Kannel-To") for line in head)
                wire.write(b"HTTP/1.1 %d Odd\r\nContent-Length: 0\r\n\r\n" % (500 if isText else 400))
                wire.flush()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        def accept():
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        config = {**kannel.config(), "base_url": f"http://127.0.0.1:{listener.getsockname()[1]}"}
        answer = texts(config).send(key, {"text": "Hi"}, number)
        listener.shutdown(socket.SHUT_RDWR)
    assert answer["outcome"] == "unknown"
    assert answer["reason"] == "Kannel answered with HTTP status 500. Kannel cannot be asked what became of it."
