"""Bytes that are no protocol at all, on the sockets themselves: others are served meanwhile, in bounded memory."""

import contextlib
import os
import random
import re
import socket
import time
import urllib.request

import pytest

from conftest import REPLY_LIMIT_MS, Daemon
from seeds import SEED

GREETING = b"\xff" + b"\0" * 8 + b"\x7f\x03\x00NULL" + b"\0" * 16 + b"\0" * 32
READY = b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03REQ"


def peak_mb(process):
    return int(open(f"/proc/{process.pid}/status").read().split("VmHWM:")[1].split()[0]) / 1024


def descriptors(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


@pytest.fixture
def tcp(tmp_path):
    """A service that also takes commands over TCP: (daemon, address)."""
    daemon = Daemon(tmp_path, "--commands", "tcp://127.0.0.1:*", "--log-level", "notice")
    daemon.start().wait_for_channels()
    port = re.search(r"tcp://127\.0\.0\.1:(\d+)", (tmp_path / "log").read_text()).group(1)
    yield daemon, ("127.0.0.1", int(port))
    daemon.close()


def until_closed(connection):
    """Reads until the other side has closed the connection, which it has to do in time."""
    connection.settimeout(REPLY_LIMIT_MS / 1000)
    with contextlib.suppress(ConnectionError):
        while connection.recv(65_536):
            pass


def send(connection, data):
    with contextlib.suppress(ConnectionError):
        connection.sendall(data)


def frame(flags, length, body=b""):
    return bytes([flags | 2]) + length.to_bytes(8, "big") + body


def starts():
    numbers = random.Random(SEED)
    yield from (numbers.randbytes(numbers.randrange(1, 300)) for _ in range(30))
    yield from (GREETING[:length] for length in range(1, 64, 9))
    yield b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    yield b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + numbers.randbytes(500)
    yield GREETING.replace(b"NULL", b"NONE") + READY
    yield GREETING + READY[:10]
    for length in (1 << 26 | 1, 1 << 31, 1 << 32, 1 << 62, (1 << 64) - 1):
        yield GREETING + frame(4, length)
        yield GREETING + READY + frame(0, length)
        yield GREETING + READY + frame(1, length, b"x" * 1_000)
    yield GREETING + READY + b"\x01\x00" * 20_000
    yield GREETING + READY + b"\x04\x05\x04PING" * 100
    yield GREETING + READY * 50


def test_garbage_on_the_port_of_commands(tcp):
    daemon, address = tcp
    before = descriptors(daemon.process)
    connections = []
    for data in starts():
        connection = socket.create_connection(address)
        send(connection, data)
        connections.append(connection)
        assert daemon.call("system.hello")["service"] == "workflowd"
    for connection in connections:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        until_closed(connection)
        connection.close()
    assert peak_mb(daemon.process) < 500
    end = time.monotonic() + REPLY_LIMIT_MS / 1000
    while descriptors(daemon.process) > before:
        assert time.monotonic() < end, "connections are not let go"
        daemon.call("clock.get")


def test_greetings_that_come_byte_by_byte(tcp):
    """Slow clients hold nobody up, and are cut when they have not said who they are in time."""
    daemon, address = tcp
    slow = [socket.create_connection(address) for _ in range(200)]
    for byte in GREETING[:20]:
        for connection in slow:
            send(connection, bytes([byte]))
        assert daemon.call("system.hello")["service"] == "workflowd"
    for connection in slow:
        until_closed(connection)
        connection.close()
    assert daemon.call("system.hello")["service"] == "workflowd"


def http_starts():
    numbers = random.Random(SEED)
    yield from (numbers.randbytes(numbers.randrange(1, 300)) for _ in range(20))
    yield b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n"
    yield b"GET /" + b"../" * 1_000 + b"etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield b"GET /%00%2e%2e/%ff HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield b"GET http://elsewhere/ HTTP/9.9\r\n\r\n"
    yield b"POST /commands HTTP/1.1\r\nHost: localhost\r\nContent-Length: 18446744073709551615\r\n\r\nx"
    yield b"POST /commands HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\nx"
    yield b"POST /commands HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"
    yield b"POST /commands HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 100_000
    yield b"\r\n" * 10_000
    yield GREETING + READY


def test_garbage_on_the_port_of_the_page(builder):
    host, port = re.search(r"//(.+):(\d+)/", builder.url).groups()
    for data in http_starts():
        connection = socket.create_connection((host, int(port)))
        send(connection, data)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        until_closed(connection)
        connection.close()
        with urllib.request.urlopen(builder.url) as page:
            assert page.status == 200
    assert peak_mb(builder.process) < 500


def test_requests_that_are_never_finished(builder):
    """The page is served beside clients that stop in the middle."""
    host, port = re.search(r"//(.+):(\d+)/", builder.url).groups()
    slow = [socket.create_connection((host, int(port))) for _ in range(30)]
    for connection in slow:
        send(connection, b"POST /commands HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
    with urllib.request.urlopen(builder.url) as page:
        assert page.status == 200
    for connection in slow:
        connection.close()
