"""A disk that takes no more: nothing acknowledged is lost, and the service goes on once there is room."""

import json
import resource

import zmq

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def pipelined(daemon, ids):
    """Sends all writes at once; the ids of those that were acknowledged, and the codes of the others."""
    dealer = daemon.context.socket(zmq.DEALER)
    dealer.linger = 0
    dealer.connect(daemon.commands)
    for name in ids:
        dealer.send(json.dumps({"id": name, "op": "contact.put", "args": {
            "id": name, "fields": {"note": "x" * 2_000}}}).encode())
    acknowledged, codes = [], set()
    for _ in ids:
        reply = json.loads(dealer.recv())
        if reply["ok"]:
            acknowledged.append(reply["id"])
        else:
            codes.add(reply["error"]["code"])
    dealer.close()
    return acknowledged, codes


def test_files_that_cannot_grow(daemon):
    acknowledged, codes = pipelined(daemon, [f"a-{n}" for n in range(50)])
    assert len(acknowledged) == 50 and not codes
    size = (daemon.data / "workflows.sqlite-wal").stat().st_size
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size + 300_000, resource.RLIM_INFINITY))
    some, codes = pipelined(daemon, [f"b-{n}" for n in range(2_000)])
    assert codes and codes <= {"storage_failed", "storage_full"}
    assert daemon.reply("contact.get", {"id": "a-0"})["ok"]
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, UNLIMITED)
    more, codes = pipelined(daemon, [f"c-{n}" for n in range(50)])
    assert len(more) == 50 and not codes
    daemon.kill()
    daemon.start()
    for name in acknowledged + some + more:
        assert daemon.reply("contact.get", {"id": name})["ok"], name
