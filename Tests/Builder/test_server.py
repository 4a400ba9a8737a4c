"""What the builder's web server serves, and whom it refuses."""

import contextlib
import http.client
import json
import select
import socket
import subprocess
import threading
import time
import urllib.parse

import pytest

from Builder.fixtures import BUILDER

HELLO = b'{"op":"system.hello"}'


@pytest.fixture
def ask(builder):
    address = urllib.parse.urlsplit(builder.url)

    def request(method, path, body=None, **headers):
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        names = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        connection.request(method, path, body, names)
        response = connection.getresponse()
        result = (response.status, dict(response.getheaders()), response.read())
        connection.close()
        return result

    request.origin = builder.url.rstrip("/")
    return request


def post(ask, body=HELLO, **headers):
    return ask("POST", "/commands", body, **{"content_type": "application/json", **headers})


@pytest.mark.parametrize("path, kind", [
    ("/", "text/html"), ("/app.js", "text/javascript"), ("/styles/tokens.css", "text/css"),
    ("/icon.svg", "image/svg+xml"), ("/pages/workflows.js?v=1", "text/javascript"),
])
def test_the_files_of_the_page(ask, path, kind):
    status, headers, body = ask("GET", path)
    assert status == 200 and body
    assert headers["Content-Type"].startswith(kind)
    assert ask("GET", path, if_none_match=headers["ETag"])[0] == 304
    status, again, nothing = ask("HEAD", path)
    assert (status, nothing) == (200, b"")
    assert again["Content-Length"] == str(len(body))


@pytest.mark.parametrize("path", ["/nothing", "/../Package.swift", "/%2e%2e/Package.swift", "//etc/passwd", "/pages"])
def test_what_is_no_file_of_the_page(ask, path):
    assert ask("GET", path)[0] == 404


def test_every_response_says_what_a_page_may_do(ask):
    answers = [ask("GET", "/"), ask("GET", "/nothing"), post(ask), ask("PUT", "/"),
               post(ask, None, content_length=2 << 20)]
    assert [answer[0] for answer in answers] == [200, 404, 200, 405, 413]
    for _, headers, _ in answers:
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_command(ask):
    status, _, body = post(ask, origin=ask.origin, sec_fetch_site="same-origin")
    assert status == 200
    assert json.loads(body)["result"]["service"] == "workflowd"


def test_several_commands_in_one_message(ask):
    lines = post(ask, HELLO + b"\n" + HELLO)[2].splitlines()
    assert [json.loads(line)["ok"] for line in lines] == [True, True]


@pytest.mark.parametrize("headers, status", [
    ({"host": "evil.example"}, 421), ({"host": "evil.example:80"}, 421), ({"host": "127.0.0.1"}, 421),
    ({"origin": "https://evil.example"}, 403), ({"origin": "null"}, 403),
    ({"sec_fetch_site": "cross-site"}, 403), ({"sec_fetch_site": "same-site"}, 403),
    ({"content_type": "text/plain"}, 415),
    ({"content_type": "application/x-www-form-urlencoded"}, 415),
])
def test_commands_from_elsewhere(ask, service, headers, status):
    write = b'{"op":"contact.put","args":{"id":"c-1","fields":{"first_name":"Ann"}}}'
    answer = post(ask, write, **headers)
    assert answer[0] == status
    assert json.loads(answer[2])["error"]["message"]
    assert service.refused("contact.get", {"id": "c-1"})["code"] == "not_found"


def test_an_origin_of_the_same_machine_but_another_port(ask):
    assert post(ask, origin="http://127.0.0.1:1")[0] == 403


def test_a_page_under_a_foreign_name(ask):
    assert ask("GET", "/", host="evil.example")[0] == 421


def test_commands_are_only_posted(ask):
    assert ask("GET", "/commands")[0] == 405


def test_those_who_wait_for_events_do_not_hold_up_others(ask, service):
    service.call("contact.put", {"id": "c-1", "fields": {"first_name": "Ann"}})
    head = service.call("system.hello")["events"]["head"]
    wait = json.dumps({"op": "events.read", "args": {"after": head, "wait_ms": 30_000}}).encode()
    answers = []
    waiting = [threading.Thread(target=lambda: answers.append(post(ask, wait))) for _ in range(12)]
    for thread in waiting:
        thread.start()
    assert post(ask)[0] == 200
    assert not answers
    service.call("signal.send", {"name": "job.booked", "contact": "c-1"})
    for thread in waiting:
        thread.join(timeout=60)
    assert [json.loads(body)["result"]["events"][0]["type"] for _, _, body in answers] == ["signal.received"] * 12


def connect(ask):
    address = urllib.parse.urlsplit(ask.origin)
    return socket.create_connection((address.hostname, address.port), timeout=60)


def post_bytes(ask, body, *fields):
    lines = ["POST /commands HTTP/1.1", f"Host: {urllib.parse.urlsplit(ask.origin).netloc}", "Content-Type: application/json",
             f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def waiting_read(service):
    head = service.call("system.hello")["events"]["head"]
    return json.dumps({"op": "events.read", "args": {"after": head, "wait_ms": 60_000}}).encode()


def answers(ask, count=1):
    """Whoever comes now is answered."""
    for _ in range(count):
        assert post(ask)[0] == 200
        assert ask("GET", "/")[0] == 200


class Trickle:
    """Connections each of which sends one more byte of a request at each `drip()`."""

    def __init__(self, ask, count):
        self.ask, self.count, self.sent = ask, count, []

    def __enter__(self):
        self.sent = [[connect(self.ask), 0] for _ in range(self.count)]
        return self

    def drip(self):
        data = post_bytes(self.ask, HELLO)
        for one in self.sent:
            with contextlib.suppress(OSError):
                one[0].send(data[one[1]:one[1] + 1])
            one[1] += 1

    def __exit__(self, *failure):
        for connection, _ in self.sent:
            connection.close()


@pytest.mark.parametrize("count", [64, 600])
def test_those_who_trickle_hold_up_nobody(ask, count):
    with Trickle(ask, count) as trickle:
        for _ in range(40):
            trickle.drip()
            answers(ask)


def test_a_request_has_to_be_there_in_time(ask):
    """Each byte comes soon behind the last one, and all of them never do."""
    with Trickle(ask, 1) as trickle:
        connection = trickle.sent[0][0]
        connection.settimeout(0.5)
        start = time.monotonic()
        while time.monotonic() - start < 60:
            trickle.drip()
            try:
                if connection.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert 10 < time.monotonic() - start < 60


def test_pages_that_wait_leave_room_for_others(ask, service):
    """More pages wait for news than there is room for: the last are told to come again, all others are answered."""
    read = waiting_read(service)
    waiting = [connect(ask) for _ in range(240)]
    for connection in waiting:
        connection.sendall(post_bytes(ask, read))
    end = time.monotonic() + 60
    while len(told := select.select(waiting, [], [], 0)[0]) < 240 - 192:
        assert time.monotonic() < end
        answers(ask)
    response = http.client.HTTPResponse(told[0])
    response.begin()
    assert response.status == 503 and response.headers["Retry-After"]
    assert json.loads(response.read())["error"]["code"] == "busy"
    answers(ask, 10)
    for connection in waiting:
        connection.close()


def test_pages_that_have_gone_are_waited_for_no_more(ask, service):
    answers(ask)
    read = waiting_read(service)
    for _ in range(3):
        gone = [connect(ask) for _ in range(80)]
        for connection in gone:
            connection.sendall(post_bytes(ask, read))
        answers(ask)
        for connection in gone:
            connection.close()
    # Each of them would have waited for a minute, and all of them leave no room for another.
    start = time.monotonic()
    short = read.replace(b"60000", b"1")
    while post(ask, short)[0] != 200:
        assert time.monotonic() - start < 40


@pytest.mark.parametrize("fields", [
    ["Host: 127.0.0.1:{port}"], ["Content-Length: 23"], ["Content-Length: 24"], ["Transfer-Encoding: chunked"],
    ["Transfer-Encoding: gzip"], ["Content-Type: application/json"], ["Origin: {origin}", "Origin: {origin}"],
    ["Transfer-Encoding : chunked"], ["Host : elsewhere"], ["X\t: y"],
])
def test_requests_that_can_be_understood_in_two_ways(ask, fields):
    port = urllib.parse.urlsplit(ask.origin).port
    with connect(ask) as connection:
        connection.sendall(post_bytes(ask, HELLO, *[field.format(port=port, origin=ask.origin) for field in fields]))
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == 400
        assert response.headers["Content-Security-Policy"]
        response.read()
        assert connection.recv(1) == b""


@pytest.mark.parametrize("head, status", [
    ("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n", 200), ("GET / HTTP/1.1\r\n\r\n", 400),
    ("GET http://{host}/ HTTP/1.1\r\nHost: elsewhere\r\n\r\n", 200),
    ("GET http://elsewhere/ HTTP/1.1\r\nHost: {host}\r\n\r\n", 421),
    ("GET elsewhere:80 HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("POST /commands HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n", 400),
    ("POST /commands HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2, 2\r\n\r\n{{}}", 400),
    ("POST /commands HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999999999999\r\n\r\n", None),
    ("POST /commands HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
     "16\r\n{{\"op\":\"system.hello\"}} \r\n0\r\n\r\n", 200),
    ("POST /commands HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", None),
    ("POST /commands HTTP/1.0\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost : {host}\r\n\r\n", None),
    ("GET / HTTP/1.1\r\nHost: {host}\r\nX: " + 100_000 * "y" + "\r\n\r\n", None),
])
def test_odd_requests(ask, head, status):
    """None means that it is refused: with any status from 400 to 499, or by closing the connection."""
    with connect(ask) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(head.format(host=urllib.parse.urlsplit(ask.origin).netloc).encode())
        response = http.client.HTTPResponse(connection)
        try:
            response.begin()
            found = response.status
        except (ConnectionError, http.client.BadStatusLine):
            found = None
        assert found == status or status is None and 400 <= found < 500
    answers(ask)


def test_a_service_that_is_away(ask, service):
    service.kill()
    status, _, body = post(ask)
    assert status == 503
    assert json.loads(body)["error"]["code"] == "unreachable"
    service.start()
    assert post(ask)[0] == 200


def start(*arguments):
    return subprocess.run([BUILDER, *arguments], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("address", ["0.0.0.0:0", "192.168.1.4:0", "[::]:0", "example.com:80", "7480"])
def test_addresses_that_others_can_reach(address):
    result = start("--listen", address)
    assert result.returncode == 64
    assert address in result.stderr and "127.0.0.1:7480" in result.stderr


def test_a_taken_port(builder):
    address = urllib.parse.urlsplit(builder.url).netloc
    result = start("--listen", address)
    assert result.returncode == 69
    assert address in result.stderr


def test_an_endpoint_that_is_none():
    assert start("--listen", "127.0.0.1:0", "--connect", "nonsense").returncode == 64


def test_the_end(builder):
    assert builder.stop() == 0
