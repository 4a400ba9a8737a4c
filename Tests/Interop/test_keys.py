"""Keys and roles, seen by a foreign client: who is let in, who may do what, and how fast that ends."""

import json
import os
import re
import shutil
import stat
import subprocess

import pytest
import zmq

from conftest import PROGRAM, ROOT
from Interop.guarded import OUTSIDE, Client, Guarded

CTL = PROGRAM.parent / "workflowctl"
ROLES = ["reader", "author", "operator", "admin"]
TABLE = re.search(r"### Roles\n(.*?)\n### ", (ROOT / "proto-docs/transport.md").read_text(), re.S).group(1)
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", TABLE, re.M))
OPS = {role: re.findall(r"`([a-z]+\.[a-z_]+)`", ROWS[role]) for role in ROLES}


@pytest.fixture
def guarded(tmp_path):
    daemon = Guarded(tmp_path, "--clock", "simulated", "--clock-start", "2026-03-02T15:00:00Z")
    yield daemon.start()
    daemon.close()


@pytest.fixture
def client():
    """Makes clients, and closes them."""
    made = []

    def make(kind, address, *keys):
        made.append(Client(kind, address, *keys))
        return made[-1]

    yield make
    for one in made:
        one.close()


def requests(guarded, client, pair):
    return client(zmq.REQ, guarded.outside_commands, pair, guarded.server_key)


def subscriber(guarded, client, pair):
    return client(zmq.SUB, guarded.outside_events, pair, guarded.server_key)


# Who is let in

def test_a_registered_key_is_served_by_its_name_and_role(guarded, client):
    author = requests(guarded, client, guarded.register("author", "office"))
    assert author.reply("system.hello")["result"]["caller"] == {"name": "office", "role": "author"}
    assert guarded.call("system.hello")["caller"] == {"role": "admin"}


def test_an_unregistered_key_is_refused_and_gets_no_reply(guarded, client):
    for kind, address in [(zmq.REQ, guarded.outside_commands), (zmq.SUB, guarded.outside_events)]:
        stranger = client(kind, address, zmq.curve_keypair(), guarded.server_key)
        if kind == zmq.REQ:
            stranger.socket.send(b'{"op":"system.hello"}')
        assert stranger.event(zmq.EVENT_HANDSHAKE_FAILED_AUTH) == 400
        assert stranger.is_silent()
    assert "key is not registered" in guarded.log.read_text()


def test_a_wrong_server_key_breaks_every_handshake(guarded, client):
    pair = guarded.register("reader")
    lost = client(zmq.REQ, guarded.outside_commands, pair, zmq.curve_keypair()[0])
    lost.socket.send(b'{"op":"system.hello"}')
    lost.event(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)
    lost.event(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)
    assert lost.is_silent()


def test_a_client_without_keys_is_not_served(guarded, client):
    bare = client(zmq.REQ, guarded.outside_commands)
    bare.socket.send(b'{"op":"system.hello"}')
    bare.event(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL)
    assert bare.is_silent()


def test_keys_can_be_asked_for_on_this_machine_too(guarded, client, tmp_path):
    pair = guarded.register("admin")
    assert guarded.stop() == 0
    guarded.start([guarded.commands, OUTSIDE, {"endpoint": f"ipc://{tmp_path}/asks", "keys": "required"}], wait=False)
    admin = client(zmq.REQ, f"ipc://{tmp_path}/asks", pair, server_key(guarded))
    assert admin.reply("key.list")["ok"]
    bare = client(zmq.REQ, f"ipc://{tmp_path}/asks")
    bare.event(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL)


# Who may do what

def test_the_table_of_roles_has_every_command(guarded):
    documented = [op for role in ROLES for op in OPS[role]]
    assert sorted(documented) == guarded.call("system.hello")["ops"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(guarded, client, role):
    one = requests(guarded, client, guarded.register(role))
    allowed = {op for lower in ROLES[: ROLES.index(role) + 1] for op in OPS[lower]}
    for op in guarded.call("system.hello")["ops"]:
        error = one.reply(op).get("error", {})
        assert (error.get("code") == "forbidden") == (op not in allowed), (op, error)
        if op not in allowed:
            assert error["details"]["role"] == role and error["details"]["needs"] in error["hint"]
    assert one.reply("no.such")["error"]["code"] == "unknown_op"


def test_each_line_is_checked_by_itself(guarded, client):
    one = requests(guarded, client, guarded.register("reader"))
    put = '{"op":"contact.put","args":{"id":"c","fields":{"n":1}}}'
    replies = one.exchange(f'{{"op":"clock.get"}}\n{put}\n{{"op":"clock.get"}}')
    assert [reply["ok"] for reply in replies] == [True, False, True]
    replies = one.exchange(f'{{"batch":"atomic"}}\n{{"op":"clock.get"}}\n{put}')
    assert [reply["error"]["code"] for reply in replies] == ["batch_aborted", "forbidden"]
    assert guarded.refused("contact.get", {"id": "c"})["code"] == "not_found"


def test_an_administrator_may_revoke_itself_in_the_middle_of_a_message(guarded, client):
    admin = requests(guarded, client, guarded.register("admin", "me"))
    replies = admin.exchange(
        '{"op":"key.list"}\n{"op":"key.delete","args":{"name":"me"}}\n{"op":"key.list"}')
    assert [reply["ok"] for reply in replies] == [True, True, False]


# How it ends

def test_a_revoked_key_is_refused_over_its_live_connection(guarded, client):
    pair = guarded.register("operator")
    one = requests(guarded, client, pair)
    waiting = client(zmq.DEALER, guarded.outside_commands, pair, guarded.server_key)
    assert one.reply("contact.put", {"id": "c", "fields": {}})["ok"]
    waiting.socket.send_json({"op": "events.read", "args": {"after": 0, "families": ["flag"], "wait_ms": 60_000}})
    assert waiting.reply("clock.get")["ok"]
    guarded.call("key.delete", {"name": "operator"})
    assert json.loads(waiting.socket.recv())["error"]["code"] == "forbidden"
    for op in ["contact.list", "system.hello", "no.such"]:
        assert one.reply(op)["error"]["code"] == "forbidden"
    again = requests(guarded, client, pair)
    assert again.event(zmq.EVENT_HANDSHAKE_FAILED_AUTH) == 400


def test_another_role_holds_at_once(guarded, client):
    one = requests(guarded, client, guarded.register("admin"))
    assert one.reply("key.list")["ok"]
    guarded.call("key.update", {"name": "admin", "role": "reader"})
    assert one.reply("key.list")["error"]["code"] == "forbidden"
    assert one.reply("contact.list")["ok"]


def test_a_new_key_takes_the_place_of_the_old_one(guarded, client):
    old, new = guarded.register("reader", "office"), zmq.curve_keypair()
    one = requests(guarded, client, old)
    assert one.reply("contact.list")["ok"]
    guarded.call("key.update", {"name": "office", "public_key": new[0].decode()})
    assert one.reply("contact.list")["error"]["code"] == "forbidden"
    assert requests(guarded, client, new).reply("system.hello")["result"]["caller"]["name"] == "office"


def test_a_revoked_subscriber_gets_nothing_more_and_others_go_on(guarded, client):
    staying = subscriber(guarded, client, guarded.register("reader", "staying"))
    leaving = subscriber(guarded, client, guarded.register("reader", "leaving"))
    local = client(zmq.SUB, guarded.events)
    for one in (staying, leaving, local):
        assert one.received()
    revoked = guarded.reply("key.delete", {"name": "leaving"})["seq"]
    assert leaving.event(zmq.EVENT_HANDSHAKE_FAILED_AUTH) == 400
    later = guarded.reply("settings.put", {"time_zone": "Europe/London"})["seq"]
    while staying.received().get("head", 0) < later:
        pass
    while not leaving.is_silent():
        event = leaving.received()
        assert event.get("seq", event.get("head")) < revoked
    positions = []
    while not positions or positions[-1] < later:
        positions += [event["seq"] for event in [local.received()] if "seq" in event]
    assert positions == list(range(positions[0], later + 1)), "a subscriber without keys is not cut"


def test_subscribers_go_on_after_many_revocations(guarded, client):
    assert guarded.stop() == 0
    path = f"ipc://{guarded.folder}/guarded"
    guarded.start(events=[{"endpoint": path, "keys": "required"}, "tcp://127.0.0.2:*"])
    pair = guarded.register("reader", "staying")
    addresses = [path, guarded.outside_events]
    staying = [client(zmq.SUB, address, pair, guarded.server_key) for address in addresses]
    for number in range(10):
        guarded.register("reader", f"k{number}")
        guarded.call("key.delete", {"name": f"k{number}"})
    head = guarded.call("system.hello")["events"]["head"]
    for one in staying:
        while one.received().get("head", 0) < head:
            pass


# Over restarts

def server_key(guarded):
    return re.search(r'public-key = "(.*)"', (guarded.data / "server.key").read_text()).group(1).encode()


def test_a_restart_keeps_all_keys(guarded, client):
    pair, key = guarded.register("operator"), guarded.server_key
    assert stat.S_IMODE((guarded.data / "server.key").stat().st_mode) == 0o600
    guarded.kill()
    guarded.start()
    assert guarded.server_key == key == server_key(guarded)
    assert guarded.call("key.list")["server_key"].encode() == key
    assert requests(guarded, client, pair).reply("contact.list")["ok"]
    assert subscriber(guarded, client, pair).received()["type"] == "heartbeat"


def test_the_last_local_endpoint_can_go_once_an_administrator_has_a_key(guarded, client):
    guarded.register("operator")
    assert guarded.stop() == 0
    assert guarded.start([OUTSIDE], wait=False).process.wait(timeout=60) == 78
    assert "no key with the role admin" in guarded.log.read_text()
    pair = guarded.start().register("admin")
    assert guarded.stop() == 0
    guarded.start([f"ipc://{guarded.folder}/x"], wait=False)
    guarded.kill()
    guarded.start([{"endpoint": guarded.commands, "keys": "required"}], wait=False)
    admin = client(zmq.REQ, guarded.commands, pair, server_key(guarded))
    assert admin.reply("key.list")["ok"]


# What cannot be

def run(folder, config):
    (folder / "config.yaml").write_text(json.dumps({"data": str(folder / "data"), **config}))
    return subprocess.run([PROGRAM, "--config", folder / "config.yaml"], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("endpoint, words", [
    ({"endpoint": "tcp://0.0.0.0:0", "keys": "none"}, ["commands[0].keys", "always asks"]),
    ({"endpoint": "tcp://127.0.0.1:*", "keys": "maybe"}, ["commands[0].keys", "required"]),
    ({"endpiont": "tcp://127.0.0.1:*"}, ["commands[0]", "endpoint"]),
    ("pgm://eth0;239.192.1.1:5555", ["tcp://", "ipc://"]),
])
def test_a_wrong_endpoint(tmp_path, endpoint, words):
    result = run(tmp_path, {"commands": [endpoint, f"ipc://{tmp_path}/c"], "events": f"ipc://{tmp_path}/e"})
    assert result.returncode == 78
    assert all(word in result.stderr for word in words), result.stderr


@pytest.mark.parametrize("damage, words", [
    (lambda path: path.chmod(0o644), "chmod 600"),
    (lambda path: path.write_text("nonsense"), "no CURVE key"),
    (lambda path: path.write_text(re.sub('public-key = ".*"', f'public-key = "{"a" * 40}"', path.read_text())), "damaged"),
])
def test_a_server_key_that_cannot_be_used(guarded, damage, words):
    assert guarded.stop() == 0
    damage(guarded.data / "server.key")
    assert guarded.start(wait=False).process.wait(timeout=60) == 77
    assert words in guarded.log.read_text()


CARELESS = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
int zmq_setsockopt(void *socket, int option, const void *value, size_t size) {
    if (option == %d) return 0;
    return ((int (*)(void *, int, const void *, size_t))dlsym(RTLD_NEXT, "zmq_setsockopt"))(socket, option, value, size);
}
"""


@pytest.mark.parametrize("option", [zmq.CURVE_SERVER, zmq.ZAP_DOMAIN])
def test_a_libzmq_that_checks_no_keys_opens_no_endpoint(tmp_path, monkeypatch, option):
    (tmp_path / "careless.c").write_text(CARELESS % option)
    compiler = shutil.which("clang") or "cc"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", tmp_path / "careless.so", tmp_path / "careless.c", "-ldl"], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(tmp_path / "careless.so"))
    result = run(tmp_path, {"commands": [f"ipc://{tmp_path}/c", OUTSIDE], "events": f"ipc://{tmp_path}/e"})
    assert result.returncode == 70
    assert "without checking their keys" in result.stderr
    assert "Commands are taken" not in result.stderr


@pytest.mark.parametrize("args, code, path", [
    ({"name": "x", "role": "king", "public_key": "a" * 40}, "invalid_value", "args.role"),
    ({"name": "x", "role": "reader", "public_key": "a" * 39}, "invalid_value", "args.public_key"),
    ({"name": "x", "role": "reader", "public_key": "~" * 40}, "invalid_value", "args.public_key"),
    ({"name": "x y", "role": "reader", "public_key": "a" * 40}, "invalid_value", "args.name"),
    ({"name": "x", "public_key": "a" * 40}, "missing_field", "args.role"),
])
def test_a_key_that_cannot_be(daemon, args, code, path):
    error = daemon.refused("key.create", args)
    assert (error["code"], error["path"]) == (code, path)
    own = daemon.call("key.list")["server_key"]
    assert daemon.refused("key.create", {"name": "x", "role": "reader", "public_key": own})["path"] == "args.public_key"


# The command line, and the document's example

def ctl(*arguments, code=0, **environment):
    result = subprocess.run(
        [CTL, *map(str, arguments)], capture_output=True, text=True, timeout=60, env={**os.environ, **environment})
    assert result.returncode == code, result
    return result.stdout if code == 0 else result.stderr


def test_a_key_from_its_making_to_its_end(guarded):
    file, local = guarded.folder / "scheduling.key", ["--connect", guarded.commands]
    hello = ["send", '{"op":"system.hello"}', "--connect", guarded.outside_commands]
    public = ctl("keys", "new", file).strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "is there already" in ctl("keys", "new", file, code=64)
    server = ctl("keys", "server", *local).strip()
    assert server.encode() == guarded.server_key
    keys = ["--key", file, "--server-key", server]
    assert "asks for a key" in ctl(*hello, code=77)
    assert "is not registered there" in ctl(*hello, *keys, code=77)
    ctl("keys", "add", "scheduling", "--role", "reader", "--public-key", public, *local)
    assert json.loads(ctl(*hello, *keys))["result"]["caller"] == {"name": "scheduling", "role": "reader"}
    environment = {"WORKFLOWCTL_KEY": str(file), "WORKFLOWCTL_SERVER_KEY": str(guarded.data / "server.key")}
    assert json.loads(ctl(*hello, **environment))["ok"]
    ctl("keys", "update", "scheduling", "--role", "operator", *local)
    assert ctl("keys", "list", *local) == f"scheduling\toperator\t{public}\n"
    assert "needs the role admin" in ctl("keys", "list", "--connect", guarded.outside_commands, *keys, code=1)
    assert "breaks off the handshake" in ctl(*hello, "--key", file, "--server-key", public, code=77)
    assert "takes no keys" in ctl("keys", "list", *local, *keys, code=77)
    assert "--server-key as well" in ctl(*hello, "--key", file, code=64)
    ctl("keys", "revoke", "scheduling", *local)
    assert "was revoked" in ctl(*hello, *keys, code=77)


def test_nobody_there_is_told_at_once(tmp_path):
    ctl("keys", "new", tmp_path / "own.key")
    words = ctl("send", "{}", "--connect", f"ipc://{tmp_path}/nobody", "--timeout", 1, "--key", tmp_path / "own.key",
                "--server-key", tmp_path / "own.key", code=69)
    assert "Nobody listens at" in words


def test_the_example_of_the_document(guarded, monkeypatch, capsys):
    monkeypatch.chdir(guarded.folder)
    public = ctl("keys", "new", "scheduling.key").strip()
    ctl("keys", "add", "scheduling", "--role", "operator", "--public-key", public, "--connect", guarded.commands)
    code = re.search(r"^```python\n(.*?)^```$", (ROOT / "proto-docs/transport.md").read_text(), re.M | re.S).group(1)
    exec(code, {"endpoint": guarded.outside_commands, "server_key": guarded.server_key})
    assert json.loads(capsys.readouterr().out)["result"]["caller"]["role"] == "operator"
