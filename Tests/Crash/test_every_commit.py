"""The service killed at each of its commits in turn: behind the write, before the reply and the events leave."""

import json
import shutil

import pytest

from Crash import checks
from Crash.business import WORKFLOWS, open_business, person
from Crash.service import Service

ENOUGH = 200


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data directory with workflows that are active, and nobody inside."""
    service = Service(tmp_path_factory.mktemp("prepared") / "service")
    service.start()
    open_business(service)
    assert service.stop() == 0
    service.close()
    return service.data


def put(op, n, **args):
    return {"op": op, "args": {**args, "fields": {"n": n}}}


SCRIPT = [
    [{"op": "enrollment.create", "args": {"workflow": "care", "contact": person("ann", 1)}}],
    [{"op": "signal.send", "args": {"name": "lead.created", "contact": person("ben", 2), "data": {"n": "1"}}}],
    [{"batch": "atomic"}, put("contact.put", 1, id="ann"), put("contact.put", 1, id="ben"),
     put("record.put", 1, type="job", id="j"), {"op": "enrollment.create", "args": {"workflow": "quick", "contact": "ann"}}],
    [{"op": "clock.advance", "args": {"to": "2026-03-02T15:10:00Z"}}],
    [{"op": "signal.send", "args": {"name": "sms.replied", "contact": "ann", "data": {"n": "2"}, "signal_id": "reply"}}],
    [{"op": "clock.advance", "args": {"to": "2026-03-02T16:10:00Z"}}],
    [{"op": "enrollment.delete", "args": {"enrollment": "en_2"}}],
    [{"op": "clock.advance", "args": {"to": "2026-03-06T00:00:00Z"}}],
]


def with_keys(message, number):
    """The lines of message `number` of the script; a clock needs no key."""
    return [line if "batch" in line or line["op"] == "clock.advance" else {**line, "key": f"key-{number}-{index}"}
            for index, line in enumerate(message)]


def ask(service, lines):
    """The replies of whichever life gives them."""
    message = "\n".join(json.dumps(line) for line in lines).encode()
    while True:
        service.socket.send(message)
        while not service.socket.poll(20):
            if service.ended():
                service.bury()
                service.start()
                break
        else:
            return [json.loads(line) for line in service.socket.recv().splitlines()]


def killed_at_sync(service, count):
    """Starts a service that is killed when it syncs a file for the `count`th time."""
    service.spawn("strace", "-D", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync",
                  "-e", f"inject=fdatasync,fsync:signal=KILL:when={count}")
    if not service.answers():
        service.bury()
        service.start()


def end(service):
    service.process.terminate()
    service.bury()


def crash_at_each(folder, data, work):
    """Does `work` with a kill at the first sync, the second, and so on, until one comes through; the count of kills."""
    for count in range(1, ENOUGH):
        service = Service(folder / str(count))
        try:
            if data:
                shutil.copytree(data, service.data)
            killed_at_sync(service, count)
            work(service)
            if not service.kills:
                return count - 1
            assert not service.damage()
        finally:
            service.close()
    raise AssertionError("it never came through")


def test_a_kill_at_each_commit_of_a_short_life(tmp_path, prepared):
    def live(service):
        for number, message in enumerate(SCRIPT):
            replies = ask(service, with_keys(message, number))
            assert all(reply["ok"] for reply in replies), (number, replies)
        service.wait_for_channels()
        assert ask(service, [{"op": "clock.advance", "args": {"by": {"hours": 1}}}])[0]["ok"]
        check(service)
        end(service)

    kills = crash_at_each(tmp_path, prepared, live)
    print(f"{kills} kills, at each commit of {len(SCRIPT)} messages")
    assert kills > len(SCRIPT)


def check(service):
    """Everything happened once, and the channels have what the history says."""
    feed = checks.Feed(service)
    feed.read()
    created = [(event["contact"], event["workflow"]) for event in feed.of("enrollment.created")]
    assert sorted(created) == [("ann", "care"), ("ann", "quick"), ("ben", "lead")]
    assert sorted(event["data"]["n"] for event in feed.of("signal.received")) == ["1", "2"]
    assert [checks.number(service.reply("contact.get", {"id": id})) for id in ("ann", "ben")] == [1, 1]
    assert len(feed.of("enrollment.unenrolled")) == 1 and not list(checks.active(service))
    sent = {(event["enrollment"], event["step"]) for event in feed.of("message.sent", "message.delivered")}
    assert {("en_1", "text"), ("en_1", "mail"), ("en_1", "call"), ("en_1", "later"), ("en_2", "text"),
            ("en_3", "mail"), ("en_3", "call"), ("en_3", "text")} == sent
    checks.wait_for_reports(service, feed)
    checks.check_messages(feed, service)
    for workflow in WORKFLOWS:
        checks.check_statistics(feed, service, workflow)


def test_a_kill_at_each_sync_of_the_first_start(tmp_path):
    def live(service):
        open_business(service)
        assert service.call("enrollment.create", {"workflow": "care", "contact": person("ann", 1)})["created"]
        end(service)

    def start(service):
        if service.kills:
            live(service)
        else:
            end(service)

    kills = crash_at_each(tmp_path, None, start)
    print(f"{kills} kills, at each sync of a first start and of its end")
    assert kills > 3
