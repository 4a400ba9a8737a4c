"""What the builder's web server serves, and whom it refuses."""

import http.client
import json
import subprocess
import threading
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
