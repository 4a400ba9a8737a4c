"""Nonsense of every shape: each message gets exactly one reply, and the service serves on."""

import json
import random

import pytest
import zmq

from seeds import SEED



def code(reply):
    return json.loads(reply)["error"]["code"]


def garbage():
    """A damaged command: bytes flipped, cut, doubled, or random from the start."""
    line = bytearray(json.dumps({"op": "contact.put", "args": {"id": "c", "fields": {"n": [1, {"x": None}]}}}).encode())
    for _ in range(random.randrange(1, 8)):
        match random.randrange(5):
            case 0: line[random.randrange(len(line))] = random.randrange(256)
            case 1: del line[random.randrange(len(line)):]
            case 2: line += line[: random.randrange(40)]
            case 3: line.insert(random.randrange(len(line) + 1), random.choice(b'{}[]",:\\\0\xff\xc3'))
            case 4: line = bytearray(random.randbytes(random.randrange(1, 60)))
        line = bytearray(bytes(line).replace(b"\n", b" ")) or bytearray(b"x")
    return bytes(line)


def test_random_lines(daemon):
    random.seed(SEED)
    lines = [garbage() for _ in range(200)]
    for line in lines:
        assert len(daemon.exchange(line)) == 1
    assert len(daemon.exchange(b"\n".join(lines))) == len(lines)
    assert daemon.call("system.hello")["service"] == "workflowd"


@pytest.mark.parametrize("line, expected", [
    (b"", "invalid_json"), (b"null", "invalid_request"), (b"[]", "invalid_request"), (b"{}", "missing_field"),
    (b'{"op":1}', "invalid_value"), (b'{"op":"no.such"}', "unknown_op"),
    (b'{"op":"system.hello","v":2}', "unsupported_version"), (b'{"op":"system.hello","id":{}}', "invalid_value"),
    (b'{"op":"system.hello","op":"system.hello"}', "invalid_json"),
    (b'{"op":"system.hello","\\u006fp":"x"}', "invalid_json"),
    (b'\xef\xbb\xbf{"op":"system.hello"}', "invalid_json"), (b'{"op":"system.hello",}', "invalid_json"),
    ('{"op":"system.hello"}'.encode("utf-16"), "invalid_json"), (b'{"op":"\xff"}', "invalid_json"),
    (b'{"op":"system.hello","args":{"x":1}}', "unknown_field"), (b'{"op":"system.hello","if_rev":1}', "unknown_field"),
    (b'{"op":"contact.put","args":{"id":"a","fields":{"n":9007199254740992}}}', "invalid_json"),
    (b'{"op":"contact.put","args":{"id":"a","fields":' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}}", "invalid_json"),
    (b'{"batch":"atomic"}', "invalid_request"), (b'{"batch":"all"}\n{"op":"system.hello"}', "invalid_request"),
])
def test_wrong_lines(daemon, line, expected):
    assert daemon.exchange(line)[0]["error"]["code"] == expected
    assert daemon.reply("system.hello")["ok"]


def test_a_carriage_return_is_tolerated(daemon):
    replies = daemon.exchange(b'{"id":1,"op":"clock.get"}\r\n{"id":2,"op":"clock.get"}\r\n')
    assert [reply["id"] for reply in replies] == [1, 2]


def test_limits(daemon):
    long_line = b'{"op":"contact.put","args":{"id":"' + b"x" * (1 << 20) + b'"}}'
    assert daemon.exchange(long_line)[0]["error"]["code"] == "too_large"
    replies = daemon.exchange(long_line + b'\n{"op":"clock.get"}')
    assert [reply["ok"] for reply in replies] == [False, True]
    assert daemon.exchange(b"x" * (5 << 20))[0]["error"]["code"] == "too_large"
    assert len(daemon.exchange((b" " * ((1 << 20) - 30) + b'{"op":"clock.get"}\n') * 3)) == 3
    assert [reply["error"]["code"] for reply in daemon.exchange(b'{"op":"clock.get"}\n' * 250_000)] == ["too_large"]
    assert len(daemon.exchange(b"{}\n" * 1_000)) == 1_000
    assert len(daemon.exchange(b'{"batch":"atomic"}\n' + b"{}\n" * 1_000)) == 1_000
    for line in (b"", b"{}", b'{"op":"clock.get"}'):
        refused = daemon.exchange((line + b"\n") * 1_001)
        assert [reply["error"]["code"] for reply in refused] == ["too_large"]
    assert daemon.reply("system.hello")["ok"]


@pytest.mark.parametrize("frames", [
    [b""], [b"", b""], [b"", b"{}", b"{}"], [b"a", b"b", b"", b"{}"], [b"", b"", b"{}"], [b"x", b"y"], [b"{}"],
    [b"x"] * 100, [b""] * 100, [b"a"] * 50 + [b"", b"{}"], [b"\x00\xff", b"", b"\x00"], [b"a", b"", b"x" * (5 << 20)],
])
def test_frame_shapes(daemon, frames):
    """A DEALER sends frames as they are; each message has one reply, with the frames up to the first empty one."""
    dealer = daemon.context.socket(zmq.DEALER)
    dealer.linger = 0
    dealer.connect(daemon.commands)
    dealer.send_multipart(frames)
    assert dealer.poll(60_000)
    reply = dealer.recv_multipart()
    assert not json.loads(reply[-1])["ok"]
    if b"" in frames[:-1]:
        assert reply[:-1] == frames[: frames.index(b"") + 1]
    dealer.send(b'{"op":"clock.get"}')
    assert dealer.poll(60_000)
    assert json.loads(dealer.recv_multipart()[-1])["ok"]
    assert not dealer.poll(0)
    dealer.close()


def test_a_correlating_client(daemon):
    request = daemon.context.socket(zmq.REQ)
    request.setsockopt(zmq.REQ_CORRELATE, 1)
    request.setsockopt(zmq.REQ_RELAXED, 1)
    request.linger = 0
    request.rcvtimeo = 60_000
    request.connect(daemon.commands)
    for line, ok in [(b"garbage", False), (b'{"op":"clock.get"}', True), (b"", False), (b'{"op":"clock.get"}', True)]:
        request.send(line)
        assert json.loads(request.recv())["ok"] == ok
        # A second request without having read the reply to the first: only the second is answered here.
        request.send(b"nonsense")
        request.send(line)
        assert json.loads(request.recv())["ok"] == ok
    request.close()


def test_a_client_that_vanishes_disturbs_nobody(daemon):
    for _ in range(20):
        dealer = daemon.context.socket(zmq.DEALER)
        dealer.linger = 0
        dealer.connect(daemon.commands)
        for _ in range(50):
            dealer.send(b'{"op":"system.hello"}')
        dealer.close()
    assert daemon.reply("system.hello")["ok"]
