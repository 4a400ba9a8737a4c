"""Many clients, a client that sends more than its share, and one that never reads."""

import json
import re
import time

import zmq

from measuring import SCALE, Others, allow_descriptors, command, descriptors, memory, people, service

CLIENTS = 1_000
HELLO = [command("clock.get")]


def test_a_thousand_clients_at_once(tmp_path):
    allow_descriptors(3 * CLIENTS + 500)
    with service(tmp_path) as daemon:
        before = descriptors(daemon.process)
        context = zmq.Context()
        context.max_sockets = CLIENTS + 10
        sockets = [context.socket(zmq.REQ) for _ in range(CLIENTS)]
        for socket in sockets:
            socket.rcvtimeo, socket.linger = 60_000, 0
            socket.connect(daemon.commands)
        with Others(daemon, HELLO) as others:
            for lines in [
                lambda n: command("contact.put", {"id": f"c-{n}", "fields": {"first_name": f"Ann {n}"}}),
                lambda n: command("enrollment.create", {"workflow": "welcome", "contact": f"c-{n}"}),
                lambda n: command("contact.get", {"id": f"c-{n}"}),
            ]:
                for number, socket in enumerate(sockets):
                    socket.send(lines(number))
                for number, socket in enumerate(sockets):
                    reply = json.loads(socket.recv())
                    assert reply["ok"], (number, reply)
            open_now = descriptors(daemon.process)
        print(f"\n{CLIENTS} clients: {others.figures()}; descriptors {before} -> {open_now}")
        assert open_now - before >= CLIENTS
        assert others.growth < 300
        context.destroy(linger=0)
        while descriptors(daemon.process) > before + 20:
            daemon.call("clock.get")


def test_others_are_answered_while_one_floods(tmp_path):
    with service(tmp_path) as daemon:
        for part in range(5):
            daemon.call("enrollment.create", {"workflow": "welcome", "contacts": people(f"p{part}", 1_000)})
        flood = daemon.context.socket(zmq.DEALER)
        flood.linger = 0
        flood.connect(daemon.commands)
        before = memory(daemon.process)
        # Each line reads a thousand events: many seconds of work and gigabytes of replies, at any speed.
        for _ in range(10):
            flood.send(b"\n".join([command("events.read", {"limit": 1_000})] * 1_000))
        answered = 0
        while answered < 20:
            daemon.call("clock.get")
            answered += 1
            before = min(before, memory(daemon.process))
        last = count_replies(flood)
        print(f"\n{answered} others answered while {10 - last} of 10 messages of a flood were at work")
        assert last < 10
        assert memory(daemon.process) - before < 500
        flood.close()


def count_replies(socket):
    count = 0
    while socket.poll(0):
        socket.recv()
        count += 1
    return count


def test_a_client_that_never_reads(tmp_path):
    requests = int(min(1, SCALE * 2) * 900)
    with service(tmp_path) as daemon:
        # Each page that is asked for is about 2 MB.
        note = "x" * 1_800
        daemon.exchange(b"\n".join(
            command("signal.send", {"name": "note.taken", "contact": {"id": "c-1", "fields": {}},
                                    "data": {"note": note}}) for _ in range(1_000)))
        mute = daemon.context.socket(zmq.DEALER)
        mute.linger, mute.rcvhwm, mute.rcvbuf = 0, 1, 4_096
        start = time.monotonic()
        with Others(daemon, HELLO, count=1) as others:
            mute.connect(daemon.commands)
            for _ in range(requests):
                mute.send(command("events.read", {"limit": 1_000, "families": ["signal"]}))
            mute.send(command("contact.put", {"id": "last"}))
            # Its messages are executed in their order.
            while not daemon.reply("contact.get", {"id": "last"})["ok"]:
                pass
        print(f"\n{requests} pages of 2 MB that nobody reads: {others.figures()}")
        assert others.growth < 250
        mute.close()
        # It says so each ten seconds at most.
        lines = (tmp_path / "log").read_text().splitlines()
        assert len(lines) <= (time.monotonic() - start) / 10 + 2, lines
        assert all(re.search(r"Replies were dropped.* replies=\d+$", line) for line in lines), lines
