"""What Twilio tells after a message went, and what contacts answer: by its calls, and by polling."""

import contextlib
import datetime
import socket

import pytest

from Servers.certificates import free_port

ANN, BOB = "+15550100123", "+15550100124"


@pytest.fixture
def called(texts, twilio):
    """A channel that Twilio calls at a public address, which leads to the listener."""
    port = free_port()

    def start():
        return texts(twilio.config(
            listen=f"127.0.0.1:{port}", public_url=f"http://127.0.0.1:{port}", poll_seconds=3600))

    start.url = f"http://127.0.0.1:{port}"
    return start


def status(channel, key, outcome):
    return channel.event(lambda e: e["event"] == "status" and (e["key"], e["outcome"]) == (key, outcome))


def inbound(channel, text):
    return channel.event(lambda e: e["event"] == "inbound" and e["text"] == text)


def test_a_call_tells_the_fate(called, twilio):
    channel = called()
    for key in ("k-1", "a/b?c=d&e %ä"):
        assert channel.send(key, {"text": key}, ANN)["outcome"] == "accepted"
        message = twilio.messages[-1]
        assert twilio.set_status(message, "sent") == 204
        assert twilio.set_status(message, "delivered") == 204
        status(channel, key, "sent"), status(channel, key, "delivered")
    # It comes again, and an older one comes late: nothing new.
    assert twilio.set_status(message, "delivered") == 204 and twilio.set_status(message, "sent") == 204
    assert channel.send("k-1", {"text": "k-1"}, ANN, attempt=2)["outcome"] == "delivered"
    assert len([e for e in channel.events.values() if e["event"] == "status"]) == 4


@pytest.mark.parametrize("state, code, kind", [
    ("undelivered", 30003, "permanent"), ("failed", 21610, "suppressed"), ("failed", None, "permanent"),
])
def test_a_message_that_did_not_arrive(called, twilio, state, code, kind):
    channel = called()
    assert channel.send("k", {"text": "Hi"}, ANN)["outcome"] == "accepted"
    twilio.set_status(twilio.messages[0], state, code)
    failure = status(channel, "k", "failed")["failure"]
    assert failure["kind"] == kind and (code is None or str(code) in failure["reason"])


def test_half_requests_hold_up_no_call(called, twilio):
    channel = called()
    assert channel.send("k", {"text": "Hi"}, ANN)["outcome"] == "accepted"
    port = int(called.url.rsplit(":", 1)[1])
    with contextlib.ExitStack() as half:
        for _ in range(400):
            connection = half.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            connection.sendall(b"POST /twilio/status HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nA")
        for state in ["queued", "sending", "sent"] * 10 + ["delivered"]:
            assert twilio.set_status(twilio.messages[0], state) == 204
        status(channel, "k", "delivered")


def write(called, twilio, text, sender=ANN, **fields):
    sid = f"SM{len(text)}-{sender}"
    return twilio.call(f"{called.url}/twilio/inbound",
                       {"MessageSid": sid, "From": sender, "To": "+15550199000", "Body": text, **fields})


@pytest.mark.parametrize("text, fields, kind", [
    ("Yes, please 👋", {}, "reply"), ("Stop", {}, "opt_out"), ("UNSTOP", {}, "opt_in"), ("STOP it please", {}, "reply"),
    ("ARRET", {"OptOutType": "STOP"}, "opt_out"), ("YES", {"OptOutType": "START"}, "opt_in"),
    ("HELP", {"OptOutType": "HELP"}, "reply"),
])
def test_what_a_contact_writes(called, twilio, text, fields, kind):
    channel = called()
    assert write(called, twilio, text, **fields) == write(called, twilio, text, **fields) == 200
    event = inbound(channel, text)
    assert (event["kind"], event["from"]) == (kind, ANN) and len(channel.events) == 1


def test_a_call_that_twilio_did_not_sign_is_nobodys(called, twilio):
    channel = called()
    fields = {"MessageSid": "SM1", "From": ANN, "Body": "STOP"}
    url = f"{called.url}/twilio/inbound"
    assert twilio.call(url, fields, signature="bm8=") == 403
    # Signed for another address, or with other fields.
    assert twilio.call("http://127.0.0.1:1/twilio/inbound", fields, at=url) == 403
    twilio.token, token = "another", twilio.token
    assert twilio.call(url, fields) == 403
    twilio.token = token
    assert twilio.call(f"{called.url}/elsewhere", fields) == 404
    assert twilio.call(url, {"From": ANN, "Body": "STOP"}) == 400
    assert twilio.call(url, {**fields, "From": "12345"}) == 200
    assert twilio.call(url, {**fields, "Body": "x" * 70_000}) == 413
    assert twilio.call(url, fields) == 200
    assert inbound(channel, "STOP") and len(channel.events) == 1


def test_a_proxy_may_keep_or_drop_the_public_path(texts, twilio):
    port = free_port()
    channel = texts(twilio.config(
        listen=f"127.0.0.1:{port}", public_url="https://crm.example.com/sms", poll_seconds=3600))
    for number, path in enumerate(("/sms/twilio/inbound", "/twilio/inbound")):
        fields = {"MessageSid": f"SM{number}", "From": ANN, "Body": f"Hi {number}"}
        assert twilio.call("https://crm.example.com/sms/twilio/inbound", fields,
                           at=f"http://127.0.0.1:{port}{path}") == 200
        inbound(channel, f"Hi {number}")


@pytest.mark.parametrize("configured", ["https://crm.example.com", "https://crm.example.com:443/sms", "https://crm.example.com:8443"])
def test_the_port_of_https_may_be_written_or_not(texts, twilio, configured):
    port = free_port()
    channel = texts(twilio.config(listen=f"127.0.0.1:{port}", public_url=configured, poll_seconds=3600))
    usual = ":8443" not in configured
    signed = [configured.replace(":443", ""), configured if ":443" in configured else configured.replace(".com", ".com:443", 1)]
    for number, base in enumerate(signed if usual else [configured]):
        fields = {"MessageSid": f"SM{number}", "From": ANN, "Body": f"Hi {number}"}
        assert twilio.call(f"{base}/twilio/inbound", fields, at=f"http://127.0.0.1:{port}/twilio/inbound") == 200
        inbound(channel, f"Hi {number}")
    other = "https://crm.example.com:444" if usual else "https://crm.example.com"
    assert twilio.call(f"{other}/twilio/inbound", {"MessageSid": "SM9", "From": ANN, "Body": "x"},
                       at=f"http://127.0.0.1:{port}/twilio/inbound") == 403


def test_reports_stay_until_they_are_acknowledged(called, twilio):
    channel = called()
    assert channel.send("k", {"text": "Hi"}, ANN)["outcome"] == "accepted"
    twilio.set_status(twilio.messages[0], "delivered")
    write(called, twilio, "Hello")
    channel.wait(lambda: len(channel.events) == 2)
    channel.kill()
    channel.events.clear()
    again = called()
    status(again, "k", "delivered"), inbound(again, "Hello")


def test_polling_tells_the_same(texts, twilio):
    channel = texts(twilio.config())
    twilio.wait_for(lambda: any("PageSize=1" in path for _, path in twilio.requests))
    assert channel.send("k", {"text": "Hi"}, ANN)["outcome"] == "accepted"
    assert channel.send("other", {"text": "Hi"}, BOB)["outcome"] == "accepted"
    twilio.set_status(twilio.messages[0], "delivered")
    twilio.set_status(twilio.messages[1], "failed", 30006)
    twilio.receive(ANN, "Thanks")
    twilio.receive(BOB, "STOP")
    status(channel, "k", "delivered"), inbound(channel, "Thanks")
    assert status(channel, "other", "failed")["failure"]["kind"] == "permanent"
    assert inbound(channel, "STOP")["kind"] == "opt_out"


def test_polling_goes_on_where_it_ended(texts, twilio):
    earlier = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=2)
    twilio.receive(ANN, "before the channel was ever used", at=earlier)
    channel = texts(twilio.config())
    twilio.wait_for(lambda: any("PageSize=1" in path for _, path in twilio.requests))
    twilio.receive(ANN, "one")
    inbound(channel, "one")
    channel.kill()
    twilio.page_limit = 2
    for number in range(7):
        twilio.receive(ANN, f"while away {number}")
    channel = texts(twilio.config())
    for number in range(7):
        inbound(channel, f"while away {number}")
    # The first one may come again: it was killed with the acknowledgement on its way.
    new = sorted(event["text"] for event in channel.events.values() if event["text"] != "one")
    assert new == [f"while away {number}" for number in range(7)]


def test_a_call_that_was_missed_is_fetched(called, twilio):
    channel = called()
    assert channel.send("k", {"text": "Hi"}, ANN)["outcome"] == "accepted"
    channel.kill()
    with pytest.raises(OSError):
        twilio.set_status(twilio.messages[0], "delivered")
    status(called(), "k", "delivered")
