"""Messages by Twilio, judged by Twilio's own SDK."""

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

ANN = "+15550100123"


class RedirectedClient(TwilioHttpClient):
    def __init__(self, base):
        super().__init__()
        self.base = base

    def request(self, method, url, *arguments, **members):
        return super().request(method, url.replace("https://api.twilio.com", self.base), *arguments, **members)


@pytest.fixture
def sdk(twilio):
    return Client(twilio.sid, twilio.token, http_client=RedirectedClient(twilio.base))


def failure(answer):
    assert answer["outcome"] == "failed", answer
    return answer["failure"]


def test_the_server_is_one_for_twilios_sdk(twilio, sdk):
    sent = sdk.messages.create(to=ANN, from_="+15550199000", body="Grüße 👋")
    assert sdk.messages(sent.sid).fetch().body == "Grüße 👋"
    twilio.page_limit = 2
    for number in range(5):
        sdk.messages.create(to=ANN, from_="+15550199000", body=f"{number}")
    assert len(sdk.messages.list(to=ANN)) == 6


def test_a_message_is_what_the_sdk_reads(texts, twilio, sdk):
    text = "Grüße, Ann & Bob: 50% + 1 = ½? 👋\nSee https://example.com/?a=b#c"
    assert texts(twilio.config()).send("key-1", {"text": text}, ANN)["outcome"] == "accepted"
    [message] = sdk.messages.list(to=ANN)
    assert (message.body, message.from_, message.direction) == (text, "+15550199000", "outbound-api")


def test_senders(texts, twilio):
    channel = texts(twilio.config(messaging_service_sid="MG1"))
    for key, sender in (("a", None), ("b", "Evergreen"), ("c", "+15550199777")):
        assert channel.send(key, {"text": "Hi"}, ANN, **{"from": sender} if sender else {})["outcome"] == "accepted"
    assert [m["from"] for m in twilio.messages] == ["+15550199000", "Evergreen", "+15550199777"]
    assert {m["messaging_service_sid"] for m in twilio.messages} == {"MG1"}
    assert failure(channel.send("d", {"text": "Hi"}, ANN, **{"from": "The whole office"}))["kind"] == "config"


@pytest.mark.parametrize("to, text", [
    ("5559100123", "Hi"), ("+0550100123", "Hi"), ("+1559010", "Hi"), ("+1555010012345678", "Hi"), ("", "Hi"),
    ("+1555O100123", "Hi"), ("+15550100123\n", "Hi"), (ANN, ""), (ANN, None), (ANN, "x" * 1531), (ANN, "ж" * 671),
])
def test_what_cannot_go_is_refused_before_any_connection(texts, twilio, to, text):
    channel = texts(twilio.config(base_url="http://127.0.0.1:9"))
    refused = failure(channel.send("k", {"text": text}, to))
    assert refused["kind"] == "permanent" and (not to or to not in refused["reason"])


def test_the_longest_message_goes(texts, twilio):
    channel = texts(twilio.config(max_segments=2))
    assert channel.send("two", {"text": "€" * 152}, ANN)["outcome"] == "accepted"
    assert failure(channel.send("three", {"text": "€" * 153}, ANN))["reason"] == (
        "content.text: It takes 3 segments, and 2 are the most.")


@pytest.mark.parametrize("status, code, kind", [
    (400, 21610, "suppressed"), (400, 21211, "permanent"), (400, 21614, "permanent"), (400, 21408, "permanent"),
    (400, 99999, "permanent"), (401, 20003, "config"), (403, None, "config"), (404, 20404, "config"),
    (400, 21606, "config"), (400, 30002, "config"), (400, 21611, "transient"), (429, 20429, "transient"),
    (301, None, "config"),
])
def test_refusals(texts, twilio, status, code, kind):
    channel = texts(twilio.config())
    twilio.plan({"status": status, "code": code, "store": False})
    assert failure(channel.send("k", {"text": "Hi"}, ANN))["kind"] == kind
    again = channel.send("k", {"text": "Hi"}, ANN, attempt=2)
    may_pass = kind in ("transient", "config")
    assert again["outcome"] == ("accepted" if may_pass else "failed") and len(twilio.texts()) == may_pass


def test_twilio_says_how_long_to_wait(texts, twilio):
    twilio.plan({"status": 429, "code": 20429, "store": False, "headers": {"Retry-After": "7"}})
    assert failure(texts(twilio.config()).send("k", {"text": "Hi"}, ANN))["retry_after_ms"] == 7000


def test_it_does_not_go_behind_its_time(texts, twilio):
    channel = texts(twilio.config())
    late = failure(channel.send("k", {"text": "Hi"}, ANN, at="2026-03-02T15:00:00Z", not_after="2026-03-02T14:59:59Z"))
    assert late["kind"] == "permanent" and not twilio.requests_of("POST")


BROKEN = [{"cut": True}, {"status": 500}, {"status": 503}, {"hang": True}]


@pytest.mark.parametrize("fault", BROKEN, ids=str)
def test_an_answer_that_is_lost_is_found_in_the_list(texts, twilio, fault):
    channel = texts(twilio.config(timeout_ms=500))
    twilio.plan({**fault, "store": True})
    assert channel.send("k", {"text": "Hi, it's Ann"}, ANN)["outcome"] == "accepted"
    assert twilio.texts() == ["Hi, it's Ann"]
    # It has the message's sid now.
    twilio.set_status(twilio.messages[0], "delivered")
    assert channel.event(lambda e: e["event"] == "status")["outcome"] == "delivered"


@pytest.mark.parametrize("fault", BROKEN[:3], ids=str)
def test_a_message_that_never_came_goes_again(texts, twilio, fault):
    channel = texts(twilio.config())
    twilio.plan({**fault, "store": False})
    told = failure(channel.send("k", {"text": "Hi"}, ANN))
    assert told["kind"] == "transient" and told["reason"].endswith(". The provider does not have the message.")
    assert ("503" in told["reason"]) == (fault.get("status") == 503)
    assert channel.send("k", {"text": "Hi"}, ANN, attempt=2)["outcome"] == "accepted"
    assert twilio.texts() == ["Hi"]


def test_a_list_that_lags_is_asked_until_it_is_certain(texts, twilio):
    channel = texts(twilio.config(settle_ms=15000))
    twilio.list_lag = True
    twilio.plan({"cut": True, "store": True})
    waiting = channel.post_send("k", {"text": "Hi"}, ANN)
    twilio.wait_for(lambda: len([path for method, path in twilio.requests if method == "GET" and "To=" in path]) >= 3)
    twilio.list_lag = False
    assert channel.answer(waiting)["outcome"] == "accepted" and twilio.texts() == ["Hi"]


def test_a_list_that_cannot_be_read_leaves_it_unknown(texts, twilio):
    channel = texts(twilio.config())
    twilio.list_faults = 10**6
    twilio.plan({"cut": True, "store": True})
    assert channel.send("k", {"text": "Hi"}, ANN)["outcome"] == "unknown"
    twilio.list_faults = 0
    assert channel.send("k", {"text": "Hi"}, ANN, attempt=2)["outcome"] == "accepted"
    assert twilio.texts() == ["Hi"]


def test_the_same_text_for_two_keys_goes_twice(texts, twilio):
    """Neither takes the other's message for its own."""
    channel = texts(twilio.config())
    assert channel.send("a", {"text": "Hi"}, ANN)["outcome"] == "accepted"
    twilio.plan({"cut": True, "store": False})
    assert failure(channel.send("b", {"text": "Hi"}, ANN))["kind"] == "transient"
    assert channel.send("b", {"text": "Hi"}, ANN, attempt=2)["outcome"] == "accepted"
    twilio.plan({"cut": True, "store": True}, times=4)
    waiting = [channel.post_send(key, {"text": "Hi"}, ANN) for key in "cdef"]
    assert [channel.answer(id)["outcome"] for id in waiting] == ["accepted"] * 4
    assert twilio.texts() == ["Hi"] * 6


def test_a_changed_text_is_known(texts, twilio):
    """A trial account's words before it, and punctuation that was exchanged."""
    channel = texts(twilio.config())
    twilio.rewrite = lambda text: "Sent from your Twilio trial account - " + text.replace("“", '"').replace("”", '"')
    twilio.plan({"cut": True, "store": True})
    assert channel.send("k", {"text": "Say “yes”, Ann"}, ANN)["outcome"] == "accepted"
    assert len(twilio.texts()) == 1


def test_other_messages_to_the_number_are_no_proof(texts, twilio, sdk):
    channel = texts(twilio.config())
    sdk.messages.create(to=ANN, from_="+15550199000", body="Another text")
    twilio.receive(ANN, "Hi")
    twilio.page_limit = 1
    twilio.plan({"cut": True, "store": False})
    assert failure(channel.send("k", {"text": "Hi"}, ANN))["kind"] == "transient"


def test_nobody_there(texts, twilio):
    channel = texts(twilio.config(base_url="http://127.0.0.1:9"))
    assert failure(channel.send("k", {"text": "Hi"}, ANN))["kind"] == "transient"


def test_many_at_once(texts, twilio):
    channel = texts(twilio.config(connections=8))
    waiting = {channel.post_send(f"k{n}", {"text": f"Text {n}"}, f"+1555010{n:04}"): n for n in range(300)}
    assert {channel.answer(id)["outcome"] for id in waiting} == {"accepted"}
    assert sorted(twilio.texts()) == sorted(f"Text {n}" for n in range(300))
